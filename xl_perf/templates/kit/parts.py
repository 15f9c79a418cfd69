"""Columns at the right end of a table, and cells beside a sheet, where long formulas go on."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import TableColumn

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.dress import dress, dress_head
from xl_perf.templates.kit.grids import shown_length, structured
from xl_perf.templates.kit.remarks import MARK
from xl_perf.templates.kit.shorten import divided, guarded, shortened
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.grids import Grid
    from xl_perf.templates.kit.labels import Labels

_NAMED = 24
"""Characters of a label that name the cell beside it."""
_WIDTH = 14
"""Width of such a column in characters."""
_AWAY = 2
"""Columns between everything on a sheet and the cells beside it."""


class Parts:
    """Writes long formulas in parts; the same text in another row has the same parts."""

    def __init__(self, book: Book, labels: Labels) -> None:
        self.book = book
        self._labels = labels
        self._shared: dict[tuple[str, str], str] = {}
        """Sheet and formula of a cell beside it -> its name."""
        self._beside: dict[str, int] = {}
        """Sheet -> first column of the cells beside it."""

    def of(self, sheet: Worksheet, grid: Grid, at: tuple[int, int], text: str) -> str:
        """The formula of a cell, its further parts written into the row.

        Args:
            sheet: the sheet.
            grid: the table.
            at: row and column of the cell.
            text: its formula.
        """
        split = _split if grid.splits(at[1]) else _guarded
        formula, parts = split(grid.placed.name, grid.headings[at[1]], text)
        for heading, part in parts:
            self._put(sheet, grid, at[0], heading, part)
        return formula

    def of_result(self, sheet: Worksheet, grid: Grid | None, at: tuple[int, int], text: str) -> str:
        """The formula of a result or of a cell outside tables, what it says last written beside it.

        Args:
            sheet: the sheet.
            grid: the table of the cell; None outside tables.
            at: row and column of the cell.
            text: its formula.
        """
        if grid is None:
            return "=" + divided(text[1:], shown_length, lambda part: self._put_beside(sheet, at[0], part))
        heading, found = grid.headings[at[1]], 0

        def cell(part: str) -> str:
            nonlocal found
            found += 1
            name = f"{heading} (segue{f' {found}' if found > 1 else ''})"
            self._put(sheet, grid, at[0], name, f"={part}")
            return structured(grid.placed.name, name, item="#This Row")

        return "=" + divided(text[1:], shown_length, cell)

    def named_beside(self, sheet: Worksheet, at: tuple[int, int], text: str) -> str:
        """The formula of a cell outside of tables, its further parts beside the sheet, each with its name.

        Args:
            sheet: the sheet.
            at: row and column of the cell.
            text: its formula.
        """
        label = self._labels.label(sheet.title, *at) or sheet.cell(*at).coordinate

        def cell(part: str) -> str:
            if (sheet.title, part) not in self._shared:
                column, first = self._first_beside(sheet), self._first_beside(sheet)
                while sheet.cell(at[0], column).value is not None:
                    column += 2
                number = "" if column == first else f" {(column - first) // 2 + 1}"
                cells = (
                    sheet.cell(at[0], column, f"={part}"),
                    sheet.cell(at[0], column + 1, f"{label}: dati{number}"),
                )
                for each in cells:
                    dress(each, Kind.CHECK, Level.LEAF, styles.GENERAL, "")
                words = f"{textwrap.shorten(label, _NAMED, placeholder='')} dati{number}"
                key = sheet.title, at[0], column
                self._shared[sheet.title, part] = self._labels.of_words(key, words, sheet.title)
            return self._shared[sheet.title, part]

        found = guarded(text[1:], shown_length, cell)
        if found == text[1:] and MARK in text:
            found = shortened(found, shown_length, cell)
        return f"={found}"

    def _first_beside(self, sheet: Worksheet) -> int:
        if sheet.title not in self._beside:
            last = max(cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
            self._beside[sheet.title] = last + _AWAY
        return self._beside[sheet.title]

    def _put_beside(self, sheet: Worksheet, row: int, part: str) -> str:
        """Put a formula into the first free cell beside a sheet; gives the reference to it."""
        column = self._first_beside(sheet)
        while sheet.cell(row, column).value is not None:
            column += 1
        cell = sheet.cell(row, column, f"={part}")
        dress(cell, Kind.CHECK, Level.LEAF, styles.GENERAL, "right")
        return f"${get_column_letter(column)}${row}"

    def row_in(self, grid: Grid, row: int, table: str, found: str) -> str:
        """A column that finds the row of another table by its key, for formulas that read several of its cells.

        Args:
            grid: the table of the formula.
            row: its row.
            table: the other table.
            found: the MATCH that finds the row.
        """
        sheet, number = self.book.workbook[grid.placed.sheet], 1
        heading = f"Riga in {table}"
        while self._held(sheet, grid, row, heading) not in (None, f"={found}"):
            number += 1
            heading = f"Riga in {table} ({number})"
        self._put(sheet, grid, row, heading, f"={found}")
        return structured(grid.placed.name, heading, item="#This Row")

    @staticmethod
    def _held(sheet: Worksheet, grid: Grid, row: int, heading: str) -> object:
        column = next((each for each, name in grid.headings.items() if name == heading), 0)
        return sheet.cell(row, column).value if column else None

    def _put(self, sheet: Worksheet, grid: Grid, row: int, heading: str, formula: str) -> None:
        column = next((each for each, name in grid.headings.items() if name == heading), 0)
        cell = sheet.cell(row, column or self._column(sheet, grid, heading))
        cell.value = formula
        dress(cell, Kind.CHECK, Level.LEAF, styles.GENERAL, "")

    def _column(self, sheet: Worksheet, grid: Grid, heading: str) -> int:
        """A new column of the table."""
        grid.right += 1
        column, letter = grid.right, get_column_letter(grid.right)
        for row in range(grid.placed.header, grid.bottom + 1):
            if sheet.cell(row, column).value is not None:
                raise ValueError(f"{grid.placed.name}: {letter}{row} is not free for {heading}")
        grid.headings[column] = heading
        head = sheet.cell(grid.placed.header, column, heading)
        dress_head(head, "center")
        table = sheet.tables[grid.placed.name]
        first, last = table.ref.split(":")
        table.ref = f"{first}:{letter}{last.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
        if table.autoFilter is not None:
            table.autoFilter.ref = table.ref
        table.tableColumns.append(TableColumn(id=len(table.tableColumns) + 1, name=heading))
        dimension = sheet.column_dimensions[letter]
        dimension.width = max(_WIDTH, dimension.width if dimension.customWidth else 0)
        return column


@lru_cache(maxsize=1_024)
def _split(table: str, heading: str, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The formula of a column and its further parts (heading and formula): the same in every row and workbook."""
    found: list[tuple[str, str]] = []

    def cell(part: str) -> str:
        name = f"{heading} (segue{f' {len(found) + 1}' if found else ''})"
        found.append((name, f"={part}"))
        return structured(table, name, item="#This Row")

    return "=" + shortened(text[1:], shown_length, cell), tuple(found)


@lru_cache(maxsize=1_024)
def _guarded(table: str, heading: str, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The formula of a result, and whether its cells are filled in a column of its own."""
    found: list[tuple[str, str]] = []

    def cell(part: str) -> str:
        found.append((f"{heading} (dati{f' {len(found) + 1}' if found else ''})", f"={part}"))
        return structured(table, found[-1][0], item="#This Row")

    return "=" + guarded(text[1:], shown_length, cell), tuple(found)
