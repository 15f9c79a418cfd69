"""Deviation of an indicator from its target, capped, and the score with the target set to 100."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.compute.faults import Check, Fault
from xl_perf.compute.ops import clip

if TYPE_CHECKING:
    from xl_perf.compute.ops import Numbers

CHECKS = (
    Check(Fault.DIVISION, lambda _actual, target, _direction, _cap: target == 0),
    Check(Fault.DOMAIN, lambda _actual, target, _direction, _cap: target < 0),
    Check(Fault.DOMAIN, lambda _actual, _target, direction, _cap: (direction != 1) & (direction != -1)),
    Check(Fault.DOMAIN, lambda _actual, _target, _direction, cap: cap < 0),
)
"""What `deviation` and `score` refuse: target 0; negative target (the sign would change), direction, cap."""


def deviation(actual: Numbers, target: Numbers, direction: Numbers, cap: Numbers) -> Numbers:
    """Deviation from the target as a fraction of the target, kept within the cap.

    `actual/target - 1` where higher is better, `(target - actual)/target` where lower is better, both written as
    `direction * (actual - target)/target`, which loses no digits near the target; positive is better than the target.
    Source: P21, "Performance strategica di Ente" and "Performance gestionale di Ente", cap of +/- 50% per indicator.

    Args:
        actual: result, in the unit of the indicator.
        target: target in the same unit, above 0.
        direction: 1 where higher is better, -1 where lower is better.
        cap: largest deviation that counts, as a fraction, not negative.

    Returns:
        A fraction in [-cap, cap], of the shape of the arguments.

    >>> deviation(110.0, 100.0, -1.0, 0.5)
    -0.1
    """
    return clip(direction * (actual - target) / target, -cap, cap)


def score(actual: Numbers, target: Numbers, direction: Numbers, cap: Numbers) -> Numbers:
    """Score with the target set to 100: `100 + 100 * deviation`; arguments as in `deviation`.

    >>> score(80.0, 100.0, -1.0, 0.5)
    120.0
    """
    return 100 + 100 * deviation(actual, target, direction, cap)
