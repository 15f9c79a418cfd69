"""Small workbooks for the recalculation tests."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.worksheet.table import Table

from xl_perf.package import Package
from xl_perf.recalc import Calculation, recalculate_package
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.worksheet.worksheet import Worksheet


def fill(sheet: Worksheet, cells: Mapping[str, Any]) -> None:
    """Puts values and formulas into a sheet."""
    for address, value in cells.items():
        sheet[address] = value
        if isinstance(value, CellError):
            sheet[address].data_type = "e"


def add_table(sheet: Worksheet, name: str, ref: str, columns: list[str], *, totals: int = 0) -> None:
    """An Excel table over cells that exist."""
    table = Table(displayName=name, ref=ref, totalsRowCount=totals or None)
    table._initialise_columns()
    for column, title in zip(table.tableColumns, columns, strict=True):
        column.name = title
    sheet.add_table(table)


def book(cells: Mapping[str, Any], **others: Mapping[str, Any]) -> openpyxl.Workbook:
    """A workbook with a sheet `Foglio` and others by name."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "Foglio"
    fill(workbook.active, cells)
    for name, content in others.items():
        fill(workbook.create_sheet(name), content)
    return workbook


def package_of(workbook: openpyxl.Workbook, stored: Mapping[str, Mapping[str, Any]] | None = None) -> Package:
    """The workbook as a package, with stored values in some formula cells."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    package = Package(buffer.getvalue(), Path("libro.xlsx"))
    if stored:
        changes = {
            sheet: {_key(address): value for address, value in cells.items()}
            for sheet, cells in stored.items()
        }
        package = Package(package.patch(changes), Path("libro.xlsx"))
    return package


def _key(address: str) -> tuple[int, int]:
    column, row = openpyxl.utils.cell.coordinate_from_string(address)
    return row, openpyxl.utils.column_index_from_string(column)


def calculated(cells: Mapping[str, Any], **others: Mapping[str, Any]) -> dict[str, Any]:
    """Calculates a workbook; address -> value on its first sheet, formula cells that were given a value."""
    return values_of(recalculate_package(package_of(book(cells, **others))))


def values_of(calculation: Calculation, sheet: str = "Foglio") -> dict[str, Any]:
    """Address -> new value on a sheet."""
    return {change.cell: change.new for change in calculation.changed if change.sheet == sheet}


def reasons_of(calculation: Calculation, sheet: str = "Foglio") -> dict[str, str]:
    """Address -> reason of the cells that keep their values."""
    return {note.cell: note.reason for note in calculation.kept if note.sheet == sheet}


def one(formula: str, **cells: Any) -> Any:
    """Value of one formula in Z5 beside other cells; fails where it is not calculated."""
    found = recalculate_package(package_of(book({**cells, "Z5": formula})))
    assert "Z5" not in reasons_of(found), reasons_of(found)
    return values_of(found)["Z5"]
