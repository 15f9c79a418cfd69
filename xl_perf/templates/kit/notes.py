"""Free texts under and beside tables: one that is longer than the printed page goes on in the empty rows below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import metrics, styles
from xl_perf.templates.kit.model import letter

if TYPE_CHECKING:
    from xl_perf.templates.kit.page import Page


@dataclass(frozen=True, slots=True)
class Note:
    """Where a free text of one line stands."""

    row: int
    column: int


def divide(page: Page, widths: dict[int, float], right: int, inside: range) -> None:
    """Give the texts that pass the last printed column as many rows as they need, where these are empty.

    Args:
        page: the sheet.
        widths: widths of its columns.
        right: the last printed column of the first page.
        inside: rows of which the first column is repeated on pages beside that one: texts stay in it.
    """
    for note in page.notes:
        cell = page.sheet.cell(note.row, note.column)
        text, size, bold = cell.value, cell.font.sz, bool(cell.font.b)
        if not isinstance(text, str) or text.startswith("="):
            continue
        end = note.column
        while note.row not in inside and end < right and page.sheet.cell(note.row, end + 1).value is None:
            end += 1
        room = sum(widths[c] for c in range(note.column, end + 1)) * metrics.CHARACTER - metrics.PADDING
        if metrics.text_points(text, size, bold=bold) <= room:
            continue
        lines = metrics.wrapped(text, room * 0.97, size, bold=bold)
        if note.row not in inside and all(_free(page, note.row + i, right) for i in range(1, len(lines))):
            for i, line in enumerate(lines):
                below = page.sheet.cell(note.row + i, note.column, line)
                below._style = cell._style  # noqa: SLF001 - the same look
        else:
            _merged(page, note, end, len(lines), size)


def _free(page: Page, row: int, right: int) -> bool:
    return all(
        page.sheet.cell(row, c).value is None and not page.sheet.cell(row, c).has_style
        for c in range(1, right + 1)
    )


def _merged(page: Page, note: Note, end: int, lines: int, size: float) -> None:
    """No empty rows below: the text wraps over the columns beside it, in a row of the height that it needs."""
    cell = page.sheet.cell(note.row, note.column)
    cell.alignment = styles.TOP_WRAPPED
    if end > note.column:
        page.sheet.merge_cells(f"{letter(note.column)}{note.row}:{letter(end)}{note.row}")
    page.sheet.row_dimensions[note.row].height = size * metrics.LINE * lines + 4
