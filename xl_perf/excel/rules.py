"""The rules of Excel that the engine lacks, as functions of the calculation copy.

Formulas are rewritten so that the engine calls them where they matter (`xl_perf.recalc.lower`): one language in both
directions, 15 digits in comparisons, case with accents, criteria, and functions that it gets wrong. Where even Excel's
answer cannot be told, the call gives an error that Excel does not have, and the formulas concerned keep their values.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any, Final

from xl_perf.excel.language import UnsureError, text_number
from xl_perf.excel.scalars import MAX_TEXT, Scalars
from xl_perf.excel.search import Search
from xl_perf.excel.values import (
    NEAR,
    FailedError,
    as_number,
    as_text,
    compare,
    equal_to_text,
    flat,
    fold,
    mapped,
)
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.excel.language import Language
    from xl_perf.values import CellValue

COMPARE: Final = "XP.CMP"
TEXT: Final = "XP.TXT"
NUMBER: Final = "XP.NUM"
CRITERION: Final = "XP.CRI"
POWER: Final = "XP.POW"
VALUES: Final = "XP.VAL"
FUNCTION: Final = "XP.F."
"""Names in the copy; the last one stands before the names of functions that are calculated here."""

_APART: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
"""For numbers that differ in 15 digits."""
_OPERATOR: Final = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)


class Rules:
    """The rules for one workbook.

    Args:
        language: that of the Excel that holds it.
        date1904: serial numbers count from 1904.
        codec: see `Scalars`.
    """

    def __init__(self, language: Language, *, date1904: bool, codec: str = "cp1252") -> None:
        self._language = language
        self._scalars = Scalars(language, date1904=date1904, codec=codec)

    def functions(self) -> dict[str, Callable[..., Any]]:
        """All rules by their names in the copy.

        They take and give cell values and lists of lists, and raise `UnsureError`.
        """
        found: dict[str, Callable[..., Any]] = {
            COMPARE: self.compared,
            TEXT: self.as_text,
            NUMBER: self.as_number,
            CRITERION: self.criterion,
            POWER: self._elementwise(self._scalars.power),
            VALUES: self.numbers_only,
        }
        found |= {
            FUNCTION + name: self._elementwise(function) for name, function in self._scalars.functions.items()
        }
        arrays = {
            "TEXTJOIN": self.textjoin,
            "CONCAT": self.concat,
            "UNIQUE": self.unique,
            "FILTER": self.filter,
            **Search(self._language).functions(),
        }
        return found | {FUNCTION + name: _failing(function) for name, function in arrays.items()}

    def _elementwise(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: mapped(function, arguments)

    def compared(self, sign: str, left: Any, right: Any) -> Any:
        """Two sides compared, element by element where they are arrays."""
        if type(left) is float is type(right) and abs(left - right) > NEAR * abs(left):
            return _APART[sign](left, right)
        if not isinstance(left, list) and not isinstance(right, list):
            return _failing(compare)(sign, left, right)
        if sign in ("=", "<>") and isinstance(left, list) and type(right) is str:
            return equal_to_text(left, right, wanted=sign == "=")
        return mapped(lambda a, b: compare(sign, a, b), (left, right))

    def as_text(self, value: Any) -> Any:
        """A value as text."""
        return mapped(lambda one: as_text(one, self._language), (value,))

    def as_number(self, value: Any) -> Any:
        """A value as a number; an empty cell stays one."""
        return mapped(lambda one: None if one is None else as_number(one, self._language), (value,))

    @staticmethod
    def numbers_only(value: Any) -> Any:
        """An array in which texts and truth values are 0, as sums of products take them."""
        return mapped(
            lambda one: 0.0 if isinstance(one, (bool, str)) and not isinstance(one, CellError) else one,
            (value,),
        )

    def criterion(self, value: Any) -> Any:
        """A criterion as the engine reads it: numbers and dates in it the English way."""
        if isinstance(value, list):
            return [[self.criterion(one) for one in row] for row in value]
        if isinstance(value, CellError):
            raise UnsureError("a criterion that is an error")
        if not isinstance(value, str):
            return value
        found = _OPERATOR.fullmatch(value)
        assert found is not None
        sign, rest = found[1] or "", found[2]
        if CellError.parse(rest) is not None:
            raise UnsureError("a criterion that is an error")
        if rest.upper() in ("TRUE", "FALSE", self._language.true, self._language.false):
            if sign:
                raise UnsureError("a criterion that is a truth value")
            return rest.upper() in ("TRUE", self._language.true)
        number = text_number(rest, self._language)
        if number is None:
            if sign in ("<", ">", "<=", ">=") and rest and not rest.replace(" ", "").isalnum():
                raise UnsureError("the order of texts with signs depends on the language of the system")
            return value
        return number if sign in ("", "=") else f"{sign}{number!r}"

    # --- functions over arrays

    def textjoin(self, separator: Any, skip: Any, *values: Any) -> Any:
        """TEXTJOIN: texts with separators between them, which are used in turn."""
        marks = [as_text(mark, self._language) for mark in flat([separator])]
        texts = [as_text(value, self._language) for value in flat(values)]
        if as_number(_first(skip), self._language):
            texts = [text for text in texts if text]
        joined = "".join(text + marks[place % len(marks)] for place, text in enumerate(texts[:-1]))
        return _short(joined + (texts[-1] if texts else ""))

    def concat(self, *values: Any) -> Any:
        """CONCAT: all texts one after the other."""
        return _short("".join(as_text(value, self._language) for value in flat(values)))

    @staticmethod
    def unique(array: Any, by_column: Any = None, once: Any = None) -> Any:
        """UNIQUE: rows (or columns) that differ, case aside; with `once` those that appear one time only."""
        rows = array if isinstance(array, list) else [[array]]
        rows = [list(row) for row in zip(*rows, strict=True)] if by_column else rows
        keys = [tuple((type(v) is bool, fold(v) if isinstance(v, str) else v) for v in row) for row in rows]
        counts: dict[tuple[Any, ...], int] = {}
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        seen: set[tuple[Any, ...]] = set()
        found = []
        for key, row in zip(keys, rows, strict=True):
            if key not in seen and (not once or counts[key] == 1):
                found.append(row)
            seen.add(key)
        if not found:
            raise UnsureError("UNIQUE without a result")
        return [list(row) for row in zip(*found, strict=True)] if by_column else found

    def filter(self, array: Any, include: Any, otherwise: Any = None) -> Any:
        """FILTER: the rows or columns for which a condition holds, which must have as many."""
        rows = array if isinstance(array, list) else [[array]]
        wanted = include if isinstance(include, list) else [[include]]
        if len(wanted) == len(rows) and len(wanted[0]) == 1:
            found = [
                row for row, (keep,) in zip(rows, wanted, strict=True) if as_number(keep, self._language)
            ]
        elif len(wanted) == 1 and len(wanted[0]) == len(rows[0]) and (len(rows[0]) > 1 or len(rows) == 1):
            keep_columns = [bool(as_number(keep, self._language)) for keep in wanted[0]]
            found = [[v for v, keep in zip(row, keep_columns, strict=True) if keep] for row in rows]
            found = found if any(keep_columns) else []
        else:
            raise FailedError(CellError.VALUE)
        if not found:
            if otherwise is None:
                raise UnsureError("FILTER without a result")
            return otherwise
        return found


def _first(value: Any) -> CellValue:
    found: CellValue = value[0][0] if isinstance(value, list) else value
    return found


def _short(text: str) -> str | CellError:
    return text if len(text) <= MAX_TEXT else CellError.VALUE


def _failing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose `FailedError` is its result."""

    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except FailedError as failed:
            return failed.error

    return call
