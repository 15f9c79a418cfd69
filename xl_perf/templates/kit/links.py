"""Ways between what is typed and what comes of it: from results to the inputs, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from xl_perf.templates.kit import metrics
from xl_perf.templates.kit.dress import add_link, dress_link
from xl_perf.templates.kit.page import INDEX_ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Placed, Row
    from xl_perf.templates.kit.page import Page

_BACK, _ONWARD = "◄ {}", "► {}"
_LINK_WIDTH = 11.0
"""Characters that the link to the index takes at least: the next one stands right of them."""
_GAP = 10.0
"""Points between two links."""
_SURE = 0.95
"""Share of a cell that the text of a link fills: LibreOffice does not wrap it."""


def from_rows(
    book: Book,
    table: str,
    sheet: str | Callable[[Row], str],
    code: Callable[[Row], str] | None = None,
) -> None:
    """Links from the rows of a table to the sheet, and there to the row of the same code, where they are filled in.

    The link stands on a constant, the first one of the row that takes one line: some readers take the place
    that a link leads to for the value of an empty cell. Where no column has such constants, a link beside that to the
    index leads to the sheet.

    Args:
        book: the workbook, its sheets written.
        table: name of the table; nothing happens where the workbook has none.
        sheet: the sheet of all rows, or of each; empty for rows that nobody fills in.
        code: code that a row has on that sheet, its own when not given.
    """
    found = next((found for found in book.tables if found[0].name == table), None)
    if found is None or book.plain:
        return
    spec, placed = found
    page = _page(book, placed.sheet)
    leads = {row.code: sheet if isinstance(sheet, str) else sheet(row) for row in spec.rows}
    rows = [row for row in spec.rows if leads[row.code] not in ("", placed.sheet)]
    letter = _carrier(page, placed, rows)
    if letter is None:
        onward(book, page.name, dict.fromkeys(leads[row.code] for row in rows))
        return
    for row in rows:
        cell, to = page.sheet[f"{letter}{placed.numbers[row.code]}"], leads[row.code]
        add_link(cell, to, _place(book, to, code(row) if code else row.code))
        _back(book, to, page, cell.coordinate)


def onward(book: Book, name: str, sheets: Iterable[str]) -> None:
    """Links beside that to the index of a sheet: to sheets that many of its cells come from."""
    page = _page(book, name)
    for to in dict.fromkeys(sheets):
        if not book.plain and any(each.name == to for each in book.pages):
            cell = _free(page)
            dress_link(cell, to, _ONWARD.format(to))
            _back(book, to, page, cell.coordinate)


def _carrier(page: Page, placed: Placed, rows: Sequence[Row]) -> str | None:
    """Letter of the first column whose constants, in these rows, take one line each and are no links yet."""
    for letter in placed.letters.values():
        cells = [page.sheet[f"{letter}{placed.numbers[row.code]}"] for row in rows]
        width = page.sheet.column_dimensions[letter].width * _SURE
        if all(_one_line(cell, width) and cell.hyperlink is None for cell in cells):
            return letter
    return None


def _one_line(cell: Any, width: float) -> bool:
    text = "" if cell.value is None or not cell.protection.locked else str(cell.value)
    if not text or text.startswith("="):
        return False
    room = metrics.room(width, int(cell.alignment.indent or 0))
    return metrics.text_points(text, bold=bool(cell.font.b)) <= room


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
    target = _page(book, name)
    if not any(str(each.value).startswith("◄") for each in target.sheet[INDEX_ROW][1:] if each.hyperlink):
        dress_link(_free(target), page.name, _BACK.format(page.name), cell)


def _free(page: Page) -> Any:
    """The first cell of the row of links with room for all that stand left of it."""
    column, width, needed = 1, 0.0, 0.0
    while True:
        cell = page.sheet.cell(INDEX_ROW, column)
        if cell.hyperlink:
            needed = width + max(_LINK_WIDTH, metrics.characters(metrics.text_points(str(cell.value)) + _GAP))
        elif width >= needed > 0:
            return cell
        width += page.sheet.column_dimensions[get_column_letter(column)].width
        column += 1
