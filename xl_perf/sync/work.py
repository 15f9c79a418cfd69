"""What an edition changes in a workbook, found before anything is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.contract.tables import TableCells, read_map, target_rows
from xl_perf.errors import SyncError
from xl_perf.package.refs import cell_name
from xl_perf.package.scalars import same_in_15_digits, same_value
from xl_perf.plan.describe import TargetMap, describe_source
from xl_perf.sync.match import Matcher
from xl_perf.sync.model import MetadataChange, TargetChange

if TYPE_CHECKING:
    from xl_perf.contract.tables import Metadata
    from xl_perf.package import CellKey
    from xl_perf.package.content import Content
    from xl_perf.plan.model import Plan
    from xl_perf.plan.shown import TargetCell
    from xl_perf.values import CellValue


@dataclass(slots=True)
class Work:
    """What a workbook needs, found before anything is written."""

    values: dict[str, dict[CellKey, CellValue]] = field(default_factory=lambda: defaultdict(dict))
    changed: list[TargetChange] = field(default_factory=list)
    metadata: list[MetadataChange] = field(default_factory=list)
    targets: int = 0
    sources: int = 0


def find_work(package: Content, metadata: Metadata, plan: Plan) -> Work:
    """Everything that changes.

    Raises:
        SyncError: the workbook does not fit the edition.
    """
    work = Work()
    matcher = Matcher(plan, package.where, metadata.text("struttura"))
    sources: dict[tuple[str, CellKey], list[TargetCell]] = {}
    tables: dict[str, TableCells] = {}
    for column in read_map(package):
        headings = [column.key_column, column.value_column, *filter(None, [column.source_column])]
        table = TableCells(package, column.table, tuple(headings))
        table = tables.setdefault(table.table.name, table)
        rows = list(target_rows(table, column))
        found = matcher.look_up(column, [code for _, code in rows])
        for row, code in rows:
            if code in found:
                _compare(work, table, column, row, found[code])
                if column.source_column:
                    place = table.table.name, table.key(row, column.source_column)
                    sources.setdefault(place, []).append(found[code])
    matcher.check()
    for (name, key), cells in sources.items():
        _compare_source(work, tables[name], key, describe_source(cells))
    _compare_metadata(work, metadata, plan)
    return work


def _compare(work: Work, table: TableCells, column: TargetMap, row: int, target: TargetCell) -> None:
    key = table.key(row, column.value_column)
    cell = table.sheet.cell(key)
    old = None if cell is None else cell.value
    work.targets += 1
    if cell is not None and cell.formula is not None:
        raise SyncError(
            "the target cell holds a formula",
            where=f"{table.where}, {cell_name(key)}",
            expected="a number of the plan",
            remedy="put the number back, or take the official workbook again",
        )
    if same_value(old, target.value) or same_in_15_digits(old, target.value):
        return
    work.values[table.table.sheet][key] = target.value
    work.changed.append(
        TargetChange(
            table.table.sheet,
            cell_name(key),
            table.table.name,
            target.indicator,
            target.structure,
            target.period,
            target.what,
            old,
            target.value,
            target.unit,
            target.act_short,
            str(target.source),
            str(target.status),
        )
    )


def _compare_source(work: Work, table: TableCells, key: CellKey, text: str) -> None:
    cell = table.sheet.cell(key)
    if not same_value(None if cell is None else cell.value, text):
        work.values[table.table.sheet][key] = text
        work.sources += 1


def _compare_metadata(work: Work, metadata: Metadata, plan: Plan) -> None:
    act = plan.latest_act
    news = {
        "edizione": plan.id,
        "titolo_edizione": plan.title,
        "atto": act.title,
        "atto_breve": act.short,
        "data_atto": f"{act.date:%Y-%m-%d}",
        "impronta_dati": plan.data_hash,
    }
    for key, new in news.items():
        if key not in metadata.places:
            raise SyncError(f"the metadata have no key {key!r}", where=metadata.where)
        old = metadata.values[key]
        if not same_value(old, new):
            work.values[metadata.sheet][metadata.places[key]] = new
            work.metadata.append(MetadataChange(key, old, new))
