"""Processes: giacenza and deflusso indices, points of the controllo del processo produttivo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xl_perf.compute.faults import Check, ComputeError, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

STOCK_CHECKS = (
    Check(Fault.DOMAIN, lambda stock, _received, _days: stock < 0),
    Check(Fault.DOMAIN, lambda _stock, received, _days: received < 0),
    Check(Fault.DOMAIN, lambda _stock, _received, days: days <= 0),
    Check(Fault.DIVISION, lambda _stock, received, _days: received == 0, shown=True),
)
"""What `stock_index` refuses."""

OUTFLOW_CHECKS = (
    Check(Fault.DOMAIN, lambda done, _received: done < 0),
    Check(Fault.DOMAIN, lambda _done, received: received < 0),
    Check(Fault.DIVISION, lambda _done, received: received == 0, shown=True),
)
"""What `outflow_index` refuses."""


def stock_index(stock: Numbers, received: Numbers, days: Numbers) -> Numbers:
    """Indice di giacenza: days of work that the stock stands for, `stock / received * days`.

    Source: P21, box under "Indici di giacenza e deflusso".

    Args:
        stock: giacenza omogeneizzata, in points.
        received: pervenuto omogeneizzato of the period, in points, above 0.
        days: days of the period (base).

    Returns:
        Days, of the shape of the arguments.

    >>> stock_index(50.0, 600.0, 360.0)
    30.0
    """
    return stock / received * days


def outflow_index(done: Numbers, received: Numbers) -> Numbers:
    """Indice di deflusso: items finished over items received, a ratio. Source: as `stock_index`.

    >>> outflow_index(1020.0, 1000.0)
    1.02
    """
    return done / received


@dataclass(frozen=True, slots=True)
class BandRule:
    """How a ratio earns points: bands as (number, upper end in percent, points), undefined: band number or 0.

    The upper end belongs to its band; it is infinite for the open one.
    """

    bands: tuple[tuple[float, float, float], ...]
    undefined: float


@dataclass(frozen=True, slots=True)
class RatioResult:
    """A measured ratio: rounded fraction (NaN when undefined), number of the band (NaN when none), points."""

    ratio: float
    band: float
    points: float


def control_ratios(
    due: float, controlled: float, fixed_yes: float, fixed_no: float, notified: float, fixed_in_time: float
) -> tuple[tuple[Any, Any], ...]:
    """Numerator and denominator of the four ratios, in the order of the plan's table; exact, however large."""
    whole, seen, yes, no, told, in_time = (
        _exact(count) for count in (due, controlled, fixed_yes, fixed_no, notified, fixed_in_time)
    )
    fixed = yes + no
    return (
        (seen, whole),
        ((yes + told) * (fixed + told), seen * seen),
        (fixed, told + fixed),
        (in_time, fixed),
    )


def _exact(count: float) -> Any:
    return int(count) if count == math.floor(count) else Fraction(count)


def control_detail(counts: Sequence[float], rules: Sequence[BandRule], steps: int) -> tuple[RatioResult, ...]:
    """Ratio, band and points of each ratio of the controllo del processo produttivo.

    Source: P21, AT slide 9. A ratio is rounded half up to steps of percent before its band is looked for.

    Args:
        counts: a controllo, controllate, regolarizzate SI, regolarizzate NO, notificate, regolarizzate entro i giorni.
        rules: bands of the four ratios.
        steps: steps in one percent (100 for two decimals of percent).

    Raises:
        ComputeError: a negative count, or a share of a whole above 100%, which has no band (DOMAIN); not four rules
            (SHAPE).
    """
    if any(count < 0 for count in counts):
        raise ComputeError(Fault.DOMAIN, "a count is negative")
    ratios = control_ratios(*counts)
    if len(rules) != len(ratios):
        raise ComputeError(Fault.SHAPE, f"{len(rules)} band rules for {len(ratios)} ratios")
    for numerator, denominator in (ratios[0], ratios[-1]):
        if numerator > denominator:
            raise ComputeError(Fault.DOMAIN, f"{numerator!r} of {denominator!r} is above 100%")
    return tuple(_banded(n, d, rule, steps) for (n, d), rule in zip(ratios, rules, strict=True))


def control_points(counts: Sequence[float], rules: Sequence[BandRule], steps: int) -> float:
    """Points of the controllo del processo produttivo: sum over the ratios; arguments as in `control_detail`."""
    return math.fsum(result.points for result in control_detail(counts, rules, steps))


def _banded(numerator: Any, denominator: Any, rule: BandRule, steps: int) -> RatioResult:
    if denominator == 0:
        for number, _, points in rule.bands:
            if number == rule.undefined:
                return RatioResult(math.nan, number, points)
        return RatioResult(math.nan, math.nan, 0)
    whole = 100 * steps
    rounded = (2 * whole * numerator + denominator) // (2 * denominator)
    percent = rounded / steps
    _, number, points = min(
        (upper, number, points) for number, upper, points in rule.bands if percent <= upper
    )
    return RatioResult(rounded / whole, number, points)
