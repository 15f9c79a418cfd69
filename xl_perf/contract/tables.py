"""The tables of an official workbook: metadata, the map of the target cells, any table by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.versions import TEMPLATE_VERSIONS
from xl_perf.errors import SyncError, WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.plan.describe import TargetMap
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.package import Cell, CellKey
    from xl_perf.package.content import Content
    from xl_perf.package.model import Table
    from xl_perf.values import CellValue

METADATA_SHEET = "Metadati"
METADATA = "tblMetadati"
TARGETS = "tblObiettivi"
_METADATA_COLUMNS = ("Chiave", "Valore")
_TARGET_COLUMNS = (
    "Tabella",
    "Colonna chiave",
    "Tipo chiave",
    "Colonna valore",
    "Codice fisso",
    "Periodo",
    "Colonna fonte",
)
_RENAMED = "undo the renaming, or take the official workbook again"


class Sheet:
    """The cells of a sheet by their places."""

    def __init__(self, package: Content, name: str) -> None:
        self._data = package.sheet_data(name)

    def cell(self, key: CellKey) -> Cell | None:
        """The cell, or None where the sheet does not have it."""
        place = self._data.index.get(key)
        return None if place is None else self._data.cells[place]


class TableCells:
    """A table with its cells; columns are found by their headings.

    Args:
        package: the workbook.
        name: name of the table.
        headings: columns that must be there.

    Raises:
        SyncError: no such table (lists the tables that exist) or no such column (lists the columns).
    """

    def __init__(self, package: Content, name: str, headings: tuple[str, ...]) -> None:
        try:
            self.table: Table = package.table(name)
        except WorkbookError as error:
            raise SyncError(
                error.what, where=error.where, expected=error.expected, remedy=_RENAMED
            ) from error
        self.where = f"{package.where}, {self.table.sheet}, table {self.table.name}"
        self.sheet = Sheet(package, self.table.sheet)
        first = self.table.ref[1]
        self._columns = {heading: first + place for place, heading in enumerate(self.table.columns)}
        for heading in headings:
            self.require(heading)

    def require(self, heading: str) -> None:
        """Refuse a table without a column.

        Raises:
            SyncError: no such column (lists the columns).
        """
        if heading not in self._columns:
            raise SyncError(
                f"there is no column {heading!r}",
                where=self.where,
                expected=f"one of: {', '.join(self.table.columns)}",
                remedy=_RENAMED,
            )

    @property
    def rows(self) -> range:
        """Row numbers of the data, header and totals left out."""
        top, _, bottom, _ = self.table.ref
        return range(top + self.table.header_rows, bottom - self.table.totals_rows + 1)

    def key(self, row: int, heading: str) -> CellKey:
        """Place of a cell in the sheet."""
        return row, self._columns[heading]

    def value(self, row: int, heading: str) -> CellValue:
        """Stored value of a cell."""
        cell = self.sheet.cell(self.key(row, heading))
        return None if cell is None else cell.value

    def text(self, row: int, heading: str) -> str:
        """The value as a code: text without blanks at its ends, whole numbers without decimals, empty for none."""
        return as_text(self.value(row, heading))


def as_text(value: CellValue) -> str:
    """A cell value as a code or key; empty for no value."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).upper()
    if isinstance(value, str):
        return str(value).strip()
    return str(int(value)) if float(value).is_integer() else str(value)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of an official workbook: values by key, and where each value stands; `where` is for messages."""

    where: str
    sheet: str
    values: Mapping[str, CellValue]
    places: Mapping[str, CellKey]

    def text(self, key: str) -> str:
        """A value as text; empty where there is none."""
        return as_text(self.values.get(key))


def is_official(package: Content) -> bool:
    """Whether a workbook looks like an official one, perhaps with something renamed."""
    names = {table.name.lower() for table in package.tables}
    has_sheet = any(info.name == METADATA_SHEET for info in package.sheets)
    return has_sheet or METADATA.lower() in names or TARGETS.lower() in names


def read_metadata(package: Content, *, any_version: bool = False) -> Metadata:
    """The metadata, the template and its version checked.

    Raises:
        SyncError: not an official workbook, an unknown template or template version, a key twice.
    """
    if not is_official(package):
        raise SyncError(
            f"this is not an official workbook: it has no table {METADATA}",
            where=package.where,
            remedy="build the official workbooks with `xl-perf build`",
        )
    table = TableCells(package, METADATA, _METADATA_COLUMNS)
    values: dict[str, CellValue] = {}
    places: dict[str, CellKey] = {}
    for row in table.rows:
        key = table.text(row, "Chiave")
        if key in values:
            raise SyncError(f"the key {key!r} is there twice", where=table.where)
        if key:
            values[key] = table.value(row, "Valore")
            places[key] = table.key(row, "Valore")
    metadata = Metadata(table.where, table.table.sheet, values, places)
    if not any_version:
        _check_version(metadata, table.where)
    return metadata


def _check_version(metadata: Metadata, where: str) -> None:
    template, version = metadata.text("modello"), metadata.text("versione_modello")
    if template not in TEMPLATE_VERSIONS:
        raise SyncError(
            f"unknown template {template!r}", where=where, expected=f"one of: {', '.join(TEMPLATE_VERSIONS)}"
        )
    known = str(TEMPLATE_VERSIONS[template])
    if version != known:
        raise SyncError(
            f"the template {template} has the version {version or 'missing'!r}",
            where=where,
            expected=known,
            remedy=_carried_over(template, version, where),
        )


def _carried_over(template: str, version: str, where: str) -> str:
    """What to do with a file of another version."""
    old, known = version.isdecimal() and int(version), TEMPLATE_VERSIONS[template]
    if old > known:
        return "install the xl-perf of that version"
    file = where.partition(",")[0]
    return f'make the current workbook from it: xl-perf new {template} --from "{file}"'


def read_map(package: Content) -> tuple[TargetMap, ...]:
    """The map of the target cells.

    Raises:
        SyncError: the table or a column is missing, or a row is incomplete.
    """
    table = TableCells(package, TARGETS, _TARGET_COLUMNS)
    found = []
    for row in table.rows:
        fields = [table.text(row, heading) for heading in _TARGET_COLUMNS]
        if not any(fields):
            continue
        if not all(fields[:4]):
            where = f"{table.where}, {cell_name(table.key(row, _TARGET_COLUMNS[0]))}"
            raise SyncError("the row of the map is incomplete", where=where, remedy=_RENAMED)
        found.append(TargetMap(*fields))
    if not found:
        raise SyncError("the map of the target cells is empty", where=table.where)
    return tuple(found)


def target_rows(table: TableCells, column: TargetMap) -> Iterator[tuple[int, str]]:
    """(row, code) of the rows that hold a target; others pass where they are empty or a formula, as totals are.

    Raises:
        SyncError: a value without a code, or an error value as code.
    """
    for row in table.rows:
        code = table.value(row, column.key_column)
        where = f"{table.where}, {cell_name(table.key(row, column.key_column))}"
        if isinstance(code, CellError):
            raise SyncError(f"the code is the error {code}", where=where)
        text = as_text(code)
        if text:
            yield row, text
            continue
        cell = table.sheet.cell(table.key(row, column.value_column))
        if cell is not None and cell.value is not None and cell.formula is None:
            raise SyncError("a target has no code", where=where, expected=f"a code in {column.key_column!r}")
