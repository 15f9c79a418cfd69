"""Files made to hurt, or broken, one function for the lot: name -> (content, what the refusal must say, or ""
for none).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from tests.package_files import HEAD, MAIN, RELS, Part, parts_of, sheet_xml, zip_of

MEBI = 1024 * 1024
CELLS = '<row r="1"><c r="A1"><v>30</v></c><c r="B1"><f>A1+1</f><v>1</v></c></row>'
"""A formula with a wrong stored value, so that a file that is taken for good is written."""


def good() -> bytes:
    """A workbook with one stale formula."""
    return zip_of(parts_of(sheet_xml(CELLS)))


def with_formula(text: str) -> bytes:
    """A workbook with this formula in C1 beside the stale one."""
    return zip_of(parts_of(sheet_xml(CELLS.replace("</row>", f'<c r="C1"><f>{text}</f><v>7</v></c></row>'))))


def with_part(name: str, change: tuple[str, str]) -> bytes:
    """The good workbook with a text replaced in a part."""
    parts = parts_of(sheet_xml(CELLS), strings=f'{HEAD}<sst xmlns="{MAIN}"><si><t>x</t></si></sst>')
    content = parts[name]
    assert isinstance(content, str)
    assert change[0] in content
    return zip_of(parts | {name: content.replace(*change)})


def zeros(size: int) -> bytes:
    """So many zero bytes deflated, without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b"\0" * MEBI
    return b"".join(packer.compress(block) for _ in range(size // MEBI)) + packer.flush()


def bomb(declared: int, size: int = 512 * MEBI) -> bytes:
    """A workbook whose sheet inflates to `size` bytes and says `declared`."""
    data = zip_of(parts_of(sheet_xml(CELLS)) | {"xl/worksheets/sheet1.xml": "X"})
    packed = zeros(size)
    start = data.index(b"PK\3\4", data.index(b"xl/worksheets/sheet1.xml") - 64)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
        directory = archive.start_dir
    start = info.header_offset
    header = data[start : start + 30 + len(info.filename)]
    sizes = struct.pack("<3L", 0, len(packed), declared)
    new = header[:14] + sizes + header[26:] + packed
    end = start + len(header) + info.compress_size
    shift = len(new) - (end - start)
    tail = bytearray(data[directory:])
    at = tail.index(b"PK\1\2", tail.index(b"xl/worksheets/sheet1.xml") - 46)
    tail[at + 16 : at + 28] = sizes
    final = tail.rindex(b"PK\5\6")
    place = int.from_bytes(tail[final + 16 : final + 20], "little") + shift
    tail[final + 16 : final + 20] = place.to_bytes(4, "little")
    for found in re.finditer(b"PK\1\2", bytes(tail)):
        offset = int.from_bytes(tail[found.start() + 42 : found.start() + 46], "little")
        if offset > start:
            tail[found.start() + 42 : found.start() + 46] = (offset + shift).to_bytes(4, "little")
    return data[:start] + new + data[end:directory] + bytes(tail)


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
LINK = f'<Relationship Id="x" Type="{RELS}/externalLink" Target="http://127.0.0.1:9/" TargetMode="External"/>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _entities() -> dict[str, tuple[bytes, str]]:
    found = {}
    for part in (
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
    ):
        for kind, text in (("expansion", ENTITIES), ("external", OUTSIDE)):
            content = with_part(part, (HEAD, HEAD + text))
            if part == "xl/sharedStrings.xml":
                content = _used_strings(text)
            found[f"{kind} of entities in {part}"] = (content, "DOCTYPE")
    return found


def _used_strings(doctype: str) -> bytes:
    rows = CELLS.replace("</row>", '<c r="C1" t="s"><v>0</v></c></row>')
    strings = f'{HEAD}{doctype}<sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
    return zip_of(parts_of(sheet_xml(rows), strings=strings))


def _names() -> dict[str, tuple[bytes, str]]:
    found = {}
    for name in (
        "../../etc/x.xml",
        "/etc/x.xml",
        "xl/../../x.xml",
        "C:/x.xml",
        "xl\\..\\..\\x.xml",
        "a//b",
        "./x",
    ):
        found[f"entry {name}"] = (
            zip_of(parts_of(sheet_xml(CELLS), extra={name: "x"})),
            "leads out of the package",
        )
    return found


def _twice() -> bytes:
    parts = parts_of(sheet_xml(CELLS), extra={"xl/worksheets/sheetX.xml": sheet_xml("")})
    return zip_of(parts).replace(b"xl/worksheets/sheetX.xml", b"xl/worksheets/sheet1.xml")


def _many_entries() -> bytes:
    extra: dict[str, Part] = {f"x/{number}": "" for number in range(20_001)}
    return zip_of(parts_of(sheet_xml(CELLS), extra=extra), zipfile.ZIP_STORED)


def _without(part: str) -> bytes:
    parts = parts_of(sheet_xml(CELLS))
    del parts[part]
    return zip_of(parts)


def _flipped() -> bytes:
    """A byte of the sheet's deflated data changed."""
    data = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    data[at] ^= 0x55
    return bytes(data)


def _wrong_crc() -> bytes:
    parts = parts_of(sheet_xml(CELLS))
    data = bytearray(zip_of(parts, zipfile.ZIP_STORED))
    at = data.index(b"<v>30</v>")
    data[at + 3] = ord("4")
    return bytes(data)


def _nested() -> bytes:
    inner = zip_of({"zeri.bin": b"\0" * (8 * MEBI)})
    for level in range(6):
        inner = zip_of({f"{level}-{n}.zip": inner for n in range(4)})
    return zip_of(parts_of(sheet_xml(CELLS), extra={"xl/embeddings/dentro.zip": inner}))


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000 + stream.encode("utf-16-le") + b"\0" * 2000


def hostile_files() -> dict[str, tuple[bytes, str]]:
    """The files; an empty refusal means that the file is fine and its stale formula is put right all the same."""
    files = _entities() | _names()
    data = good()
    for tenth in range(1, 10):
        files[f"cut at {tenth} tenths"] = (data[: len(data) * tenth // 10], "truncated")
    wide = sheet_xml(CELLS).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    beyond = '<row r="1048577"><c r="A1048577"><v>1</v></c></row>'
    rest = {
        "bomb that says its size": (bomb(512 * MEBI), "times its size"),
        "bomb that lies": (bomb(1000), "longer than it declares"),
        "nested zips": (_nested(), ""),
        "many entries": (_many_entries(), "20,00"),
        "entry twice": (_twice(), "overlap|two names|twice"),
        "no content types": (_without("[Content_Types].xml"), "Content_Types"),
        "no workbook part": (_without("xl/workbook.xml"), "workbook part"),
        "no relationships": (_without("xl/_rels/workbook.xml.rels"), "missing"),
        "no sheet part": (_without("xl/worksheets/sheet1.xml"), "part of the sheet is missing"),
        "flipped byte": (_flipped(), "inflated|checksum|longer"),
        "wrong checksum": (_wrong_crc(), "checksum"),
        "unclosed tag": (with_part("xl/worksheets/sheet1.xml", ("</row>", "")), "malformed"),
        "wrong characters": (with_part("xl/workbook.xml", ("<sheets>", "<sheets>\1")), "malformed"),
        "huge dimension": (zip_of(parts_of(wide)), ""),
        "cells beyond the grid": (zip_of(parts_of(sheet_xml(CELLS + beyond))), "grid|row"),
        "columns beyond the grid": (
            zip_of(parts_of(sheet_xml(CELLS.replace("</row>", '<c r="XFE1"><v>1</v></c></row>')))), "grid|column|cell",
        ),
        "formula of a million characters": (with_formula("1+" * 500_000 + "1"), ""),
        "nested brackets": (with_formula("(" * 5000 + "A1" + ")" * 5000), ""),
        "nested functions": (with_formula("ABS(" * 3000 + "A1" + ")" * 3000), ""),
        "brackets that never close": (with_formula("(" * 5000), ""),
        "circular reference": (with_formula("C1+1"), ""),
        "whole columns over whole columns": (with_formula("SUMPRODUCT((A:XFD=1)*(1:1048576=1))"), ""),
        "array of a whole column": (
            zip_of(parts_of(sheet_xml(CELLS.replace("</row>", '<c r="D1"><f t="array" ref="D1:D1048576">A1:A9*2</f>'
                   "<v>1</v></c></row>")))), "",
        ),
        "range of an array beyond the grid": (
            zip_of(parts_of(sheet_xml(CELLS.replace("</row>", '<c r="D1"><f t="array" ref="D1:ZZZZ9999999">1</f>'
                   "<v>1</v></c></row>")))), "",
        ),
        "long repetition": (with_formula('LEN(REPT("x",32767)&amp;REPT("x",32767))'), ""),
        "huge sequence": (with_formula("SUM(_xlfn.SEQUENCE(1048576,16384))"), ""),
        "encrypted": (_ole("EncryptedPackage"), "encrypted"),
        "old format renamed": (_ole("Workbook"), "old .xls"),
        "no bytes": (b"", "empty"),
        "zero bytes": (b"\0" * 5000, "zero bytes"),
        "text": (b"non sono una cartella di lavoro", "not a zip"),
        "names that call one another": (
            zip_of(parts_of(
                sheet_xml(CELLS.replace("</row>", '<c r="C1"><f>uno</f><v>7</v></c></row>')),
                workbook='<definedNames><definedName name="uno">due+due</definedName>'
                '<definedName name="due">uno+uno</definedName></definedNames>',
            )), "",
        ),
        "names that double": (
            zip_of(parts_of(
                sheet_xml(CELLS.replace("</row>", '<c r="C1"><f>nome60</f><v>7</v></c></row>')),
                workbook="<definedNames>" + '<definedName name="nome0">Foglio1!$A$1</definedName>' + "".join(
                    f'<definedName name="nome{n}">nome{n - 1}+nome{n - 1}</definedName>' for n in range(1, 61)
                ) + "</definedNames>",
            )), "",
        ),
        "external link": (with_formula("[1]Foglio1!A1+1"), ""),
        "other relationships": (
            with_part("xl/_rels/workbook.xml.rels", (
                "</Relationships>",
                LINK + "</Relationships>",
            )), "",
        ),
    }  # fmt: skip
    return files | rest
