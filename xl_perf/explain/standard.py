"""The functions of spreadsheets that formulas of official workbooks are made of, over cell values."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from xl_perf.excel.language import ENGLISH
from xl_perf.excel.values import FailedError, as_number, compare, flat, mapped
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.values import CellValue

ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}

_WILD: Final = re.compile(r"[*?~]")
_WILD_FORMS: Final = {"*": ".*", "?": "."}


class UnknownError(Exception):
    """A piece of a formula that cannot be evaluated here."""


def calculated(operator: str, left: CellValue, right: CellValue) -> float:
    """Two cell values added, subtracted, multiplied, divided or raised to a power.

    Raises:
        FailedError: an error, a text that is no number, a division by 0.
    """
    a, b = as_number(left, ENGLISH), as_number(right, ENGLISH)
    try:
        return float(ARITHMETIC[operator](a, b))
    except ZeroDivisionError:
        raise FailedError(CellError.DIV0) from None


def _numbers(values: Sequence[Any]) -> list[float]:
    """The numbers that SUM takes: texts and truth values in ranges pass, errors stop.

    Raises:
        FailedError: an error among them.
    """
    found = []
    for value in flat(values):
        if isinstance(value, CellError):
            raise FailedError(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found.append(float(value))
    return found


def _is_blank(value: CellValue) -> bool:
    return value is None or (value == "" and not isinstance(value, CellError))


def _count(*values: Any) -> float:
    return float(sum(isinstance(v, (int, float)) and not isinstance(v, bool) for v in flat(values)))


def _sumproduct(*values: Any) -> float:
    product = values[0]
    for other in values[1:]:
        product = mapped(lambda a, b: calculated("*", a, b), (product, other))
    return math.fsum(_numbers([product]))


def _meets(value: CellValue, wanted: CellValue) -> bool:
    """Whether a value meets a criterion of COUNTIF: `<24`, a text or a number."""
    operator, operand = "=", wanted
    if isinstance(wanted, str):
        operator = next((sign for sign in ("<=", ">=", "<>", "<", ">", "=") if wanted.startswith(sign)), "")
        operand = wanted[len(operator) :]
        operator = operator or "="
        with suppress(ValueError):
            operand = float(operand)
    if _is_blank(value) or isinstance(value, CellError):
        return operator == "<>"
    if isinstance(value, str) != isinstance(operand, str):
        return operator == "<>"
    if isinstance(operand, str) and operator in ("=", "<>") and _WILD.search(operand):
        return bool(_pattern(operand).fullmatch(str(value))) == (operator == "=")
    return compare(operator, value, operand)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A text with `*` and `?`, each taken as it is after `~`."""
    pieces = (_WILD_FORMS.get(piece, re.escape(piece[-1])) for piece in re.findall(r"~.|.", text, re.DOTALL))
    return re.compile("".join(pieces), re.IGNORECASE | re.DOTALL)


def criteria(pairs: Sequence[tuple[Any, CellValue]]) -> list[bool]:
    """Which places of equal ranges meet all criteria."""
    columns = [[_meets(value, wanted) for value in flat([area])] for area, wanted in pairs]
    return [all(row) for row in zip(*columns, strict=True)]


def _countifs(*pairs: Any) -> float:
    return float(sum(criteria(list(zip(pairs[::2], pairs[1::2], strict=True)))))


def _sumifs(total: Any, *pairs: Any) -> float:
    met = criteria(list(zip(pairs[::2], pairs[1::2], strict=True)))
    return math.fsum(_numbers([v for v, is_met in zip(flat([total]), met, strict=True) if is_met]))


def _match(wanted: CellValue, area: Any, kind: CellValue = 1.0) -> CellValue:
    if kind not in (0, None, False) or isinstance(wanted, CellError):
        raise UnknownError("MATCH")
    if wanted is None:
        return CellError.NA
    for place, value in enumerate(flat([area]), start=1):
        if not isinstance(value, CellError) and value is not None and compare("=", value, wanted):
            return float(place)
    return CellError.NA


def _index(area: Any, row: CellValue, column: CellValue = None) -> Any:
    """A cell of a range; a whole row or column of it where the other place is 0."""
    rows = area if isinstance(area, list) else [[area]]
    i, j = int(as_number(row, ENGLISH)), int(as_number(column, ENGLISH))
    if len(rows) == 1 and column is None:
        i, j = 1, i
    if len(rows[0]) == 1:
        j = 1
    if not (0 <= i <= len(rows) and 0 <= j <= len(rows[0])):
        raise UnknownError("INDEX")
    picked = [line[j - 1 : j] if j else line for line in (rows[i - 1 : i] if i else rows)]
    return picked[0][0] if i and j else picked


def _round(value: CellValue, digits: CellValue) -> float:
    from decimal import ROUND_HALF_UP, Decimal  # noqa: PLC0415 - hardly ever asked for

    places = int(as_number(digits, ENGLISH))
    exact = Decimal(repr(as_number(value, ENGLISH)))
    return float(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


PLAIN: Final[dict[str, Callable[..., Any]]] = {
    "SUM": lambda *values: math.fsum(_numbers(values)),
    "MAX": lambda *values: max(_numbers(values), default=0.0),
    "MIN": lambda *values: min(_numbers(values), default=0.0),
    "COUNT": _count,
    "COUNTA": lambda *values: float(sum(value is not None for value in flat(values))),
    "COUNTBLANK": lambda area: float(sum(map(_is_blank, flat([area])))),
    "COUNTIF": lambda area, wanted: float(sum(criteria([(area, wanted)]))),
    "COUNTIFS": _countifs,
    "SUMIFS": _sumifs,
    "SUMPRODUCT": _sumproduct,
    "ROWS": lambda area: float(len(area)) if isinstance(area, list) else 1.0,
    "COLUMNS": lambda area: float(len(area[0])) if isinstance(area, list) else 1.0,
    "OR": lambda *values: any(bool(value) for value in _tests(values)),
    "AND": lambda *values: all(bool(value) for value in _tests(values)),
    "NOT": lambda value: not as_number(value, ENGLISH),
    "ABS": lambda value: abs(as_number(value, ENGLISH)),
    "N": lambda value: as_number(value, ENGLISH) if isinstance(value, (int, float, CellError)) else 0.0,
    "ROUND": _round,
    "MATCH": _match,
    "INDEX": _index,
    "ISBLANK": lambda value: value is None,
    "ISERROR": lambda value: isinstance(value, CellError),
    "ISNUMBER": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "NA": lambda: CellError.NA,
}


def _tests(values: Sequence[Any]) -> list[Any]:
    found = flat(values)
    for value in found:
        if isinstance(value, CellError):
            raise FailedError(value)
    return [value for value in found if not isinstance(value, str) and value is not None]
