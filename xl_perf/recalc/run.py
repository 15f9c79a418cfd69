"""The engine over a workbook's formulas: loaded once, its values fetched in columns, single formulas exchanged."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from xl_perf.errors import RecalcError
from xl_perf.excel.rules import Rules
from xl_perf.formula.refs import address, parse_reference
from xl_perf.formula.spelling import spelled
from xl_perf.recalc.blocks import blocks
from xl_perf.recalc.book import EMPTY
from xl_perf.recalc.callbacks import EngineMade, Faults, from_engine, ruled, wrapped
from xl_perf.recalc.copy import CopyWriter
from xl_perf.recalc.engine import Engine, UnreadableFormulaError
from xl_perf.recalc.lower import lower

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xl_perf.package.model import CellKey
    from xl_perf.recalc.book import Book, Cell, Column
    from xl_perf.recalc.recipe import Area, Recipe
    from xl_perf.values import CellValue

    Result = CellValue | EngineMade

_UNREADABLE: Final = "the engine cannot read the formula"


class Run:
    """A workbook in the engine.

    Args:
        book: the workbook.
        reasons: formulas that keep their values; those that the engine cannot read are added.
        milliseconds: longest time for one calculation; None for no limit.

    Attributes:
        columns: by sheet the results of its formulas, at their places.
        others: the results in the other cells that array formulas fill.
        extents: what array formulas that spill fill now.
        faults: what went wrong in functions.
        frozen: values that were put in the place of what cells hold.
        rewritten: formulas that are given to the engine by all of Excel's rules.

    Raises:
        RecalcError: the engine cannot load the copy.
    """

    def __init__(self, book: Book, reasons: dict[Cell, str], milliseconds: int | None) -> None:
        self.book = book
        self.reasons = reasons
        self.faults = Faults()
        self.columns: dict[str, list[Result]] = {}
        self.others: dict[Cell, Result] = {}
        self.extents: dict[Cell, Area] = {}
        self.frozen: dict[Cell, CellValue] = {}
        self.rewritten: dict[Cell, Recipe] = {}
        self._truths: dict[str, set[CellKey]] = {}
        self._milliseconds = milliseconds
        self._engine = self._load()

    def _functions(self) -> dict[str, Any]:
        from xl_perf.catalog import FUNCTIONS  # noqa: PLC0415 - only when something is calculated
        from xl_perf.cells import call, quick  # noqa: PLC0415

        date1904 = self.book.package.date1904
        functions: dict[str, Any] = {}
        recipes = self.book.recipes()
        for spelling in {name for recipe in recipes for name in recipe.ours}:
            name = spelled(spelling, FUNCTIONS)
            assert name is not None
            functions[spelling.upper()] = wrapped(
                FUNCTIONS[name], call, self.faults, date1904=date1904, numbers_only=quick
            )
        rules = Rules(self.book.language, date1904=date1904, codec=self.book.codec).functions()
        return functions | {name: ruled(name, rule, self.faults) for name, rule in rules.items()}

    def _load(self) -> Engine:
        functions = self._functions()
        careful = False
        for _ in range(self.book.count + 2):
            writer = self.writer = CopyWriter(self.book, self.reasons, self.rewritten)
            data = writer.write()
            names = [*writer.names.values(), *dict.fromkeys(sheet for sheet, _ in writer.scratch.values())]
            try:
                return Engine(
                    data,
                    functions,
                    date1904=self.book.package.date1904,
                    milliseconds=self._milliseconds,
                    sheets=names,
                )
            except UnreadableFormulaError as error:
                if error.cell:
                    self._keep(error)
                elif not careful:
                    careful = True
                    self._rewrite_all()
                else:
                    raise RecalcError(f"the engine cannot load the calculation copy: {error}") from error
        raise RecalcError("the engine cannot read the formulas", where=str(self.book.package.path))

    def _keep(self, error: UnreadableFormulaError) -> None:
        """Keeps the formula that the engine cannot read."""
        ref = parse_reference(error.cell)
        sheet = error.sheet.strip("'").replace("''", "'")
        own = {copy: name for name, copy in self.writer.names.items()}
        cell = None if ref is None else (own.get(sheet, sheet), ref.row1, ref.col1)
        if ref is not None and sheet not in own:
            cell = next((c for c, at in self.writer.scratch.items() if at == (sheet, ref.col1)), None)
        if cell is None or cell in self.reasons:
            raise RecalcError(f"the engine cannot read the formula of {error.sheet}!{error.cell}: {error}")
        self.reasons[cell] = _UNREADABLE

    def _rewrite_all(self) -> None:
        """Writes every formula anew where the engine does not say which one it cannot read."""
        for column in self.book.columns.values():
            column.recipes, column.own, column.before = column.recipes.copy(), column.own.copy(), None
            for place, recipe in enumerate(column.recipes):
                if recipe.plain and place not in column.masters:
                    key = column.keys[place]
                    found = lower(column.text(place), self.book.scope, column.sheet, key)
                    column.recipes[place] = replace(found, plain=False)
                    column.own.add(place)

    # --- calculating

    def evaluate(self) -> None:
        """Calculates what is not up to date, and fetches all results.

        Raises:
            RecalcError: the engine gave up.
            BaseException: what interrupted a function.
        """
        self._engine.evaluate()
        if self.faults.interrupted is not None:
            raise self.faults.interrupted
        self.others = {}
        for sheet, column in self.book.columns.items():
            self._fetch(sheet, column)

    def _fetch(self, sheet: str, column: Column) -> None:
        others: set[CellKey] = set()
        for place, array in column.arrays.items():
            cell = (sheet, *column.keys[place])
            if cell in self.reasons:
                continue
            area = array.area
            if cell not in self.writer.scratch:
                extent = self._engine.spill(self.writer.names[sheet], address(*cell[1:]))
                ref = parse_reference(extent) if extent else None
                area = (*cell[1:], *cell[1:]) if ref is None else ref[:4]
                self.extents[cell] = area
            others.update((r, c) for r in range(area[0], area[2] + 1) for c in range(area[1], area[3] + 1))
        keys = column.keys
        areas = blocks([*keys, *others] if others else keys)
        if len(areas) == 1:
            top, left = areas[0][:2]
            lines = self.values(sheet, areas[0])
            found: list[Any] = [lines[row - top][at - left] for row, at in keys]
            self.others.update(((sheet, r, c), from_engine(lines[r - top][c - left])) for r, c in others)
        else:
            raw: dict[CellKey, Any] = {}
            for area in areas:
                cells = itertools.product(range(area[0], area[2] + 1), range(area[1], area[3] + 1))
                raw.update(zip(cells, itertools.chain.from_iterable(self.values(sheet, area)), strict=True))
            found = [raw[key] for key in keys]
            self.others.update(((sheet, *key), from_engine(raw[key])) for key in others)
        if set(map(type, found)) != {float} or sum(found) - sum(found) != 0.0:
            found = [
                value
                if type(value) is float and value - value == 0.0
                else 0.0  # what a formula shows of an empty cell
                if value is None
                else from_engine(value)
                for value in found
            ]
        self.columns[sheet] = found

    def values(self, sheet: str, area: Area) -> list[list[Any]]:
        """The engine's own values of an area."""
        return self._engine.values(self.writer.names[sheet], area)

    def value(self, cell: Cell) -> Result:
        """The result in a cell; what the file holds where nothing is calculated."""
        if cell in self.others:
            return self.others[cell]
        found = self.book.find(cell)
        if found is not None:
            return self.columns[cell[0]][found[1]]
        sheet, row, column = cell
        return from_engine(self.values(sheet, (row, column, row, column))[0][0])

    def truths(self, sheet: str) -> set[CellKey]:
        """The cells of a sheet that hold truth values."""
        if sheet not in self._truths:
            found = {
                (cell.row, cell.column)
                for cell in self.book.package.cells(sheet)
                if isinstance(cell.value, bool) and cell.formula is None
            }
            column = self.book.columns.get(sheet)
            if column is not None:
                found |= {
                    key for key, v in zip(column.keys, self.columns[sheet], strict=True) if type(v) is bool
                }
            self._truths[sheet] = found
        return self._truths[sheet]

    def rewrite(self, cells: Iterable[Cell]) -> None:
        """Writes formulas by all of Excel's rules; one that is not admitted so, or not read, keeps its value."""
        recipes: dict[Cell, Recipe] = {}
        for cell in cells:
            found = None if cell in self.reasons else self.book.find(cell)
            if found is None:
                continue
            column, place = found
            if place in column.arrays:
                self._give_up(cell, "array formula over values that engines take in different ways")
                continue
            recipes[cell] = self.book.lowering.recipe(column.text(place), cell[0], cell[1:], careful=True)
            if recipes[cell].reason:
                self._give_up(cell, recipes.pop(cell).reason)
        self.rewritten |= recipes
        if len(recipes) > _FEW:
            self._engine = self._load()
            for cell, value in self.frozen.items():
                self._engine.set_value(self.writer.names[cell[0]], *cell[1:], value)
            return
        for cell, recipe in recipes.items():
            if not self._engine.set_formula(self.writer.names[cell[0]], *cell[1:], recipe.at(*cell[1:])):
                self._give_up(cell, _UNREADABLE)

    def _give_up(self, cell: Cell, reason: str) -> None:
        """Keeps the stored value of a formula that cannot be rewritten."""
        self.reasons[cell] = reason
        found = self.book.find(cell)
        if found is not None:
            self.freeze(cell, found[0].stored[found[1]])

    def freeze(self, cell: Cell, value: CellValue) -> None:
        """Puts a value in the place of what a cell holds, for all that reads it."""
        self.frozen[cell] = value
        self._engine.set_value(self.writer.names[cell[0]], cell[1], cell[2], value)

    # --- who depends on what

    def direct(self, cell: Cell) -> Iterator[Cell]:
        """The cells whose formulas name a cell."""
        own = {copy: name for name, copy in self.writer.names.items()}
        back = {place: found for found, place in self.writer.scratch.items()}
        for sheet, row, column in self._engine.dependents(self.writer.names[cell[0]], cell[1], cell[2]):
            if sheet in own:
                yield own[sheet], row, column
            elif (sheet, column) in back:
                yield back[sheet, column]

    def dependents(self, seeds: Iterable[Cell]) -> dict[Cell, Cell]:
        """The formulas that depend on cells, directly or not, each with the cell through which it was reached."""
        found: dict[Cell, Cell] = {}
        queue = list(dict.fromkeys(seeds))
        for cell in queue:  # it grows meanwhile
            for dependent in self.direct(cell):
                if dependent not in found:
                    found[dependent] = cell
                    queue.append(dependent)
                    queue += self.filled(dependent)
        return found

    def filled(self, cell: Cell) -> list[Cell]:
        """The other cells that an array formula fills, now or in the file."""
        found = self.book.find(cell)
        array = found[0].arrays.get(found[1]) if found is not None else None
        if array is None:
            return []
        areas = {array.area, self.extents.get(cell, array.area)}
        return [
            (cell[0], r, c)
            for top, left, bottom, right in areas
            for r in range(top, min(bottom, top + _FILLED) + 1)
            for c in range(left, right + 1)
            if (r, c) != cell[1:]
        ]

    def formulas(self) -> Iterator[tuple[Cell, Column, int]]:
        """All formulas: cell, column and place."""
        for sheet, column in self.book.columns.items():
            for place, key in enumerate(column.keys):
                if column.recipes[place] is not EMPTY:
                    yield (sheet, *key), column, place


_FEW: Final = 100
"""Formulas that are exchanged one by one, each at the cost of all that depends on it; more are loaded anew."""
_FILLED: Final = 10_000
"""Rows of an array that are looked at."""
