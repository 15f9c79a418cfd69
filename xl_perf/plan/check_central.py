"""Checks on the central structures, the professionals, the register of projects and the POLA."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from xl_perf.plan.figures import Figure
from xl_perf.plan.model import ProjectKind, StructureKind, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.plan.model import Plan

_OWNERS = "progetti.titolari."
ITEMS = "centrali.ieep"
_WORKERS, _DAYS_EACH, _DAYS = (
    f"lavoro_agile.{name}" for name in ("agili", "giornate_medie", "giornate_totali")
)
_HEADS, _SHARE = "lavoro_agile.dipendenti", "lavoro_agile.agili_quota"
_PROFILES = ("donne", "over60", "l104")


def totals(plan: Plan) -> Iterator[Figure]:
    """Printed national totals (targets, baselines) against the sum over the structures that have a value."""
    values: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for target in sorted(plan.targets, key=lambda target: target.known_from):
        values[target.indicator, target.period, ""][target.structure] = target.value
    for actual in plan.actuals:
        if actual.measure == "baseline":
            values[actual.item, actual.period, "/baseline"][actual.structure] = actual.value
    national = next(s.code for s in plan.structures.values() if s.kind is StructureKind.NATIONAL)
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
    national = next(s.code for s in plan.structures.values() if s.kind is StructureKind.NATIONAL)
    for line in plan.lines:
        if not line.code.startswith(f"{ITEMS}.") or line.value is None or line.structure is None:
            continue
        code = line.code.removeprefix(f"{ITEMS}.").partition(".")[2]
        target = plan.target(code, national)
        yield Figure(line.code, f"{line.structure}: {line.title}", target.value, line.value, 0, line.unit)
        parts[line.structure].append(sign_in_total(plan, code) * line.value)
    for structure, values in parts.items():
        target = plan.target(ITEMS, structure)
        label = f"{structure}: {len(values)} rows"
        yield Figure(f"{ITEMS}/{structure}", label, target.value, math.fsum(values), 0, target.unit)


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
    for code, parameter in plan.parameters.items():
        if code.startswith(_OWNERS):
            letter = code.removeprefix(_OWNERS)
            yield Figure(letter, parameter.title, parameter.value, valued[letter], 0, parameter.unit)


def agile_work(plan: Plan) -> Iterator[Figure]:
    """POLA: days against workers times mean days, shares against heads; printed rounding as tolerance."""
    found = {(a.item, a.period): a for a in plan.actuals if a.item.startswith("lavoro_agile.")}
    for (item, period), actual in found.items():
        if item == _DAYS:
            workers, mean = found[_WORKERS, period], found[_DAYS_EACH, period]
            rounding = 0.5 * 10.0**-mean.decimals * workers.value
            label, computed = f"giornate agili, {period}", workers.value * mean.value
            yield Figure(f"giornate/{period}", label, actual.value, computed, rounding, Unit.PIECES)
        if item == _SHARE:
            share = found[_WORKERS, period].value / found[_HEADS, period].value
            yield Figure(
                f"quota/{period}",
                f"lavoratori agili, {period}",
                actual.value,
                share,
                0.5 * 10.0**-actual.decimals,
                Unit.PERCENT,
                2,
            )
    yield from _profiles({key: (a.value, a.decimals) for key, a in found.items()})


def _profiles(found: dict[tuple[str, str], tuple[float, int]]) -> Iterator[Figure]:
    """Shares of the profiles against one number of workers, the one that the first of them gives."""
    for item, period in list(found):
        if item != f"lavoro_agile.{_PROFILES[0]}":
            continue
        workers = round(found[item, period][0] / found[f"{item}_quota", period][0])
        for name in _PROFILES:
            heads, _ = found[f"lavoro_agile.{name}", period]
            share, decimals = found[f"lavoro_agile.{name}_quota", period]
            label = f"{name}, {period}: su {workers} lavoratori agili"
            yield Figure(
                f"{name}/{period}", label, share, heads / workers, 0.5 * 10.0**-decimals, Unit.PERCENT, 2
            )
