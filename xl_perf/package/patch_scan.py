"""Other values in the formula cells of an ordinary sheet part: the quick way of `xl_perf.package.patch`."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.package.scalars import same_value, storable
from xl_perf.package.stored import result_content, start_tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.values import CellValue

_BEFORE_KEY = len(b'<c r="')


def patch_scan(scan: SheetScan, values: Mapping[CellKey, CellValue], where: str) -> bytes | None:
    """The part with new values of formula cells.

    Args:
        scan: the sheet as it is.
        values: new values.
        where: file and sheet for messages.

    Returns:
        The part in UTF-8, the same object where no value differs; None where a cell is no formula cell.

    Raises:
        WorkbookError: a value that no cell can hold; names the cell.
    """
    data = scan.part.utf8
    each = iter(scan.places)
    pieces: list[bytes] = []
    tags: dict[tuple[bytes, str | None], bytes] = {}
    begin = found = 0
    for cell, start, tag_end, formula_end, end in zip(scan.cells, each, each, each, each, strict=True):
        key = cell[:2]
        if key not in values:
            continue
        found += 1
        kind: str | None
        value = values[key]
        if type(value) is float and isfinite(value):
            if type(cell.value) is float and cell.value == value:
                continue
            kind, content = None, b"<v>%b</v>" % (b"%r" % value).removesuffix(b".0") if value else b"<v>0</v>"
        else:
            value = storable(value)
            if same_value(cell.value, value):
                continue
            try:
                kind, content = result_content(b"", value)
            except ValueError as error:
                raise WorkbookError(
                    f"the value cannot be stored: {error}", where=f"{where}!{cell_name(key)}"
                ) from error
        attributes = data.index(b'"', start + _BEFORE_KEY) + 1
        old = data[attributes:tag_end]
        new = tags.get((old, kind))
        if new is None:
            new = tags[old, kind] = start_tag(b'<c r=""' + old, kind)[_BEFORE_KEY + 1 :]
        if new == old:
            pieces.append(data[begin:formula_end])
        else:
            pieces += (data[begin:attributes], new, data[tag_end:formula_end])
        pieces += (content, b"</c>")
        begin = end
    if found != len(values):
        return None
    if not pieces:
        return data
    pieces.append(data[begin:])
    return b"".join(pieces)
