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

YIELD = "redditivita.indice"
SHARES = ("redditivita.costi_diretti", "redditivita.costo_produzione")
PER_POINT = "redditivita.costo_punto"
VALUE = "ieep.totale"
SUPPORTED = "sussidiarieta.pezzi"
_NATIONAL = "NAZIONALE"


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
    for line in plan.lines_of(SUPPORTED.partition(".")[0]):
        if line.value is None or line.structure is None or line.counterpart is not None:
            continue
        target = plan.target(SUPPORTED, line.structure)
        key = f"{SUPPORTED}/{line.structure}"
        yield Figure(key, f"{line.structure}: pieces of the table", line.value, target.value, 0, line.unit)


def line_figures(plan: Plan) -> Iterator[Figure]:
    """Lines that add up, and targets that repeat the total of lines."""
    yield from totals(plan)
    yield from supporters(plan)


def national_ratios(plan: Plan) -> Iterator[Figure]:
    """National redditivita' and cost ratios against ratios of regional sums.

    Total costs of a region are its IEEP over its redditivita'; points are its costs over the costs per point.
    """
    if YIELD not in plan.indicators:
        return
    regions = [structure.code for structure in plan.regional()]

    def value(code: str, structure: str) -> float:
        return plan.target(code, structure).value

    results = {code: value(VALUE, code) for code in regions}
    costs = {code: results[code] / value(YIELD, code) for code in regions}
    whole = math.fsum(costs.values())
    points = math.fsum(costs[code] / value(PER_POINT, code) for code in regions)
    computed = {YIELD: math.fsum(results.values()) / whole, PER_POINT: whole / points}
    for share in SHARES:
        computed[share] = math.fsum(costs[code] * value(share, code) for code in regions) / whole
    allowed = plan.parameter("redditivita.tolleranza")
    for code, number in computed.items():
        indicator = plan.indicators[code]
        percent = indicator.unit is Unit.PERCENT
        tolerance = allowed / 100 if percent else allowed
        yield Figure(
            code,
            indicator.title,
            value(code, _NATIONAL),
            number,
            tolerance,
            indicator.unit,
            indicator.decimals,
        )
