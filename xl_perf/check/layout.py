"""Where a template's cells are in a file: tables by name, columns by heading, rows by key, others by their texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from xl_perf.contract.tables import as_text
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.check.reference import Reference
    from xl_perf.package import Cell, CellKey
    from xl_perf.package.content import Content
    from xl_perf.package.model import Table

    Cells = Mapping[CellKey, Cell]

_FORMULA = "="
_NEAR = 400
"""Rows below the template's last one in which a row outside of tables is looked for."""


@dataclass(slots=True)
class TablePair:
    """A table of the template and the same one in the file.

    `rows` are its data rows that were found again, `deleted` those that were not; `columns` and `missing` its columns.
    """

    own: Table
    theirs: Table
    rows: dict[int, int] = field(default_factory=dict)
    deleted: list[int] = field(default_factory=list)
    columns: dict[int, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    key: int | None = None
    """Column of the template whose texts tell the rows apart; None where rows are told by their place."""


@dataclass
class SheetPair:
    """A sheet of the template and the same one in the file."""

    own: str
    theirs: str
    tables: list[TablePair] = field(default_factory=list)
    free: dict[int, int] = field(default_factory=dict)
    """Rows outside of tables."""

    def find(self, key: CellKey) -> CellKey | None:
        """Where a cell of the template is in the file; None where its row or column is not there any more."""
        for pair in self.tables:
            top, left, bottom, right = pair.own.ref
            if top <= key[0] <= bottom and left <= key[1] <= right:
                row = pair.theirs.ref[0] if key[0] < top + pair.own.header_rows else pair.rows.get(key[0])
                column = pair.columns.get(key[1])
                return None if row is None or column is None else (row, column)
        row = self.free.get(key[0]) or self._beside.get(key[0], key[0])
        return row, self.column(key[1])

    @cached_property
    def _beside(self) -> dict[int, int]:
        """Rows of tables for cells beside them: they move where rows are inserted, and stay when rows are sorted."""
        found: dict[int, int] = {}
        for pair in self.tables:
            heads = range(pair.own.header_rows)
            found.update({pair.own.ref[0] + place: pair.theirs.ref[0] + place for place in heads})
            found.update(dict(zip(sorted(pair.rows), sorted(pair.rows.values()), strict=True)))
        return found

    def column(self, column: int) -> int:
        """Where a column outside of tables is: where the first table's column above or below it is."""
        for pair in self.tables:
            if column in pair.columns:
                return pair.columns[column]
        return column

    @cached_property
    def row_images(self) -> dict[int, set[int]]:
        """Rows of the template -> rows of the file that stand for them: by key, by place in a table, by their texts."""
        images: dict[int, set[int]] = {}
        for row, image in self.free.items():
            images.setdefault(row, set()).add(image)
        for pair in self.tables:
            (top, _, bottom, _), (first, _, last, _) = pair.own.ref, pair.theirs.ref
            ends = [(top + place, first + place) for place in range(pair.own.header_rows + 1)]
            for row, image in (*pair.rows.items(), *ends, (bottom, last)):
                images.setdefault(row, set()).add(image)
            for row in pair.deleted:  # a range that ended there ends at a neighbour now
                for step in (-1, 1):
                    near = row + step
                    while near in pair.deleted:
                        near += step
                    if near in pair.rows:
                        images.setdefault(row, set()).add(pair.rows[near])
        return images

    @cached_property
    def column_images(self) -> dict[int, set[int]]:
        """Columns of the template -> columns of the file that stand for them."""
        images: dict[int, set[int]] = {}
        for pair in self.tables:
            for column, image in pair.columns.items():
                images.setdefault(column, set()).add(image)
        return images

    @cached_property
    def is_same(self) -> bool:
        """Whether every cell is where the template has it."""
        return self.own == self.theirs and all(
            pair.own.ref == pair.theirs.ref
            and all(row == image for row, image in pair.rows.items())
            and all(column == image for column, image in pair.columns.items())
            for pair in self.tables
        )


@dataclass(slots=True)
class Layout:
    """The sheets of a template in a file; `missing_sheets` and `missing_tables` (sheet, name) are not there."""

    sheets: dict[str, SheetPair] = field(default_factory=dict)
    missing_sheets: list[str] = field(default_factory=list)
    missing_tables: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether every cell is where the template has it."""
        return not self.missing_sheets and all(pair.is_same for pair in self.sheets.values())


def lay_out(reference: Reference, package: Content, cells: Mapping[str, Cells]) -> Layout:
    """Finds the template's sheets, tables, rows and columns in a file.

    Args:
        reference: the template.
        package: the file.
        cells: its cells by sheet and place.
    """
    theirs = {table.name.lower(): table for table in package.tables}
    own: dict[str, list[Table]] = {}
    for table in reference.package.tables:
        own.setdefault(table.sheet, []).append(table)
    layout = Layout()
    there = {info.name.lower(): info.name for info in package.sheets}
    for info in reference.package.sheets:
        tables = own.get(info.name, [])
        found = there.get(info.name.lower()) or next(
            (theirs[table.name.lower()].sheet for table in tables if table.name.lower() in theirs), None
        )
        if found is None:
            layout.missing_sheets.append(info.name)
            continue
        pair = layout.sheets[info.name] = SheetPair(info.name, found)
        for table in sorted(tables, key=lambda table: table.ref):
            match = theirs.get(table.name.lower())
            if match is None or match.sheet != found:
                layout.missing_tables.append((info.name, table.name))
            else:
                pair.tables.append(_pair(table, match, reference.cells[info.name], cells[found]))
        pair.free = _free_rows(pair, reference.cells[info.name], cells[found])
    return layout


def _pair(own: Table, theirs: Table, mine: Cells, other: Cells) -> TablePair:
    pair = TablePair(own, theirs)
    headings = {_plain(name): theirs.ref[1] + place for place, name in enumerate(theirs.columns)}
    for place, name in enumerate(own.columns):
        column = headings.get(_plain(name))
        if column is None:
            pair.missing.append(name)
        else:
            pair.columns[own.ref[1] + place] = column
    rows = _data_rows(own)
    others = _data_rows(theirs)
    pair.key = _key_column(rows, own, mine)
    if pair.key is not None and pair.key in pair.columns:
        places: dict[str, list[int]] = {}
        for row in others:
            places.setdefault(_text(other.get((row, pair.columns[pair.key]))), []).append(row)
        for row in rows:
            found = places.get(_text(mine.get((row, pair.key))))
            if found:
                pair.rows[row] = found[0] if len(found) == 1 else found.pop(0)
            else:
                pair.deleted.append(row)
    else:
        pair.rows = dict(zip(rows, others, strict=False))
        pair.deleted = list(rows)[len(others) :]
    return pair


def _plain(heading: str) -> str:
    """A heading as programs may write it anew: line breaks and their escapes as blanks."""
    return " ".join(heading.replace("_x000a_", " ").replace("_x000A_", " ").split()).casefold()


def _data_rows(table: Table) -> range:
    top, _, bottom, _ = table.ref
    return range(top + table.header_rows, bottom - table.totals_rows + 1)


def _key_column(rows: range, table: Table, cells: Cells) -> int | None:
    """The first column whose constants are all there, each once."""
    for column in range(table.ref[1], table.ref[3] + 1):
        found = [cells.get((row, column)) for row in rows]
        if any(cell is None or cell.formula is not None for cell in found):
            continue
        texts = [_text(cell) for cell in found]
        if all(texts) and len(set(texts)) == len(texts):
            return column
    return None


def _text(cell: Cell | None) -> str:
    return "" if cell is None or isinstance(cell.value, CellError) else " ".join(as_text(cell.value).split())


def _free_rows(pair: SheetPair, mine: Cells, other: Cells) -> dict[int, int]:
    """Rows outside of tables -> rows of the file: moved with the table above or below, the best likeness counts."""
    inside: set[int] = set()
    steps = {0}
    for table in pair.tables:
        inside.update(range(table.own.ref[0], table.own.ref[2] + 1))
        steps.update((table.theirs.ref[0] - table.own.ref[0], table.theirs.ref[2] - table.own.ref[2]))
    texts = _texts_by_row(mine)
    theirs = _texts_by_row(other)
    found = {}
    for row in sorted({row for row, _ in mine} - inside):
        near = min(pair.tables, key=lambda table: _distance(row, table), default=None)
        likely = 0 if near is None else _step(row, near)
        choices = sorted(steps, key=lambda step: (step != likely, abs(step)))
        wanted = texts.get(row, set())
        best = max(choices, key=lambda step: len(wanted & theirs.get(row + step, set())), default=0)
        if wanted and not wanted & theirs.get(row + best, set()):
            best = next(
                (other_row - row for other_row in _search(row, theirs) if wanted <= theirs[other_row]), best
            )
        found[row] = row + best
    return found


def _search(row: int, texts: Mapping[int, set[tuple[int, str]]]) -> Iterable[int]:
    """Rows in the order of their distance."""
    return sorted((other for other in texts if abs(other - row) <= _NEAR), key=lambda other: abs(other - row))


def _distance(row: int, table: TablePair) -> int:
    return row - table.own.ref[2] if row > table.own.ref[2] else table.own.ref[0] - row


def _step(row: int, table: TablePair) -> int:
    end = 2 if row > table.own.ref[2] else 0
    return table.theirs.ref[end] - table.own.ref[end]


def _texts_by_row(cells: Cells) -> dict[int, set[tuple[int, str]]]:
    """The constant texts of each row with their columns, and where it has formulas."""
    found: dict[int, set[tuple[int, str]]] = {}
    for (row, column), cell in cells.items():
        if cell.formula is not None:
            found.setdefault(row, set()).add((column, _FORMULA))
        elif isinstance(cell.value, str):
            found.setdefault(row, set()).add((column, _text(cell)))
    return found
