"""Writes VBA projects as [MS-OVBA] lets a writer do it: sources only, no compiled code, which Excel makes itself.

`_VBA_PROJECT` says version 0xFFFF and holds no performance cache, and every module stream starts with its source, so
that what Excel runs is what stands here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from xl_perf.addins.excel_cfb import compound_file
from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CODE_PAGE = "cp1252"
LINE_LIMIT = 1023
"""Characters of a line that the VBA editor takes."""

_CODE_PAGE_NUMBER = 1252
_LANGUAGE = 0x0409
_SYSTEM_KIND = 1
_VERSION = (1361024421, 6)
_SEED = 0x5D
_CHUNK = 4096
_SHORTEST_COPY = 3


class ModuleKind(Enum):
    """What a module is."""

    STANDARD = "standard"
    WORKBOOK = "workbook"
    SHEET = "sheet"


_BASES = {
    ModuleKind.WORKBOOK: "0{00020819-0000-0000-C000-000000000046}",
    ModuleKind.SHEET: "0{00020820-0000-0000-C000-000000000046}",
}


@dataclass(frozen=True, slots=True)
class Module:
    """A module: name, kind and code without the attributes of the module."""

    name: str
    kind: ModuleKind
    code: str

    @property
    def source(self) -> str:
        """The text of the module's stream, lines ending with CR LF."""
        lines = [f'Attribute VB_Name = "{self.name}"']
        if self.kind in _BASES:
            lines += [
                f'Attribute VB_Base = "{_BASES[self.kind]}"',
                "Attribute VB_GlobalNameSpace = False",
                "Attribute VB_Creatable = False",
                "Attribute VB_PredeclaredId = True",
                "Attribute VB_Exposed = True",
                "Attribute VB_TemplateDerived = False",
                "Attribute VB_Customizable = True",
            ]
        return "\r\n".join([*lines, *self.code.splitlines(), ""])


def vba_project(name: str, identifier: str, modules: Sequence[Module]) -> bytes:
    """`vbaProject.bin` of a project without references, password or compiled code.

    Args:
        name: name of the project.
        identifier: GUID in braces and capitals.
        modules: document modules first, as Excel writes them.

    Raises:
        PerfError: a line is longer than the editor takes, or has a character outside Windows-1252.
    """
    streams = {module.name: compress(_encoded(module)) for module in modules}
    return compound_file(
        {
            "VBA": {
                "_VBA_PROJECT": struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0),
                "dir": compress(_directory(name, modules)),
                **streams,
            },
            "PROJECT": _project(name, identifier, modules).encode(CODE_PAGE),
            "PROJECTwm": b"".join(_both(module.name, b"\0", b"\0\0") for module in modules) + b"\0\0",
        }
    )


def _encoded(module: Module) -> bytes:
    for number, line in enumerate(module.source.split("\r\n"), start=1):
        where = f"{module.name}, line {number}"
        if len(line) > LINE_LIMIT:
            raise PerfError("the line is too long for VBA", where=where, expected=f"{LINE_LIMIT} characters")
        try:
            line.encode(CODE_PAGE)
        except UnicodeEncodeError as error:
            raise PerfError(f"{line[error.start]!r} is not in Windows-1252", where=where) from error
    return module.source.encode(CODE_PAGE)


def _both(text: str, after: bytes = b"", after_wide: bytes = b"") -> bytes:
    return text.encode(CODE_PAGE) + after + text.encode("utf-16-le") + after_wide


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _twice(number: int, wide: int, text: str) -> bytes:
    return _record(number, text.encode(CODE_PAGE)) + _record(wide, text.encode("utf-16-le"))


def _directory(name: str, modules: Sequence[Module]) -> bytes:
    """The dir stream ([MS-OVBA] 2.3.4.2): information on the project, no references, the modules."""
    number = struct.Struct("<I").pack
    short = struct.Struct("<H").pack
    records = [
        _record(0x0001, number(_SYSTEM_KIND)),
        _record(0x0002, number(_LANGUAGE)),
        _record(0x0014, number(_LANGUAGE)),
        _record(0x0003, short(_CODE_PAGE_NUMBER)),
        _record(0x0004, name.encode(CODE_PAGE)),
        _twice(0x0005, 0x0040, ""),
        _record(0x0006) + _record(0x003D),
        _record(0x0007, number(0)),
        _record(0x0008, number(0)),
        struct.pack("<HIIH", 0x0009, 4, *_VERSION),
        _twice(0x000C, 0x003C, ""),
        _record(0x000F, short(len(modules))),
        _record(0x0013, short(0xFFFF)),
    ]
    for module in modules:
        records += [
            _twice(0x0019, 0x0047, module.name),
            _twice(0x001A, 0x0032, module.name),
            _twice(0x001C, 0x0048, ""),
            _record(0x0031, number(0)),
            _record(0x001E, number(0)),
            _record(0x002C, short(0xFFFF)),
            _record(0x0021 if module.kind is ModuleKind.STANDARD else 0x0022),
            _record(0x002B),
        ]
    return b"".join([*records, _record(0x0010)])


def _project(name: str, identifier: str, modules: Iterable[Module]) -> str:
    """The PROJECT stream ([MS-OVBA] 2.3.1)."""
    declared = [
        f"Module={module.name}"
        if module.kind is ModuleKind.STANDARD
        else f"Document={module.name}/&H00000000"
        for module in modules
    ]
    return "\r\n".join(
        [
            f'ID="{identifier}"',
            *declared,
            f'Name="{name}"',
            'HelpContextID="0"',
            'VersionCompatible32="393222000"',
            f'CMG="{obfuscated(identifier, bytes(4))}"',
            f'DPB="{obfuscated(identifier, bytes(1))}"',
            f'GC="{obfuscated(identifier, bytes([0xFF]))}"',
            "",
            "[Host Extender Info]",
            "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
            "",
            "[Workspace]",
            *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
            "",
        ]
    )


def obfuscated(identifier: str, data: bytes) -> str:
    """Data of the project's protection as [MS-OVBA] 2.4.3.2 writes it, in hexadecimal: not protected, no password.

    Args:
        identifier: GUID of the project with its braces; the sum of its bytes is part of the key.
        data: four bytes of protection, one byte of password (0: none), one byte of visibility (0xFF: visible).
    """
    key = sum(identifier.encode()) & 0xFF
    out = [_SEED, _SEED ^ 2, _SEED ^ key]
    previous = key
    ignored = bytes([_SEED]) * ((_SEED & 6) // 2)
    for byte in ignored + struct.pack("<I", len(data)) + data:
        out.append(byte ^ ((out[-2] + previous) & 0xFF))
        previous = byte
    return bytes(out).hex().upper()


def compress(data: bytes) -> bytes:
    """A compressed container ([MS-OVBA] 2.4.1): chunks of 4096 bytes, each on its own.

    Raises:
        ValueError: a short last chunk that grows when compressed (no text does).
    """
    return b"\x01" + b"".join(
        _compressed_chunk(data[start : start + _CHUNK]) for start in range(0, len(data), _CHUNK)
    )


def _compressed_chunk(chunk: bytes) -> bytes:
    out = bytearray()
    places: dict[bytes, list[int]] = {}
    position = 0
    while position < len(chunk):
        flags_at = len(out)
        out.append(0)
        for bit in range(8):
            if position >= len(chunk):
                break
            offset, length = _longest_copy(chunk, position, places)
            if length:
                bits = max((position - 1).bit_length(), 4)
                out += struct.pack("<H", (offset - 1) << (16 - bits) | (length - _SHORTEST_COPY))
                out[flags_at] |= 1 << bit
            else:
                length = 1
                out.append(chunk[position])
            for start in range(position, position + length):
                places.setdefault(chunk[start : start + _SHORTEST_COPY], []).append(start)
            position += length
    if len(out) <= _CHUNK:
        return struct.pack("<H", 0xB000 | (len(out) - 1)) + out
    if len(chunk) < _CHUNK:
        raise ValueError("a short chunk grows when compressed")
    return struct.pack("<H", 0x3FFF) + chunk


def _longest_copy(chunk: bytes, position: int, places: dict[bytes, list[int]]) -> tuple[int, int]:
    """How far back the longest earlier run starts, and its length; (0, 0) where none is long enough."""
    limit = min(
        (0xFFFF >> max((position - 1).bit_length(), 4)) + _SHORTEST_COPY if position else 0,
        len(chunk) - position,
    )
    best = (0, 0)
    for start in reversed(places.get(chunk[position : position + _SHORTEST_COPY], [])):
        length = 0
        while length < limit and chunk[start + length] == chunk[position + length]:
            length += 1
        if length > best[1]:
            best = (position - start, length)
            if length == limit:
                break
    return best if best[1] >= _SHORTEST_COPY else (0, 0)
