"""One run of LibreOffice over a workbook's formulas: its copy, and what comes back."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from xl_perf.catalog import binding
from xl_perf.errors import RecalcError
from xl_perf.package.refs import column_letters
from xl_perf.recalc.collect import Results
from xl_perf.recalc.copy import constant, escape
from xl_perf.recalc.engine import EngineMade, Faults
from xl_perf.recalc.formula import address, tokenize
from xl_perf.recalc.jobs import WITH_CELLS, is_empty
from xl_perf.recalc.office import office
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.package.model import CellKey
    from xl_perf.recalc.copy import CopyOptions
    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.formulas import Job
    from xl_perf.recalc.run import Run
    from xl_perf.values import CellValue

_CANARY: Final = '<row r="1"><c r="A1"><f>1+1</f><v>0</v></c></row>'
"""A wrong stored value: where it comes back nothing was calculated."""


def calculate_in_office(run: Run, options: CopyOptions) -> Results:
    """Calculates the workbook's formulas with LibreOffice.

    Raises:
        RecalcError: LibreOffice is missing, failed, or took too long.
    """
    seconds = None if run.milliseconds is None else run.milliseconds / 1000
    canary = "~~"
    while run.model.scope.sheet(canary) is not None:
        canary += "~"
    edition = binding.edition().id  # the workbook's own
    found = office().calculate(write_office_copy(run, options, canary), seconds, edition)
    if [cell.value for cell in found.cells(canary)] != [2.0]:
        raise RecalcError("LibreOffice did not calculate the copy")
    results = Results({}, {}, Faults())
    by_sheet: dict[str, list[Job]] = {}
    for job in run.model.one_by_one():
        place = (job.sheet, job.row, job.column)
        if not job.reason and place not in options.frozen:
            by_sheet.setdefault(job.sheet, []).append(job)
    for sheet, jobs in by_sheet.items():
        values = {(cell.row, cell.column): cell.value for cell in found.cells(sheet)}
        for job in jobs:
            _collect(results, job, values)
    return results


def _collect(results: Results, job: Job, values: dict[CellKey, CellValue]) -> None:
    place: Place = (job.sheet, job.row, job.column)
    results.values[place] = _judged(values.get(job.key), job.stored)
    if job.area is None:
        return
    if job.kind == "dynamic":
        results.extents[place] = job.area
    top, left, bottom, right = job.area
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != job.key:
                results.values[job.sheet, row, column] = _judged(values.get((row, column)), None)


def _judged(value: CellValue, stored: CellValue) -> CellValue | EngineMade:
    """A value of LibreOffice as Excel would have it; errors that may be its own alone are not taken."""
    if isinstance(value, CellError):
        if isinstance(stored, CellError):
            return stored
        if value == CellError.NAME:
            return EngineMade("LibreOffice does not know a function")
        if value == CellError.VALUE:
            return EngineMade("LibreOffice's #VALUE! may stand for another error")
        return value
    if isinstance(stored, bool) and value in (0.0, 1.0) and not isinstance(value, str):
        return bool(value)
    return value


def write_office_copy(run: Run, options: CopyOptions, canary: str) -> bytes:
    """A workbook that LibreOffice reads instead of the user's file; `canary` is the name of one more sheet."""
    model = run.model
    by_sheet: dict[str, list[Job]] = {}
    for job in model.one_by_one():
        by_sheet.setdefault(job.sheet, []).append(job)
    sheets: list[tuple[str, str]] = []
    for info in model.package.sheets:
        cells: list[tuple[int, int, str]] = []
        if info.kind in WITH_CELLS:
            cells = sorted(_cells(run, info.name, by_sheet.get(info.name, []), options), key=lambda c: c[:2])
        sheets.append((info.name, _rows(cells)))
    return _zip([*sheets, (canary, _CANARY)], date1904=model.package.date1904)


def _cells(run: Run, sheet: str, jobs: list[Job], options: CopyOptions) -> Iterator[tuple[int, int, str]]:
    overrides = options.overrides.get(sheet, {})
    results: set[CellKey] = set(overrides)
    for job in jobs:
        if job.area is not None and not job.reason:
            top, left, bottom, right = job.area
            results.update(
                (row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
            )
    for cell in run.model.package.cells(sheet):
        is_formula = cell.formula is not None and not is_empty(cell.formula)
        if cell.value is not None and not is_formula and (cell.row, cell.column) not in results:
            yield cell.row, cell.column, constant(cell.row, cell.column, cell.value)
    for (row, column), value in overrides.items():
        yield row, column, constant(row, column, value)
    for job in jobs:
        if job.key in overrides:
            continue
        place = (job.sheet, job.row, job.column)
        text = None if job.reason or place in options.frozen else _text(job, run)
        if text is not None:
            array = (
                ""
                if job.area is None
                else f' t="array" ref="{address(*job.area[:2])}:{address(*job.area[2:])}"'
            )
            yield *job.key, f'<c r="{column_letters(job.column)}{job.row}"><f{array}>{escape(text)}</f></c>'
        elif job.stored is not None:
            yield *job.key, constant(*job.key, job.stored)


def _text(job: Job, run: Run) -> str | None:
    """The formula as LibreOffice reads it; None where it lacks what the formula needs (the job says so then)."""
    from xl_perf.relink.spelling import Dialect, apply, mentions, respell  # noqa: PLC0415 - it knows our formulas

    text = job.formula(exact=False, scope=run.model.scope)
    tokens = tokenize(text) if "#" in text or "@" in text else []
    if any(value == "#" for _, value in tokens):
        job.reason = "LibreOffice has no references to what a formula spills"
        run.reasons[job.sheet, job.row, job.column] = job.reason
        return None
    if any(value == "@" for _, value in tokens):
        text = "".join(value for _, value in tokens if value != "@")
    if mentions(text):
        text = apply(text, respell(text, Dialect.CALC).edits)
    return text


def _rows(cells: list[tuple[int, int, str]]) -> str:
    rows: dict[int, list[str]] = {}
    for row, _, xml in cells:
        rows.setdefault(row, []).append(xml)
    return "".join(f'<row r="{row}">{"".join(found)}</row>' for row, found in rows.items())


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _zip(sheets: list[tuple[str, str]], *, date1904: bool) -> bytes:
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/></Types>'
    )
    relations = []
    book = [f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(date1904)}"/><sheets>']
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, (name, rows) in enumerate(sheets, start=1):
            part = f"worksheets/sheet{number}.xml"
            relations.append(f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="{part}"/>')
            quoted = escape(name).replace('"', "&quot;")
            book.append(f'<sheet name="{quoted}" sheetId="{number}" r:id="r{number}"/>')
            archive.writestr(
                f"xl/{part}", f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            )
        archive.writestr("[Content_Types].xml", _HEAD + types)
        links = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        archive.writestr(
            "_rels/.rels",
            f'{links}<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr("xl/workbook.xml", _HEAD + "".join(book) + "</sheets></workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", links + "".join(relations) + "</Relationships>")
    return buffer.getvalue()
