"""Values as LibreOffice Calc hands them over to what `xl_perf.cells` takes, and results back.

Calc gives a number, a date or a boolean as float, text as str, an omitted argument as None and a range as a tuple of
rows in which an empty cell is "". An empty single cell arrives as 0.0 and TRUE as 1.0: nothing here can tell them from
the numbers, so workbooks for Calc guard their arguments (`xl-perf relink --to calc`). A cell with an error value is passed
on by Calc itself, which never calls the function then.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from xl_perf import cells
from xl_perf.catalog import FUNCTIONS, Shape
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODES = {
    CellError.NULL: 521,
    CellError.DIV0: 532,
    CellError.VALUE: 519,
    CellError.REF: 524,
    CellError.NAME: 525,
    CellError.NUM: 503,
    CellError.NA: 32767,
}
"""Calc's number of each error value; it has none of its own for the newer ones."""

_QUIET_NAN = 0x7FF8000000000000


def error_number(error: CellError) -> float:
    """The float that Calc shows as an error value: a NaN whose low half holds Calc's code.

    The newer errors of Excel, which Calc does not know, become #VALUE!.
    """
    code = _CODES.get(error, _CODES[CellError.VALUE])
    number: float = struct.unpack("<d", struct.pack("<Q", _QUIET_NAN | code))[0]
    return number


def call(name: str, arguments: Sequence[object]) -> Any:
    """A function of the catalogue over values as Calc gives them.

    Args:
        name: name of the function in the catalogue.
        arguments: one value per argument; None is an omitted one.

    Returns:
        Floats (error values as `error_number`) and texts: one of them from a synthesis, else a tuple of rows, of one
        row with one cell where there was no range; Calc takes tables only from methods that always give them. Never
        raises: what no cell can cause shows as #VALUE!.
    """
    function = FUNCTIONS[name]
    try:
        result = _outgoing(cells.call(function, [_incoming(value) for value in arguments]))
    except Exception:  # noqa: BLE001  # an exception would end as an error number that nobody can look up
        result = error_number(CellError.VALUE)
    return result if function.shape is Shape.SYNTHESIS or isinstance(result, tuple) else ((result,),)


def _incoming(value: object) -> object:
    return [list(row) for row in value] if isinstance(value, tuple) else value


def _outgoing(result: object) -> Any:
    if isinstance(result, list):
        return tuple(tuple(_outgoing(cell) for cell in row) for row in result)
    if isinstance(result, CellError):
        return error_number(result)
    return float(result) if isinstance(result, (bool, int)) else result  # Calc reads FALSE in a table as 1
