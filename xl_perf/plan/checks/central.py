"""Checks on the central structures, the professionals, the register of projects and the POLA."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from xl_perf.plan.figures import Figure
from xl_perf.plan.model import ProjectKind, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.plan.model import Plan

AGILE = ("agili", "agili_giornate_medie", "agili_giornate", "dipendenti", "agili_quota")
"""Roles of the results of the POLA that are checked against each other."""


def totals(plan: Plan) -> Iterator[Figure]:
    """Printed national totals (targets, baselines) against the sum over the structures that have a value."""
    values: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for target in sorted(plan.targets, key=lambda target: target.known_from):
        values[target.indicator, target.period, ""][target.structure] = target.value
    for actual in plan.actuals:
        if actual.measure == "baseline":
            values[actual.item, actual.period, "/baseline"][actual.structure] = actual.value
    national = plan.national
    for (code, period, what), found in values.items():
        indicator = plan.indicators.get(code)
        if indicator is None or not indicator.total or national not in found:
            continue
        parts = [value for structure, value in found.items() if structure != national]
        label = f"{indicator.short or indicator.title}{what}: {len(parts)} structures"
        total = math.fsum(parts)
        yield Figure(
            f"{code}/{period}{what}", label, found[national], total, 0, indicator.unit, indicator.decimals
        )


def lists(plan: Plan) -> Iterator[Figure]:
    """Targets in pieces that the plan lists one by one (audit campaigns) against the length of the list."""
    listed = Counter(
        line.code.rpartition(".")[0] for line in plan.lines if line.code.rpartition(".")[2].isdecimal()
    )
    for target in plan.targets:
        if target.indicator in listed and target.unit is Unit.PIECES:
            title = plan.indicators[target.indicator].title
            yield Figure(target.indicator, title, target.value, listed[target.indicator], 0)


def central_items(plan: Plan) -> Iterator[Figure]:
    """IEEP of a central structure against the sum of its rows of Tabella B, and each row against the table."""
    parts: dict[str, list[float]] = defaultdict(list)
    items = plan.role("ieep_centrali")
    for line in plan.lines:
        if not line.code.startswith(f"{items}.") or line.value is None or line.structure is None:
            continue
        code = line.code.removeprefix(f"{items}.").partition(".")[2]
        target = plan.target(code, plan.national)
        yield Figure(line.code, f"{line.structure}: {line.title}", target.value, line.value, 0, line.unit)
        parts[line.structure].append(sign_in_total(plan, code) * line.value)
    for structure, values in parts.items():
        target = plan.target(items, structure)
        label = f"{structure}: {len(values)} rows"
        yield Figure(f"{items}/{structure}", label, target.value, math.fsum(values), 0, target.unit)


def sign_in_total(plan: Plan, code: str) -> int:
    """How a row counts in the row on top: product of the signs on the way up."""
    sign, indicator = 1, plan.indicators[code]
    while indicator.parent is not None:
        sign *= indicator.sign
        indicator = plan.indicators[indicator.parent]
    return sign


def register(plan: Plan) -> Iterator[Figure]:
    """Register of projects: strategic activities numbered without gaps; owners named by each general objective."""
    numbers = [
        int(project.code.rpartition("AS")[2])
        for project in plan.projects
        if project.kind is ProjectKind.ACTIVITY
    ]
    if numbers:
        yield Figure(
            "AS", "strategic activities, numbered from 1", max(numbers), len(set(numbers)), 0, Unit.PIECES
        )
    valued = Counter(project.valued.lower() for project in plan.projects)
    for code in plan.codes("titolari"):
        parameter, letter = plan.parameters[code], code.rpartition(".")[2]
        yield Figure(letter, parameter.title, parameter.value, valued[letter], 0, parameter.unit)


def agile_work(plan: Plan) -> Iterator[Figure]:
    """POLA: days against workers times mean days, shares against heads; printed rounding as tolerance."""
    found = {(a.item, a.period): a for a in plan.actuals if a.measure == "consuntivo"}
    workers_, each, days, heads, share_ = (plan.role(name) for name in AGILE)
    for (item, period), actual in found.items():
        if item == days:
            workers, mean = found[workers_, period], found[each, period]
            rounding = 0.5 * 10.0**-mean.decimals * workers.value
            label, computed = f"giornate agili, {period}", workers.value * mean.value
            yield Figure(f"giornate/{period}", label, actual.value, computed, rounding, Unit.PIECES)
        if item == share_:
            share = found[workers_, period].value / found[heads, period].value
            yield Figure(
                f"quota/{period}",
                f"lavoratori agili, {period}",
                actual.value,
                share,
                0.5 * 10.0**-actual.decimals,
                Unit.PERCENT,
                2,
            )
    profiles = tuple(zip(plan.codes("agili_profili"), plan.codes("agili_profili_quote"), strict=True))
    yield from _profiles(profiles, {key: (a.value, a.decimals) for key, a in found.items()})


def _profiles(
    profiles: tuple[tuple[str, str], ...], found: dict[tuple[str, str], tuple[float, int]]
) -> Iterator[Figure]:
    """Shares of the profiles against one number of workers, the one that the first of them gives."""
    for item, period in list(found):
        if not profiles or item != profiles[0][0]:
            continue
        workers = round(found[item, period][0] / found[profiles[0][1], period][0])
        for code, share_code in profiles:
            name = code.rpartition(".")[2]
            heads, _ = found[code, period]
            share, decimals = found[share_code, period]
            label = f"{name}, {period}: su {workers} lavoratori agili"
            yield Figure(
                f"{code}/{period}", label, share, heads / workers, 0.5 * 10.0**-decimals, Unit.PERCENT, 2
            )
