"""The few operations that floats and numpy arrays do not share as operators."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_perf.compute.faults import ComputeError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = float | NDArray[np.float64]


def where(condition: Any, yes: Numbers, no: Numbers) -> Numbers:
    """`yes` where the condition holds, else `no`; element by element when the condition is an array.

    >>> where(True, 1.0, 2.0)
    1.0
    """
    if isinstance(condition, bool):
        return yes if condition else no
    import numpy as np  # noqa: PLC0415  # only callers with arrays have it

    return np.where(condition, yes, no)


def clip(value: Numbers, low: Numbers, high: Numbers) -> Numbers:
    """The value kept between `low` and `high`, ends included.

    >>> clip(3.0, 0.0, 1.0)
    1.0
    """
    below = value < low
    if isinstance(below, bool):
        return low if below else where(value > high, high, value)
    import numpy as np  # noqa: PLC0415  # only callers with arrays have it

    return np.clip(value, low, high)


def total(terms: Iterable[float]) -> float:
    """Sum of floats, rounded once (the order of the terms does not matter).

    Raises:
        ComputeError: the sum is beyond the range of floats (DOMAIN).

    >>> total([1e100, 1.0, -1e100])
    1.0
    """
    try:
        result = math.fsum(terms)
    except (OverflowError, ValueError):
        result = math.inf
    if not math.isfinite(result):
        raise ComputeError(Fault.DOMAIN, "a sum is beyond the range of numbers")
    return result


def known(value: float) -> bool:
    """True for a number, False for NaN (not yet reported).

    >>> known(0.0), known(float("nan"))
    (True, False)
    """
    return value == value  # noqa: PLR0124  # NaN alone differs from itself
