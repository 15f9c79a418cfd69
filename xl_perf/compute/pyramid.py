"""The value pyramid: its top, and the actual that a score asks for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.compute.faults import Check, ComputeError, Fault
from xl_perf.compute.ops import clip, known
from xl_perf.compute.synthesis import weighted_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

NEEDED_CHECKS = (
    Check(Fault.DIVISION, lambda target, _score, _direction, _cap: target == 0),
    Check(Fault.DOMAIN, lambda target, _score, _direction, _cap: target < 0),
    Check(Fault.DOMAIN, lambda _target, _score, direction, _cap: (direction != 1) & (direction != -1)),
    Check(Fault.DOMAIN, lambda _target, _score, _direction, cap: cap < 0),
    Check(Fault.DOMAIN, lambda _target, score, _direction, cap: abs(score - 100) > 100 * cap),
)
"""What `needed_actual` refuses: target 0 (it has no score); negative target, direction, cap, a score beyond the cap."""


def needed_actual(target: Numbers, score: Numbers, direction: Numbers, cap: Numbers) -> Numbers:
    """The actual that gives a score: the inverse of `score` within the cap.

    Source: P21, "Performance strategica di Ente": target set to 100, largest deviation.

    Args:
        target: target in the unit of the indicator, above 0.
        score: score to reach, 100 = target.
        direction: 1 where higher is better, -1 where lower is better.
        cap: largest deviation that counts, as a fraction; it bounds the scores (`NEEDED_CHECKS`), not the result.

    Returns:
        The actual in the unit of the target, of the shape of the arguments.

    >>> needed_actual(20.0, 110.0, -1.0, 0.5)
    18.0
    """
    del cap
    return target * (100 + direction * (score - 100)) / 100


def public_value(indices: Sequence[float], weights: Sequence[float], cap: float, tolerance: float) -> float:
    """Indice sintetico del valore pubblico: weighted mean of its indices, each kept within the cap around 100.

    Source: P21, "Indice sintetico del valore pubblico".

    Args:
        indices: scores of the performance gestionale, istituzionale and strategica, 100 = target; NaN not yet known.
        weights: their weights, summing to 1 or 100.
        cap: largest deviation that counts, as a fraction, not negative.
        tolerance: how far the sum of the weights may be off, as a fraction.

    Returns:
        Score over the indices known; NaN while there are none.

    Raises:
        ComputeError: a negative index or cap (DOMAIN); as `weighted_mean`.

    >>> public_value([120.0, 80.0], [0.5, 0.5], 0.5, 1e-9)
    100.0
    """
    if cap < 0 or any(known(index) and index < 0 for index in indices):
        raise ComputeError(Fault.DOMAIN, "an index or the cap is negative")
    low, high = 100 - 100 * cap, 100 + 100 * cap
    capped = [clip(index, low, high) if known(index) else math.nan for index in indices]
    return weighted_mean([float(index) for index in capped], weights, 0, tolerance)
