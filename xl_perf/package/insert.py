"""Places for cells that a sheet does not have yet."""

from __future__ import annotations

import bisect
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetdata import SheetData


def insertions(data: SheetData, elements: Mapping[CellKey, bytes]) -> list[tuple[int, int, bytes]]:
    """Edits (start, end, new bytes) that put cell elements where they belong, rows made where they are missing.

    The attributes of rows (`spans`) and the sheet's dimension stay as they are: both are hints.

    Args:
        data: the sheet as it is; its rows ascend.
        elements: (row, column) of cells that do not exist -> their elements.
    """
    rows = {row.number: row for row in data.rows}
    numbers = sorted(rows)
    there = sorted(
        ((cell.row, cell.column), start) for cell, start in zip(data.cells, data.starts, strict=True)
    )
    edits: dict[tuple[int, int], bytes] = {}
    for number, keys in groupby(sorted(elements), key=lambda key: key[0]):
        row = rows.get(number)
        if row is not None and row.close >= 0:
            for key in keys:
                place = bisect.bisect(there, (key, 0))
                is_before = place < len(there) and there[place][0][0] == number
                at = there[place][1] if is_before else row.close
                edits[at, at] = edits.get((at, at), b"") + elements[key]
            continue
        cells = b"".join(elements[key] for key in keys)
        if row is not None:  # `<row/>`
            edits[row.tag] = _opened(data.part.utf8[slice(*row.tag)], data.prefix + b"row", cells)
            continue
        place = bisect.bisect(numbers, number)
        at = rows[numbers[place]].tag[0] if place < len(numbers) else _end(data)
        new = b'<%brow r="%d">%b</%brow>' % (data.prefix, number, cells, data.prefix)
        edits[at, at] = edits.get((at, at), b"") + new
    whole = data.part.utf8[slice(*data.inside)]
    if not data.rows and whole.startswith(b"<") and whole.endswith(b"/>"):  # `<sheetData/>`
        return [(*data.inside, _opened(whole, data.prefix + b"sheetData", b"".join(edits.values())))]
    return [(*span, new) for span, new in edits.items()]


def _opened(tag: bytes, name: bytes, content: bytes) -> bytes:
    """An empty element with a content."""
    return tag[:-2].rstrip() + b">" + content + b"</" + name + b">"


def _end(data: SheetData) -> int:
    """Where new rows at the end go: right after the last row, so that white space stays behind it."""
    if not data.rows:
        return data.inside[0]
    last = max(data.rows, key=lambda row: row.tag[0])
    return last.tag[1] if last.close < 0 else data.part.utf8.index(b">", last.close) + 1
