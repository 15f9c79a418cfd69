"""Titles and headings of the tables of the Relazione, as `tavole.toml` gives them: the plan's order and words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("tavole.toml")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and the measure or the formula below it.

    Attributes:
        title: the heading, with `{anno}`, `{prima}` and `{secondo}` for years.
        measure: measure that stands below it; empty for a formula.
        formula: formula that stands below it; empty for a measure.
        words: aspect of the descriptions that stand below it; empty for numbers.
        back: how many years before the year of the Relazione.
    """

    title: str
    measure: str = ""
    formula: str = ""
    words: str = ""
    back: int = 0

    def heading(self, year: int) -> str:
        """The heading for a year."""
        return self.title.format(anno=year, prima=year - 1, secondo=year - 2)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table: the role of its rows in the edition, its chapter, its title, the heading of its rows, its columns."""

    role: str
    chapter: str
    title: str
    rows: str
    columns: tuple[Column, ...]


@cache
def layouts() -> tuple[Layout, ...]:
    """The tables in the order of the plan."""
    with _FILE.open("rb") as file:
        found = tomllib.load(file)["tavola"]
    return tuple(
        Layout(
            one["ruolo"],
            one["capitolo"],
            one.get("titolo", ""),
            one["righe"],
            tuple(
                Column(
                    c["titolo"],
                    c.get("misura", ""),
                    c.get("formula", ""),
                    c.get("testo", ""),
                    c.get("anni", 0),
                )
                for c in one["colonne"]
            ),
        )
        for one in found
    )
