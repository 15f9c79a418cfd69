"""One workbook held against its template, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.check.admitted import Admitted
from xl_perf.check.formulas import Comparison
from xl_perf.check.layout import lay_out
from xl_perf.check.model import Finding, Kind
from xl_perf.contract.tables import METADATA_SHEET, as_text, read_map
from xl_perf.package.refs import cell_name
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.check.layout import SheetPair, TablePair
    from xl_perf.check.reference import Reference
    from xl_perf.package import Cell, CellKey
    from xl_perf.package.content import Content
    from xl_perf.package.model import Table
    from xl_perf.values import CellValue

_NEAR = 1e-12
"""Relative difference of two numbers that comes from another program's 15 digits."""


class Compared:
    """A file against its template; `findings` in the order of the template's sheets, rows and columns.

    Args:
        reference: the template.
        package: the file, its functions spelled as the template has them.
    """

    def __init__(self, reference: Reference, package: Content) -> None:
        self._reference = reference
        self._cells = {
            info.name: {(cell.row, cell.column): cell for cell in package.cells(info.name)}
            for info in package.sheets
        }
        self._shared = _shared_texts(self._cells)
        self._layout = lay_out(reference, package, self._cells)
        self._formulas = Comparison(self._layout)
        self._admitted = Admitted(reference, package, self._cells)
        self._plan_columns = _plan_columns(reference.package)
        self.formulas = 0
        """Formulas of the template that were compared."""
        self.template_cells: set[tuple[str, CellKey]] = set()
        """Cells of the file that are a formula of the template."""
        self.findings = [*self._missing(), *self._all()]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is no finding, and worth knowing."""
        return tuple(
            f"{sheet}: {number:,} references into {target} read another row than in the template, because rows there"
            " stand in another order; check that each line shows its own structure"
            for (sheet, target), number in sorted(self._formulas.displaced.items())
        )

    def _missing(self) -> Iterator[Finding]:
        for sheet in self._layout.missing_sheets:
            yield Finding(Kind.MISSING, sheet, "", None, None, "the sheet is not there")
        for sheet, table in self._layout.missing_tables:
            yield Finding(Kind.MISSING, sheet, "", None, table, "the table is not there, or has another name")
        for pair in self._layout.sheets.values():
            for found in pair.tables:
                at = cell_name((found.theirs.ref[0], found.theirs.ref[1]))
                for heading in found.missing:
                    yield Finding(
                        Kind.MISSING,
                        pair.theirs,
                        at,
                        None,
                        heading,
                        f"a column of the table {found.own.name}",
                    )

    def _all(self) -> Iterator[Finding]:
        for name, pair in self._layout.sheets.items():
            deleted = {row for table in pair.tables for row in table.deleted}
            yield from self._deleted_rows(pair)
            for key, cell in sorted(self._reference.cells[name].items()):
                place = pair.find(key)
                if place is None:
                    continue
                if cell.formula is not None:
                    yield from self._formula(pair, key, cell, place, key[0] in deleted)
                elif name != METADATA_SHEET:
                    yield from self._constant(pair, key, cell, place)

    def _deleted_rows(self, pair: SheetPair) -> Iterator[Finding]:
        mine = self._reference.cells[pair.own]
        for table in pair.tables:
            for row in table.deleted:
                at = cell_name((row, table.key or table.own.ref[1]))
                if table.key is None:
                    yield Finding(
                        Kind.ROW, pair.theirs, at, None, None, f"a row of the table {table.own.name}"
                    )
                    continue
                key = mine[row, table.key].value
                yield Finding(Kind.ROW, pair.theirs, at, self._in_its_place(pair, table, row), key)

    def _in_its_place(self, pair: SheetPair, table: TablePair, row: int) -> CellValue:
        """What the key cell holds where a row of the template is not found, if it is a key that the template lacks."""
        if table.key is None or table.key not in table.columns:
            return None
        place = row - table.own.ref[0] + table.theirs.ref[0], table.columns[table.key]
        cell = self._cells[pair.theirs].get(place)
        return None if cell is None or place[0] in table.rows.values() else cell.value

    def _formula(
        self, pair: SheetPair, key: CellKey, own: Cell, place: CellKey, is_deleted: bool
    ) -> Iterator[Finding]:
        if is_deleted:
            return
        self.formulas += 1
        assert own.formula is not None
        self.template_cells.add((pair.theirs, place))
        cell = self._cells[pair.theirs].get(place)
        expected = f"={own.formula.text}"
        if cell is None or cell.formula is None:
            value = None if cell is None else cell.value
            yield Finding(Kind.RESULT, pair.theirs, cell_name(place), value, expected)
            return
        text, home = self._text(pair.theirs, cell)
        if not self._formulas.alike(own.formula.text, pair.own, key, text, home, place):
            yield Finding(Kind.FORMULA, pair.theirs, cell_name(place), f"={text}", expected)

    def _text(self, sheet: str, cell: Cell) -> tuple[str, CellKey]:
        """The text of a formula, and the cell for which it is written."""
        assert cell.formula is not None
        place = cell.row, cell.column
        if cell.formula.text or cell.formula.shared is None:
            return cell.formula.text, place
        return self._shared.get((sheet, cell.formula.shared), ("", place))

    def _constant(self, pair: SheetPair, key: CellKey, own: Cell, place: CellKey) -> Iterator[Finding]:
        cell = self._cells[pair.theirs].get(place)
        value = None if cell is None else cell.value
        if cell is not None and cell.formula is not None and own.value is None:
            return  # an input that somebody calculates
        if self._is_of_the_plan(pair, key):
            if not _same(own.value, value) or (cell is not None and cell.formula is not None):
                yield Finding(Kind.PLAN, pair.theirs, cell_name(place), value, own.value)
        elif own.style in self._reference.unlocked:
            wanted = self._admitted.wrong(pair.own, key, value)
            if wanted:
                yield Finding(Kind.INPUT, pair.theirs, cell_name(place), value, None, f"expected {wanted}")
        elif isinstance(own.value, (int, float)) and not _same(own.value, value):
            yield Finding(Kind.PLAN, pair.theirs, cell_name(place), value, own.value)
        elif own.value is None and not _same(None, value) and _table_of(pair, key) is not None:
            note = "a locked cell that stays empty: what the plan publishes has no alternative"
            yield Finding(Kind.PLAN, pair.theirs, cell_name(place), value, None, note)

    def _is_of_the_plan(self, pair: SheetPair, key: CellKey) -> bool:
        """Whether a cell is one that sync would set."""
        table = _table_of(pair, key)
        if table is None:
            return False
        left = table.ref[1]
        columns = self._plan_columns.get((table.name.lower(), table.columns[key[1] - left]), ())
        mine = self._reference.cells[pair.own]
        return any(_text(mine.get((key[0], left + table.columns.index(column)))) for column in columns)


def _table_of(pair: SheetPair, key: CellKey) -> Table | None:
    """The template's table in whose data a cell of the template is."""
    for found in pair.tables:
        top, left, bottom, right = found.own.ref
        if top + found.own.header_rows <= key[0] <= bottom and left <= key[1] <= right:
            return found.own
    return None


def _shared_texts(cells: Mapping[str, Mapping[CellKey, Cell]]) -> dict[tuple[str, int], tuple[str, CellKey]]:
    """(sheet, number of a shared formula) -> its text and the cell for which it is written."""
    return {
        (sheet, cell.formula.shared): (cell.formula.text, place)
        for sheet, found in cells.items()
        for place, cell in found.items()
        if cell.formula is not None and cell.formula.shared is not None and cell.formula.text
    }


def _plan_columns(package: Content) -> dict[tuple[str, str], set[str]]:
    """(table, column of targets) -> the columns whose cells hold the codes."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in read_map(package):
        found.setdefault((row.table.lower(), row.value_column), set()).add(row.key_column)
    return found


def _text(cell: Cell | None) -> str:
    return "" if cell is None else as_text(cell.value)


def _same(own: CellValue, theirs: CellValue) -> bool:
    if isinstance(own, CellError) or isinstance(theirs, CellError):
        return own == theirs
    if isinstance(own, (int, float)) and isinstance(theirs, (int, float)):
        return abs(own - theirs) <= _NEAR * max(abs(own), abs(theirs))
    left, right = (" ".join(as_text(value).split()) for value in (own, theirs))
    return left == right
