"""IEEP: sum of the rows of its table, and realisation of its two sections."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.compute.faults import Check, ComputeError, Fault
from xl_perf.compute.ops import known, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

    _Row = tuple[float, float, float]

REALISATION_CHECKS = (
    Check(Fault.DIVISION, lambda _a, target, _b, _other, _w, _v: target == 0),
    Check(Fault.DOMAIN, lambda _a, target, _b, _other, _w, _v: target < 0),
    Check(Fault.DIVISION, lambda _a, _target, _b, other, _w, _v: other == 0),
    Check(Fault.DOMAIN, lambda _a, _target, _b, other, _w, _v: other < 0),
    Check(Fault.DOMAIN, lambda _a, _target, _b, _other, weight, _v: weight < 0),
    Check(Fault.DOMAIN, lambda _a, _target, _b, _other, _w, weight: weight < 0),
)
"""What `realisation` refuses: targets of 0, negative targets and weights."""


def table_total(values: Sequence[float], signs: Sequence[float], levels: Sequence[float]) -> float:
    """Value of a table whose rows add up: the sum of its top rows, each with its sign.

    A row is part of the nearest row above it with a smaller level; a top row is part of none. A row's value is the
    sum over its parts of sign * value, over what has been reported; where no part has been reported, it is the row's
    own number (past years publish subtotals only). One row may have no level: it is the total of all the others,
    wherever it stands, and counts where none of them has been reported. Source: P21, Tabella B and AT slide 14.

    Args:
        values: numbers of the rows in table order, in euro; NaN not yet reported.
        signs: 1 or -1 for each row, how it counts in the row that it is part of; NaN for the total.
        levels: level of each row, 0, 1, 2 and so on; NaN for the total.

    Returns:
        Euro; NaN while nothing has been reported.

    Raises:
        ComputeError: counts differ (SHAPE); a second row without level, a row with level and without sign (MISSING);
            another sign, a level that is no whole number from 0 on, a sum out of range (DOMAIN).

    >>> table_total([10.0, 4.0, 3.0, 99.0], [1, 1, -1, float("nan")], [0, 1, 0, float("nan")])
    1.0
    """
    rows = _rows(values, signs, levels)
    found = []
    path: list[tuple[float, float]] = []
    for value, sign, level in _reported_once(rows):
        while path and path[-1][0] >= level:
            path.pop()
        own = path[-1][1] * sign if path else sign
        path.append((level, own))
        if known(value):
            found.append(own * value)
    if found:
        return total(found)
    return next((value for value, level in zip(values, levels, strict=True) if not known(level)), math.nan)


def _rows(values: Sequence[float], signs: Sequence[float], levels: Sequence[float]) -> list[_Row]:
    """The rows with a level: value, sign, level."""
    if not len(values) == len(signs) == len(levels):
        raise ComputeError(Fault.SHAPE, f"{len(values)} values, {len(signs)} signs, {len(levels)} levels")
    rows = [row for row in zip(values, signs, levels, strict=True) if known(row[2])]
    if len(rows) < len(levels) - 1 or not all(known(sign) for _, sign, _ in rows):
        raise ComputeError(Fault.MISSING, "a row has no sign or no level")
    if {sign for _, sign, _ in rows} - {1, -1}:
        raise ComputeError(Fault.DOMAIN, "a sign is neither 1 nor -1")
    if any(level < 0 or level % 1 for level in {level for _, _, level in rows}):
        raise ComputeError(Fault.DOMAIN, "a level is no whole number from 0 on")
    return rows


def _reported_once(rows: Sequence[_Row]) -> list[_Row]:
    """The rows, the value of one of which a part has been reported is NaN."""
    found: list[_Row] = []
    parts: list[tuple[float, bool]] = []
    for value, sign, level in reversed(rows):
        below = False
        while parts and parts[-1][0] > level:
            below |= parts.pop()[1]
        parts.append((level, below or known(value)))
        found.append((math.nan if below else value, sign, level))
    return found[::-1]


def realisation(
    revenue: Numbers,
    revenue_target: Numbers,
    benefits: Numbers,
    benefits_target: Numbers,
    revenue_weight: Numbers,
    benefits_weight: Numbers,
) -> Numbers:
    """Realisation of the IEEP: weighted mean of actual over target of its two sections, uncapped.

    Source: P21, AT slide 14.

    Args:
        revenue: actual of the section entrate, in euro.
        revenue_target: its target, above 0.
        benefits: actual of the section prestazioni, in euro.
        benefits_target: its target, above 0.
        revenue_weight: weight of entrate, not negative.
        benefits_weight: weight of prestazioni; both sum to 1 or to 100.

    Returns:
        A fraction, of the shape of the arguments: 1 when both targets are met exactly.

    >>> realisation(110.0, 100.0, 50.0, 100.0, 0.5, 0.5)
    0.8
    """
    both = revenue_weight * (revenue / revenue_target) + benefits_weight * (benefits / benefits_target)
    return both / (revenue_weight + benefits_weight)
