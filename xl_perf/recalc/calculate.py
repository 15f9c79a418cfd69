"""Calculating one workbook: copy, engine, gates. Nothing is written here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from xl_perf.errors import RecalcError
from xl_perf.recalc import engine as engine_module
from xl_perf.recalc import functions as table
from xl_perf.recalc.copy import CopyOptions, Job, Model, read_model, write_copy
from xl_perf.recalc.dependents import Graph, Place, filled, place_text, reads
from xl_perf.recalc.engine import Engine, EngineMade, Faults, UnreadableFormulaError, from_engine, wrapped
from xl_perf.recalc.formula import address, parse_reference
from xl_perf.recalc.model import Calculation, CellNote, Change, NewError
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.package import Package
    from xl_perf.package.model import CellKey
    from xl_perf.values import CellValue

_ROUNDS: Final = 6
_TINY: Final = 1e-6
"""Only sums smaller than this can be what rounding left of 0 (Excel keeps 15 digits)."""
_SAME: Final = 4e-15
"""Relative difference that another order of additions explains; Excel's own digits are kept then."""
_METADATA_TABLE: Final = "tblMetadati"
_NOT_EXCEL: Final = frozenset((124519, None))
"""calcId of openpyxl and XlsxWriter, which call themselves Excel."""


@dataclass(slots=True)
class _Results:
    """What one run of the engine gave."""

    values: dict[Place, CellValue | EngineMade]
    extents: dict[Place, tuple[int, int, int, int]]
    faults: Faults


@dataclass(slots=True)
class _Run:
    """Everything known while a workbook is calculated."""

    model: Model
    milliseconds: int | None
    reasons: dict[Place, str] = field(default_factory=dict)
    """Formulas that keep their stored values for a reason of their own."""
    alone: set[Place] = field(default_factory=set)
    """Those of them whose stored value other formulas may be calculated from."""
    _graph: Graph | None = None

    @property
    def graph(self) -> Graph:
        """The dependency graph, built when first needed."""
        if self._graph is None:
            self._graph = Graph(self.model)
        return self._graph


def our_functions() -> dict[str, str]:
    """Our functions: canonical name -> shape."""
    from xl_perf.catalog import FUNCTIONS  # noqa: PLC0415 - only when something is calculated

    return {name: str(function.shape) for name, function in FUNCTIONS.items()}


def recalculate_package(
    package: Package,
    *,
    overrides: Mapping[str, Mapping[CellKey, CellValue]] | None = None,
    milliseconds: int | None = None,
) -> Calculation:
    """Calculates all formulas of a workbook.

    Args:
        package: the workbook; it is not changed.
        overrides: other values for some cells (sheet -> (row, column) -> value), as if they had been typed in; a
            formula cell among them stands as that value. They are not part of the result's changes.
        milliseconds: longest time for one run of the engine; None for no limit.

    Returns:
        The values that differ from the stored ones, and everything that a report needs.

    Raises:
        WorkbookError: the workbook cannot be read.
        RecalcError: the engine cannot load or calculate the copy.
    """
    run = _Run(read_model(package, our_functions()), milliseconds)
    _admit(run)
    overrides = {package.sheet(sheet).name: dict(cells) for sheet, cells in (overrides or {}).items()}
    typed = frozenset((sheet, *key) for sheet, cells in overrides.items() for key in cells)
    judged = saved_by_excel(package)
    options = CopyOptions()
    results = _Results({}, {}, Faults())
    if judged:
        options, results = _settle(run, options)
    if overrides or not judged:
        options = replace(options, overrides=overrides, frozen=options.frozen | typed)
        if typed and options.frozen - typed:
            changed = run.graph.dependents(typed)
            for number in changed:
                job = run.model.jobs[number]
                run.alone.discard((job.sheet, job.row, job.column))
        results = _calculate(run, options)
        options, results = _clear_rounding(run, options, results)
    return _judge(run, results, typed)


def saved_by_excel(package: Package) -> bool:
    """True where Excel itself calculated the stored values, so that they can be held against the engine's.

    Official workbooks, and files of libraries that call themselves Excel, are left to the engine.
    """
    if package.application != "Microsoft Excel" and not package.application.startswith("Microsoft Macintosh"):
        return False
    calc = package.calc_properties
    if calc.full_on_load or calc.calc_id in _NOT_EXCEL or calc.mode == "manual":
        return False
    if any(found.name == _METADATA_TABLE for found in package.tables):
        return False
    properties = next((part for part in package.parts if part.lower() == "docprops/app.xml"), None)
    version = re.search(rb"AppVersion>(\d+)\.", package.read(properties)) if properties else None
    return version is not None and int(version[1]) >= 12


# -- admission --------------------------------------------------------------------------------------------------------


def _admit(run: _Run) -> None:
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


# -- running ----------------------------------------------------------------------------------------------------------


def _calculate(run: _Run, options: CopyOptions) -> _Results:
    """One run of the engine; formulas that it cannot read are kept, and the rest is tried again."""
    from xl_perf.catalog import FUNCTIONS  # noqa: PLC0415
    from xl_perf.cells import call  # noqa: PLC0415

    model = run.model
    for _ in range(len(model.jobs) + 1):
        faults = Faults()
        date1904 = model.package.date1904
        functions = {
            spelling: wrapped(FUNCTIONS[name], call, faults, date1904=date1904)
            for spelling, name in model.spellings.items()
        }
        try:
            found = Engine(
                write_copy(model, options), functions, date1904=date1904, milliseconds=run.milliseconds
            )
        except UnreadableFormulaError as error:
            _keep_unreadable(run, error)
            continue
        found.evaluate()
        if faults.interrupted is not None:
            raise faults.interrupted
        return _collect(model, options, found, faults)
    raise RecalcError("the engine cannot read the formulas", where=str(model.package.path))


def _keep_unreadable(run: _Run, error: UnreadableFormulaError) -> None:
    ref = parse_reference(error.cell)
    sheet = error.sheet.strip("'").replace("''", "'")
    for job in run.model.jobs:
        inside = ref is not None and job.sheet == sheet and job.key == (ref.row1, ref.col1)
        if not job.reason and (inside or job.scratch == sheet):
            job.reason = "the engine cannot read the formula"
            run.reasons[job.sheet, job.row, job.column] = job.reason
            return
    raise RecalcError(f"the engine cannot read the formula of {error.sheet}!{error.cell}: {error}")


def _collect(model: Model, options: CopyOptions, found: Engine, faults: Faults) -> _Results:
    results = _Results({}, {}, faults)
    by_sheet: dict[str, list[Job]] = {}
    for job in model.jobs:
        place = (job.sheet, job.row, job.column)
        if not job.reason and place not in options.frozen:
            by_sheet.setdefault(job.sheet, []).append(job)
            if job.kind == "dynamic" or (job.kind == "array" and not job.scratch):
                extent = found.spill(job.sheet, address(*job.key))
                ref = parse_reference(extent) if extent else None
                results.extents[place] = (
                    (*job.key, *job.key) if ref is None else (ref.row1, ref.col1, ref.row2, ref.col2)
                )
    for sheet, jobs in by_sheet.items():
        places = {job.key for job in jobs}
        for job in jobs:
            area = results.extents.get((sheet, *job.key)) or (job.area if job.scratch else None)
            if area is not None:
                places.update(
                    (r, c) for r in range(area[0], area[2] + 1) for c in range(area[1], area[3] + 1)
                )
        for area in blocks(places):
            top, left = area[:2]
            for row, line in enumerate(found.values(sheet, area), start=top):
                for column, value in enumerate(line, start=left):
                    if (row, column) in places:
                        results.values[sheet, row, column] = from_engine(value)
    return results


def blocks(places: Iterable[CellKey]) -> list[tuple[int, int, int, int]]:
    """Rectangles (first row, first column, last row, last column) that cover cells without much waste."""
    keys = sorted(places)
    if not keys:
        return []
    columns = [column for _, column in keys]
    area = (keys[0][0], min(columns), keys[-1][0], max(columns))
    size = (area[2] - area[0] + 1) * (area[3] - area[1] + 1)
    if size <= 4 * len(keys) + 256:
        return [area]
    if area[0] == area[2]:
        gaps = [
            (right - left, place)
            for place, (left, right) in enumerate(zip(columns, columns[1:], strict=False), 1)
        ]
    else:
        gaps = [
            (below[0] - above[0], place)
            for place, (above, below) in enumerate(zip(keys, keys[1:], strict=False), 1)
        ]
    gap, cut = max(gaps)
    if gap <= 1:
        if area[0] == area[2]:
            return [area]
        cut = next(place for place, key in enumerate(keys) if key[0] >= (area[0] + area[2] + 1) // 2)
    return blocks(keys[:cut]) + blocks(keys[cut:])


def _clear_rounding(run: _Run, options: CopyOptions, results: _Results) -> tuple[CopyOptions, _Results]:
    """Calculates again where a last sum may be what rounding left of 0, with Excel's rule for that."""
    snap = {
        (job.sheet, job.row, job.column)
        for job in run.model.jobs
        if job.recipe.adds
        and job.kind == "normal"
        and type(value := results.values.get((job.sheet, job.row, job.column))) is float
        and 0 < abs(value) < _TINY
    }
    if not snap - options.snap:
        return options, results
    options = replace(options, snap=options.snap | snap)
    return options, _calculate(run, options)


# -- the workbook as its own oracle -----------------------------------------------------------------------------------


def _settle(run: _Run, options: CopyOptions) -> tuple[CopyOptions, _Results]:
    """Calculates the file as it stands; formulas that contradict what Excel stored are frozen at its values."""
    for _ in range(_ROUNDS):
        results = _calculate(run, options)
        options, results = _clear_rounding(run, options, results)
        wrong = _contradictions(run, results, options)
        if not wrong:
            break
        for place in wrong:
            run.reasons[place] = "the engine's result differs from the value that Excel stored"
        run.alone.update(wrong)
        options = replace(options, frozen=options.frozen | wrong)
    return options, results


def _contradictions(run: _Run, results: _Results, options: CopyOptions) -> set[Place]:
    """Native formulas that differ from Excel's value although nothing that they read differs."""
    differing: dict[str, dict[CellKey, Job]] = {}
    suspects: list[Job] = []
    kept = _kept_by_others(run, results)
    for number, job in enumerate(run.model.jobs):
        place = (job.sheet, job.row, job.column)
        if place in options.frozen or number in kept or place not in results.values:
            continue
        if _agrees(job.stored, results.values[place]):
            continue
        for cell in filled(job):
            differing.setdefault(cell[0], {})[cell[1:]] = job
        free = job.recipe.ours or job.recipe.functions & table.VOLATILE or job.stored is None
        if not free and not isinstance(results.values[place], EngineMade):
            suspects.append(job)
    return {
        (job.sheet, job.row, job.column)
        for job in suspects
        if not any(_touches(rect, differing, job) for rect in reads(run.model, job))
    }


def _touches(
    rect: tuple[str, int, int, int, int], cells: Mapping[str, Mapping[CellKey, Job]], own: Job
) -> bool:
    sheet, top, left, bottom, right = rect
    marked = cells.get(sheet)
    if not marked:
        return False
    if (bottom - top + 1) * (right - left + 1) <= len(marked):
        return any(
            marked.get((row, column), own) is not own
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        )
    return any(
        top <= row <= bottom and left <= column <= right and job is not own
        for (row, column), job in marked.items()
    )


def _kept_by_others(run: _Run, results: _Results) -> Mapping[int, Place]:
    """Formulas that depend on cells which keep their value and are not to be calculated from."""
    seeds = [place for place in run.reasons if place not in run.alone]
    seeds += [place for place, value in results.values.items() if isinstance(value, EngineMade)]
    return run.graph.dependents(seeds) if seeds else {}


def _agrees(stored: CellValue, value: CellValue | EngineMade) -> bool:
    """True where a value is the stored one, or differs in no more than the order of additions explains."""
    if isinstance(value, EngineMade):
        return False
    if type(stored) is float and type(value) is float:
        return stored == value or abs(stored - value) <= _SAME * max(abs(stored), abs(value))
    return same(stored, value)


def same(stored: CellValue, value: CellValue) -> bool:
    """True where two cell values are the same: the same double, text, truth value or error."""
    if isinstance(stored, bool) or isinstance(value, bool):
        return stored is value
    if isinstance(stored, (int, float)) and isinstance(value, (int, float)):
        return float(stored) == float(value)
    if isinstance(stored, CellError) is not isinstance(value, CellError):
        return False
    return stored == value


# -- judging ----------------------------------------------------------------------------------------------------------


def _judge(run: _Run, results: _Results, typed: frozenset[Place]) -> Calculation:
    """Gates the results and compares them with the stored values."""
    _engine_made(run, results)
    _faulty(run, results)
    kept = _kept_by_others(run, results)
    changes = _Changes(run, results, judged=saved_by_excel(run.model.package) and not typed)
    notes: list[CellNote] = []
    clock = _clock(run)
    for number, job in enumerate(run.model.jobs):
        place = (job.sheet, job.row, job.column)
        if place in typed:
            continue
        if place in run.reasons:
            notes.append(CellNote(job.sheet, address(*job.key), run.reasons[place]))
        elif number in kept:
            through = place_text(kept[number])
            notes.append(
                CellNote(job.sheet, address(*job.key), f"depends on {through}, which keeps its value")
            )
        else:
            changes.add(job, volatile=number in clock)
    return changes.calculation(notes, _unknown(run))


def _engine_made(run: _Run, results: _Results) -> None:
    for place, value in results.values.items():
        if isinstance(value, EngineMade):
            reason = (
                "circular reference"
                if value.kind == "Circ"
                else f"the engine gives an error that Excel does not have ({value.kind})"
            )
            run.reasons.setdefault(place, reason)


def _faulty(run: _Run, results: _Results) -> None:
    """Keeps the cells whose functions raised exceptions."""
    if not results.faults.by_function:
        return
    for job in run.model.jobs:
        place = (job.sheet, job.row, job.column)
        for spelling in job.recipe.calls_ours:
            message = results.faults.by_function.get(run.model.spellings[spelling.upper()])
            if message and results.values.get(place) == CellError.VALUE:
                run.reasons.setdefault(place, f"{spelling} failed: {message}")


def _clock(run: _Run) -> frozenset[int]:
    """Numbers of the formulas that depend on the clock."""
    found = {
        number: job for number, job in enumerate(run.model.jobs) if job.recipe.functions & table.VOLATILE
    }
    if not found:
        return frozenset()
    seeds = [(job.sheet, job.row, job.column) for job in found.values()]
    return frozenset(found) | frozenset(run.graph.dependents(seeds, runtime=False))


def _unknown(run: _Run) -> dict[str, int]:
    counts: dict[str, int] = {}
    for job in run.model.jobs:
        if job.recipe.unknown:
            name = job.recipe.unknown.upper()
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


class _Changes:
    """Collects what differs from the file."""

    def __init__(self, run: _Run, results: _Results, *, judged: bool) -> None:
        self.run = run
        self.results = results
        self.judged = judged
        self.changes: dict[str, dict[CellKey, CellValue]] = {}
        self.spill: dict[str, dict[CellKey, str]] = {}
        self.changed: list[Change] = []
        self.volatile: set[tuple[str, str]] = set()
        self.errors: list[NewError] = []
        self._stored: dict[str, dict[CellKey, CellValue]] = {}

    def stored(self, sheet: str) -> dict[CellKey, CellValue]:
        """All stored values of a sheet, for the cells of arrays."""
        if sheet not in self._stored:
            self._stored[sheet] = {
                (cell.row, cell.column): cell.value for cell in self.run.model.package.cells(sheet)
            }
        return self._stored[sheet]

    def add(self, job: Job, *, volatile: bool) -> None:
        """Compares the results of a formula with what the file holds."""
        place = (job.sheet, job.row, job.column)
        value = self.results.values.get(place)
        assert not isinstance(value, EngineMade)
        self.compare(job.sheet, job.key, job.stored, _shown(value), volatile=volatile)
        if job.area is None:
            return
        area = self.results.extents.get(place, job.area) if job.kind == "dynamic" else job.area
        if job.kind == "dynamic" and area != job.area:
            ref = f"{address(*area[:2])}:{address(*area[2:])}" if area[:2] != area[2:] else address(*area[:2])
            self.spill.setdefault(job.sheet, {})[job.key] = ref
        old = self.stored(job.sheet)
        for row in range(min(area[0], job.area[0]), max(area[2], job.area[2]) + 1):
            for column in range(min(area[1], job.area[1]), max(area[3], job.area[3]) + 1):
                key = (row, column)
                inside = area[0] <= row <= area[2] and area[1] <= column <= area[3]
                was_inside = job.area[0] <= row <= job.area[2] and job.area[1] <= column <= job.area[3]
                if key == job.key or not (inside or was_inside):
                    continue
                new = self.results.values.get((job.sheet, *key)) if inside else None
                if inside and new is None and job.kind == "array":
                    new = CellError.NA
                if isinstance(new, EngineMade):
                    continue
                self.compare(job.sheet, key, old.get(key), _shown(new) if inside else None, volatile=volatile)

    def compare(self, sheet: str, key: CellKey, old: CellValue, new: CellValue, *, volatile: bool) -> None:
        """Notes a change where the values differ."""
        if same(old, new) or (self.judged and _agrees(old, new)):
            return
        cell = address(*key)
        self.changes.setdefault(sheet, {})[key] = new
        self.changed.append(Change(sheet, cell, old, new))
        if volatile:
            self.volatile.add((sheet, cell))
        if isinstance(new, CellError) and not isinstance(old, CellError):
            self.errors.append(NewError(sheet, cell, new))

    def calculation(self, kept: list[CellNote], unknown: Mapping[str, int]) -> Calculation:
        """The result."""
        order = {info.name: info.index for info in self.run.model.package.sheets}
        key = {name: index for name, index in order.items()}

        def place(item: Change | NewError | CellNote) -> tuple[int, int, int]:
            ref = parse_reference(item.cell)
            assert ref is not None
            return key[item.sheet], ref.row1, ref.col1

        return Calculation(
            formulas=len(self.run.model.jobs),
            changes=self.changes,
            spill=self.spill,
            changed=tuple(sorted(self.changed, key=place)),
            volatile=frozenset(self.volatile),
            errors=tuple(sorted(self.errors, key=place)),
            kept=tuple(sorted(kept, key=place)),
            unknown_functions=unknown,
            notes=_notes(self.run),
            engine=engine_module.NAME,
            engine_version=engine_module.version(),
        )


def _shown(value: CellValue | EngineMade) -> CellValue:
    """What a formula cell shows: 0 where the result is an empty cell."""
    assert not isinstance(value, EngineMade)
    return 0.0 if value is None else value


def _notes(run: _Run) -> tuple[str, ...]:
    calc = run.model.package.calc_properties
    notes = []
    if calc.full_on_load:
        notes.append("the file asks Excel to recalculate when it opens (fullCalcOnLoad)")
    elif calc.calc_id is not None and calc.calc_id <= _OLD_ENGINE:
        notes.append(f"Excel recalculates the file when it opens (calcId {calc.calc_id} is an old one)")
    return tuple(notes)


_OLD_ENGINE: Final = 191_028
"""calcId of Excel 2019; the files of Excel 2021 and 365 have greater ones."""
