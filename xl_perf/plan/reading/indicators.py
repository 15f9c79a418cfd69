"""The indicators that an edition declares, and the tree that they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import (
    Direction,
    Indicator,
    StructureKind,
    System,
    Unit,
)
from xl_perf.plan.reading.declarations import known, unique
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles
    from xl_perf.plan.reading.records import Record


_INDICATOR_DEFAULTS = ("unita", "verso", "funzione", "decimali", "fonte")


def read_indicators(files: DataFiles, edition: Edition) -> None:
    """indicatori.toml: measurement systems and their indicators.

    Raises:
        PlanError: unknown system, unit, direction or parent; an indicator without unit, direction, function or source.
    """
    top = files.toml("indicatori.toml")
    defaults: dict[str, Record] = {}
    for order, record in enumerate(top.records("sistema"), 1):
        code = record.string("codice")
        unique(edition.systems, code, "system", record.where("codice"))
        kinds = tuple(
            choice(StructureKind, kind, record.where("copertura")) for kind in record.strings("copertura")
        )
        tolerance = record.string("tolleranza", "") or None
        additive = record.boolean("somma_regioni") if record.has("somma_regioni") else False
        free = record.boolean("copertura_libera") if record.has("copertura_libera") else False
        excluded = tuple(
            edition.structure(name, record.where("escluse")) for name in record.strings("escluse")
        )
        title = record.string("titolo")
        edition.systems[code] = System(code, title, order, kinds, additive, free, excluded, tolerance)
        defaults[code] = record
    orders: dict[str, int] = {}
    parents: dict[str, str] = {}
    for record in top.records("indicatore"):
        code = record.string("codice")
        system = code.partition(".")[0]
        known(edition.systems, system, "system", record.where("codice"), "declare it as [[sistema]]")
        unique(edition.indicators, code, "indicator", record.where("codice"))
        orders[system] = orders.get(system, 0) + 1
        edition.indicators[code] = _indicator(edition, record, defaults[system], orders[system])
        record.close()
        parents[code] = record.where("superiore")
    for record in defaults.values():
        record.mark(
            *_INDICATOR_DEFAULTS, "copertura", "copertura_libera", "escluse", "somma_regioni", "tolleranza"
        )
        record.close()
    top.close()
    _check_tree(edition, parents)


def _indicator(edition: Edition, record: Record, defaults: Record, order: int) -> Indicator:
    given = {
        key: record if record.has(key) or not defaults.has(key) else defaults for key in _INDICATOR_DEFAULTS
    }
    return Indicator(
        code=record.string("codice"),
        title=record.string("titolo"),
        system=record.string("codice").partition(".")[0],
        unit=choice(Unit, given["unita"].string("unita"), given["unita"].where("unita")),
        direction=direction(given["verso"]),
        function=given["funzione"].string("funzione"),
        decimals=given["decimali"].integer("decimali"),
        order=order,
        source=edition.source(given["fonte"].string("fonte"), given["fonte"].where("fonte")),
        parent=record.string("superiore", "") or None,
        sign=_sign(record),
        level=record.integer("livello", 0),
        short=record.string("breve", ""),
        total=record.boolean("totale_nazionale") if record.has("totale_nazionale") else False,
    )


def _sign(record: Record) -> int:
    sign = record.integer("segno", 1)
    if sign not in (1, -1):
        raise PlanError(f"segno = {sign}", where=record.where("segno"), expected="1 or -1")
    return sign


def _check_tree(edition: Edition, where: dict[str, str]) -> None:
    for code in edition.indicators:
        path = [code]
        while (parent := edition.indicators[path[-1]].parent) is not None:
            known(edition.indicators, parent, "indicator", where[path[-1]])
            if parent in path:
                raise PlanError(
                    f"indicators run in a circle: {' -> '.join((*path, parent))}", where=where[code]
                )
            path.append(parent)


def direction(record: Record) -> Direction:
    """Direction of a record: verso = 1 or -1."""
    value = record.integer("verso")
    if value not in (1, -1):
        raise PlanError(
            f"verso = {value}",
            where=record.where("verso"),
            expected="1 (more is better) or -1 (less is better)",
        )
    return Direction(value)
