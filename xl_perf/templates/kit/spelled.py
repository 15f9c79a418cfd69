"""Formulas spelled for one workbook serve in the next one, where all that was asked for them has the same answer.

The workbooks of many structures compose the same formula in the same cell nearly everywhere. What its words depend on
is noted when they are found: names of cells, where the tables of a sheet stand, keys of rows.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    Place = tuple[str, int, int, str]
    """Sheet, row, column and the formula as it was composed."""
    Key = tuple[str, str, str | None]
    """Heading and key of a row, empty where it has none; the heading that has the key in the row of the formula."""

_MOST: Final = 16_384
"""Formulas that are remembered."""
_VARIANTS: Final = 4
"""Ways in which one of them is remembered."""


@dataclass(slots=True)
class Asked:
    """What was asked for a formula, with the answers.

    Attributes:
        names: cell -> its name.
        sheets: sheets whose tables were looked at.
        keys: table, row, table of the formula and row of the formula -> key.
    """

    names: dict[tuple[str, int, int], str] = field(default_factory=dict)
    sheets: set[str] = field(default_factory=set)
    keys: dict[tuple[str, int, str, int], Key] = field(default_factory=dict)


class Workbook(Protocol):
    """A workbook that is asked."""

    def name(self, cell: tuple[str, int, int]) -> str:
        """The name of a cell; empty where it has none."""

    def geometry(self, sheet: str) -> int:
        """A number for where the tables of a sheet stand, and their headings."""

    def key_of(self, table: str, row: int, own_table: str, own_row: int) -> Key:
        """The key of a row."""


class _Spelled(NamedTuple):
    words: str
    geometry: tuple[tuple[str, int], ...]
    names: tuple[tuple[tuple[str, int, int], str], ...]
    keys: tuple[tuple[tuple[str, int, str, int], Key], ...]


_known: dict[Place, list[_Spelled]] = {}
_numbers: dict[object, int] = {}
_next = itertools.count()


def number_of(geometry: object) -> int:
    """A number that no other geometry has or had."""
    if len(_numbers) >= _MOST:
        _numbers.clear()
    found = _numbers.get(geometry)
    if found is None:
        found = _numbers[geometry] = next(_next)
    return found


def recall(place: Place, workbook: Workbook) -> str | None:
    """The words of a formula, None where none are known that hold in this workbook."""
    for words, geometry, names, keys in _known.get(place, ()):
        if (
            all(workbook.geometry(sheet) == found for sheet, found in geometry)
            and all(workbook.name(cell) == found for cell, found in names)
            and all(workbook.key_of(*asked) == found for asked, found in keys)
        ):
            return words
    return None


def remember(place: Place, words: str, asked: Asked, workbook: Workbook) -> None:
    """Keeps the words of a formula, with what they depend on."""
    if len(_known) >= _MOST:
        _known.clear()
    geometry = tuple((sheet, workbook.geometry(sheet)) for sheet in sorted({place[0], *asked.sheets}))
    variants = _known.setdefault(place, [])
    variants.insert(0, _Spelled(words, geometry, tuple(asked.names.items()), tuple(asked.keys.items())))
    del variants[_VARIANTS:]


def forget() -> None:
    """Lets go of all formulas."""
    _known.clear()
