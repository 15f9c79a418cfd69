"""Writes compound files ([MS-CFB], version 3, sectors of 512 bytes): the container of a VBA project.

Only what a VBA project needs: storages and streams given as a whole, no reading, no changing. The same content gives
the same bytes: no times, no class identifiers.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Storage: TypeAlias = "Mapping[str, bytes | Storage]"

_SECTOR = 512
_MINI_SECTOR = 64
_CUTOFF = 4096
"""Streams shorter than this live in the mini stream."""
_FREE = 0xFFFFFFFF
_NONE = 0xFFFFFFFF
_END = 0xFFFFFFFE
_FAT = 0xFFFFFFFD
_ENTRIES = _SECTOR // 4
"""Sector numbers in a sector."""
_FAT_SECTORS_IN_HEADER = 109
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_NAME_LIMIT = 31


@dataclass(slots=True)
class _Entry:
    """A directory entry; numbers of other entries, `_NONE` for none."""

    name: str
    kind: int
    data: bytes = b""
    colour: int = _BLACK
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        if not 0 < len(name) <= 2 * _NAME_LIMIT:
            raise ValueError(f"the name {self.name!r} does not fit into a directory entry")
        return struct.pack(
            "<64sHBBIII16sIQQIQ",
            name,
            len(name) + 2,
            self.kind,
            self.colour,
            self.left,
            self.right,
            self.child,
            b"",
            0,
            0,
            0,
            self.start,
            len(self.data),
        )


def compound_file(content: Storage) -> bytes:
    """The bytes of a compound file.

    Args:
        content: name -> bytes of a stream, or a mapping for a storage; names up to 31 characters.

    Raises:
        ValueError: a name is too long or empty, or the content exceeds some 7 MB.
    """
    entries = [_Entry("Root Entry", _ROOT)]
    _add(entries, 0, content)
    mini, mini_fat = _mini_stream(entries)
    entries[0].data = mini

    body = bytearray()
    chains: list[tuple[int, int]] = []

    def store(data: bytes) -> int:
        if not data:
            return _END
        first = len(body) // _SECTOR
        body.extend(data.ljust(-(-len(data) // _SECTOR) * _SECTOR, b"\0"))
        chains.append((first, len(body) // _SECTOR))
        return first

    for entry in entries:
        if entry.kind == _ROOT or (entry.kind == _STREAM and len(entry.data) >= _CUTOFF):
            entry.start = store(entry.data)
    mini_fat_start = store(mini_fat)
    unused = struct.pack("<64sHBBIII48s", b"", 0, 0, 0, _NONE, _NONE, _NONE, b"")
    records = [entry.packed() for entry in entries]
    records += [unused] * (-len(records) % (_SECTOR // len(unused)))
    directory_start = store(b"".join(records))
    return _assembled(bytes(body), chains, directory_start, mini_fat_start, len(mini_fat) // _SECTOR)


def _add(entries: list[_Entry], parent: int, content: Storage) -> None:
    """Appends the entries of a storage and ties them into a red-black tree under `parent`."""
    names = sorted(content, key=lambda name: (len(name.encode("utf-16-le")), name.upper()))
    first = len(entries)
    for name in names:
        data = content[name]
        if isinstance(data, Mapping):
            entries.append(_Entry(name, _STORAGE))
        else:
            entries.append(_Entry(name, _STREAM, bytes(data)))
    last_level = len(names).bit_length() - 1

    def tie(low: int, high: int, level: int) -> int:
        if low == high:
            return _NONE
        middle = (low + high) // 2
        entry = entries[middle]
        # every level but the last is full: with the last one red all paths have as many black entries
        entry.colour = _RED if level == last_level > 0 else _BLACK
        entry.left = tie(low, middle, level + 1)
        entry.right = tie(middle + 1, high, level + 1)
        return middle

    entries[parent].child = tie(first, first + len(names), 0)
    for number, name in enumerate(names, start=first):
        data = content[name]
        if isinstance(data, Mapping):
            _add(entries, number, data)


def _mini_stream(entries: list[_Entry]) -> tuple[bytes, bytes]:
    """Puts the short streams one after the other; gives the mini stream and its allocation table."""
    stream = bytearray()
    table: list[int] = []
    for entry in entries:
        if entry.kind != _STREAM or len(entry.data) >= _CUTOFF:
            continue
        if not entry.data:
            entry.start = _END
            continue
        entry.start = len(table)
        count = -(-len(entry.data) // _MINI_SECTOR)
        stream.extend(entry.data.ljust(count * _MINI_SECTOR, b"\0"))
        table.extend(range(len(table) + 1, len(table) + count))
        table.append(_END)
    table.extend([_FREE] * (-len(table) % _ENTRIES))
    return bytes(stream), struct.pack(f"<{len(table)}I", *table)


def _assembled(
    body: bytes, chains: list[tuple[int, int]], directory: int, mini_fat: int, mini_fat_sectors: int
) -> bytes:
    """Header, sectors and, after them, the allocation table."""
    sectors = len(body) // _SECTOR
    fat_sectors = 1
    while fat_sectors * _ENTRIES < sectors + fat_sectors:
        fat_sectors += 1
    if fat_sectors > _FAT_SECTORS_IN_HEADER:
        raise ValueError("the content is too large for a compound file without further sector lists")
    fat = [_FREE] * (fat_sectors * _ENTRIES)
    for first, end in chains:
        for sector, following in pairwise(range(first, end + 1)):
            fat[sector] = following
        fat[end - 1] = _END
    places = list(range(sectors, sectors + fat_sectors))
    for place in places:
        fat[place] = _FAT
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        fat_sectors,
        directory,
        0,
        _CUTOFF,
        mini_fat,
        mini_fat_sectors,
        _END,
        0,
        places[0],
    )
    lists = places[1:] + [_FREE] * (_FAT_SECTORS_IN_HEADER - fat_sectors)
    return header + struct.pack(f"<{len(lists)}I", *lists) + body + struct.pack(f"<{len(fat)}I", *fat)
