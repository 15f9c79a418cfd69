"""The cells that formulas of one shape read: found once in one of them, then told by row numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from xl_perf.package.refs import MAX_ROW
from xl_perf.recalc.formula import parse_reference, tokenize
from xl_perf.recalc.operands import DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.recalc.scope import Scope

Rect: TypeAlias = tuple[str, int, int, int, int]
"""Sheet, first row, first column, last row, last column."""


@dataclass(frozen=True, slots=True)
class Area:
    """A reference in formulas of one shape.

    `sheet` is None for the formula's own; `rows` are the places of its row numbers among the formula's digits, or where
    `fixed` the row numbers themselves.
    """

    sheet: str | None
    columns: tuple[int, int]
    rows: tuple[int, int]
    fixed: bool = False

    def cells(self, sheet: str, digits: Sequence[str]) -> Rect | None:
        """The cells in one formula, None where they lie outside the grid.

        Args:
            sheet: name of the formula's sheet.
            digits: what `DIGITS` finds in the formula's text.
        """
        first, last = self.rows
        if not self.fixed:
            first, last = int(digits[first]), int(digits[last])
            if first > last:
                first, last = last, first
            if not 0 < first <= last <= MAX_ROW:
                return None
        return self.sheet or sheet, first, self.columns[0], last, self.columns[1]


def areas_of(text: str, scope: Scope) -> tuple[Area, ...]:
    """The references of a formula whose own text serves as it is, for all formulas of its shape."""
    return tuple(_areas(text, scope))


def _areas(text: str, scope: Scope) -> Iterator[Area]:
    starts = [found.start() for found in DIGITS.finditer(text)]
    position = 0
    for kind, token in tokenize(text):
        position += len(token)
        ref = parse_reference(token) if kind == "ref" else None
        if ref is None:
            continue
        # the digits of its rows are the last ones of the token; those of a sheet's name come before the mark
        mark = position - len(token) + token.rfind("!") + 1
        own = [place for place, start in enumerate(starts) if mark <= start < position]
        sheet = scope.sheet(ref.sheet) if ref.sheet is not None else None
        columns = ref.col1, ref.col2
        if own and (len(own) == 2 or ref.single):
            yield Area(sheet, columns, (own[0], own[-1]))
        else:
            yield Area(sheet, columns, (ref.row1, ref.row2), fixed=True)
