"""Widths of columns and heights of rows, once everything stands on a sheet.

What is printed has the width of a page, or of as many as the sheet declares: columns of texts give way, numbers do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openpyxl.utils import range_boundaries

from xl_perf.templates.kit import metrics, pages, paper
from xl_perf.templates.kit.model import letter
from xl_perf.templates.kit.palette import let_wrap, wraps
from xl_perf.templates.kit.styles import Level
from xl_perf.templates.kit.widths import narrowest, wide_enough

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Column, PrintSetup
    from xl_perf.templates.kit.page import Page

_HEAD_EDGE = 5.0
"""Points of a row of headings around its text."""
_HELPER, _HELPER_TEXT = 14.0, 64.0
"""Widths of columns in which formulas go on, with numbers and with texts."""
_NAMES = 26.0
"""Width of a column in which a formula gives the name of something."""
_CODE = 44.0
"""Width up to which a column of several tables gives way to a code that one of them does not print."""
_SURE = 0.95
"""Share of a cell that a single text fills on one line."""
_GAIN = 1.12
"""How much wider than an upright page columns may be that are narrowed for it."""
_STEP = 0.5
"""Characters by which the widest columns are narrowed at a time."""


@dataclass(slots=True)
class Entry:
    """A cell of a table whose text may wrap."""

    row: int
    text: str
    indent: int
    level: Level
    flows: bool
    """Whether a formula gives the text, which is known once the workbook is calculated."""


@dataclass(slots=True)
class Strip:
    """A column of a table on a sheet."""

    number: int
    column: Column
    header: int
    printed: bool
    filters: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The constant texts of its cells."""
        return [entry.text for entry in self.entries if not entry.flows]

    @property
    def width(self) -> float:
        """Width that it asks for."""
        return wide_enough(self.column, self.texts, filters=self.filters)

    @property
    def least(self) -> float:
        """Width below which a word breaks or a number has no room."""
        return narrowest(self.column, self.texts, filters=self.filters)


def fit(page: Page, setup: PrintSetup) -> None:
    """Give the columns of tables their widths, and their rows the heights that the texts need."""
    right = 0 if setup.nothing else setup.last_column or paper.last_column(page)
    strips: dict[int, list[Strip]] = {}
    for strip in page.strips:
        strips.setdefault(strip.number, []).append(strip)
    for number, found in strips.items():
        dimension = page.sheet.column_dimensions[letter(number)]
        if dimension.width == page.given_widths.get(number):  # nobody gave it another one since
            dimension.width = _wished(found, inside=number <= right)
    for _, column, text, span in page.groups:
        across = sum(paper.column_width(page, at) for at in range(column, column + span))
        if metrics.text_points(text, bold=True) > metrics.room(across, 1):  # it wraps, not inside a word
            word = metrics.characters(metrics.word_points(text, bold=True) + metrics.INDENT) + 0.4
            dimension = page.sheet.column_dimensions[letter(column)]
            dimension.width = max(dimension.width, word)
    if not setup.nothing:
        _narrow(page, strips, right, setup.across)
    for found in strips.values():
        for strip in found:
            _wrap(page, strip)
    _heights(page)


def _wished(strips: list[Strip], *, inside: bool) -> float:
    """Width that a column of a sheet is to have: that of what is printed, with room for the codes below it."""
    deciding = _deciding(strips, inside=inside)
    words = [metrics.word_points(text) for strip in strips if strip not in deciding for text in strip.texts]
    codes = metrics.characters(max(words, default=0.0) + metrics.INDENT) + 0.3
    return max(min(codes, _CODE), *(strip.width for strip in deciding))


def _deciding(strips: list[Strip], *, inside: bool) -> list[Strip]:
    """The columns of tables one below the other that decide on their width: those that are printed."""
    return [strip for strip in strips if strip.printed] or strips if inside else strips


def _narrow(page: Page, strips: dict[int, list[Strip]], right: int, across: int) -> None:
    """Take from the widest columns of texts what the pages have no room for; as few pages as can be."""
    sheet = page.sheet

    def width(number: int) -> float:
        return paper.column_width(page, number)

    least = {
        number: max(strip.least for strip in _deciding(found, inside=True))
        for number, found in strips.items()
        if number <= right and width(number) == max(strip.width for strip in _deciding(found, inside=True))
    }
    total = sum(map(width, range(1, right + 1)))
    wished = {number: width(number) for number in least}

    def narrow(pages: int, paper_width: float = paper.LANDSCAPE) -> bool:
        while paper.pages_across(page, right, paper_width) > pages:
            gives = [number for number, low in least.items() if width(number) > low]
            if not gives:
                return False
            widest = max(gives, key=width)
            sheet.column_dimensions[letter(widest)].width = max(least[widest], width(widest) - _STEP)
        return True

    tries = [(pages, paper.LANDSCAPE) for pages in range(1, across + 1)]
    if total <= _GAIN * paper.PORTRAIT:
        tries.insert(0, (1, paper.PORTRAIT))
    for attempt in tries:
        if narrow(*attempt):
            return
        for number, was in wished.items():
            sheet.column_dimensions[letter(number)].width = was
    page.book.too_wide.append(page.name)


def _wrap(page: Page, strip: Strip) -> None:
    """Let the texts wrap that are longer than the column, and note what formulas may need."""
    width = paper.column_width(page, strip.number)
    for entry in strip.entries:
        cell, bold = page.sheet.cell(entry.row, strip.number), entry.level is not Level.LEAF
        room = metrics.room(width, entry.indent)
        if entry.flows:
            if wraps(cell):
                page.flowing[entry.row, strip.number] = (room, bold)
            continue
        lines = metrics.line_count(entry.text, room, bold=bold) if " " in entry.text.strip() else 1
        if lines > 1:
            let_wrap(cell)
            page.lines[entry.row] = max(page.lines.get(entry.row, 1), lines)


def _heights(page: Page) -> None:
    """A row of one line has a fixed height; one whose texts wrap is fitted again when they change."""
    dimensions = page.sheet.row_dimensions
    wrapped = set()
    for row, column, text, bold in page.labels:
        room = metrics.room(paper.column_width(page, column), 1) * _SURE
        lines, beside = metrics.line_count(text, room, bold=bold), page.sheet.cell(row, column + 1)
        cell = page.sheet.cell(row, column)
        if lines > 1 and (beside.value is not None or not beside.protection.locked or wraps(cell)):
            let_wrap(cell)
            wrapped.add(row)
            page.lines[row] = max(page.lines.get(row, 1), lines)
    for row in {*page.levels, *wrapped}:
        lines = page.lines.get(row, 1)
        needed = metrics.rows_height(lines) if lines > 1 else pages.ROW
        dimensions[row].height = max(needed, dimensions[row].height or 0)
        if lines > 1:
            page.sheet.fitted_rows.add(row)
    for row, column, text, span in page.groups:
        across = sum(paper.column_width(page, at) for at in range(column, column + span))
        if metrics.text_points(text, bold=True) > metrics.room(across, 1):
            room = metrics.room(paper.column_width(page, column), 1)
            let_wrap(page.sheet.cell(row, column))
            needed = metrics.rows_height(metrics.line_count(text, room, bold=True)) + 4
            dimensions[row].height = max(needed, dimensions[row].height or 0)
    for row, lines in _headings(page):
        dimensions[row].height = max(18, 10 * metrics.LINE * lines + _HEAD_EDGE, dimensions[row].height or 0)


def _headings(page: Page) -> Iterator[tuple[int, int]]:
    """Rows of headings, and the lines of each column's."""
    for strip in page.strips:
        width = paper.column_width(page, strip.number)
        room = metrics.room(width) - (metrics.BUTTON if strip.filters else 0)
        lines = metrics.line_count(strip.column.heading, room - 4, bold=True)
        yield strip.header, max(lines, 2) if strip.filters else lines


def fit_helpers(book: Book) -> None:
    """Widths of the columns and cells in which formulas go on, and heights of their headings; call it last."""
    pages = {page.name: page for page in book.pages}
    for spec, placed in book.tables:
        page, sheet = pages[placed.sheet], book.workbook[placed.sheet]
        left, top, right, bottom = range_boundaries(sheet.tables[spec.name].ref)
        for column in range(left + len(placed.letters), right + 1):
            heading = str(sheet.cell(top, column).value)
            formulas = [str(sheet.cell(row, column).value) for row in range(top + 1, bottom + 1)]
            least = _HELPER_TEXT if any('"' in formula for formula in formulas) else _HELPER
            head = metrics.characters(metrics.word_points(heading, bold=True) + metrics.INDENT) + 0.5
            dimension = sheet.column_dimensions[letter(column)]
            if column > paper.last_column(page):
                dimension.width = max(dimension.width, least, head)
            lines = metrics.line_count(heading, metrics.room(dimension.width) - 4, bold=True)
            needed = 10 * metrics.LINE * lines + _HEAD_EDGE
            sheet.row_dimensions[top].height = max(sheet.row_dimensions[top].height or 0, needed)
    for page in book.pages:
        known = page.sheet.column_dimensions
        wanted: dict[str, float] = {}
        for (_, column), cell in page.sheet._cells.items():  # noqa: SLF001 - does not make cells
            mark = letter(column)
            if cell.value is not None and mark not in known:
                wanted[mark] = max(wanted.get(mark, 0.0), _beside(cell))
        for mark, width in wanted.items():
            known[mark].width = width


def _beside(cell: Any) -> float:
    """Width of a column beside a sheet that holds a cell of helper data."""
    text = str(cell.value)
    if cell.data_type == "f" and '"▼' in text:
        return _HELPER_TEXT
    said = re.findall('"([^"]*)"', text) if cell.data_type == "f" else [text]
    longest = max((metrics.text_points(word, bold=True) for word in said), default=0.0)
    least = _NAMES if cell.data_type == "f" and longest else _HELPER
    return max(least, metrics.characters(longest + metrics.INDENT))
