"""A1 references <-> row and column numbers, both from 1."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
COLUMN = "(?:[A-Za-z]{1,2}|[A-Wa-w][A-Za-z]{2}|[Xx][A-Ea-e][A-Za-z]|[Xx][Ff][A-Da-d])"
ROW = "(?:[1-9][0-9]{0,5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])"
"""Patterns of a column's letters and a row's number inside the grid."""

_PARTS = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)(\d*)")
_BOOK = re.compile(r"(.*)\[(\d+|[^\]]+)\](.*)", re.DOTALL)


class Ref(NamedTuple):
    """An A1 reference. Rows and columns from 1; `book`, `sheet`, `last_sheet` as written, without quotes.

    A whole column has rows 1..MAX_ROW and `whole` "columns"; a single cell has `single` True.
    """

    row1: int
    col1: int
    row2: int
    col2: int
    absolute: tuple[bool, bool, bool, bool]
    """Row 1, column 1, row 2, column 2 are absolute."""
    single: bool = False
    whole: str = ""
    sheet: str | None = None
    last_sheet: str | None = None
    book: str | None = None

    @property
    def cells(self) -> int:
        """Number of cells it covers."""
        return (self.row2 - self.row1 + 1) * (self.col2 - self.col1 + 1)


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """Number of a column by its letters, any case: `A` 1, `XFD` 16384; larger ones are not refused here."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=20_000)
def column_letters(number: int) -> str:
    """Letters of a column by its number from 1."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """A1 address of a cell, without dollar signs."""
    return f"{column_letters(column)}{row}"


def quote_sheet(name: str) -> str:
    """A sheet name as a reference prefix, always quoted: `'Foglio 1'!`."""
    return "'" + name.replace("'", "''") + "'!"


def split_prefix(prefix: str) -> tuple[str | None, str, str | None]:
    """Book, first sheet and last sheet of a reference prefix such as `'[1]Gen:Mar'!`."""
    body = prefix[:-1]
    if body.startswith("'"):
        body = body[1:-1].replace("''", "'")
    book = None
    found = _BOOK.fullmatch(body)
    if found:
        book, body = found[1] + "[" + found[2] + "]", found[3]
    first, _, last = body.partition(":")
    return book, first, last or None


@lru_cache(maxsize=16_384)
def parse_reference(text: str) -> Ref | None:
    """Reads an A1 reference (cell, range, whole rows or columns, with or without sheet prefix).

    Returns:
        The reference with its corners in order, or None where it lies outside the grid (then it is a name).
    """
    book = sheet = last = None
    body = text
    mark = text.rfind("!")
    if mark >= 0:
        book, sheet, last = split_prefix(text[: mark + 1])
        body = text[mark + 1 :]
    first, _, second = body.partition(":")
    a = _PARTS.fullmatch(first)
    b = _PARTS.fullmatch(second or first)
    if a is None or b is None:
        return None
    whole = "" if a[2] and a[4] else "columns" if a[2] else "rows"
    if whole == "rows":  # `$1`: the dollar sign is read as the column's
        rows_fixed, columns_fixed = (bool(a[1] or a[3]), bool(b[1] or b[3])), (True, True)
    else:
        rows_fixed = bool(a[3]) or whole == "columns", bool(b[3]) or whole == "columns"
        columns_fixed = bool(a[1]), bool(b[1])
    row1, row2 = (1, MAX_ROW) if whole == "columns" else (int(a[4]), int(b[4]))
    col1, col2 = (1, MAX_COLUMN) if whole == "rows" else (column_number(a[2]), column_number(b[2]))
    if row1 > row2:
        row1, row2, rows_fixed = row2, row1, rows_fixed[::-1]
    if col1 > col2:
        col1, col2, columns_fixed = col2, col1, columns_fixed[::-1]
    if row2 > MAX_ROW or col2 > MAX_COLUMN:
        return None
    absolute = rows_fixed[0], columns_fixed[0], rows_fixed[1], columns_fixed[1]
    return Ref(row1, col1, row2, col2, absolute, not second, whole, sheet, last, book)
