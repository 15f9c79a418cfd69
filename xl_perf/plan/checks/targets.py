"""Checks on the targets, weights, bands and structures of a plan."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from xl_perf.plan.figures import Figure
from xl_perf.plan.model import StructureKind, Unit
from xl_perf.plan.reading.same import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.plan.model import Indicator, Plan, Target


def _newest(plan: Plan) -> dict[tuple[str, str, str], Target]:
    """(indicator, structure, period) -> the target as known last."""
    return {(t.indicator, t.structure, t.period): t for t in sorted(plan.targets, key=lambda t: t.known_from)}


def _printed(plan: Plan) -> dict[tuple[str, str, str], Target]:
    """The newest targets without those of quarters that follow from the annual one."""
    shares = {(part.indicator, part.period) for part in plan.programme}
    return {key: target for key, target in _newest(plan).items() if (key[0], key[2]) not in shares}


def _value(values: Mapping[tuple[str, str, str], Target], *key: str) -> float:
    """Value of a target; NaN, which agrees with nothing, where there is none."""
    target = values.get((key[0], key[1], key[2]))
    return math.nan if target is None else target.value


def _tolerance(plan: Plan, system: str) -> float:
    code = plan.systems[system].tolerance
    return plan.parameter(code) if code else 0.0


def hierarchy(plan: Plan) -> Iterator[Figure]:
    """Number of structures of each kind against the parameter of the role `strutture_<kind>`, where there is one."""
    found = Counter(structure.kind for structure in plan.structures.values())
    for kind in StructureKind:
        for code in plan.codes(f"strutture_{kind.value.replace(' ', '_')}"):
            yield Figure(kind.value, kind.value, plan.parameter(code), found[kind], 0)
    parents = {structure.parent for structure in plan.structures.values()}
    for structure in plan.regional():
        above = plan.structures[structure.parent or structure.code].kind
        yield Figure(f"{structure.code}/superiore", structure.code, 1, above is StructureKind.NATIONAL, 0)
        if any(not s.is_regional and s.kind is not StructureKind.NATIONAL for s in plan.structures.values()):
            yield Figure(f"{structure.code}/sedi", structure.code, 1, structure.code in parents, 0)


def coverage(plan: Plan) -> Iterator[Figure]:
    """Targets required by the coverage of each system against those that are there, newest knowledge, one each."""
    keys = Counter(
        (target.indicator, target.structure)
        for target in _newest(plan).values()
        if target.period == plan.period
    )
    for system in plan.systems.values():
        indicators = plan.indicators_of(system.code)
        structures = [s for s in plan.structures.values() if system.covers(s)]
        wanted = {(i.code, s.code) for i in indicators for s in structures}
        exactly_one = sum(keys[key] == 1 for key in wanted)
        if wanted:
            label = f"{system.code}: {len(indicators)} indicators x {len(structures)} structures"
            yield Figure(system.code, label, len(wanted), exactly_one, 0)


def weights(plan: Plan) -> Iterator[Figure]:
    """Sum of the weights of every node against 1."""
    sums: dict[str, list[float]] = defaultdict(list)
    for weight in plan.weights:
        sums[weight.node].append(weight.value)
    for node, values in sums.items():
        label = f"{node}: {len(values)} weights"
        yield Figure(node, label, 1, math.fsum(values), 1e-9, Unit.PERCENT, 2)


def row_sums(plan: Plan) -> Iterator[Figure]:
    """Every row with children against the sum of sign * child, for each structure and period."""
    values = _printed(plan)
    children: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in plan.indicators.values():
        if indicator.parent:
            children[indicator.parent].append(indicator)
    for (code, structure, period), target in values.items():
        if code not in children:
            continue
        parts = [i.sign * _value(values, i.code, structure, period) for i in children[code]]
        indicator = plan.indicators[code]
        yield Figure(
            f"{code}/{structure}/{period}",
            f"{structure}: {indicator.title}",
            target.value,
            math.fsum(parts),
            _tolerance(plan, indicator.system),
            indicator.unit,
            indicator.decimals,
        )


def regional_sums(plan: Plan) -> Iterator[Figure]:
    """National value of every indicator of an additive system against the sum over regions and DCM."""
    values = _printed(plan)
    for (code, structure, period), target in values.items():
        indicator = plan.indicators[code]
        system = plan.systems[indicator.system]
        if plan.structures[structure].kind is not StructureKind.NATIONAL or not system.additive:
            continue
        regional = [region.code for region in plan.regional() if system.covers(region)]
        total = math.fsum(_value(values, code, region, period) for region in regional)
        yield Figure(
            f"{code}/{period}",
            indicator.title,
            target.value,
            total,
            _tolerance(plan, indicator.system),
            indicator.unit,
            indicator.decimals,
        )


def reprints(plan: Plan) -> Iterator[Figure]:
    """Targets that the plan prints again elsewhere against the table's."""
    values = _newest(plan)
    for again in plan.reprints:
        indicator, key = plan.indicators[again.indicator], (again.indicator, again.structure, again.period)
        known = plan.target(*key, plan.acts[again.act].date).value if again.act else _value(values, *key)
        yield Figure(
            f"{again.indicator}/{again.structure}/{again.period}/{again.source.place}",
            f"{again.structure}: {indicator.title} ({again.source.place})",
            again.value,
            known,
            0,
            indicator.unit,
            indicator.decimals,
        )


def same_numbers(plan: Plan) -> Iterator[Figure]:
    """Numbers that the plan gives twice (legami.csv), the repetition against the number repeated."""
    for pair in plan.same:
        indicator = plan.indicators.get(pair.key.partition("|")[0])
        unit = indicator.unit if indicator else plan.parameters[pair.key].unit
        yield Figure(
            pair.key.replace("|", "/"),
            f"{pair.key.replace('|', ', ')} as {pair.base_key.replace('|', ', ')}",
            value_of(plan, pair.kind, pair.key),
            value_of(plan, pair.base_kind, pair.base_key),
            0,
            unit,
            indicator.decimals if indicator else 2,
        )


def ranges(plan: Plan) -> Iterator[Figure]:
    """Days of a structure against the nearest value within the range of the structures under it.

    A giacenza index of a region is a ratio of sums, so it lies between the lowest and the highest of its parts.
    """
    values = _printed(plan)
    children: dict[str, list[str]] = defaultdict(list)
    for below in plan.structures.values():
        if below.parent:
            children[below.parent].append(below.code)
    for (code, structure, period), target in values.items():
        indicator = plan.indicators[code]
        if target.unit is not Unit.DAYS or not children[structure]:
            continue
        parts = [_value(values, code, child, period) for child in children[structure]]
        nearest = min(max(target.value, min(parts)), max(parts))
        key = f"{code}/{structure}/{period}"
        label = f"{structure}: {indicator.title} ({min(parts):g} to {max(parts):g})"
        yield Figure(key, label, target.value, nearest, 0, indicator.unit, indicator.decimals)


def clusters(plan: Plan) -> Iterator[Figure]:
    """Structures with a published cost index by cluster against the hierarchy's members of that cluster."""
    values, index = _newest(plan), plan.role("indice_costi")
    indexed = {structure for (code, structure, _) in values if code == index}
    names = sorted({s.cluster for s in plan.structures.values() if s.cluster})
    for cluster in names:
        members = {s.code for s in plan.structures.values() if s.cluster == cluster}
        yield Figure(cluster, f"cluster {cluster}", len(members), len(members & indexed), 0)
    if names:
        without = [s.code for s in plan.regional() if s.cluster is None]
        yield Figure("senza", "regions and DCM without cluster", 0, len(without), 0)


def cost_indices(plan: Plan) -> Iterator[Figure]:
    """Published synthetic index of each region against sum of weight * 100 * value / mean of the cluster."""
    values, index = _newest(plan), plan.role("indice_costi")
    weights_ = plan.weights_of(plan.role("pesi_costi"))
    tolerance = _tolerance(plan, plan.indicators[index].system)
    members: dict[str, list[str]] = defaultdict(list)
    for structure in plan.regional():
        if structure.cluster:
            members[structure.cluster].append(structure.code)
    period = plan.period
    for names in members.values():
        means = {
            w.member: math.fsum(_value(values, w.member, name, period) for name in names) / len(names)
            for w in weights_
        }
        for name in names:
            computed = math.fsum(
                w.value * 100 * _value(values, w.member, name, period) / (means[w.member] or math.nan)
                for w in weights_
            )
            printed = _value(values, index, name, period)
            yield Figure(name, name, printed, computed, tolerance, Unit.INDEX, 2)


def bands(plan: Plan) -> Iterator[Figure]:
    """Points of each ratio rise from band to band; the best bands together give the published maximum."""
    for ratio in plan.banded_ratios:
        points = [band.points for band in ratio.bands]
        rising = sum(a < b for a, b in pairwise(points))
        label = f"{ratio.code}: bands whose points exceed the band before"
        yield Figure(f"{ratio.code}/punti", label, len(points) - 1, rising, 0)
        printed = [band.upper for band in ratio.bands if band.upper is not None]
        label = f"{ratio.code}: closed ends, one fewer than bands"
        yield Figure(f"{ratio.code}/estremi", label, len(points) - 1, len(printed), 0)
    for maximum in (plan.parameters[code] for code in plan.codes("massimo_controllo")):
        best = math.fsum(max(band.points for band in ratio.bands) for ratio in plan.banded_ratios)
        yield Figure("massimo", maximum.title, maximum.value, best, 0, Unit.POINTS)
