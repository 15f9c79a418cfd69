"""The tables of a workbook as formulas refer to them: headings by column, keys by row."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

from xl_perf.templates.kit.palette import is_locked
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.kit.model import Placed, TableSpec

_PLAIN = re.compile(r"[^\W_][\w ]*")
"""Headings that need no brackets of their own in a reference."""
_SPECIAL = re.compile(r"['\[\]#@]")
_OWN_ROW = re.compile(r"\w+\[\[#This Row\],\[((?:[^\]']|'.)+)\]\]")
_OWN_COLUMNS = re.compile(r"\[\[#This Row\],(\[(?:[^\]']|'.)+\]:\[(?:[^\]']|'.)+\])\]")
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
    plain = last in ("", first) and _PLAIN.fullmatch(first)
    return f"{table}{columns}" if plain else f"{table}[{columns}]"


def _escaped(heading: str) -> str:
    return _SPECIAL.sub(r"'\g<0>", heading)


def as_shown(formula: str) -> str:
    """A formula as the program shows it inside of its table: `[@Giorni]` for `tblX[[#This Row],[Giorni]]`.

    Several columns keep the table's name: `tblX[@[Giorni]:[Mesi]]`.
    """
    return _OWN_COLUMNS.sub(r"[@\1]", _OWN_ROW.sub(r"[@[\1]]", formula))


@lru_cache(maxsize=16_384)
def shown_length(formula: str) -> int:
    """Characters of a formula as the program shows it inside of its table."""
    return len(as_shown(formula))


@dataclass(slots=True)
class Grid:
    """A table: its place, headings by column, and the texts that tell its rows apart."""

    placed: Placed
    spec: TableSpec
    headings: dict[int, str] = field(default_factory=dict)
    keys: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Row -> heading of a column and the constant by which it is found there, as a formula holds it."""
    own: dict[int, dict[str, str]] = field(default_factory=dict)
    """Row -> constant of a column whose constants all differ -> its heading."""
    titles: dict[int, str] = field(default_factory=dict)
    """Row -> the first label that no other row has."""
    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    is_filled_in: bool = False
    """Whether people fill in some of its cells, and may sort its rows."""

    def geometry(self) -> tuple[object, ...]:
        """Where it stands, and its headings."""
        edges = self.placed.header, self.top, self.bottom, self.left, self.right
        return self.placed.name, self.is_filled_in, *edges, tuple(self.headings.items())

    def splits(self, column: int) -> bool:
        """Whether the formulas of a column may go on in another one: those of checks may."""
        heading = self.headings[column]
        return any(each.heading == heading and each.kind is Kind.CHECK for each in self.spec.columns)

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell, headings included, is one of the table."""
        return self.placed.header <= row <= self.bottom and self.left <= column <= self.right


def grid_of(sheet: Worksheet, placed: Placed, spec: TableSpec) -> Grid:
    """A table as it stands in its sheet."""
    grid = Grid(placed, spec)
    telling = {
        column.heading
        for column in spec.columns
        if column.kind in (Kind.KEY, Kind.LABEL) or column.heading == spec.key
    }
    grid.headings = {column_index_from_string(at): heading for heading, at in placed.letters.items()}
    grid.top, grid.bottom = min(placed.numbers.values()), placed.last
    grid.left, grid.right = min(grid.headings), max(grid.headings)
    cells = sheet._cells  # noqa: SLF001 - does not make cells
    grid.is_filled_in = any(
        not is_locked(cells[row, at])
        for row in range(grid.top, grid.bottom + 1)
        for at in grid.headings
        if (row, at) in cells
    )
    labels = {column.heading for column in spec.columns if column.kind is Kind.LABEL}
    for at, heading in sorted(grid.headings.items(), key=lambda each: each[1] != spec.key):
        if heading not in telling:
            continue
        found = dict(_constants(sheet, grid, at))
        often = Counter(text.casefold() for text in found.values())
        for row, text in found.items():
            if often[text.casefold()] == 1:
                grid.keys.setdefault(row, (heading, text))
                if heading in labels:
                    grid.titles.setdefault(row, text.strip('"'))
        if len(often) == len(found):
            for row, text in found.items():
                grid.own.setdefault(row, {}).setdefault(text, heading)
    return grid


def _constants(sheet: Worksheet, grid: Grid, column: int) -> Iterator[tuple[int, str]]:
    """The constants of a column that MATCH finds, as a formula holds them: texts; numbers of a first or key column."""
    numbers = column == grid.left or grid.headings[column] == grid.spec.key
    for row in range(grid.top, grid.bottom + 1):
        cell: Cell | None = sheet._cells.get((row, column))  # noqa: SLF001 - does not make the cell
        if cell is None or not is_locked(cell):
            continue
        if cell.data_type == "n" and numbers and isinstance(cell.value, int):
            yield row, str(cell.value)
        elif cell.data_type == "s" and _FINDABLE.fullmatch(str(cell.value)):
            yield row, f'"{cell.value}"'
