"""Checks on the published results: totals, variations, percentages, values that two documents print."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from xl_perf.plan.figures import Figure
from xl_perf.plan.model import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.plan.model import Actual, Plan

_AMOUNTS = ("piano", "consuntivo")


def _half_unit(actual: Actual) -> float:
    """Half a unit of the last printed digit: what rounding may have changed."""
    return 0.5 * 10.0**-actual.decimals


def _key(actual: Actual) -> str:
    return f"{actual.item}/{actual.period}/{actual.measure}/{actual.source.document}"


def _printed(actual: Actual) -> float:
    return actual.value if actual.printed is None else actual.printed


def sums(plan: Plan) -> Iterator[Figure]:
    """Every printed total whose addends are printed too, against their sum.

    Where a total is read differently from what is printed, both are compared: the printed number (a known defect) and
    the reading (key with `/lettura`).
    """
    tables: dict[tuple[str, str, str, str], dict[str, Actual]] = defaultdict(dict)
    for actual in plan.actuals:
        if actual.measure in _AMOUNTS:
            group = (actual.source.document, actual.structure, actual.period, actual.measure)
            tables[group][actual.item] = actual
    for group, table in tables.items():
        for item, total in table.items():
            parts = _parts(plan, table, item, group[2])
            if parts is None:
                continue
            computed = math.fsum(sign * part.value for sign, part in parts)
            tolerance = _half_unit(total) + math.fsum(_half_unit(part) for _, part in parts)
            label = f"{total.measure} {total.period}: {plan.actual_items[item].title}"
            decimals = total.decimals
            printed = _printed(total)
            yield Figure(_key(total), label, printed, computed, tolerance, total.unit, decimals)
            if total.printed is not None:
                key = f"{_key(total)}/lettura"
                label += " (as read)"
                yield Figure(key, label, total.value, computed, tolerance, total.unit, decimals)


def _parts(
    plan: Plan, table: Mapping[str, Actual], item: str, period: str
) -> list[tuple[int, Actual]] | None:
    """The addends of an item with their signs; an addend not printed gives its own. None: cannot be computed."""
    for rule in plan.sums:
        if rule.item != item or (rule.periods and period not in rule.periods):
            continue
        parts: list[tuple[int, Actual]] = []
        for code, sign in rule.addends:
            if code in table:
                parts.append((sign, table[code]))
                continue
            below = _parts(plan, table, code, period)
            if below is None:
                return None
            parts.extend((sign * other, part) for other, part in below)
        return parts
    return None


def variations(plan: Plan) -> Iterator[Figure]:
    """Printed variation of result on target against the two amounts (less is better: the sign is turned)."""
    for actual, target, result in _with_amounts(plan, "variazione_stampata"):
        direction = plan.actual_items[actual.item].direction
        change = (result - target) / (target or math.nan)
        computed = change if direction is Direction.HIGHER else -change
        yield _percentage(plan, actual, computed)


def realisations(plan: Plan) -> Iterator[Figure]:
    """Printed percentage of realisation against result / plan."""
    for actual, target, result in _with_amounts(plan, "realizzazione_stampata"):
        yield _percentage(plan, actual, result / (target or math.nan))


def yearly_changes(plan: Plan) -> Iterator[Figure]:
    """Printed change of a result on the year before against the two results of the same document.

    The sign is that of the numbers, whether more is better or not; the rounding of the results counts.
    """
    known = {(a.source.document, a.structure, a.item, a.period, a.measure): a for a in plan.actuals}
    for actual in plan.actuals:
        if actual.measure != "variazione_annua_stampata":
            continue
        key = (actual.source.document, actual.structure, actual.item)
        now = known.get((*key, actual.period, "consuntivo"))
        before = known.get((*key, str(int(actual.period) - 1), "consuntivo"))
        if now is None or before is None:
            yield _percentage(plan, actual, math.nan)
            continue
        low, high = now.value - _half_unit(now), now.value + _half_unit(now)
        least, most = before.value - _half_unit(before), before.value + _half_unit(before)
        change = now.value / before.value - 1
        spread = max(change - (low / most - 1), high / least - 1 - change)
        yield _percentage(plan, actual, change, spread)


def shares_finished(plan: Plan) -> Iterator[Figure]:
    """Printed share of the pieces finished against finished / came in."""
    for actual, came_in, finished in _with_amounts(
        plan, "definizione_stampata", amounts=("pervenuto", "definito")
    ):
        yield _percentage(plan, actual, finished / (came_in or math.nan))


def _percentage(plan: Plan, actual: Actual, computed: float, spread: float = 0) -> Figure:
    label = f"{actual.period}: {plan.actual_items[actual.item].title}"
    allowed = _half_unit(actual) + spread
    decimals = max(0, actual.decimals - 2)
    return Figure(_key(actual), label, actual.value, computed, allowed, actual.unit, decimals)


def _with_amounts(
    plan: Plan, measure: str, amounts: tuple[str, str] = _AMOUNTS
) -> Iterator[tuple[Actual, float, float]]:
    """Printed percentages with the two amounts of the same document; NaN for what it does not print."""
    known = {(a.source.document, a.structure, a.item, a.period, a.measure): a.value for a in plan.actuals}
    for actual in plan.actuals:
        if actual.measure == measure:
            key = (actual.source.document, actual.structure, actual.item, actual.period)
            target, result = (known.get((*key, amount), math.nan) for amount in amounts)
            yield actual, target, result


def restatements(plan: Plan) -> Iterator[Figure]:
    """A value that several documents print: the older against the newest."""
    printed: dict[tuple[str, ...], list[Actual]] = defaultdict(list)
    for actual in plan.actuals:
        printed[actual.item, actual.structure, actual.period, actual.measure].append(actual)
    for same in printed.values():
        newest = max(same, key=lambda a: plan.documents[a.source.document].year)
        for older in same:
            if older is not newest:
                label = f"{older.measure} {older.period}: {plan.actual_items[older.item].title}"
                label += f" ({older.source.document} / {newest.source.document})"
                half = _half_unit(older) + _half_unit(newest) if older.decimals != newest.decimals else 0
                decimals = max(older.decimals, newest.decimals)
                yield Figure(_key(older), label, older.value, newest.value, half, older.unit, decimals)
