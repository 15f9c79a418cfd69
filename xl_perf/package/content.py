"""What everybody reads of a workbook, whether it is a closed file or open in a spreadsheet program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.package.model import Cell, CellKey, DefinedName, SheetInfo, Table


class SheetCells(Protocol):
    """The cells of a sheet, and where each is among them."""

    @property
    def cells(self) -> Sequence[Cell]:
        """The cells in reading order."""

    @property
    def index(self) -> Mapping[CellKey, int]:
        """Cell key -> place in `cells`."""


class Content(Protocol):
    """A workbook as it is read: `Package` for a file, `xl_perf.book.snapshot.Snapshot` for an open workbook."""

    @property
    def where(self) -> str:
        """The workbook, for messages."""

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """The sheets in tab order."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of all sheets in tab order."""

    @property
    def defined_names(self) -> tuple[DefinedName, ...]:
        """The defined names, hidden ones included."""

    @property
    def unlocked(self) -> frozenset[int]:
        """Numbers of the cell styles that protection leaves open."""

    @property
    def number_formats(self) -> Mapping[int, str]:
        """Number of each cell style -> its number format in English; empty for the general one."""

    def table(self, name: str) -> Table:
        """A table by its name; case does not count.

        Raises:
            WorkbookError: no such table.
        """

    def sheet_data(self, sheet: str) -> SheetCells:
        """The cells of a worksheet by their places.

        Raises:
            WorkbookError: no such sheet, or one without cells.
        """

    def cells(self, sheet: str) -> Sequence[Cell]:
        """The cells of a sheet in reading order; none for chart sheets.

        Raises:
            WorkbookError: no such sheet.
        """

    def formula_cells(self, sheet: str) -> Sequence[Cell]:
        """The cells of a sheet that hold formulas.

        Raises:
            WorkbookError: no such sheet.
        """

    def scan(self, sheet: str) -> object | None:
        """Reads the formulas of a sheet in columns, where there is a faster way for that.

        Raises:
            WorkbookError: no such sheet.
        """

    def may_hold_errors(self, sheet: str) -> bool:
        """False where no cell of a sheet holds an error value."""
