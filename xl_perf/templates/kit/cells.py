"""Cells made many times faster than openpyxl's public way, which looks at every one of them anew."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.utils.exceptions import IllegalCharacterError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LONGEST = 32_767
"""Characters of a text in a cell."""


def put(sheet: Worksheet, row: int, column: int, value: object) -> Any:
    """The cell of a sheet, with a value; None leaves it as it is.

    Args:
        sheet: the sheet.
        row: row of the cell.
        column: column of the cell.
        value: a text, a number, a formula, or anything else that openpyxl takes.
    """
    cell = sheet._cells.get((row, column))  # noqa: SLF001 - throughout: what the public way does in the end
    if cell is None:
        cell = Cell.__new__(Cell)
        cell.parent, cell.row, cell.column = sheet, row, column
        cell._style = cell._hyperlink = cell._comment = None  # noqa: SLF001
        cell._value, cell.data_type = None, "n"  # noqa: SLF001
        sheet._cells[row, column] = cell  # noqa: SLF001
        sheet._current_row = max(row, sheet._current_row)  # noqa: SLF001
    kind = type(value)
    if kind is str:
        cell._value, cell.data_type = _text(value)  # noqa: SLF001
    elif kind is float or kind is int:
        cell._value, cell.data_type = value, "n"  # noqa: SLF001
    elif value is not None:
        cell.value = value
    return cell


@lru_cache(maxsize=65_536)
def _text(value: str) -> tuple[str, str]:
    """A text as a cell takes it, and its type."""
    value = value[:_LONGEST]
    if ILLEGAL_CHARACTERS_RE.search(value):
        raise IllegalCharacterError(f"{value} cannot be used in worksheets.")
    if len(value) > 1 and value.startswith("="):
        return value, "f"
    return value, "e" if value in ERROR_CODES else "s"
