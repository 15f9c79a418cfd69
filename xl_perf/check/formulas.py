"""Whether a formula of a file is the template's, also after sorting, inserting and another program's saving."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from xl_perf.formula.refs import MAX_COLUMN, MAX_ROW, parse_reference
from xl_perf.formula.spelling import builtin_name
from xl_perf.formula.tables import canonical
from xl_perf.formula.tokens import FormulaError, tokenize

if TYPE_CHECKING:
    from xl_perf.check.layout import Layout
    from xl_perf.package import CellKey

    Token = tuple[str, str]


@lru_cache(maxsize=50_000)
def _tokens(text: str) -> tuple[Token, ...] | None:
    """The tokens that count, in one form: no blanks, names in small letters, functions without prefixes."""
    try:
        found = tokenize(text)
    except FormulaError:
        return None
    tokens: list[Token] = []
    for kind, value in found:
        if kind == "space":
            continue
        if kind == "call":
            tokens.append((kind, builtin_name(value[:-1].rpartition("!")[2]) + "("))
        elif kind == "number":
            tokens.append((kind, repr(float(value))))
        elif kind == "name":
            tokens.append((kind, value.rpartition("!")[2].casefold()))
        elif kind == "table":
            written = canonical(value)
            tokens.append(("table" if "[" in written else "name", written))
        else:
            tokens.append((kind, value))
    return _without_calls_of_truth(tokens)


def _without_calls_of_truth(tokens: list[Token]) -> tuple[Token, ...]:
    """`TRUE()` as `TRUE`."""
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        kind, value = tokens[place]
        if kind == "call" and value in ("TRUE(", "FALSE(") and tokens[place + 1 : place + 2] == [("op", ")")]:
            result.append(("name", value[:-1].casefold()))
            place += 2
            continue
        result.append((kind, value))
        place += 1
    return tuple(result)


class Comparison:
    """Compares formulas of a template with those of a file.

    Args:
        layout: where the template's cells are in the file.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._is_same = layout.is_same
        self.displaced: Counter[tuple[str, str]] = Counter()
        """References (sheet, sheet that they read) that are as they were and read another row after sorting."""

    def alike(self, own: str, sheet: str, at: CellKey, theirs: str, home: CellKey, place: CellKey) -> bool:
        """Whether two formulas are the same.

        References may have moved as a program moves them: with the rows and columns that they name
        (insertion), or, when rows are sorted, not at all where they are absolute and with the formula where
        they are relative.

        Args:
            own: formula of the template, without `=`.
            sheet: its sheet.
            at: its cell.
            theirs: formula of the file.
            home: the cell for which its text is written: another one than `place` where a formula is shared.
            place: its cell.
        """
        if own == theirs and self._is_same and home == place == at:
            return True
        mine, others = _tokens(own), _tokens(theirs)
        if mine is None or others is None:
            return own == theirs
        if len(mine) != len(others):
            return False
        for (kind, value), (other_kind, other) in zip(mine, others, strict=True):
            if kind != other_kind:
                return False
            if kind == "ref":
                if not self._same_reference(value, other, sheet, at, home, place):
                    return False
            elif value != other:
                return False
        return True

    def _same_reference(
        self, own: str, theirs: str, sheet: str, at: CellKey, home: CellKey, place: CellKey
    ) -> bool:
        mine, other = parse_reference(own), parse_reference(theirs)
        if mine is None or other is None or mine.whole != other.whole or mine.single != other.single:
            return False
        target = self._layout.sheets.get(mine.sheet or sheet)
        here = self._layout.sheets[sheet].theirs
        if (other.sheet or here).casefold() != (target.theirs if target else mine.sheet or sheet).casefold():
            return False
        rows = {} if target is None else target.row_images
        columns = {} if target is None else target.column_images
        down, right = place[0] - home[0], place[1] - home[1]
        kept = True
        for wanted, found, is_fixed, images, step, most, axis in (
            (mine.row1, other.row1, other.absolute[0], rows, down, MAX_ROW, 0),
            (mine.col1, other.col1, other.absolute[1], columns, right, MAX_COLUMN, 1),
            (mine.row2, other.row2, other.absolute[2], rows, down, MAX_ROW, 0),
            (mine.col2, other.col2, other.absolute[3], columns, right, MAX_COLUMN, 1),
        ):
            now = found if is_fixed or found == most else found + step
            shift = place[axis] - at[axis]
            if now in (images.get(wanted) or (wanted, wanted + shift)):
                continue
            if now != (wanted if is_fixed else wanted + shift):
                return False
            kept = False
        if not kept and target is not None:
            self.displaced[here, target.theirs] += 1
        return True
