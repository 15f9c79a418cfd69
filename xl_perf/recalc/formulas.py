"""The formulas of a workbook: ordinary ones in columns, all others one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.recalc.lower import Lowering, lower
from xl_perf.recalc.recipe import Recipe, render

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from xl_perf.package import Package
    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.recalc.scope import Scope
    from xl_perf.values import CellValue


@dataclass(slots=True)
class Job:
    """A formula cell and how it is calculated."""

    sheet: str
    row: int
    column: int
    stored: CellValue
    recipe: Recipe
    plain: bool
    """The file's own text serves."""
    text: str
    home: tuple[int, int]
    kind: str = "normal"
    """normal, array (legacy, fills `area`) or dynamic (spills from its cell)."""
    area: tuple[int, int, int, int] | None = None
    reason: str = ""
    """Why it keeps its stored value; empty where it is calculated."""
    followers: bool = True
    """Cells that depend on it keep theirs too."""
    scratch: str = ""
    """Sheet of the copy on which a legacy array is calculated, and the column of its cell there (row 1)."""
    scratch_column: int = 1
    in_file: bool = True
    """The file holds this very text in the cell; not so where it was spelled out from a shared formula."""

    @property
    def key(self) -> CellKey:
        """(row, column)."""
        return self.row, self.column

    def formula(self, *, exact: bool, scope: Scope) -> str:
        """What the engine calculates, without `=`."""
        if exact:
            recipe = lower(self.text, scope, self.sheet, self.home, array=self.kind != "normal", exact=True)
            return render(recipe, self.row, self.column, self.home)
        if self.plain and self.home == (self.row, self.column):
            return self.text
        return render(self.recipe, self.row, self.column, self.home)


@dataclass(slots=True)
class Plain:
    """The ordinary formulas of a sheet: what the engine calculates from the file's own text, in columns.

    Attributes:
        sheet: name of the sheet.
        scan: its formula cells.
        recipes: the recipe of each place of the scan; None for cells that are not among the ordinary ones.
        places: the places of the ordinary ones, ascending.
        spelled: the texts of those that share a formula.
    """

    sheet: str
    scan: SheetScan
    recipes: list[Recipe | None]
    places: Sequence[int]
    spelled: Mapping[int, str]

    def job(self, place: int) -> Job:
        """One of the formulas as a job of its own."""
        recipe = self.recipes[place]
        assert recipe is not None
        key = self.scan.keys[place]
        text = self.spelled.get(place)
        in_file = text is None
        if text is None:
            text = self.scan.text(place)[0]
        return Job(self.sheet, *key, self.scan.stored[place], recipe, True, text, key, in_file=in_file)

    def jobs(self, recipe: Recipe) -> list[Job]:
        """The formulas of a recipe, each as a job of its own."""
        return [self.job(place) for place, own in enumerate(self.recipes) if own is recipe]

    def distinct(self) -> set[Recipe]:
        """The recipes of its formulas, each once."""
        return {recipe for recipe in set(self.recipes) if recipe is not None}

    def matching(self, wanted: Callable[[Recipe], object]) -> list[int]:
        """Places of the formulas whose recipes are wanted."""
        found = {recipe for recipe in self.distinct() if wanted(recipe)}
        return [place for place, recipe in enumerate(self.recipes) if recipe in found] if found else []


@dataclass(slots=True)
class Model:
    """All formulas of a workbook, ready to be calculated: most of them in columns, the others one by one.

    What concerns single formulas takes them out of their columns first (`take`, `take_cells`, `one_by_one`).
    """

    package: Package
    scope: Scope
    lowering: Lowering
    singles: list[Job] = field(default_factory=list)
    plain: dict[str, Plain] = field(default_factory=dict)
    """The ordinary formulas by sheet."""
    spellings: dict[str, str] = field(default_factory=dict)
    """Our functions as the formulas spell them -> canonical name."""
    arrays: int = 0
    """Number of legacy arrays that are calculated on sheets of their own."""

    @property
    def count(self) -> int:
        """Number of formulas."""
        return len(self.singles) + sum(len(plain.places) for plain in self.plain.values())

    def recipes(self) -> set[Recipe]:
        """All recipes, each once."""
        return {job.recipe for job in self.singles}.union(
            *(plain.distinct() for plain in self.plain.values())
        )

    def one_by_one(self) -> list[Job]:
        """All formulas one by one; there are no columns any more."""
        for plain in self.plain.values():
            self.singles += [plain.job(place) for place in plain.places]
        self.plain.clear()
        return self.singles

    def take(self, wanted: Callable[[Recipe], object]) -> list[Job]:
        """The formulas whose recipes are wanted, one by one."""
        for plain in self.plain.values():
            self._take(plain, plain.matching(wanted))
        return [job for job in self.singles if wanted(job.recipe)]

    def take_cells(self, cells: Iterable[tuple[str, int, int]]) -> None:
        """Takes the formulas of some cells (sheet, row, column) out of their columns."""
        by_sheet: dict[str, set[int]] = {}
        for sheet, row, column in cells:
            plain = self.plain.get(sheet)
            place = None if plain is None else plain.scan.index.get((row, column))
            if plain is not None and place is not None and plain.recipes[place] is not None:
                by_sheet.setdefault(sheet, set()).add(place)
        for sheet, places in by_sheet.items():
            self._take(self.plain[sheet], places)

    def _take(self, plain: Plain, places: Collection[int]) -> None:
        if not places:
            return
        for place in sorted(places):
            self.singles.append(plain.job(place))
            plain.recipes[place] = None
        plain.places = [place for place in plain.places if plain.recipes[place] is not None]

    def by_cell(self) -> dict[tuple[str, int, int], Job]:
        """Jobs by sheet, row and column; there are no columns any more."""
        return {(job.sheet, job.row, job.column): job for job in self.one_by_one()}
