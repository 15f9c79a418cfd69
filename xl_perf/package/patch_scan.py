"""Other values in the formula cells of an ordinary sheet part: the quick way of `xl_perf.package.patch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.package.scalars import same_value, storable
from xl_perf.package.sheetscan import HEAD, PIECES, VALUE
from xl_perf.package.stored import result_content, start_tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.values import CellValue

_START = b'<c r="'


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
    if not values.keys() <= scan.index.keys():
        return None
    index, stored = scan.index, scan.stored
    pieces = scan.pieces.copy()
    heads: dict[tuple[bytes, str | None], bytes] = {}
    changed = False
    for key, value in values.items():
        place = index[key]
        old = stored[place]
        kind: str | None
        if type(value) is float and value - value == 0.0:
            if old == value and type(old) is float:
                continue
            kind, content = None, b"<v>%b</v>" % (b"%r" % value).removesuffix(b".0") if value else b"<v>0</v>"
        else:
            value = storable(value)  # noqa: PLW2901 - the value as files hold it
            if same_value(old, value):
                continue
            try:
                kind, content = result_content(b"", value)
            except ValueError as error:
                raise WorkbookError(
                    f"the value cannot be stored: {error}", where=f"{where}!{cell_name(key)}"
                ) from error
        changed = True
        at = PIECES * place
        pieces[at + VALUE] = content
        head = pieces[at + HEAD]
        new = heads.get((head, kind))
        if new is None:
            new = heads[head, kind] = start_tag(_START + head, kind)[len(_START) :]
        pieces[at + HEAD] = new
    if not changed:
        return scan.part.utf8
    begin, end = scan.inside
    data = scan.part.utf8
    return b"".join((data[:begin], *pieces, data[end:]))
