"""Individual performance: weighted score of the dimensions of evaluation, coefficient of the TEP."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.compute.faults import Check, ComputeError, Fault
from xl_perf.compute.ops import known, total
from xl_perf.compute.synthesis import check_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

SCORE_CHECKS = (
    Check(Fault.DOMAIN, lambda group, _c, _s, _position, _purpose, _with, _without: group < 0),
    Check(Fault.DOMAIN, lambda _g, contribution, _s, _position, _purpose, _with, _without: contribution < 0),
    Check(
        Fault.DOMAIN,
        lambda _g, _c, skills, _position, _purpose, _with, _without: skills is not None and skills < 0,
    ),
    Check(
        Fault.DOMAIN,
        lambda _g, _c, _s, position, _purpose, _with, _without: (position != 0) & (position != 1),
    ),
)
"""What the individual score refuses: negative scores, a position that is neither 0 nor 1."""


def individual_score(scores: Sequence[float], weights: Sequence[float], tolerance: float) -> float:
    """Weighted score of one person over the dimensions of evaluation.

    Source: P21, "Performance individuale": obiettivi di gruppo, contributo individuale, abilita'.

    Args:
        scores: score of each dimension, all on one scale; NaN not yet evaluated.
        weights: weight of each, summing to 1 or 100; a dimension of weight 0 does not count, whatever its score.
        tolerance: how far the sum of the weights may be from 1 or 100, as a fraction of it.

    Returns:
        The score on the scale of the dimensions; NaN while a dimension that counts has not been evaluated.

    Raises:
        ComputeError: counts differ (SHAPE); a weight is missing (MISSING); weights that cannot be used (DOMAIN).

    >>> individual_score([100.0, 80.0, float("nan")], [0.75, 0.25, 0.0], 1e-9)
    95.0
    """
    if len(scores) == len(weights) and not all(map(known, weights)):
        raise ComputeError(Fault.MISSING, "a dimension has no weight")
    whole = check_weights(scores, weights, tolerance)
    counted = [(score, weight) for score, weight in zip(scores, weights, strict=True) if weight]
    if not all(known(score) for score, _ in counted):
        return math.nan
    return total(score * weight for score, weight in counted) / whole


def level_coefficient(level: float, coefficients: Sequence[float]) -> float:
    """Coefficient of a level of behaviour in the trattamento economico di professionalita'.

    Source: P21, "Performance individuale", table of the TEP.

    Args:
        level: number of the level, from 1.
        coefficients: coefficient of each level, in their order; NaN where there is none.

    Returns:
        The coefficient, a factor of the pay.

    Raises:
        ComputeError: no such level (DOMAIN); a level without coefficient (MISSING).

    >>> level_coefficient(2.0, [0.0, 0.25, 1.0])
    0.25
    """
    for number, coefficient in enumerate(coefficients, 1):
        if level == number:
            if not known(coefficient):
                raise ComputeError(Fault.MISSING, f"level {number} has no coefficient")
            return coefficient
    raise ComputeError(Fault.DOMAIN, f"{level!r} is none of {len(coefficients)} levels")
