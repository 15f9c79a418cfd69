"""One run of the engine over a workbook's formulas."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from xl_perf.errors import RecalcError
from xl_perf.recalc import functions as table
from xl_perf.recalc.collect import Results, collect
from xl_perf.recalc.copy import CopyOptions, write_copy
from xl_perf.recalc.dependents import Graph
from xl_perf.recalc.engine import (
    NAME,
    Engine,
    EngineMade,
    Faults,
    UnreadableFormulaError,
    rules,
    wrapped,
)
from xl_perf.recalc.excel_rules import locale_of
from xl_perf.recalc.formula import parse_reference
from xl_perf.recalc.lower import lower
from xl_perf.recalc.probes import Probes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.formulas import Job, Model
    from xl_perf.values import CellValue

_ROUNDS: Final = 5
_TINY: Final = 1e-6
"""Only sums smaller than this can be what rounding left of 0 (Excel keeps 15 digits)."""


@dataclass(slots=True)
class Run:
    """Everything known while a workbook is calculated."""

    model: Model
    milliseconds: int | None
    reasons: dict[Place, str] = field(default_factory=dict)
    """Formulas that keep their stored values for a reason of their own."""
    alone: set[Place] = field(default_factory=set)
    """Those of them whose stored value other formulas may be calculated from."""
    judged: bool = False
    """The stored values are Excel's and fit the inputs, so that they bear witness for or against the engine's."""
    notes: list[str] = field(default_factory=list)
    engine: str = NAME
    _graph: Graph | None = None

    @property
    def graph(self) -> Graph:
        """The dependency graph, built when first needed."""
        if self._graph is None:
            self._graph = Graph(self.model)
        return self._graph


def admit(run: Run) -> None:
    """Notes the formulas that are not given to the engine."""
    exact = run.model.package.calc_properties.full_precision
    for job in run.model.singles if exact else run.model.one_by_one():
        if not exact and not job.reason:
            job.reason = "the workbook calculates with the precision as displayed"
        if job.reason:
            place = (job.sheet, job.row, job.column)
            run.reasons[place] = job.reason
            if job.recipe.functions & table.RANDOM and job.stored is not None:
                run.alone.add(place)


def calculate_once(run: Run, options: CopyOptions) -> Results:
    """One run of the engine; formulas that it cannot read are kept, and the rest is tried again."""
    if run.engine != NAME:
        from xl_perf.recalc.office_run import calculate_in_office  # noqa: PLC0415 - the second engine

        return calculate_in_office(run, options)
    from xl_perf.catalog import FUNCTIONS  # noqa: PLC0415
    from xl_perf.cells import call, quick  # noqa: PLC0415

    model = run.model
    model.take_cells(options.frozen | options.exact)
    model.take_cells((sheet, *key) for sheet, cells in options.overrides.items() for key in cells)
    for _ in range(model.count + 1):
        faults = Faults()
        date1904 = model.package.date1904
        functions = {
            spelling: wrapped(FUNCTIONS[name], call, faults, date1904=date1904, numbers_only=quick)
            for spelling, name in model.spellings.items()
        }
        if options.exact:
            functions |= rules(locale_of(model.package))
        probes = _probes(model, options)
        rows = probes.rows
        extra = [(probes.sheet, "".join(rows))] if rows else []
        try:
            found = Engine(
                write_copy(model, options, extra), functions, date1904=date1904, milliseconds=run.milliseconds
            )
        except UnreadableFormulaError as error:
            if not error.cell:
                _read_carefully(run, error)
            else:
                _keep_unreadable(run, error)
            continue
        found.evaluate()
        if faults.interrupted is not None:
            raise faults.interrupted
        results = collect(model, options, found, faults)
        asked = [line[0] for line in found.values(probes.sheet, (1, 1, len(rows), 1))] if rows else []
        lookup = _Lookup(model, options, results)
        results.inexact = probes.found(asked, lookup, lookup.fractions)
        return results
    raise RecalcError("the engine cannot read the formulas", where=str(model.package.path))


def _probes(model: Model, options: CopyOptions) -> Probes:
    sheet = "~~"
    while model.scope.sheet(sheet) is not None:
        sheet += "~"
    probes = Probes(sheet, model.lowering)
    for job in model.singles:
        if not job.recipe.probes or job.reason or job.kind != "normal":
            continue
        place = (job.sheet, job.row, job.column)
        if place not in options.exact and place not in options.frozen:
            probes.add(job)
    for plain in model.plain.values():
        probes.add_plain(plain)
    return probes


class _Lookup:
    """Values of cells in a calculation: results, values typed in, else what the file holds (of texts perhaps None)."""

    def __init__(self, model: Model, options: CopyOptions, results: Results) -> None:
        self._package = model.package
        self._overrides = options.overrides
        self._results = results
        self._singles = model.singles

    def __call__(self, place: Place) -> CellValue | EngineMade:
        if self._results.holds(place):
            return self._results.get(place)
        sheet, *rest = place
        row, column = rest
        typed = self._overrides.get(sheet)
        if typed and (row, column) in typed:
            return typed[row, column]
        scan = self._package.scan(sheet)
        if scan is not None:
            at = scan.index.get((row, column))
            return scan.number((row, column)) if at is None else scan.stored[at]
        if not self._package.cells(sheet):
            return None
        data = self._package.sheet_data(sheet)
        found = data.index.get((row, column))
        return None if found is None else data.cells[found].value

    def fractions(self) -> list[float]:
        """The numbers that are not whole, others perhaps among them: results, kept values, values typed in, constants."""
        found = [value for value in self._results.values.values() if type(value) is float]
        found += [job.stored for job in self._singles if type(job.stored) is float]
        for _, column in self._results.columns.values():
            found += [value for value in column if type(value) is float]
        for cells in self._overrides.values():
            found += [float(value) for value in cells.values() if isinstance(value, (float, int))]
        for info in self._package.sheets:
            scan = self._package.scan(info.name)
            if scan is not None:
                found += scan.fractions()
            else:
                found += [cell.value for cell in self._package.cells(info.name) if type(cell.value) is float]
        return found


def _read_carefully(run: Run, error: UnreadableFormulaError) -> None:
    """Writes every formula anew where the engine does not say which one it cannot read; then looks for it."""
    plain = [job for job in run.model.one_by_one() if job.plain]
    for job in plain:
        job.recipe = lower(job.text, run.model.scope, job.sheet, job.home, array=False)
        job.plain = False
    if plain:
        return
    active = [job for job in run.model.singles if not job.reason]
    while len(active) > 1:
        half = active[: len(active) // 2]
        active = half if _fails(run, half) else active[len(half) :]
    if not active:
        raise RecalcError(f"the engine cannot load the calculation copy: {error}")
    job = active[0]
    job.reason = "the engine cannot read the formula"
    run.reasons[job.sheet, job.row, job.column] = job.reason


def _fails(run: Run, jobs: list[Job]) -> bool:
    """True where the engine cannot load a copy with these formulas alone."""
    chosen = {id(job) for job in jobs}
    others = [job for job in run.model.singles if not job.reason and id(job) not in chosen]
    for job in others:
        job.reason = "left out"
    try:
        Engine(write_copy(run.model, CopyOptions()), {})
    except (RecalcError, UnreadableFormulaError):
        return True
    finally:
        for job in others:
            job.reason = ""
    return False


def _keep_unreadable(run: Run, error: UnreadableFormulaError) -> None:
    ref = parse_reference(error.cell)
    sheet = error.sheet.strip("'").replace("''", "'")
    if ref is not None:
        run.model.take_cells([(sheet, ref.row1, ref.col1)])
    for job in run.model.singles:
        inside = ref is not None and job.sheet == sheet and job.key == (ref.row1, ref.col1)
        if not job.reason and (inside or (job.scratch and job.scratch == sheet)):
            job.reason = "the engine cannot read the formula"
            run.reasons[job.sheet, job.row, job.column] = job.reason
            return
    raise RecalcError(f"the engine cannot read the formula of {error.sheet}!{error.cell}: {error}")


def apply_rules(run: Run, options: CopyOptions, results: Results) -> tuple[CopyOptions, Results]:
    """Calculates again with Excel's rules where they matter, until they matter nowhere else."""
    if run.engine != NAME:
        return options, results  # LibreOffice has rules of its own for them
    for _ in range(_ROUNDS):
        matters = results.inexact | _tiny_sums(run.model, results)
        if not matters - options.exact:
            break
        options = replace(options, exact=options.exact | matters)
        results = calculate_once(run, options)
    return options, results


def _tiny_sums(model: Model, results: Results) -> set[Place]:
    """Formulas that end in an addition or subtraction and give next to nothing."""
    found = {
        (job.sheet, job.row, job.column)
        for job in model.singles
        if job.recipe.adds
        and job.kind == "normal"
        and type(value := results.get((job.sheet, job.row, job.column))) is float
        and 0 < abs(value) < _TINY
    }
    for sheet, plain in model.plain.items():
        column = results.columns[sheet][1]
        for place in plain.matching(lambda recipe: recipe.adds):
            value = column[place]
            if type(value) is float and 0 < abs(value) < _TINY:
                found.add((sheet, *plain.scan.keys[place]))
    return found


def kept_by_others(run: Run, results: Results) -> Mapping[Place, Place]:
    """Formulas that depend on cells which keep their value and are not to be calculated from, with one such cell."""
    seeds = [place for place in run.reasons if place not in run.alone]
    seeds += [place for place, _ in results.places(EngineMade)]
    return run.graph.dependent_cells(seeds) if seeds else {}
