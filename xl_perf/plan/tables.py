"""The tables of values: targets, published results and weights, read from CSV as tabelle.toml declares them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xl_perf.errors import PlanError
from xl_perf.plan.declarations import known, weight_value
from xl_perf.plan.files import choice
from xl_perf.plan.model import (
    Actual,
    ActualItem,
    Direction,
    Reprint,
    Status,
    SumRule,
    Target,
    Unit,
    Weight,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.declarations import Edition
    from xl_perf.plan.files import CsvFile, DataFiles, Record, Row
    from xl_perf.plan.model import Indicator, Source

MEASURES = ("consuntivo", "piano", "variazione_stampata", "realizzazione_stampata")
_ROW_EXTRAS = ("atto", "nota")


@dataclass(frozen=True, slots=True)
class Reading:
    """The value read where a table prints another number or none, and the defect that says why."""

    printed: float | None
    value: float
    defect: str
    where: str


@dataclass
class Tables:
    """What the tables of an edition hold; filled by `read_tables`."""

    edition: Edition
    targets: list[Target] = field(default_factory=list)
    items: dict[str, ActualItem] = field(default_factory=dict)
    sums: list[SumRule] = field(default_factory=list)
    actuals: dict[tuple[str, str, str, str, str], Actual] = field(default_factory=dict)
    readings: dict[tuple[str, ...], Reading] = field(default_factory=dict)
    used: set[tuple[str, ...]] = field(default_factory=set)
    reprints: list[Reprint] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    def read_number(self, row: Row, column: str, key: tuple[str, ...]) -> tuple[float, Reading | None]:
        """Number of a cell, or the reading that a defect declares for it.

        Raises:
            PlanError: neither a number nor a reading, or a reading of another number than the cell holds.
        """
        reading = self.readings.get(key)
        if reading is None:
            return row.number(column), None
        self.used.add(key)
        printed = row.number(column) if row.cells[column] else None
        if printed != reading.printed:
            raise PlanError(
                f"the reading {reading.defect!r} is of {reading.printed}, the table holds {printed}",
                where=row.where(column),
                remedy=f"correct `stampato` at {reading.where}",
            )
        return reading.value, reading


@dataclass(frozen=True, slots=True)
class _Common:
    """What a table declares for all of its values."""

    file: str
    period: str
    unit: Unit | None
    source: Source
    act: str
    status: Status
    note: str


def read_tables(files: DataFiles, edition: Edition, readings: Sequence[Record]) -> Tables:
    """Every table that tabelle.toml declares, voci.csv, somme and modifiche.csv.

    Raises:
        PlanError: a value, key, column or file that the declarations do not cover.
    """
    tables = Tables(edition)
    for record in readings:
        _add_reading(tables, record)
    top = files.toml("tabelle.toml")
    if "voci.csv" in files.contents:
        _read_items(files, tables)
    for record in top.records("somma"):
        _read_sum(tables, record)
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
    top.close()
    if "modifiche.csv" in files.contents:
        _read_changes(files, tables)
    if "ristampe.csv" in files.contents:
        _read_reprints(files, tables)
    for key in tables.readings.keys() - tables.used:
        raise PlanError(
            f"a reading of {', '.join(key)}, which no table holds", where=tables.readings[key].where
        )
    return tables


def _add_reading(tables: Tables, record: Record) -> None:
    structure = record.string("struttura", "NAZIONALE")
    period = record.string("periodo")
    if record.has("indicatore"):
        code = tables.edition.indicator(record.string("indicatore"), record.where("indicatore")).code
        key: tuple[str, ...] = (code, structure, period)
    else:
        key = (
            record.string("voce"),
            structure,
            period,
            record.string("misura"),
            record.string("documento"),
        )
    blank = record.values.get("stampato") == ""
    record.mark("stampato")
    reading = Reading(
        printed=None if blank else record.number("stampato"),
        value=record.number("letto"),
        defect=record.string("difetto"),
        where=record.where(),
    )
    record.close()
    if key in tables.readings:
        raise PlanError(f"two readings of {', '.join(key)}", where=reading.where)
    tables.readings[key] = reading


def _common(tables: Tables, record: Record, *, act: bool = True) -> _Common:
    edition = tables.edition
    unit = choice(Unit, record.string("unita"), record.where("unita")) if record.has("unita") else None
    record.mark("unita")
    return _Common(
        file=record.values.get("file", ""),
        period=record.string("periodo", edition.period),
        unit=unit,
        source=edition.source(record.string("fonte"), record.where("fonte")),
        act=edition.act(record.string("atto"), record.where("atto")) if act else "",
        status=choice(Status, record.string("stato"), record.where("stato")),
        note=record.string("nota", ""),
    )


def _check_unit(unit: Unit, indicator: Indicator, where: str) -> None:
    if unit is not indicator.unit:
        raise PlanError(
            f"unit {unit.value!r} of {indicator.code}",
            where=where,
            expected=f"{indicator.unit.value!r} as indicatori.toml says",
        )


def _add_target(
    tables: Tables, common: _Common, row: Row, column: str, *, indicator: Indicator, structure: str
) -> None:
    edition = tables.edition
    value, reading = tables.read_number(row, column, (indicator.code, structure, common.period))
    act = edition.act(row.string("atto", common.act), row.where("atto"))
    note = row.string("nota", common.note)
    tables.targets.append(
        Target(
            indicator=indicator.code,
            structure=structure,
            period=common.period,
            value=value,
            unit=indicator.unit,
            direction=indicator.direction,
            source=common.source,
            act=act,
            known_from=edition.acts[act].date,
            status=common.status,
            note=note,
            where=row.where(column),
            defect=reading.defect if reading else "",
        )
    )


def _structures_by_indicators(tables: Tables, files: DataFiles, record: Record) -> None:
    """Rows are structures, columns indicators (Tabella A)."""
    common = _common(tables, record)
    columns: dict[str, Indicator] = {}
    for column, code in record.mapping("colonne").items():
        if not isinstance(code, str):
            raise PlanError(
                f"{column} = {code!r}", where=record.where(column), expected="the code of an indicator"
            )
        columns[column] = tables.edition.indicator(code, record.where(column))
        if common.unit is None:
            raise PlanError("the table has no unit", where=record.where(), expected='unita = "..."')
        _check_unit(common.unit, columns[column], record.where("unita"))
    table = files.csv(common.file)
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
            _add_target(tables, common, row, column, indicator=indicator, structure=structure)


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
    common = _common(tables, record)
    table = files.csv(common.file)
    extras = ("indicatore", "unita", *_ROW_EXTRAS)
    columns = {
        column: tables.edition.structure(column, f"{table.where}:1")
        for column in table.header
        if column not in extras
    }
    if len(set(columns.values())) != len(columns):
        raise PlanError("a structure has two columns (code and alias)", where=f"{table.where}:1")
    table.require(("indicatore", *([] if common.unit else ["unita"]), *columns), _ROW_EXTRAS)
    rows: dict[str, Row] = {}
    for row in table.rows:
        indicator = tables.edition.indicator(row.string("indicatore"), row.where("indicatore"))
        if indicator.code in rows:
            raise PlanError(f"indicator {indicator.code!r} appears twice", where=row.where("indicatore"))
        rows[indicator.code] = row
        unit = common.unit or choice(Unit, row.string("unita"), row.where("unita"))
        _check_unit(unit, indicator, row.where("unita"))
        for column, structure in columns.items():
            _add_target(tables, common, row, column, indicator=indicator, structure=structure)


def _read_uniform(tables: Tables, record: Record) -> None:
    """One value for every structure of the system's coverage (`[[uniforme]]`)."""
    edition = tables.edition
    common = _common(tables, record)
    value = record.number("valore")
    for code in record.strings("indicatori"):
        indicator = edition.indicator(code, record.where("indicatori"))
        if common.unit is None:
            raise PlanError("no unit", where=record.where(), expected='unita = "..."')
        _check_unit(common.unit, indicator, record.where("unita"))
        where = record.where("valore")
        for structure in edition.structures.values():
            if structure.kind in edition.systems[indicator.system].coverage:
                # a structure that a later act added has its targets from that act on
                act = max((common.act, structure.act), key=lambda name: edition.acts[name].date)
                tables.targets.append(
                    Target(
                        indicator=code,
                        structure=structure.code,
                        period=common.period,
                        value=value,
                        unit=indicator.unit,
                        direction=indicator.direction,
                        source=common.source,
                        act=act,
                        known_from=edition.acts[act].date,
                        status=common.status,
                        note=common.note,
                        where=where,
                    )
                )
    record.mark("indicatori")
    record.close()


def _weights(tables: Tables, files: DataFiles, record: Record) -> None:
    """Weights of one node (columns indicatore, peso)."""
    edition = tables.edition
    common = _common(tables, record)
    node = record.string("nodo")
    if node in {weight.node for weight in edition.weights}:
        raise PlanError(f"node {node!r} has weights already", where=record.where("nodo"))
    table = files.csv(common.file)
    table.require(("indicatore", "peso"))
    members: set[str] = set()
    for row in table.rows:
        member = edition.indicator(row.string("indicatore"), row.where("indicatore")).code
        if member in members:
            raise PlanError(f"{member!r} has two weights", where=row.where("indicatore"))
        members.add(member)
        value = weight_value(row.number("peso"), row.where("peso"))
        edition.weights.append(
            Weight(node, member, value, common.source, common.act, common.status, common.note)
        )


def _read_items(files: DataFiles, tables: Tables) -> None:
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


def _read_sum(tables: Tables, record: Record) -> None:
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
    record.mark("periodi")
    record.close()


def _actuals(tables: Tables, files: DataFiles, record: Record) -> None:
    """Published results: rows are items, columns measure and period; an empty cell was not published."""
    common = _common(tables, record, act=False)
    structure = tables.edition.structure(record.string("struttura"), record.where("struttura"))
    columns = {column: _measure(record, column, spec) for column, spec in record.mapping("colonne").items()}
    table = files.csv(common.file)
    table.require(("voce", *columns), ("nota",))
    for row in table.rows:
        code = row.string("voce")
        known(tables.items, code, "voce", row.where("voce"), "declare it in voci.csv")
        item = tables.items[code]
        if common.unit is not None and common.unit is not item.unit:
            raise PlanError(f"unit of {code}", where=row.where("voce"), expected=item.unit.value)
        for column, (measure, period) in columns.items():
            key = (code, structure, period, measure, common.source.document)
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
                unit=Unit.PERCENT if measure.endswith("_stampata") else item.unit,
                source=common.source,
                status=common.status,
                note=row.string("nota", common.note),
                where=row.where(column),
                decimals=row.decimals(column),
                printed=reading.printed if reading else None,
                defect=reading.defect if reading else "",
            )


def _measure(record: Record, column: str, spec: Any) -> tuple[str, str]:
    where = record.where(column)
    if not isinstance(spec, dict) or set(spec) != {"misura", "periodo"}:
        raise PlanError(
            f"{column} = {spec!r}", where=where, expected='{ misura = "consuntivo", periodo = "2020" }'
        )
    known(MEASURES, spec["misura"], "misura", where)
    return str(spec["misura"]), str(spec["periodo"])


def _read_changes(files: DataFiles, tables: Tables) -> None:
    """modifiche.csv: values that a later act set anew, known from the act's date."""
    edition = tables.edition
    tables.files.add("modifiche.csv")
    table = files.csv("modifiche.csv")
    columns = ("indicatore", "struttura", "periodo", "valore", "unita", "atto", "fonte", "nota")
    table.require(columns)
    for row in table.rows:
        indicator = edition.indicator(row.string("indicatore"), row.where("indicatore"))
        _check_unit(choice(Unit, row.string("unita"), row.where("unita")), indicator, row.where("unita"))
        act = edition.act(row.string("atto"), row.where("atto"))
        tables.targets.append(
            Target(
                indicator=indicator.code,
                structure=edition.structure(row.string("struttura"), row.where("struttura")),
                period=row.string("periodo"),
                value=row.number("valore"),
                unit=indicator.unit,
                direction=indicator.direction,
                source=edition.source(row.string("fonte"), row.where("fonte")),
                act=act,
                known_from=edition.acts[act].date,
                note=row.string("nota", ""),
                where=row.where("valore"),
            )
        )


def _read_reprints(files: DataFiles, tables: Tables) -> None:
    """ristampe.csv: targets that the plan prints again elsewhere."""
    edition = tables.edition
    tables.files.add("ristampe.csv")
    table = files.csv("ristampe.csv")
    table.require(("indicatore", "struttura", "periodo", "valore", "unita", "fonte"))
    for row in table.rows:
        indicator = edition.indicator(row.string("indicatore"), row.where("indicatore"))
        _check_unit(choice(Unit, row.string("unita"), row.where("unita")), indicator, row.where("unita"))
        tables.reprints.append(
            Reprint(
                indicator=indicator.code,
                structure=edition.structure(row.string("struttura"), row.where("struttura")),
                period=row.string("periodo"),
                value=row.number("valore"),
                source=edition.source(row.string("fonte"), row.where("fonte")),
                where=row.where("valore"),
            )
        )


_FORMS = {
    "strutture_per_indicatori": _structures_by_indicators,
    "indicatori_per_strutture": _indicators_by_structures,
    "consuntivi": _actuals,
    "pesi": _weights,
}
