"""The facts of the examples: one value for each identity, whichever workbook asks.

Invented, and made as `esempio` says.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from xl_perf.plan.entities import Unit
from xl_perf.plan.measures import FactorKind, Form, Gap, Nature, Reporter

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.contract.model import Identity
    from xl_perf.plan.measures import Factor, Measure
    from xl_perf.plan.model import Plan

QUARTERS = 4
EXAMPLE_GAP = 0.06
"""Share of the example's facts that nobody reports, to show partial coverage."""
_DRIFT = 0.25
"""How much of the way between the ends of a range a quarter moves a value."""
_WIDE = 1.5
"""From which ratio of its ends on a range says how large structures are, which no quarter changes."""
_DIGITS = ((1000.0, 0), (100.0, 1), (1.0, 2))
"""From which size on how many decimals are kept."""
_FINE = 4


@lru_cache(maxsize=1 << 16)
def chance(*words: str) -> float:
    """A number in [0, 1) that always is the same for the same words."""
    digest = hashlib.sha256("|".join(words).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


class Example:
    """What everybody reports in the examples.

    The examples show the whole year: a fact of the year and of its last quarter is one. Flows of an earlier quarter are
    about its part of the year.

    Args:
        plan: the edition.
        outcome: gives the score of a node, by item, structure and quarter, of another workbook of the examples.
    """

    def __init__(self, plan: Plan, outcome: Callable[[Identity], float | None]) -> None:
        self.plan = plan
        self._outcome = outcome
        self._known: dict[tuple[Identity, bool], float | None] = {}
        self._same: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        for same in plan.equalities:
            source = same.item, same.measure, same.structure
            first = self._same.setdefault((same.other_item, same.other_measure, same.other_structure), source)
            if first != source:  # several report one fact: they agree
                self._same[source] = first
        self._parts: dict[str, list[str]] = defaultdict(list)
        for indicator in plan.indicators.values():
            if indicator.parent is not None:
                self._parts[indicator.parent].append(indicator.code)
        self._below: dict[str, list[str]] = defaultdict(list)
        for structure in plan.structures_of():
            if structure.parent is not None:
                self._below[structure.parent].append(structure.code)
        self._lines = {line.code: line.value for line in plan.lines}
        self._common: dict[str, float | None] = {}
        self._planned = {
            (a.item, a.structure): a.value
            for a in plan.actuals
            if a.measure == "piano" and a.period == plan.period
        }

    def score(self, identity: Identity) -> float | None:
        """The score that an example of the identity's quarter gives a node; None where none does."""
        return self._outcome(identity)

    def value(self, identity: Identity) -> float | None:
        """What is reported of an identity; None where nobody reports it."""
        period = identity.period
        if period.partition("-")[0] != self.plan.period:
            return None
        if "-" not in period:
            period = f"{period}-T{QUARTERS}"
        return self._value(replace(identity, period=period), reported=True)

    def _left_empty(self, identity: Identity, measure: Measure) -> bool:
        """Whether nobody reports an item of a structure: all its measures are empty together."""
        assert measure.example is not None
        what = identity.item
        if measure.example.gap is Gap.NONE:
            return False
        if measure.example.gap is Gap.SYSTEM:
            what = self.plan.indicators[what].system
        return chance("vuoto", what, identity.structure, identity.row) < EXAMPLE_GAP

    def _value(self, identity: Identity, *, reported: bool) -> float | None:
        key = identity, reported
        if key not in self._known:
            self._known[key] = self._found(identity, reported=reported)
        return self._known[key]

    def _found(self, identity: Identity, *, reported: bool) -> float | None:
        what = identity.item, identity.measure
        same = self._same.get((*what, identity.structure)) or self._same.get((*what, ""))
        if same is not None:
            item, name, structure = same
            other = replace(identity, item=item, measure=name, structure=structure or identity.structure)
            return self._value(other, reported=True)
        measure = self.plan.measures.get((identity.item, identity.measure))
        if measure is None:
            return None
        parts = [
            code
            for code in self._parts.get(identity.item, ())
            if (code, measure.measure) in self.plan.measures
        ]
        if parts:
            return self._sum_of_parts(identity, parts)
        if measure.example is None:
            return None
        below = self._reporting(measure, identity.structure)
        if below:
            return _sum(self._value(replace(identity, structure=code), reported=True) for code in below)
        if reported and self._left_empty(identity, measure):
            return None
        return self._made(identity, measure)

    def _sum_of_parts(self, identity: Identity, parts: list[str]) -> float | None:
        signed = []
        for code in parts:
            value = self._value(replace(identity, item=code), reported=True)
            signed.append(None if value is None else self.plan.indicators[code].sign * value)
        return _sum(signed)

    def _reporting(self, measure: Measure, structure: str) -> list[str]:
        """Who reports what a structure adds up; nobody where it reports itself."""
        assert measure.example is not None
        who = measure.example.reporter
        of = self.plan.structures[structure]
        if who is Reporter.SELF or (who is Reporter.REGION and of.code != self.plan.national):
            return []
        return self._below.get(structure, [])

    def _made(self, identity: Identity, measure: Measure) -> float | None:
        quarter = QUARTERS if measure.nature is Nature.FIXED else int(identity.period[-1])
        if measure.nature is Nature.PREVIOUS:
            quarter -= 1
            if not quarter:
                return None
        at = replace(identity, period=f"{self.plan.period}-T{quarter}")
        value, whole_year = 1.0, True
        assert measure.example is not None
        for place, factor in enumerate(measure.example.factors):
            number, annual = self._factor(at, measure, factor, place)
            whole_year = whole_year and annual
            if number is None or (factor.below and number == 0):
                return None
            value = value / number if factor.below else value * number
        if measure.nature is Nature.FLOW and whole_year:
            value *= quarter / QUARTERS
        if measure.nature is Nature.PREVIOUS or any(
            factor.kind is FactorKind.RESULT for factor in measure.example.factors
        ):
            return value
        return self._within(at, measure, _rounded(value, whole=_is_whole(measure)))

    def _within(self, identity: Identity, measure: Measure, value: float) -> float:
        """A value that passes none of the ends that its limits give as a number or as another measure."""
        for limit in measure.limits:
            if limit.form is Form.RANGE and limit.high is not None:
                value = min(value, limit.high)
            part_of = limit.form is Form.MEASURE and limit.high == 1
            if part_of or (limit.form is Form.SUM and len(limit.measures) == len(limit.wholes) == 1):
                whole = limit.measures[0] if part_of else limit.wholes[0]
                most = None
                if whole != measure.measure:
                    most = self._value(replace(identity, measure=whole), reported=False)
                value = value if most is None else min(value, most)
        return value

    def _factor(
        self, identity: Identity, measure: Measure, factor: Factor, place: int
    ) -> tuple[float | None, bool]:
        """A factor's number, and whether it is the whole year's."""
        item = factor.code or identity.item
        if factor.kind is FactorKind.RANGE:
            return self._between(identity, measure, factor, place), True
        if factor.kind is FactorKind.PARAMETER:
            return self.plan.parameter(item), True
        if factor.kind is FactorKind.PLANNED:
            return self._planned.get((item, self.plan.national)), True
        if factor.kind is FactorKind.RESULT:
            return self._outcome(replace(identity, item=item, measure="punteggio")), False
        if factor.kind is FactorKind.TARGET:
            return self._target(item, identity.structure, "" if factor.code else identity.period)
        other = self.plan.measures[item, factor.measure]
        asked = replace(identity, item=item, measure=factor.measure)
        return self._value(asked, reported=False), other.nature is not Nature.FLOW

    def _between(self, identity: Identity, measure: Measure, factor: Factor, place: int) -> float:
        """A number of a range: a structure has its own level, about which the quarters move."""
        if factor.low == factor.high:
            return factor.low
        words = (identity.item, identity.measure, identity.structure, identity.row, str(place))
        steady = measure.nature is Nature.FIXED or factor.high > _WIDE * factor.low
        level, move = chance(*words), chance(*words, identity.period)
        share = level if steady else (1 - _DRIFT) * level + _DRIFT * move
        return factor.low + (factor.high - factor.low) * share

    def _target(self, item: str, structure: str, period: str) -> tuple[float | None, bool]:
        """The target of the quarter, else that of the year; of a line of the plan its number."""
        if item in self._lines:
            return self._lines[item], True
        for of, annual in ((period, False), (self.plan.period, True)):
            if of and self.plan.has_target(item, structure, of):
                return self.plan.target(item, structure, of).value, annual
        return self._shared(item) if structure == self.plan.national else None, True

    def _shared(self, item: str) -> float | None:
        """The target that all structures with one have in common, where what is measured is the whole institute's."""
        if item not in self._common:
            found = {
                t.value for t in self.plan.targets if (t.indicator, t.period) == (item, self.plan.period)
            }
            self._common[item] = found.pop() if len(found) == 1 else None
        return self._common[item]


def _sum(values: object) -> float | None:
    known = [value for value in values if value is not None]  # type: ignore[attr-defined]
    return math.fsum(known) if known else None


def _is_whole(measure: Measure) -> bool:
    """Whether people report whole numbers: pieces, and amounts but for unit costs."""
    return (
        measure.whole
        or measure.unit is Unit.PIECES
        or (measure.unit is Unit.EURO and measure.nature is Nature.FLOW)
    )


def _rounded(value: float, *, whole: bool) -> float:
    """A number with as many decimals as people report."""
    digits = 0 if whole else next((d for size, d in _DIGITS if abs(value) >= size), _FINE)
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded
