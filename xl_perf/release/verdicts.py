"""Whether a cell holds what a worked case expects, as a formula that every spreadsheet program calculates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable

UNSTORED = frozenset({CellError.SPILL, CellError.CALC, CellError.GETTING_DATA})
"""Errors that a file cannot hold: Excel stores them as #VALUE!."""


def holds(result: str, expected: str, value: object, tolerance: float) -> str:
    """An expression that is TRUE where one cell agrees with another; it gives no error.

    Args:
        result: address of the result.
        expected: address of the cell with the expected value.
        value: the expected value; "" is an empty result.
        tolerance: relative to 1 or to the value, whichever is larger.
    """
    if value == "" or value is None:
        return f"IFERROR(LEN({result})=0,FALSE)"
    if isinstance(value, CellError):
        kinds = (
            f"IFERROR(ERROR.TYPE({cell}),0)" for cell in (result, expected)
        )  # Calc does not know that of #NULL!
        return f"IF(ISERROR({result}),{'='.join(kinds)},FALSE)"
    if isinstance(value, bool):
        return f"IF(ISLOGICAL({result}),{result}={expected},FALSE)"
    if isinstance(value, str):
        return f"IF(ISTEXT({result}),EXACT({result},{expected}),FALSE)"
    return f"IF(ISNUMBER({result}),ABS({result}-{expected})<={tolerance:.12G}*MAX(1,ABS({expected})),FALSE)"


def all_hold(expressions: Iterable[str]) -> str:
    """An expression that is TRUE where all of them are."""
    texts = list(expressions)
    return texts[0] if len(texts) == 1 else f"AND({','.join(texts)})"


def can_be_stored(value: object) -> bool:
    """Whether a file can hold the cells of an argument or result."""
    if isinstance(value, (list, tuple)):
        return all(map(can_be_stored, value))
    if isinstance(value, dt.date):
        return True
    return value not in UNSTORED if isinstance(value, CellError) else True
