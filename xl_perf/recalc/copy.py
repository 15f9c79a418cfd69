"""The private calculation copy: a minimal workbook in memory that the engine reads instead of the user's file.

It holds values and rewritten formulas only: no styles, tables, names, links or macros. Cells that are not to be calculated
stand in it as the constants that the file stored. Of an ordinary sheet the file's own bytes serve, and only formulas that
must be rewritten are exchanged.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xl_perf.package.refs import column_letters
from xl_perf.package.sheetscan import FORMULA, HEAD, PIECES, REST
from xl_perf.recalc.formula import address, quote_sheet
from xl_perf.recalc.jobs import WITH_CELLS, is_empty
from xl_perf.recalc.recipe import render
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.recalc.formulas import Job, Model
    from xl_perf.values import CellValue

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PRIVATE: Final = 0xF700
"""Control characters, which XML cannot hold, travel through the engine as private ones from here on."""
_LOADABLE: Final = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))


def escape(text: str) -> str:
    """Text for an XML element; control characters become private ones that `unescape_private` turns back."""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "\r" in text:
        text = text.replace("\r", "&#13;")
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda found: chr(_PRIVATE + (ord(found[0]) & 0xFF)), text)


def constant(row: int, column: int, value: CellValue) -> str:
    """The XML of a cell that holds a value."""
    where = f'<c r="{column_letters(column)}{row}"'
    if isinstance(value, bool):
        return f'{where} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (float, int)):
        return f"{where}><v>{value!r}</v></c>"
    if isinstance(value, CellError):
        return f'{where} t="e"><v>{value if value in _LOADABLE else "#VALUE!"}</v></c>'
    if value is None:
        return ""
    if not value:
        return f'{where}><f>""</f></c>'  # as a value the engine would take it for an empty cell
    return f'{where} t="str"><v xml:space="preserve">{escape(value)}</v></c>'


@dataclass(slots=True)
class CopyOptions:
    """What differs from the file in one calculation.

    `overrides` are other values for cells; `frozen` are formula cells that stand as constants; `exact` are formulas that
    are calculated with `xl_perf.recalc.excel_rules`.
    """

    overrides: Mapping[str, Mapping[CellKey, CellValue]] = field(default_factory=dict)
    frozen: frozenset[tuple[str, int, int]] = frozenset()
    exact: frozenset[tuple[str, int, int]] = frozenset()


def write_copy(model: Model, options: CopyOptions, extra: Sequence[tuple[str, str]] = ()) -> bytes:
    """The calculation copy as a stored (not deflated) .xlsx; `extra` are more sheets (name, XML of the rows)."""
    scratch: dict[str, list[str]] = {}
    by_sheet: dict[str, list[Job]] = {}
    for job in model.singles:
        by_sheet.setdefault(job.sheet, []).append(job)
    parts: list[tuple[str, bytes]] = []
    strings: list[str] = []
    for info in model.package.sheets:
        jobs = by_sheet.get(info.name, [])
        rows = b""
        if info.kind in WITH_CELLS:
            scan = _reusable(model, info.name, jobs, options)
            if scan is not None:
                rows = _spliced(model, info.name, scan, jobs, options)
                strings = model.package.shared_strings if scan.has_strings else strings
            else:
                rows = _rows(_sheet_cells(model, info.name, jobs, options, scratch)).encode()
        parts.append((info.name, rows))
    parts += [(name, f'<row r="1">{"".join(cells)}</row>'.encode()) for name, cells in scratch.items()]
    parts += [(name, rows.encode()) for name, rows in extra]
    return _zip(parts, strings)


def _reusable(model: Model, sheet: str, jobs: list[Job], options: CopyOptions) -> SheetScan | None:
    """The scan of a sheet whose own bytes serve for its constants; None where all cells must be written anew."""
    scan = None
    if not options.overrides.get(sheet) and all(job.area is None for job in jobs):
        scan = model.package.scan(sheet)
    plain = model.plain.get(sheet)
    count = len(jobs) + (0 if plain is None else len(plain.places))
    return None if scan is None or len(scan) != count else scan


def _spliced(model: Model, sheet: str, scan: SheetScan, jobs: list[Job], options: CopyOptions) -> bytes:
    """The rows of a sheet: its own bytes, with formulas that are not given to the engine as they stand exchanged."""
    begin, end = scan.inside
    pieces: list[bytes] = []
    for job in jobs:
        place = scan.index[job.key]
        is_own = job.plain and job.in_file and job.home == job.key and place not in scan.escaped
        if is_own and not job.reason and not _is_special(job, options):
            continue
        pieces = pieces or scan.pieces.copy()
        at = PIECES * place
        written = "".join(xml for _, _, xml in _job_cells(model, job, options, {}))
        content = written[written.index('"', len(_CELL)) :].removesuffix(_CELL_END) if written else '">'
        pieces[at + HEAD : at + REST] = content.encode(), b"", b""
    plain = model.plain.get(sheet)
    if plain is not None and plain.spelled:
        pieces = pieces or scan.pieces.copy()
        for place, text in plain.spelled.items():
            if plain.recipes[place] is not None:
                pieces[PIECES * place + FORMULA] = f"<f>{escape(text)}</f>".encode()
    return b"".join(pieces) if pieces else scan.part.utf8[begin:end]


_CELL: Final = '<c r="'
_CELL_END: Final = "</c>"
"""How the cells begin and end that are written here; in a scan the beginning and the end stand in other pieces."""


def _is_special(job: Job, options: CopyOptions) -> bool:
    place = (job.sheet, job.row, job.column)
    return place in options.frozen or place in options.exact


def _sheet_cells(
    model: Model,
    sheet: str,
    jobs: list[Job],
    options: CopyOptions,
    scratch: dict[str, list[str]],
) -> list[tuple[int, int, str]]:
    """(row, column, XML) of all cells of a sheet, in order."""
    overrides = options.overrides.get(sheet, {})
    plain = model.plain.get(sheet)
    if plain is not None:
        jobs = jobs + [plain.job(place) for place in plain.places]
    children = _children(jobs)
    written: list[tuple[int, int, str]] = []
    for cell in model.package.cells(sheet):
        key = (cell.row, cell.column)
        if (
            cell.value is None
            or (cell.formula and not is_empty(cell.formula))
            or key in children
            or key in overrides
        ):
            continue
        written.append((*key, constant(*key, cell.value)))
    written += [(*key, constant(*key, value)) for key, value in overrides.items()]
    for job in jobs:
        if job.key not in overrides:
            written += _job_cells(model, job, options, scratch)
    written.sort(key=lambda item: item[:2])
    return written


def _children(jobs: list[Job]) -> set[CellKey]:
    """Cells that hold results of array formulas, which the copy calculates anew."""
    found: set[CellKey] = set()
    for job in jobs:
        if job.area is not None and not job.reason:
            top, left, bottom, right = job.area
            found.update((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            found.discard(job.key)
    return found


def _job_cells(
    model: Model, job: Job, options: CopyOptions, scratch: dict[str, list[str]]
) -> list[tuple[int, int, str]]:
    place = (job.sheet, job.row, job.column)
    if job.reason or place in options.frozen:
        return [(*job.key, constant(*job.key, job.stored))] if job.stored is not None else []
    exact = place in options.exact
    text = job.formula(exact=exact, scope=model.scope)
    if not job.scratch:
        return [(*job.key, f'<c r="{address(*job.key)}"><f>{escape(text)}</f></c>')]
    text = render(job.recipe, job.row, job.column, job.home, own_sheet=job.sheet)
    scratch.setdefault(job.scratch, []).append(
        f'<c r="{address(1, job.scratch_column)}"><f>{escape(text)}</f></c>'
    )
    return _array_cells(job)


def _array_cells(job: Job) -> list[tuple[int, int, str]]:
    """The cells of a legacy array: each takes its element; a row, column or single value repeats, the rest is #N/A."""
    assert job.area is not None
    top, left, bottom, right = job.area
    anchor = f"{quote_sheet(job.scratch)}{address(1, job.scratch_column)}"
    cells = []
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            i, j = row - top + 1, column - left + 1
            text = (
                f"IF(IFERROR(ROWS({anchor}#),0)=0,{anchor},IF(OR(AND(ROWS({anchor}#)>1,ROWS({anchor}#)<{i}),"
                f"AND(COLUMNS({anchor}#)>1,COLUMNS({anchor}#)<{j})),#N/A,"
                f"INDEX({anchor}#,IF(ROWS({anchor}#)=1,1,{i}),IF(COLUMNS({anchor}#)=1,1,{j}))))"
            )
            cells.append((row, column, f'<c r="{address(row, column)}"><f>{escape(text)}</f></c>'))
    return cells


def _rows(written: list[tuple[int, int, str]]) -> str:
    out: list[str] = []
    current = 0
    for row, _, xml in written:
        if row != current:
            if current:
                out.append("</row>")
            out.append(f'<row r="{row}">')
            current = row
        out.append(xml)
    if current:
        out.append("</row>")
    return "".join(out)


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_HEAD: Final = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
_SHEET_END: Final = b"</sheetData></worksheet>"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


_TYPES: Final = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
)


def _zip(sheets: list[tuple[str, bytes]], strings: list[str]) -> bytes:
    types = [_TYPES]
    relations = [f'<Relationships xmlns="{_PACKAGE}/relationships">']
    book = [f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>']
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number, (name, rows) in enumerate(sheets, start=1):
            part = f"worksheets/sheet{number}.xml"
            types.append(f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.worksheet+xml"/>')
            relations.append(f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="{part}"/>')
            quoted = escape(name).replace('"', "&quot;")
            book.append(f'<sheet name="{quoted}" sheetId="{number}" r:id="r{number}"/>')
            archive.writestr(f"xl/{part}", b"%b%b%b" % (_SHEET_HEAD, rows, _SHEET_END))
        if strings:
            types.append(
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
            )
            relations.append(
                f'<Relationship Id="s" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            )
            items = "".join([f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings])
            archive.writestr("xl/sharedStrings.xml", f'{_HEAD}<sst xmlns="{_MAIN}">{items}</sst>')
        archive.writestr("[Content_Types].xml", _HEAD + "".join(types) + "</Types>")
        archive.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr("xl/workbook.xml", _HEAD + "".join(book) + "</sheets></workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", _HEAD + "".join(relations) + "</Relationships>")
    return buffer.getvalue()


_PRIVATE_CHARACTERS: Final = re.compile("[\uf700-\uf71f\uf7fe\uf7ff]")


def unescape_private(text: str) -> str:
    """A text from the engine with its control characters back."""
    if text.isascii():
        return text

    def back(found: re.Match[str]) -> str:
        code = ord(found[0]) - _PRIVATE
        return chr(code if code < 0x20 else 0xFF00 + code)

    return _PRIVATE_CHARACTERS.sub(back, text)
