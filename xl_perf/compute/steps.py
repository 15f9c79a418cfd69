"""A formula as the numpy operations it consists of, carried out without an array for each of them.

Numpy gives every operation of `100 + 100 * (a - b) / b` a new array, and the memory for it takes longer than the
arithmetic. Here the same operations, in the same order and so with the same bits, write into memory that is there.
Imports numpy: only for arrays.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


class Steps:
    """The operations of an elementwise formula, recorded by calling it once with stand-ins for its arrays.

    >>> result = np.empty(2)
    >>> Steps(lambda a, b: 100 * a / b, [np.array([1.0, 2.0]), 2.0], result, 2, {}).carry_out(slice(0, 2))
    True
    >>> result.tolist()
    [50.0, 100.0]
    """

    def __init__(
        self,
        compute: Callable[..., Any],
        columns: Sequence[Any],
        result: Any,
        most: int,
        looks: Mapping[int, Sequence[Callable[[slice], bool]]],
    ) -> None:
        """Records a formula.

        Args:
            compute: made of operators and numpy's elementwise functions only.
            columns: its arguments, numbers and arrays of one dimension and length.
            result: array of that length for the results.
            most: elements of the longest part that will be asked for.
            looks: conditions of a part by the place of the column that they look at, which is read once for both.

        Raises:
            TypeError: the formula does something else, such as asking whether an element is positive.
        """
        stand_ins = [_Operation() if isinstance(column, np.ndarray) else column for column in columns]
        last = compute(*stand_ins)
        if not isinstance(last, _Operation) or last.function is None:
            last = _Operation(np.positive, (last,))
        order = list(dict.fromkeys(_leading_to(last)))
        last_use = {
            operand: number
            for number, operation in enumerate(order)
            for operand in operation.operands
            if isinstance(operand, _Operation)
        }
        # places in memory: the columns, the result, then constants and arrays for what lies between the operations
        place = {stand_in: at for at, stand_in in enumerate(stand_ins) if isinstance(stand_in, _Operation)}
        target = len(columns)
        self._memory: list[Any] = [*columns, result]
        self._steps: list[
            tuple[list[Callable[[slice], bool]], Callable[..., Any], Callable[..., Any], int]
        ] = []
        self._arrays = [(at, columns[at]) for at in place.values()]
        self._arrays.append((target, result))
        self._target, self._size = target, most
        self._between: list[tuple[int, Any]] = []
        waiting = dict(looks)
        free = [target]
        for number, operation in enumerate(order):
            sources = []
            before: list[Callable[[slice], bool]] = []
            for operand in operation.operands:
                if not isinstance(operand, _Operation):
                    sources.append(len(self._memory))
                    self._memory.append(operand)
                    continue
                sources.append(place[operand])
                before += waiting.pop(place[operand], ())
                if (
                    operand.function is not None
                    and last_use[operand] == number
                    and place[operand] not in free
                ):
                    free.append(place[operand])
            if operation is last:
                free = [target]
            elif not free:
                free.append(len(self._memory))
                self._memory.append(np.empty(most))
                self._between.append((free[0], self._memory[-1]))
            place[operation] = free.pop()
            assert operation.function is not None
            # one item would come without a sequence around it, a slice of one does not
            taken = (
                itemgetter(*sources) if len(sources) > 1 else itemgetter(slice(sources[0], sources[0] + 1))
            )
            self._steps.append((before, operation.function, taken, place[operation]))

    def carry_out(self, part: slice) -> bool:
        """Writes the formula's results for a part of the columns into the same part of the result.

        False where a condition does not hold; that part of the result is not finished then.
        """
        memory = self._memory
        for place, array in self._arrays:
            memory[place] = array[part]
        if (size := len(memory[self._target])) != self._size:
            self._size = size
            for place, array in self._between:
                memory[place] = array[:size]
        for before, function, taken, target in self._steps:
            for holds in before:
                if not holds(part):
                    return False
            function(*taken(memory), out=memory[target])
        return True


class _Operation(NDArrayOperatorsMixin):
    """Stands for the result of an operation, or for an argument where there is none."""

    __slots__ = ("function", "operands")

    def __init__(self, function: Callable[..., Any] | None = None, operands: tuple[Any, ...] = ()) -> None:
        self.function = function
        self.operands = operands

    __hash__ = object.__hash__

    def __array_ufunc__(self, function: np.ufunc, method: str, *operands: Any, **options: Any) -> Any:
        if method != "__call__" or options or function.nout != 1:
            return NotImplemented
        return _Operation(function, operands)

    def clip(self, low: Any, high: Any, **_options: Any) -> Any:
        """What `np.clip` asks for."""
        return _Operation(np.clip, (self, low, high))

    def __bool__(self) -> bool:
        raise TypeError("a formula over arrays cannot ask for the value of an element")


def _leading_to(operation: _Operation) -> Iterator[_Operation]:
    """The operations that an operation needs, each after those that it needs itself, and at last that operation."""
    for operand in operation.operands:
        if isinstance(operand, _Operation) and operand.function is not None:
            yield from _leading_to(operand)
    yield operation
