"""Ways between what is typed and what comes of it: from results to the inputs, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from xl_perf.templates.kit.dress import add_link, dress_link
from xl_perf.templates.kit.page import INDEX_ROW

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Row
    from xl_perf.templates.kit.page import Page

_BACK = "◄ {}"
_INDEX_WIDTH = 11.0
"""Characters that the link to the index takes: the way back stands right of them."""


def from_rows(
    book: Book,
    table: str,
    heading: str,
    sheet: str | Callable[[Row], str],
    code: Callable[[Row], str] | None = None,
) -> None:
    """Links from the cells of a column to the sheet, and there to the row of the same code, where they are filled in.

    LibreOffice does not wrap a text that is a link: columns of numbers and of short texts are linked.

    Args:
        book: the workbook, its sheets written.
        table: name of the table; nothing happens where the workbook has none.
        heading: the column.
        sheet: the sheet of all rows, or of each; empty for rows that nobody fills in.
        code: code that a row has on that sheet, its own when not given.
    """
    found = next((found for found in book.tables if found[0].name == table), None)
    if found is None or book.plain:
        return
    spec, placed = found
    page = _page(book, placed.sheet)
    for row in spec.rows:
        to = sheet if isinstance(sheet, str) else sheet(row)
        cell = page.sheet[f"{placed.letters[heading]}{placed.numbers[row.code]}"]
        if not to or to == placed.sheet or cell.value is None:
            continue
        add_link(cell, to, _place(book, to, code(row) if code else row.code))
        _back(book, to, page, cell.coordinate)


def from_cell(book: Book, page: Page, row: int, column: int, sheet: str) -> None:
    """A link from a single cell of a page to a sheet, where the workbook has it."""
    if any(each.name == sheet for each in book.pages):
        cell = page.sheet.cell(row, column)
        add_link(cell, sheet)
        _back(book, sheet, page, cell.coordinate)


def home(book: Book) -> None:
    """A way back to the first results for every sheet to fill in, or with the plan's values, that has none."""
    results = [page for page in book.pages[1:] if page.tab == "risultati" and not book.plain]
    for page in book.pages:
        if results and page.tab in ("dati", "obiettivi"):
            _back(book, page.name, results[0], "A1")


def _page(book: Book, name: str) -> Page:
    return next(page for page in book.pages if page.name == name)


def _place(book: Book, sheet: str, code: str) -> str:
    """The cell of a code in the first table of a sheet that has it; the upper left one where none has."""
    for _, placed in book.tables:
        if placed.sheet == sheet and code in placed.numbers:
            return f"{next(iter(placed.letters.values()))}{placed.numbers[code]}"
    return "A1"


def _back(book: Book, name: str, page: Page, cell: str) -> None:
    """The link beside that to the index; the first one stays."""
    sheet = _page(book, name).sheet
    if any(each.hyperlink for each in sheet[INDEX_ROW][1:]):
        return
    column, width = 1, 0.0
    while width < _INDEX_WIDTH:
        width += sheet.column_dimensions[get_column_letter(column)].width
        column += 1
    dress_link(sheet.cell(INDEX_ROW, column), page.name, _BACK.format(page.name), cell)
