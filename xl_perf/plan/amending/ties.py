"""Which numbers of the plan are tied to which: what has to follow when an act changes one of them.

A tie says how one number follows from others: a row of Tabella B from the rows below it, a national value from the
regions, a reprint from its target. Numbers are named by kind and key, as in modifiche_dati.csv: `("obiettivo",
"ieep.totale|PIEMONTE|2021")`, `("riga", code)`, `("ristampa", ...)`, `("parametro", code)`, `("peso", "node|member")`,
`("fascia", "ratio|number")` for its points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.plan.amending import ties_measures
from xl_perf.plan.amending.ties_measures import Tie, signed_sum
from xl_perf.plan.model import StructureKind
from xl_perf.plan.reading.fields import reprint_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.plan.amending.ties_measures import Datum
    from xl_perf.plan.model import Indicator, Plan

_NOISE_DIGITS = 9
"""Decimals that sums of floats keep: the plan's numbers have fewer."""


def values_of(plan: Plan) -> dict[Datum, float]:
    """The newest value of every number that ties speak of; quarters that are a share of the year are left out."""
    shares = {(part.indicator, part.period) for part in plan.programme}
    values: dict[Datum, float] = {
        ("obiettivo", f"{t.indicator}|{t.structure}|{t.period}"): t.value
        for t in sorted(plan.targets, key=lambda target: target.known_from)
        if (t.indicator, t.period) not in shares
    }
    values |= {("parametro", code): parameter.value for code, parameter in plan.parameters.items()}
    values |= {("peso", f"{w.node}|{w.member}"): w.value for w in plan.weights}
    values |= {("riga", line.code): line.value for line in plan.lines if line.value is not None}
    values |= {("ristampa", reprint_key(r)): r.value for r in plan.reprints}
    values |= {("fascia", f"{r.code}|{b.number}"): b.points for r in plan.banded_ratios for b in r.bands}
    return values


def ties_of(plan: Plan) -> tuple[Tie, ...]:
    """Every tie between numbers that the plan has; ties of numbers that it lacks are left out."""
    values = values_of(plan)
    found = (
        *_rows(plan, values),
        *_regions(plan, values),
        *_totals(plan, values),
        *_same(plan),
        *_reprints(plan, values),
        *_lines(plan),
        *_bands(plan),
        *ties_measures.ties(plan, values),
    )
    return tuple(tie for tie in found if tie.result in values and all(arg in values for arg in tie.arguments))


def _target(indicator: str, structure: str, period: str) -> Datum:
    return ("obiettivo", f"{indicator}|{structure}|{period}")


def _targets(values: Mapping[Datum, float]) -> Iterator[tuple[str, str, str]]:
    for kind, key in values:
        if kind == "obiettivo":
            indicator, structure, period = key.split("|")
            yield indicator, structure, period


def _rows(plan: Plan, values: Mapping[Datum, float]) -> Iterator[Tie]:
    below: dict[str, list[Indicator]] = {}
    for indicator in plan.indicators.values():
        if indicator.parent:
            below.setdefault(indicator.parent, []).append(indicator)
    for code, structure, period in _targets(values):
        if code in below:
            parts = [(_target(i.code, structure, period), i.sign) for i in below[code]]
            yield signed_sum(_target(code, structure, period), parts, "sum of the rows below it")


def _regions(plan: Plan, values: Mapping[Datum, float]) -> Iterator[Tie]:
    for code, structure, period in _targets(values):
        system = plan.systems[plan.indicators[code].system]
        if system.additive and plan.structures[structure].kind is StructureKind.NATIONAL:
            parts = [(_target(code, s.code, period), 1) for s in plan.regional() if system.covers(s)]
            yield signed_sum(_target(code, structure, period), parts, "sum of regions and DCM")


def _totals(plan: Plan, values: Mapping[Datum, float]) -> Iterator[Tie]:
    national = plan.national
    parts: dict[tuple[str, str], list[tuple[Datum, int]]] = {}
    for code, structure, period in _targets(values):
        if plan.indicators[code].total and structure != national:
            parts.setdefault((code, period), []).append((_target(code, structure, period), 1))
    for (code, period), found in parts.items():
        yield signed_sum(_target(code, national, period), found, "total of the structures")


def _same(plan: Plan) -> Iterator[Tie]:
    for pair in plan.same:
        base = (pair.base_kind, pair.base_key)
        yield signed_sum((pair.kind, pair.key), [(base, 1)], "the same number (legami.csv)")


def _reprints(plan: Plan, values: Mapping[Datum, float]) -> Iterator[Tie]:
    """Reprints that agree with their target; one that does not is a known defect, or of an older act."""
    for reprint in plan.reprints:
        target = _target(reprint.indicator, reprint.structure, reprint.period)
        if math.isclose(values.get(target, math.nan), reprint.value, rel_tol=1e-12):
            yield signed_sum(("ristampa", reprint_key(reprint)), [(target, 1)], "reprint of the target")


def _lines(plan: Plan) -> Iterator[Tie]:
    below: dict[str, list[tuple[Datum, int]]] = {}
    for line in plan.lines:
        if line.parent:
            below.setdefault(line.parent, []).append((("riga", line.code), 1))
    for code, parts in below.items():
        yield signed_sum(("riga", code), parts, "sum of the lines below it")


def _bands(plan: Plan) -> Iterator[Tie]:
    ratios = [[("fascia", f"{r.code}|{b.number}") for b in r.bands] for r in plan.banded_ratios]

    def best(values: Mapping[Datum, float]) -> float:
        return math.fsum(max(values[band] for band in bands) for bands in ratios)

    arguments = tuple(band for bands in ratios for band in bands)
    for code in plan.codes("massimo_controllo"):
        yield Tie(("parametro", code), arguments, best, "best bands together")


@dataclass(frozen=True, slots=True)
class Following:
    """A number that follows from a changed one.

    Attributes:
        datum: which.
        old: value before the act.
        new: value that consistency asks for.
        reason: why, in English for the terminal.
        note: why, in Italian for data and workbooks.
        given: value that the act sets, where it sets another one; None where it does not set it.
    """

    datum: Datum
    old: float
    new: float
    reason: str
    note: str
    given: float | None = None


def follow(plan: Plan, changed: Mapping[Datum, float]) -> tuple[Following, ...]:
    """What follows from changed numbers, in the order in which it follows.

    A number that differs from what its tie gives (rounding of the plan, a known defect) keeps that difference.

    Args:
        plan: the edition before the act.
        changed: the numbers that the act sets.

    Returns:
        The numbers that follow, and those that the act sets otherwise than the others ask for (`given`).
    """
    before = values_of(plan)
    after = before | dict(changed)
    ties = ties_of(plan)
    by_argument: dict[Datum, list[Tie]] = {}
    for tie in ties:
        for argument in tie.arguments:
            by_argument.setdefault(argument, []).append(tie)
    found: dict[Datum, Following] = {}
    waiting = list(changed)
    steps = 0
    while waiting:
        steps += 1
        if steps > len(before):
            break  # ties that run in a circle: what they give does not settle
        for tie in by_argument.get(waiting.pop(0), ()):
            new = _settled(tie, before, after)
            if tie.result not in changed and new != after[tie.result]:
                after[tie.result] = new
                found[tie.result] = Following(tie.result, before[tie.result], new, tie.reason, tie.note)
                waiting.append(tie.result)
    follows = [f for f in found.values() if f.new != f.old]
    for tie in ties:
        given, new = changed.get(tie.result), _settled(tie, before, after)
        if given is not None and not math.isclose(given, new, rel_tol=1e-12, abs_tol=10.0**-_NOISE_DIGITS):
            follows.append(Following(tie.result, before[tie.result], new, tie.reason, tie.note, given))
    return tuple(follows)


def _settled(tie: Tie, before: Mapping[Datum, float], after: Mapping[Datum, float]) -> float:
    new, old = tie.value(after), tie.value(before)
    if new == old:
        return before[tie.result]
    moved = before[tie.result] + new - old
    return round(moved, _NOISE_DIGITS if tie.decimals is None else tie.decimals)
