"""The file that openpyxl wrote, made the same everywhere: fixed times and order, no leftovers of the writer.

Two builds of the same data give the same parts, byte for byte. The deflated bytes of a part may differ between zlib
builds, so files are compared, and hashed for the manifest, by what their parts hold once inflated.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from xl_perf.templates.kit.exact import NO_ROWS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

_CONTENT_TYPES = "[Content_Types].xml"
_END_OF_ROWS = b"</sheetData>"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>xl_perf</Application></Properties>"
)
_MERGED = re.compile(rb"(<mergeCells[^>]*>)(.*?)(</mergeCells>)")
_MERGED_CELL = re.compile(rb'(<mergeCell ref="([A-Z]+)([0-9]+):[^>]*/>)')
_DIMENSION = re.compile(rb'<dimension ref="([A-Z0-9:]+)"')
_IGNORED = b'formula="1" formulaRange="1" numberStoredAsText="1"'
_AFTER_IGNORED = re.compile(rb"<drawing |<tableParts |</worksheet>")
_CHART_NAME = re.compile(rb'name="Chart [0-9]+"')
_FONT = re.compile(rb"(<font>)(.*?)(</font>)")
_FONT_PROPERTY = re.compile(rb"<([A-Za-z]+)\b[^>]*?(?:/>|></\1>)")
_FONT_ORDER = (
    b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u", b"vertAlign",
    b"sz", b"color", b"name", b"family", b"charset", b"scheme",
)  # fmt: skip
_NUMBER_FORMAT = re.compile(rb'(<(?:c:)?numFmt formatCode="[^"]*") ?/>')
_TARGET = re.compile(rb'Target="/([^"]*)"')
_PLAIN_TAG = re.compile(rb"<(/?)([A-Za-z]\w*)(?=[\s/>])")
_MARGINS = re.compile(rb"<headerFooter\b.*?</headerFooter>", re.DOTALL)
_NO_MARGINS = b"<headerFooter></headerFooter>"
_NAME = re.compile(rb"<definedName\b[^>]*>[^<]*</definedName>")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name, inflated."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def settled(data: bytes, date: dt.date, descriptions: Sequence[str] = (), *, stored: bool = False) -> bytes:
    """The package with everything that depends on the moment or the writer fixed.

    Parts are written in canonical XML: openpyxl's own text depends on whether lxml is installed. What openpyxl cannot
    write is added: which green triangles Excel leaves out, and what charts show, for screen readers. Fonts get the
    order of properties that the schema of Open XML asks for; drawings and relations the form that Excel gives them.

    Args:
        data: a package as `exact.saved` writes it.
        date: date that the package carries, the edition's last act.
        descriptions: what the charts show, in the order of the sheets and, on one sheet, of their making.
        stored: leave the parts uncompressed, for a caller that reads them at once.
    """
    parts = parts_of(data)
    parts["docProps/app.xml"] = _APP.encode()
    stamp = f"{date:%Y-%m-%d}T00:00:00Z".encode()
    parts["docProps/core.xml"] = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", parts["docProps/core.xml"])
    parts["xl/styles.xml"] = _FONT.sub(_font, parts["xl/styles.xml"])
    _describe(parts, descriptions)
    _as_excel_writes(parts)
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = _canonical_sheet(content)
        elif name == "xl/workbook.xml":
            parts[name] = _canonical_workbook(content)
        else:
            parts[name] = _canonical(content)
    return packed(parts, date, stored=stored)


@lru_cache(maxsize=1024)
def _canonical(content: bytes) -> bytes:
    """A part as canonical XML; the scorecards of all structures share most of theirs."""
    return _DECLARATION + ET.canonicalize(content.decode()).encode()


def _without_rows(content: bytes) -> tuple[bytes, bytes]:
    """A sheet without its rows, and the rows, which are canonical as `saved` writes them."""
    start, end = content.index(b"<sheetData>"), content.index(_END_OF_ROWS) + len(_END_OF_ROWS)
    return content[:start] + NO_ROWS + content[end:], content[start:end]


def _canonical_sheet(content: bytes) -> bytes:
    """A sheet as canonical XML; its header and footer, which name the structure, apart from all that is shared."""
    around, rows = _without_rows(content)
    found = _MARGINS.search(around)
    margins = b"" if found is None else found[0]
    around = _canonical(_sheet(around.replace(margins, _NO_MARGINS, 1) if margins else around))
    if margins:
        around = around.replace(_NO_MARGINS, _canonical_element(margins), 1)
    return around.replace(NO_ROWS, rows, 1)


def _canonical_workbook(content: bytes) -> bytes:
    """The part of the workbook as canonical XML, every defined name by itself: most are those of the one before."""
    names = _NAME.findall(content)
    around = _canonical(_NAME.sub(b"", content))
    return around.replace(
        b"</definedNames>", b"".join(map(_canonical_element, names)) + b"</definedNames>", 1
    )


@lru_cache(maxsize=8_192)
def _canonical_element(content: bytes) -> bytes:
    """An element of a part, without prefixes, as canonical XML."""
    return ET.canonicalize(content.decode()).encode()


def _describe(parts: dict[str, bytes], descriptions: Sequence[str]) -> None:
    """Give every chart its description; a sheet has one drawing with all its charts."""
    left = list(descriptions)
    number = 1
    while left:
        name = f"xl/drawings/drawing{number}.xml"
        parts[name] = _CHART_NAME.sub(
            lambda _: f'name="Grafico" descr={quoteattr(left.pop(0))}'.encode(), parts[name]
        )
        number += 1


def _as_excel_writes(parts: dict[str, bytes]) -> None:
    """Drawings with the prefix `xdr`, relations with relative targets: readers such as exceljs know no others."""
    for name, content in parts.items():
        if name.startswith("xl/charts/chart"):
            parts[name] = _NUMBER_FORMAT.sub(rb'\1 sourceLinked="0"/>', content)
        elif name.startswith("xl/drawings/drawing"):
            parts[name] = _PLAIN_TAG.sub(rb"<\1xdr:\2", content).replace(b' xmlns="', b' xmlns:xdr="', 1)
        elif name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            parts[name] = _TARGET.sub(partial(_relative, folder), content)


def _relative(folder: str, found: re.Match[bytes]) -> bytes:
    return b'Target="' + posixpath.relpath("/" + found[1].decode(), "/" + folder).encode() + b'"'


def _font(found: re.Match[bytes]) -> bytes:
    """A font with its properties in the order of the schema."""
    properties = sorted(_FONT_PROPERTY.finditer(found[2]), key=lambda each: _FONT_ORDER.index(each[1]))
    return found[1] + b"".join(each[0] for each in properties) + found[3]


def _sheet(content: bytes) -> bytes:
    """A sheet with merged ranges in reading order, and without warnings about sums, numbers in text, neighbours."""
    content = _MERGED.sub(_in_order, content)
    dimension = _DIMENSION.search(content)
    if dimension is None:
        return content
    ignored = (
        b'<ignoredErrors><ignoredError sqref="' + dimension[1] + b'" ' + _IGNORED + b"/></ignoredErrors>"
    )
    return _AFTER_IGNORED.sub(ignored + rb"\g<0>", content, count=1)


def _in_order(found: re.Match[bytes]) -> bytes:
    """Merged ranges sorted by row and column; openpyxl keeps them in a set."""
    cells = sorted(_MERGED_CELL.findall(found[2]), key=lambda cell: (int(cell[2]), cell[1]))
    return found[1] + b"".join(cell[0] for cell in cells) + found[3]


def packed(parts: Mapping[str, bytes], date: dt.date, *, stored: bool = False) -> bytes:
    """A zip with the parts in a fixed order, all with the same time and attributes.

    `stored` ones are not compressed.
    """
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(parts, key=_order):
            info = zipfile.ZipInfo(name, (date.year, date.month, date.day, 0, 0, 0))
            info.compress_type = method
            info.create_system = 0
            info.external_attr = 0
            archive.writestr(info, parts[name])
    return buffer.getvalue()


def _order(name: str) -> tuple[int, str]:
    first = {_CONTENT_TYPES: 0, "_rels/.rels": 1}
    return first.get(name, 2), name


def content_hash(data: bytes) -> str:
    """SHA-256 over the names and inflated bytes of the parts, sorted by name."""
    digest = hashlib.sha256()
    for name, content in sorted(parts_of(data).items()):
        for piece in (name.encode(), content):
            digest.update(len(piece).to_bytes(8, "big"))
            digest.update(piece)
    return digest.hexdigest()


def differing_parts(one: bytes, other: bytes) -> list[str]:
    """Names of the parts that one package has and the other lacks, or that differ."""
    first, second = parts_of(one), parts_of(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
