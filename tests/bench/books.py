"""The workbooks of the benchmark: a regional one, a national one, copies; written by openpyxl, without stored results.

Every sheet has a table of structures with inputs and five formulas a row (four native, one of ours), a chart
and conditional formats; a synthesis adds up the sheets. No formula has a stored value, so recalculation
changes every one of
them: the most that a file can cost.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table, TableStyleInfo

from xl_perf.package import open_package

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

TITLES = (
    "Codice",
    "Struttura",
    "Pervenuto",
    "Definito",
    "Giacenza",
    "Obiettivo",
    "Saldo",
    "Indice",
    "Scostamento",
    "Quota",
    "Esito",
)
FORMULAS = (
    "ROUND(C{row}-D{row},0)",
    "PERF_SCORE(E{row},F{row},-1,0.5)",
    'IF(F{row}="","",IF(F{row}=0,"",E{row}/F{row}-1))',
    "D{row}/$D$2*100",
    'IF(H{row}="","",IF(H{row}>102,"meglio",IF(H{row}<98,"peggio","in linea")))',
)
"""The formulas of a row, columns G to K; the second is one of ours."""
OURS_PER_ROW = 1
FIRST_ROW = 4
SUMMARIES = (
    "SUM('{sheet}'!$C$4:$C${last})",
    "SUMPRODUCT('{sheet}'!$D$4:$D${last},'{sheet}'!$F$4:$F${last})",
    "PERF_SINTESI('{sheet}'!$H$4:$H${last},'{sheet}'!$J$4:$J${last})",
    "COUNTIF('{sheet}'!$K$4:$K${last},\"meglio\")",
    "INDEX('{sheet}'!$B$4:$B${last},MATCH(MAX('{sheet}'!$H$4:$H${last}),'{sheet}'!$H$4:$H${last},0))",
)
"""The formulas of the synthesis, one row a sheet; the third is one of ours."""


NATIVE = {
    FORMULAS[1]: 'IF(F{row}=0,"",100*(1+MAX(-0.5,MIN(0.5,1-E{row}/F{row}))))',
    SUMMARIES[2]: "SUMPRODUCT('{sheet}'!$H$4:$H${last},'{sheet}'!$J$4:$J${last})/100",
}
"""Ours -> the same in functions that every program has."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a workbook is: sheets (the synthesis included) and rows of each table."""

    sheets: int
    rows: int

    @property
    def formulas(self) -> int:
        """All formulas of the workbook."""
        return (self.sheets - 1) * (self.rows * len(FORMULAS) + len(SUMMARIES) + 1)

    @property
    def ours(self) -> int:
        """Those of them that call one of our functions."""
        return (self.sheets - 1) * (self.rows * OURS_PER_ROW + 1)


REGIONAL = Size(12, 54)
"""3,036 formulas, 605 of ours."""
NATIONAL = Size(12, 908)
"""50,006 formulas, 9,999 of ours."""
SMALL = Size(3, 6)


def write_book(path: Path, size: Size, *, native: bool = False) -> None:
    """Writes a workbook, always with the same numbers.

    Args:
        path: where.
        size: how large.
        native: write native formulas in place of ours.
    """
    numbers = random.Random(1)
    spelled = NATIVE if native else {}
    book = Workbook()
    synthesis = book.active
    assert synthesis is not None
    synthesis.title = "Sintesi"
    synthesis.append(["Area", "Pervenuto", "Carico", "Sintesi", "Meglio", "Prima struttura"])
    last = FIRST_ROW + size.rows - 1
    for place in range(1, size.sheets):
        name = f"Area {place}"
        _fill(
            book.create_sheet(name), place, [spelled.get(text, text) for text in FORMULAS], size.rows, numbers
        )
        texts = [spelled.get(text, text) for text in SUMMARIES]
        synthesis.append([name, *("=" + text.format(sheet=name, last=last) for text in texts)])
    _chart(synthesis, 4, size.sheets)
    book.save(path)


def _fill(sheet: Worksheet, place: int, formulas: list[str], rows: int, numbers: random.Random) -> None:
    sheet["A1"] = f"Area {place}: giacenza e deflusso"
    sheet["A1"].font = Font(bold=True, size=14, color="0066CC")
    for column, title in enumerate(TITLES, start=1):
        sheet.cell(3, column, title)
    last = FIRST_ROW + rows - 1
    sheet["D2"] = f"=SUM(D{FIRST_ROW}:D{last})"
    for row in range(FIRST_ROW, last + 1):
        received = numbers.randint(1_000, 9_000)
        done = received - numbers.randint(-400, 400)
        inputs = [
            f"S{place:02d}{row:05d}",
            f"Struttura {row}",
            received,
            done,
            numbers.randint(20, 90),
            numbers.randint(30, 80),
        ]
        for column, value in enumerate(inputs, start=1):
            sheet.cell(row, column, value)
        for column, text in enumerate(formulas, start=len(inputs) + 1):
            sheet.cell(row, column, "=" + text.format(row=row, last=last)).number_format = "#,##0.00"
    area = f"A3:K{last}"
    table = Table(displayName=f"tblArea{place}", ref=area)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)
    sheet.conditional_formatting.add(
        f"H4:H{last}",
        CellIsRule(operator="lessThan", formula=["98"], fill=PatternFill("solid", bgColor="F2DEDE")),
    )
    sheet.conditional_formatting.add(f"J4:J{last}", DataBarRule("min", None, "max", None, color="0066CC"))
    sheet.freeze_panes = "C4"
    _chart(sheet, 8, min(last, 30))


def _chart(sheet: Worksheet, column: int, last: int) -> None:
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=column, min_row=2, max_row=last))
    sheet.add_chart(chart, "M4")


def copies(source: Path, folder: Path, count: int) -> list[Path]:
    """Copies of a workbook in a folder, each with other numbers of giacenza and obiettivo."""
    folder.mkdir()
    package = open_package(source)
    inputs = {
        info.name: [
            (cell.row, cell.column)
            for cell in package.cells(info.name)
            if cell.column in (5, 6) and cell.row >= FIRST_ROW and type(cell.value) is float
        ]
        for info in package.sheets[1:]
    }
    paths = [folder / f"{source.stem}_{number:04d}.xlsx" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        numbers = random.Random(number)
        values = {
            sheet: {cell: float(numbers.randint(20, 90)) for cell in cells} for sheet, cells in inputs.items()
        }
        path.write_bytes(package.patch(values))
    return paths
