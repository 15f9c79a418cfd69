"""Checks on the published results of the objectives: the scoring rule against the printed deviations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.compute.deviation import deviation
from xl_perf.compute.synthesis import weighted_mean
from xl_perf.plan.figures import Figure
from xl_perf.plan.model import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.plan.model import Actual, Plan
    from xl_perf.plan.reading.outcomes import Part

_PRINTED = "scostamento_stampato"
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a result: weight, deviation, and how far the rounding of the printed actual may move it."""

    weight: float
    deviation: float
    spread: float


def results(plan: Plan) -> Iterator[Figure]:
    """Every printed result of an objective against the weighted mean of the capped deviations of its parts.

    A part that no document prints a result of, such as a project, counts as realised at 100% (deviation 0). The
    tolerance is half a unit of the last printed digit, plus the rounding of the printed actuals.
    """
    for result in dict.fromkeys(part.result for part in plan.result_parts):
        parts = [part for part in plan.result_parts if part.result == result]
        printed = plan.actual(result, parts[0].period, _PRINTED)
        terms = list(_terms(plan, parts))
        mean = weighted_mean([t.deviation for t in terms], [t.weight for t in terms], 0, _TOLERANCE)
        yield Figure(
            f"{result}/{printed.period}/{printed.source.document}",
            plan.actual_items[result].title,
            printed.value,
            mean,
            _half_unit(printed) + sum(term.weight * term.spread for term in terms),
            Unit.PERCENT,
            2,
        )


def terms(plan: Plan, result: str) -> tuple[Term, ...]:
    """The parts that a result of an objective is the weighted mean of; none for a result whose parts are not known."""
    parts = [part for part in plan.result_parts if part.result == result]
    return tuple(_terms(plan, parts)) if parts else ()


def targets(plan: Plan) -> Iterator[Figure]:
    """Targets that a table of results prints for the edition's year, against the edition's targets as known last."""
    for part in plan.result_parts:
        if part.node and part.period == plan.period:
            for node in plan.children(part.node):
                target = _amount(plan, node.indicator or "", part.period, "piano")
                if target is not None and node.indicator:
                    known = plan.target(node.indicator, plan.national).value
                    key = f"{node.indicator}/{part.period}/piano"
                    title = plan.indicators[node.indicator].title
                    yield Figure(key, title, target.value, known, 0, target.unit, 2)


def _terms(plan: Plan, parts: Sequence[Part]) -> Iterator[Term]:
    if parts[0].node:
        for node in plan.children(parts[0].node):
            yield _measured(plan, node.indicator or "", parts[0].period, node.weight or 0)
        return
    for part in parts:
        weight = 1 / len(parts) if part.weight is None else part.weight
        yield _measured(plan, part.item, part.period, weight)


def _measured(plan: Plan, item: str, period: str, weight: float) -> Term:
    """The term of an item: its printed deviation, or that of its actual from its target; 0 where neither is printed."""
    if (printed := _amount(plan, item, period, _PRINTED)) is not None:
        return Term(weight, printed.value, _half_unit(printed))
    target, actual = (_amount(plan, item, period, measure) for measure in ("piano", "consuntivo"))
    if target is None or actual is None:
        return Term(weight, 0, 0)
    direction, cap = plan.actual_items[item].direction, plan.role_parameter("tetto")
    found = float(deviation(actual.value, target.value, float(direction), cap))
    rounding = _half_unit(actual) / target.value if actual.decimals and abs(found) < cap else 0
    return Term(weight, found, rounding)


def _amount(plan: Plan, item: str, period: str, measure: str) -> Actual | None:
    found = [a for a in plan.actuals if (a.item, a.period, a.measure) == (item, period, measure)]
    return found[-1] if found else None


def _half_unit(actual: Actual) -> float:
    return 0.5 * 10.0**-actual.decimals
