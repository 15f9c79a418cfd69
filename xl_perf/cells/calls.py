"""A call of each shape: element by element, over whole ranges, tables."""

from __future__ import annotations

import math
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any

from xl_perf.catalog.model import Empty, Kind, Shape
from xl_perf.cells.arrays import to_array, vectorised
from xl_perf.cells.convert import CONVERT, FAULTS, cell_value, default, error_in, first_error, number_in
from xl_perf.cells.grids import Grid, common_size, grid_of
from xl_perf.compute.faults import ComputeError
from xl_perf.values import EMPTY, CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.catalog.model import Argument, Function


class Table(tuple):  # type: ignore[type-arg]  # LibreOffice may bring a Python that knows no tuple[...]
    """The rows of a range that a function takes as a whole: numbers, NaN where a cell is empty."""

    __slots__ = ()


def with_tables(function: Function, values: Sequence[object]) -> list[object]:
    """The values, in place of each range that is taken as a whole its `Table`, or the first cell that has no number.

    One that is empty altogether where it is a single cell is None, as one left out; what is no rectangle is text.
    """
    return [
        _table(value) if argument.whole else value
        for argument, value in zip(function.arguments, values, strict=True)
    ]


def _table(value: object) -> object:
    grid = grid_of(value)
    if grid is None:
        return str(CellError.VALUE)
    converted = [[number_in(cell) for cell in row] for row in grid.rows]
    if grid.single and converted[0][0] is None:
        return None
    if any(isinstance(number, CellError) for row in converted for number in row):
        cells = [cell for row in grid.rows for cell in row]
        held = next((cell for cell in cells if error_in(cell)), None)
        return held or next(cell for cell in cells if isinstance(number_in(cell), CellError))
    return Table(tuple(math.nan if number is None else number for number in row) for row in converted)


def element(function: Function, values: Sequence[object]) -> Any:
    """Result of one element; `values` are single cells, one per argument, and tables (`with_tables`)."""
    converted: list[Any] = []
    plain = True
    for argument, value in zip(function.arguments, values, strict=True):
        if type(value) is float and isfinite(value) and argument.kind is Kind.NUMBER:
            converted.append(value)
            continue
        if type(value) is Table:
            converted.append(value)
            continue
        item = CONVERT[argument.kind](value)
        if item is None and argument.empty is Empty.DEFAULT:
            item = default(argument)
        elif item is None and argument.empty is not Empty.OWN:
            plain = False
        if isinstance(item, CellError):
            plain = False
        converted.append(item)
    if not plain:
        error = first_error(values, converted)
        if error is not None:
            return error
        empties = {a.empty for a, v in zip(function.arguments, converted, strict=True) if v is None}
        return _blank(function) if Empty.BLANK in empties else CellError.NA
    for check in function.checks:
        if check.failed(*converted):
            return FAULTS[check.fault]
    return _computed(function, converted)


def quick(function: Function) -> Callable[[tuple[Any, ...]], float | None] | None:
    """A shortcut for calls of an elementwise function with numbers only, None where the function has none.

    It gives the result of `element`, or None where that must decide: something that is no number, a fault, no result.
    """
    arguments = function.arguments
    if function.shape is not Shape.ELEMENTWISE or any(given.kind is not Kind.NUMBER for given in arguments):
        return None
    compute, failed = function.compute, [check.failed for check in function.checks]
    required, most = function.required, len(arguments)

    def run(values: tuple[Any, ...]) -> float | None:
        for value in values:
            if type(value) is not float or value - value != 0.0:  # neither number, nor infinite or NaN
                return None
        count = len(values)
        if count != most:
            if not required <= count < most:
                return None
            values += tuple(default(argument) for argument in arguments[count:])
            if CellError in map(type, values):
                return None
        for has_failed in failed:
            if has_failed(*values):
                return None
        try:
            result = compute(*values)
        except (ArithmeticError, ComputeError):
            return None
        return result + 0.0 if type(result) is float and result - result == 0.0 else None

    return run


def _blank(function: Function) -> Any:
    if function.spill is None:
        return EMPTY
    rows, columns = function.spill
    return [[EMPTY] * columns for _ in range(rows)]


def _computed(function: Function, converted: Sequence[Any]) -> Any:
    try:
        result = function.compute(*converted)
    except ComputeError as error:
        return FAULTS[error.fault]
    except ArithmeticError:
        return CellError.NUM
    if function.shape is Shape.ARRAY:
        return [[cell_value(cell, EMPTY) for cell in row] for row in result]
    never = function.shape is Shape.ELEMENTWISE and not function.unfinished
    return cell_value(result, CellError.NUM if never else EMPTY)


def broadcast(function: Function, values: Sequence[object]) -> Any:
    """Results over ranges, element by element; #VALUE! where their sizes do not fit."""
    if function.vectorised:
        result = vectorised(function, values)
        if result is not None:
            return result
    grids = [Grid([[value]], 1, 0) if type(value) is Table else grid_of(value) for value in values]
    if any(grid is None for grid in grids):
        return CellError.VALUE
    known = [grid for grid in grids if grid is not None]
    height = common_size(len(grid.rows) for grid in known)
    width = common_size(grid.columns for grid in known)
    if height is None or width is None:
        return CellError.VALUE
    array = any(grid.array for grid in known)
    if height == width == 1 and (not array or function.shape is Shape.ARRAY):
        return element(function, [grid.rows[0][0] for grid in known])
    if function.shape is Shape.ARRAY:
        return CellError.VALUE
    rows = [
        [element(function, [grid.at(row, column) for grid in known]) for column in range(width)]
        for row in range(height)
    ]
    if not array:
        return rows
    flat = all(grid.dimensions < 2 for grid in known)
    return to_array([row[0] for row in rows] if flat else rows, (height,) if flat else (height, width))


def synthesis(function: Function, values: Sequence[object]) -> Any:
    """Result of a function that takes its ranges as a whole."""
    columns: list[list[object]] = []
    sizes: dict[str, set[tuple[int, int]]] = {}
    for argument, value in zip(function.arguments, values, strict=True):
        grid = grid_of(value)
        if grid is None or (argument.kind is not Kind.RANGE and not grid.single):
            return CellError.VALUE
        column = [cell for row in grid.rows for cell in row]
        columns.append(column)
        if argument.kind is Kind.RANGE and not _omitted(argument, column):
            height, width = len(grid.rows), grid.columns
            size = (height, width) if min(height, width) > 1 else (max(height, width), 1)
            sizes.setdefault(argument.group, set()).add(size)
    if any(len(group) > 1 for group in sizes.values()):
        return CellError.VALUE
    converted = [_converted(a.kind, column) for a, column in zip(function.arguments, columns, strict=True)]
    if any(CellError in set(map(type, column)) for column in converted):
        return first_error(chain.from_iterable(columns), chain.from_iterable(converted))
    given: list[Any] = []
    for argument, column in zip(function.arguments, converted, strict=True):
        if _omitted(argument, column):
            number = default(argument)
            if isinstance(number, CellError):
                return number
            given.append(number)
        elif argument.kind is Kind.RANGE:
            given.append(
                [math.nan if cell is None else cell for cell in column] if None in column else column
            )
        else:
            given.append(column[0])
    return _computed(function, given)


_FLOATS = {float}


def _converted(kind: Kind, column: Sequence[object]) -> list[object]:
    convert = CONVERT[kind]
    if convert is not number_in:
        return [convert(cell) for cell in column]
    if set(map(type, column)) == _FLOATS and all(map(isfinite, column)):  # type: ignore[arg-type]
        return list(column)
    return [cell if type(cell) is float and isfinite(cell) else convert(cell) for cell in column]


def _omitted(argument: Argument, column: Sequence[object]) -> bool:
    return argument.optional and len(column) == 1 and number_in(column[0]) is None
