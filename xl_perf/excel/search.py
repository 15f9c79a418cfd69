"""Look-ups of the nearest value: where Excel's search by halves ends, as far as the data leave no doubt.

Excel halves a range again and again, passing over cells of another kind than the value that is looked up. In data that
are not sorted the end depends on which cells it looks at. It does not where all cells up to some place fit and
none after it does, and the cells that equal the value stand together at that place.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from xl_perf.excel.language import LOOKS, UnsureError
from xl_perf.excel.values import FailedError, as_number, compare, flat, mapped
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.excel.language import Language
    from xl_perf.values import CellValue

UNSORTED: Final = "look-up of the nearest value in data that are not sorted"
_PLAIN: Final = re.compile(r"(?!(?:true|false|vero|falso)$)[A-Za-z0-9 ]+", re.IGNORECASE)
_WILD: Final = frozenset("*?~")


class Search:
    """The functions that look values up, for the workbooks of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def functions(self) -> dict[str, Callable[..., Any]]:
        """The functions by their names in Excel; they raise `FailedError` and `UnsureError`."""
        return {
            "LOOKUP": self.lookup,
            "MATCH": self.match,
            "VLOOKUP": self.vlookup,
            "HLOOKUP": lambda wanted, table, *rest: self.vlookup(wanted, _turned(_rows(table)), *rest),
        }

    def match(self, wanted: Any, keys: Any, mode: Any = 1.0) -> Any:
        """MATCH: the place of a value in a row or column, from 1; `mode` 1, 0 (the same value) or -1 (falling data)."""
        rows = _rows(keys)
        if len(rows) > 1 and len(rows[0]) > 1:
            return CellError.NA
        way = as_number(flat([mode])[0], self._language)
        line = flat([rows])
        return mapped(lambda one: _place(one, line, way) + 1.0, (wanted,))

    def vlookup(self, wanted: Any, table: Any, column: Any, nearest: Any = 1.0) -> Any:
        """VLOOKUP: the value of a column in the row whose first cell is looked up."""
        rows = _rows(table)
        at = int(as_number(flat([column])[0], self._language))
        if not 1 <= at <= len(rows[0]):
            return CellError.VALUE if at < 1 else CellError.REF
        way = float(as_number(flat([nearest])[0], self._language) != 0)
        keys = [row[0] for row in rows]
        return mapped(lambda one: _shown(rows[_place(one, keys, way)][at - 1]), (wanted,))

    @staticmethod
    def lookup(wanted: Any, array: Any, results: Any = None) -> Any:
        """LOOKUP: the value beside the last of rising values that is not greater."""
        rows = _rows(array)
        if results is None:
            rows = rows if len(rows) >= len(rows[0]) else _turned(rows)
            keys, values = [row[0] for row in rows], [row[-1] for row in rows]
        else:
            keys, values = flat([array]), flat([results])

        def found(one: CellValue) -> CellValue:
            place = _place(one, keys, 1.0)
            return _shown(values[place]) if place < len(values) else CellError.NA

        return mapped(found, (wanted,))


def _place(wanted: CellValue, keys: Sequence[Any], way: float) -> int:
    """The place of a value in a row or column.

    Args:
        wanted: the value; an empty cell is 0.
        keys: where it is looked up.
        way: above 0 the last key that is not greater, below 0 the last one that is not less, 0 the first same one.

    Raises:
        FailedError: there is none (#N/A), or the value is an error.
        UnsureError: Excel's answer depends on which keys it looks at.
    """
    if isinstance(wanted, CellError):
        raise FailedError(wanted)
    value = 0.0 if wanted is None else wanted
    places = [place for place, key in enumerate(keys) if _kind(key) == _kind(value)]
    same = [place for place in places if compare("=", keys[place], value)]
    if way == 0:
        if (same and wanted is None) or (isinstance(value, str) and not _WILD.isdisjoint(value)):
            raise UnsureError("look-up of an empty cell or of a pattern")
        if not same:
            raise FailedError(CellError.NA)
        return same[0]
    sign = "<=" if way > 0 else ">="
    fits = [compare(sign, keys[place], value) for place in places]
    count = sum(fits)
    if not all(fits[:count]) or same != places[count - len(same) : count] or (way < 0 and len(same) > 1):
        raise UnsureError(UNSORTED)
    if not count:
        raise FailedError(CellError.NA)
    return places[count - 1]


def is_sorted(keys: Sequence[Any], *, falling: bool = False) -> bool:
    """True for numbers alone, or plain texts alone, that rise (or fall, each once); empty cells may follow."""
    end = len(keys)
    while end and keys[end - 1] is None:
        end -= 1
    found = keys[:end]
    types = set(map(type, found))
    if types == {str}:
        if not all(map(is_plain, found)):
            return False
        found = [key.lower() for key in found]
    elif types - {float}:
        return False
    pairs = pairwise(found)
    return all(a > b for a, b in pairs) if falling else all(a <= b for a, b in pairs)


def is_plain(value: CellValue) -> bool:
    """True for what every program looks up alike: numbers, and texts of letters without accents that are no numbers."""
    if type(value) is str:
        return _PLAIN.fullmatch(value) is not None and not LOOKS.fullmatch(value)
    return value is None or type(value) in (float, CellError)


def _kind(value: Any) -> str:
    if isinstance(value, CellError):
        return "error"
    if value is None:
        return "empty"
    return "bool" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"


def _shown(value: CellValue) -> CellValue:
    return 0.0 if value is None else value


def _rows(array: Any) -> list[list[Any]]:
    return array if isinstance(array, list) else [[array]]


def _turned(rows: list[list[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
