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
            numbers = np.ma.filled(array.astype(np.float64, copy=False), math.nan)
            columns.append(numbers if flat or numbers.ndim == 2 else numbers[:, np.newaxis])
            continue
        number: object = None if isinstance(value, (list, tuple)) else number_in(value)
        if number is None and argument.optional and not isinstance(value, (list, tuple)):
            number = default(argument)
        if array is not None or not isinstance(number, float):
            return None
        columns.append(number)
    try:
        shape = np.broadcast_shapes(*(np.shape(column) for column in columns))
    except ValueError:
        return CellError.VALUE
    with np.errstate(all="ignore"):
        return _in_blocks(function, columns, shape)


_BLOCK = 65536
"""Elements that are calculated at a time, so that what lies between the steps stays in the processor's cache."""


def _in_blocks(function: Function, columns: list[Any], shape: tuple[int, ...]) -> Any:
    """Results of a vectorised call, a block of elements after the other where there are many."""
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    count = math.prod(shape)
    if not count or any(np.shape(column) not in ((), shape) for column in columns):
        return _assemble(function, columns, shape)
    columns = [column.reshape(-1) if isinstance(column, np.ndarray) else column for column in columns]
    result: Any = np.empty(count)
    for start in range(0, count, _BLOCK):
        part = slice(start, start + _BLOCK)
        pieces = [column[part] if isinstance(column, np.ndarray) else column for column in columns]
        if result.dtype != object and _all_known(function, pieces, result[part]):
            continue
        block = _assemble(function, pieces, result[part].shape)
        if block.dtype == object and result.dtype != object:
            result = result.astype(object)
        result[part] = block
    return result.reshape(shape)


def _all_known(function: Function, columns: list[Any], out: Any) -> bool:
    """Writes results where every argument is a number in its domain, as in almost every block; False where one is not."""
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    if not all(np.isfinite(column).all() for column in columns):
        return False
    if any(np.any(check.failed(*columns)) for check in function.checks):
        return False
    result = function.compute(*columns)
    if np.shape(result) != out.shape or not np.isfinite(result).all():
        return False
    np.add(result, 0.0, out=out)  # no negative zero
    return True


def _assemble(function: Function, columns: list[Any], shape: tuple[int, ...]) -> Any:
    """Results of a vectorised call, and the error values of the elements that have none."""
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    faults: list[tuple[CellError, Any]] = [(CellError.NUM, np.isinf(column)) for column in columns]
    blank: Any = False
    missing: list[tuple[CellError, Any]] = []
    for place, argument in enumerate(function.arguments):
        empty = np.isnan(columns[place])
        if argument.empty is Empty.DEFAULT:
            columns[place] = np.where(empty, default(argument), columns[place])
        elif argument.empty is Empty.BLANK:
            blank = blank | empty
        else:
            missing.append((CellError.NA, empty))
    result = np.broadcast_to(function.compute(*columns), shape) + 0.0
    later = [*missing, *((FAULTS[check.fault], check.failed(*columns)) for check in function.checks)]
    later.append((CellError.NUM, ~np.isfinite(result)))
    faults += [(error, mask & ~np.asarray(blank)) for error, mask in later]
    result[np.broadcast_to(blank, shape)] = math.nan
    codes = np.zeros(shape, dtype=np.int64)
    for number, (_, mask) in enumerate(faults, start=1):
        codes[(codes == 0) & mask] = number
    if not codes.any():
        return result
    cells = result.astype(object)
    for number, (error, _) in enumerate(faults, start=1):
        cells[codes == number] = error
    return cells
