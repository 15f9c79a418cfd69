"""The engine's results gated: which of them may replace what the file holds."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from xl_perf.recalc import functions as table
from xl_perf.recalc.dependents import place_text, reads
from xl_perf.recalc.differing import Differences
from xl_perf.recalc.engine import EngineMade
from xl_perf.recalc.recipe import Moving
from xl_perf.recalc.run import kept_by_others
from xl_perf.values import CellError

if TYPE_CHECKING:
    from xl_perf.package.model import CellKey
    from xl_perf.recalc.collect import Results
    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.model import Calculation
    from xl_perf.recalc.run import Run


def judge(run: Run, results: Results, typed: frozenset[Place]) -> Calculation:
    """Gates the results and compares them with the stored values."""
    model = run.model
    recipes = model.recipes()
    used: frozenset[str] = frozenset().union(*(recipe.functions for recipe in recipes))
    _engine_made(run, results)
    if table.APPROXIMATE in used:
        _unsorted(run, results)
    _unfilled(run, results)
    if used & table.IGNORE_ERRORS:
        _ignored_errors(run, results)
    if "INDIRECT" in used:
        _unresolved(run, results)
    _faulty(run, results)
    kept = kept_by_others(run, results)
    clock = _clock(run) if used & table.VOLATILE else frozenset()
    reasons = run.reasons
    model.take_cells(itertools.chain(reasons, kept, clock))
    changes = Differences(run, results)
    for job in model.singles:
        place = (job.sheet, job.row, job.column)
        if place in typed:
            continue
        if place in reasons:
            changes.keep(job, reasons[place])
        elif place in kept:
            changes.keep(job, f"depends on {place_text(kept[place])}, which keeps its value")
        else:
            changes.add(job, volatile=place in clock)
    for plain in model.plain.values():
        changes.add_plain(plain)
    unknown = _unknown(run) if any(recipe.unknown for recipe in recipes) else {}
    return changes.calculation(unknown)


def _engine_made(run: Run, results: Results) -> None:
    for place, value in results.places(EngineMade):
        if isinstance(value, EngineMade):
            if value.kind == "Circ":
                reason = "circular reference"
            elif " " in value.kind:
                reason = value.kind
            else:
                reason = f"the engine gives an error that Excel does not have ({value.kind})"
            run.reasons.setdefault(place, reason)


def _unsorted(run: Run, results: Results) -> None:
    """Keeps what Excel found in data that is not sorted, where the engine finds nothing."""
    for job in run.model.take(lambda recipe: table.APPROXIMATE in recipe.functions):
        if job.stored is None:
            continue
        place = (job.sheet, job.row, job.column)
        if results.get(place) == CellError.NA and job.stored != CellError.NA:
            run.reasons.setdefault(place, "approximate search in data that may not be sorted")


def _unfilled(run: Run, results: Results) -> None:
    """Keeps large array formulas whose result does not have the size of their range."""
    for job in run.model.singles:
        if job.kind == "normal":
            continue
        place = (job.sheet, job.row, job.column)
        if job.kind == "array" and results.extents.get(place, job.area) != job.area:
            run.reasons.setdefault(place, "array formula whose result does not have the size of its range")
        grown = job.kind == "dynamic" and results.extents.get(place, job.area) != job.area
        if grown and any(isinstance(piece, Moving) and piece.ref.whole for piece in job.recipe.reads):
            run.reasons.setdefault(place, "array of whole rows or columns")


def _ignored_errors(run: Run, results: Results) -> None:
    """Keeps conditional sums over cells with errors, which the engine passes over."""
    errors: dict[str, set[CellKey]] = {}
    for (sheet, row, column), _ in results.places(CellError):
        errors.setdefault(sheet, set()).add((row, column))
    package = run.model.package
    for info in package.sheets:
        if info.kind == "worksheet" and package.may_hold_errors(info.name):
            errors.setdefault(info.name, set()).update(
                (cell.row, cell.column)
                for cell in package.cells(info.name)
                if isinstance(cell.value, CellError) and not results.holds((info.name, cell.row, cell.column))
            )
    if not any(errors.values()):
        return
    for job in run.model.take(lambda recipe: recipe.functions & table.IGNORE_ERRORS):
        place = (job.sheet, job.row, job.column)
        if isinstance(results.get(place), CellError):
            continue
        for sheet, top, left, bottom, right in reads(run.model, job):
            if any(top <= row <= bottom and left <= column <= right for row, column in errors.get(sheet, ())):
                run.reasons.setdefault(place, "conditional sum over cells with errors")


def _unresolved(run: Run, results: Results) -> None:
    """Keeps what Excel found through INDIRECT and the engine does not (names, tables, other workbooks)."""
    for job in run.model.take(lambda recipe: "INDIRECT" in recipe.functions):
        if job.stored is None or isinstance(job.stored, CellError):
            continue
        place = (job.sheet, job.row, job.column)
        if results.get(place) in (CellError.REF, CellError.NAME, CellError.VALUE):
            run.reasons.setdefault(place, "INDIRECT of a text that is no plain reference")


def _faulty(run: Run, results: Results) -> None:
    """Keeps the cells whose functions raised exceptions."""
    if not results.faults.by_function:
        return
    for job in run.model.take(lambda recipe: recipe.calls_ours):
        place = (job.sheet, job.row, job.column)
        for spelling in job.recipe.calls_ours:
            message = results.faults.by_function.get(run.model.spellings[spelling.upper()])
            if message and results.get(place) == CellError.VALUE:
                run.reasons.setdefault(place, f"{spelling} failed: {message}")


def _clock(run: Run) -> frozenset[Place]:
    """The formulas that depend on the clock."""
    jobs = run.model.take(lambda recipe: recipe.functions & table.VOLATILE)
    found = {(job.sheet, job.row, job.column) for job in jobs}
    return frozenset(found).union(run.graph.dependent_cells(found, runtime=False)) if found else frozenset()


def _unknown(run: Run) -> dict[str, int]:
    counts: dict[str, int] = {}
    for job in run.model.singles:
        if job.recipe.unknown:
            name = job.recipe.unknown.upper()
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))
