"""A sheet on paper: what is printed, on which pages, and what stays in sight on the screen.

A page of A4 takes 124 characters upright and 179 across, so that 10 points are printed at 8. What is wider
goes on as a second band of pages that repeats the first columns. Rows are divided evenly over the pages that
they need.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.pagebreak import Break, RowBreak
from openpyxl.worksheet.properties import PageSetupProperties

from xl_perf.templates.kit import metrics, notes, pages, styles
from xl_perf.templates.kit.model import letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.kit.model import PrintSetup
    from xl_perf.templates.kit.page import Page

PORTRAIT, LANDSCAPE = 124.5, 179.5
"""Characters of the width of a page."""
_FROZEN = 225.0
"""Points of frozen rows that leave half of a small screen to what scrolls."""
_NARROW = 12.0
"""A first column as narrow as this, with numbers, stays in sight together with the second."""
DEFAULT_WIDTH = 10.0
_CHART_SPARE = 190.0
"""Points of a page beside a chart: headings and the last rows of its table."""
_STEP = 0.5
"""Characters by which pages side by side are made narrower at a time."""
_BELOW = 3
"""Rows below the last one at which the print area of a sheet lies that is not printed."""


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
    bands = _even(page, keys, bands if landscape else upright, LANDSCAPE if landscape else PORTRAIT)
    inside = range(0)
    if len(bands) > 1 and page.blocks:
        inside = range(min(block.top for block in page.blocks), max(block.last for block in page.blocks))
    notes.divide(page, {c: _width(page, c, c) for c in range(1, bands[0][1] + 1)}, bands[0][1], inside)
    widths = _band_widths(page, keys, bands)
    widest = max(widths)
    room = pages.PAPER[landscape][1] / min(1.0, pages.PAPER[landscape][0] / (widest * metrics.CHARACTER))
    declared = [chart.height for chart, _ in page.charts]
    for chart, _ in page.charts:
        chart.width = min(chart.width, _width(page, *bands[0]) * metrics.CHARACTER / 28.35 - 0.3)
        chart.height = min(chart.height, (room - _CHART_SPARE) / 28.35)
    bottom = max([sheet.max_row, *(pages.chart_end(*placed) for placed in page.charts)])
    if setup.last_row:
        bottom = setup.last_row
    layout = pages.Layout(bottom, min(widths), landscape, len(bands))
    layout = replace(layout, repeats=pages.repeating(page, layout))
    if len(bands) > 1:
        layout = _wider(page, keys, bands, layout)
    if page.charts and not layout.repeats and not setup.last_row:
        layout = pages.filled_by_charts(page, layout, declared, _width(page, *bands[0]))
    _print_area(page, bands, layout)
    _sheet_of_paper(sheet, landscape=landscape)
    if len(bands) > 1:
        sheet.print_title_cols = f"A:{letter(keys)}"
    if setup.one_page:
        sheet.page_setup.fitToHeight = 1
        if sum(pages.known_heights(page, bottom)) * pages.SMALLEST > pages.PAPER[landscape][1]:
            page.book.too_high.append(page.name)
    else:
        page.layout = layout
        _break_rows(page, layout)


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
    known = (
        dimensions.get(letter(column)) for column in range(first, last + 1)
    )  # `get` makes and binds none
    return sum(DEFAULT_WIDTH if each is None else each.width for each in known)


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
    """The cell below the headings and right of the keys; below the head of the sheet where that would hide the rest."""
    heads = {block.header for block in page.blocks}
    head = heads.pop() if len(heads) == 1 else 0
    if not head or sum(pages.row_height(page, row) for row in range(1, head + 1)) > _FROZEN:
        return "A5"
    return f"{letter(keys + 1)}{head + 1}"


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


def _even(page: Page, keys: int, bands: list[tuple[int, int]], paper: float) -> list[tuple[int, int]]:
    """As many bands, the widest of them as narrow as can be: each is fitted to the width of its page."""
    even = bands
    while len(even) == len(bands) > 1:
        bands, widest = even, max(_band_widths(page, keys, even))
        even = _bands(page, keys, bands[-1][1], min(paper, widest) - _STEP)
        if max(_band_widths(page, keys, even)) >= widest:
            break
    return bands


def _wider(page: Page, keys: int, bands: Sequence[tuple[int, int]], layout: pages.Layout) -> pages.Layout:
    """The columns made wider, where rows that are printed smaller take fewer pages."""
    smallest = replace(layout, width=LANDSCAPE if layout.landscape else PORTRAIT)
    number = _all_pages(page, smallest)
    while _all_pages(page, layout) > number:
        layout = replace(layout, width=layout.width + 1)
    layout = replace(layout, repeats=pages.repeating(page, layout))
    for band in bands:
        fixed = _width(page, 1, keys)
        own = _width(page, *band) - (fixed if band[0] == 1 else 0.0)
        if own + fixed < layout.width:
            for column in range(max(band[0], keys + 1), band[1] + 1):
                width = _width(page, column, column) * (layout.width - fixed) / own
                page.sheet.column_dimensions[letter(column)].width = round(width, 1)
    return layout


def _all_pages(page: Page, layout: pages.Layout) -> int:
    """Pages of a sheet whose columns take several side by side: the further ones hold the tables alone."""
    layout = replace(layout, repeats=pages.repeating(page, layout))
    _, breaks = pages.ends(page, layout, pages.known_heights(page, layout.bottom))
    top, last = min(block.top for block in page.blocks), max(block.last for block in page.blocks)
    return 1 + len(breaks) + (layout.bands - 1) * (1 + sum(top <= row < last for row in breaks))


def _band_widths(page: Page, keys: int, bands: Sequence[tuple[int, int]]) -> list[float]:
    """Width of each page side by side, with the columns that all of them repeat."""
    return [_width(page, *band) + (_width(page, 1, keys) if band[0] > 1 else 0.0) for band in bands]


def _groups(page: Page) -> dict[int, str]:
    if len(page.blocks) != 1:
        return {}
    block = page.blocks[0]
    return {block.column + i: group for i, group in enumerate(block.groups)}


def _print_area(page: Page, bands: Sequence[tuple[int, int]], layout: pages.Layout) -> None:
    """The first band holds everything, the others the tables alone."""
    sheet = page.sheet
    top = min((block.top for block in page.blocks), default=1)
    last = max((block.last for block in page.blocks), default=layout.bottom)
    areas = [f"A1:{letter(bands[0][1])}{layout.bottom}"]
    areas += [f"{letter(first)}{top}:{letter(end)}{last}" for first, end in bands[1:]]
    sheet.print_area = areas
    if layout.repeats:
        sheet.print_title_rows = f"{top}:{page.blocks[0].header}"


def _break_rows(page: Page, layout: pages.Layout) -> None:
    """Where pages end, with the heights that are known before the workbook is calculated."""
    sheet = page.sheet
    if (
        page.flowing
        and not page.charts
        and not pages.fits(page, layout, pages.known_heights(page, layout.bottom))
    ):
        return  # the heights are not known yet: `heights` ends the pages
    number, breaks = pages.ends(page, layout, pages.known_heights(page, layout.bottom))
    sheet.page_setup.fitToHeight = number
    if breaks:
        sheet.row_breaks = RowBreak(brk=[Break(id=row, max=16383, man=True) for row in breaks])


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
