"""The tables of targets and weights, read from CSV as tabelle.toml declares them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status, Target, Unit, Weight
from xl_perf.plan.reading import results
from xl_perf.plan.reading.changed import read_changes, read_reprints
from xl_perf.plan.reading.declarations import known
from xl_perf.plan.reading.parameters import weight_value
from xl_perf.plan.reading.programme import read_programme
from xl_perf.plan.reading.records import choice
from xl_perf.plan.reading.store import Tables, add_reading, check_unit, common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Indicator
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import CsvFile, DataFiles, Row
    from xl_perf.plan.reading.records import Record
    from xl_perf.plan.reading.store import Common

_ROW_EXTRAS = ("atto", "fonte", "stato", "nota")


def read_tables(files: DataFiles, edition: Edition, readings: Sequence[Record]) -> Tables:
    """Every table that tabelle.toml declares, voci.csv, somme and modifiche.csv.

    Raises:
        PlanError: a value, key, column or file that the declarations do not cover.
    """
    tables = Tables(edition)
    for record in readings:
        add_reading(tables, record)
    top = files.toml("tabelle.toml")
    if "voci.csv" in files.contents:
        results.read_items(files, tables)
    for record in top.records("somma"):
        results.read_sum(tables, record)
    for record in top.records("tabella"):
        name = record.string("file")
        if name in tables.files:
            raise PlanError(f"table {name!r} is declared twice", where=record.where("file"))
        tables.files.add(name)
        record.string("titolo")
        form = record.string("forma")
        known(_FORMS, form, "forma", record.where("forma"))
        _FORMS[form](tables, files, record)
        record.close()
    for record in top.records("uniforme"):
        _read_uniform(tables, record)
    for record in top.records("programma"):
        read_programme(tables, record)
    top.close()
    if "modifiche.csv" in files.contents:
        read_changes(files, tables)
    if "ristampe.csv" in files.contents:
        read_reprints(files, tables)
    for key in sorted(tables.readings.keys() - tables.used):
        raise PlanError(
            f"a reading of {', '.join(key)}, which no table holds", where=tables.readings[key].where
        )
    return tables


def _add_target(
    tables: Tables, shared: Common, row: Row, column: str, *, indicator: Indicator, structure: str
) -> None:
    edition = tables.edition
    value, reading = tables.read_number(row, column, (indicator.code, structure, shared.period))
    act = edition.act(row.string("atto", shared.act), row.where("atto"))
    note = row.string("nota", shared.note)
    place, status = row.string("fonte", ""), row.string("stato", "")
    tables.targets.append(
        Target(
            indicator=indicator.code,
            structure=structure,
            period=shared.period,
            value=value,
            unit=indicator.unit,
            direction=indicator.direction,
            source=edition.source(place, row.where("fonte")) if place else shared.source,
            act=act,
            known_from=edition.acts[act].date,
            status=choice(Status, status, row.where("stato")) if status else shared.status,
            note=note,
            where=row.where(column),
            defect=reading.defect if reading else "",
        )
    )


def _structures_by_indicators(tables: Tables, files: DataFiles, record: Record) -> None:
    """Rows are structures, columns indicators (Tabella A)."""
    shared = common(tables, record)
    columns: dict[str, Indicator] = {}
    for column, code in record.mapping("colonne").items():
        if not isinstance(code, str):
            raise PlanError(
                f"{column} = {code!r}", where=record.where(column), expected="the code of an indicator"
            )
        columns[column] = tables.edition.indicator(code, record.where(column))
        if shared.unit is None:
            raise PlanError("the table has no unit", where=record.where(), expected='unita = "..."')
        check_unit(shared.unit, columns[column], record.where("unita"))
    table = files.csv(shared.file)
    table.require(("struttura", *columns), ("cluster", *_ROW_EXTRAS))
    for row, structure in _by_structure(tables, table):
        cluster = row.string("cluster", "") or None
        if cluster is not None and cluster != tables.edition.structures[structure].cluster:
            raise PlanError(
                f"{structure} in cluster {cluster!r}",
                where=row.where("cluster"),
                expected=f"{tables.edition.structures[structure].cluster!r} as strutture.csv says",
            )
        for column, indicator in columns.items():
            _add_target(tables, shared, row, column, indicator=indicator, structure=structure)


def _by_structure(tables: Tables, table: CsvFile) -> list[tuple[Row, str]]:
    rows: dict[str, Row] = {}
    for row in table.rows:
        where = row.where("struttura")
        code = tables.edition.structure(row.string("struttura"), where)
        if code in rows:
            raise PlanError(
                f"structure {code!r} appears twice, the first time in line {rows[code].line}", where=where
            )
        rows[code] = row
    return [(row, code) for code, row in rows.items()]


def _indicators_by_structures(tables: Tables, files: DataFiles, record: Record) -> None:
    """Rows are indicators, columns structures (Tabella B and C); the unit is the table's or a column."""
    shared = common(tables, record)
    table = files.csv(shared.file)
    extras = ("indicatore", "unita", *_ROW_EXTRAS)
    columns = {
        column: tables.edition.structure(column, f"{table.where}:1")
        for column in table.header
        if column not in extras
    }
    if len(set(columns.values())) != len(columns):
        raise PlanError("a structure has two columns (code and alias)", where=f"{table.where}:1")
    table.require(("indicatore", *([] if shared.unit else ["unita"]), *columns), _ROW_EXTRAS)
    rows: dict[str, Row] = {}
    for row in table.rows:
        indicator = tables.edition.indicator(row.string("indicatore"), row.where("indicatore"))
        if indicator.code in rows:
            raise PlanError(f"indicator {indicator.code!r} appears twice", where=row.where("indicatore"))
        rows[indicator.code] = row
        unit = shared.unit or choice(Unit, row.string("unita"), row.where("unita"))
        check_unit(unit, indicator, row.where("unita"))
        for column, structure in columns.items():
            _add_target(tables, shared, row, column, indicator=indicator, structure=structure)


def _indicators_by_periods(tables: Tables, files: DataFiles, record: Record) -> None:
    """Rows are indicators (column struttura where it is not the table's), columns periods; an empty cell is no target.

    `[tabella.colonne]` says which column is which period; the unit is the table's or a column.
    """
    shared = common(tables, record)
    structure = tables.edition.structure(
        record.string("struttura", tables.edition.national), record.where("struttura")
    )
    periods = {column: str(period) for column, period in record.mapping("colonne").items()}
    table = files.csv(shared.file)
    table.require(("indicatore", *([] if shared.unit else ["unita"]), *periods), ("struttura", *_ROW_EXTRAS))
    rows: dict[tuple[str, str], Row] = {}
    for row in table.rows:
        indicator = tables.edition.indicator(row.string("indicatore"), row.where("indicatore"))
        own = tables.edition.structure(row.string("struttura", structure), row.where("struttura"))
        if (indicator.code, own) in rows:
            raise PlanError(f"{indicator.code}, {own} appears twice", where=row.where("indicatore"))
        rows[indicator.code, own] = row
        unit = shared.unit or choice(Unit, row.string("unita"), row.where("unita"))
        check_unit(unit, indicator, row.where("unita"))
        for column, period in periods.items():
            if row.cells[column] or (indicator.code, own, period) in tables.readings:
                of_period = replace(shared, period=period)
                _add_target(tables, of_period, row, column, indicator=indicator, structure=own)


def _read_uniform(tables: Tables, record: Record) -> None:
    """One value for every structure of the system's coverage (`[[uniforme]]`)."""
    edition = tables.edition
    shared = common(tables, record)
    value = record.number("valore")
    for code in record.strings("indicatori"):
        indicator = edition.indicator(code, record.where("indicatori"))
        if shared.unit is None:
            raise PlanError("no unit", where=record.where(), expected='unita = "..."')
        check_unit(shared.unit, indicator, record.where("unita"))
        where = record.where("valore")
        for structure in edition.structures.values():
            if edition.systems[indicator.system].covers(structure):
                # a structure that a later act added has its targets from that act on
                act = max((shared.act, structure.act), key=lambda name: edition.acts[name].date)
                tables.targets.append(
                    Target(
                        indicator=code,
                        structure=structure.code,
                        period=shared.period,
                        value=value,
                        unit=indicator.unit,
                        direction=indicator.direction,
                        source=shared.source,
                        act=act,
                        known_from=edition.acts[act].date,
                        status=shared.status,
                        note=shared.note,
                        where=where,
                    )
                )
    record.close()


def _weights(tables: Tables, files: DataFiles, record: Record) -> None:
    """Weights of one node (columns indicatore, peso)."""
    edition = tables.edition
    shared = common(tables, record)
    node = record.string("nodo")
    if node in {weight.node for weight in edition.weights}:
        raise PlanError(f"node {node!r} has weights already", where=record.where("nodo"))
    table = files.csv(shared.file)
    table.require(("indicatore", "peso"))
    members: set[str] = set()
    for row in table.rows:
        member = edition.indicator(row.string("indicatore"), row.where("indicatore")).code
        if member in members:
            raise PlanError(f"{member!r} has two weights", where=row.where("indicatore"))
        members.add(member)
        value = weight_value(row.number("peso"), row.where("peso"))
        edition.weights.append(
            Weight(node, member, value, shared.source, shared.act, shared.status, shared.note)
        )


_FORMS = {
    "strutture_per_indicatori": _structures_by_indicators,
    "indicatori_per_strutture": _indicators_by_structures,
    "indicatori_per_periodi": _indicators_by_periods,
    "consuntivi": results.read_actuals,
    "pesi": _weights,
}
