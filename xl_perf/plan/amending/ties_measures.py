"""Ties of single systems of measurement: cost index, ratios of redditivita', IEEP of central structures, rules."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.plan.checks.central import sign_in_total
from xl_perf.plan.checks.lines import RATIOS
from xl_perf.plan.checks.trees import rule_value
from xl_perf.plan.model import Unit
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
    if plan.codes("ieep_centrali"):
        yield from _central(plan)
    if plan.codes("pezzi_sussidiarieta"):
        yield from _supporters(plan)
    if plan.codes("indice_costi") and plan.codes("pesi_costi"):
        yield from _costs(plan)
    if all(plan.codes(role) for role in RATIOS):
        yield from _yields(plan, values)
    yield from _rules(plan, values)


def _target(indicator: str, structure: str, period: str) -> Datum:
    return ("obiettivo", f"{indicator}|{structure}|{period}")


def _central(plan: Plan) -> Iterator[Tie]:
    """Rows of the central structures repeat Tabella B; their IEEP is the sum of their rows."""
    items = plan.role("ieep_centrali")
    parts: dict[str, list[tuple[Datum, int]]] = {}
    for line in plan.lines:
        if not line.code.startswith(f"{items}.") or line.value is None or line.structure is None:
            continue
        code = line.code.removeprefix(f"{items}.").partition(".")[2]
        row = ("riga", line.code)
        yield signed_sum(row, [(_target(code, plan.national, plan.period), 1)], "row of Tabella B")
        parts.setdefault(line.structure, []).append((row, sign_in_total(plan, code)))
    for structure, found in parts.items():
        yield signed_sum(_target(items, structure, plan.period), found, "sum of its rows")


def _supporters(plan: Plan) -> Iterator[Tie]:
    pieces = plan.role("pezzi_sussidiarieta")
    for line in plan.lines_of(plan.indicators[pieces].system):
        if line.value is not None and line.structure is not None and line.counterpart is None:
            result = _target(pieces, line.structure, plan.period)
            yield signed_sum(result, [(("riga", line.code), 1)], "total of the lines")


def _costs(plan: Plan) -> Iterator[Tie]:
    """Index of each region: sum of weight * 100 * value / mean of the cluster."""
    index_code, node = plan.role("indice_costi"), plan.role("pesi_costi")
    members = [weight.member for weight in plan.weights_of(node)]
    for structure in plan.regional():
        cluster = [s.code for s in plan.regional() if s.cluster and s.cluster == structure.cluster]
        arguments = [_target(m, s, plan.period) for m in members for s in cluster]
        arguments += [("peso", f"{node}|{m}") for m in members]

        def index(
            values: Mapping[Datum, float], code: str = structure.code, others: Sequence[str] = tuple(cluster)
        ) -> float:
            total = 0.0
            for member in members:
                found = [values[_target(member, other, plan.period)] for other in others]
                mean = math.fsum(found) / len(found)
                own = values[_target(member, code, plan.period)]
                total += values["peso", f"{node}|{member}"] * 100 * own / (mean or math.nan)
            return total

        if cluster:
            yield Tie(
                _target(index_code, structure.code, plan.period),
                tuple(arguments),
                index,
                "index by weights and means of the cluster",
                plan.indicators[index_code].decimals,
            )


def _yields(plan: Plan, values: Mapping[Datum, float]) -> Iterator[Tie]:
    """Redditivita' of a region: its IEEP over its costs, which do not change; national ratios: ratios of sums."""
    period, regions = plan.period, [s.code for s in plan.regional()]
    redditivita, point, total = (plan.role(role) for role in RATIOS)
    shares = plan.codes("quote_costi")
    needed = [_target(code, s, period) for s in regions for code in (total, redditivita, point, *shares)]
    if any(datum not in values for datum in needed):
        return
    costs = {s: values[_target(total, s, period)] / values[_target(redditivita, s, period)] for s in regions}
    digits = plan.indicators[redditivita].decimals
    for code in regions:
        value = _target(total, code, period)
        yield Tie(
            _target(redditivita, code, period),
            (value,),
            lambda now, value=value, cost=costs[code]: now[value] / cost,  # type: ignore[misc]
            "IEEP over the same costs",
            digits,
        )
    whole = math.fsum(costs.values())
    results = tuple(_target(total, code, period) for code in regions)
    yield Tie(
        _target(redditivita, plan.national, period),
        results,
        lambda now: math.fsum(now[result] for result in results) / whole,
        "ratio of the regional sums",
        digits,
    )
    yield from _cost_ratios(plan, costs)


def _cost_ratios(plan: Plan, costs: Mapping[str, float]) -> Iterator[Tie]:
    """National shares of costs and costs per point, from those of the regions and their costs."""
    point = plan.role("costo_punto")
    period, whole = plan.period, math.fsum(costs.values())
    for share in plan.codes("quote_costi"):
        indicator = plan.indicators[share]
        yield Tie(
            _target(share, plan.national, period),
            tuple(_target(share, code, period) for code in costs),
            lambda now, share=share: (  # type: ignore[misc]
                math.fsum(cost * now[_target(share, code, period)] for code, cost in costs.items()) / whole
            ),
            "ratio of the regional sums",
            indicator.decimals + 2 * (indicator.unit is Unit.PERCENT),
        )
    yield Tie(
        _target(point, plan.national, period),
        tuple(_target(point, code, period) for code in costs),
        lambda now: (
            whole / math.fsum(cost / now[_target(point, code, period)] for code, cost in costs.items())
        ),
        "ratio of the regional sums",
        plan.indicators[point].decimals,
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
