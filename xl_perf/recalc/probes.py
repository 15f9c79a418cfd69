"""Finding the formulas in which a rule of Excel matters that the engine lacks.

Operands of comparisons and numbers that become text are looked up among the results where they are cells and numbers
(`xl_perf.recalc.operands`); the others are calculated in the copy beside the formulas. Where two of
them are equal in 15 digits but not in all, or a text would show more than 15 digits, the formula is calculated again with
`xl_perf.recalc.excel_rules` in place of the engine's operators.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import remainder
from typing import TYPE_CHECKING, Any

from xl_perf.recalc.copy import escape
from xl_perf.recalc.excel_rules import same_digits
from xl_perf.recalc.formula import quick_tokens, quote_sheet
from xl_perf.recalc.operands import DIGITS, cell_of, literal, plan
from xl_perf.recalc.recipe import render_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.jobs import Job, Plain
    from xl_perf.recalc.operands import Plan, Planned
    from xl_perf.recalc.recipe import Operand

_NEAR = 1e-14
_WHOLE = 1e15


@dataclass(slots=True)
class Probes:
    """The probes of one calculation: on a sheet of the copy, one row each, or looked up among the results."""

    sheet: str
    rows: list[str] = field(default_factory=list)
    _asked: list[tuple[Place, float | None, bool]] = field(default_factory=list)
    """Cell that each row is about, the literal that its operand is compared with, and whether it becomes text."""
    _certain: set[Place] = field(default_factory=set)
    _looked_up: list[tuple[Job, Planned]] = field(default_factory=list)
    _columns: list[tuple[Plain, list[int], Planned]] = field(default_factory=list)
    """The same for ordinary formulas of one recipe: their sheet and their places."""
    _plans: dict[tuple[int, bool], Planned] = field(default_factory=dict)

    def add(self, job: Job) -> None:
        """Adds the probes of a formula."""
        in_text = job.plain and job.home == job.key
        kind = id(job.recipe), in_text
        planned = self._plans.get(kind)
        if planned is None:
            planned = self._plans[kind] = plan(job)
        if planned.looked_up:
            self._looked_up.append((job, planned))
        if planned.calculated:
            self._calculate(job, planned, _qualified(job) if in_text else None)

    def add_plain(self, plain: Plain) -> None:
        """Adds the probes of a sheet's ordinary formulas."""
        for recipe in plain.distinct():
            if not recipe.probes:
                continue
            places = [place for place in plain.places if plain.recipes[place] is recipe]
            planned = plan(plain.job(places[0]))
            if planned.looked_up:
                self._columns.append((plain, places, planned))
            if planned.calculated:
                for place in places:
                    job = plain.job(place)
                    self._calculate(job, planned, _qualified(job))

    def _calculate(self, job: Job, planned: Planned, tokens: list[str] | None) -> None:
        place = (job.sheet, job.row, job.column)
        for probe in planned.calculated:
            operands = [probe.left] if probe.right is None else [probe.left, probe.right]
            cells = [_text(job, operand, tokens) for operand in operands]
            literals = [literal(text) for text in cells]
            number = next((found for found in literals if found is not None), None)
            if number is not None:
                if probe.right is None and _needs_rule(number):
                    self._certain.add(place)
                cells = [text for text, found in zip(cells, literals, strict=True) if found is None]
                if len(cells) != 1 or (probe.right is not None and number == 0):
                    continue
            self._asked.append((place, number, probe.right is None))
            row = len(self._asked)
            written = "".join(
                f'<c r="{letter}{row}"><f>{escape(text)}</f></c>'
                for letter, text in zip("AB", cells, strict=False)
            )
            self.rows.append(f'<row r="{row}">{written}</row>')

    def found(
        self,
        values: list[list[Any]],
        value_of: Callable[[Place], object],
        numbers: Callable[[], Iterable[float]],
    ) -> set[Place]:
        """The formulas in which a rule matters.

        Args:
            values: what the engine calculated on the sheet, two columns.
            value_of: the value of a cell in this calculation.
            numbers: the numbers of the workbook in this calculation; whole ones may be left out.
        """
        matters = set(self._certain)
        for (place, number, becomes_text), (left, second) in zip(self._asked, values, strict=True):
            right = number if number is not None else second
            if _needs_rule(left) if becomes_text else _nearly_equal(left, right):
                matters.add(place)
        for job, planned in self._looked_up:
            if _matters(job, planned.looked_up, value_of):
                matters.add((job.sheet, job.row, job.column))
        is_near: bool | None = None
        for plain, places, planned in self._columns:
            sides = planned.looked_up
            if any(right is not None for _, right in sides):
                if is_near is None:
                    is_near = self._have_neighbours(list(numbers()))
                sides = sides if is_near else tuple(side for side in sides if side[1] is None)
            if sides:
                jobs = (plain.job(place) for place in places)
                matters.update(
                    (job.sheet, job.row, job.column) for job in jobs if _matters(job, sides, value_of)
                )
        return matters

    def _have_neighbours(self, numbers: list[float]) -> bool:
        """False where no side of a comparison can have another number beside it that is equal in 15 digits only."""
        pairs = [pair for *_, planned in self._columns for pair in planned.looked_up if pair[1] is not None]
        literals = {side for pair in pairs for side in pair if isinstance(side, float)}
        if len(literals) > _FEW or not all(any(isinstance(side, float) for side in pair) for pair in pairs):
            return has_neighbours([*numbers, *literals])
        for literal_ in literals:
            low, high = sorted((literal_ * (1 - _NEAR), literal_ * (1 + _NEAR)))
            if any(low <= number <= high and number != literal_ for number in numbers):
                return True
        return False


_FEW = 8
"""Literals that are held against all numbers one by one; beyond them it is cheaper to sort the numbers."""


def has_neighbours(numbers: Iterable[float]) -> bool:
    """False where no two numbers can be equal in 15 digits but not in all; any whole ones below 1e13 may be among them.

    Numbers that are not whole are enough: two whole ones are 1 apart, and whether another one is close to a whole number
    it shows itself.
    """
    odd = sorted(number for number in numbers if not number.is_integer() or abs(number) >= _ODD)
    return any(
        abs(remainder(number, 1.0)) <= _NEAR * abs(number) for number in odd if abs(number) < _ODD
    ) or any(0 < above - below <= _NEAR * max(above, -below) for below, above in pairwise(odd))


_ODD = 1e13
"""Whole numbers from here on may be neighbours of each other."""


def _matters(
    job: Job, sides: Iterable[tuple[Plan, Plan | None]], value_of: Callable[[Place], object]
) -> bool:
    """True where a rule matters for one of the comparisons and texts of a formula."""
    digits = DIGITS.findall(job.text)
    for left_side, right_side in sides:
        left = _value(left_side, job, digits, value_of)
        if right_side is None:
            if _needs_rule(left):
                return True
        elif _nearly_equal(left, _value(right_side, job, digits, value_of)):
            return True
    return False


def _value(side: Plan, job: Job, digits: list[str], value_of: Callable[[Place], object]) -> object:
    if isinstance(side, float):
        return side
    place = cell_of(side, job, digits)
    return None if place is None else value_of(place)


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


def _qualified(job: Job) -> list[str]:
    """Tokens of a formula, references with the sheet that they are on."""
    own = quote_sheet(job.sheet)
    return [
        own + text if kind == "ref" and "!" not in text else text for kind, text in quick_tokens(job.text)
    ]


def _text(job: Job, operand: Operand, tokens: list[str] | None) -> str:
    if tokens is not None:
        return "".join(tokens[operand.start : operand.end])
    return render_pieces(operand.pieces, job.row, job.column, job.home, own_sheet=job.sheet)
