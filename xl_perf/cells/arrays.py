"""numpy arrays: whole calls in one go, and results as arrays. numpy is imported when an array has come in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xl_perf.catalog.model import Empty
from xl_perf.cells.convert import FAULTS, default, number_in
from xl_perf.cells.grids import as_array
from xl_perf.values import EMPTY, CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.catalog.model import Function


def to_array(cells: Any, shape: tuple[int, ...]) -> Any:
    """A numpy array of results: NaN for empty, objects only where there are error values or text."""
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    result = np.empty(shape, dtype=object)
    result[...] = np.array(cells, dtype=object).reshape(shape)
    result[np.equal(result, EMPTY)] = math.nan
    plain = all(isinstance(cell, float) for cell in result.flat)
    return result.astype(np.float64) if plain else result


def vectorised(function: Function, values: Sequence[object]) -> Any:
    """The whole call in one go over numeric arrays; None where some argument is another thing."""
    arrays = [as_array(value) for value in values]
    numeric = [array is not None and array.dtype.kind in "iuf" and 0 < array.ndim <= 2 for array in arrays]
    if not any(numeric):
        return None
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    flat = all(array is None or array.ndim == 1 for array in arrays)
    columns: list[Any] = []
    for argument, value, array, fits in zip(function.arguments, values, arrays, numeric, strict=True):
        if fits:
            numbers = np.asarray(
                np.ma.filled(array.astype(np.float64, copy=False), math.nan)
            )  # masked cells are empty
            columns.append(numbers if flat or numbers.ndim == 2 else numbers[:, np.newaxis])
            continue
        number: object = None if isinstance(value, (list, tuple)) else number_in(value)
        if number is None and argument.optional and not isinstance(value, (list, tuple)):
            number = default(argument)
        if array is not None or not isinstance(number, float):
            return None
        columns.append(np.float64(number))  # unlike a float it divides by 0 without an exception
    try:
        shape = np.broadcast_shapes(*(column.shape for column in columns))
    except ValueError:
        return CellError.VALUE
    with np.errstate(all="ignore"):
        return _assemble(function, columns, shape)


def _assemble(function: Function, columns: list[Any], shape: tuple[int, ...]) -> Any:
    """Results of a vectorised call, and the error values of the elements that have none."""
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    faults: list[tuple[CellError, Any]] = [(CellError.NUM, np.isinf(column)) for column in columns]
    blank: Any = False
    missing: list[tuple[CellError, Any]] = []
    for place, argument in enumerate(function.arguments):
        empty = np.isnan(columns[place])
        if argument.empty is Empty.DEFAULT:
            number = default(argument) if empty.any() else 0.0
            if isinstance(number, CellError):
                missing.append((number, empty))
            else:
                columns[place] = np.where(empty, number, columns[place])
        elif argument.empty is Empty.BLANK:
            blank = blank | empty
        else:
            missing.append((CellError.NA, empty))
    result = np.broadcast_to(function.compute(*columns), shape) + 0.0
    later = [*missing, *((FAULTS[check.fault], check.failed(*columns)) for check in function.checks)]
    later.append((CellError.NUM, ~np.isfinite(result)))
    faults += [(error, mask & ~np.asarray(blank)) for error, mask in later]
    faults = [(error, mask) for error, mask in faults if mask.any()]
    result[np.broadcast_to(blank, shape)] = math.nan
    if not faults:
        return result
    codes = np.zeros(shape, dtype=np.int64)
    for number, (_, mask) in enumerate(faults, start=1):
        codes[(codes == 0) & mask] = number
    cells = result.astype(object)
    for number, (error, _) in enumerate(faults, start=1):
        cells[codes == number] = error
    return cells
