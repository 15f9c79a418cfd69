"""Widths of columns and heights of rows, once everything stands on a sheet.

What is printed has the width of a page, or of as many as the sheet declares: columns of texts give way, numbers do not.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.templates.kit import metrics, paper
from xl_perf.templates.kit.model import letter
from xl_perf.templates.kit.styles import Level
from xl_perf.templates.kit.widths import narrowest, wide_enough

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.templates.kit.model import Column, PrintSetup
    from xl_perf.templates.kit.page import Page

_HEAD_EDGE = 6.0
"""Points of a row of headings around its text."""
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
    right = setup.last_column or paper.last_column(page)
    strips: dict[int, list[Strip]] = {}
    for strip in page.strips:
        strips.setdefault(strip.number, []).append(strip)
    for number, found in strips.items():
        dimension = page.sheet.column_dimensions[letter(number)]
        if dimension.width == page.given_widths.get(number):  # nobody gave it another one since
            dimension.width = max(strip.width for strip in _deciding(found, inside=number <= right))
    if not setup.nothing:
        _narrow(page, strips, right, setup.across)
    for found in strips.values():
        for strip in found:
            _wrap(page, strip)
    _heights(page)


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
    wished = {number: width(number) for number in least}

    def narrow(pages: int) -> bool:
        while paper.pages_across(page, right) > pages:
            gives = [number for number, low in least.items() if width(number) > low]
            if not gives:
                return False
            widest = max(gives, key=width)
            sheet.column_dimensions[letter(widest)].width = max(least[widest], width(widest) - _STEP)
        return True

    for pages in range(1, across + 1):
        if narrow(pages):
            return
        for number, was in wished.items():
            sheet.column_dimensions[letter(number)].width = was
    page.book.too_wide.append(page.name)


def _wrap(page: Page, strip: Strip) -> None:
    """Let the texts wrap that are longer than the column, and note what formulas may need."""
    width = paper.column_width(page, strip.number)
    inside = strip.printed or not _is_shared(page, strip)
    for entry in strip.entries:
        cell, bold = page.sheet.cell(entry.row, strip.number), entry.level is not Level.LEAF
        room = metrics.room(width, entry.indent)
        if entry.flows:
            if cell.alignment.wrap_text:
                page.flowing[entry.row, strip.number] = (room, bold)
            continue
        lines = metrics.line_count(entry.text, room, bold=bold) if inside else 1
        if lines > 1:
            if not cell.alignment.wrap_text:
                alignment = copy(cell.alignment)
                alignment.wrap_text = True
                alignment.horizontal = "left" if alignment.horizontal == "right" else alignment.horizontal
                cell.alignment = alignment
            page.lines[entry.row] = max(page.lines.get(entry.row, 1), lines)


def _is_shared(page: Page, strip: Strip) -> bool:
    """Whether another table prints the column of the sheet."""
    return any(other.number == strip.number and other.printed for other in page.strips)


def _heights(page: Page) -> None:
    """A row of one line has a fixed height; one whose texts wrap is fitted again when they change."""
    dimensions = page.sheet.row_dimensions
    for row in page.levels:
        lines = page.lines.get(row, 1)
        needed = metrics.rows_height(lines) if lines > 1 else paper.ROW
        dimensions[row].height = max(needed, dimensions[row].height or 0)
        if lines > 1:
            page.sheet.fitted_rows.add(row)
    for row, lines in _headings(page):
        dimensions[row].height = max(18, 10 * metrics.LINE * lines + _HEAD_EDGE, dimensions[row].height or 0)


def _headings(page: Page) -> Iterator[tuple[int, int]]:
    """Rows of headings, and the lines of each column's."""
    for strip in page.strips:
        width = paper.column_width(page, strip.number)
        room = metrics.room(width) - (metrics.BUTTON if strip.filters else 0)
        yield strip.header, metrics.line_count(strip.column.heading, room - 4, bold=True)
