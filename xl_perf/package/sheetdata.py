"""The cells of a sheet part with the places of their bytes, read the fast way where the part is an ordinary one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xl_perf.errors import WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.package.xmlpart import check_wellformed

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.package.model import Cell, CellKey
    from xl_perf.package.scalars import Decoder
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


def read_sheet(part: XmlPart, decoder: Decoder, limit: int, *, is_checked: bool = False) -> SheetData:
    """The cells of a worksheet part in document order.

    Args:
        part: the part's text.
        decoder: resolves stored values (shared strings, dates) and names the sheet in messages.
        limit: how many cells are accepted.
        is_checked: the part is known to be well-formed.

    Raises:
        WorkbookError: malformed XML, a cell outside the grid or twice, a value that is not what its type says, or
            more cells than the limit.
    """
    from xl_perf.package.sheetdata_fast import read_fast  # noqa: PLC0415 - it needs the classes above

    if not is_checked:
        check_wellformed(part.utf8, decoder.where)
    found = read_fast(part, decoder, limit)
    if found is None:
        from xl_perf.package.sheetdata_slow import read_slow  # noqa: PLC0415 - rarely needed

        found = read_slow(part, decoder, limit)
    _check_order(found, decoder.where)
    return found


def _check_order(found: SheetData, where: str) -> None:
    """Refuses a cell or a row that is stored twice; where all ascend, as in almost every file, none can be."""
    last = (0, 0)
    for cell in found.cells:
        key = cell.row, cell.column
        if key <= last:
            break
        last = key
    else:
        numbers = [row.number for row in found.rows]
        if all(map(int.__lt__, numbers, numbers[1:])):
            return
    seen: set[CellKey] = set()
    for cell in found.cells:
        key = cell.row, cell.column
        if key in seen:
            raise WorkbookError("the cell is stored twice", where=f"{where}!{cell_name(key)}")
        seen.add(key)
