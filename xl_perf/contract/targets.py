"""The numbers of the plan that a workbook holds, as its map of targets says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.contract.tables import TableCells, read_map, target_rows
from xl_perf.package.refs import cell_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.package.content import Content


def read_targets(package: Content) -> Iterator[dict[str, Any]]:
    """The target cells of a workbook: table, column, key, the other half of the key, value, source, cell.

    Raises:
        SyncError: a table or column was renamed.
    """
    tables: dict[str, TableCells] = {}
    for column in read_map(package):
        table = tables.setdefault(column.table, TableCells(package, column.table, ()))
        for row, code in target_rows(table, column):
            value = table.value(row, column.value_column)
            if value is None:
                continue
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            source = table.value(row, column.source_column) if column.source_column else None
            yield {
                "tabella": column.table, "colonna": column.value_column, "chiave": code, "fissa": column.fixed,
                "periodo": column.period, "numero": float(value) if is_number else None,
                "testo": None if is_number else str(value), "fonte": "" if source is None else str(source),
                "cella": f"{table.table.sheet}!{cell_name(table.key(row, column.value_column))}",
            }  # fmt: skip
