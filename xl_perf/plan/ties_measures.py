"""Ties of single systems of measurement: cost index, ratios of redditivita', IEEP of central structures, rules."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.plan.check_central import ITEMS, sign_in_total
from xl_perf.plan.check_lines import PER_POINT, SHARES, SUPPORTED, VALUE, YIELD
from xl_perf.plan.check_targets import COST_INDEX, COST_NODE
from xl_perf.plan.check_trees import rule_value
from xl_perf.plan.model import StructureKind, Unit
from xl_perf.plan.nodes import RuleBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xl_perf.plan.model import Plan

    Datum = tuple[str, str]
    """Kind and key of a number."""

NOTES = {
    "sum of the rows below it": "somma delle righe che lo compongono",
    "sum of regions and DCM": "somma di Direzioni regionali e DCM",
    "total of the structures": "totale delle strutture",
    "the same number (legami.csv)": "stesso numero di un altro obiettivo",
    "reprint of the target": "ristampa dell'obiettivo",
    "sum of the lines below it": "somma delle voci che lo compongono",
    "best bands together": "somma dei punti delle fasce migliori",
    "row of Tabella B": "riga della Tabella B",
    "sum of its rows": "somma delle righe della struttura",
    "total of the lines": "totale delle voci",
    "index by weights and means of the cluster": "indice da pesi e medie del cluster",
    "IEEP over the same costs": "IEEP su costi invariati",
    "ratio of the regional sums": "rapporto fra le somme regionali",
    "rule": "regola",
}
"""Reason of a tie -> what the data and workbooks say of the number, in Italian."""

MAXIMUM = ("parametro", "controllo_processo.massimo")


@dataclass(frozen=True, slots=True)
class Tie:
    """How one number follows from others.

    Attributes:
        result: the number that follows.
        arguments: the numbers that it follows from.
        value: what they give.
        reason: why, for people.
        decimals: decimals that the plan prints the result with where it is a quotient; None: all.
    """

    result: Datum
    arguments: tuple[Datum, ...]
    value: Callable[[Mapping[Datum, float]], float]
    reason: str
    decimals: int | None = None
    text: str = ""
    """Text of the rule of the plan, where the tie is one."""

    @property
    def note(self) -> str:
        """The reason in Italian, for data and workbooks."""
        return f"{NOTES[self.reason]}: {self.text}" if self.text else NOTES[self.reason]


def signed_sum(result: Datum, parts: Sequence[tuple[Datum, int]], reason: str) -> Tie:
    """A number that is the sum of sign * part."""
    arguments = tuple(part for part, _ in parts)
    return Tie(result, arguments, lambda values: math.fsum(sign * values[p] for p, sign in parts), reason)


def ties(plan: Plan, values: Mapping[Datum, float]) -> Iterator[Tie]:
    """The ties of single systems; those of numbers that the plan lacks are among them."""
    yield from _central(plan)
    yield from _supporters(plan)
    yield from _costs(plan)
    yield from _yields(plan, values)
    yield from _rules(plan, values)


def _target(indicator: str, structure: str, period: str) -> Datum:
    return ("obiettivo", f"{indicator}|{structure}|{period}")


def _national(plan: Plan) -> str:
    return next(s.code for s in plan.structures.values() if s.kind is StructureKind.NATIONAL)


def _central(plan: Plan) -> Iterator[Tie]:
    """Rows of the central structures repeat Tabella B; their IEEP is the sum of their rows."""
    parts: dict[str, list[tuple[Datum, int]]] = {}
    for line in plan.lines:
        if not line.code.startswith(f"{ITEMS}.") or line.value is None or line.structure is None:
            continue
        code = line.code.removeprefix(f"{ITEMS}.").partition(".")[2]
        row = ("riga", line.code)
        yield signed_sum(row, [(_target(code, _national(plan), plan.period), 1)], "row of Tabella B")
        parts.setdefault(line.structure, []).append((row, sign_in_total(plan, code)))
    for structure, found in parts.items():
        yield signed_sum(_target(ITEMS, structure, plan.period), found, "sum of its rows")


def _supporters(plan: Plan) -> Iterator[Tie]:
    for line in plan.lines_of(SUPPORTED.partition(".")[0]):
        if line.value is not None and line.structure is not None and line.counterpart is None:
            result = _target(SUPPORTED, line.structure, plan.period)
            yield signed_sum(result, [(("riga", line.code), 1)], "total of the lines")


def _costs(plan: Plan) -> Iterator[Tie]:
    """Index of each region: sum of weight * 100 * value / mean of the cluster."""
    if COST_INDEX not in plan.indicators:
        return
    members = [weight.member for weight in plan.weights_of(COST_NODE)]
    for structure in plan.regional():
        cluster = [s.code for s in plan.regional() if s.cluster and s.cluster == structure.cluster]
        arguments = [_target(m, s, plan.period) for m in members for s in cluster]
        arguments += [("peso", f"{COST_NODE}|{m}") for m in members]

        def index(
            values: Mapping[Datum, float], code: str = structure.code, others: Sequence[str] = tuple(cluster)
        ) -> float:
            total = 0.0
            for member in members:
                found = [values[_target(member, other, plan.period)] for other in others]
                mean = math.fsum(found) / len(found)
                own = values[_target(member, code, plan.period)]
                total += values["peso", f"{COST_NODE}|{member}"] * 100 * own / (mean or math.nan)
            return total

        if cluster:
            yield Tie(
                _target(COST_INDEX, structure.code, plan.period),
                tuple(arguments),
                index,
                "index by weights and means of the cluster",
                plan.indicators[COST_INDEX].decimals,
            )


def _yields(plan: Plan, values: Mapping[Datum, float]) -> Iterator[Tie]:
    """Redditivita' of a region: its IEEP over its costs, which do not change; national ratios: ratios of sums."""
    if YIELD not in plan.indicators:
        return
    period, regions = plan.period, [s.code for s in plan.regional()]
    needed = [_target(code, s, period) for s in regions for code in (VALUE, YIELD, PER_POINT, *SHARES)]
    if any(datum not in values for datum in needed):
        return
    costs = {s: values[_target(VALUE, s, period)] / values[_target(YIELD, s, period)] for s in regions}
    digits = plan.indicators[YIELD].decimals
    for code in regions:
        value = _target(VALUE, code, period)
        yield Tie(
            _target(YIELD, code, period),
            (value,),
            lambda now, value=value, cost=costs[code]: now[value] / cost,  # type: ignore[misc]
            "IEEP over the same costs",
            digits,
        )
    whole = math.fsum(costs.values())
    results = tuple(_target(VALUE, code, period) for code in regions)
    yield Tie(
        _target(YIELD, _national(plan), period),
        results,
        lambda now: math.fsum(now[result] for result in results) / whole,
        "ratio of the regional sums",
        digits,
    )
    yield from _cost_ratios(plan, costs)


def _cost_ratios(plan: Plan, costs: Mapping[str, float]) -> Iterator[Tie]:
    """National shares of costs and costs per point, from those of the regions and their costs."""
    period, whole = plan.period, math.fsum(costs.values())
    for share in SHARES:
        indicator = plan.indicators[share]
        yield Tie(
            _target(share, _national(plan), period),
            tuple(_target(share, code, period) for code in costs),
            lambda now, share=share: (  # type: ignore[misc]
                math.fsum(cost * now[_target(share, code, period)] for code, cost in costs.items()) / whole
            ),
            "ratio of the regional sums",
            indicator.decimals + 2 * (indicator.unit is Unit.PERCENT),
        )
    yield Tie(
        _target(PER_POINT, _national(plan), period),
        tuple(_target(PER_POINT, code, period) for code in costs),
        lambda now: (
            whole / math.fsum(cost / now[_target(PER_POINT, code, period)] for code, cost in costs.items())
        ),
        "ratio of the regional sums",
        plan.indicators[PER_POINT].decimals,
    )


def _rules(plan: Plan, values: Mapping[Datum, float]) -> Iterator[Tie]:
    """Targets that a rule gives from another target."""
    for rule in plan.target_rules:
        base = _target(rule.indicator, rule.structure, rule.base_period)
        result = _target(rule.indicator, rule.structure, rule.period)
        if rule.base is not RuleBase.TARGET or base not in values or base == result:
            continue
        if rule_value(plan, rule, values[base]) is None:
            continue
        yield Tie(
            result,
            (base,),
            lambda now, rule=rule, base=base: rule_value(plan, rule, now[base]) or 0.0,  # type: ignore[misc]
            "rule",
            text=rule.text,
        )
