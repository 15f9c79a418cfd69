"""The cells of a sheet part with the places of their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.package.model import Cell, CellKey
    from xl_perf.package.xmlpart import XmlPart

Span: TypeAlias = tuple[int, int]
"""Start and end offset in the part's UTF-8 bytes; (-1, -1) where there is nothing."""

NOWHERE: Span = (-1, -1)


class CellSpans(NamedTuple):
    """Where a cell's pieces are: start tag, formula, value, inline string, and the end of the whole element."""

    tag: Span
    formula: Span
    value: Span
    inline: Span
    end: int


class RowSpans(NamedTuple):
    """Where a row's pieces are: its number, start tag, the end tag's start (-1 where it is `<row/>`)."""

    number: int
    tag: Span
    close: int


@dataclass
class SheetData:
    """The cells of one sheet part.

    `starts` holds the offset of each cell's `<c` beside `cells`; `spans(place)` finds the pieces of the cell at a place
    of that list. `inside` is the content of sheetData, or the whole tag where it is `<sheetData/>`. `prefix` is the
    namespace prefix of the part's elements with its colon, empty in almost every file.
    """

    part: XmlPart
    cells: list[Cell]
    starts: list[int]
    rows: list[RowSpans]
    inside: Span
    spans: Callable[[int], CellSpans]
    prefix: bytes = b""

    @cached_property
    def index(self) -> dict[CellKey, int]:
        """Cell key -> place in `cells`."""
        return {(cell.row, cell.column): place for place, cell in enumerate(self.cells)}
