"""Results held against stored values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xl_perf.package.scalars import same_value
from xl_perf.recalc.callbacks import EngineMade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xl_perf.values import CellValue

_ORDER: Final = 1e-12
"""Relative difference that another order of operations explains; Excel's own digits are kept then."""


def agrees(stored: CellValue, value: CellValue | EngineMade) -> bool:
    """True where a value is the stored one, or differs in no more than the order of additions explains."""
    if isinstance(value, EngineMade):
        return False
    if type(stored) is float and type(value) is float:
        return stored == value or abs(stored - value) <= _ORDER * max(abs(stored), abs(value))
    return same_value(stored, value)


def different(
    places: Iterable[int], stored: Sequence[CellValue], values: Sequence[CellValue | EngineMade]
) -> list[int]:
    """The places at which two columns do not hold the same, types included."""
    return [
        place
        for place in places
        if (new := values[place]) is not (old := stored[place]) and (new != old or type(new) is not type(old))
    ]
