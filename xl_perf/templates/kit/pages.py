"""The rows of a sheet on pages: as few as a scale gives at which the text is large enough, evenly filled."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xl_perf.templates.kit import metrics
from xl_perf.templates.kit.breaks import FILLED, Rows, divided, filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.paper import Block

PAPER = {False: (559.0, 774.0), True: (806.0, 527.0)}
"""Points inside the margins, width and height, of a page upright and of one across."""
LEAST_SCALE, SMALLEST = 0.81, 0.795
"""Scale down to which a sheet is fitted to fewer pages; scale at which Arial 10 is printed at 8 points."""
_DRAWN = 1.06
"""How much wider than its width LibreOffice draws a column."""
ROW = 15.0
_NEAR_POINTS = 120.0
"""Points of rows that stay with a heading at most."""
_TOGETHER = 4
"""Rows of a table that are not left alone at the end of a page."""
_LINES = 8
"""Rows below a table that belong to it at most."""
_CHART_SHARE, _CHART_EDGE = 0.5, 45.0
"""Share of a page that a chart takes at least that stands alone on it; points that are left beside it."""
_CHART_WIDTH = 0.9
"""Share of the width of its page that such a chart takes."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a sheet go on pages: its last printed row, characters and number of the pages side by side.

    `width` is that of the narrowest page; `repeats` says whether every page repeats the headings of the table.
    """

    bottom: int
    width: float
    landscape: bool
    bands: int
    repeats: bool = False

    @property
    def by_width(self) -> float:
        """Scale at which the columns fit the page."""
        return min(1.0, PAPER[self.landscape][0] / (self.width * metrics.CHARACTER * _DRAWN))

    @property
    def room(self) -> float:
        """Points of rows that a page takes."""
        return PAPER[self.landscape][1] * 0.96 / self.by_width


def known_heights(page: Page, bottom: int) -> list[float]:
    """Heights of the rows that are printed."""
    return [row_height(page, row) for row in range(1, bottom + 1)]


def repeating(page: Page, layout: Layout) -> bool:
    """Whether pages repeat the headings: of the only table of a sheet, unless charts alone follow its one page."""
    if len({block.header for block in page.blocks}) != 1:
        return False
    above = min((row for _, row in page.charts), default=0) - 2
    return above < 0 or sum(known_heights(page, above)) > layout.room


def filled_by_charts(page: Page, layout: Layout, declared: Sequence[float], width: float) -> Layout:
    """Charts on pages of their own as high as they were declared, and nearly as wide as the page.

    Args:
        page: the sheet.
        layout: what is printed of it.
        declared: heights of its charts in cm.
        width: characters of the page; the last chart takes half of its height at least.
    """
    if sum(known_heights(page, layout.bottom)) <= layout.room:
        return layout
    for (chart, _), height in zip(page.charts, declared, strict=True):
        chart.height = min(height, (layout.room - _CHART_EDGE) / 28.35)
        chart.width = max(chart.width, _CHART_WIDTH * width * metrics.CHARACTER / 28.35)
    chart, row = max(page.charts, key=lambda placed: placed[1])
    chart.height = max(chart.height, _CHART_SHARE * layout.room / 28.35)
    return replace(layout, bottom=max(layout.bottom, chart_end(chart, row)))


def fits(page: Page, layout: Layout, heights: Sequence[float]) -> bool:
    """Whether one page holds all rows at a scale at which the text is large enough."""
    grows = 0.75 if page.flowing else 0.99
    scale = min(layout.by_width, LEAST_SCALE)
    return layout.bands == 1 and sum(heights) * scale <= PAPER[layout.landscape][1] * grows


def ends(page: Page, layout: Layout, heights: Sequence[float]) -> tuple[int, list[int]]:
    """As few pages as a scale gives at which the text is large enough, with as many rows on each of them.

    Args:
        page: the sheet.
        layout: what is printed of it.
        heights: heights of its rows in points.

    Returns:
        The number of pages that the rows are fitted to, 0 where they are not, and the rows after which pages end.
    """
    if fits(page, layout, heights):
        return 1, []
    top = min((block.top for block in page.blocks), default=1)
    again = sum(heights[top - 1 : page.blocks[0].header]) if layout.repeats else 0.0
    last_rows = {_end(page, block) for block in page.blocks} | {row - 2 for _, row in page.charts}
    rows = Rows(_closed(page, layout), last_rows)
    breaks = list(divided(heights, layout.room, again, rows))
    scale, room = layout.by_width, layout.room * layout.by_width
    while breaks and layout.bands == 1 and not page.charts and scale > LEAST_SCALE:
        scale -= 0.01
        pages, last = filled(heights, room / scale, again)
        if pages <= len(breaks) and last >= FILLED:
            return pages, []  # breaks by hand do not count then
    return 0, breaks


def _closed(page: Page, layout: Layout) -> set[int]:
    """Rows after which no page may end: inside charts, between a heading and the first rows below it."""
    closed: set[int] = set()
    for block in page.blocks:
        last, used = block.header, 0.0
        while last < min(block.header + _TOGETHER, block.last) and used < _NEAR_POINTS:
            last += 1
            used += row_height(page, last)
        closed.update(range(block.top - 1, last))
        closed.update(range(max(block.last - 2, block.header), _end(page, block)))
    above = _TOGETHER + 4 if layout.repeats else 1  # an empty row: a page does not end on the edge of a chart
    for chart, row in page.charts:
        closed.update(range(row - above, chart_end(chart, row) - 1))
    return {row for row in closed if 0 < row < layout.bottom}


def _end(page: Page, block: Block) -> int:
    """The last row of a table and of the lines that follow it without an empty row: totals, remarks."""
    cells, row = page.sheet._cells, block.last  # noqa: SLF001 - does not make cells
    tops = {other.top for other in page.blocks}
    while row - block.last < _LINES and row + 1 not in tops:
        below = (cells.get((row + 1, column)) for column in range(1, block.right + 1))
        if not any(cell is not None and cell.value is not None for cell in below):
            break
        row += 1
    return row


def row_height(page: Page, row: int) -> float:
    """Height of a row in points: its own, or what the texts in it need."""
    size = page.sheet.row_dimensions.get(row)
    own = None if size is None else size.height
    return float(own) if own else ROW


def chart_end(chart: Any, row: int) -> int:
    """The row at which a chart ends that starts at another."""
    return int(row + math.ceil(chart.height * 28.35 / ROW) + 1)
