"""A sheet on paper: what is printed, on which pages, and what stays in sight on the screen.

A page of A4 takes 124 characters upright and 179 across, so that 10 points are printed at 8. What is wider
goes on as a second band of pages that repeats the first columns. Rows are divided evenly over the pages that
they need.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.pagebreak import Break, RowBreak
from openpyxl.worksheet.properties import PageSetupProperties

from xl_perf.templates.kit import metrics, notes, styles
from xl_perf.templates.kit.breaks import FILLED, Rows, divided, filled
from xl_perf.templates.kit.model import letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.kit.model import PrintSetup
    from xl_perf.templates.kit.page import Page

PORTRAIT, LANDSCAPE = 124.5, 179.5
"""Characters of the width of a page."""
_PAPER = {False: (559.0, 774.0), True: (806.0, 527.0)}
"""Points inside the margins, width and height, of a page upright and of one across."""
_LEAST_SCALE, _SMALLEST = 0.81, 0.805
_DRAWN = 1.06
"""How much wider than its width LibreOffice draws a column."""
ROW = 15.0
_NARROW = 12.0
"""A first column as narrow as this, with numbers, stays in sight together with the second."""
DEFAULT_WIDTH = 10.0
_CHART_SPARE = 190.0
"""Points of a page beside a chart: headings and the last rows of its table."""
_BELOW = 3
"""Rows below the last one at which the print area of a sheet lies that is not printed."""
_NEAR_POINTS = 120.0
"""Points of rows that stay with a heading at most."""
_TOGETHER = 4
"""Rows of a table that are not left alone at the end of a page."""


@dataclass(frozen=True, slots=True)
class Block:
    """A table on a sheet: its first column and rows, and of each column whether it is printed and its group."""

    column: int
    top: int
    header: int
    last: int
    printed: tuple[bool, ...]
    groups: tuple[str, ...]

    @property
    def right(self) -> int:
        """The last column that is printed."""
        return self.column + max((i for i, wanted in enumerate(self.printed) if wanted), default=0)


def put_on_paper(page: Page, setup: PrintSetup) -> None:
    """Frozen panes, print area, orientation, fit, page breaks, repeated rows and columns, margins."""
    sheet = page.sheet
    right = setup.last_column or _right(page)
    keys = _keys(page)
    sheet.freeze_panes = _frozen(page, keys)
    if setup.nothing:
        _print_nothing(page)
        return
    total = _width(page, 1, right)
    bands = _bands(page, keys, right, LANDSCAPE) if total > LANDSCAPE else [(1, right)]
    upright = _bands(page, keys, right, PORTRAIT) if total > PORTRAIT else bands
    landscape = len(upright) > len(bands)
    bands = bands if landscape else upright
    notes.divide(page, {c: _width(page, c, c) for c in range(1, bands[0][1] + 1)}, bands[0][1])
    widest = max(_width(page, *band) + (_width(page, 1, keys) if band[0] > 1 else 0.0) for band in bands)
    room = _PAPER[landscape][1] / min(1.0, _PAPER[landscape][0] / (widest * metrics.CHARACTER))
    for chart, _ in page.charts:
        chart.width = min(chart.width, _width(page, *bands[0]) * metrics.CHARACTER / 28.35 - 0.3)
        chart.height = min(chart.height, (room - _CHART_SPARE) / 28.35)
    bottom = max([sheet.max_row, *(chart_end(*placed) for placed in page.charts)])
    if setup.last_row:
        bottom = setup.last_row
    _print_area(page, bands, bottom)
    _sheet_of_paper(sheet, landscape=landscape)
    if len(bands) > 1:
        sheet.print_title_cols = f"A:{letter(keys)}"
    if setup.one_page:
        sheet.page_setup.fitToHeight = 1
        if sum(row_height(page, row) for row in range(1, bottom + 1)) * _SMALLEST > _PAPER[landscape][1]:
            page.book.too_high.append(page.name)
    else:
        _break_rows(page, bottom, widest, landscape=landscape, bands=len(bands))


def _sheet_of_paper(sheet: Any, *, landscape: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.25
    margins.top, margins.bottom, margins.header, margins.footer = 0.55, 0.4, 0.25, 0.2


def _print_nothing(page: Page) -> None:
    """A print area of one empty cell below everything: no page at all where empty ones are left out."""
    _sheet_of_paper(page.sheet, landscape=True)
    page.sheet.print_area = f"A{page.sheet.max_row + _BELOW}"


def column_width(page: Page, number: int) -> float:
    """Width of a column in characters."""
    return _width(page, number, number)


def pages_across(page: Page, right: int, paper: float = LANDSCAPE) -> int:
    """Pages of a width in characters that the columns up to one take side by side."""
    if _width(page, 1, right) <= paper:
        return 1
    return len(_bands(page, _keys(page), right, paper))


def _width(page: Page, first: int, last: int) -> float:
    dimensions = page.sheet.column_dimensions
    marks = (letter(column) for column in range(first, last + 1))
    return sum(dimensions[m].width if m in dimensions else DEFAULT_WIDTH for m in marks)


def _right(page: Page) -> int:
    """The last printed column: of tables, of single cells, and as far as title and banner reach."""
    right = last_column(page)
    while _width(page, 1, right) * metrics.CHARACTER < page.head_points:
        right += 1
    return right


def last_column(page: Page) -> int:
    """The last column with something to print; single cells below columns that are not printed do not count."""
    beside = {strip.number for strip in page.strips} - {
        strip.number for strip in page.strips if strip.printed
    }
    return max([*(page.singles - beside), *(block.right for block in page.blocks)])


def _keys(page: Page) -> int:
    """Columns at the left that say what a row is."""
    if not page.blocks or page.blocks[0].column != 1:
        return 1
    first = _width(page, 1, 1)
    return 2 if first <= _NARROW and page.blocks[0].right > 2 and _width(page, 1, 2) < PORTRAIT / 2 else 1


def _frozen(page: Page, keys: int) -> str:
    heads = {block.header for block in page.blocks}
    if len(heads) != 1:
        return "A5"
    return f"{letter(keys + 1)}{heads.pop() + 1}"


def _bands(page: Page, keys: int, right: int, paper: float) -> list[tuple[int, int]]:
    """Columns that fit a page together, at the ends of groups where these fit."""
    room, start, bands = paper, 1, []
    groups = _groups(page)
    column, used = 1, 0.0
    while column <= right:
        end = column
        while end < right and groups.get(end + 1) and groups.get(end + 1) == groups.get(column):
            end += 1
        whole = _width(page, column, end)
        if whole > paper - _width(page, 1, keys):
            end, whole = column, _width(page, column, column)
        if used + whole > room and column > start and column > keys + 1:
            bands.append((start, column - 1))
            start, used, room = column, 0.0, paper - _width(page, 1, keys)
        used += whole
        column = end + 1
    return [*bands, (start, right)]


def _groups(page: Page) -> dict[int, str]:
    if len(page.blocks) != 1:
        return {}
    block = page.blocks[0]
    return {block.column + i: group for i, group in enumerate(block.groups)}


def _print_area(page: Page, bands: Sequence[tuple[int, int]], bottom: int) -> None:
    """The first band holds everything, the others the tables alone."""
    sheet = page.sheet
    top = min((block.top for block in page.blocks), default=1)
    last = max((block.last for block in page.blocks), default=bottom)
    areas = [f"A1:{letter(bands[0][1])}{bottom}"]
    areas += [f"{letter(first)}{top}:{letter(end)}{last}" for first, end in bands[1:]]
    sheet.print_area = areas
    single = len({block.header for block in page.blocks}) == 1
    if single:
        sheet.print_title_rows = f"{top}:{page.blocks[0].header}"


def chart_end(chart: Any, row: int) -> int:
    """The row at which a chart ends that starts at another."""
    return int(row + math.ceil(chart.height * 28.35 / ROW) + 1)


def _break_rows(page: Page, bottom: int, widest: float, *, landscape: bool, bands: int) -> None:
    """As few pages as a scale gives at which the text is large enough, with as many rows on each of them."""
    sheet = page.sheet
    paper_width, paper_height = _PAPER[landscape]
    by_width = min(1.0, paper_width / (widest * metrics.CHARACTER * _DRAWN))
    heights = [row_height(page, row) for row in range(1, bottom + 1)]
    grows = 0.75 if page.flowing else 0.99
    if bands == 1 and sum(heights) * min(by_width, _LEAST_SCALE) <= paper_height * grows:
        sheet.page_setup.fitToHeight = 1
        return
    if page.flowing and not page.charts:
        return  # the heights are not known yet: pages are filled one after the other
    top = min((block.top for block in page.blocks), default=1)
    single = len({block.header for block in page.blocks}) == 1
    again = sum(heights[top - 1 : page.blocks[0].header]) if single else 0.0
    ends = {block.last for block in page.blocks} | {row - 1 for _, row in page.charts}
    rows = Rows(_closed(page, bottom), ends)
    room = paper_height * (0.96 if bands == 1 else 0.92)
    breaks = list(divided(heights, room / by_width, again, rows))
    scale = by_width
    while breaks and bands == 1 and not page.charts and scale > _LEAST_SCALE:
        scale -= 0.01
        pages, last = filled(heights, room / scale, again)
        if pages <= len(breaks) and last >= FILLED:
            sheet.page_setup.fitToHeight = pages  # breaks by hand do not count then
            return
    if breaks:
        sheet.row_breaks = RowBreak(brk=[Break(id=row, max=16383, man=True) for row in breaks])


def _closed(page: Page, bottom: int) -> set[int]:
    """Rows after which no page may end: inside charts, between a heading and the first rows below it."""
    closed: set[int] = set()
    for block in page.blocks:
        last, used = block.header, 0.0
        while last < min(block.header + _TOGETHER, block.last) and used < _NEAR_POINTS:
            last += 1
            used += row_height(page, last)
        closed.update(range(block.top - 1, last))
        closed.update(range(max(block.last - 2, block.header), block.last))
    above = _TOGETHER + 4 if len({block.header for block in page.blocks}) == 1 else 1
    for chart, row in page.charts:
        closed.update(range(row - above, chart_end(chart, row)))
    return {row for row in closed if 0 < row < bottom}


def row_height(page: Page, row: int) -> float:
    """Height of a row in points: its own, or what the texts in it need."""
    own = page.sheet.row_dimensions[row].height if row in page.sheet.row_dimensions else None
    return float(own) if own else ROW


def margins_text(page: Page, example: str) -> None:
    """Header: what the workbook is, or that its data are examples, and the file; footer: sheet, workbook, page."""
    sheet, title = page.sheet, page.book.title
    _margin(sheet.oddHeader, example or title, "", "&F", bold=bool(example))
    _margin(sheet.oddFooter, "&A", title if example else "", "Pagina &P di &N")


def _margin(target: Any, left: str, center: str, right: str, *, bold: bool = False) -> None:
    weight = "Bold" if bold else "Regular"
    for part, text, style in (
        (target.left, left, weight),
        (target.center, center, "Regular"),
        (target.right, right, "Regular"),
    ):
        if text:
            part.text, part.size, part.font = text, 8, f"{styles.FONT},{style}"
