"""One cell: what it holds as a number, text or date, or the error that it is; numbers back to cell values."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_perf.catalog.model import Kind
from xl_perf.compute.faults import Fault
from xl_perf.errors import PlanError
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xl_perf.catalog.model import Argument

    Converted: TypeAlias = float | str | dt.date | CellError | None

FAULTS = {
    Fault.MISSING: CellError.NA,
    Fault.DIVISION: CellError.DIV0,
    Fault.DOMAIN: CellError.NUM,
    Fault.SHAPE: CellError.VALUE,
}
"""The error value that shows each kind of fault."""

PLAIN = {float, int, bool, str, CellError, type(None)}
"""Types of a single cell that need no second look."""

_SERIAL_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # cells know no time zones
_LEAP_BUG_ENDS = dt.datetime(1900, 3, 1)  # noqa: DTZ001  # Excel counts a 29 February 1900
_DAY = dt.timedelta(days=1)


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


def error_in(value: object) -> CellError | None:
    """The error value that a cell holds, also where a front end hands it over as text."""
    if isinstance(value, CellError):
        return value
    if isinstance(value, str) and value.lstrip().startswith("#"):
        return CellError.parse(value)
    return None


def number_in(value: object) -> float | CellError | None:
    """The number of a cell; None where it is empty, an error value where it holds no number."""
    if isinstance(value, str):
        return error_in(value) or (CellError.VALUE if value.strip() else None)
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
        return None if moment is None else number_in(moment)
    return CellError.VALUE


def text_in(value: object) -> str | CellError | None:
    """The text of a cell without outer blanks, a number as Excel writes it; None where it is empty."""
    if isinstance(value, str):
        return error_in(value) or (value.strip() or None)
    number = number_in(value)
    if number is None or isinstance(number, CellError):
        return number
    if isinstance(value, (Real, Decimal)):
        return str(int(number)) if number.is_integer() else repr(number)
    return CellError.VALUE


def date_in(value: object) -> dt.date | CellError | None:
    """The day of a date or serial number; None where the cell is empty, #NUM! out of the range of dates."""
    number = number_in(value)
    if number is None or isinstance(number, CellError):
        return number
    if number < 1:
        return CellError.NUM
    try:
        day = _SERIAL_ZERO + dt.timedelta(days=math.floor(number))
    except OverflowError:
        return CellError.NUM
    return (day if day >= _LEAP_BUG_ENDS else day + _DAY).date()


CONVERT: dict[Kind, Callable[[object], Converted]] = {
    Kind.NUMBER: number_in,
    Kind.RANGE: number_in,
    Kind.TEXT: text_in,
    Kind.PERIOD: text_in,
    Kind.DATE: date_in,
}


def first_error(values: Iterable[object], converted: Iterable[object]) -> CellError | None:
    """The error of an element: one that a cell holds before one that conversion found."""
    found = next((value for value in converted if isinstance(value, CellError)), None)
    if found is None:
        return None
    return next((error for value in values if (error := error_in(value)) is not None), found)


def default(argument: Argument) -> Any:
    """The value of an omitted optional argument; None where the function decides, #N/A where the plan has none."""
    try:
        return None if argument.default is None else argument.default()
    except PlanError:
        return CellError.NA


def cell_value(value: Any, unknown: str) -> Any:
    """A cell value for a computed one; `unknown` stands for NaN."""
    if isinstance(value, (bool, str)):
        return value
    number = float(value)
    if math.isfinite(number):
        return number + 0.0  # no negative zero
    return unknown if math.isnan(number) else CellError.NUM
