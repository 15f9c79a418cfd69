"""Shared formulas, as Excel writes those that were filled down, spelled out for each of their cells.

The file holds the text of one cell and says which others share it. Spelled out they are formulas like all others, read and
calculated in columns; only those whose text cannot be moved as it stands are left to `xl_perf.recalc.recipe`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xl_perf.package.refs import MAX_COLUMN, MAX_ROW, column_letters, column_number
from xl_perf.recalc.formula import FormulaError, parse_reference, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.package.sheetscan import SheetScan

_INDEX: Final = re.compile(rb' si="([0-9]+)"')
_CORNER: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
_WHOLE_COLUMN: Final = re.compile(r"(\$?)([A-Za-z]{1,3})")
SHARED: Final = b' t="shared"'


@dataclass(frozen=True, slots=True)
class _Column:
    """A shared formula in one column: its text with `%d` for each row number that moves, and those in the first cell."""

    text: str
    rows: tuple[int, ...]

    def moved(self, down: int) -> str | None:
        """The text some rows further down; None where a reference would leave the grid."""
        rows = [row + down for row in self.rows]
        return self.text % tuple(rows) if not rows or (min(rows) > 0 and max(rows) <= MAX_ROW) else None


def spelled_out(scan: SheetScan, places: Iterable[int]) -> list[dict[int, str]]:
    """The texts of shared formulas.

    Args:
        scan: the formula cells of a sheet.
        places: those of them that share a formula.

    Returns:
        For each shared formula the texts by place; one that is missing cannot be spelled out in all its cells.
    """
    groups: dict[bytes, list[int]] = {}
    for place in places:
        found = _INDEX.search(scan.formulas[place])
        groups.setdefault(found[1] if found else b"", []).append(place)
    spelled = [_group(scan, members) for number, members in groups.items() if number]
    return [texts for texts in spelled if texts is not None]


def _group(scan: SheetScan, members: list[int]) -> dict[int, str] | None:
    own = {place: text for place in members if (text := scan.text(place)[0])}
    if not own or any(scan.text(place)[1] for place in own):
        return None
    master = next(iter(own))
    row, column = scan.keys[master]
    columns: dict[int, _Column | None] = {}
    texts: dict[int, str] = {}
    for place in members:
        if place in own:  # a cell with a text of its own, whatever it says of sharing
            texts[place] = own[place]
            continue
        key = scan.keys[place]
        if key[1] not in columns:
            columns[key[1]] = _in_column(own[master], key[1] - column)
        moving = columns[key[1]]
        moved = None if moving is None else moving.moved(key[0] - row)
        if moved is None:
            return None
        texts[place] = moved
    return texts


def _in_column(text: str, right: int) -> _Column | None:
    """A shared formula in the column that is some columns to the right of its first cell's."""
    rows: list[int] = []

    def corner(found: re.Match[str]) -> str:
        letters = found[2] if found[1] else _letters(found[2], right)
        if found[3]:
            return f"{found[1]}{letters}${found[4]}"
        rows.append(int(found[4]))
        return f"{found[1]}{letters}%d"

    parts = []
    try:
        for kind, token in tokenize(text):
            if kind != "ref":
                if kind == "table":
                    return None  # what a row of a table is depends on the cell
                parts.append(token.replace("%", "%%"))
                continue
            mark = token.rfind("!") + 1
            prefix, body = token[:mark].replace("%", "%%"), token[mark:]
            whole = getattr(parse_reference(token), "whole", "")
            if whole == "rows":
                return None
            pattern = _WHOLE_COLUMN if whole else _CORNER
            moved = [
                f"{found[1]}{found[2] if found[1] else _letters(found[2], right)}" if whole else corner(found)
                for found in map(pattern.fullmatch, body.split(":"))
                if found is not None
            ]
            if len(moved) != body.count(":") + 1:
                return None
            parts.append(prefix + ":".join(moved))
    except (FormulaError, _OutsideError):
        return None
    return _Column("".join(parts), tuple(rows))


class _OutsideError(Exception):
    """A reference would leave the grid."""


def _letters(letters: str, right: int) -> str:
    number = column_number(letters) + right
    if not 0 < number <= MAX_COLUMN:
        raise _OutsideError
    return column_letters(number) if right else letters
