"""One run of the engine over a workbook's formulas."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Final

from xl_perf.errors import RecalcError
from xl_perf.recalc import functions as table
from xl_perf.recalc.copy import CopyOptions, write_copy
from xl_perf.recalc.dependents import Graph, Place
from xl_perf.recalc.engine import (
    NAME,
    Engine,
    EngineMade,
    Faults,
    UnreadableFormulaError,
    from_engine,
    rules,
    wrapped,
)
from xl_perf.recalc.excel_rules import locale_of
from xl_perf.recalc.formula import address, parse_reference
from xl_perf.recalc.lower import lower
from xl_perf.recalc.probes import Probes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.recalc.jobs import Job, Model
    from xl_perf.values import CellValue

_ROUNDS: Final = 5
_TINY: Final = 1e-6
"""Only sums smaller than this can be what rounding left of 0 (Excel keeps 15 digits)."""


@dataclass(slots=True)
class Results:
    """What one run of the engine gave."""

    values: dict[Place, CellValue | EngineMade]
    extents: dict[Place, tuple[int, int, int, int]]
    faults: Faults
    inexact: set[Place] = field(default_factory=set)
    """Formulas in which a rule of Excel matters that the engine lacks."""


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
    for job in run.model.jobs:
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
    for _ in range(len(model.jobs) + 1):
        faults = Faults()
        date1904 = model.package.date1904
        functions = {
            spelling: wrapped(FUNCTIONS[name], call, faults, date1904=date1904, numbers_only=quick)
            for spelling, name in model.spellings.items()
        }
        if options.exact:
            functions |= rules(locale_of(model.package))
        probes = _probes(model, options)
        extra = [(probes.sheet, "".join(probes.rows))] if probes.rows else []
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
        results = _collect(model, options, found, faults)
        rows = len(probes.rows)
        asked = found.values(probes.sheet, (1, 1, rows, 2)) if rows else []
        results.inexact = probes.found(asked, _Lookup(model, options, results.values))
        return results
    raise RecalcError("the engine cannot read the formulas", where=str(model.package.path))


def _probes(model: Model, options: CopyOptions) -> Probes:
    sheet = "~~"
    while model.scope.sheet(sheet) is not None:
        sheet += "~"
    probes = Probes(sheet)
    for job in model.jobs:
        if not job.recipe.probes or job.reason or job.kind != "normal":
            continue
        place = (job.sheet, job.row, job.column)
        if place not in options.exact and place not in options.frozen:
            probes.add(job)
    return probes


class _Lookup:
    """Values of cells in a calculation: results, values typed in, else what the file holds."""

    def __init__(
        self, model: Model, options: CopyOptions, values: Mapping[Place, CellValue | EngineMade]
    ) -> None:
        self._package = model.package
        self._overrides = options.overrides
        self._values = values

    def __call__(self, place: Place) -> CellValue | EngineMade:
        if place in self._values:
            return self._values[place]
        sheet, *rest = place
        row, column = rest
        typed = self._overrides.get(sheet)
        if typed and (row, column) in typed:
            return typed[row, column]
        if not self._package.cells(sheet):
            return None
        data = self._package.sheet_data(sheet)
        found = data.index.get((row, column))
        return None if found is None else data.cells[found].value


def _read_carefully(run: Run, error: UnreadableFormulaError) -> None:
    """Writes every formula anew where the engine does not say which one it cannot read; then looks for it."""
    plain = [job for job in run.model.jobs if job.plain]
    for job in plain:
        job.recipe = lower(job.text, run.model.scope, job.sheet, job.home, array=False)
        job.plain = False
    if plain:
        return
    active = [job for job in run.model.jobs if not job.reason]
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
    others = [job for job in run.model.jobs if not job.reason and id(job) not in chosen]
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
    for job in run.model.jobs:
        inside = ref is not None and job.sheet == sheet and job.key == (ref.row1, ref.col1)
        if not job.reason and (inside or (job.scratch and job.scratch == sheet)):
            job.reason = "the engine cannot read the formula"
            run.reasons[job.sheet, job.row, job.column] = job.reason
            return
    raise RecalcError(f"the engine cannot read the formula of {error.sheet}!{error.cell}: {error}")


def _collect(model: Model, options: CopyOptions, found: Engine, faults: Faults) -> Results:
    results = Results({}, {}, faults)
    by_sheet: dict[str, list[Job]] = {}
    frozen = options.frozen
    for job in model.jobs:
        place = (job.sheet, job.row, job.column)
        if not job.reason and place not in frozen:
            jobs = by_sheet.get(job.sheet)
            if jobs is None:
                jobs = by_sheet[job.sheet] = []
            jobs.append(job)
            if job.kind == "normal":
                continue
            if job.kind == "dynamic" or (job.kind == "array" and not job.scratch):
                extent = found.spill(job.sheet, address(*job.key))
                ref = parse_reference(extent) if extent else None
                results.extents[place] = (
                    (*job.key, *job.key) if ref is None else (ref.row1, ref.col1, ref.row2, ref.col2)
                )
    for sheet, jobs in by_sheet.items():
        places = {(job.row, job.column) for job in jobs}
        for job in jobs:
            if job.kind == "normal":
                continue
            area = results.extents.get((sheet, *job.key)) or (job.area if job.scratch else None)
            if area is not None:
                places.update(
                    (r, c) for r in range(area[0], area[2] + 1) for c in range(area[1], area[3] + 1)
                )
        values = results.values
        for area in blocks(places):
            top, left = area[:2]
            for row, line in enumerate(found.values(sheet, area), start=top):
                for column, value in enumerate(line, start=left):
                    if (row, column) in places:
                        is_number = type(value) is float and isfinite(value)
                        values[sheet, row, column] = value if is_number else from_engine(value)
    return results


def blocks(places: Iterable[CellKey]) -> list[tuple[int, int, int, int]]:
    """Rectangles (first row, first column, last row, last column) that cover cells without much waste."""
    keys: Collection[CellKey] = places if isinstance(places, (set, list)) else list(places)
    if not keys:
        return []
    columns = [column for _, column in keys]
    area = (min(keys)[0], min(columns), max(keys)[0], max(columns))
    size = (area[2] - area[0] + 1) * (area[3] - area[1] + 1)
    if size <= 4 * len(keys) + 256:
        return [area]
    keys = sorted(keys)
    columns = [column for _, column in keys]
    if area[0] == area[2]:
        gaps = [(right - left, place) for place, (left, right) in enumerate(itertools.pairwise(columns), 1)]
    else:
        gaps = [
            (below[0] - above[0], place) for place, (above, below) in enumerate(itertools.pairwise(keys), 1)
        ]
    gap, cut = max(gaps)
    if gap <= 1:
        if area[0] == area[2]:
            return [area]
        cut = next(place for place, key in enumerate(keys) if key[0] >= (area[0] + area[2] + 1) // 2)
    return blocks(keys[:cut]) + blocks(keys[cut:])


def apply_rules(run: Run, options: CopyOptions, results: Results) -> tuple[CopyOptions, Results]:
    """Calculates again with Excel's rules where they matter, until they matter nowhere else."""
    if run.engine != NAME:
        return options, results  # LibreOffice has rules of its own for them
    for _ in range(_ROUNDS):
        matters = results.inexact | {
            (job.sheet, job.row, job.column)
            for job in run.model.jobs
            if job.recipe.adds
            and job.kind == "normal"
            and type(value := results.values.get((job.sheet, job.row, job.column))) is float
            and 0 < abs(value) < _TINY
        }
        if not matters - options.exact:
            break
        options = replace(options, exact=options.exact | matters)
        results = calculate_once(run, options)
    return options, results


def kept_by_others(run: Run, results: Results) -> Mapping[int, Place]:
    """Formulas that depend on cells which keep their value and are not to be calculated from."""
    seeds = [place for place in run.reasons if place not in run.alone]
    seeds += [place for place, value in results.values.items() if isinstance(value, EngineMade)]
    return run.graph.dependents(seeds) if seeds else {}
