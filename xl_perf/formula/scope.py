"""The workbook as formulas see it: sheets, defined names, tables, our functions under every spelling of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from xl_perf.formula.tables import TableView


class Scope:
    """What names mean in one workbook; case does not count in any of them.

    Args:
        sheets: the sheets in tab order.
        names: defined names as (name, text, index of its sheet or None for the workbook).
        tables: the tables.
        functions: our functions, canonical name -> shape.

    Attributes:
        used: gives the last used row and column of a sheet, (0, 0) where it has no cells.
        aliases: names in the calculation copy of sheets that have another one there.
        has_hidden_rows: whether a sheet has hidden rows; asked only where a formula's value depends on it.
        codes: gives the texts of a sheet's column from a row to another, None where there is anything but
            constant texts.
    """

    def __init__(
        self,
        sheets: Sequence[str],
        names: Iterable[tuple[str, str, int | None]],
        tables: Iterable[TableView],
        functions: Mapping[str, str],
    ) -> None:
        self.sheets = tuple(sheets)
        self.functions = functions
        self.used: Callable[[str], tuple[int, int]] = _nothing
        self.aliases: dict[str, str] = {}
        self.has_hidden_rows: Callable[[], bool] = bool
        self.codes: Callable[[str, int, int, int], tuple[str, ...] | None] = _unknown
        self._by_key = {name.lower(): name for name in self.sheets}
        self._names = {(scope, name.lower()): text for name, text, scope in names}
        self._tables = {view.name.lower(): view for view in tables}

    def sheet(self, name: str) -> str | None:
        """The sheet of that name in its own spelling, or None."""
        return self._by_key.get(name.lower())

    def sheets_between(self, first: str, last: str) -> tuple[str, ...]:
        """The sheets of a reference through several sheets, in tab order; empty where one is missing."""
        a, b = self.sheet(first), self.sheet(last)
        if a is None or b is None:
            return ()
        i, j = sorted((self.sheets.index(a), self.sheets.index(b)))
        return self.sheets[i : j + 1]

    def name(self, name: str, sheet: str | None) -> str | None:
        """The formula of a defined name as a sheet sees it: its own name first, then the workbook's.

        None if undefined.
        """
        key = name.lower()
        if sheet is not None:
            own = self._names.get((self.sheets.index(sheet), key))
            if own is not None:
                return own
        return self._names.get((None, key))

    def has_tables(self) -> bool:
        """Whether the workbook has any tables."""
        return bool(self._tables)

    def table(self, name: str) -> TableView | None:
        """The table of that name, or None."""
        return self._tables.get(name.lower())

    def table_at(self, sheet: str, row: int, column: int) -> TableView | None:
        """The table that holds a cell, or None."""
        return next((view for view in self._tables.values() if view.holds(sheet, row, column)), None)


def _nothing(_sheet: str) -> tuple[int, int]:
    return 0, 0


def _unknown(_sheet: str, _column: int, _first: int, _last: int) -> tuple[str, ...] | None:
    return None
