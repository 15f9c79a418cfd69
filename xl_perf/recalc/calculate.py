"""Calculating one workbook. Nothing is written here.

What the stored values are worth decides what is calculated (`xl_perf.recalc.trust`): in a file that Excel
saved last only what depends on our functions or on cells that are changed; in any other file everything. What
the engine cannot be trusted with is left to LibreOffice, or keeps its value and is reported.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.contract.edition import plan_of
from xl_perf.formula.refs import address
from xl_perf.recalc import engine as first
from xl_perf.recalc import functions as table
from xl_perf.recalc.book import EMPTY, Book
from xl_perf.recalc.compare import agrees, different
from xl_perf.recalc.gates import close_gates, contradicts
from xl_perf.recalc.look import look_again
from xl_perf.recalc.report import Comparison, no_formulas
from xl_perf.recalc.run import Run
from xl_perf.recalc.trust import Trust, trust_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package import Package
    from xl_perf.package.model import CellKey
    from xl_perf.plan.model import Plan
    from xl_perf.recalc.book import Cell
    from xl_perf.recalc.model import Calculation
    from xl_perf.values import CellValue


def our_functions() -> dict[str, str]:
    """Our functions: canonical name -> shape."""
    from xl_perf.catalog import FUNCTIONS  # noqa: PLC0415 - only when something is calculated

    return {name: str(function.shape) for name, function in FUNCTIONS.items()}


def recalculate_package(
    package: Package,
    *,
    overrides: Mapping[str, Mapping[CellKey, CellValue]] | None = None,
    milliseconds: int | None = None,
    engine: str = first.NAME,
    office: bool = True,
    plan: Plan | None = None,
) -> Calculation:
    """Calculates the formulas of a workbook.

    What a function takes from the plan where an argument is left out comes from the edition that the workbook
    belongs to, so that a newer edition on the machine changes no result.

    Args:
        package: the workbook; it is not changed.
        overrides: other values for some cells (sheet -> (row, column) -> value), as if they had been typed in; a
            formula cell among them stands as that value. They are not part of the result's changes.
        milliseconds: longest time for one run of the engine; None for no limit.
        engine: `formualizer`, or `libreoffice` where it is installed, which then calculates everything.
        office: leave what the engine cannot be trusted with to LibreOffice, where it is installed.
        plan: the edition to calculate with; None for the one that an official workbook names, and the newest
            for others.

    Returns:
        The values that differ from the stored ones, and everything that a report needs.

    Raises:
        WorkbookError: the workbook cannot be read.
        PlanError: this machine does not have the edition that an official workbook names.
        RecalcError: the engine cannot load or calculate the copy, or is not installed.
    """
    state = calculating(package, overrides, milliseconds, engine, plan)
    if engine != first.NAME or (office and state.open):
        from xl_perf.recalc.office import find_office  # noqa: PLC0415 - where it is needed
        from xl_perf.recalc.office import office as program  # noqa: PLC0415

        if engine != first.NAME or find_office() is not None:
            seconds = None if milliseconds is None else milliseconds / 1000
            return state.finished(
                program().calculate(state.office_copy(), seconds, state.edition), program().version
            )
    return state.finished()


def calculating(
    package: Package,
    overrides: Mapping[str, Mapping[CellKey, CellValue]] | None = None,
    milliseconds: int | None = None,
    engine: str = first.NAME,
    plan: Plan | None = None,
) -> Calculating:
    """What the engine can calculate of a workbook; arguments as for `recalculate_package`."""
    if plan is None and package.holds_formulas():
        plan = plan_of(package)
    with nullcontext() if plan is None else binding.use(plan):
        state = Calculating(package, overrides or {}, milliseconds, engine)
    state.edition = "" if plan is None else plan.id
    return state


class Calculating:
    """A calculation under way: what the engine could calculate is, `open` is the rest.

    Args:
        package: the workbook.
        overrides: see `recalculate_package`.
        milliseconds: longest time for one run of the engine.
        engine: who calculates; with `libreoffice` everything is left open.
    """

    def __init__(
        self,
        package: Package,
        overrides: Mapping[str, Mapping[CellKey, CellValue]],
        milliseconds: int | None,
        engine: str = first.NAME,
    ) -> None:
        self.package = package
        self.engine = engine
        self.edition = ""
        """Id of the plan's edition that it is calculated with; the newest when empty."""
        self.notes: list[str] = []
        self.reasons: dict[Cell, str] = {}
        self.open: dict[Cell, str] = {}
        """Formulas that are not calculated, with the reason: left to LibreOffice, or they keep their values."""
        self.cone: set[Cell] | None = None
        """The formulas that are spoken of; None for all."""
        self.run: Run | None = None
        self.typed = {
            (package.sheet(sheet).name, *key): value
            for sheet, cells in overrides.items()
            for key, value in cells.items()
        }
        self.trust = trust_in(package)
        if not package.holds_formulas():
            return
        self.book = Book(package, our_functions(), self.typed)
        self._random = frozenset(self._admit())
        if engine != first.NAME:
            self.run = Run(self.book, self.reasons, milliseconds)
            self.run.evaluate()
            self.open = {
                cell: self.reasons.get(cell, "")
                for cell, _, _ in self.run.formulas()
                if cell not in self.typed
            }
            return
        if self.trust is not Trust.NONE and not self._seeds():
            self.cone = set()
            return
        self._calculate(milliseconds)

    def _admit(self) -> list[Cell]:
        """Notes the formulas that are not given to the engine; gives those with random numbers."""
        exact = self.package.calc_properties.full_precision
        random = []
        for sheet, column in self.book.columns.items():
            for place, recipe in enumerate(column.recipes):
                if not recipe.reason and exact:
                    continue
                cell = (sheet, *column.keys[place])
                self.reasons[cell] = (
                    recipe.reason or "the workbook calculates with the precision as displayed"
                )
                if recipe.functions & table.RANDOM and column.stored[place] is not None:
                    random.append(cell)
        return random

    def _seeds(self) -> list[Cell]:
        """What is new in a file that Excel calculated: our functions, typed cells, values that are missing or old."""
        seeds = list(self.typed)
        for sheet, column in self.book.columns.items():
            stored = column.stored
            for place, recipe in enumerate(column.recipes):
                old = self.trust is Trust.STALE and recipe.reason
                if (
                    recipe.ours
                    or old
                    or (stored[place] is None and recipe is not EMPTY and not recipe.reason)
                ):
                    seeds.append((sheet, *column.keys[place]))
        return seeds

    def _calculate(self, milliseconds: int | None) -> None:
        run = self.run = Run(self.book, self.reasons, milliseconds)
        trusted = self.trust is not Trust.NONE
        if self.typed and not trusted:
            self._type(run)
        run.evaluate()
        look_again(run)
        if trusted:
            self._hold_to_excel(run)
        close_gates(run)
        self._spread(run)

    def _type(self, run: Run) -> None:
        for cell, value in self.typed.items():
            run.freeze(cell, value)

    def _hold_to_excel(self, run: Run) -> None:
        """Finds the cone, and puts Excel's values in the place of the engine's outside it where they differ."""
        seeds = self._seeds()
        cone = run.dependents(seeds).keys() | set(seeds)
        runtime = {
            (column.sheet, *column.keys[place])
            for column, place in self.book.cells(
                {recipe for recipe in self.book.recipes() if recipe.functions & table.RUNTIME_REFERENCES}
            )
        }
        if runtime and seeds:
            cone |= runtime | run.dependents(runtime).keys()
        differing = {
            (sheet, *column.keys[place])
            for sheet, column in self.book.columns.items()
            for place in different(range(len(column.keys)), column.stored, run.columns[sheet])
            if not agrees(column.stored[place], run.columns[sheet][place])
        }
        outside = differing - cone - self.reasons.keys()
        for cell in sorted(outside):
            found = self.book.find(cell)
            if found is not None and contradicts(run, *found, differing):
                where = f"{cell[0]}!{address(*cell[1:])}"
                self.notes.append(
                    f"the file was changed since Excel calculated it ({where} does not fit its inputs): "
                    "all values are new"
                )
                self.trust = Trust.NONE
                if self.typed:
                    self._type(run)
                    run.evaluate()
                    look_again(run)
                return
        self.cone = cone
        for cell in outside:
            found = self.book.find(cell)
            if found is not None:
                run.freeze(cell, found[0].stored[found[1]])
        self._type(run)
        if outside or self.typed:
            run.evaluate()
            look_again(run)

    def _spread(self, run: Run) -> None:
        """What depends on formulas that are not calculated is not calculated either."""
        if self.cone is not None:
            for cell in [cell for cell in self.reasons if cell not in self.cone]:
                del self.reasons[cell]
        seeds = [cell for cell in self.reasons if cell not in self._random]
        seeds += [other for cell in seeds for other in run.filled(cell)]
        runtime = {recipe for recipe in self.book.recipes() if recipe.functions & table.RUNTIME_REFERENCES}
        found = run.dependents(seeds) if seeds else {}
        if seeds and runtime:
            own = [(column.sheet, *column.keys[place]) for column, place in self.book.cells(runtime)]
            found = dict.fromkeys(own, seeds[0]) | run.dependents(own) | found
        self.open = {cell: reason for cell, reason in self.reasons.items() if cell not in self.typed}
        for cell, through in found.items():
            if cell not in self.reasons and cell not in self.typed and self.book.find(cell) is not None:
                where = f"{through[0]}!{address(*through[1:])}"
                self.open[cell] = f"depends on {where}, which keeps its value"

    def office_copy(self) -> bytes:
        """The copy that LibreOffice calculates: what is open as formulas, all else as values."""
        from xl_perf.recalc.office_copy import write_office_copy  # noqa: PLC0415 - where it is needed

        assert self.run is not None
        return write_office_copy(self.run, self.open, self.typed)

    def finished(self, result: Package | None = None, version: str = "") -> Calculation:
        """The calculation: with LibreOffice's result for what was open, else that keeps its values."""
        if self.run is None:
            return no_formulas(self.package, self.engine, 0 if not hasattr(self, "book") else self.book.count)
        by_office: dict[Cell, str] = {}
        if result is not None:
            from xl_perf.recalc.office_copy import take  # noqa: PLC0415

            by_office, self.open = take(self.run, result, self.open, sure=self.engine == first.NAME)
        return Comparison(self, by_office, version).calculation()
