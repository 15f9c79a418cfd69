"""What a cell is called: the row's key and the column's heading of its table, else the texts at its left and above."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from xl_perf.explain.book import Place
from xl_perf.language import it
from xl_perf.values import CellError

if TYPE_CHECKING:
    from xl_perf.explain.book import Workbook
    from xl_perf.package.model import Table

_BLANKS = re.compile(r"\s+")
_CODE = re.compile(r"[a-z0-9]+([._@|][a-z0-9]+)+.*")
_CODES = frozenset(("codice", "riga", "n.", "unità", "stato", "tipo", "fonte"))
"""Headings of columns that tell rows apart for programs, or say the same of many rows."""
_CODE_HEADING = "codice"
_TITLES = frozenset(("voce", "titolo", "indicatore", "struttura", "descrizione"))
"""Headings of columns that name the rows wherever they stand."""
_ENTRIES = "Voci "
"""How the heading of a column begins that repeats another one for its subtotals: the beginning of that one follows."""
UNNAMED = "riga "
"""How the name of a row begins that holds no text."""
_LONGEST = 240
"""Longer texts are explanations, no names."""
_CLIPPED = 80
"""Letters of a longer text that are left where it is the key of its row."""
_SHORTEST = 4
"""Columns of shorter texts hold letters and marks, which tell nothing alone."""
_KEYS = 5
"""Columns in which keys stand, from the left."""
_ABOVE = 400
"""Rows that are looked through for a heading."""


class Name(NamedTuple):
    """What a cell is called: `row` says which one of its column, `column` what of it; either may be empty."""

    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.row} · {self.column}" if self.row and self.column else self.row or self.column

    def beside(self, parent: Name) -> str:
        """The name where that of the row has just been said."""
        if self.row == parent.row and self.column:
            return self.column
        if parent.row and self.row.startswith(f"{parent.row}, "):
            return str(self._replace(row=self.row[len(parent.row) + 2 :]))
        return str(self)


class Names:
    """Names of a workbook's cells.

    Args:
        book: the workbook.
    """

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._keys: dict[str, tuple[int, ...]] = {}
        self._found: dict[Place, Name] = {}
        self._defined = {
            area: _words(name.name)
            for name in book.package.defined_names
            if name.scope is None and not name.hidden and not name.function
            if (area := _area_of(book, name.name)) is not None
        }

    def __call__(self, place: Place) -> Name:
        """The name of a cell."""
        found = self._found.get(place)
        if found is None:
            found = self._found[place] = self._name(place)
        return found

    def _name(self, place: Place) -> Name:
        table = self.book.table_at(place)
        if table is not None and table.ref[0] + table.header_rows <= place.row:
            return Name(self._row_key(table, place), _heading(table, place))
        above = self._above(place)
        left = self._left(place, nearest=not above)
        if left or above:
            return Name(left, above if above != left else "")
        return (
            Name(self._defined.get(place, ""), "")
            if place in self._defined
            else Name(it("Foglio {0}", place.sheet), "")
        )

    def code(self, place: Place) -> str:
        """What tells a cell apart from others of the same name: the code of its row, else its address."""
        table = self.book.table_at(place)
        headings = [] if table is None else [heading.lower() for heading in table.columns]
        if table is not None and _CODE_HEADING in headings:
            text = self._text(Place(place.sheet, place.row, table.ref[1] + headings.index(_CODE_HEADING)))
            if text:
                return text
        return str(place)

    # --- in tables

    def _row_key(self, table: Table, place: Place) -> str:
        columns = self._key_columns(table)
        texts = [self._text(Place(place.sheet, place.row, column), is_key=True) for column in columns]
        said = ", ".join(dict.fromkeys(filter(None, texts)))
        if not said:
            return self._first(table, place)
        return said if all(texts) else f"{it(UNNAMED)}{place.row - table.ref[0]} ({said})"

    def _first(self, table: Table, place: Place) -> str:
        """First text of a row, the number that its first column holds (`Anno 2021`), or its number among the rows."""
        for column in range(table.ref[1], table.ref[3] + 1):
            text = self._text(Place(place.sheet, place.row, column))
            if text and column != place.column:
                return text
        heading, number = (
            _plain(table.columns[0]),
            self.book.value(Place(place.sheet, place.row, table.ref[1])),
        )
        is_named = (
            isinstance(number, float) and heading.lower() not in _CODES and place.column != table.ref[1]
        )
        return f"{heading} {number:g}" if is_named else f"{it(UNNAMED)}{place.row - table.ref[0]}"

    def _key_columns(self, table: Table) -> tuple[int, ...]:
        """The first column of texts that tells the rows apart, in the first ones or behind; else the first two."""
        if table.name not in self._keys:
            self._keys[table.name] = self._found_keys(table)
        return self._keys[table.name]

    def _found_keys(self, table: Table) -> tuple[int, ...]:
        top, left, bottom, right = table.ref
        rows = range(top + table.header_rows, bottom - table.totals_rows + 1)
        of_texts = []
        for column in range(left, right + 1):
            heading = table.columns[column - left].lower()
            if heading in _CODES or (column > left + _KEYS and heading not in _TITLES):
                continue
            texts = [self._text(Place(table.sheet, row, column)) for row in rows]
            there = [text for text in texts if text and not _CODE.fullmatch(text)]
            if not there or sorted(map(len, there))[len(there) // 2] < _SHORTEST:
                continue
            if len(set(there)) == len(there) and len(there) * 2 >= len(texts):
                return (column,)
            if column <= left + _KEYS:
                of_texts.append(column)
        return tuple(of_texts[:2])

    # --- elsewhere

    def _left(self, place: Place, *, nearest: bool) -> str:
        """The first text of the row left of the cell; the nearest one where no heading stands above."""
        columns = range(1, place.column)
        for column in reversed(columns) if nearest else columns:
            text = self._text(Place(place.sheet, place.row, column))
            if text:
                return text
        return ""

    def _above(self, place: Place) -> str:
        """The heading above: the nearest text in the column that has texts or nothing on both sides."""
        for row in range(place.row - 1, max(place.row - _ABOVE, 0), -1):
            above = Place(place.sheet, row, place.column)
            table = self.book.table_at(above)
            if table is not None:
                return _plain(table.columns[place.column - table.ref[1]])
            text = self._text(above, constant=True)
            if text:
                return text if self._is_heading(above) else ""
            if self._row_is_empty(above):
                return ""
        return ""

    def _is_heading(self, place: Place) -> bool:
        """A text with a text beside it, in a row without numbers."""
        cells = self.book.cells(place.sheet)
        row = [cells.get((place.row, column)) for column in range(1, place.column + 8)]
        values = [cell.value for cell in row if cell is not None and cell.value is not None]
        return len(values) > 1 and all(isinstance(value, str) for value in values)

    def _row_is_empty(self, place: Place) -> bool:
        cells = self.book.cells(place.sheet)
        return not any(
            (cell := cells.get((place.row, column))) is not None and cell.value not in (None, "")
            for column in range(1, place.column + 1)
        )

    def _text(self, place: Place, *, constant: bool = False, is_key: bool = False) -> str:
        """The text of a cell; nothing for a long one, whose beginning does as the key of a row."""
        cell = self.book.cell(place)
        if cell is None or not isinstance(cell.value, str) or isinstance(cell.value, CellError):
            return ""
        if constant and cell.formula is not None:
            return ""
        text = _plain(cell.value)
        if len(text) > _LONGEST:
            return f"{text[:_CLIPPED].rstrip()}…" if is_key else ""
        return text if text[:1] not in "▲▼●" else ""


def _heading(table: Table, place: Place) -> str:
    """The heading of a cell; of a column that repeats another one that one's."""
    headings = [_plain(heading) for heading in table.columns]
    found = headings[place.column - table.ref[1]]
    if not found.startswith(_ENTRIES):
        return found
    beginning = found.removeprefix(_ENTRIES)
    return next((heading for heading in headings if heading.startswith(beginning)), found)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """A text on one line."""
    return _BLANKS.sub(" ", text).strip()


def _words(name: str) -> str:
    """A defined name as words."""
    return name.replace("_", " ").strip()


def _area_of(book: Workbook, name: str) -> Place | None:
    from xl_perf.formula.tree import Node  # noqa: PLC0415 - only here

    area = book.area(Node("name", name), Place(book.package.sheets[0].name, 1, 1))
    return Place(area.sheet, area.row1, area.column1) if area is not None and area.single else None
