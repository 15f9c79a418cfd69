"""Production: homogenised points, points per head and month, synthetic index of quality."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.compute.faults import Check, ComputeError, Fault
from xl_perf.compute.ops import known, total
from xl_perf.compute.synthesis import weighted_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

PRODUCTIVITY_CHECKS = (
    Check(Fault.DOMAIN, lambda points, _staff, _months: points < 0),
    Check(Fault.DOMAIN, lambda _points, staff, _months: staff < 0),
    Check(Fault.DOMAIN, lambda _points, _staff, months: months <= 0),
    Check(Fault.DIVISION, lambda _points, staff, _months: staff == 0),
)
"""What `productivity` refuses: negative points or staff, months of 0 or less; no staff."""


def homogenised(pieces: Sequence[float], coefficients: Sequence[float]) -> float:
    """Produzione omogeneizzata: sum of pieces * coefficient, where one point is one hour of work.

    Source: P21, box under "Produzione".

    Args:
        pieces: pieces of each product; NaN not yet reported.
        coefficients: points of one piece of each product.

    Returns:
        Points of what has been reported; NaN while nothing has.

    Raises:
        ComputeError: counts differ (SHAPE); pieces without coefficient (MISSING); a negative number (DOMAIN).

    >>> homogenised([100.0, 40.0], [0.5, 2.0])
    130.0
    """
    if len(pieces) != len(coefficients):
        raise ComputeError(Fault.SHAPE, f"{len(pieces)} counts but {len(coefficients)} coefficients")
    reported = [(p, c) for p, c in zip(pieces, coefficients, strict=True) if known(p)]
    if any(not known(coefficient) for _, coefficient in reported):
        raise ComputeError(Fault.MISSING, "a product has no coefficient")
    if any(number < 0 for pair in reported for number in pair):
        raise ComputeError(Fault.DOMAIN, "a number of pieces or a coefficient is negative")
    return total(p * c for p, c in reported) if reported else math.nan


def productivity(points: Numbers, staff: Numbers, months: Numbers) -> Numbers:
    """Indice di produttivita': homogenised points per head and month, `points / (staff * months)`.

    Source: P21, box under "Produttività", and AT, slide "Obiettivi di Efficienza" (media mensile pro capite).

    Args:
        points: homogenised production of the production areas, net of vigilanza ispettiva, in the period.
        staff: people present in those areas (mean of the period), net of inspectors and of front desk and consulting.
        months: months of the period.

    Returns:
        Points per head and month, of the shape of the arguments.

    >>> productivity(14400.0, 10.0, 12.0)
    120.0
    """
    return points / (staff * months)


def quality_index(
    values: Sequence[float],
    references: Sequence[float],
    weights: Sequence[float] | None,
    directions: Sequence[float] | None,
    tolerance: float,
) -> float:
    """Synthetic index of quality: weighted mean of `100 * (1 + deviation)` without cap; the references give 100.

    Source: P21, "Il Cruscotto Qualità"; the formula of an elementary index is an assumption (it is in the SMVP).

    Args:
        values: elementary indicators, in their units; NaN not yet reported.
        references: budget or previous year's value of each, in the same units, above 0.
        weights: weight of each, summing to 1 or 100; equal weights when None.
        directions: 1 where higher is better, -1 where lower is, NaN for 1; all 1 when None.
        tolerance: how far the sum of the weights may be from 1 or 100, as a fraction of it.

    Returns:
        The index over what has been reported; NaN while nothing has.

    Raises:
        ComputeError: counts differ (SHAPE); a value without reference or weight (MISSING); a reference of 0
            (DIVISION) or below, another direction, weights that cannot be used (DOMAIN).

    >>> quality_index([80.0, 90.0], [100.0, 90.0], None, [-1.0, 1.0], 1e-9)
    110.0
    """
    signs = [1.0 for _ in values] if directions is None else directions
    if not len(values) == len(references) == len(signs):
        raise ComputeError(Fault.SHAPE, "counts of values, references and directions differ")
    members = [known(v) or known(r) for v, r in zip(values, references, strict=True)]
    if weights is None:
        share = 1 / max(1, sum(members))
        weights = [share if member else math.nan for member in members]
    rows = zip(values, references, signs, strict=True)
    return weighted_mean([_elementary(*row) for row in rows], weights, 0, tolerance)


def _elementary(value: float, reference: float, direction: float) -> float:
    if not known(value):
        return value
    if not known(reference):
        raise ComputeError(Fault.MISSING, "a value has no reference")
    sign = direction if known(direction) else 1
    if sign not in (1, -1):
        raise ComputeError(Fault.DOMAIN, f"a direction is {sign!r}, neither 1 nor -1")
    if reference == 0:
        raise ComputeError(Fault.DIVISION, "a reference is 0")
    if reference < 0:
        raise ComputeError(Fault.DOMAIN, f"a reference is negative: {reference!r}")
    return 100 + 100 * sign * (value - reference) / reference
