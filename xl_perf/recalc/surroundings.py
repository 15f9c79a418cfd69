"""The workbook around its formulas: what they are told of its sheets, names, tables and cells."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from xl_perf.formula.scope import Scope
from xl_perf.formula.tables import TableView

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xl_perf.package import Package

WITH_CELLS: Final = frozenset(("worksheet", "macrosheet", "dialogsheet"))
_HIDDEN: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*\s(?:hidden|zeroHeight)=[\"'](?:1|true)")
_ENGINES_OWN: Final = "Sheet1"
"""The engine adds a sheet of this name where one has it in another case, and mixes the two up."""


def scope_of(
    package: Package, functions: Mapping[str, str], typed: Collection[tuple[str, int, int]] = ()
) -> Scope:
    """What names mean in a workbook.

    Args:
        package: the workbook.
        functions: our functions, canonical name -> shape.
        typed: cells that are given other values (sheet, row, column).
    """
    scope = Scope(
        [info.name for info in package.sheets],
        ((name.name, name.text, name.scope) for name in package.defined_names),
        map(TableView.of_table, package.tables),
        functions,
    )
    scope.has_hidden_rows = cache(lambda: _has_hidden_rows(package))
    scope.used = cache(lambda sheet: _used(package, sheet))
    scope.codes = Codes(package, typed)
    scope.aliases = {
        name: f"~{name}"
        for name in scope.sheets
        if name.lower() == _ENGINES_OWN.lower() and name != _ENGINES_OWN
    }
    return scope


class Codes:
    """The texts in columns of a workbook's sheets.

    Args:
        package: the workbook.
        typed: cells that are given other values, by sheet.
    """

    def __init__(self, package: Package, typed: Collection[tuple[str, int, int]]) -> None:
        self._package = package
        self._typed = typed
        self._columns: dict[tuple[str, int], dict[int, str | None]] = {}

    def __call__(self, sheet: str, column: int, first: int, last: int) -> tuple[str, ...] | None:
        """The texts of a range of one column, empty ones for empty cells; None where it holds anything else."""
        key = sheet, column
        if key not in self._columns:
            self._columns[key] = self._read(sheet, column)
        found = self._columns[key]
        texts = [found.get(row, "") for row in range(first, last + 1)]
        typed = any(cell[:1] + cell[2:] == key and first <= cell[1] <= last for cell in self._typed)
        return None if typed or None in texts else tuple(text or "" for text in texts)

    def _read(self, sheet: str, column: int) -> dict[int, str | None]:
        """Row -> text, None for what is no constant text."""
        scan = self._package.scan(sheet)
        if scan is None:
            return {cell.row: None for cell in self._package.cells(sheet) if cell.column == column}
        return scan.texts(column)


def _has_hidden_rows(package: Package) -> bool:
    parts = (info.part for info in package.sheets if info.kind == "worksheet")
    return any(_HIDDEN.search(package.read(part)) for part in parts)


def _used(package: Package, sheet: str) -> tuple[int, int]:
    info = package.sheet(sheet)
    if info.kind not in WITH_CELLS:
        return 0, 0
    scan = package.scan(sheet) if info.kind == "worksheet" else None
    if scan is not None:
        return scan.used
    cells = package.cells(sheet)
    return max((cell.row for cell in cells), default=0), max((cell.column for cell in cells), default=0)
