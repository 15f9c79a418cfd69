"""The results at the top of an official workbook: the cells that its hidden names `Risultato_1`, `Risultato_2` ...

Mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xl_perf.contract.tables import Sheet, as_text
from xl_perf.errors import WorkbookError
from xl_perf.package.refs import parse_range
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.package import CellKey
    from xl_perf.package.content import Content
    from xl_perf.values import CellValue

NAME = "Risultato_{}"
_NAME = re.compile(r"Risultato_[0-9]+", re.IGNORECASE)


class Result(NamedTuple):
    """A result: where it is, what it is (first cell of its row, heading of its column), the stored value."""

    sheet: str
    key: CellKey
    label: str
    value: CellValue


def results(package: Content) -> list[Result]:
    """The results of a workbook in the order of its names; none where it declares none."""
    found: dict[tuple[str, CellKey], Result] = {}
    for name in package.defined_names:
        if _NAME.fullmatch(name.name):
            for result in _of_name(package, name.text):
                found.setdefault((result.sheet, result.key), result)
    return list(found.values())


def _of_name(package: Content, text: str) -> Iterator[Result]:
    sheet, _, area = text.rpartition("!")
    sheet = sheet.strip("'").replace("''", "'")
    try:
        top, left, bottom, right = parse_range(area.replace("$", ""), package.where)
        cells = Sheet(package, sheet)
    except WorkbookError:
        return  # its cells were deleted
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            cell = cells.cell((row, column))
            if cell is not None:
                yield Result(sheet, (row, column), _label(package, cells, sheet, (row, column)), cell.value)


def _label(package: Content, cells: Sheet, sheet: str, key: CellKey) -> str:
    """First cell of the row and heading of the column in a table; outside of tables the text to the left."""
    row, column = key
    for table in package.tables:
        top, left, bottom, right = table.ref
        if table.sheet == sheet and top <= row <= bottom and left <= column <= right:
            return f"{_text(cells, (row, left))}, {' '.join(table.columns[column - left].split())}"
    before = (_text(cells, (row, place)) for place in range(column - 1, 0, -1))
    return next(filter(None, before), "")


def _text(cells: Sheet, key: CellKey) -> str:
    cell = cells.cell(key)
    return "" if cell is None or isinstance(cell.value, CellError) else as_text(cell.value)
