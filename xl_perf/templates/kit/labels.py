"""Names for cells and parts of columns: those of a workbook, and new ones from the words that stand beside them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter, quote_sheetname, range_boundaries

from xl_perf.catalog import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.book import Book

_AREA = re.compile(r"'?((?:[^']|'')+?)'?!(\$[A-Z]+\$[0-9]+(?::\$[A-Z]+\$[0-9]+)?)")
_LONGEST = 60
"""Characters of a name that is made from a label."""
_NEAR = 8
"""Rows below a table whose cells stand under its headings."""


class Labels:
    """The names of a workbook by cell.

    Args:
        book: the workbook, its tables placed and its names defined.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sought = 0
        """How often a name was sought in the words beside cells: such names depend on all that were made before."""
        self._names: dict[tuple[str, int, int], str] = {}
        self._ranges: dict[tuple[str, int, int, int, int], str] = {}
        self._taken = {name.casefold() for name in FUNCTIONS}
        for name, defined in book.workbook.defined_names.items():
            self._taken.add(name.casefold())
            found = _AREA.fullmatch(defined.attr_text or "")
            if not found or defined.hidden:
                continue
            sheet, (left, top, right, bottom) = found[1].replace("''", "'"), range_boundaries(found[2])
            if (left, top) == (right, bottom):
                self._names.setdefault((sheet, top, left), name)
            else:
                self._ranges.setdefault((sheet, left, top, right, bottom), name)

    def named(self, sheet: str, row: int, column: int, meaning: Callable[[], str] = str) -> str:
        """The name of a cell; empty where it has none. One that was proposed for it is defined now.

        Args:
            sheet: name of the sheet.
            row: row of the cell.
            column: column of the cell.
            meaning: gives the formula that finds the cell wherever its row was sorted to; empty where it stays.
        """
        key = sheet, row, column
        if key not in self._names and key in self.book.proposed:
            self._define(key, self.book.proposed[key], meaning())
        return self._names.get(key, "")

    def range(self, key: tuple[str, int, int, int, int], *words: str) -> str:
        """The name of cells (sheet, left, top, right, bottom); a new one made from words where it has none.

        One that was proposed for them is defined now. Empty where they have none and there are no words.
        """
        self.sought += 1
        proposed = self.book.proposed.get(key, "")
        if key not in self._ranges and (proposed or words):
            name = proposed or name_from(*words)
            if name.casefold() in self._taken:
                name = f"{name}_{len(self._taken)}"
            self._taken.add(name.casefold())
            self._ranges[key] = name
            sheet, left, top, right, bottom = key
            first, last = f"${get_column_letter(left)}${top}", f"${get_column_letter(right)}${bottom}"
            self.book.define(name, f"{quote_sheetname(sheet)}!{first}:{last}")
        return self._ranges.get(key, "")

    def column(self, key: tuple[str, int, int, int, int], meaning: str) -> str:
        """The name that was proposed for a whole column of a table, defined as its `meaning`; empty without."""
        name = self.book.proposed.get(key, "")
        if name:
            self.sought += 1
            self._taken.add(name.casefold())
            self.book.define(name, meaning)
        return name

    def given(self, sheet: str, row: int, column: int) -> str:
        """A name made from the words beside a cell outside of tables; empty where there are none."""
        self.sought += 1
        words = [self.label(sheet, row, column), self._heading(sheet, row, column)]
        short = name_from(*[word for word in words if word])
        if not short:
            return ""
        key = sheet, row, column
        for name in (name_from(words[0]), short, name_from(sheet, *words)):
            if name and name.casefold() not in self._taken:
                return self._define(key, name)
        return ""

    def of_words(self, key: tuple[str, int, int], *words: str, meaning: str = "") -> str:
        """The name of a cell; one made from as many of the words as it takes to be a new one where it has none.

        `meaning` is the formula that finds the cell, where its row may be sorted.
        """
        self.sought += 1
        known = self.named(*key)
        for number in range(1, len(words) + 1):
            name = name_from(*words[:number])
            if not known and name and name.casefold() not in self._taken:
                known = self._define(key, name, meaning)
        return known or self._define(key, f"{name_from(*words)}_{len(self._taken)}", meaning)

    def _define(self, key: tuple[str, int, int], name: str, meaning: str = "") -> str:
        sheet, row, column = key
        self._taken.add(name.casefold())
        self._names[key] = name
        self.book.define(name, meaning or f"{quote_sheetname(sheet)}!${get_column_letter(column)}${row}")
        return name

    def label(self, sheet: str, row: int, column: int) -> str:
        """The text that stands left of a cell; empty where there is none."""
        cells = self.book.workbook[sheet]._cells  # noqa: SLF001 - does not make cells
        for at in range(column - 1, 0, -1):
            value = cells[row, at].value if (row, at) in cells else None
            if isinstance(value, str) and value and not value.startswith("="):
                return value
        return ""

    def _heading(self, sheet: str, row: int, column: int) -> str:
        """The heading of the table above."""
        letter = get_column_letter(column)
        above = [
            placed
            for _, placed in self.book.tables
            if placed.sheet == sheet and placed.last < row <= placed.last + _NEAR
        ]
        for placed in sorted(above, key=lambda each: -each.last):
            for heading, at in placed.letters.items():
                if at == letter:
                    return heading
        return ""


def name_from(*texts: str) -> str:
    """Texts as a defined name: plain letters, digits and underscores; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", " ".join(texts)).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"\([^)]*\)", " ", plain))
    name = ""
    for word in words:
        if len(name) + len(word) + 1 > _LONGEST:
            break
        name = f"{name}_{word}" if name else word[:1].upper() + word[1:]
    if not name:
        return ""
    return name if "_" in name and not name[0].isdigit() else f"Valore_{name}"
