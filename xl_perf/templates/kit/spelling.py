"""Formulas in words: what was composed with cells is spelled with tables, columns, keys and names.

The modules of a workbook compose formulas with the references that the declarations of its tables give them,
which are cells. When every table has its place, `spell` writes what each reference means: the row's own cell
by its heading, a column by the table, a cell of another row by the key of that row, a single value by its
defined name. So formulas read the same rows after somebody sorted or inserted some, and people can read them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

from xl_perf.templates.kit.grids import Grid, grid_of, shown_length, structured
from xl_perf.templates.kit.labels import Labels
from xl_perf.templates.kit.parts import Parts
from xl_perf.templates.kit.shorten import LONGEST
from xl_perf.templates.kit.spelled import Asked, number_of, recall, remember

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.kit.book import Book

_TOKEN = re.compile(
    r'"[^"]*"'
    r"|(?P<sheet>'(?:[^']|'')+'!)?\$?(?<![\w.\[])(?P<left>[A-Z]{1,3})\$?(?P<top>[1-9][0-9]*)"
    r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>[1-9][0-9]*))?(?![\w.(!\[])"
)


@dataclass(frozen=True, slots=True)
class _Area:
    """A reference in numbers; `single` where it was written as one cell."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int
    single: bool


def spell(book: Book) -> None:
    """Spell the formulas of all sheets; define the names that they need."""
    speller = _Speller(book)
    for page in book.pages:
        speller.sheet(page.sheet)


class _Speller:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.grids: dict[str, list[Grid]] = {}
        for spec, placed in book.tables:
            sheet = book.workbook[placed.sheet]
            self.grids.setdefault(placed.sheet, []).append(grid_of(sheet, placed, spec))
        self._tables = {grid.placed.name: grid for grids in self.grids.values() for grid in grids}
        self._geometry: dict[str, int] = {}
        self.labels = Labels(book)
        self._parts = Parts(book, self.labels)
        self._naming = False
        self._asked: Asked | None = None

    def sheet(self, sheet: Worksheet) -> None:
        cells = [
            (at, cell)
            for at, cell in sheet._cells.items()  # noqa: SLF001 - fewer cells than iter_rows gives
            if cell.data_type == "f" and isinstance(cell.value, str)
        ]
        for (row, column), cell in sorted(cells, key=lambda each: self._at(sheet.title, *each[0]) is None):
            cell._value = self._short(sheet, row, column, cell.value)  # noqa: SLF001 - a formula stays one

    def _short(self, sheet: Worksheet, row: int, column: int, text: str) -> str:
        """The formula in words, long ones with names for single cells and found rows in columns beside, or in parts."""
        home = self._at(sheet.title, row, column)
        spelled = self._formula(sheet.title, row, column, text)
        if len(spelled) <= LONGEST or shown_length(spelled) <= LONGEST:  # it is shown shorter, never longer
            return spelled
        if home is not None and home.splits(column):
            self._geometry.pop(sheet.title, None)
            return self._parts.of(sheet, home, (row, column), spelled)
        self._naming = True
        named = self._formula(sheet.title, row, column, text)
        self._naming = False
        self._geometry.pop(sheet.title, None)
        if shown_length(named) > LONGEST:
            named = (
                self._parts.named_beside(sheet, (row, column), named)
                if home is None
                else self._parts.of(sheet, home, (row, column), named)
            )
        if shown_length(named) > LONGEST:
            named = self._parts.of_result(sheet, home, (row, column), named)
        return named

    def _formula(self, sheet: str, row: int, column: int, text: str) -> str:
        if self._naming:
            return self._worded(sheet, row, column, text)
        place = sheet, row, column, text
        known = recall(place, self)
        if known is None:
            self._asked, before = Asked(), self.labels.sought
            known = self._worded(sheet, row, column, text)
            if self.labels.sought == before:
                remember(place, known, self._asked, self)
            self._asked = None
        return known

    def _worded(self, sheet: str, row: int, column: int, text: str) -> str:
        home = self._at(sheet, row, column)

        def spelled(found: re.Match[str]) -> str:
            if found["left"] is None:
                return found[0]
            return self._reference(_area(found[0], sheet), sheet, (row, column), home) or found[0]

        return _TOKEN.sub(spelled, text)

    def name(self, cell: tuple[str, int, int]) -> str:
        """The name of a cell; empty where it has none."""

        def meaning() -> str:
            grid, (sheet, row, column) = self._at(*cell), cell
            return "" if grid is None else _lookup(grid, _Area(sheet, column, row, column, row, single=True))

        return self.labels.named(*cell, meaning)

    def geometry(self, sheet: str) -> int:
        """A number for where the tables of a sheet stand, and their headings."""
        known = self._geometry.get(sheet)
        if known is None:
            found = tuple(grid.geometry() for grid in self.grids.get(sheet, ()))
            known = self._geometry[sheet] = number_of(found)
        return known

    def key_of(self, table: str, row: int, own_table: str, own_row: int) -> tuple[str, str, str | None]:
        """Heading and key of a row, empty where it has none; the heading that has the key in the own row."""
        heading, key = self._tables[table].keys.get(row, ("", ""))
        home = self._tables.get(own_table)
        return heading, key, home.own.get(own_row, {}).get(key) if home is not None else None

    def _at(self, sheet: str, row: int, column: int) -> Grid | None:
        for grid in self.grids.get(sheet, ()):
            if grid.holds(row, column):
                return grid
        return None

    def _reference(self, area: _Area, sheet: str, at: tuple[int, int], home: Grid | None) -> str:
        """The words for a reference; empty where it stays as it is."""
        row, column = at
        if self._asked is not None:
            self._asked.sheets.add(area.sheet)
        grid = self._at(area.sheet, area.top, area.left)
        if area.single and grid is home and grid is not None and grid.is_filled_in and area.top == row:
            return structured(grid.placed.name, grid.headings[area.left], item="#This Row")
        if area.single and not (grid is home and grid is not None and area.left == column):
            cell = area.sheet, area.top, area.left
            name = self.name(cell)
            if self._asked is not None:
                self._asked.names[cell] = name
            if name:
                return name
        if grid is None:
            if area.single and (home is not None or area.sheet != sheet):
                return self.labels.given(area.sheet, area.top, area.left)
            return ""
        if not grid.holds(area.bottom, area.right):
            return ""
        table, first, last = grid.placed.name, grid.headings[area.left], grid.headings[area.right]
        if area.top == area.bottom == grid.placed.header:
            return structured(table, first, last, "#Headers")
        if (area.top, area.bottom) == (grid.top, grid.bottom) and not area.single and grid.top < grid.bottom:
            whole = structured(table, first, last)
            place = area.sheet, area.left, area.top, area.right, area.bottom
            return (self._naming and self.labels.column(place, whole)) or whole
        if area.top != area.bottom:
            return self._some_rows(grid, area, row, home)
        if grid is home and area.top == row:
            return structured(table, first, last, "#This Row")
        if not area.single and grid.top == grid.bottom:
            return structured(table, first, last)
        if grid is home and area.left <= column <= area.right:
            # not the column that holds the formula itself: Excel would see a circle
            return self._name(grid, area) if area.single and not grid.is_filled_in else ""
        return self._by_key(grid, area, row, home)

    def _some_rows(self, grid: Grid, area: _Area, row: int, home: Grid | None) -> str:
        """The name of some rows of columns; a new one only where nobody sorts the rows."""
        place = area.sheet, area.left, area.top, area.right, area.bottom
        if grid is not home or grid.is_filled_in or area.left != area.right or row not in grid.keys:
            return self.labels.range(place)
        return self.labels.range(place, grid.headings[area.left], "di", grid.keys[row][1].strip('"'))

    def _name(self, grid: Grid, area: _Area) -> str:
        """The name of a cell of a table, which follows its row; empty where nothing tells the row."""
        if area.top not in grid.keys:
            return ""
        words = _words(grid, area), grid.headings[area.left], grid.placed.name
        return self.labels.of_words((area.sheet, area.top, area.left), *words, meaning=_lookup(grid, area))

    def _by_key(self, grid: Grid, area: _Area, row: int, home: Grid | None) -> str:
        table = grid.placed.name
        place = table, area.top, "" if home is None else home.placed.name, row
        heading, key, own = answer = self.key_of(*place)
        if self._asked is not None:
            self._asked.keys[place] = answer
        if not heading:
            return ""
        if self._naming and not own and area.single:
            return self._name(grid, area)
        sought = structured(home.placed.name, own, item="#This Row") if home and own else key
        found = f"MATCH({sought},{structured(table, heading)},0)"
        if self._naming and home is not None:
            found = self._parts.row_in(home, row, table, found)
        cells = structured(table, grid.headings[area.left], grid.headings[area.right])
        whole = ",0" if area.left != area.right else ""
        return f"INDEX({cells},{found}{whole})"


def _lookup(grid: Grid, area: _Area) -> str:
    """The formula that finds a cell of a table that people may sort; empty where its rows stay."""
    if not grid.is_filled_in or area.top not in grid.keys:
        return ""
    heading, key = grid.keys[area.top]
    table = grid.placed.name
    found = f"MATCH({key},{structured(table, heading)},0)"
    return f"INDEX({structured(table, grid.headings[area.left])},{found})"


_SHORT = 32
"""Characters of a title that names a cell."""


def _words(grid: Grid, area: _Area) -> str:
    """What tells a row from the others in the name of a cell: its title where that is short, its key."""
    title, key = grid.titles.get(area.top, ""), grid.keys[area.top][1].strip('"')
    return title if title and (len(title) <= _SHORT or len(title) <= len(key)) else key


@lru_cache(maxsize=32_768)
def _area(text: str, sheet: str) -> _Area:
    """A reference as it is written in a formula of a sheet."""
    found = _TOKEN.fullmatch(text)
    assert found is not None
    left, top = column_index_from_string(found["left"]), int(found["top"])
    if found["sheet"]:
        sheet = found["sheet"][1:-2].replace("''", "'")
    if found["right"] is None:
        return _Area(sheet, left, top, left, top, single=True)
    return _Area(
        sheet, left, top, column_index_from_string(found["right"]), int(found["bottom"]), single=False
    )
