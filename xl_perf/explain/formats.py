"""Values as the cells of the workbook show them, in Italian."""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from xl_perf.catalog.numerals import number, percent, truth
from xl_perf.values import CellError

if TYPE_CHECKING:
    from xl_perf.package.content import Content
    from xl_perf.values import CellValue

_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DECIMALS = re.compile(r"[0#]\.([0#]+)")
_MOST = 4
"""Decimals where the format does not say how many."""


class Formats:
    """Number formats of a workbook's cell styles.

    Args:
        package: the workbook.
    """

    def __init__(self, package: Content) -> None:
        self._codes = package.number_formats

    def text(self, value: CellValue, style: int = 0, rounding: str = ROUND_HALF_UP) -> str:
        """A value as text: `102,18`, `12,5%`, `#N/D`, `vuoto`.

        Args:
            value: the value.
            style: number of the cell's style.
            rounding: how the decimals that the cell does not show go, as `decimal` names it.
        """
        if value is None or (value == "" and not isinstance(value, CellError)):
            return "vuoto"
        if isinstance(value, CellError):
            return value.italian
        if isinstance(value, bool):
            return truth(value)
        if isinstance(value, str):
            return f"«{' '.join(value.split())}»"
        code = _LITERALS.sub("", self._codes.get(style, "")).partition(";")[0]
        found = _DECIMALS.search(code)
        if "%" in code:
            places = max(len(found[1]) if found else 0, 2)
            text = percent(_rounded(value, places + 2, rounding), places)
            return re.sub(r",?0*%$", "%", text) if "," in text else text
        places = _MOST if code in ("", "General") else len(found[1]) if found else 0
        rounded = _rounded(value, places, rounding)
        return number(value if value and not rounded else rounded)


def enough(direction: float) -> str:
    """How a number that is asked for is rounded, so that it is enough: up where more is better, else down."""
    return ROUND_FLOOR if direction < 0 else ROUND_CEILING


def _rounded(value: float, places: int, rounding: str) -> float:
    """A number as a cell shows it: of its 15 digits, halves away from zero; the last bits of a sum do not count."""
    if not math.isfinite(value):
        return value
    return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-places), rounding))
