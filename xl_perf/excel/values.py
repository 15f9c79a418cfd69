"""Cell values as Excel's operations take them: converted, compared, mapped over arrays."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from xl_perf.excel.language import DIGITS, UnsureError, number_text, text_number
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.excel.language import Language
    from xl_perf.values import CellValue


class FailedError(Exception):
    """An operation gives an error value."""

    def __init__(self, error: CellError) -> None:
        super().__init__(error)
        self.error = error


NEAR: Final = 1e-14
"""Part of a number by which another one differs at most that has the same 15 digits."""


def to_15_digits(number: float) -> float:
    """The number rounded to the 15 significant digits that Excel compares."""
    return float(f"{number:.{DIGITS}g}")


def as_number(value: CellValue, language: Language) -> float:
    """A value where an operation wants a number: an empty cell is 0, TRUE 1, a text what it says.

    Raises:
        FailedError: an error, or a text that is no number.
        UnsureError: a text that may be one.
    """
    if isinstance(value, CellError):
        raise FailedError(value)
    if isinstance(value, str):
        number = text_number(value, language)
        if number is None:
            raise FailedError(CellError.VALUE)
        return number
    return 0.0 if value is None else float(value)


def as_text(value: CellValue, language: Language) -> str:
    """A value where an operation wants a text, as `&` and the text functions see it.

    Raises:
        FailedError: an error.
    """
    if isinstance(value, CellError):
        raise FailedError(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return language.true if value else language.false
    return value if isinstance(value, str) else number_text(float(value), language.decimal)


def fold(text: str) -> str:
    """A text for comparing without case: letter by letter, so that ß and ss stay apart."""
    return text.lower() if text.isascii() else "".join(low if len(low := c.lower()) == 1 else c for c in text)


def compare_texts(left: str, right: str) -> int:
    """-1, 0 or 1: the order of two texts in Excel, case aside.

    Raises:
        UnsureError: the order depends on signs or accents, which Excel sorts by the rules of the system's language.
    """
    a, b = fold(left), fold(right)
    if a == b:
        return 0
    for x, y in zip(a, b, strict=False):
        if x == y:
            continue
        if not all(letter.isalnum() or letter == " " for letter in (x, y)):
            break
        p, q = _base(x), _base(y)
        if p == q:
            break
        return -1 if p < q else 1
    else:
        return -1 if len(a) < len(b) else 1
    raise UnsureError("the order of texts with signs or accents depends on the language of the system")


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def _rank(value: CellValue) -> int:
    """Numbers before texts before truth values."""
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


def compare(operator: str, left: CellValue, right: CellValue) -> bool:
    """Compares two cell values as Excel does: numbers with 15 digits, texts without case.

    Raises:
        FailedError: one of them is an error.
        UnsureError: texts whose order cannot be told.
    """
    for value in (left, right):
        if isinstance(value, CellError):
            raise FailedError(value)
    left = _blank_beside(right) if left is None else left
    right = _blank_beside(left) if right is None else right
    if _rank(left) != _rank(right):
        order = _rank(left) - _rank(right)
    elif isinstance(left, str) and isinstance(right, str):
        is_equal = fold(left) == fold(right)
        if operator in ("=", "<>"):
            return is_equal == (operator == "=")
        order = compare_texts(left, right)
    else:
        a, b = float(left or 0), float(right or 0)
        near = abs(a - b) <= NEAR * abs(a)
        order = 0 if a == b or (near and to_15_digits(a) == to_15_digits(b)) else -1 if a < b else 1
    return _SIGNS[operator](order)


def equal_to_text(array: list[list[Any]], text: str, *, wanted: bool) -> list[list[Any]]:
    """What `compare` says of each element beside a text, for columns of keys; errors stay.

    Args:
        array: rows of cell values.
        text: the text beside them.
        wanted: whether equal elements give TRUE (`=`) or the others do (`<>`).
    """
    key = fold(text)
    unequal = not wanted
    found = []
    for row in array:
        line: list[Any] = []
        for value in row:
            kind = type(value)
            if kind is str:
                line.append(wanted if value == text or fold(value) == key else unequal)
            elif kind is CellError:
                line.append(value)
            else:
                line.append(wanted if value is None and not text else unequal)
        found.append(line)
    return found


def _blank_beside(other: CellValue) -> CellValue:
    if isinstance(other, bool):
        return False
    return "" if isinstance(other, str) else 0.0


_SIGNS: Final[dict[str, Callable[[int], bool]]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def mapped(do: Callable[..., Any], values: Sequence[Any]) -> Any:
    """The result of a function of single values, element by element where some of them are arrays.

    Arrays of one row or column are repeated; elsewhere a missing element is #N/A. Errors that `do` raises as
    `FailedError` are elements of the result.
    """
    places = [place for place, value in enumerate(values) if isinstance(value, list)]
    if not places:
        return _called(do, values)
    arrays = [values[place] for place in places]
    if len(places) == 1:
        before, after = values[: places[0]], values[places[0] + 1 :]
        return [[_called(do, (*before, element, *after)) for element in row] for row in arrays[0]]
    rows = max(len(array) for array in arrays)
    columns = max(len(array[0]) if array else 1 for array in arrays)
    return [
        [_called(do, [_element(value, i, j) for value in values]) for j in range(columns)]
        for i in range(rows)
    ]


def _called(do: Callable[..., Any], values: Sequence[Any]) -> Any:
    try:
        return do(*values)
    except FailedError as failed:
        return failed.error


def _element(value: Any, row: int, column: int) -> Any:
    if not isinstance(value, list):
        return value
    line = value[row if len(value) > 1 else 0] if row < len(value) or len(value) == 1 else None
    if line is None or (column >= len(line) and len(line) != 1):
        return CellError.NA
    return line[column if len(line) > 1 else 0]


def flat(values: Sequence[Any]) -> list[Any]:
    """The elements of values and arrays in reading order."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, list):
            for row in value:
                found += row
        else:
            found.append(value)
    return found
