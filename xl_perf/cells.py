"""Cell values to numbers and back: the one place that knows None, "", text, error values and orientation.

Order of precedence in one element: an error value in an argument (the first one) is the result; then a cell that
cannot be what its argument needs (text, boolean: #VALUE!; NaN, infinity: #NUM!); then empty cells, by what
`Argument.empty` says of each (a result not yet reported before a missing target); then the domain of the function.
Text with digits is text: "12,5" or "1.234" mean different numbers to different readers, and come from a bad paste.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_perf.catalog.model import Empty, Function, Kind, Shape
from xl_perf.compute.faults import ComputeError, Fault
from xl_perf.values import EMPTY, CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xl_perf.catalog.model import Argument

    Converted: TypeAlias = float | str | dt.date | CellError | None

_FAULTS = {
    Fault.MISSING: CellError.NA,
    Fault.DIVISION: CellError.DIV0,
    Fault.DOMAIN: CellError.NUM,
    Fault.SHAPE: CellError.VALUE,
}
_PLAIN = {float, int, bool, str, CellError, type(None)}
_SERIAL_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # cells know no time zones
_LEAP_BUG_ENDS = dt.datetime(1900, 3, 1)  # noqa: DTZ001  # Excel counts a 29 February 1900
_DAY = dt.timedelta(days=1)


def call(function: Function, args: Sequence[object]) -> Any:
    """A function of the catalogue applied to cell values.

    Ranges are lists of rows; a flat list, or an array of one dimension, is a column. A range of one cell is that cell.
    Elementwise functions and lookups broadcast a single cell with a range, a row with a column, and equal sizes; sizes
    that do not fit give #VALUE! for the whole call, where Excel would show results for a part and #N/A for the rest:
    a range that is too short is a mistake that should be seen at once. An error concerns only its own element.

    Args:
        function: entry of the catalogue.
        args: cell values (numbers, None, text, booleans, `CellError`, dates), nested lists, numpy arrays (NaN is
            empty); trailing optional arguments may be left out.

    Returns:
        A float, text or error value; a list of rows where an elementwise call got a range or the function gives a
        table; a numpy array with NaN for empty where an elementwise call got an array: of one dimension if all ranges
        had one, of floats, or of objects if there are error values in it. Syntheses always give one cell value.

    Never raises for what a cell can hold; a wrong number of arguments gives #VALUE!.
    """
    arguments = function.arguments
    if not function.required <= len(args) <= len(arguments):
        return CellError.VALUE
    values = (*args, *(None,) * (len(arguments) - len(args)))
    if function.shape is Shape.SYNTHESIS:
        return _synthesis(function, values)
    if all(type(value) in _PLAIN for value in values):
        return _element(function, values)
    return _broadcast(function, values)


def serial(moment: dt.date | dt.time | dt.timedelta) -> float | CellError:
    """Serial number of a date or time in the 1900 system, days; #NUM! before 1900."""
    if isinstance(moment, dt.timedelta):
        return moment / _DAY
    if isinstance(moment, dt.time):
        return (dt.datetime.combine(_SERIAL_ZERO, moment.replace(tzinfo=None)) - _SERIAL_ZERO) / _DAY
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    moment = moment.replace(tzinfo=None)
    days = (moment - _SERIAL_ZERO) / _DAY
    if moment.year < 1900:
        return CellError.NUM
    return days if moment >= _LEAP_BUG_ENDS else days - 1


# One cell ------------------------------------------------------------------------------------------------------------


def _error(value: object) -> CellError | None:
    """The error value that a cell holds, also where a front end hands it over as text."""
    if isinstance(value, CellError):
        return value
    if isinstance(value, str) and value.lstrip().startswith("#"):
        return CellError.parse(value)
    return None


def _number(value: object) -> float | CellError | None:
    if isinstance(value, str):
        return _error(value) or (CellError.VALUE if value.strip() else None)
    if value is None:
        return None
    if isinstance(value, bool):
        return CellError.VALUE
    if isinstance(value, (Real, Decimal)):
        try:
            number = float(value)
        except (OverflowError, ValueError):
            return CellError.NUM
        return number if math.isfinite(number) else CellError.NUM
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        try:
            return serial(value)
        except (OverflowError, TypeError, ValueError):
            return CellError.VALUE
    if type(value).__name__ == "datetime64":
        moment = value.astype("datetime64[us]").item()  # type: ignore[attr-defined]  # a numpy scalar
        return None if moment is None else _number(moment)
    return CellError.VALUE


def _text(value: object) -> str | CellError | None:
    if isinstance(value, str):
        return _error(value) or (value.strip() or None)
    number = _number(value)
    if number is None or isinstance(number, CellError):
        return number
    if isinstance(value, (Real, Decimal)):
        return str(int(number)) if number.is_integer() else repr(number)
    return CellError.VALUE


def _date(value: object) -> dt.date | CellError | None:
    number = _number(value)
    if number is None or isinstance(number, CellError):
        return number
    if number < 1:
        return CellError.NUM
    try:
        day = _SERIAL_ZERO + dt.timedelta(days=math.floor(number))
    except OverflowError:
        return CellError.NUM
    return (day if day >= _LEAP_BUG_ENDS else day + _DAY).date()


_CONVERT: dict[Kind, Callable[[object], Converted]] = {
    Kind.NUMBER: _number,
    Kind.RANGE: _number,
    Kind.TEXT: _text,
    Kind.PERIOD: _text,
    Kind.DATE: _date,
}


def _first_error(values: Iterable[object], converted: Iterable[object]) -> CellError | None:
    """The error of an element: one that a cell holds before one that conversion found."""
    found = next((value for value in converted if isinstance(value, CellError)), None)
    if found is None:
        return None
    return next((error for value in values if (error := _error(value)) is not None), found)


def _default(argument: Argument) -> float | None:
    return None if argument.default is None else argument.default()


def _element(function: Function, values: Sequence[object]) -> Any:
    """Result of one element; `values` are single cells, one per argument."""
    converted: list[Any] = []
    plain = True
    for argument, value in zip(function.arguments, values, strict=True):
        if type(value) is float and math.isfinite(value) and argument.kind is Kind.NUMBER:
            converted.append(value)
            continue
        item = _CONVERT[argument.kind](value)
        if item is None and argument.empty is Empty.DEFAULT:
            item = _default(argument)
        elif item is None or isinstance(item, CellError):
            plain = False
        converted.append(item)
    if not plain:
        error = _first_error(values, converted)
        if error is not None:
            return error
        empties = {a.empty for a, v in zip(function.arguments, converted, strict=True) if v is None}
        return _blank(function) if Empty.BLANK in empties else CellError.NA
    for check in function.checks:
        if check.failed(*converted):
            return _FAULTS[check.fault]
    return _computed(function, converted)


def _blank(function: Function) -> Any:
    if function.spill is None:
        return EMPTY
    rows, columns = function.spill
    return [[EMPTY] * columns for _ in range(rows)]


def _computed(function: Function, converted: Sequence[Any]) -> Any:
    try:
        result = function.compute(*converted)
    except ComputeError as error:
        return _FAULTS[error.fault]
    except ArithmeticError:
        return CellError.NUM
    if function.shape is Shape.ARRAY:
        return [[_result(cell, EMPTY) for cell in row] for row in result]
    return _result(result, CellError.NUM if function.shape is Shape.ELEMENTWISE else EMPTY)


def _result(value: Any, unknown: str) -> Any:
    """A cell value for a computed one; `unknown` stands for NaN."""
    if isinstance(value, (bool, str)):
        return value
    number = float(value)
    if math.isfinite(number):
        return number + 0.0  # no negative zero
    return unknown if math.isnan(number) else CellError.NUM


# Ranges --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Grid:
    """Cells of an argument: rows, dimensions it came with (0: one cell), whether it was a numpy array."""

    rows: list[list[object]]
    columns: int
    dimensions: int
    array: bool = False

    @property
    def single(self) -> bool:
        return len(self.rows) == 1 and self.columns == 1

    def at(self, row: int, column: int) -> object:
        """The cell that stands at a place of the broadcast result."""
        cells = self.rows[row if len(self.rows) > 1 else 0]
        return cells[column if self.columns > 1 else 0]


def _as_array(value: object) -> Any:
    """The numpy array that an argument is (or offers to be, like a series), else None."""
    numpy = sys.modules.get("numpy")
    if numpy is None or type(value) in _PLAIN or isinstance(value, (list, tuple, numpy.generic)):
        return None
    return numpy.asanyarray(value) if hasattr(value, "__array__") else None


def _grid(value: object) -> _Grid | None:
    """The cells of an argument; None where it is no rectangle of rows and columns."""
    array = _as_array(value)
    if array is not None:
        cells = array.astype(f"{array.dtype.kind}8[us]") if array.dtype.kind in "mM" else array
        value = cells.tolist()
        if array.ndim == 0:
            return _Grid([[_unmark(value)]], 1, 0)
    if not isinstance(value, (list, tuple)):
        return _Grid([[value]], 1, 0)
    nested = [isinstance(row, (list, tuple)) for row in value]
    if any(nested) and not all(nested):
        return None
    rows = [list(row) if any(nested) else [row] for row in value]
    widths = {len(row) for row in rows} or {array.shape[-1] if array is not None and array.ndim > 1 else 1}
    if len(widths) > 1 or any(isinstance(cell, (list, tuple)) for row in rows for cell in row):
        return None
    width = widths.pop()
    if array is not None:
        return _Grid([[_unmark(cell) for cell in row] for row in rows], width, array.ndim, array=True)
    if not rows or width == 0:
        rows, width = [[None]], 1  # a range without cells: nothing reported
    return _Grid(rows, width, 2 if any(nested) else 1)


def _unmark(cell: object) -> object:
    """NaN in an array means empty."""
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def _common(sizes: Iterable[int]) -> int | None:
    """The size to which sizes broadcast, None if they do not fit."""
    wide = {size for size in sizes if size != 1}
    if len(wide) > 1:
        return None
    return wide.pop() if wide else 1


def _broadcast(function: Function, values: Sequence[object]) -> Any:
    if function.vectorised:
        result = _vectorised(function, values)
        if result is not None:
            return result
    grids = [_grid(value) for value in values]
    if any(grid is None for grid in grids):
        return CellError.VALUE
    known = [grid for grid in grids if grid is not None]
    height = _common(len(grid.rows) for grid in known)
    width = _common(grid.columns for grid in known)
    if height is None or width is None:
        return CellError.VALUE
    array = any(grid.array for grid in known)
    if height == width == 1 and (not array or function.shape is Shape.ARRAY):
        return _element(function, [grid.rows[0][0] for grid in known])
    if function.shape is Shape.ARRAY:
        return CellError.VALUE
    rows = [
        [_element(function, [grid.at(row, column) for grid in known]) for column in range(width)]
        for row in range(height)
    ]
    if not array:
        return rows
    flat = all(grid.dimensions < 2 for grid in known)
    return _to_array([row[0] for row in rows] if flat else rows, (height,) if flat else (height, width))


def _synthesis(function: Function, values: Sequence[object]) -> Any:
    """Result of a function that takes its ranges as a whole."""
    columns: list[list[object]] = []
    sizes: list[tuple[int, int]] = []
    for argument, value in zip(function.arguments, values, strict=True):
        grid = _grid(value)
        if grid is None or (argument.kind is not Kind.RANGE and not grid.single):
            return CellError.VALUE
        column = [cell for row in grid.rows for cell in row]
        columns.append(column)
        if argument.kind is Kind.RANGE and not _omitted(argument, column):
            sizes.append((len(grid.rows), grid.columns))
    if len({size if min(size) > 1 else max(size) for size in sizes}) > 1:
        return CellError.VALUE
    converted: list[list[object]] = [
        [_CONVERT[argument.kind](cell) for cell in column]
        for argument, column in zip(function.arguments, columns, strict=True)
    ]
    error = _first_error((c for column in columns for c in column), (c for col in converted for c in col))
    if error is not None:
        return error
    given: list[Any] = []
    for argument, column in zip(function.arguments, converted, strict=True):
        if _omitted(argument, column):
            given.append(_default(argument))
        elif argument.kind is Kind.RANGE:
            given.append([math.nan if cell is None else cell for cell in column])
        else:
            given.append(column[0])
    return _computed(function, given)


def _omitted(argument: Argument, column: Sequence[object]) -> bool:
    return argument.optional and len(column) == 1 and _number(column[0]) is None


# Arrays --------------------------------------------------------------------------------------------------------------


def _to_array(cells: Any, shape: tuple[int, ...]) -> Any:
    """A numpy array of results: NaN for empty, objects only where there are error values or text."""
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    result = np.empty(shape, dtype=object)
    result[...] = np.array(cells, dtype=object).reshape(shape)
    result[np.equal(result, EMPTY)] = math.nan
    plain = all(isinstance(cell, float) for cell in result.flat)
    return result.astype(np.float64) if plain else result


def _vectorised(function: Function, values: Sequence[object]) -> Any:
    """The whole call in one go over numeric arrays; None where some argument is another thing."""
    arrays = [_as_array(value) for value in values]
    numeric = [array is not None and array.dtype.kind in "iuf" and 0 < array.ndim <= 2 for array in arrays]
    if not any(numeric):
        return None
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    flat = all(array is None or array.ndim == 1 for array in arrays)
    columns: list[Any] = []
    for argument, value, array, fits in zip(function.arguments, values, arrays, numeric, strict=True):
        if fits:
            numbers = np.ma.filled(array.astype(np.float64), math.nan)
            columns.append(numbers if flat or numbers.ndim == 2 else numbers[:, np.newaxis])
            continue
        number = None if isinstance(value, (list, tuple)) else _number(value)
        if number is None and argument.optional and not isinstance(value, (list, tuple)):
            number = _default(argument)
        if array is not None or not isinstance(number, float):
            return None
        columns.append(number)
    try:
        shape = np.broadcast_shapes(*(np.shape(column) for column in columns))
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
            columns[place] = np.where(empty, _default(argument), columns[place])
        elif argument.empty is Empty.BLANK:
            blank = blank | empty
        else:
            missing.append((CellError.NA, empty))
    result = np.broadcast_to(function.compute(*columns), shape) + 0.0
    later = [*missing, *((_FAULTS[check.fault], check.failed(*columns)) for check in function.checks)]
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
