"""Heights of rows whose texts come out of formulas or are typed: known once the workbook is filled and calculated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.templates.kit import metrics, paper
from xl_perf.templates.kit import pages as paging

_WIDEST = 160.0
"""Characters of a column of helper data at most."""
_LEAST, _TALL = 28.0, 1.25
"""Points up to which a row of a card may be high, and times what its texts need at the moment."""

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.templates.kit.page import Page


def fit_rows(
    parts: dict[str, bytes], pages: Sequence[Page], values: Mapping[str, Mapping[tuple[int, int], object]]
) -> None:
    """Give rows with formulas or inputs whose text wraps the height that their values need.

    Rows that have a height of their own, such as those of cards, whose texts change with what is picked, keep it.

    Args:
        parts: the parts of the workbook, changed in place.
        pages: its sheets, in their order.
        values: sheet -> (row, column) -> stored value of a formula, or what was typed since.
    """
    for number, page in enumerate(pages, start=1):
        found = values.get(page.name, {})
        needs: dict[int, float] = {}
        most: dict[int, float] = {}
        for (row, column), (room, bold) in page.flowing.items():
            text = found.get((row, column), page.sheet.cell(row, column).value)
            lines = metrics.line_count(text, room, bold=bold) if isinstance(text, str) else 1
            most[row] = max(most.get(row, _LEAST), metrics.rows_height(lines) * _TALL)
            if isinstance(text, str) and _free(page, row):
                needs[row] = max(needs.get(row, 0.0), metrics.rows_height(lines) if lines > 1 else 0.0)
        name = f"xl/worksheets/sheet{number}.xml"
        needs |= {
            row: top
            for row, top in most.items()
            if not _free(page, row) and paging.row_height(page, row) > top
        }
        for row, height in needs.items():
            if height > paging.row_height(page, row) or (row in most and not _free(page, row)):
                pattern = re.compile(rb'<row [^>]*?r="' + str(row).encode() + rb'"[^>]*>')
                parts[name] = pattern.sub(f'<row ht="{height:g}" r="{row}">'.encode(), parts[name], count=1)
        parts[name] = _widened(parts[name], page, found)
        if page.layout is not None and page.flowing:
            heights = paging.known_heights(page, page.layout.bottom)
            for row, height in needs.items():
                if row <= page.layout.bottom and (height > heights[row - 1] or not _free(page, row)):
                    heights[row - 1] = height
            parts[name] = _paged(parts[name], *paging.ends(page, page.layout, heights))


def _free(page: Page, row: int) -> bool:
    return row in page.sheet.fitted_rows or paging.row_height(page, row) == paging.ROW


def _widened(part: bytes, page: Page, found: Mapping[tuple[int, int], object]) -> bytes:
    """The columns beside what is printed as wide as the texts that formulas give in them."""
    right, widths = paper.last_column(page), dict[int, float]()
    for (row, column), value in found.items():
        if column > right and isinstance(value, str) and (row, column) not in page.flowing:
            needed = metrics.characters(metrics.text_points(value, bold=True) + metrics.INDENT)
            widths[column] = max(widths.get(column, 0.0), min(needed, _WIDEST))
    for column, width in widths.items():
        if width > paper.column_width(page, column):
            pattern = rf'(<col customWidth="1" max="{column}" min="{column}" width=")[\d.]+"'.encode()
            part = re.sub(pattern, rb"\g<1>" + f'{width:.1f}"'.encode(), part, count=1)
    return part


def _paged(part: bytes, pages: int, breaks: Sequence[int]) -> bytes:
    """A sheet that is fitted to some pages, or has its pages end after some rows."""
    part = re.sub(rb'( fitToHeight=")\d+"', rb"\g<1>" + str(pages).encode() + b'"', part, count=1)
    part = re.sub(rb"<rowBreaks.*?</rowBreaks>", b"", part, count=1)
    if not breaks:
        return part
    marks = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in breaks)
    count = len(breaks)
    made = f'<rowBreaks count="{count}" manualBreakCount="{count}">{marks}</rowBreaks>'.encode()
    return part.replace(b"</headerFooter>", b"</headerFooter>" + made, 1)
