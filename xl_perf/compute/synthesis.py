"""Weighted syntheses over what has been reported, and the share of the weights that it covers.

Sequences have one number per member, NaN where there is none.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.compute.faults import ComputeError, Fault
from xl_perf.compute.ops import known, total

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_weights(values: Sequence[float], weights: Sequence[float], tolerance: float) -> float:
    """Sum of the weights of a node, after making sure that they can be used.

    Members with neither value nor weight are left out. Source: P21, tables of weights, which sum to 100%.

    Args:
        values: values of the members; NaN not yet reported.
        weights: weights of the members, fractions or percentages; NaN where there is no member.
        tolerance: how far the sum may be from 1 or 100, as a fraction of it.

    Returns:
        The sum; NaN when there are no weights at all and no values.

    Raises:
        ComputeError: counts differ (SHAPE); a value without weight (MISSING); a negative weight, or weights that sum
            neither to 1 nor to 100 (DOMAIN).

    >>> check_weights([3.0, float("nan")], [75.0, 25.0], 1e-9)
    100.0
    """
    if len(values) != len(weights):
        raise ComputeError(Fault.SHAPE, f"{len(values)} values but {len(weights)} weights")
    given = [weight for weight in weights if known(weight)]
    if len(given) < len(weights) and any(
        known(value) and not known(weight) for value, weight in zip(values, weights, strict=True)
    ):
        raise ComputeError(Fault.MISSING, "a value has no weight")
    if not given:
        return math.nan
    if min(given) < 0:
        raise ComputeError(Fault.DOMAIN, "a weight is negative")
    whole = total(given)
    if abs(whole - 1) > tolerance and abs(whole - 100) > 100 * tolerance:
        raise ComputeError(Fault.DOMAIN, f"the weights sum to {whole!r}, neither 1 nor 100")
    return whole


def weighted_mean(
    values: Sequence[float], weights: Sequence[float], strict: float, tolerance: float
) -> float:
    """Weighted mean over the members that have reported.

    Source: P21, weights of the perspectives and objectives; partial means keep the reported weights.

    Args:
        values: values of the members, all in one unit; NaN not yet reported.
        weights: their weights, summing to 1 or 100; NaN where there is no member.
        strict: 0 for the mean over what is reported, 1 to refuse an incomplete node.
        tolerance: as in `check_weights`.

    Returns:
        The mean in the unit of the values; NaN while no weight has been reported.

    Raises:
        ComputeError: as `check_weights`; `strict` neither 0 nor 1 (DOMAIN); strict and incomplete (MISSING).

    >>> weighted_mean([0.1, -0.2], [0.5, 0.5], 0, 1e-9)
    -0.05
    """
    if strict not in (0, 1):
        raise ComputeError(Fault.DOMAIN, f"{strict!r} is neither 0 nor 1")
    check_weights(values, weights, tolerance)
    pairs = [(v, w) for v, w in zip(values, weights, strict=True) if known(v)]
    if strict == 1 and (not pairs or len(pairs) < sum(map(known, weights))):
        raise ComputeError(Fault.MISSING, "not all members have reported")
    reported = total([weight for _, weight in pairs])
    if reported == 0:
        return math.nan
    return total([value * weight for value, weight in pairs]) / reported


def coverage(values: Sequence[float], weights: Sequence[float], tolerance: float) -> float:
    """Share of the weights whose members have reported, 0..1; NaN when there are neither weights nor values.

    Arguments and errors as in `weighted_mean`.

    >>> coverage([3.0, float("nan")], [0.4, 0.6], 1e-9)
    0.4
    """
    whole = check_weights(values, weights, tolerance)
    return total(w for v, w in zip(values, weights, strict=True) if known(v)) / whole


def cost_index(
    values: Sequence[float], means: Sequence[float], weights: Sequence[float], tolerance: float
) -> float:
    """Synthetic index of standard costs: weighted mean of `100 * value / mean of the cluster`; above 100 is dearer.

    Source: P21, Tabella C and "Indice sintetico dei costi standard"; formula recovered from the published indices.

    Args:
        values: elementary costs of a structure, in their units; NaN not yet reported.
        means: mean of its cluster for each, in the same units, above 0.
        weights: weight of each, summing to 1 or 100.
        tolerance: as in `check_weights`.

    Returns:
        The index over the costs reported; NaN while there are none.

    Raises:
        ComputeError: counts differ (SHAPE); as `check_weights`; a cost without mean (MISSING), with mean 0
            (DIVISION) or below 0 (DOMAIN).

    >>> cost_index([12.0, 30.0], [10.0, 30.0], [50.0, 50.0], 1e-9)
    110.0
    """
    if len(values) != len(means):
        raise ComputeError(Fault.SHAPE, f"{len(values)} values but {len(means)} means")
    ratios = [_ratio(value, mean) for value, mean in zip(values, means, strict=True)]
    return weighted_mean(ratios, weights, 0, tolerance)


def _ratio(value: float, mean: float) -> float:
    if not known(value):
        return value
    if not known(mean):
        raise ComputeError(Fault.MISSING, "a cost has no mean")
    if mean == 0:
        raise ComputeError(Fault.DIVISION, "a mean is 0")
    if mean < 0:
        raise ComputeError(Fault.DOMAIN, f"a mean is negative: {mean!r}")
    return 100 * value / mean
