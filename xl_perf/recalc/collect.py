"""The results of a calculation, fetched from the engine in rectangles."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from xl_perf.recalc.engine import EngineMade, from_engine
from xl_perf.recalc.formula import address, parse_reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.recalc.copy import CopyOptions
    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.engine import Engine, Faults
    from xl_perf.recalc.formulas import Job, Model, Plain
    from xl_perf.values import CellValue

UNKNOWN: Final = EngineMade("not calculated")
"""What stands at the places of a column that are not calculated in columns."""


@dataclass(slots=True)
class Results:
    """What one run of the engine gave."""

    values: dict[Place, CellValue | EngineMade]
    """Results of the formulas that are calculated one by one, and of the cells that their arrays fill."""
    extents: dict[Place, tuple[int, int, int, int]]
    faults: Faults
    inexact: set[Place] = field(default_factory=set)
    """Formulas in which a rule of Excel matters that the engine lacks."""
    columns: dict[str, tuple[SheetScan, list[CellValue | EngineMade]]] = field(default_factory=dict)
    """By sheet: its formula cells, and the results of the ordinary ones at their places."""

    def get(self, place: Place) -> CellValue | EngineMade:
        """The result in a cell; None where there is none."""
        if place in self.values:
            return self.values[place]
        sheet, row, column = place
        found = self.columns.get(sheet)
        at = None if found is None else found[0].index.get((row, column))
        return None if found is None or at is None else found[1][at]

    def holds(self, place: Place) -> bool:
        """True for a cell that was calculated."""
        if place in self.values:
            return True
        found = self.columns.get(place[0])
        at = None if found is None else found[0].index.get(place[1:])
        return found is not None and at is not None and found[1][at] is not UNKNOWN

    def places(self, wanted: type) -> Iterator[tuple[Place, CellValue | EngineMade]]:
        """The cells whose results are of a type, with the results."""
        for place, value in self.values.items():
            if isinstance(value, wanted):
                yield place, value
        for sheet, (scan, column) in self.columns.items():
            if wanted in set(map(type, column)):
                for key, value in zip(scan.keys, column, strict=True):
                    if isinstance(value, wanted) and value is not UNKNOWN:
                        yield (sheet, *key), value


def collect(model: Model, options: CopyOptions, found: Engine, faults: Faults) -> Results:
    """The results of all formulas that the engine calculated."""
    results = Results({}, {}, faults)
    by_sheet: dict[str, list[Job]] = {}
    frozen = options.frozen
    for job in model.singles:
        if job.reason or (job.sheet, job.row, job.column) in frozen:
            continue
        by_sheet.setdefault(job.sheet, []).append(job)
        if job.kind == "dynamic" or (job.kind == "array" and not job.scratch):
            extent = found.spill(job.sheet, address(*job.key))
            ref = parse_reference(extent) if extent else None
            results.extents[job.sheet, job.row, job.column] = (
                (*job.key, *job.key) if ref is None else (ref.row1, ref.col1, ref.row2, ref.col2)
            )
    for sheet in {**model.plain, **by_sheet}:
        jobs = by_sheet.get(sheet, [])
        places = {(job.row, job.column) for job in jobs}
        for job in jobs:
            area = results.extents.get((sheet, *job.key)) or (job.area if job.scratch else None)
            if job.kind != "normal" and area is not None:
                places.update(
                    (r, c) for r in range(area[0], area[2] + 1) for c in range(area[1], area[3] + 1)
                )
        _fetch(results, found, sheet, places, model.plain.get(sheet))
    return results


def _fetch(results: Results, found: Engine, sheet: str, places: set[CellKey], plain: Plain | None) -> None:
    """Fetches the results of a sheet: those of single cells, and those of its ordinary formulas."""
    keys = [] if plain is None else plain.scan.keys
    wanted = (
        places | {keys[place] for place in plain.places} if plain is not None and places else places or keys
    )
    areas = blocks(wanted)
    raw: dict[CellKey, Any] | None = None
    if len(areas) > 1 or places:
        raw = {}
        for area in areas:
            cells = itertools.product(range(area[0], area[2] + 1), range(area[1], area[3] + 1))
            raw.update(zip(cells, itertools.chain.from_iterable(found.values(sheet, area)), strict=True))
        results.values.update(((sheet, *key), from_engine(raw[key])) for key in places)
    if plain is None:
        return
    column: list[Any]
    if raw is not None:
        column = [raw.get(key) for key in keys]
    else:
        top, left = areas[0][:2]
        lines = found.values(sheet, areas[0])
        column = [lines[row - top][place - left] for row, place in keys]
    if set(map(type, column)) != {float} or sum(column) - sum(column) != 0.0:
        column = [
            value
            if type(value) is float and value - value == 0.0
            else 0.0  # what a formula shows of an empty cell
            if value is None
            else from_engine(value)
            for value in column
        ]
    if len(plain.places) < len(keys):
        for place, recipe in enumerate(plain.recipes):
            if recipe is None:
                column[place] = UNKNOWN
    results.columns[sheet] = plain.scan, column


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
