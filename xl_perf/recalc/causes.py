"""Where a new error comes from: the cell whose text, or whose own calculation, made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.recalc.dependents import place_text, reads
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.package.model import CellKey
    from xl_perf.recalc.areas import Rect
    from xl_perf.recalc.collect import Results
    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.formulas import Job, Model
    from xl_perf.values import CellValue

LARGEST = 20_000
"""Cells of one formula's ranges that are looked through; beyond them no cause is named."""

_OWN = {
    CellError.DIV0: "a division by 0: a denominator or a target is 0",
    CellError.NUM: "a value out of its domain: negative, a share above 100%, or weights that do not sum to 100%",
    CellError.NA: "a target, a weight or a key is missing",
    CellError.VALUE: "a value of the wrong kind, or ranges that do not fit",
}


class Causes:
    """Finds the cause of errors among the values of a calculation.

    Args:
        model: the formulas.
        results: their results.
    """

    def __init__(self, model: Model, results: Results) -> None:
        self._model = model
        self._results = results
        self._jobs = model.by_cell()
        self._constants: dict[str, dict[CellKey, CellValue]] = {}

    def of(self, place: Place, error: CellError) -> str:
        """Why a formula gives an error, in words that name a cell; empty where nothing is known."""
        job = self._jobs.get(place)
        if job is None:
            return ""
        texts = ""
        for cell in self._cells(reads(self._model, job)):
            value = self._results.get(cell)
            if isinstance(value, CellError) and cell != place:
                return f"from {place_text(cell)}"
            if value is None and not texts and error == CellError.VALUE:
                texts = self._text(cell)
        return texts or (_OWN.get(error, "") if self._is_ours(job) else "")

    @staticmethod
    def _is_ours(job: Job) -> bool:
        return bool(job.recipe.ours)

    @staticmethod
    def _cells(rects: Iterable[Rect]) -> Iterable[Place]:
        for sheet, top, left, bottom, right in rects:
            if (bottom - top + 1) * (right - left + 1) > LARGEST:
                continue
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    yield sheet, row, column

    def _text(self, place: Place) -> str:
        """That a constant cell holds a text that was meant as a number; empty where it does not."""
        sheet, row, column = place
        cells = self._constants.get(sheet)
        if cells is None:
            found = self._model.package.cells(sheet)
            cells = self._constants[sheet] = {(c.row, c.column): c.value for c in found if c.formula is None}
        value = cells.get((row, column))
        if not isinstance(value, str) or isinstance(value, CellError):
            return ""
        if not any(letter.isdigit() for letter in value):
            return ""
        return f"{place_text(place)} holds the text {value!r} where a number belongs"
