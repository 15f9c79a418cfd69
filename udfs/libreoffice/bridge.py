"""Values as LibreOffice Calc hands them over to what `xl_perf.cells` takes, and results back.

Calc gives a number, a date or a boolean as float, text as str, an omitted argument as None and a range as a
tuple of rows in which an empty cell is "". An empty single cell arrives as 0.0 and TRUE as 1.0: nothing here
can tell them from the numbers, so workbooks for Calc guard their arguments (`xl-perf relink --to calc`). A
cell with an error value is passed on by Calc itself, which never calls the function then.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING, Any

from xl_perf import cells
from xl_perf.book.calc_text import CODES
from xl_perf.catalog import FUNCTIONS, Shape
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONG = 1_000
"""Rows of a range that are looked through for empty ones at the end."""
_ERRORS = 4  # com.sun.star.sheet.FormulaResult.ERROR
_QUIET_NAN = 0x7FF8000000000000


def error_number(error: CellError) -> float:
    """The float that Calc shows as an error value: a NaN whose low half holds Calc's code.

    The newer errors of Excel, which Calc does not know, become #VALUE!.
    """
    code = CODES.get(error, CODES[CellError.VALUE])
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
    shortcut = _shortcut(name)
    if shortcut is not None:
        given = arguments
        while given and given[-1] is None:
            given = given[:-1]
        number = shortcut(tuple(given))
        if number is not None:
            return ((number,),)
    function = FUNCTIONS[name]
    try:
        if function.shape is Shape.SYNTHESIS:
            arguments = _cut(arguments)
        result = _outgoing(cells.call(function, [_incoming(value) for value in arguments]))
    except Exception:  # noqa: BLE001  # an exception would end as an error number that nobody can look up
        result = error_number(CellError.VALUE)
    return result if function.shape is Shape.SYNTHESIS or isinstance(result, tuple) else ((result,),)


def used(area: Any) -> Any:
    """The part of a range that its sheet uses, as rows; one empty cell where it uses none of it.

    Calc hands whole columns over as a million rows, and a second goes by before `call` begins. It hands this
    function the range itself; what comes back are the rows that hold something. Ranges of one sheet are cut at one row.

    Args:
        area: the range, `com.sun.star.table.XCellRange`.

    Returns:
        Rows of floats and texts, "" for an empty cell.

    Raises:
        ValueError: a cell holds an error; Calc makes #VALUE! of it.
    """
    at = area.getRangeAddress()
    cursor = area.getSpreadsheet().createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.getRangeAddress()
    rows, columns = (
        min(at.EndRow, end.EndRow) - at.StartRow,
        min(at.EndColumn, end.EndColumn) - at.StartColumn,
    )
    if rows < 0 or columns < 0:
        return (("",),)
    cut = area.getCellRangeByPosition(0, 0, columns, rows)
    if cut.queryFormulaCells(_ERRORS).getCount():
        raise ValueError("an error in the range")
    return cut.getDataArray()


@cache
def _shortcut(name: str) -> Any:
    """The way of a function through numbers alone, which most calls are; None where it has none."""
    return cells.quick(FUNCTIONS[name])


def _cut(arguments: Sequence[object]) -> Sequence[object]:
    """Long ranges without the empty rows at their ends, which no synthesis counts.

    Ranges of one length keep one length.
    """
    lengths = {len(value) for value in arguments if isinstance(value, tuple) and len(value) > _LONG}
    if not lengths:
        return arguments
    ends = {
        length: max(
            _filled(value) for value in arguments if isinstance(value, tuple) and len(value) == length
        )
        for length in lengths
    }
    cut = [
        value[: max(1, ends[len(value)])] if isinstance(value, tuple) and len(value) > _LONG else value
        for value in arguments
    ]
    before, after = (len({len(v) for v in values if isinstance(v, tuple)}) for values in (arguments, cut))
    return cut if before == after else arguments  # what had different sizes must not get the same


def _filled(rows: tuple[tuple[object, ...], ...]) -> int:
    """Number of rows down to the last that holds something."""
    empty = ("",) * len(rows[0])
    block = (empty,) * _LONG
    end = len(rows)
    while end > _LONG and rows[end - _LONG : end] == block:
        end -= _LONG
    while end and rows[end - 1] == empty:
        end -= 1
    return end


def _incoming(value: object) -> object:
    return [list(row) for row in value] if isinstance(value, tuple) else value


def _outgoing(result: object) -> Any:
    if isinstance(result, list):
        return tuple(tuple(_outgoing(cell) for cell in row) for row in result)
    if isinstance(result, CellError):
        return error_number(result)
    return float(result) if isinstance(result, (bool, int)) else result  # Calc reads FALSE in a table as 1
