"""What the tables of an edition fill: targets, results, weights, and the readings that defects declare."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status, Unit
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from xl_perf.plan.model import (
        Actual,
        ActualItem,
        Indicator,
        Programme,
        Reprint,
        Source,
        SumRule,
        Target,
    )
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import Row
    from xl_perf.plan.reading.records import Record


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
    programme: list[Programme] = field(default_factory=list)
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
class Common:
    """What a table declares for all of its values."""

    file: str
    period: str
    unit: Unit | None
    source: Source
    act: str
    status: Status
    note: str


def add_reading(tables: Tables, record: Record) -> None:
    """Take a reading that a defect declares: the cell it concerns, what is printed there, what is read."""
    structure = tables.edition.structure(
        record.string("struttura", tables.edition.national), record.where("struttura")
    )
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


def common(tables: Tables, record: Record, *, act: bool = True) -> Common:
    """What a `[[tabella]]` or `[[uniforme]]` declares for all of its values; results have no act."""
    edition = tables.edition
    unit = choice(Unit, record.string("unita"), record.where("unita")) if record.has("unita") else None
    return Common(
        file=record.values.get("file", ""),
        period=record.string("periodo", edition.period),
        unit=unit,
        source=edition.source(record.string("fonte"), record.where("fonte")),
        act=edition.act(record.string("atto"), record.where("atto")) if act else "",
        status=choice(Status, record.string("stato"), record.where("stato")),
        note=record.string("nota", ""),
    )


def check_unit(unit: Unit, indicator: Indicator, where: str) -> None:
    """Refuse a unit that is not the indicator's.

    Raises:
        PlanError: the table and indicatori.toml disagree.
    """
    if unit is not indicator.unit:
        raise PlanError(
            f"unit {unit.value!r} of {indicator.code}",
            where=where,
            expected=f"{indicator.unit.value!r} as indicatori.toml says",
        )
