"""A workbook read from a spreadsheet program: the same content as a file gives, from grids of values and formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xl_perf.errors import WorkbookError
from xl_perf.package.model import Cell, Formula, SheetInfo
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xl_perf.package.model import CellKey, DefinedName, Table
    from xl_perf.values import CellValue


class Style(NamedTuple):
    """What counts of a cell's style: whether protection leaves it open, its number format (empty: the general one)."""

    open: bool = False
    format: str = ""


class Grid(NamedTuple):
    """The used area of a sheet.

    Attributes:
        row: number of its first row, from 1.
        column: number of its first column, from 1.
        values: rows of values; None and "" where nothing is stored.
        formulas: rows of formulas in Excel's English with `=`; any other text is no formula.
        styles: (first row, first column, last row, last column) -> style; cells that stand nowhere are locked, general.
    """

    row: int
    column: int
    values: Sequence[Sequence[CellValue]]
    formulas: Sequence[Sequence[str]]
    styles: Sequence[tuple[tuple[int, int, int, int], Style]] = ()


class Sheet:
    """The cells of a sheet by their places."""

    def __init__(self, cells: list[Cell]) -> None:
        self.cells = cells
        self.index: dict[CellKey, int] = {(cell.row, cell.column): at for at, cell in enumerate(cells)}


class Snapshot:
    """What an open workbook holds; a sheet is read when it is first asked for.

    Args:
        where: the workbook, for messages.
        sheets: names of the worksheets in tab order.
        load: name of a sheet -> its used area.
        tables: its tables.
        names: its defined names.
    """

    def __init__(
        self,
        where: str,
        sheets: Sequence[str],
        load: Callable[[str], Grid],
        tables: Sequence[Table],
        names: Sequence[DefinedName],
    ) -> None:
        self.where = where
        self.sheets = tuple(
            SheetInfo(name, "", place, "visible", "worksheet") for place, name in enumerate(sheets)
        )
        self.tables = tuple(tables)
        self.defined_names = tuple(names)
        self._load = load
        self._sheets: dict[str, Sheet] = {}
        self._numbers: dict[Style, int] = {Style(): 0}

    @property
    def unlocked(self) -> frozenset[int]:
        """Numbers of the styles that protection leaves open, of all sheets."""
        self._read_all()
        return frozenset(number for style, number in self._numbers.items() if style.open)

    @property
    def number_formats(self) -> Mapping[int, str]:
        """Number of each style -> its number format; empty for the general one."""
        self._read_all()
        return {number: style.format for style, number in self._numbers.items()}

    def table(self, name: str) -> Table:
        """A table by its name; case does not count.

        Raises:
            WorkbookError: no such table; the message lists those that exist.
        """
        for table in self.tables:
            if table.name.lower() == name.lower():
                return table
        there_are = ", ".join(table.name for table in self.tables) or "no tables at all"
        raise WorkbookError(f"there is no table {name!r}", where=self.where, expected=f"one of: {there_are}")

    def sheet_data(self, sheet: str) -> Sheet:
        """The cells of a sheet by their places.

        Raises:
            WorkbookError: no such sheet; the message lists those that exist.
        """
        name = next((info.name for info in self.sheets if info.name.lower() == sheet.lower()), None)
        if name is None:
            there_are = ", ".join(info.name for info in self.sheets[:20])
            raise WorkbookError(
                f"there is no sheet {sheet!r}", where=self.where, expected=f"one of {there_are}"
            )
        found = self._sheets.get(name)
        if found is None:
            found = self._sheets[name] = Sheet(list(self._cells(self._load(name))))
        return found

    def cells(self, sheet: str) -> list[Cell]:
        """The cells of a sheet in reading order; those that are empty, locked and general are left out."""
        return self.sheet_data(sheet).cells

    def formula_cells(self, sheet: str) -> list[Cell]:
        """The cells of a sheet that hold formulas."""
        return [cell for cell in self.cells(sheet) if cell.formula is not None]

    def scan(self, sheet: str) -> None:
        """Nothing: grids are read as a whole."""

    def may_hold_errors(self, sheet: str) -> bool:
        """Whether a cell of a sheet holds an error value."""
        return any(isinstance(cell.value, CellError) for cell in self.cells(sheet))

    def respelled(self, change: Callable[[str], str]) -> Snapshot:
        """The same workbook with other texts of formulas.

        Args:
            change: text of a formula without `=` -> the other text.
        """
        other = Snapshot(
            self.where, [info.name for info in self.sheets], self._load, self.tables, self.defined_names
        )
        self._read_all()
        other._numbers = self._numbers
        for name, sheet in self._sheets.items():
            other._sheets[name] = Sheet(
                [
                    cell
                    if cell.formula is None
                    else cell._replace(formula=cell.formula._replace(text=change(cell.formula.text)))
                    for cell in sheet.cells
                ]
            )
        return other

    def _read_all(self) -> None:
        for info in self.sheets:
            self.sheet_data(info.name)

    def _cells(self, grid: Grid) -> list[Cell]:
        numbers: dict[CellKey, int] = {}
        last_row = grid.row + len(grid.values) - 1
        last_column = grid.column + max(map(len, grid.values), default=0) - 1
        for (top, left, bottom, right), style in grid.styles:
            number = self._numbers.setdefault(style, len(self._numbers))
            for row in range(max(top, grid.row), min(bottom, last_row) + 1) if number else ():
                for column in range(max(left, grid.column), min(right, last_column) + 1):
                    numbers[row, column] = number
        found = []
        for row, (values, formulas) in enumerate(
            zip(grid.values, grid.formulas, strict=True), start=grid.row
        ):
            for column, (value, text) in enumerate(zip(values, formulas, strict=True), start=grid.column):
                number = numbers.get((row, column), 0)
                if text[:1] == "=" and len(text) > 1:
                    found.append(Cell(row, column, value, Formula(text[1:]), number))
                elif number or (value is not None and value != ""):
                    plain = None if value == "" and not isinstance(value, CellError) else value
                    found.append(Cell(row, column, plain, None, number))
        return found
