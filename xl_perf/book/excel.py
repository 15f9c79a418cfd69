"""An open workbook in Excel, over xlwings. Knows xlwings' documented objects and imports nothing of it."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from xl_perf.book.snapshot import Grid, Snapshot, Style
from xl_perf.errors import WorkbookError
from xl_perf.package.model import DefinedName, Table
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.book.port import Write

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # Excel's day 0; cells know no time zone
_ALLOWED = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
    "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows",
    "AllowSorting", "AllowFiltering", "AllowUsingPivotTables",
)  # fmt: skip
"""Properties of `Worksheet.Protection`, arguments of `Worksheet.Protect`."""


class ExcelBook:
    """A workbook in Excel for Windows.

    Args:
        book: `xlwings.Book`.
    """

    def __init__(self, book: Any) -> None:
        self.book = book
        self.where: str = book.fullname

    def read(self) -> Snapshot:
        """What the workbook holds now."""
        sheets = [sheet.name for sheet in self.book.sheets]
        names = [_name(name.name, name.refers_to, sheets) for name in self.book.names]
        tables = [_table(sheet.name, table) for sheet in self.book.sheets for table in sheet.tables]
        return Snapshot(self.where, sheets, self._grid, tables, names)

    def write(self, values: Sequence[Write], title: str) -> Snapshot:
        """Puts values into cells; Excel's list of steps does not take it, so that `title` shows nowhere.

        Raises:
            WorkbookError: a sheet is protected by a password. Nothing was changed.
        """
        del title
        with _open([self.book.sheets[name] for name in dict.fromkeys(value.sheet for value in values)]):
            for sheet, row, column, value in values:
                self.book.sheets[sheet].range((row, column)).value = value
        self.book.app.calculate()
        return self.read()

    def _grid(self, name: str) -> Grid:
        used = self.book.sheets[name].used_range
        values = used.options(ndim=2, err_to_str=True, empty=None).value
        formulas = used.formula if isinstance(used.formula, tuple) else ((used.formula,),)
        taken = [
            [_value(value, text) for value, text in zip(row, texts, strict=True)]
            for row, texts in zip(values, formulas, strict=True)
        ]
        return Grid(used.row, used.column, taken, formulas, [*_styles(used)])


def _table(sheet: str, table: Any) -> Table:
    area = table.range
    last = area.last_cell
    head = table.header_row_range
    columns = () if head is None else tuple(str(text) for text in head.options(ndim=1, numbers=int).value)
    return Table(
        table.name, sheet, "", (area.row, area.column, last.row, last.column), columns,
        int(head is not None), int(bool(table.show_totals)),
    )  # fmt: skip


def _name(name: str, text: str, sheets: Sequence[str]) -> DefinedName:
    """A defined name; that of a sheet has the sheet before it."""
    sheet, _, own = name.rpartition("!")
    sheet = sheet.strip("'").replace("''", "'")
    return DefinedName(own, text.removeprefix("="), sheets.index(sheet) if sheet in sheets else None)


def _value(value: object, formula: str) -> Any:
    """A value of xlwings as a file stores it: dates as numbers, error texts of formulas as errors."""
    if isinstance(value, dt.datetime):
        return (value.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1)
    if isinstance(value, str) and formula[:1] == "=":
        return CellError.parse(value) or value
    return value


def _styles(area: Any) -> Iterator[tuple[tuple[int, int, int, int], Style]]:
    """The styles of a range; what Excel calls mixed is halved."""
    locked, shown = area.api.Locked, area.number_format
    last = area.last_cell
    if locked is not None and shown is not None:
        ends = area.row, area.column, last.row, last.column
        yield ends, Style(not locked, "" if shown == "General" else shown)
        return
    rows, columns = area.shape
    sheet, middle = area.sheet, ((area.row + last.row) // 2, (area.column + last.column) // 2)
    if rows >= columns:
        halves = ((middle[0], last.column), (middle[0] + 1, area.column))
    else:
        halves = ((last.row, middle[1]), (area.row, middle[1] + 1))
    yield from _styles(sheet.range((area.row, area.column), halves[0]))
    yield from _styles(sheet.range(halves[1], (last.row, last.column)))


@contextmanager
def _open(sheets: Sequence[Any]) -> Iterator[None]:
    """Sheets without their protection, which comes back as it was."""
    closed: list[tuple[Any, dict[str, bool]]] = []
    try:
        for sheet in (each.api for each in sheets if each.api.ProtectContents):
            options = {name: bool(getattr(sheet.Protection, name)) for name in _ALLOWED}
            options |= {"DrawingObjects": bool(sheet.ProtectDrawingObjects), "Contents": True}
            options |= {"Scenarios": bool(sheet.ProtectScenarios)}
            sheet.Unprotect()
            if sheet.ProtectContents:
                raise WorkbookError("the sheet is protected by a password", where=sheet.Name)
            closed.append((sheet, options))
        yield
    finally:
        for sheet, options in closed:
            sheet.Protect(**options)
