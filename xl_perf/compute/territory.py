"""Territorial structures: improvement projects, disposal of real estate, spending against its forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.compute.deviation import deviation
from xl_perf.compute.faults import Check, ComputeError, Fault
from xl_perf.compute.ops import known, total
from xl_perf.compute.synthesis import weighted_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

DISPOSAL_CHECKS = (
    Check(Fault.DOMAIN, lambda units, _u_target, _value, _v_target: units < 0),
    Check(Fault.DIVISION, lambda _units, u_target, _value, _v_target: u_target == 0),
    Check(Fault.DOMAIN, lambda _units, u_target, _value, _v_target: u_target < 0),
    Check(Fault.DOMAIN, lambda _units, _u_target, value, _v_target: value < 0),
    Check(Fault.DIVISION, lambda _units, _u_target, _value, v_target: v_target == 0),
    Check(Fault.DOMAIN, lambda _units, _u_target, _value, v_target: v_target < 0),
)
"""What `disposal_index` refuses: targets of 0, negative numbers."""

SPENDING_CHECKS = (
    Check(Fault.DOMAIN, lambda budget, _used, _forecast, _limit, _last: budget < 0),
    Check(Fault.DOMAIN, lambda _budget, _used, _forecast, limit, _last: limit < 0),
)
"""What `spending_within` refuses before it looks at the forecast: a negative budget or limit."""


@dataclass(frozen=True, slots=True)
class ProjectRule:
    """Numbers of the plan for the synthesis of the improvement projects, as fractions, none negative.

    `cap` is the largest deviation of a project that counts; `share` is the weight of one regional project and `most`
    that of all of them, at most 1.
    """

    cap: float
    share: float
    most: float


def project_score(
    actuals: Sequence[float],
    targets: Sequence[float],
    weights: Sequence[float],
    regional_actuals: Sequence[float] | None,
    regional_targets: Sequence[float] | None,
    rule: ProjectRule,
    tolerance: float,
) -> float:
    """Score of the improvement projects, target = 100: weighted mean of the national ones, then with the regional ones.

    The deviations of the national projects, each capped, are averaged with their weights; those of the regional
    projects are averaged among themselves. A regional project that has reported takes `rule.share` of the weight from
    the national ones, all of them together `rule.most`. Source: P21, AT slide 10.

    Args:
        actuals: pieces worked for each national project; NaN not yet reported.
        targets: their targets, in pieces, above 0.
        weights: their weights, summing to 1 or 100.
        regional_actuals: results of the regional projects; None when nothing is reported.
        regional_targets: their targets, of which each is a project; None when there are none.
        rule: cap and weights of the regional projects.
        tolerance: how far the sum of the weights may be from 1 or 100, as a fraction of it.

    Returns:
        Score over what has been reported; NaN while nothing has.

    Raises:
        ComputeError: counts differ (SHAPE); a result without target or weight (MISSING); a target of 0 (DIVISION) or
            below, weights or numbers of the rule that cannot be used (DOMAIN).

    >>> rule = ProjectRule(cap=0.5, share=0.05, most=0.15)
    >>> project_score([110.0, 100.0], [100.0, 100.0], [0.5, 0.5], [150.0], [100.0], rule, 1e-9)
    107.25
    """
    if min(rule.cap, rule.share, rule.most) < 0 or rule.most > 1:
        raise ComputeError(Fault.DOMAIN, f"no rule of projects: {rule!r}")
    national = weighted_mean(_deviations(actuals, targets, rule.cap), weights, 0, tolerance)
    own_targets = [math.nan for _ in regional_actuals or ()] if regional_targets is None else regional_targets
    own_actuals = [math.nan for _ in own_targets] if regional_actuals is None else regional_actuals
    reported = [d for d in _deviations(own_actuals, own_targets, rule.cap) if known(d)]
    regional = total(reported) / len(reported) if reported else math.nan
    weight = min(rule.share * len(reported), rule.most)
    return 100 + 100 * weighted_mean([national, regional], [1 - weight, weight], 0, tolerance)


def _deviations(actuals: Sequence[float], targets: Sequence[float], cap: float) -> list[float]:
    if len(actuals) != len(targets):
        raise ComputeError(Fault.SHAPE, f"{len(actuals)} results but {len(targets)} targets")
    found = []
    for actual, target in zip(actuals, targets, strict=True):
        if not known(actual):
            found.append(math.nan)
            continue
        if not known(target):
            raise ComputeError(Fault.MISSING, "a result has no target")
        if target == 0:
            raise ComputeError(Fault.DIVISION, "a target is 0")
        if target < 0:
            raise ComputeError(Fault.DOMAIN, f"a target is negative: {target!r}")
        found.append(float(deviation(actual, target, 1, cap)))
    return found


def disposal_index(units: Numbers, units_target: Numbers, value: Numbers, value_target: Numbers) -> Numbers:
    """Index of the disposal of real estate: progress of the units plus progress of the cadastral value, in percent.

    The target is 100: reached, for example, with 70% of the units and 30% of the value.
    Source: P21, AT, slide "Piano di dismissione del Patrimonio da Reddito".

    Args:
        units: units sold or proposed.
        units_target: target number of units, above 0.
        value: their cadastral value, in euro.
        value_target: target value, above 0.

    Returns:
        Sum of the two percentages, of the shape of the arguments.

    >>> disposal_index(7.0, 10.0, 300.0, 1000.0)
    100.0
    """
    return 100 * units / units_target + 100 * value / value_target


def spending_within(
    budget: float, used: float, forecast: float, limit: float, last: float, noise: float
) -> bool:
    """Whether a chapter's spending conforms to its forecast.

    Up to the last but one forecast what is used may exceed the budget by at most the limit; at the last one it may
    neither exceed it nor fall short of it by more. Source: P21, AT, slide "Gestione della spesa delle Strutture
    Territoriali".

    Args:
        budget: forecast of the chapter, in euro, not negative.
        used: costs recorded on it, in euro.
        forecast: number of the forecast, from 1.
        limit: largest deviation, as a fraction of the budget, not negative.
        last: number of the last forecast, a whole number from 1 on.
        noise: share of the budget within which two amounts are the same (noise of floats).

    Returns:
        True where it conforms.

    Raises:
        ComputeError: another number of forecast, a last one that is no whole number from 1 on (DOMAIN).

    >>> spending_within(1000.0, 900.0, 1.0, 0.05, 4.0, 1e-9), spending_within(1000.0, 900.0, 4.0, 0.05, 4.0, 1e-9)
    (True, False)
    """
    if any(number != math.floor(number) for number in (forecast, last)) or not 1 <= forecast <= last:
        raise ComputeError(Fault.DOMAIN, f"forecast {forecast!r} of {last!r}")
    difference = used - budget
    if forecast == last:
        difference = abs(difference)
    return difference <= (limit + noise) * budget
