"""Values between the engine and Python, and our functions as the engine calls them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from xl_perf.excel.language import UnsureError
from xl_perf.excel.scalars import MAX_TEXT
from xl_perf.recalc.bare import unescape_private
from xl_perf.values import CellError, CellValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.catalog import Function

_ERRORS: Final[dict[str, CellError]] = {
    "Null": CellError.NULL,
    "Div": CellError.DIV0,
    "Value": CellError.VALUE,
    "Ref": CellError.REF,
    "Name": CellError.NAME,
    "Num": CellError.NUM,
    "Na": CellError.NA,
    "Spill": CellError.SPILL,
    "Calc": CellError.CALC,
}
_KINDS: Final = {str(error): kind for kind, error in _ERRORS.items()}
_EPOCH_1904: Final = 1462
"""Days between the two date systems of workbooks."""


class EngineMade:
    """An error that only the engine knows (#CIRC!, #N/IMPL!); `kind` is its name there."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"EngineMade({self.kind!r})"


def from_engine(value: Any) -> CellValue | EngineMade:
    """A value of the engine as a cell value; errors that Excel does not have as `EngineMade`."""
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else CellError.NUM
    if kind is str:
        return EngineMade("TextTooLong") if len(value) > MAX_TEXT else unescape_private(value)
    if kind is bool:
        return bool(value)
    if value is None:
        return None
    if kind is int:
        return float(value)
    if kind is dict:
        name = str(value.get("kind"))
        return _ERRORS.get(name) or EngineMade(name)
    return EngineMade(kind.__name__)


def to_engine(value: Any) -> Any:
    """A result of our functions (cell value or list of lists) as the engine takes it."""
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else {"type": "Error", "kind": "Num"}
    if kind is CellError:
        return {"type": "Error", "kind": _KINDS.get(value, "Value")}
    if kind is list:
        if {type(item) for row in value for item in row} <= _SAME:
            return value
        return [[to_engine(item) for item in row] for row in value]
    return value


_SAME: Final = frozenset((str, bool, type(None)))
"""Types of cell values that the engine takes as they are."""
_CELLS: Final = frozenset((float, str, bool, type(None)))
"""Types of the engine that are those of cell values."""


def _argument(value: Any) -> Any:
    kind = type(value)
    if kind is float or value is None or kind is str or kind is bool:
        return value
    if kind is list:
        if {type(item) for row in value for item in row} <= _CELLS:
            return value
        return [[_argument(item) for item in row] for row in value]
    found = from_engine(value)
    return CellError.VALUE if isinstance(found, EngineMade) else found


class Faults:
    """Exceptions that our functions raised during a calculation: function name -> message of the first.

    `unsure` are rules of Excel that could not tell a value, each with a reason.
    """

    def __init__(self) -> None:
        self.by_function: dict[str, str] = {}
        self.unsure: dict[str, str] = {}
        self.interrupted: BaseException | None = None

    def add(self, name: str, error: BaseException) -> None:
        """Notes an exception; an interruption is kept to be raised again."""
        if not isinstance(error, Exception):
            self.interrupted = self.interrupted or error
        self.by_function.setdefault(name, f"{type(error).__name__}: {error}")


def wrapped(
    function: Function,
    call: Callable[[Function, list[object]], Any],
    faults: Faults,
    *,
    date1904: bool,
    numbers_only: Callable[[Function], Callable[[tuple[Any, ...]], float | None] | None] | None = None,
) -> Callable[..., Any]:
    """A function of the catalogue as the engine calls it: types, errors and exceptions translated both ways.

    Args:
        function: entry of the catalogue.
        call: `xl_perf.cells.call`.
        faults: where its exceptions are noted.
        date1904: serial numbers count from 1904.
        numbers_only: `xl_perf.cells.quick`, which spares calls with plain numbers the conversion.
    """
    dates = [place for place, argument in enumerate(function.arguments) if argument.kind == "date"]
    shortcut = numbers_only(function) if numbers_only is not None else None

    def run(*arguments: Any) -> Any:
        try:
            if shortcut is not None and (quick := shortcut(arguments)) is not None:
                return quick
            values = [_argument(value) for value in arguments]
            if date1904:
                for place in dates:
                    if place < len(values) and type(values[place]) is float:
                        values[place] += _EPOCH_1904
            return to_engine(call(function, values))
        except BaseException as error:  # noqa: BLE001 - the engine would swallow it; it is reported instead
            faults.add(function.name, error)
            return {"type": "Error", "kind": "Value"}

    return run


def ruled(name: str, rule: Callable[..., Any], faults: Faults) -> Callable[..., Any]:
    """One of Excel's rules as the engine calls it; where the value cannot be told an error that Excel does not have."""

    def run(*arguments: Any) -> Any:
        try:
            return to_engine(rule(*[_argument(value) for value in arguments]))
        except UnsureError as unsure:
            faults.unsure.setdefault(name, str(unsure))
            return {"type": "Error", "kind": UNSURE}
        except Exception as error:  # noqa: BLE001 - the engine would swallow it; it is reported instead
            faults.unsure.setdefault(name, f"{type(error).__name__}: {error}")
            return {"type": "Error", "kind": UNSURE}

    return run


UNSURE: Final = "NImpl"
"""Kind of the error for what cannot be told."""
