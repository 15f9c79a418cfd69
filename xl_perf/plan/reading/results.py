"""The published results of an edition: items, how they add up, and the tables that print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.errors import PlanError
from xl_perf.plan.model import Actual, ActualItem, Direction, SumRule, Unit
from xl_perf.plan.reading.declarations import known
from xl_perf.plan.reading.records import choice
from xl_perf.plan.reading.store import common

if TYPE_CHECKING:
    from xl_perf.plan.reading.files import DataFiles
    from xl_perf.plan.reading.records import Record
    from xl_perf.plan.reading.store import Tables

MEASURES = (
    "consuntivo",
    "piano",
    "baseline",
    "pervenuto",
    "definito",
    "variazione_stampata",
    "variazione_annua_stampata",
    "realizzazione_stampata",
    "definizione_stampata",
    "scostamento_stampato",
)


def read_items(files: DataFiles, tables: Tables) -> None:
    """voci.csv: rows of the published results."""
    tables.files.add("voci.csv")
    table = files.csv("voci.csv")
    table.require(("voce", "titolo", "sistema", "unita", "verso", "livello", "indicatore"))
    orders: dict[str, int] = {}
    for row in table.rows:
        code = row.string("voce")
        system = row.string("sistema")
        known(tables.edition.systems, system, "system", row.where("sistema"))
        if code in tables.items:
            raise PlanError(f"voce {code!r} appears twice", where=row.where("voce"))
        orders[system] = orders.get(system, 0) + 1
        verso, level = row.number("verso"), row.number("livello")
        if verso not in (1, -1):
            raise PlanError(f"verso {verso:g}", where=row.where("verso"), expected="1 or -1")
        indicator = row.string("indicatore", "") or None
        if indicator is not None:
            tables.edition.indicator(indicator, row.where("indicatore"))
        tables.items[code] = ActualItem(
            code=code,
            title=row.string("titolo"),
            system=system,
            unit=choice(Unit, row.string("unita"), row.where("unita")),
            direction=Direction(int(verso)),
            order=orders[system],
            level=int(level),
            indicator=indicator,
        )


def read_sum(tables: Tables, record: Record) -> None:
    """One `[[somma]]`: an item and its addends."""
    addends = []
    for name in record.strings("addendi"):
        code = name.removeprefix("-")
        known(tables.items, code, "voce", record.where("addendi"), "declare it in voci.csv")
        addends.append((code, -1 if name.startswith("-") else 1))
    item = record.string("voce")
    known(tables.items, item, "voce", record.where("voce"), "declare it in voci.csv")
    if not addends:
        raise PlanError(f"{item} has no addendi", where=record.where())
    tables.sums.append(SumRule(item, tuple(addends), record.strings("periodi")))
    record.close()


def read_actuals(tables: Tables, files: DataFiles, record: Record) -> None:
    """Published results: rows are items (column struttura where it is not the table's), columns measure and period.

    An empty cell was not published.
    """
    shared = common(tables, record, act=False)
    edition = tables.edition
    common_structure = edition.structure(record.string("struttura"), record.where("struttura"))
    columns = {column: _measure(record, column, spec) for column, spec in record.mapping("colonne").items()}
    table = files.csv(shared.file)
    table.require(("voce", *columns), ("struttura", "nota"))
    for row in table.rows:
        code = row.string("voce")
        structure = edition.structure(row.string("struttura", common_structure), row.where("struttura"))
        item = _item(tables, code, row.where("voce"))
        if shared.unit is not None and shared.unit is not item.unit:
            raise PlanError(f"unit of {code}", where=row.where("voce"), expected=item.unit.value)
        for column, (measure, period) in columns.items():
            key = (code, structure, period, measure, shared.source.document)
            if not row.cells[column] and key not in tables.readings:
                continue
            if key in tables.actuals:
                raise PlanError(f"{', '.join(key)} appears twice", where=row.where(column))
            value, reading = tables.read_number(row, column, key)
            tables.actuals[key] = Actual(
                item=code,
                structure=structure,
                period=period,
                measure=measure,
                value=value,
                unit=Unit.PERCENT if measure.endswith(("_stampata", "_stampato")) else item.unit,
                source=shared.source,
                status=shared.status,
                note=row.string("nota", shared.note),
                where=row.where(column),
                decimals=row.decimals(column),
                printed=reading.printed if reading else None,
                defect=reading.defect if reading else "",
            )


def _item(tables: Tables, code: str, where: str) -> ActualItem:
    """The item of a row; an indicator is an item of its own, which voci.csv need not declare."""
    indicator = tables.edition.indicators.get(code)
    if code not in tables.items and indicator is not None:
        tables.items[code] = ActualItem(
            code=code,
            title=indicator.title,
            system=indicator.system,
            unit=indicator.unit,
            direction=indicator.direction,
            order=indicator.order,
            level=indicator.level,
            indicator=code,
        )
    known(tables.items, code, "voce", where, "declare it in voci.csv")
    return tables.items[code]


def _measure(record: Record, column: str, spec: Any) -> tuple[str, str]:
    where = record.where(column)
    if not isinstance(spec, dict) or set(spec) != {"misura", "periodo"}:
        raise PlanError(
            f"{column} = {spec!r}", where=where, expected='{ misura = "consuntivo", periodo = "2020" }'
        )
    known(MEASURES, spec["misura"], "misura", where)
    return str(spec["misura"]), str(spec["periodo"])
