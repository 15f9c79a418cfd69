"""Sources of targets for the function that explains calls: cells hand over numbers, where they come from stands beside.

A call whose argument is a target cell of an official workbook, a cell that takes a target by a look-up, or a look-up
of a target gets the cell of its source as a further argument, behind all that the function has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from xl_perf.catalog import FUNCTIONS
from xl_perf.contract.tables import read_map
from xl_perf.errors import PerfError
from xl_perf.formula.refs import column_letters, parse_reference, quote_sheet
from xl_perf.formula.spelling import builtin_name, spelled
from xl_perf.formula.tables import ThisRow, resolve_table
from xl_perf.formula.tokens import FormulaError, tokenize
from xl_perf.recalc.lower import lower

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.formula.scope import Scope
    from xl_perf.formula.tokens import Token
    from xl_perf.package import CellKey, Package
    from xl_perf.recalc.book import Book

EXPLAINS: Final = "PERF_SPIEGA"
"""The function that gets sources."""
_NAME, _LOWER = EXPLAINS.encode(), EXPLAINS.lower().encode()
_DEEPEST: Final = 8
"""Cells that follow one another at most from an argument to a target."""


def add_sources(book: Book) -> None:
    """Gives the calls that explain others the sources of the targets among their arguments.

    Args:
        book: a workbook ready to be calculated.
    """
    sources: Sources | None = None
    for column in book.columns.values():
        formulas: Sequence[bytes | str] = column.texts if column.scan is None else column.scan.formulas
        places = [place for place, text in enumerate(formulas) if _names_it(text)]
        for place in places:
            sources = sources or Sources(book.package, book.scope)
            key = column.keys[place]
            text = (
                sources.written(column.text(place), column.sheet, key) if place not in column.arrays else None
            )
            recipe = None if text is None else lower(text, book.scope, column.sheet, key)
            if recipe is not None and not recipe.reason:
                column.recipes = [*column.recipes[:place], recipe, *column.recipes[place + 1 :]]
                column.before = None


def _names_it(formula: bytes | str) -> bool:
    if isinstance(formula, str):
        return EXPLAINS in formula.upper()
    return _NAME in formula or _LOWER in formula


class _Area(NamedTuple):
    sheet: str
    row1: int
    col1: int
    row2: int
    col2: int

    def __str__(self) -> str:
        first = f"{quote_sheet(self.sheet)}${column_letters(self.col1)}${self.row1}"
        is_cell = self[1:3] == self[3:]
        return first if is_cell else f"{first}:${column_letters(self.col2)}${self.row2}"


class Sources:
    """The sources of the targets of a workbook.

    Args:
        package: the workbook; one that is no official workbook has none.
        scope: what names mean in it.
    """

    def __init__(self, package: Package, scope: Scope) -> None:
        self._package = package
        self._scope = scope
        self._arguments = len(FUNCTIONS[EXPLAINS].arguments)
        self._formulas: dict[str, dict[CellKey, str]] = {}
        self._columns: list[tuple[_Area, int]] = []
        try:
            for column in read_map(package):
                view = scope.table(column.table)
                value, source = (
                    None if view is None else view.column(heading)
                    for heading in (column.value_column, column.source_column)
                )
                if view is not None and value is not None and source is not None:
                    first, last = view.data_rows
                    self._columns.append((_Area(view.sheet, first, value, last, value), source))
        except PerfError:
            self._columns = []

    def written(self, text: str, sheet: str, cell: CellKey) -> str | None:
        """A formula whose calls name the sources of their arguments; None where they have none.

        Args:
            text: the formula without `=`.
            sheet: its sheet.
            cell: its cell.
        """
        try:
            tokens = tokenize(text)
        except FormulaError:
            return None
        for place, (kind, value) in enumerate(tokens):
            if kind == "call" and spelled(value[:-1], self._scope.functions) == EXPLAINS:
                arguments, end = _arguments(tokens, place)
                found = [self._source(one, sheet, cell, 0) if k else None for k, one in enumerate(arguments)]
                if not any(found) or len(arguments) > self._arguments:
                    continue
                own = [*map(_joined, arguments), *[""] * (self._arguments - len(arguments))]
                call = value + ",".join([*own, *(one or "" for one in found[1:])]) + ")"
                return _joined(tokens[:place]) + call + _joined(tokens[end:])
        return None

    # --- where a number comes from

    def _source(self, tokens: list[Token], sheet: str, cell: CellKey, depth: int) -> str | None:
        """The source of what an argument stands for, as a piece of a formula; None for no target."""
        tokens = [token for token in tokens if token[0] != "space"]
        if depth > _DEEPEST or not tokens:
            return None
        if len(tokens) == 1:
            area = self._area(tokens[0], sheet, cell)
            return None if area is None or area[1:3] != area[3:] else self._of_cell(area, depth)
        if tokens[0][0] != "call" or _arguments(tokens, 0)[1] != len(tokens):
            return None
        name, (arguments, _) = builtin_name(tokens[0][1][:-1]), _arguments(tokens, 0)
        if name in ("INDEX", "XLOOKUP"):
            place = 0 if name == "INDEX" else 2
            if len(arguments) <= place:
                return None
            column = self._shifted(arguments[place], sheet, cell)
            others = arguments[1:] if name == "INDEX" else arguments[:2]
            said = [self._absolute(one, sheet, cell) for one in others]
            pieces = [column, *said] if name == "INDEX" else [*said, column]
            known = [piece for piece in pieces if piece is not None]
            return f"{tokens[0][1]}{','.join(known)})" if len(known) == len(pieces) else None
        if name == "IFERROR":
            return self._source(arguments[0], sheet, cell, depth + 1)
        condition = self._absolute(arguments[0], sheet, cell) if name == "IF" else None
        if condition is None:
            return None
        ways = [self._source(one, sheet, cell, depth + 1) or '""' for one in arguments[1:]]
        return f"IF({','.join([condition, *ways])})" if set(ways) != {'""'} else None

    def _of_cell(self, area: _Area, depth: int) -> str | None:
        for column, source in self._columns:
            if (
                column.sheet == area.sheet
                and column.col1 == area.col1
                and column.row1 <= area.row1 <= column.row2
            ):
                return str(area._replace(col1=source, col2=source))
        key = area[1:3]
        formula = self._formulas_of(area.sheet).get(key)
        return None if formula is None else self._source(_cut(formula), area.sheet, key, depth + 1)

    def _shifted(self, tokens: list[Token], sheet: str, cell: CellKey) -> str | None:
        """The sources beside a range of targets."""
        area = self._area(tokens[0], sheet, cell) if len(tokens) == 1 else None
        if area is None:
            return None
        for column, source in self._columns:
            is_inside = column.row1 <= area.row1 and area.row2 <= column.row2
            if (column.sheet, column.col1, column.col2) == (area.sheet, area.col1, area.col2) and is_inside:
                return str(area._replace(col1=source, col2=source))
        return None

    # --- references

    def _area(self, token: Token, sheet: str, cell: CellKey) -> _Area | None:
        kind, value = token
        if kind == "name":
            meaning = self._scope.name(value, sheet)
            tokens = [] if meaning is None else _cut(meaning)
            return self._area(tokens[0], sheet, cell) if len(tokens) == 1 and tokens[0][0] == "ref" else None
        if kind == "table":
            name, _, rest = value.partition("[")
            view = self._scope.table(name) if name else self._scope.table_at(sheet, *cell)
            found = None if view is None else resolve_table(view, rest[:-1])
            if isinstance(found, ThisRow):
                return _Area(found.sheet, cell[0], found.col1, cell[0], found.col2)
        else:
            found = parse_reference(value) if kind == "ref" else None
        if found is None or found.whole or found.book is not None or found.last_sheet is not None:
            return None
        where = self._scope.sheet(found.sheet) if found.sheet is not None else sheet
        return None if where is None else _Area(where, found.row1, found.col1, found.row2, found.col2)

    def _absolute(self, tokens: list[Token], sheet: str, cell: CellKey) -> str | None:
        """A piece of a formula as any other cell may say it; None where it has a reference that is not known."""
        said = []
        for kind, value in tokens:
            area = self._area((kind, value), sheet, cell) if kind in ("ref", "table") else None
            if area is None and kind in ("ref", "table", "badref"):
                return None
            said.append(value if area is None else str(area))
        return "".join(said)

    def _formulas_of(self, sheet: str) -> dict[CellKey, str]:
        if sheet not in self._formulas:
            self._formulas[sheet] = {
                (one.row, one.column): one.formula.text
                for one in self._package.cells(sheet)
                if one.formula is not None and one.formula.text
            }
        return self._formulas[sheet]


def _cut(text: str) -> list[Token]:
    try:
        return [token for token in tokenize(text.strip().removeprefix("=")) if token[0] != "space"]
    except FormulaError:
        return []


def _joined(tokens: list[Token]) -> str:
    return "".join(value for _, value in tokens)


def _arguments(tokens: list[Token], place: int) -> tuple[list[list[Token]], int]:
    """The arguments of the call at a place, and the place behind it."""
    found: list[list[Token]] = [[]]
    depth = 0
    for end in range(place + 1, len(tokens)):
        kind, value = tokens[end]
        if value == ")" and not depth:
            return found, end + 1
        depth += (kind == "call" or value == "(") - (value == ")")
        if value == "," and not depth:
            found.append([])
        else:
            found[-1].append(tokens[end])
    return found, len(tokens)
