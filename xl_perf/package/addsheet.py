"""A copy of a package with one more worksheet at the end.

All other parts keep every byte but those that list the sheets.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.package.relations import CONTENT_TYPES, rels_name
from xl_perf.package.stored import typed_content
from xl_perf.package.xmlpart import decode, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.package.workbook import Package
    from xl_perf.values import CellValue

_ATTRIBUTES = rb"(?:\s+[\w.:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*"
_SHEET = re.compile(rb"<((?:[\w.-]+:)?)sheet(" + _ATTRIBUTES + rb")\s*(?:/>|>\s*</(?:[\w.-]+:)?sheet\s*>)")
_SPACES = re.compile(rb"\s+xmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_END = re.compile(rb"</(?:[\w.-]+:)?sheets\s*>")
_TYPES_END = re.compile(rb"</((?:[\w.-]+:)?)Types\s*>")
_RELATIONS_END = re.compile(rb"</((?:[\w.-]+:)?)Relationships\s*>")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def add_sheet(
    package: Package, name: str, rows: Sequence[Sequence[CellValue]], widths: Sequence[float] = ()
) -> bytes:
    """The file with one more sheet of values at its end.

    Args:
        package: the workbook.
        name: name of the sheet; a number is added where the workbook has one of that name.
        rows: the cells from A1 on; None for an empty one, texts are kept as texts.
        widths: widths of the columns in characters.

    Raises:
        WorkbookError: the workbook lists its sheets in a way that cannot be added to, or a value that no cell can hold.
    """
    relations_part = package.archive.find(rels_name(package.workbook_part))
    if relations_part is None:
        raise WorkbookError("the workbook has no list of its parts", where=package.where)
    part, target = _free_part(package)
    workbook = decode(package.read(package.workbook_part), package.where)
    relations = decode(package.read(relations_part), package.where)
    types = decode(package.read(CONTENT_TYPES), package.where)
    identifier = _free_identifier(package)
    changes = {
        package.workbook_part: workbook.encode(_listed(package, workbook.utf8, name, identifier)),
        relations_part: relations.encode(_related(package, relations.utf8, target, identifier)),
        CONTENT_TYPES: types.encode(_typed(package, types.utf8, part)),
    }
    sheet = _worksheet(rows, widths, strict=_STRICT in workbook.utf8)
    return package.archive.rewrite(changes, add={part: sheet})


def _free_part(package: Package) -> tuple[str, str]:
    """Name of a part that does not exist, and how the workbook's relationships name it."""
    folder = posixpath.dirname(package.workbook_part)
    number = len(package.sheets) + 1
    while True:
        target = f"worksheets/sheet{number}.xml"
        part = posixpath.join(folder, target)
        if package.archive.find(part) is None:
            return part, target
        number += 1


def _free_identifier(package: Package) -> bytes:
    taken = {identifier.lower() for identifier in package.relationships(package.workbook_part)}
    number = len(taken) + 1
    while f"rid{number}" in taken:
        number += 1
    return b"rId%d" % number


def _free_name(package: Package, name: str) -> str:
    taken = {info.name.lower() for info in package.sheets}
    found, number = name, 2
    while found.lower() in taken:
        found, number = f"{name} ({number})", number + 1
    return found


def _listed(package: Package, utf8: bytes, name: str, identifier: bytes) -> bytes:
    """The workbook part with the sheet in its list, written like the last one there."""
    sheets = list(_SHEET.finditer(utf8))
    end = _END.search(utf8)
    relation = re.search(rb"([\w.-]+:id)\s*=", sheets[-1][2]) if sheets else None
    if end is None or relation is None:
        raise WorkbookError("the list of the sheets is not as programs write it", where=package.where)
    numbers = [
        int(found[1]) for sheet in sheets if (found := re.search(rb"sheetId\s*=\s*[\"'](\d+)", sheet[2]))
    ]
    title = escape(_free_name(package, name)).replace(b'"', b"&quot;")
    spaces = b"".join(_SPACES.findall(sheets[-1][2]))
    element = b'<%bsheet%b name="%b" sheetId="%d" %b="%b"/>' % (
        sheets[-1][1], spaces, title, max(numbers, default=0) + 1, relation[1], identifier,
    )  # fmt: skip
    return utf8[: end.start()] + element + utf8[end.start() :]


def _related(package: Package, utf8: bytes, target: str, identifier: bytes) -> bytes:
    """The relationships with the sheet's, of the type of another worksheet."""
    end = _RELATIONS_END.search(utf8)
    kind = re.search(rb"Type\s*=\s*[\"']([^\"']*/worksheet)[\"']", utf8)
    if end is None or kind is None:
        raise WorkbookError("the relationships are not as programs write them", where=package.where)
    element = b'<%bRelationship Id="%b" Type="%b" Target="%b"/>' % (
        end[1],
        identifier,
        kind[1],
        target.encode(),
    )
    return utf8[: end.start()] + element + utf8[end.start() :]


def _typed(package: Package, utf8: bytes, part: str) -> bytes:
    end = _TYPES_END.search(utf8)
    if end is None:
        raise WorkbookError("the content types are not as programs write them", where=package.where)
    element = b'<%bOverride PartName="/%b" ContentType="%b"/>' % (end[1], part.encode(), _TYPE)
    return utf8[: end.start()] + element + utf8[end.start() :]


def _worksheet(rows: Sequence[Sequence[CellValue]], widths: Sequence[float], *, strict: bool) -> bytes:
    columns = b"".join(
        b'<col min="%d" max="%d" width="%b" customWidth="1"/>' % (place, place, str(width).encode())
        for place, width in enumerate(widths, start=1)
    )
    pieces = [
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="%b">'
        % (_STRICT if strict else _MAIN),
        b"<cols>%b</cols>" % columns if columns else b"",
        b"<sheetData>",
    ]
    for number, row in enumerate(rows, start=1):
        cells = b"".join(
            _cell(number, place, value) for place, value in enumerate(row, start=1) if value not in (None, "")
        )
        pieces.append(b'<row r="%d">%b</row>' % (number, cells))
    return b"".join([*pieces, b"</sheetData></worksheet>"])


def _cell(row: int, column: int, value: CellValue) -> bytes:
    try:
        kind, content = typed_content(b"", value)
    except ValueError as error:
        raise WorkbookError(str(error), where=cell_name((row, column))) from error
    return b'<c r="%b"%b>%b</c>' % (
        cell_name((row, column)).encode(), b' t="%b"' % kind.encode() if kind else b"", content,
    )  # fmt: skip
