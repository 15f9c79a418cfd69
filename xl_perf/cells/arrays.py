"""numpy arrays: whole calls in one go, and results as arrays. numpy is imported when an array has come in."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from xl_perf.catalog.model import Empty
from xl_perf.cells.convert import FAULTS, default, number_in
from xl_perf.cells.grids import as_array
from xl_perf.values import EMPTY, CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.catalog.model import Function
    from xl_perf.compute.faults import Check


def to_array(cells: Any, shape: tuple[int, ...]) -> Any:
    """A numpy array of results: NaN for empty, objects only where there are error values or text."""
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    result = np.empty(shape, dtype=object)
    result[...] = np.array(cells, dtype=object).reshape(shape)
    result[np.equal(result, EMPTY)] = math.nan
    plain = all(isinstance(cell, float) for cell in result.flat)
    return result.astype(np.float64) if plain else result


_FEW = 2
"""Up to so many elements are faster one by one."""


def vectorised(function: Function, values: Sequence[object]) -> Any:
    """The whole call in one go over numeric arrays; None where some argument is another thing, or they are tiny."""
    arrays = [as_array(value) for value in values]
    numeric = [array is not None and array.dtype.kind in "iuf" and 0 < array.ndim <= 2 for array in arrays]
    if not any(numeric) or 0 < max(array.size for array in arrays if array is not None) <= _FEW:
        return None
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    flat = all(array is None or array.ndim == 1 for array in arrays)
    columns: list[Any] = []
    for argument, value, array, fits in zip(function.arguments, values, arrays, numeric, strict=True):
        if fits:
            numbers = array.astype(np.float64, copy=False)
            if type(numbers) is not np.ndarray:  # masked cells are empty
                numbers = np.asarray(np.ma.filled(numbers, math.nan))
            columns.append(numbers if flat or numbers.ndim == 2 else numbers[:, np.newaxis])
            continue
        number: object = None if isinstance(value, (list, tuple)) else number_in(value)
        if number is None and argument.optional and not isinstance(value, (list, tuple)):
            number = default(argument)
        if array is not None or not isinstance(number, float):
            return None
        columns.append(np.float64(number))  # unlike a float it divides by 0 without an exception
    shape, *others = {column.shape for column in columns if column.ndim}
    with np.errstate(all="ignore"):
        if not others and 0 not in shape:
            return _in_blocks(function, columns, shape)
        try:
            shape = np.broadcast_shapes(shape, *others)
        except ValueError:
            return CellError.VALUE
        return _assemble(function, columns, shape)


_BLOCK = 32768
"""Elements that are calculated at a time, so that what several steps read stays in the processor's cache."""

_INFINITY, _NEGATIVE_INFINITY, _NEGATIVE_ZERO = 0x7FF << 52, 0xFFF << 52, -1 << 63
"""Bits as whole numbers, the last one signed: those of 0 and the positive numbers are below the ones of infinity, and in
the same order; those of the negative numbers are between the ones of infinity and of minus infinity."""


def _in_blocks(function: Function, columns: list[Any], shape: tuple[int, ...]) -> Any:
    """Results of a call with numbers and arrays of one shape, a block of elements after the other where there are many."""
    import numpy as np  # noqa: PLC0415  # an array came in, so it is there

    columns = [column.reshape(-1) if column.ndim else column for column in columns]
    domain = _Domain(function, columns)
    count = math.prod(shape)
    if count <= _BLOCK:
        part = slice(None)
        result = function.compute(*columns) if domain.holds(part) else None
        if result is None or not domain.gave(part, result.view(np.uint64)):
            result = _assemble(function, columns, (count,))
        return result.reshape(shape)
    from xl_perf.compute.steps import Steps  # noqa: PLC0415  # it imports numpy

    result = np.empty(count)
    bits = result.view(np.uint64)
    steps = Steps(function.compute, columns, result, _BLOCK, domain.looks)
    with_errors: dict[int, Any] = {}
    for start in range(0, count, _BLOCK):
        part = slice(start, start + _BLOCK)
        if domain.possible and steps.carry_out(part) and domain.gave(part, bits[part]):
            continue
        pieces = [column[part] if column.ndim else column for column in columns]
        block = _assemble(function, pieces, bits[part].shape)
        if block.dtype == object:
            with_errors[start] = block
        else:
            result[part] = block
    if not with_errors:
        return result.reshape(shape)
    cells = np.empty(count, dtype=object)
    for start in range(0, count, _BLOCK):
        part = slice(start, start + _BLOCK)
        cells[part] = with_errors.get(start, result[part])
    return cells.reshape(shape)


class _Domain:
    """Says of whole blocks, by their extremes, that all arguments are numbers for which the function has a result.

    What the result shows (see `Argument.shown`, `Check.shown`) is not looked for in the arguments before. `possible` is
    False where a single number has a fault; `looks` are what must hold of a block, by the column that they concern.
    """

    def __init__(self, function: Function, columns: list[Any]) -> None:
        """Looks at the arguments that are single numbers; the columns are arrays of one dimension and numpy numbers."""
        import numpy as np  # noqa: PLC0415  # an array came in, so it is there

        self._columns = columns
        unknown = [math.nan if column.ndim else float(column) for column in columns]
        failed = [check for check in function.checks if check.failed(*unknown)]
        self._inner = [check.failed for check in failed if check.inner]
        self.possible = len(failed) == len(self._inner)
        ends = [check for check in function.checks if not check.inner]
        not_shown = [check for check in ends if not check.shown]

        def allowed(checks: list[Check], place: int, number: float) -> bool:
            numbers = unknown.copy()
            numbers[place] = number
            return not any(check.failed(*numbers) for check in checks)

        self.looks: dict[int, list[Callable[[slice], bool]]] = {}
        self._shown: list[_Range] = []
        for place, argument in enumerate(function.arguments):
            if columns[place].ndim:
                from_zero = allowed(not_shown, place, 0.0)
                numbers = _Range(columns[place], partial(allowed, ends, place), from_zero)
                if argument.shown:
                    self._shown.append(numbers)
                else:
                    self.looks[place] = [numbers.hold]
        if self._inner:
            first = next(place for place, column in enumerate(columns) if column.ndim)
            self.looks.setdefault(first, []).append(self._inner_hold)
        self._largest, self._smallest = np.maximum.reduce, np.minimum.reduce

    def holds(self, part: slice) -> bool:
        """False where an argument is no number in its domain and results would not show it, or that takes more to say."""
        return self.possible and all(hold(part) for looks in self.looks.values() for hold in looks)

    def _inner_hold(self, part: slice) -> bool:
        pieces = [column[part] if column.ndim else column for column in self._columns]
        return not any(failed(*pieces).any() for failed in self._inner)

    def gave(self, part: slice, bits: Any) -> bool:
        """True where results, whose bits are given, are numbers that all arguments have; -0 is made 0 then."""
        most = int(self._largest(bits))
        if most < _INFINITY:
            return True
        signed = bits.view("i8")
        if most >= _NEGATIVE_INFINITY or self._largest(signed) >= _INFINITY:
            return False
        if not all(numbers.hold(part) for numbers in self._shown):
            return False
        if self._smallest(signed) == _NEGATIVE_ZERO:
            results = bits.view("f8")
            results += 0.0
        return True


class _Range:
    """The interval of a column's numbers that are known to be in the domain: what its blocks so far had."""

    def __init__(self, column: Any, allowed: Callable[[float], bool], from_zero: bool) -> None:
        """`allowed` says whether a number is in the domain, `from_zero` that 0 is, or need not be looked for."""
        import numpy as np  # noqa: PLC0415  # an array came in, so it is there

        self._column, self._bits = column, column.view(np.uint64)
        self._allowed, self._from_zero = allowed, from_zero
        self._least, self._most = _INFINITY, -1
        self._largest, self._smallest = np.maximum.reduce, np.minimum.reduce

    def hold(self, part: slice) -> bool:
        """True where all numbers of a part are in the domain."""
        bits = self._bits[part]
        most = self._largest(bits)
        if (end := int(most)) > self._most:
            if end >= _INFINITY:
                return self._signed(self._column[part])
            if not self._allowed(float(most.view("f8"))):
                return False
            self._most = end
        if self._from_zero:
            return True
        least = self._smallest(bits)
        if (end := int(least)) < self._least:
            if not self._allowed(float(least.view("f8"))):
                return False
            self._least = end
        return True

    def _signed(self, numbers: Any) -> bool:
        ends = float(self._smallest(numbers)), float(self._largest(numbers))
        return all(math.isfinite(end) and self._allowed(end) for end in ends)


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
