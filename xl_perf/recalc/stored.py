"""Errors that a workbook stores already: they are said every time, until somebody mends their cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from xl_perf.catalog import FUNCTIONS
from xl_perf.contract.sheets import template_sheets
from xl_perf.formula.refs import Ref, address, parse_reference
from xl_perf.formula.spelling import spelled
from xl_perf.formula.tables import TableView, ThisRow, resolve_table
from xl_perf.formula.tokens import FormulaError, tokenize
from xl_perf.recalc.model import NewError
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.package import Cell, CellKey
    from xl_perf.package.content import Content
    from xl_perf.values import CellValue

    SheetKey = tuple[str, int, int]

NOT_DEFINED: Final = "not defined yet"
_GIVE_NA: Final = frozenset(("PERF_SINTESI", "OBIETTIVO_REGOLA"))
"""Functions whose #N/D says that something is not there yet: not all is reported, the rule has no base."""
_NAMES = {name: name for name in FUNCTIONS}


class StoredErrors(NamedTuple):
    """Errors that were there before, in tab and reading order.

    `template` are those of the template's cells in an official workbook; `own` are those on a user's own
    sheets, those of a workbook that is no official one, and #N/D that stands for something that is not
    defined yet.
    """

    template: tuple[NewError, ...]
    own: tuple[NewError, ...]


def stored_errors(
    package: Content, changes: Mapping[str, Mapping[CellKey, CellValue]] | None = None
) -> StoredErrors:
    """The formula cells that held an error before, and still do.

    Args:
        package: the workbook.
        changes: values that a calculation gives other cells (sheet -> (row, column) -> value).
    """
    found = _Errors(package, changes or {})
    if not found.formulas:
        return StoredErrors((), ())
    sheets = template_sheets(package)
    template: list[NewError] = []
    own: list[NewError] = []
    for key, (_, error) in found.formulas.items():
        reason = found.reason(key)
        report = NewError(key[0], address(*key[1:]), error, reason)
        (template if key[0] in sheets and not reason.startswith(NOT_DEFINED) else own).append(report)
    return StoredErrors(tuple(template), tuple(own))


class _Errors:
    """The errors of a workbook, and why they are there."""

    def __init__(self, package: Content, changes: Mapping[str, Mapping[CellKey, CellValue]]) -> None:
        self._package = package
        self._names = {name.name.casefold(): name.text for name in package.defined_names}
        self._tables = {table.name.casefold(): TableView.of_table(table) for table in package.tables}
        self.formulas: dict[SheetKey, tuple[Cell, CellError]] = {}
        """Formulas that held an error and do still, with it."""
        self.all: dict[SheetKey, CellError] = {}
        """Every cell with an error, constants and new errors included."""
        self._reasons: dict[SheetKey, str] = {}
        self._cells: dict[SheetKey, Cell] = {}
        for info in package.sheets:
            self._read(info.name, changes.get(info.name, {}))
        self._by_sheet: dict[str, set[CellKey]] = {}
        for sheet, row, column in self.all:
            self._by_sheet.setdefault(sheet, set()).add((row, column))

    def _read(self, sheet: str, changes: Mapping[CellKey, CellValue]) -> None:
        for (row, column), value in changes.items():
            if isinstance(value, CellError):
                self.all[sheet, row, column] = value
        if not self._package.may_hold_errors(sheet):
            return
        for cell in self._package.formula_cells(sheet):
            if isinstance(cell.value, CellError):
                value = changes.get((cell.row, cell.column), cell.value)
                if isinstance(value, CellError):
                    key = (sheet, cell.row, cell.column)
                    self.formulas[key] = cell, value
                    self._cells[key] = cell
                    self.all[key] = value

    def reason(self, key: SheetKey) -> str:
        """Where an error comes from: `from Foglio!A1`, `not defined yet`, or nothing."""
        chain: list[SheetKey] = []
        while key not in self._reasons and key not in chain:
            chain.append(key)
            source = self._source(key)
            if source is None:
                self._reasons[key] = NOT_DEFINED if self._is_undefined(key) else ""
                break
            key = source
        root = key
        for each in chain:
            if each != root:
                deep = self._reasons.get(root, "")
                text = f"from {root[0]}!{address(*root[1:])}"
                self._reasons[each] = f"{NOT_DEFINED}, {text}" if deep.startswith(NOT_DEFINED) else text
        return self._reasons.get(chain[0] if chain else key, "")

    def _source(self, key: SheetKey) -> SheetKey | None:
        """A cell with an error that a formula reads; one that is a mistake before one that is not defined yet."""
        cell = self._cells.get(key)
        if cell is None or cell.formula is None:
            return None
        first = None
        for sheet, ref in self._references(cell.formula.text, key):
            for found in self._inside(sheet, ref):
                if found == key:
                    continue
                if self.all[found] != CellError.NA:
                    return found
                first = first or found
        return first

    def _inside(self, sheet: str, ref: Ref) -> Iterator[SheetKey]:
        """The cells with errors in a range, whichever is less work: looking at its cells, or at the sheet's errors."""
        errors = self._by_sheet.get(sheet)
        if not errors:
            return
        if ref.cells <= len(errors):
            for row in range(ref.row1, ref.row2 + 1):
                for column in range(ref.col1, ref.col2 + 1):
                    if (row, column) in errors:
                        yield sheet, row, column
            return
        for row, column in errors:
            if ref.row1 <= row <= ref.row2 and ref.col1 <= column <= ref.col2:
                yield sheet, row, column

    def _references(self, text: str, key: SheetKey, depth: int = 0) -> Iterator[tuple[str, Ref]]:
        """What a formula reads: single cells and ranges, then whole columns of tables, of which it may read one row."""
        try:
            tokens = tokenize(text)
        except FormulaError:
            return
        columns: list[tuple[str, Ref]] = []
        for kind, token in tokens:
            if kind == "ref":
                ref = parse_reference(token)
                if ref is not None and ref.book is None:
                    yield ref.sheet or key[0], ref
            elif kind == "table":
                columns.extend(self._in_table(token, key))
            elif kind == "name" and depth == 0 and token.casefold() in self._names:
                yield from self._references(self._names[token.casefold()], key, 1)
        yield from sorted(columns, key=lambda found: found[1].cells)

    def _in_table(self, token: str, key: SheetKey) -> Iterator[tuple[str, Ref]]:
        name, _, spec = token.partition("[")
        view = self._tables.get(name.casefold())
        found = resolve_table(view, spec[:-1]) if view is not None else None
        if isinstance(found, ThisRow):
            yield found.sheet, Ref(key[1], found.col1, key[1], found.col2, (True,) * 4)
        elif found is not None and view is not None:
            yield view.sheet, found

    def _is_undefined(self, key: SheetKey) -> bool:
        cell = self._cells.get(key)
        if cell is None or cell.formula is None or self.all[key] != CellError.NA:
            return False
        try:
            calls = {
                spelled(token[:-1].rpartition("!")[2], _NAMES)
                for kind, token in tokenize(cell.formula.text)
                if kind == "call"
            }
        except FormulaError:
            return False
        return bool(calls & _GIVE_NA)
