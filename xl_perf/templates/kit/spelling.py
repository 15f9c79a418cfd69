"""Formulas in words: what was composed with cells is spelled with tables, columns, keys and names.

The modules of a workbook compose formulas with the references that the declarations of its tables give them, which are
cells. When every table has its place, `spell` writes what each reference means: the row's own cell by its heading, a column
by the table, a cell of another row by the key of that row, a single value by its defined name. So formulas read the same
rows after somebody sorted or inserted some, and people can read them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

from xl_perf.templates.kit.labels import Labels
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Placed, TableSpec

_TOKEN = re.compile(
    r'"[^"]*"'
    r"|(?P<sheet>'(?:[^']|'')+'!)?\$?(?<![\w.\[])(?P<left>[A-Z]{1,3})\$?(?P<top>[1-9][0-9]*)"
    r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>[1-9][0-9]*))?(?![\w.(!\[])"
)
_SPECIAL = re.compile(r"['\[\]#@]")
_FINDABLE = re.compile(r'[^"*?~]{1,255}', re.DOTALL)
"""Texts that MATCH finds as they are."""


@lru_cache(maxsize=16_384)
def structured(table: str, first: str, last: str = "", item: str = "") -> str:
    """A structured reference as files hold it.

    Args:
        table: name of the table.
        first: heading of its column.
        last: heading of the last one of several columns.
        item: `#This Row` or `#Headers`; the data when empty.
    """
    columns = f"[{_escaped(first)}]" + (f":[{_escaped(last)}]" if last and last != first else "")
    if item:
        return f"{table}[[{item}],{columns}]"
    is_plain = columns.count("[") == 1 and not re.search(
        "[,:]", columns
    )  # signs that part references elsewhere
    return f"{table}{columns}" if is_plain else f"{table}[{columns}]"


def _escaped(heading: str) -> str:
    return _SPECIAL.sub(r"'\g<0>", heading)


def as_shown(formula: str) -> str:
    """A formula as the program shows it inside of its table: `[@Giorni]` for `tblX[[#This Row],[Giorni]]`."""
    return re.sub(r"\w+\[\[#This Row\],\[((?:[^\]']|'.)+)\]\]", r"[@[\1]]", formula)


@dataclass(frozen=True, slots=True)
class _Area:
    """A reference in numbers; `single` where it was written as one cell."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int
    single: bool


@dataclass(slots=True)
class _Grid:
    """A table: its place, headings by column, and the texts that tell its rows apart."""

    placed: Placed
    headings: dict[int, str] = field(default_factory=dict)
    keys: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Row -> heading of a column and the constant by which it is found there, as a formula holds it."""
    own: dict[int, dict[str, str]] = field(default_factory=dict)
    """Row -> constant of a column whose constants all differ -> its heading."""
    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    def holds(self, row: int, column: int) -> bool:
        return self.placed.header <= row <= self.bottom and self.left <= column <= self.right


def spell(book: Book) -> None:
    """Spell the formulas of all sheets; define the names that they need."""
    speller = _Speller(book)
    for page in book.pages:
        speller.sheet(page.sheet)


class _Speller:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.grids: dict[str, list[_Grid]] = {}
        for spec, placed in book.tables:
            sheet = book.workbook[placed.sheet]
            self.grids.setdefault(placed.sheet, []).append(_grid(sheet, placed, spec))
        self.labels = Labels(book)

    def sheet(self, sheet: Worksheet) -> None:
        for (row, column), cell in sheet._cells.items():  # noqa: SLF001 - fewer cells than iter_rows gives
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = self._formula(sheet.title, row, column, cell.value)

    def _formula(self, sheet: str, row: int, column: int, text: str) -> str:
        home = self._at(sheet, row, column)

        def spelled(found: re.Match[str]) -> str:
            if found["left"] is None:
                return found[0]
            return self._reference(_area(found, sheet), sheet, (row, column), home) or found[0]

        return _TOKEN.sub(spelled, text)

    def _at(self, sheet: str, row: int, column: int) -> _Grid | None:
        for grid in self.grids.get(sheet, ()):
            if grid.holds(row, column):
                return grid
        return None

    def _reference(self, area: _Area, sheet: str, at: tuple[int, int], home: _Grid | None) -> str:
        """The words for a reference; empty where it stays as it is."""
        row, column = at
        if area.single:
            name = self.labels.named(area.sheet, area.top, area.left)
            if name:
                return name
        grid = self._at(area.sheet, area.top, area.left)
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
            return structured(table, first, last)
        if area.top != area.bottom:
            return ""
        if grid is home and area.top == row:
            return structured(table, first, last, "#This Row")
        if not area.single and grid.top == grid.bottom:
            return structured(table, first, last)
        if grid is home and area.left <= column <= area.right:
            return ""  # a column that holds the formula itself: Excel would see a circle
        return self._by_key(grid, area, row, home)

    def _by_key(self, grid: _Grid, area: _Area, row: int, home: _Grid | None) -> str:
        if area.top not in grid.keys:
            return ""
        table = grid.placed.name
        heading, key = grid.keys[area.top]
        own = home.own.get(row, {}).get(key) if home is not None else None
        sought = structured(home.placed.name, own, item="#This Row") if home and own else key
        cells = structured(table, grid.headings[area.left], grid.headings[area.right])
        whole = ",0" if area.left != area.right else ""
        return f"INDEX({cells},MATCH({sought},{structured(table, heading)},0){whole})"


def _area(found: re.Match[str], sheet: str) -> _Area:
    left, top = column_index_from_string(found["left"]), int(found["top"])
    if found["sheet"]:
        sheet = found["sheet"][1:-2].replace("''", "'")
    if found["right"] is None:
        return _Area(sheet, left, top, left, top, single=True)
    return _Area(
        sheet, left, top, column_index_from_string(found["right"]), int(found["bottom"]), single=False
    )


def _grid(sheet: Worksheet, placed: Placed, spec: TableSpec) -> _Grid:
    grid = _Grid(placed)
    telling = {column.heading for column in spec.columns if column.kind in (Kind.KEY, Kind.LABEL)}
    grid.headings = {column_index_from_string(at): heading for heading, at in placed.letters.items()}
    grid.top, grid.bottom = min(placed.numbers.values()), placed.last
    grid.left, grid.right = min(grid.headings), max(grid.headings)
    for at, heading in sorted(grid.headings.items(), key=lambda each: each[1] != spec.key):
        if heading not in telling:
            continue
        found = dict(_constants(sheet, grid, at))
        often = Counter(text.casefold() for text in found.values())
        for row, text in found.items():
            if often[text.casefold()] == 1:
                grid.keys.setdefault(row, (heading, text))
        if len(often) == len(found):
            for row, text in found.items():
                grid.own.setdefault(row, {}).setdefault(text, heading)
    return grid


def _constants(sheet: Worksheet, grid: _Grid, column: int) -> Iterator[tuple[int, str]]:
    """The constants of a column that MATCH can find, as a formula holds them: texts, and the numbers of a first column."""
    for row in range(grid.top, grid.bottom + 1):
        cell: Cell | None = sheet._cells.get((row, column))  # noqa: SLF001 - does not make the cell
        if cell is None or not cell.protection.locked:
            continue
        if cell.data_type == "n" and column == grid.left and isinstance(cell.value, int):
            yield row, str(cell.value)
        elif cell.data_type == "s" and _FINDABLE.fullmatch(str(cell.value)):
            yield row, f'"{cell.value}"'
