"""Cells as Office.js hands them over, to cell values and back.

An argument is a list of rows; null is an empty cell or an omitted argument; an error or a cell with a data
type is an object with `type` and `basicValue` (Excel JavaScript API, `Excel.CellValue`). Results are rows; an
error is an object for runtimes that take data types (CustomFunctionsRuntime 1.4), else its text, which the
page turns into an error.
"""

from __future__ import annotations

import re
from typing import Any

from xl_perf.values import EMPTY, CellError

ERROR_TYPES = {
    CellError.NULL: "Null",
    CellError.DIV0: "Div0",
    CellError.VALUE: "Value",
    CellError.REF: "Ref",
    CellError.NAME: "Name",
    CellError.NUM: "Num",
    CellError.NA: "NotAvailable",
    CellError.SPILL: "Spill",
    CellError.CALC: "Calc",
    CellError.GETTING_DATA: "GettingData",
}
"""The names that Office.js has for errors (`Excel.ErrorCellValueType`)."""

_DATA_TYPES = (1, 4)
_PLAIN = {int, float, bool, str, type(None)}


def rows_in(argument: Any) -> list[list[Any]] | None:
    """The rows of cell values of an argument; None where it is omitted.

    Args:
        argument: rows of cells as JSON gives them; also one row, or one cell, as some hosts shorten them.
    """
    if argument is None:
        return None
    if not isinstance(argument, list):
        argument = [argument]
    rows = argument if argument and isinstance(argument[0], list) else [argument or [None]]
    return [
        [
            cell if type(cell) in _PLAIN else _cell_in(cell)
            for cell in (row if isinstance(row, list) else [row])
        ]
        for row in rows
    ]


def rows_out(result: Any, runtime: object) -> list[list[Any]]:
    """The rows of a result, ready for JSON.

    Args:
        result: a cell value, or rows of them.
        runtime: version of Excel's custom functions runtime, e.g. "1.4".
    """
    objects = _version(runtime) >= _DATA_TYPES
    rows = result if isinstance(result, list) else [[result]]
    return [[cell if type(cell) is float else _cell_out(cell, objects) for cell in row] for row in rows]


def _cell_in(cell: Any) -> Any:
    if isinstance(cell, dict):
        basic = cell.get("basicValue")
        if "Error" in (cell.get("type"), cell.get("basicType")) or "code" in cell:
            return CellError.parse(str(cell.get("code", basic))) or CellError.VALUE
        return basic if isinstance(basic, (str, int, float)) else CellError.VALUE
    return CellError.VALUE if isinstance(cell, list) else cell


def _cell_out(cell: Any, objects: bool) -> Any:
    if cell is None:
        return EMPTY
    if objects and isinstance(cell, CellError):
        return {"type": "Error", "errorType": ERROR_TYPES[cell]}
    return cell


def _version(runtime: object) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,4}", str(runtime)))
