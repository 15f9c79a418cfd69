"""IEEP: sum of the rows of its table, and realisation of its two sections."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.compute.faults import Check, ComputeError, Fault
from xl_perf.compute.ops import known, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

REALISATION_CHECKS = (
    Check(Fault.DIVISION, lambda _a, target, _b, _other: target == 0, shown=True),
    Check(Fault.DOMAIN, lambda _a, target, _b, _other: target < 0),
    Check(Fault.DIVISION, lambda _a, _target, _b, other: other == 0, shown=True),
    Check(Fault.DOMAIN, lambda _a, _target, _b, other: other < 0),
)
"""What `realisation` refuses: targets of 0, negative targets."""


def table_total(values: Sequence[float], parents: Sequence[int], signs: Sequence[int]) -> float:
    """Value of the top row of a table whose rows add up.

    A row's value is the sum over its children of sign * value, over what has been reported; where nothing below it
    has been reported, it is the row's own number (past years publish subtotals only).
    Source: P21, Tabella B and AT slide 14.

    Args:
        values: numbers of the rows in table order, in euro; NaN not yet reported.
        parents: position of the parent of each row; -1 for the top row, of which there is one.
        signs: 1 or -1 for each row, how it counts in its parent.

    Returns:
        Euro; NaN while nothing has been reported.

    Raises:
        ComputeError: counts differ (SHAPE); the sum is out of range (DOMAIN).

    >>> table_total([float("nan"), 10.0, 3.0], [-1, 0, 0], [1, 1, -1])
    7.0
    """
    if not len(values) == len(parents) == len(signs):
        raise ComputeError(Fault.SHAPE, f"{len(values)} values for {len(parents)} rows")
    children: dict[int, list[int]] = {}
    for row, parent in enumerate(parents):
        children.setdefault(parent, []).append(row)

    def terms(row: int, sign: int) -> list[float]:
        below = [term for child in children.get(row, ()) for term in terms(child, sign * signs[child])]
        if below:
            return below
        return [sign * values[row]] if known(values[row]) else []

    (top,) = children[-1]
    found = terms(top, 1)
    return total(found) if found else math.nan


def realisation(
    revenue: Numbers,
    revenue_target: Numbers,
    benefits: Numbers,
    benefits_target: Numbers,
    revenue_weight: float,
    benefits_weight: float,
) -> Numbers:
    """Realisation of the IEEP: weighted sum of actual over target of its two sections, uncapped.

    Source: P21, AT slide 14 (entrate 70%, prestazioni 30%).

    Args:
        revenue: actual of the section entrate, in euro.
        revenue_target: its target, above 0.
        benefits: actual of the section prestazioni, in euro.
        benefits_target: its target, above 0.
        revenue_weight: weight of entrate, as a fraction.
        benefits_weight: weight of prestazioni, as a fraction.

    Returns:
        A fraction: 1 when both targets are met exactly.

    >>> realisation(110.0, 100.0, 50.0, 100.0, 0.5, 0.5)
    0.8
    """
    return revenue_weight * (revenue / revenue_target) + benefits_weight * (benefits / benefits_target)
