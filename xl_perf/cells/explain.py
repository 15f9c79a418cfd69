"""A call of the function that explains calls of the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xl_perf.catalog.explain import Given
from xl_perf.catalog.model import Kind
from xl_perf.cells.convert import CONVERT, FAULTS, error_in, text_in
from xl_perf.cells.grids import grid_of
from xl_perf.compute.faults import ComputeError
from xl_perf.values import EMPTY, CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.catalog.model import Argument, Function


def explain(
    function: Function, values: Sequence[object], call: Callable[[Function, Sequence[object]], Any]
) -> str | CellError:
    """The explanation of a call as text, or the error or the empty text that the call itself gives.

    Args:
        function: the entry that explains.
        values: name of the function to explain, then its arguments; omitted ones are None; a row of cells
            from a number to its source stands for the number. Behind all arguments that the entry has, the
            texts of their sources, where the caller knows where the cells stand.
        call: how functions are called.

    Returns:
        Text; #N/A for an unknown name, #VALUE! for too many arguments and for calls over whole ranges, which have no
        single result.
    """
    found = _entry(values[0])
    if isinstance(found, CellError):
        return found
    sources = values[len(function.arguments) :]
    arguments = list(values[1 : len(function.arguments)])
    while arguments and (
        arguments[-1] is None or (len(arguments) > len(found.arguments) and _is_left_out(arguments[-1]))
    ):
        arguments.pop()
    if len(arguments) > len(found.arguments):
        return CellError.VALUE
    arguments += [None] * (len(found.arguments) - len(arguments))
    pairs = [
        _with_source(argument, value) for argument, value in zip(found.arguments, arguments, strict=True)
    ]
    arguments = [value for value, _ in pairs]
    result = call(found, arguments)
    if isinstance(result, list) and found.spill is not None:
        if all(cell == EMPTY for row in result for cell in row):
            return EMPTY
    elif isinstance(result, CellError) or result == EMPTY:
        return CellError.parse(result) or EMPTY
    elif not isinstance(result, (bool, int, float, str)):
        return CellError.VALUE
    shown = [
        replace(given(argument, value), source=source or _text(more))
        for argument, (value, source), more in zip(
            found.arguments, pairs, (*sources, *(None,) * len(pairs)), strict=False
        )
    ]
    try:
        return str(function.compute(found, shown, result))
    except ComputeError as error:
        return FAULTS[error.fault]


def _is_left_out(value: object) -> bool:
    return isinstance(value, str) and value == EMPTY


def _text(value: object) -> str:
    """A text on one line; nothing for what is none."""
    is_text = isinstance(value, str) and not isinstance(error_in(value), CellError)
    return " ".join(str(value).split()) if is_text else ""


def _with_source(argument: Argument, value: object) -> tuple[object, str]:
    """A number and the text of its source, where a row of cells holds one number and texts.

    The last text is the source.
    """
    grid = grid_of(value)
    if argument.kind is Kind.RANGE or grid is None or len(grid.rows) != 1 or grid.columns == 1:
        return value, ""
    cells = [cell for cell in grid.rows[0] if cell is not None and cell != EMPTY]
    numbers = [cell for cell in cells if isinstance(cell, (int, float)) and not isinstance(cell, bool)]
    texts = [cell for cell in cells if isinstance(cell, str) and not isinstance(error_in(cell), CellError)]
    if len(numbers) != 1 or not texts or len(numbers) + len(texts) != len(cells):
        return value, ""
    return numbers[0], " ".join(texts[-1].split())


def _entry(value: object) -> Function | CellError:
    """The entry that a cell names."""
    from xl_perf.catalog import FUNCTIONS  # noqa: PLC0415  # FUNCTIONS holds the entry that brought us here

    grid = grid_of(value)
    if grid is None or not grid.single:
        return CellError.VALUE
    cell = grid.rows[0][0]
    if isinstance(cell, bool):
        return CellError.VALUE
    name = text_in(cell)
    if isinstance(name, CellError):
        return name
    entry = FUNCTIONS.get((name or "").strip("= ()").upper())
    return CellError.NA if entry is None or entry.explains else entry


def given(argument: Argument, value: object) -> Given:
    """An argument of a call by its cell values."""
    grid = grid_of(value)
    cells = [cell for row in grid.rows for cell in row] if grid else [value]
    kind = Kind.NUMBER if argument.kind is Kind.RANGE else argument.kind
    converted = tuple(None if error_in(cell) else CONVERT[kind](cell) for cell in cells)
    omitted = argument.optional and len(converted) == 1 and converted[0] is None
    return Given(argument, converted, grid.columns if grid else 1, omitted)
