"""Finding the formulas in which a rule of Excel matters that the engine lacks.

Operands of comparisons and numbers that become text are looked up among the results where they are cells and numbers
(`xl_perf.recalc.operands`); the others are calculated in the copy beside the formulas, each text once. Where two of
them are equal in 15 digits but not in all, or a text would show more than 15 digits, the formula is calculated again with
`xl_perf.recalc.excel_rules` in place of the engine's operators.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from math import isfinite, remainder
from typing import TYPE_CHECKING

from xl_perf.recalc.copy import escape
from xl_perf.recalc.excel_rules import same_digits
from xl_perf.recalc.operands import DIGITS, Calculated, cell_of, text_of
from xl_perf.recalc.recipe import Operand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.formulas import Job, Plain
    from xl_perf.recalc.lower import Lowering
    from xl_perf.recalc.operands import Planned, Side

_NEAR = 1e-14
_WHOLE = 1e15


@dataclass(slots=True)
class Probes:
    """The probes of one calculation: what is calculated stands in column A of a sheet of the copy.

    Args:
        sheet: name of that sheet.
        lowering: knows the plan of each recipe.
    """

    sheet: str
    lowering: Lowering
    _texts: dict[str, int] = field(default_factory=dict)
    """What is calculated -> its row, from 0."""
    _groups: list[tuple[Callable[[], Iterable[Job]], Planned]] = field(default_factory=list)
    """Formulas of one recipe, with their plan."""

    @property
    def rows(self) -> list[str]:
        """The XML of the sheet's rows."""
        return [
            f'<row r="{row}"><c r="A{row}"><f>{escape(text)}</f></c></row>'
            for row, text in enumerate(self._texts, start=1)
        ]

    def add(self, job: Job) -> None:
        """Adds the probes of a formula."""
        planned = self.lowering.plan(job)
        if planned.sides:
            self._add(lambda: (job,), planned)

    def add_plain(self, plain: Plain) -> None:
        """Adds the probes of a sheet's ordinary formulas."""
        for recipe in plain.distinct():
            if not recipe.probes:
                continue
            planned = self.lowering.plan(plain.job(plain.recipes.index(recipe)))
            if planned.sides:
                self._add(partial(plain.jobs, recipe), planned)

    def _add(self, jobs: Callable[[], Iterable[Job]], planned: Planned) -> None:
        self._groups.append((jobs, planned))
        sides = planned.calculated
        texts = self._texts
        for job in jobs() if sides else ():
            digits = DIGITS.findall(job.text)
            for side in sides:
                texts.setdefault(text_of(side, job, digits), len(texts))

    def found(
        self,
        values: Sequence[object],
        value_of: Callable[[Place], object],
        numbers: Callable[[], list[float]],
    ) -> set[Place]:
        """The formulas in which a rule matters.

        Args:
            values: what the engine calculated on the sheet.
            value_of: the value of a cell in this calculation.
            numbers: the numbers of the workbook in this calculation; whole ones may be left out.
        """
        matters: set[Place] = set()
        is_near: bool | None = None
        for jobs, planned in self._groups:
            sides = planned.sides
            if any(right is not None for _, right in sides):
                if is_near is None:
                    computed = [value for value in values if type(value) is float and isfinite(value)]
                    is_near = self._have_neighbours(numbers() + computed)
                sides = sides if is_near else tuple(pair for pair in sides if pair[1] is None)
            if not sides:
                continue
            for job in jobs():
                if self._matters(job, sides, values, value_of):
                    matters.add((job.sheet, job.row, job.column))
        return matters

    def _have_neighbours(self, numbers: list[float]) -> bool:
        """False where no side of a comparison can have another number beside it that is equal in 15 digits only."""
        pairs = [pair for _, planned in self._groups for pair in planned.sides if pair[1] is not None]
        literals = {side for pair in pairs for side in pair if isinstance(side, float)}
        if len(literals) > _FEW or not all(any(isinstance(side, float) for side in pair) for pair in pairs):
            return has_neighbours([*numbers, *literals])
        for literal in literals:
            low, high = sorted((literal * (1 - _NEAR), literal * (1 + _NEAR)))
            if [number for number in numbers if low <= number <= high and number != literal]:
                return True
        return False

    def _matters(
        self,
        job: Job,
        sides: Iterable[tuple[Side, Side | None]],
        values: Sequence[object],
        value_of: Callable[[Place], object],
    ) -> bool:
        """True where a rule matters for one of the comparisons and texts of a formula."""
        digits = DIGITS.findall(job.text)

        def value(side: Side) -> object:
            if isinstance(side, float):
                return side
            if isinstance(side, (Calculated, Operand)):
                return values[self._texts[text_of(side, job, digits)]]
            place = cell_of(side, job, digits)
            return None if place is None else value_of(place)

        for left, right in sides:
            if _needs_rule(value(left)) if right is None else _nearly_equal(value(left), value(right)):
                return True
        return False


_FEW = 8
"""Literals that are held against all numbers one by one; beyond them it is cheaper to sort the numbers."""
_ODD = 1e13
"""Whole numbers from here on may be neighbours of each other."""


def has_neighbours(numbers: Iterable[float]) -> bool:
    """False where no two numbers can be equal in 15 digits but not in all; any whole ones below 1e13 may be among them.

    Numbers that are not whole are enough: two whole ones are 1 apart, and whether another one is close to a whole number
    it shows itself.
    """
    odd = sorted(number for number in numbers if not number.is_integer() or abs(number) >= _ODD)
    return any(
        abs(remainder(number, 1.0)) <= _NEAR * abs(number) for number in odd if abs(number) < _ODD
    ) or any(0 < above - below <= _NEAR * max(above, -below) for below, above in pairwise(odd))


def _nearly_equal(left: object, right: object) -> bool:
    """True for numbers that are equal in 15 digits but not in all."""
    return (
        type(left) is float
        and type(right) is float
        and left != right
        and abs(left - right) <= _NEAR * max(abs(left), abs(right))
        and same_digits(left) == same_digits(right)
    )


def _needs_rule(value: object) -> bool:
    """True for a value whose text the engine writes in another way than Excel."""
    if type(value) is float:
        return not value.is_integer() or abs(value) >= _WHOLE
    return type(value) is bool
