"""An explanation as a sheet of a copy of the workbook; every other part of the file stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.package.addsheet import add_sheet

if TYPE_CHECKING:
    from xl_perf.explain.lines import Explanation, Line
    from xl_perf.package import Package
    from xl_perf.values import CellValue

SHEET = "Spiegazione"
_HEADINGS = ("Voce", "Valore", "Peso", "Come si ottiene", "Fonte", "Cella")
_WIDTHS = (70.0, 18.0, 12.0, 80.0, 60.0, 24.0)
_INDENT = "    "


def with_sheet(package: Package, explanation: Explanation, title: str) -> bytes:
    """The workbook with the sheet Spiegazione at its end, values only.

    Args:
        package: the workbook.
        explanation: the lines.
        title: first line of the sheet.

    Raises:
        WorkbookError: the workbook has a sheet of that name, or cannot take one.
    """
    rows: list[list[CellValue]] = [[title]]
    rows += [[remark] for remark in explanation.remarks]
    rows += [[], list(_HEADINGS)]
    rows += [_row(line) for line in explanation.root.flat()]
    if explanation.parameters:
        rows += [[], ["Parametri, pesi e scelte"], *(_row(line) for line in explanation.parameters)]
    return add_sheet(package, SHEET, rows, _WIDTHS)


def _row(line: Line) -> list[CellValue]:
    value: CellValue = line.shown if line.value is None else line.value
    words = "; ".join(filter(None, (line.words, *line.notes)))
    return [
        _INDENT * line.level + line.name,
        value,
        line.weight,
        words,
        line.source,
        line.cells[0] if line.cells else "",
    ]
