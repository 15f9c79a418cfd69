"""A1 references <-> (row, column) numbers, both from 1."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError

if TYPE_CHECKING:
    from xl_perf.package.model import CellKey

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_A1 = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


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


def cell_name(key: CellKey) -> str:
    """A1 name of a cell: (2, 3) is `C2`."""
    return f"{column_letters(key[1])}{key[0]}"


def parse_cell(text: str, where: str = "") -> CellKey:
    """(row, column) of an A1 reference; dollar signs do not count.

    Raises:
        WorkbookError: not a cell of the grid (1,048,576 rows, 16,384 columns).
    """
    found = _A1.fullmatch(text)
    if found:
        key = int(found[2]), column_number(found[1])
        if key[0] <= MAX_ROW and key[1] <= MAX_COLUMN:
            return key
    raise WorkbookError(
        f"{text[:40]!r} is not a cell of the grid", where=where, expected="a reference like B7"
    )


def parse_range(text: str, where: str = "") -> tuple[int, int, int, int]:
    """(first row, first column, last row, last column) of `A1:B3` or `A1`.

    Raises:
        WorkbookError: not a range of the grid.
    """
    first, _, last = text.partition(":")
    row1, column1 = parse_cell(first, where)
    row2, column2 = parse_cell(last or first, where)
    return min(row1, row2), min(column1, column2), max(row1, row2), max(column1, column2)


def range_name(ref: tuple[int, int, int, int]) -> str:
    """A1 text of (first row, first column, last row, last column); a single cell without colon."""
    first = cell_name(ref[:2])
    last = cell_name(ref[2:])
    return first if first == last else f"{first}:{last}"
