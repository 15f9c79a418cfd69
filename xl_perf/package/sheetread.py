"""Reads the cells of a sheet part, the fast way where the part is an ordinary one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.package.sheetdata_fast import read_fast
from xl_perf.package.xmlpart import check_wellformed

if TYPE_CHECKING:
    from xl_perf.package.model import CellKey
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.sheetdata import SheetData
    from xl_perf.package.xmlpart import XmlPart


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
