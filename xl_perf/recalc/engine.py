"""The calculation engine: the only module that knows formualizer."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xl_perf.errors import RecalcError
from xl_perf.recalc.copy import unescape_private
from xl_perf.recalc.excel_rules import COMPARE, TEXT, Locale, as_text, compare
from xl_perf.values import CellError, CellValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.catalog import Function

NAME: Final = "formualizer"

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
MAX_TEXT: Final = 32_767
"""Longest text of a cell; Excel gives #VALUE! for a longer one."""
_EPOCH_1904: Final = 1462
"""Days between the two date systems of workbooks."""


class EngineMade:
    """An error that only the engine knows (#CIRC!, #N/IMPL!); `kind` is its name there."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"EngineMade({self.kind!r})"


class UnreadableFormulaError(Exception):
    """The engine cannot read the formula of a cell of the copy; `cell` is empty where it does not say which."""

    def __init__(self, sheet: str, cell: str, message: str) -> None:
        super().__init__(message)
        self.sheet = sheet
        self.cell = cell


@cache
def version() -> str:
    """Version of the engine."""
    import formualizer as fz  # noqa: PLC0415 - heavy, and needed for calculating only

    beside = list(Path(fz.__file__).parent.parent.glob(f"{NAME}-*.dist-info"))
    if len(beside) == 1:
        return beside[0].name.removeprefix(f"{NAME}-").removesuffix(".dist-info")
    import importlib.metadata  # noqa: PLC0415 - slow to import

    return importlib.metadata.version(NAME)


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
        return [[to_engine(item) for item in row] for row in value]
    return value


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
    """Exceptions that our functions raised during a calculation: function name -> message of the first."""

    def __init__(self) -> None:
        self.by_function: dict[str, str] = {}
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


def rules(locale: Locale) -> dict[str, Callable[..., Any]]:
    """The rules of Excel that the engine lacks, as functions of the copy."""

    def compared(sign: Any, left: Any, right: Any) -> Any:
        return to_engine(compare(sign, _argument(left), _argument(right)))

    def text(value: Any) -> Any:
        return to_engine(as_text(_argument(value), locale))

    return {COMPARE: compared, TEXT: text}


class Engine:
    """A calculation copy loaded into formualizer.

    Args:
        data: the copy (`write_copy`).
        functions: spelling -> callable, from `wrapped`.
        date1904: serial numbers count from 1904.
        milliseconds: longest time for one calculation; None for no limit.

    Raises:
        UnreadableFormulaError: a formula of the copy that the engine cannot read.
    """

    def __init__(
        self,
        data: bytes,
        functions: Mapping[str, Callable[..., Any]],
        *,
        date1904: bool = False,
        milliseconds: int | None = None,
    ) -> None:
        import formualizer as fz  # noqa: PLC0415 - heavy, and needed for calculating only

        self._fz = fz
        config = fz.EvaluationConfig()
        config.enable_parallel = False
        config.cycle_detection = "runtime"
        config.date_system = "1904" if date1904 else "1900"
        if milliseconds is not None:
            config.max_eval_time_ms = milliseconds
        try:
            self._book = fz.Workbook.from_bytes(
                data,
                config=fz.WorkbookConfig(
                    mode=fz.WorkbookMode.Ephemeral, eval_config=config, enable_changelog=False
                ),
            )
        except Exception as error:
            found = _AT.search(str(error))
            if found:
                raise UnreadableFormulaError(found[1], found[2], found[3]) from error
            raise UnreadableFormulaError("", "", str(error)) from error
        for spelling, function in functions.items():
            self._book.register_function(spelling, function, allow_override_builtin=True)
        self._book.set_temporal_egress("serial")

    def evaluate(self) -> None:
        """Calculates all formulas.

        Raises:
            RecalcError: the engine gave up (time limit).
        """
        try:
            self._book.evaluate_all()
        except KeyboardInterrupt:
            raise
        except Exception as error:
            raise RecalcError(f"the engine stopped: {error}", remedy="raise the time limit") from error

    def values(self, sheet: str, area: tuple[int, int, int, int]) -> list[list[Any]]:
        """Raw values of a range (first row, first column, last row, last column); see `from_engine`."""
        found: list[list[Any]] = self._book.sheet(sheet).get_values(self._fz.RangeAddress(sheet, *area))
        return found

    def spill(self, sheet: str, cell: str) -> str | None:
        """The range that a cell spills into (`B2:D9`), None where it does not spill."""
        quoted = "'" + sheet.replace("'", "''") + "'"
        role = self._book.inspect_cell(f"{quoted}!{cell}", include_values=False).cell.spill
        if role is None or role.extent is None:
            return None
        return str(role.extent).rpartition("!")[2]


_AT: Final = re.compile(r"Formula parse error at (.*)!([A-Z]+[0-9]+): (.*)", re.DOTALL)
