"""A sheet with a title and one table that prints on pages of A4: headings that fit, rows as high as their texts."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from xl_perf.templates.kit import styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

_HEAD = 3
_LINE, _ROOM = 13.5, 5
"""Points of a line of text, and around the lines of a cell."""
_TURNED = 176
"""Points of a heading that is turned; some 34 letters."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, width in characters, how values are shown.

    `wrap` breaks long texts, `turned` writes the heading from bottom to top, for narrow columns of numbers.
    """

    heading: str
    width: float
    number_format: str = styles.GENERAL
    wrap: bool = False
    turned: bool = False
    align: str = ""


def write_table(
    sheet: Worksheet, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> tuple[int, int]:
    """A title and a table; gives the first and the last row of values."""
    sheet.sheet_view.showGridLines = False
    sheet["A1"] = title
    sheet["A1"].font = styles.font(size=14, bold=True, colour=styles.INK)
    _headings(sheet, columns)
    number = _HEAD
    for number, row in enumerate(rows, start=_HEAD + 1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            _put(sheet, number, place, column, value)
        lines = max(
            _lines(value, column.width) if column.wrap else 1
            for column, value in zip(columns, row, strict=True)
        )
        sheet.row_dimensions[number].height = _LINE * lines + _ROOM
    if number == _HEAD:
        sheet.cell(_HEAD + 1, 1, "nessuna riga").font = styles.font(colour=styles.MUTED)
    sheet.freeze_panes = f"A{_HEAD + 1}"
    _print(sheet)
    return _HEAD + 1, max(number, _HEAD + 1)


def _headings(sheet: Worksheet, columns: Sequence[Column]) -> None:
    height = 0.0
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(_HEAD, place, column.heading)
        cell.font, cell.fill, cell.border = styles.HEADER.font, styles.HEADER.fill, styles.HEADER.border
        cell.alignment = Alignment(
            horizontal="center", vertical="bottom" if column.turned else "center", wrap_text=True,
            text_rotation=90 if column.turned else 0,
        )  # fmt: skip
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        room = _TURNED if column.turned else _LINE * _lines(column.heading, column.width - 1) + _ROOM
        height = max(height, room)
    sheet.row_dimensions[_HEAD].height = height


def _lines(value: object, width: float) -> int:
    """Lines that a text takes in a column."""
    if not isinstance(value, str):
        return 1
    return max(1, len(textwrap.wrap(value, max(4, int(width * 1.05)))))


def _put(sheet: Worksheet, row: int, place: int, column: Column, value: object) -> None:
    """A value; a text never becomes a formula."""
    cell = sheet.cell(row, place)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        cell.value, cell.data_type = value, "s"
    else:
        cell.value = value
    is_plain = isinstance(value, float) and column.number_format == styles.GENERAL
    cell.number_format = styles.RATIO if is_plain else column.number_format
    cell.font = styles.font()
    cell.alignment = Alignment(horizontal=column.align or None, vertical="top", wrap_text=column.wrap or None)


def _print(sheet: Worksheet) -> None:
    """Pages of A4, all columns on one, the headings on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.6
    margins.header = margins.footer = 0.3
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "Pagina &P di &N"
    sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
