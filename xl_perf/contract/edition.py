"""The edition of the plan that an official workbook belongs to, as its metadata name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xl_perf.contract.tables import METADATA, TableCells
from xl_perf.errors import PerfError, PlanError, SyncError, WorkbookError
from xl_perf.package.sheetscan import SheetScan

if TYPE_CHECKING:
    from xl_perf.package.content import Content
    from xl_perf.package.model import Table
    from xl_perf.plan.model import Plan


class NamedEdition(NamedTuple):
    """An edition as a workbook names it: its id, and the SHA-256 of its data, empty where the workbook has none."""

    id: str
    fingerprint: str


def edition_of(package: Content) -> NamedEdition | None:
    """The edition that an official workbook names.

    None for any other workbook, and for one whose metadata are damaged.
    """
    try:
        found = next((table for table in package.tables if table.name.lower() == METADATA.lower()), None)
        if found is None:
            return None
        values = _texts(package, found)
    except (SyncError, WorkbookError):
        return None
    if not (values.get("modello") and values.get("edizione")):
        return None
    return NamedEdition(values["edizione"], values.get("impronta_dati", ""))


def _texts(package: Content, metadata: Table) -> dict[str, str]:
    """The keys of the metadata with their values, as far as they are texts."""
    scan = package.scan(metadata.sheet)  # a sheet that was read cell by cell is not scanned any more
    headings = list(metadata.columns)
    if isinstance(scan, SheetScan) and {"Chiave", "Valore"} <= {*headings}:
        keys, values = (scan.texts(metadata.ref[1] + headings.index(name)) for name in ("Chiave", "Valore"))
        rows = range(metadata.ref[0] + metadata.header_rows, metadata.ref[2] - metadata.totals_rows + 1)
        return {(keys.get(row) or "").strip(): (values.get(row) or "").strip() for row in rows}
    table = TableCells(package, METADATA, ("Chiave", "Valore"))
    return {table.text(row, "Chiave"): table.text(row, "Valore") for row in table.rows}


def plan_of(package: Content) -> Plan | None:
    """The edition that an official workbook names, loaded; None for any other workbook, which goes by the newest one.

    Raises:
        PlanError: this machine does not have the edition, or has it with other data; says how to get it.
    """
    named = edition_of(package)
    return None if named is None else load_named(named, package.where)


def load_named(named: NamedEdition, where: str) -> Plan:
    """An edition by its id and fingerprint.

    Args:
        named: id and fingerprint.
        where: the workbook, for messages.

    Raises:
        PlanError: this machine does not have it, or has it with other data; says how to get it.
    """
    from xl_perf.plan import load_edition  # noqa: PLC0415 - the plan is read when it is needed

    try:
        return load_edition(named.id, named.fingerprint or None)
    except PerfError as error:
        raise PlanError(
            f"the edition that the workbook belongs to cannot be used: {error.what}",
            where=where,
            expected=error.expected,
            remedy=f"{error.remedy}; or bring the workbook to an edition that is here with `xl-perf sync`",
        ) from error
