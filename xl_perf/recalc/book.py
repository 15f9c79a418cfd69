"""The formulas of a workbook in columns, one for each sheet, with the recipe of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from xl_perf.formula.refs import parse_reference
from xl_perf.formula.shapes import SHAPES
from xl_perf.formula.shift import shifted
from xl_perf.recalc.lower import Lowering, Sheet, lower
from xl_perf.recalc.recipe import Recipe
from xl_perf.recalc.sourced import add_sources
from xl_perf.recalc.surroundings import WITH_CELLS, scope_of
from xl_perf.recalc.trust import language_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from xl_perf.excel.language import Language
    from xl_perf.package import Package
    from xl_perf.package.model import CellKey, Formula
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.recalc.recipe import Area
    from xl_perf.values import CellValue

Cell = tuple[str, int, int]
"""Sheet, row, column."""

_LARGEST_ARRAY: Final = 200_000
"""Cells of an array formula that is calculated."""
_ODD_TEXT: Final = re.compile(rb"&#|_x[0-9A-Fa-f]{4}_|\r")
"""Characters in a formula that XML readers may see in different ways."""


class Array(NamedTuple):
    """An array formula: `array` (legacy, fills its area) or `dynamic` (spills from its cell)."""

    kind: str
    area: Area


@dataclass
class Column:
    """The formulas of a sheet in document order, each at a place from 0.

    Attributes:
        sheet: name of the sheet.
        keys: row and column of each.
        stored: its stored value.
        recipes: how it is calculated.
        own: places whose text in the file is not what the recipe was made of: shared ones and those with odd
            characters.
        masters: place -> the text of a shared formula's first cell, and that cell.
        arrays: place -> what it fills.
        scan: the sheet's part in pieces; None where its cells were read one by one.
        texts: the texts where there is no scan.
        before: the same for the workbooks that have the sheet's formulas; None where they depend on this one.
    """

    sheet: str
    keys: list[CellKey]
    stored: Sequence[CellValue]
    recipes: list[Recipe]
    own: set[int] = field(default_factory=set)
    masters: dict[int, tuple[str, CellKey]] = field(default_factory=dict)
    arrays: dict[int, Array] = field(default_factory=dict)
    scan: SheetScan | None = None
    texts: list[str] = field(default_factory=list)
    before: Sheet | None = None

    def text(self, place: int) -> str:
        """The formula in the file, without `=`; of one that shares another's, what it means in its cell."""
        found = self.masters.get(place)
        if found is not None:
            row, column = self.keys[place]
            return shifted(found[0], row - found[1][0], column - found[1][1])
        return self.texts[place] if self.scan is None else self.scan.text(place)

    def written(self, place: int, own_sheet: str = "") -> str:
        """What the engine calculates, without `=`."""
        recipe = self.recipes[place]
        if recipe.plain and place not in self.masters and place not in self.arrays:
            return self.text(place)  # the recipe is that of another cell of the same shape
        return recipe.at(*self.keys[place], own_sheet=own_sheet)

    @cached_property
    def index(self) -> dict[CellKey, int]:
        """Place by row and column."""
        return {key: place for place, key in enumerate(self.keys)}


class Book:
    """A workbook ready to be calculated.

    Args:
        package: the workbook.
        functions: our functions, canonical name -> shape.
        typed: cells that are given other values.
    """

    def __init__(self, package: Package, functions: Mapping[str, str], typed: Collection[Cell] = ()) -> None:
        self.package = package
        self.scope = scope_of(package, functions, typed)
        self.lowering = Lowering(self.scope)
        self.columns: dict[str, Column] = {}
        for info in package.sheets:
            if info.kind in WITH_CELLS:
                column = self._read(info.name, keep=info.kind != "worksheet")
                if column.keys:
                    self.columns[info.name] = column
        add_sources(self)

    @cached_property
    def language(self) -> Language:
        """The language of the Excel that holds it."""
        return language_of(self.package)

    @property
    def codec(self) -> str:
        """The characters from 128 to 255 of the system that holds it."""
        return "mac_roman" if "Macintosh" in self.package.application else "cp1252"

    @property
    def count(self) -> int:
        """Number of formulas."""
        return sum(len(column.keys) for column in self.columns.values())

    def recipes(self) -> set[Recipe]:
        """All recipes, each once."""
        return set().union(*(column.recipes for column in self.columns.values()))

    def cells(self, wanted: set[Recipe]) -> Iterator[tuple[Column, int]]:
        """The formulas of some recipes."""
        if wanted:
            for column in self.columns.values():
                for place, recipe in enumerate(column.recipes):
                    if recipe in wanted:
                        yield column, place

    def find(self, cell: Cell) -> tuple[Column, int] | None:
        """The formula of a cell, None where it has none."""
        column = self.columns.get(cell[0])
        place = None if column is None else column.index.get(cell[1:])
        return None if column is None or place is None else (column, place)

    def own_recipe(self, column: Column, place: int) -> Recipe:
        """The recipe of one formula with its own references.

        The one in its column may be of another of the same shape.
        """
        recipe = column.recipes[place]
        if not recipe.plain or place in column.masters or place in column.arrays:
            return recipe
        return lower(column.text(place), self.scope, column.sheet, column.keys[place])

    def _read(self, sheet: str, *, keep: bool) -> Column:
        scan = None if keep else self.package.scan(sheet)
        if scan is None:
            return self._read_cells(sheet, keep=keep)
        elements = scan.formulas
        before = self.lowering.before(sheet, scan.names, elements)
        if before is not None:
            return self._read_near(sheet, scan, *before)
        nothing = Recipe()
        shapes = list(map(SHAPES.__getitem__, elements))
        known: dict[bytes, Recipe] = {}
        others: set[bytes] = set()
        for shape, place in dict(zip(shapes, range(len(shapes)), strict=True)).items():
            head = shape[: shape.index(b">")]
            is_plain = (head == b"<f" or b" t=" not in head) and not head.endswith(b"/")
            text = scan.text(place) if is_plain else ""
            recipe = self.lowering.recipe(text, sheet, scan.keys[place]) if text else nothing
            if recipe.plain:
                known[shape] = recipe
            else:
                others.add(shape)
        column = Column(
            sheet, scan.keys, scan.stored, [known.get(shape, nothing) for shape in shapes], scan=scan
        )
        odd = _ODD_TEXT.search(scan.part.utf8) is not None
        if others or odd:
            self._read_others(column, scan, [p for p, shape in enumerate(shapes) if shape in others], odd=odd)
        if not column.arrays and not any(recipe.local for recipe in set(column.recipes)):
            column.before = Sheet(scan.names, elements, column.recipes, column.own, column.masters, [])
            self.lowering.remember(sheet, column.before)
        return column

    def _read_near(self, sheet: str, scan: SheetScan, known: Sheet, others: list[int]) -> Column:
        """Formulas of which all but a few are those of a workbook alike."""
        if not others:
            return Column(sheet, scan.keys, scan.stored, *known[2:5], scan=scan, before=known)
        recipes, own = known.recipes.copy(), known.own.difference(others)
        column = Column(sheet, scan.keys, scan.stored, recipes, own, scan=scan)
        self._read_others(column, scan, others, odd=False)
        column.own.update(place for place in others if _ODD_TEXT.search(scan.formulas[place]))
        return column

    def _read_others(self, column: Column, scan: SheetScan, places: list[int], *, odd: bool) -> None:
        """Formulas whose text does not serve as it is."""
        elements, keys = scan.formulas, column.keys
        formulas: list[tuple[int, Formula]] = []
        same: dict[tuple[int, bytes], Recipe] = {}
        for place in places:
            element, key = elements[place], keys[place]
            head = element[: element.index(b">")]
            if b" t=" in head or head.endswith(b"/") or element == b"<f></f>":
                formulas.append((place, scan.formula(place)))
                continue
            found = same.get((key[1], element))
            if found is None:
                found = self.lowering.recipe(scan.text(place), column.sheet, key)
                if found.reusable and b"~" not in SHAPES[element]:  # nothing in its text moves with the row
                    same[key[1], element] = found
            column.recipes[place] = found
        if odd:
            column.own.update(p for p, element in enumerate(elements) if _ODD_TEXT.search(element))
        if formulas:
            self._read_unusual(column, formulas)

    def _read_cells(self, sheet: str, *, keep: bool) -> Column:
        found = [cell for cell in self.package.cells(sheet) if cell.formula is not None]
        cells = [
            cell for cell in found if cell.formula and (cell.formula.text or cell.formula.kind != "normal")
        ]
        keys = [(cell.row, cell.column) for cell in cells]
        column = Column(sheet, keys, [cell.value for cell in cells], [Recipe()] * len(cells))
        column.texts = [cell.formula.text if cell.formula else "" for cell in cells]
        column.own.update(range(len(cells)))
        unusual: list[tuple[int, Formula]] = []
        for place, cell in enumerate(cells):
            assert cell.formula is not None
            if keep:
                column.recipes[place] = Recipe(reason="cell of a macro or dialog sheet")
            elif cell.formula.kind == "normal":
                column.recipes[place] = self.lowering.recipe(cell.formula.text, sheet, keys[place])
            else:
                unusual.append((place, cell.formula))
        self._read_unusual(column, unusual)
        return column

    def _read_unusual(self, column: Column, formulas: list[tuple[int, Formula]]) -> None:
        """Shared formulas, arrays and data tables."""
        masters: dict[int, tuple[Recipe, str, CellKey]] = {}
        for place, formula in formulas:
            if formula.kind == "shared" and formula.text and formula.shared is not None:
                key = column.keys[place]
                recipe = self.lowering.fresh(formula.text, column.sheet, key)[0]
                masters.setdefault(formula.shared, (recipe, formula.text, key))
        for place, formula in formulas:
            key = column.keys[place]
            column.own.add(place)
            if formula.kind == "shared":
                found = masters.get(-1 if formula.shared is None else formula.shared)
                if formula.text and (found is None or found[2] != key):
                    column.recipes[place] = self.lowering.recipe(formula.text, column.sheet, key)
                elif found is None:
                    column.recipes[place] = Recipe(reason="shared formula without its first cell")
                else:
                    column.recipes[place] = found[0]
                    column.masters[place] = found[1:]
            elif formula.kind == "array":
                column.recipes[place] = self._array(column, place, formula)
            elif formula.kind == "normal" and not formula.text:
                column.recipes[place] = EMPTY
            else:
                column.recipes[place] = Recipe(reason="data table (what-if analysis)")
                ref = parse_reference(formula.ref) if formula.ref else None
                if ref is not None:
                    column.arrays[place] = Array("table", ref[:4])

    def _array(self, column: Column, place: int, formula: Formula) -> Recipe:
        key = column.keys[place]
        ref = parse_reference(formula.ref) if formula.ref else None
        if ref is None or ref[:2] != key:
            return Recipe(reason="array formula without its range")
        area = ref[:4]
        if size(area) > _LARGEST_ARRAY:
            return Recipe(reason="array of whole rows or columns")
        kind = "dynamic" if formula.dynamic else "array"
        column.arrays[place] = Array(kind, area)
        alone = size(area) == 1 and kind == "array"
        return lower(formula.text, self.scope, column.sheet, key, array=True, first=alone)


EMPTY: Final = Recipe()
"""The formula element without text that Excel leaves in the cells of an array's range: no formula at all."""


def size(area: Area) -> int:
    """Number of cells of an area."""
    return (area[2] - area[0] + 1) * (area[3] - area[1] + 1)
