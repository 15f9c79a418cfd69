"""Which sheets of an official workbook are the template's, and which are the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xl_perf.contract.tables import METADATA, TARGETS, TableCells
from xl_perf.errors import SyncError, WorkbookError

if TYPE_CHECKING:
    from xl_perf.package.content import Content

SHEETS: Final = "fogli"
"""Key of the metadata that lists the template's sheets."""
SEPARATOR: Final = "; "


def template_sheets(package: Content) -> frozenset[str]:
    """Names of the sheets that the template made, by the metadata; a renamed one is known by its tables.

    Empty for a workbook that is no official one, and where the metadata cannot be read.
    """
    try:
        tables = {table.name.lower(): table.sheet for table in package.tables}
        if METADATA.lower() not in tables:
            return frozenset()
        for name in (METADATA, TARGETS):
            if name.lower() in tables:
                package.scan(tables[name.lower()])  # first: a sheet read cell by cell is not scanned any more
        metadata = TableCells(package, METADATA, ("Chiave", "Valore"))
        values = {metadata.text(row, "Chiave"): metadata.text(row, "Valore") for row in metadata.rows}
        targets = TableCells(package, TARGETS, ("Tabella",))
        mapped = {targets.text(row, "Tabella").lower() for row in targets.rows}
    except (SyncError, WorkbookError):
        return frozenset()
    listed = {name.strip() for name in values.get(SHEETS, "").split(SEPARATOR.strip())}
    there = {info.name for info in package.sheets}
    return frozenset(
        {*(listed & there), metadata.table.sheet, *(tables[name] for name in mapped if name in tables)}
    )
