"""Places for cells that a sheet does not have yet."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetdata import RowSpans, SheetData


def insertions(data: SheetData, elements: Mapping[CellKey, bytes]) -> list[tuple[int, int, bytes]]:
    """Edits (start, end, new bytes) that put cell elements where they belong, rows made where they are missing.

    The attributes of rows (`spans`) and the sheet's dimension stay as they are: both are hints.

    Args:
        data: the sheet as it is; its rows ascend.
        elements: (row, column) of cells that do not exist -> their elements.
    """
    by_row: dict[int, list[CellKey]] = {}
    for key in sorted(elements):
        by_row.setdefault(key[0], []).append(key)
    rows = {row.number: row for row in data.rows}
    numbers = sorted(rows)
    neighbours = _Neighbours(data)
    edits: list[tuple[int, int, bytes]] = []
    new_rows: dict[int, bytes] = {}
    for number, keys in by_row.items():
        row = rows.get(number)
        if row is not None:
            edits += _into_row(data, row, keys, elements, neighbours)
            continue
        cells = b"".join(elements[key] for key in keys)
        element = b'<%brow r="%d">%b</%brow>' % (data.prefix, number, cells, data.prefix)
        place = bisect.bisect(numbers, number)
        at = rows[numbers[place]].tag[0] if place < len(numbers) else _end(data)
        new_rows[at] = new_rows.get(at, b"") + element
    return edits + _with_rows(data, new_rows)


def _end(data: SheetData) -> int:
    """Where new rows at the end go: right after the last row, so that white space stays behind it."""
    if not data.rows:
        return data.inside[0]
    last = max(data.rows, key=lambda row: row.tag[0])
    if last.close < 0:
        return last.tag[1]
    return data.part.utf8.index(b">", last.close) + 1


def _with_rows(data: SheetData, new_rows: Mapping[int, bytes]) -> list[tuple[int, int, bytes]]:
    start, end = data.inside
    whole = data.part.utf8[start:end]
    if new_rows and not data.rows and whole.startswith(b"<") and whole.endswith(b"/>"):
        name = data.prefix + b"sheetData"
        rows = b"".join(new_rows.values())
        return [(start, end, whole[:-2].rstrip() + b">" + rows + b"</" + name + b">")]
    return [(at, at, element) for at, element in new_rows.items()]


class _Neighbours:
    """The cells of each row by their columns."""

    def __init__(self, data: SheetData) -> None:
        self._rows: dict[int, list[tuple[int, int]]] = {}
        for cell, start in zip(data.cells, data.starts, strict=True):
            self._rows.setdefault(cell.row, []).append((cell.column, start))
        for row in self._rows.values():
            row.sort()

    def after(self, key: CellKey) -> int:
        """Offset of the first cell of the row that is right of the key, or -1."""
        row = self._rows.get(key[0], [])
        place = bisect.bisect(row, (key[1] + 1,))
        return row[place][1] if place < len(row) else -1


def _into_row(
    data: SheetData,
    row: RowSpans,
    keys: list[CellKey],
    elements: Mapping[CellKey, bytes],
    neighbours: _Neighbours,
) -> list[tuple[int, int, bytes]]:
    if row.close < 0:
        tag = data.part.utf8[slice(*row.tag)]
        cells = b"".join(elements[key] for key in keys)
        return [(*row.tag, tag[:-2].rstrip() + b">" + cells + b"</" + data.prefix + b"row>")]
    inserted: dict[int, bytes] = {}
    for key in keys:
        at = neighbours.after(key)
        at = row.close if at < 0 else at
        inserted[at] = inserted.get(at, b"") + elements[key]
    return [(at, at, new) for at, new in inserted.items()]
