"""Processes: giacenza and deflusso indices, points of the controllo del processo produttivo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xl_perf.compute.faults import Check, ComputeError, Fault
from xl_perf.compute.ops import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

RATIOS = ("controllate", "irregolarita", "regolarizzate", "regolarizzate in tempo")
"""The ratios of the controllo del processo produttivo, in the order of the plan."""
_COLUMNS = ("ratio", "upper end", "points")

STOCK_CHECKS = (
    Check(Fault.DOMAIN, lambda stock, _received, _days: stock < 0),
    Check(Fault.DOMAIN, lambda _stock, received, _days: received < 0),
    Check(Fault.DOMAIN, lambda _stock, _received, days: days <= 0),
    Check(Fault.DIVISION, lambda _stock, received, _days: received == 0),
)
"""What `stock_index` refuses."""

OUTFLOW_CHECKS = (
    Check(Fault.DOMAIN, lambda done, _received: done < 0),
    Check(Fault.DOMAIN, lambda _done, received: received < 0),
    Check(Fault.DIVISION, lambda _done, received: received == 0),
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
class ControlRule:
    """How the ratios of the controllo del processo produttivo earn points.

    `bands` has one tuple for each of the four ratios: (upper end in percent, points) of each band in the order of the
    plan; the upper end belongs to its band and is infinite for the open one. `steps` are the steps in one percent to
    which a ratio is rounded (100 for two decimals of percent). `clean` is True where a ratio that finds nothing
    irregular to measure has its top band, False where it has the lowest.
    """

    bands: tuple[tuple[tuple[float, float], ...], ...]
    steps: int
    clean: bool


@dataclass(frozen=True, slots=True)
class RatioResult:
    """A measured ratio: rounded fraction (NaN where its denominator is 0), number of the band from 1, points."""

    ratio: float
    band: float
    points: float


def control_ratios(
    due: float, controlled: float, fixed_yes: float, fixed_no: float, notified: float, fixed_in_time: float
) -> tuple[tuple[Any, Any], ...]:
    """Numerator and denominator of the four ratios, in the order of the plan's table; exact, however large.

    Source: P21, AT slide 9.

    Args:
        due: cases to be controlled.
        controlled: cases controlled.
        fixed_yes: cases put right, outcome SI.
        fixed_no: cases put right, outcome NO.
        notified: cases notified.
        fixed_in_time: cases put right within the days of the plan.

    Returns:
        Four pairs of whole numbers, or of fractions where a count is none.

    >>> control_ratios(1000.0, 500.0, 10.0, 10.0, 5.0, 20.0)
    ((500, 1000), (375, 250000), (20, 25), (20, 20))
    """
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


def control_rule(table: Sequence[Sequence[float]], steps: int, clean: float) -> ControlRule:
    """The rule that a table of bands gives.

    Args:
        table: a row for each band: number of its ratio (from 1), upper end in percent (NaN: open), points; a row
            without any number is left out.
        steps: as in `ControlRule`.
        clean: 1 or 0, as in `ControlRule`.

    Returns:
        The rule, with as many ratios as `control_ratios` measures.

    Raises:
        ComputeError: rows of another width (SHAPE); a band without ratio or points (MISSING); another number of ratio,
            `clean` neither 0 nor 1 (DOMAIN).

    >>> table = [(1.0, 50.0, 0.0), (1.0, float("nan"), 4.0), *((n, float("nan"), 1.0) for n in (2.0, 3.0, 4.0))]
    >>> control_rule(table, 100, 1).bands[0]
    ((50.0, 0.0), (inf, 4.0))
    """
    if clean not in (0, 1):
        raise ComputeError(Fault.DOMAIN, f"{clean!r} is neither 0 nor 1")
    if any(len(row) != len(_COLUMNS) for row in table):
        raise ComputeError(Fault.SHAPE, "the table of bands has not three columns")
    rows = [row for row in table if any(map(known, row))]
    if not all(known(ratio) and known(points) for ratio, _, points in rows):
        raise ComputeError(Fault.MISSING, "a band has no ratio or no points")
    numbers = range(1, len(RATIOS) + 1)
    if any(ratio not in numbers for ratio, _, _ in rows):
        raise ComputeError(Fault.DOMAIN, "a band of another ratio")
    bands = tuple(
        tuple(
            (upper if known(upper) else math.inf, points) for ratio, upper, points in rows if ratio == number
        )
        for number in numbers
    )
    return ControlRule(bands, steps, clean == 1)


def control_detail(counts: Sequence[float], rule: ControlRule) -> tuple[RatioResult, ...]:
    """Ratio, band and points of each ratio of the controllo del processo produttivo.

    A ratio is rounded half up to steps of percent before its band is looked for. Where nothing has been controlled
    every ratio has its lowest band, the one with the fewest points. Source: P21, AT slide 9.

    Args:
        counts: a controllo, controllate, regolarizzate SI, regolarizzate NO, notificate, regolarizzate in time.
        rule: bands of the four ratios.

    Returns:
        A result for each ratio; the ratio is NaN where its denominator is 0.

    Raises:
        ComputeError: impossible counts: negative, more controlled than there were to control, more put right and
            notified than controlled, more put right in time than put right (DOMAIN); no band holds a ratio, or there is
            none for it (MISSING).

    >>> bands = (((50.0, 0.0), (math.inf, 4.0)),) * 4
    >>> detail = control_detail((10.0, 8.0, 0.0, 0.0, 0.0, 0.0), ControlRule(bands, 100, clean=True))
    >>> [result.points for result in detail]
    [4.0, 0.0, 4.0, 4.0]
    """
    due, controlled, fixed_yes, fixed_no, notified, fixed_in_time = counts
    fixed = fixed_yes + fixed_no
    if any(count < 0 for count in counts):
        raise ComputeError(Fault.DOMAIN, "a count is negative")
    if controlled > due or fixed + notified > controlled or fixed_in_time > fixed:
        raise ComputeError(Fault.DOMAIN, f"counts that cannot be: {counts!r}")
    if not all(rule.bands):
        raise ComputeError(Fault.MISSING, "a ratio has no bands")
    found = zip(control_ratios(*counts), rule.bands, strict=True)
    return tuple(_measured(n, d, bands, rule, lowest=controlled == 0) for (n, d), bands in found)


def control_points(counts: Sequence[float], rule: ControlRule) -> float:
    """Points of the controllo del processo produttivo: sum over the ratios.

    Arguments, errors and source as in `control_detail`; the points are never NaN.

    >>> bands = (((50.0, 0.0), (math.inf, 4.0)),) * 4
    >>> control_points((10.0, 8.0, 0.0, 0.0, 0.0, 0.0), ControlRule(bands, 100, clean=True))
    12.0
    """
    return math.fsum(result.points for result in control_detail(counts, rule))


def _measured(
    numerator: Any, denominator: Any, bands: Sequence[tuple[float, float]], rule: ControlRule, *, lowest: bool
) -> RatioResult:
    """The rounded ratio and its band, numbered from 1 in the order of the table; `lowest` whatever the ratio is."""
    if denominator == 0:
        return RatioResult(math.nan, *(_highest(bands) if rule.clean and not lowest else _lowest(bands)))
    rounded = (2 * 100 * rule.steps * numerator + denominator) // (2 * denominator)
    ratio, percent = float(rounded / (100 * rule.steps)), rounded / rule.steps
    if lowest:
        return RatioResult(ratio, *_lowest(bands))
    holding = [(upper, number, points) for number, (upper, points) in enumerate(bands, 1) if percent <= upper]
    if not holding:
        raise ComputeError(Fault.MISSING, f"no band holds {percent!r}%")
    _, number, points = min(holding)
    return RatioResult(ratio, number, points)


def _lowest(bands: Sequence[tuple[float, float]]) -> tuple[float, float]:
    points, number = min((points, number) for number, (_, points) in enumerate(bands, 1))
    return number, points


def _highest(bands: Sequence[tuple[float, float]]) -> tuple[float, float]:
    points, number = max((points, -number) for number, (_, points) in enumerate(bands, 1))
    return -number, points
