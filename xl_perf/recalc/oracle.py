"""The workbook as its own oracle: values that Excel stored, held against the engine's."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xl_perf.recalc import functions as table
from xl_perf.recalc.dependents import filled, reads
from xl_perf.recalc.engine import EngineMade
from xl_perf.recalc.formula import address
from xl_perf.recalc.run import apply_rules, calculate_once, kept_by_others
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xl_perf.package import Package
    from xl_perf.package.model import CellKey
    from xl_perf.recalc.collect import Results
    from xl_perf.recalc.copy import CopyOptions
    from xl_perf.recalc.formulas import Job
    from xl_perf.recalc.run import Run
    from xl_perf.values import CellValue

_ROUNDS: Final = 6
_SAME: Final = 1e-12
"""Relative difference that another order of operations explains; Excel's own digits are kept then."""
_CLEARLY: Final = 1e-6
_CERTAIN: Final = frozenset(("SUM", "PRODUCT", "AVERAGE", "MIN", "MAX"))
"""Functions that, with the operators, leave no doubt who is right: the engine has them as Excel does."""
_DOUBTFUL: Final = ('"', "#", "_xl")
"""Texts that become numbers, and ranges that spill."""
_METADATA_TABLE: Final = "tblMetadati"
_EXCEL: Final = re.compile(r"(?:Microsoft )?(?:Macintosh )?Excel(?: (?:Online|Android|iOS|for [\w ]+))?")
_FIRST_VERSION: Final = 12
"""Excel 2007, the first one with this file format."""


def saved_by_excel(package: Package) -> bool:
    """True where Excel itself calculated the stored values, so that they can be held against the engine's.

    The program's name in docProps is not enough, since libraries call themselves Excel too: the zip must be as Office
    writes it or hold a calculation chain, and the file must not ask for calculation on loading. Official workbooks are
    left to the engine.
    """
    is_undated = package.archive.is_undated
    if not (_EXCEL.fullmatch(package.application) or (is_undated and not package.application)):
        return False
    calc = package.calc_properties
    if calc.full_on_load or calc.calc_id is None or calc.mode == "manual":
        return False
    if any(found.name == _METADATA_TABLE for found in package.tables):
        return False
    version = package.application_version.partition(".")[0]
    if not version.isdecimal() or int(version) < _FIRST_VERSION:
        return False
    return is_undated or any(part.lower().endswith("/calcchain.xml") for part in package.parts)


def settle(run: Run, options: CopyOptions) -> tuple[CopyOptions, Results]:
    """Calculates the file as it stands; formulas that contradict what Excel stored are frozen at its values.

    Where plain arithmetic contradicts, the file was changed since Excel saved it, and its stored values bear witness to
    nothing: `run.judged` stays False, and all values are the engine's.
    """
    before = replace(options)
    for round_number in range(_ROUNDS):
        results = calculate_once(run, options)
        options, results = apply_rules(run, options, results)
        wrong = _contradictions(run, results, options)
        changed = next((job for job in wrong if _is_beyond_doubt(job, results)), None)
        if changed is not None and round_number == 0:
            where = f"{changed.sheet}!{address(*changed.key)}"
            run.notes.append(
                f"the file was changed since Excel calculated it ({where} does not fit its inputs): all values are new"
            )
            return before, results
        if not wrong:
            break
        places = [(job.sheet, job.row, job.column) for job in wrong]
        for place in places:
            run.reasons[place] = "the engine's result differs from the value that Excel stored"
        run.alone.update(places)
        options = replace(options, frozen=options.frozen.union(places))
    run.judged = True
    return options, results


def _is_beyond_doubt(job: Job, results: Results) -> bool:
    """True for sums and products of numbers, which the engine and Excel calculate alike, that differ clearly."""
    value = results.get((job.sheet, job.row, job.column))
    return (
        job.kind == "normal"
        and job.recipe.functions <= _CERTAIN
        and not any(sign in job.text for sign in _DOUBTFUL)
        and bool(job.recipe.reads)
        and type(job.stored) is float
        and type(value) is float
        and abs(job.stored - value) > _CLEARLY * max(abs(job.stored), abs(value))
        and max(abs(job.stored), abs(value)) > _CLEARLY
    )


def _contradictions(run: Run, results: Results, options: CopyOptions) -> list[Job]:
    """Native formulas that differ from Excel's value although nothing that they read differs."""
    differing: dict[str, dict[CellKey, Job]] = {}
    suspects: list[Job] = []
    kept = kept_by_others(run, results)
    for job, value in _disagreeing(run, results):
        place = (job.sheet, job.row, job.column)
        if place in options.frozen or place in kept:
            continue
        for cell in filled(job):
            differing.setdefault(cell[0], {})[cell[1:]] = job
        free = job.recipe.ours or job.recipe.functions & table.VOLATILE or job.stored is None
        if not free and not isinstance(value, EngineMade):
            suspects.append(job)
    return [
        job for job in suspects if not any(_touches(rect, differing, job) for rect in reads(run.model, job))
    ]


def _disagreeing(run: Run, results: Results) -> Iterator[tuple[Job, CellValue | EngineMade]]:
    """Formulas that were calculated and do not give their stored value, with what they give."""
    for job in run.model.singles:
        place = (job.sheet, job.row, job.column)
        if not results.holds(place):
            continue
        value = results.get(place)
        if value is None and job.kind == "normal":
            value = 0.0  # what a formula shows of an empty cell
        if not agrees(job.stored, value) or (job.area is not None and _differs_inside(run, results, job)):
            yield job, value
    for sheet, plain in run.model.plain.items():
        _, column = results.columns[sheet]
        stored = plain.scan.stored
        for at in different(plain.places, stored, column):
            if not agrees(stored[at], column[at]):
                yield plain.job(at), column[at]


def _differs_inside(run: Run, results: Results, job: Job) -> bool:
    """True where a cell that an array formula fills, its own aside, differs from what Excel stored there."""
    data = run.model.package.sheet_data(job.sheet)
    for place in filled(job):
        at = data.index.get(place[1:])
        if place[1:] == job.key or at is None or not results.holds(place):
            continue
        stored, value = data.cells[at].value, results.get(place)
        if value is None:  # past the result of a legacy array, or an empty cell of one that spills
            value = CellError.NA if job.kind == "array" else 0.0
        if stored is not None and not agrees(stored, value):
            return True
    return False


def different(
    places: Iterable[int], stored: Sequence[CellValue], values: Sequence[CellValue | EngineMade]
) -> list[int]:
    """The places at which two columns do not hold the same, types included."""
    return [
        place
        for place in places
        if (new := values[place]) is not (old := stored[place]) and (new != old or type(new) is not type(old))
    ]


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


def agrees(stored: CellValue, value: CellValue | EngineMade) -> bool:
    """True where a value is the stored one, or differs in no more than the order of additions explains."""
    if isinstance(value, EngineMade):
        return False
    if type(stored) is float and type(value) is float:
        return stored == value or abs(stored - value) <= _SAME * max(abs(stored), abs(value))
    return same(stored, value)


def same_digits(stored: CellValue, value: CellValue | EngineMade) -> bool:
    """True where a number is the stored one in the 15 digits that some programs store, the last of them give or take 1."""
    if type(stored) is not float or type(value) is not float or float(f"{stored:.15g}") != stored:
        return False
    if not stored:
        return False
    return abs(stored - value) < 1.5 * 10.0 ** (math.floor(math.log10(abs(stored))) - 14)


def same(stored: CellValue, value: CellValue) -> bool:
    """True where two cell values are the same: the same double, text, truth value or error."""
    if isinstance(stored, bool) or isinstance(value, bool):
        return stored is value
    if isinstance(stored, (int, float)) and isinstance(value, (int, float)):
        return float(stored) == float(value)
    if isinstance(stored, CellError) is not isinstance(value, CellError):
        return False
    return stored == value
