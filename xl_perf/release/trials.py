"""`prove.xlsx`: every worked case of every function, with the expected value, the result and a verdict, and totals.

  python -m xl_perf.release.trials [--for PROGRAM] [--out FILE]

The workbook has no macros and no stored results: a program shows what its own functions give. Cases that a file
cannot hold (errors newer than the file format) are left out, and functions that the edition does not have.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

from tests.cases.loader import load_cases
from tests.front_ends import CALC_DIFFERENCES, LAMBDA_DIFFERENCES
from xl_perf.addins.lambda_edition import excluded
from xl_perf.package import Package
from xl_perf.plan import edition_ids, load_edition
from xl_perf.release.cover import write_cover
from xl_perf.release.verdicts import all_hold, can_be_stored, holds
from xl_perf.relink import Dialect, relink_package
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.archive import settled
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from tests.cases.loader import Case

SHEET, COVER = "Casi", "Prove"
HEADINGS = (
    "N.",
    "Funzione",
    "Caso",
    "Esito",
    "Atteso",
    "Risultato",
    "Scarto ammesso",
    "Origine del valore atteso",
    "Argomenti",
)
WIDTHS = (6, 30, 46, 14, 16, 16, 10, 60, 14)
HEAD = 3
"""Row of the headings; the cases stand below."""
ARGUMENTS = 9
"""Column of the first argument."""
OK, WRONG, FORCED = "ok", "NO", "diverso"
_DIFFERENCES = {Dialect.CALC: CALC_DIFFERENCES, Dialect.LAMBDA: LAMBDA_DIFFERENCES}
_PRECISION = 1e-9
"""What programs may differ in, as in docs/matrice.md."""


class Row(NamedTuple):
    """Where a case stands: its first row, the function, the letters of differences that its program may show."""

    row: int
    case: Case
    letters: str


class Trials(NamedTuple):
    """The workbook of a program, and its cases."""

    data: bytes
    rows: tuple[Row, ...]


def trials(dialect: Dialect = Dialect.EXCEL) -> Trials:
    """The workbook in the spelling of a program.

    Args:
        dialect: whose spelling; the LAMBDA edition brings its functions along.
    """
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = COVER
    sheet = book.create_sheet(SHEET)
    rows = tuple(_write_cases(sheet, dialect))
    write_cover(cover, SHEET, HEAD, sheet.max_row, [row.case.function for row in rows], dialect)
    _finish(sheet)
    book.calculation.fullCalcOnLoad = True
    buffer = io.BytesIO()
    book.save(buffer)
    act = load_edition(edition_ids()[-1]).latest_act
    data = settled(buffer.getvalue(), act.date)
    if dialect is not Dialect.EXCEL:
        data = relink_package(Package(data, Path("prove.xlsx")), dialect).data
    return Trials(data, rows)


def _cases(dialect: Dialect) -> Iterator[Case]:
    left_out = excluded() if dialect is Dialect.LAMBDA else ()
    for case in load_cases():
        if case.function not in left_out and can_be_stored([*case.arguments, case.expected]):
            yield case


def _write_cases(sheet: Worksheet, dialect: Dialect) -> Iterator[Row]:
    sheet["A1"] = "Casi di prova delle funzioni"
    sheet["A1"].font = Font(name=styles.FONT, size=14, bold=True, color=styles.INK)
    for column, text in enumerate(HEADINGS, start=1):
        cell = sheet.cell(HEAD, column, text)
        cell.font = Font(name=styles.FONT, size=10, bold=True, color=styles.INK)
        cell.fill = PatternFill("solid", fgColor=styles.HEADER_GROUND)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    at = HEAD + 1
    for number, case in enumerate(_cases(dialect), start=1):
        applying = [one.letter for one in _DIFFERENCES.get(dialect, ()) if one.applies(case)]
        yield Row(at, case, ", ".join(applying))
        at += _write_case(sheet, at, number, case, ", ".join(applying))


def _write_case(sheet: Worksheet, row: int, number: int, case: Case, letters: str) -> int:
    """Writes a case; gives the number of rows that it takes."""
    references, column, height = [], ARGUMENTS, 1
    for argument in case.arguments:
        lines = _rows(argument)
        _put(sheet, row, column, lines)
        area = _area(row, column, lines)
        references.append(area if isinstance(argument, list) else area.partition(":")[0])
        column, height = column + len(lines[0]), max(height, len(lines))
    formula = f"={case.function}({','.join(references)})"
    expected = _rows(case.expected)
    at_expected, at_result = 5, 6
    if isinstance(case.expected, list):
        at_expected, at_result = column + 1, column + 2 + len(expected[0])
        area = _area(row, at_result, expected)
        sheet.cell(row, at_result).value = ArrayFormula(area, formula)
        sheet.cell(row, 5, f"da {get_column_letter(at_expected)}{row}")
        sheet.cell(row, 6, f"da {get_column_letter(at_result)}{row}")
        height = max(height, len(expected))
    else:
        sheet.cell(row, at_result).value = formula
    _put(sheet, row, at_expected, expected)
    tolerance = max(case.tolerance, _PRECISION)
    agree = all_hold(
        holds(
            _address(row + down, at_result + right),
            _address(row + down, at_expected + right),
            value,
            tolerance,
        )
        for down, line in enumerate(expected)
        for right, value in enumerate(line)
    )
    other = f"{FORCED} ({letters})" if letters else WRONG
    texts = (number, case.function, case.title, f'=IF({agree},"{OK}","{other}")')
    for place, text in enumerate(texts, start=1):
        sheet.cell(row, place).value = text
    sheet.cell(row, 7, tolerance).number_format = "0E+00"
    sheet.cell(row, 8).value = case.origin
    return height


def _rows(value: Any) -> Sequence[Sequence[Any]]:
    """The rows of an argument or result: a cell is one row of one cell, a flat list a column."""
    if not isinstance(value, list):
        return [[value]]
    return [row if isinstance(row, list) else [row] for row in value]


def _address(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def _area(row: int, column: int, lines: Sequence[Sequence[Any]]) -> str:
    return f"{_address(row, column)}:{_address(row + len(lines) - 1, column + len(lines[0]) - 1)}"


def _put(sheet: Worksheet, row: int, column: int, lines: Sequence[Sequence[Any]]) -> None:
    for down, line in enumerate(lines):
        for right, value in enumerate(line):
            if value is None or value == "":
                continue
            cell = sheet.cell(row + down, column + right)
            cell.value = value
            if isinstance(value, CellError):
                cell.data_type = "e"
            elif isinstance(value, str):
                cell.data_type = "s"


def _finish(sheet: Worksheet) -> None:
    """Widths, frozen head, filter, colours of the verdicts, page."""
    for column, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = sheet.max_row
    sheet.freeze_panes = sheet.cell(HEAD + 1, 5)
    sheet.auto_filter.ref = f"A{HEAD}:H{last}"
    for text, ground, ink in (
        (OK, styles.BETTER_GROUND, styles.BETTER_INK),
        (WRONG, styles.WORSE_GROUND, styles.WORSE_INK),
    ):
        fill = PatternFill("solid", bgColor=ground)
        sheet.conditional_formatting.add(
            f"D{HEAD + 1}:D{last}", CellIsRule("equal", [f'"{text}"'], fill=fill, font=Font(color=ink))
        )
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    sheet.print_area = f"A1:H{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the workbook."""
    parser = argparse.ArgumentParser(
        prog="python -m xl_perf.release.trials", description="Writes the workbook of trials."
    )
    parser.add_argument(
        "--for", dest="program", choices=[*Dialect], default="excel", help="whose spelling (default: excel)"
    )
    parser.add_argument(
        "--out", metavar="FILE", type=Path, default=Path("prove.xlsx"), help="default: prove.xlsx"
    )
    options = parser.parse_args(arguments)
    options.out.write_bytes(trials(Dialect(options.program)).data)
    print(options.out)


if __name__ == "__main__":
    main()
