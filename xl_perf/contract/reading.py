"""Reads the inputs of an official workbook by the map that it carries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xl_perf.contract.inputs import Input, Inputs, OpenRow
from xl_perf.contract.model import (
    DATA,
    DATA_HEADINGS,
    MONTH,
    OF_FILE,
    QUARTER,
    Identity,
    InputMap,
    KeyKind,
    Species,
    slug,
)
from xl_perf.contract.tables import Sheet, TableCells, as_text, read_metadata
from xl_perf.errors import SyncError, WorkbookError
from xl_perf.package.refs import parse_range
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xl_perf.contract.tables import Metadata
    from xl_perf.package import Cell, CellKey
    from xl_perf.package.content import Content


def read_map(package: Content) -> tuple[InputMap, ...]:
    """The rows of `tblDati`.

    Raises:
        SyncError: the table or a column is missing, or a row says what nobody understands.
    """
    table = TableCells(package, DATA, DATA_HEADINGS)
    found = []
    for row in table.rows:
        fields = dict(
            zip(DATA_HEADINGS, (table.text(row, heading) for heading in DATA_HEADINGS), strict=True)
        )
        if any(fields.values()):
            found.append(_map_row(fields, f"{table.where}, row {row}"))
    return tuple(found)


def _map_row(fields: Mapping[str, str], where: str) -> InputMap:
    try:
        return InputMap(
            fields["Tabella"],
            fields["Colonna chiave"],
            KeyKind(fields["Tipo chiave"]),
            fields["Colonna valore"],
            Species(fields["Specie"]),
            fields["Voce"],
            fields["Misura"],
            fields["Struttura"],
            fields["Periodo"],
        )
    except ValueError as error:
        raise SyncError(f"the row of the map of inputs is not understood: {error}", where=where) from None


def read_inputs(package: Content) -> Inputs:
    """All inputs of an official workbook.

    Raises:
        SyncError: not an official workbook, or its tables or columns were renamed; a key twice.
    """
    metadata = read_metadata(package)
    reader = Reader(package, metadata)
    read = [input_ for row in read_map(package) for input_ in reader.read(row)]
    found = tuple(input_ for open_, input_ in read if open_)
    _refuse_doubles(found, package.where)
    return Inputs(
        package.where,
        metadata.text("modello"),
        metadata.text("versione_modello"),
        metadata.text("edizione"),
        metadata.text("impronta_dati"),
        metadata.text("atto_breve"),
        reader.structure,
        reader.period,
        found,
        tuple(input_ for open_, input_ in read if not open_),
        tuple(reader.rows.values()),
    )


def _refuse_doubles(found: Sequence[Input], where: str) -> None:
    seen: dict[Identity, Input] = {}
    for each in found:
        other = seen.setdefault(each.identity, each)
        if other is not each:
            raise SyncError(
                f"{each.identity} stands in two cells: {other.cell} and {each.cell}",
                where=where,
                remedy="remove the row that was entered twice",
            )


def period_of(metadata: Metadata, year: str = "", quarter: str = "") -> str:
    """The period that a file is for: `2021-T3` where it has a quarter, else the year, which older files do not hold.

    Args:
        metadata: what the file says of itself.
        year: its year where it does not say it.
        quarter: its quarter where that has not been calculated yet.
    """
    year, quarter = metadata.text("anno") or year, metadata.text(QUARTER) or quarter
    return f"{year}-T{quarter}" if quarter else year


def _followed(package: Content, metadata: Metadata, key: str) -> str:
    """The value of a key that refers to a cell or its name, as a workbook that has not been calculated yet holds it."""
    place = metadata.places.get(key)
    cell = None if place is None else Sheet(package, metadata.sheet).cell(place)
    if cell is None or cell.formula is None or not cell.formula.text:
        return ""
    text = cell.formula.text
    names = (name.text for name in package.defined_names if name.name.lower() == text.lower())
    sheet, _, ref = next(names, text).rpartition("!")
    try:
        top, left, _, _ = parse_range(ref.replace("$", ""), metadata.where)
        cell = Sheet(package, sheet.strip("'").replace("''", "'")).cell((top, left))
    except WorkbookError:
        return ""
    return "" if cell is None or isinstance(cell.value, CellError) else as_text(cell.value)


class Reader:
    """Reads the inputs of the rows of a map, tables and sheets once each."""

    def __init__(self, package: Content, metadata: Metadata, year: str = "") -> None:
        self.package = package
        self.structure = metadata.text("struttura")
        self.period = period_of(metadata, year, _followed(package, metadata, QUARTER))
        self._unlocked = package.unlocked
        self._tables: dict[str, TableCells] = {}
        self.rows: dict[tuple[str, int], OpenRow] = {}
        self._names = {name.name.lower(): name.text for name in package.defined_names if name.scope is None}

    def read(self, row: InputMap) -> Iterator[tuple[bool, Input]]:
        """The cells that a row of the map stands for, each with whether it may be filled in."""
        if row.key_kind is KeyKind.CELL:
            found, is_open = self._single(row)
            yield is_open, found
            return
        table = self._table(row.table)
        headings = (row.key_column, row.value_column, *map(_heading, (row.item, row.structure, row.period)))
        for heading in filter(None, headings):
            table.require(heading)
        repeated: Counter[tuple[str, str]] = Counter()
        for number in table.rows:
            place = table.key(number, row.value_column)
            cell = table.sheet.cell(place)
            is_open = cell is not None and self.is_open(cell)
            if cell is None or not (is_open or cell.formula is not None or row.species is Species.RESULT):
                continue
            if row.key_kind is KeyKind.ROW and is_open:
                self._add_open(row, table, number, place)
            identity = self._identity(row, table, number, repeated)
            if identity is not None:
                name = table.text(number, row.key_column) if row.key_kind is KeyKind.ROW else ""
                yield is_open, self._input(row, identity, table.table.sheet, place, cell, name)

    def _add_open(self, row: InputMap, table: TableCells, number: int, place: CellKey) -> None:
        name = table.key(number, row.key_column)
        open_ = self.rows.setdefault(
            (table.table.name, number),
            OpenRow(table.table.name, table.table.sheet, name, table.text(number, row.key_column)),
        )
        open_.cells[self._item(row, table, number), row.measure] = row.species, place

    @staticmethod
    def _item(row: InputMap, table: TableCells, number: int) -> str:
        heading = _heading(row.item)
        return table.text(number, heading) if heading else row.item

    def is_open(self, cell: Cell) -> bool:
        """Whether a cell may be filled in."""
        return cell.style in self._unlocked

    def _table(self, name: str) -> TableCells:
        if name not in self._tables:
            self._tables[name] = TableCells(self.package, name, ())
        return self._tables[name]

    def _identity(
        self, row: InputMap, table: TableCells, number: int, repeated: Counter[tuple[str, str]]
    ) -> Identity | None:
        """Identity of the input in a row of a table; None in an open row that has no name yet."""
        key = table.value(number, row.key_column)
        if isinstance(key, CellError):
            key = None
        text = as_text(key)
        item, measure, structure = self._item(row, table, number), row.measure, row.structure
        period = (
            table.text(number, _heading(row.period)) if _heading(row.period) else row.period or self.period
        )
        name = ""
        if _heading(structure):
            structure = table.text(number, _heading(structure))
        elif structure == OF_FILE:
            structure = self.structure
        if row.period == MONTH:
            period = text
        elif row.key_kind is KeyKind.STRUCTURE:
            structure = text
        elif row.key_kind is KeyKind.ITEM:
            item = text
        elif row.key_kind is KeyKind.MEASURE:
            measure = text
        if not item and row.species is Species.RESULT:
            return None  # a row of totals that is of no item
        if row.key_kind is KeyKind.ROW:
            base = slug(text)
            if not base:
                return None
            repeated[item, base] += 1
            count = repeated[item, base]
            name = base if count == 1 else f"{base}_{count}"
        return Identity(item, measure, structure, period, name)

    def _single(self, row: InputMap) -> tuple[Input, bool]:
        """The cell of a defined name, and whether it may be filled in: a locked one is a formula of the workbook."""
        text = self._names.get(row.table.lower())
        if text is None:
            raise SyncError(
                f"there is no defined name {row.table!r}",
                where=self.package.where,
                remedy="undo its deletion, or take the official workbook again",
            )
        sheet, _, ref = text.rpartition("!")
        sheet = sheet.strip("'").replace("''", "'")
        top, left, _, _ = parse_range(ref.replace("$", ""))
        cell = Sheet(self.package, sheet).cell((top, left))
        structure = self.structure if row.structure == OF_FILE else row.structure
        identity = Identity(row.item, row.measure, structure, row.period or self.period)
        is_open = cell is None or cell.style in self._unlocked
        return self._input(row, identity, sheet, (top, left), cell), is_open

    @staticmethod
    def _input(
        row: InputMap, identity: Identity, sheet: str, key: CellKey, cell: Cell | None, name: str = ""
    ) -> Input:
        value = None if cell is None else cell.value
        formula = cell is not None and cell.formula is not None
        return Input(identity, row.species, sheet, key, value, formula, name)


def _heading(text: str) -> str:
    """The heading that a text in brackets names; empty for any other text."""
    return text[1:-1] if text.startswith("[") and text.endswith("]") else ""
