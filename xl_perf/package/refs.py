"""A1 references <-> (row, column) numbers, both from 1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.formula.refs import MAX_COLUMN, MAX_ROW, address, column_number

if TYPE_CHECKING:
    from xl_perf.package.model import CellKey

_A1 = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


def cell_name(key: CellKey) -> str:
    """A1 name of a cell: (2, 3) is `C2`."""
    return address(*key)


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
