"""Which cells depend on others: a walk over the references of lowered formulas."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from xl_perf.recalc.formula import address
from xl_perf.recalc.operands import DIGITS
from xl_perf.recalc.recipe import moved
from xl_perf.recalc.scope import ThisRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.recalc.areas import Rect
    from xl_perf.recalc.formulas import Job, Model

Place: TypeAlias = tuple[str, int, int]
"""Sheet, row, column."""


def reads(model: Model, job: Job) -> list[Rect]:
    """The cells that a formula reads, as far as its text says."""
    if job.plain and job.home == job.key:
        digits = DIGITS.findall(job.text)
        cells = [area.cells(job.sheet, digits) for area in model.lowering.areas(job)]
        return [rect for rect in cells if rect is not None]
    found: list[Rect] = []
    for piece in job.recipe.reads:
        area = moved(piece, job.row, job.column, job.home)
        if area is not None:
            sheet = piece.sheet if isinstance(piece, ThisRow) else piece.ref.sheet
            found.append((sheet or job.sheet, *area))
    return found


def filled(job: Job) -> Iterable[Place]:
    """The cells that hold a formula's results: its own, and those of its range."""
    if job.area is None:
        return ((job.sheet, job.row, job.column),)
    top, left, bottom, right = job.area
    return ((job.sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


class Graph:
    """Formulas by what they read."""

    def __init__(self, model: Model) -> None:
        self._jobs = model.one_by_one()
        self._single: dict[Place, list[int]] = {}
        self._ranges: dict[Rect, list[int]] = {}
        self._runtime = [number for number, job in enumerate(self._jobs) if job.recipe.runtime_references]
        for number, job in enumerate(self._jobs):
            for rect in reads(model, job):
                sheet, top, left, bottom, right = rect
                if top == bottom and left == right:
                    self._single.setdefault((sheet, top, left), []).append(number)
                else:
                    self._ranges.setdefault(rect, []).append(number)

    def dependent_cells(self, seeds: Iterable[Place], *, runtime: bool = True) -> dict[Place, Place]:
        """The same as `dependents`, by the cells of the formulas."""
        found = self.dependents(seeds, runtime=runtime)
        jobs = ((self._jobs[number], through) for number, through in found.items())
        return {(job.sheet, job.row, job.column): through for job, through in jobs}

    def dependents(self, seeds: Iterable[Place], *, runtime: bool = True) -> Mapping[int, Place]:
        """Formulas that depend on some cells, directly or not.

        Args:
            seeds: the cells.
            runtime: count formulas whose precedents are known only when they are calculated.

        Returns:
            The formula (one of `Model.singles`) -> the cell through which it was reached (a seed, or another
            dependent).
        """
        found: dict[int, Place] = {}
        rows: dict[tuple[str, int], list[int]] = {}
        columns: dict[str, list[int]] = {}
        queue: deque[Place] = deque()

        def mark(place: Place) -> None:
            sheet, row, column = place
            if (sheet, column) not in rows:
                insort(columns.setdefault(sheet, []), column)
            insort(rows.setdefault((sheet, column), []), row)
            queue.append(place)

        def reach(number: int, through: Place) -> None:
            if number not in found:
                found[number] = through
                for place in filled(self._jobs[number]):
                    mark(place)

        first: Place | None = None
        for seed in seeds:
            first = first or seed
            mark(seed)
        if first is None:
            return found
        if runtime:
            for number in self._runtime:
                reach(number, first)
        waiting = dict(self._ranges)
        while True:
            while queue:
                place = queue.popleft()
                for number in self._single.get(place, ()):
                    reach(number, place)
            for rect in list(waiting):
                through = _hit(rect, rows, columns)
                if through is not None:
                    for number in waiting.pop(rect):
                        reach(number, through)
            if not queue:
                return found


def _hit(
    rect: Rect, rows: Mapping[tuple[str, int], list[int]], columns: Mapping[str, list[int]]
) -> Place | None:
    """A marked cell inside a range, or None."""
    sheet, top, left, bottom, right = rect
    marked = columns.get(sheet, [])
    for place in range(bisect_left(marked, left), len(marked)):
        column = marked[place]
        if column > right:
            return None
        inside = rows[sheet, column]
        at = bisect_left(inside, top)
        if at < len(inside) and inside[at] <= bottom:
            return sheet, inside[at], column
    return None


def place_text(place: Place) -> str:
    """`Foglio!A1` for messages."""
    sheet, row, column = place
    return f"{sheet}!{address(row, column)}"
