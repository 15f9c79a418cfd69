"""The workbook as the page read it through Office.js: a `Snapshot` of grids that arrive as JSON, sheet by sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.book.snapshot import Grid, Snapshot, Style
from xl_perf.errors import WorkbookError
from xl_perf.package.model import DefinedName, Table
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.book.port import Write

GENERAL = "General"


class Reading:
    """A workbook that arrives in parts: first what it is made of, then its sheets.

    Args:
        told: `where`; `sheets`, their names; `tables`, each `[name, sheet, [top, left, bottom, right], headings, has a
            header, has totals]` with rows and columns from 1; `names`, each `[name, text, sheet or null]`.
    """

    def __init__(self, told: dict[str, Any]) -> None:
        self.where: str = told["where"]
        self._sheets: list[str] = told["sheets"]
        self._tables = sorted((_table(*one) for one in told["tables"]), key=lambda one: (one.sheet, one.ref))
        self._names = [
            DefinedName(
                name, str(text).removeprefix("="), None if sheet is None else self._sheets.index(sheet)
            )
            for name, text, sheet in told["names"]
        ]
        self._grids: dict[str, Grid] = {}

    def add(self, told: dict[str, Any]) -> None:
        """Takes in some rows of a sheet; those of one sheet come from top to bottom.

        Args:
            told: `sheet`; `row` and `column` of the first cell, from 1; `values`, rows; `formulas`, `[row, column,
                text]` from 0 for each cell that holds one; `errors`, `[row, column]` of the values that are errors;
                `styles`, each `[first row, first column, last row, last column, open, number format]` in rows and
                columns of the sheet.
        """
        values: list[list[Any]] = [
            [float(value) if type(value) is int else value for value in row] for row in told["values"]
        ]
        for row, column in told["errors"]:
            values[row][column] = CellError.parse(str(values[row][column])) or CellError.VALUE
        formulas = [[""] * len(row) for row in values]
        for row, column, text in told["formulas"]:
            formulas[row][column] = text
        styles = [
            ((top, left, bottom, right), Style(bool(opened), "" if shown == GENERAL else shown))
            for top, left, bottom, right, opened, shown in told["styles"]
        ]
        before = self._grids.get(told["sheet"])
        if before is not None:
            values = [*map(list, before.values), *values]
            formulas = [*map(list, before.formulas), *formulas]
            styles = [*before.styles, *styles]
        row = told["row"] if before is None else before.row
        self._grids[told["sheet"]] = Grid(row, told["column"], values, formulas, styles)

    def snapshot(self) -> Snapshot:
        """The workbook; a sheet that never came is empty."""
        return Snapshot(self.where, self._sheets, self._grid, self._tables, self._names)

    def _grid(self, name: str) -> Grid:
        return self._grids.get(name) or Grid(1, 1, [], [])


class Written:
    """The port over a workbook that the page has already written into: what it was before, and what it is now."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.where = before.where
        self._before = before
        self._after = after

    def read(self) -> Snapshot:
        """The workbook as it was when the proposal was made."""
        return self._before

    def write(self, values: Sequence[Write], title: str) -> Snapshot:
        """The workbook as it is now.

        Raises:
            WorkbookError: a cell that was to be written does not hold its value.
        """
        del title
        for sheet, row, column, value in values:
            data = self._after.sheet_data(sheet)
            at = data.index.get((row, column))
            now = None if at is None else data.cells[at].value
            if (now or None) != (value or None) and not (now == value):
                raise WorkbookError("a cell does not hold what was written", where=f"{sheet}, row {row}")
        return self._after


def _table(
    name: str, sheet: str, ref: list[int], headings: list[object], header: bool, totals: bool
) -> Table:
    top, left, bottom, right = ref
    columns = tuple(
        str(int(one)) if isinstance(one, float) and one.is_integer() else str(one) for one in headings
    )
    return Table(name, sheet, "", (top, left, bottom, right), columns, int(header), int(totals))
