"""The functions in Excel on Windows, through xlwings: a wrapper for each entry of the catalogue, made from it.

The name of the Python function is the name in Excel, its docstring the help of the function wizard, `doc` the help of
an argument; all are those of the catalogue. Arguments arrive as rows of cells (`ndim=2`: orientation kept, one cell
is a range of one cell) with errors as text. Tables and ranges of results spill by themselves in Excel with dynamic
arrays; `expand` is not used, because it writes the formula again as an array formula and clears the cells around it.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import xlwings as xw

from xl_perf import functions
from xl_perf.catalog import FUNCTIONS
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.catalog import Function

_CATEGORY = "XL_PERF"
_COM_ERRORS = {
    -2146826245: CellError.GETTING_DATA,
    -2146826243: CellError.SPILL,
    -2146826238: CellError.CALC,
}
"""Error codes that xlwings does not turn into text."""


def _cell(value: object) -> object:
    return _COM_ERRORS.get(value, value) if type(value) is int else value


def _wrapper(function: Function) -> Callable[..., Any]:
    """The function over arguments as xlwings reads them, with what xlwings registers; None is an omitted argument."""

    def wrapper(*ranges: Any) -> Any:
        given = [*ranges, *[None] * (len(function.arguments) - len(ranges))]
        rows = (cells and [[_cell(value) for value in row] for row in cells] for cells in given)
        return getattr(functions, function.name)(*rows)

    wrapper.__name__ = wrapper.__qualname__ = function.name
    wrapper.__doc__ = function.help
    wrapper.__annotations__ = {}  # xlwings takes annotations for conversions
    wrapper.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                argument.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if argument.optional else inspect.Parameter.empty,
            )
            for argument in function.arguments
        ]
    )
    marked: Any = wrapper
    for argument in reversed(function.arguments):
        marked = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(marked)
    found: Callable[..., Any] = xw.func(category=_CATEGORY)(marked)
    return found


globals().update({name: _wrapper(function) for name, function in FUNCTIONS.items()})
