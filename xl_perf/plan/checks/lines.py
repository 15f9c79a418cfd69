"""Checks on lines that add up, and on ratios whose national value is a ratio of regional sums."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from xl_perf.plan.figures import Figure
from xl_perf.plan.model import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.plan.model import Line, Plan


RATIOS = ("redditivita", "costo_punto", "totale_ieep")
"""Roles without which no national ratio can be computed."""


def totals(plan: Plan) -> Iterator[Figure]:
    """Every line with a value that has lines below it, against their sum."""
    children: dict[str, list[Line]] = defaultdict(list)
    for line in plan.lines:
        if line.parent:
            children[line.parent].append(line)
    for line in plan.lines:
        if line.value is None or line.code not in children:
            continue
        parts = [math.nan if below.value is None else below.value for below in children[line.code]]
        yield Figure(line.code, line.title, line.value, math.fsum(parts), 0, line.unit)


def supporters(plan: Plan) -> Iterator[Figure]:
    """Targets of sussidiarieta' of every structure against the line with its total."""
    if not plan.codes("pezzi_sussidiarieta"):
        return
    pieces = plan.role("pezzi_sussidiarieta")
    for line in plan.lines_of(plan.indicators[pieces].system):
        if line.value is None or line.structure is None or line.counterpart is not None:
            continue
        target = plan.target(pieces, line.structure)
        key = f"{pieces}/{line.structure}"
        yield Figure(key, f"{line.structure}: pieces of the table", line.value, target.value, 0, line.unit)


def line_figures(plan: Plan) -> Iterator[Figure]:
    """Lines that add up, and targets that repeat the total of lines."""
    yield from totals(plan)
    yield from supporters(plan)


def national_ratios(plan: Plan) -> Iterator[Figure]:
    """National redditivita' and cost ratios against ratios of regional sums.

    Total costs of a region are its IEEP over its redditivita'; points are its costs over the costs per point.
    """
    index, per_point, total = (plan.role(name) for name in RATIOS)
    regions = [structure.code for structure in plan.regional()]

    def value(code: str, structure: str) -> float:
        return plan.target(code, structure).value

    results = {code: value(total, code) for code in regions}
    costs = {code: results[code] / value(index, code) for code in regions}
    whole = math.fsum(costs.values())
    points = math.fsum(costs[code] / value(per_point, code) for code in regions)
    computed = {index: math.fsum(results.values()) / whole, per_point: whole / points}
    for share in plan.codes("quote_costi"):
        computed[share] = math.fsum(costs[code] * value(share, code) for code in regions) / whole
    tolerated = plan.systems[plan.indicators[index].system].tolerance
    allowed = plan.parameter(tolerated) if tolerated else 0.0
    for code, number in computed.items():
        indicator = plan.indicators[code]
        percent = indicator.unit is Unit.PERCENT
        tolerance = allowed / 100 if percent else allowed
        yield Figure(
            code,
            indicator.title,
            value(code, plan.national),
            number,
            tolerance,
            indicator.unit,
            indicator.decimals,
        )
