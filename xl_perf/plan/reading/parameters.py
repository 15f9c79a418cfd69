"""Parameters, weights, bands and known defects of an edition."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Band, BandedRatio, Defect, Parameter, Status, Unit, Weight
from xl_perf.plan.reading.declarations import unique
from xl_perf.plan.reading.records import choice, read_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles
    from xl_perf.plan.reading.records import Record

_WEIGHT_TOLERANCE = 1e-9


def read_parameters(files: DataFiles, edition: Edition) -> None:
    """parametri.toml: parameters and weights of nodes."""
    top = files.toml("parametri.toml")
    for record in top.records("parametro"):
        code = record.string("codice")
        unique(edition.parameters, code, "parameter", record.where("codice"))
        edition.parameters[code] = Parameter(
            code=code,
            title=record.string("titolo"),
            value=record.number("valore"),
            unit=choice(Unit, record.string("unita"), record.where("unita")),
            source=edition.source(record.string("fonte"), record.where("fonte")),
            act=edition.act(record.string("atto"), record.where("atto")),
            status=choice(Status, record.string("stato"), record.where("stato")),
            note=record.string("nota", ""),
            words=read_words(record),
        )
        record.close()
    for record in top.records("nodo"):
        node = record.string("codice")
        unique({weight.node for weight in edition.weights}, node, "node", record.where("codice"))
        source = edition.source(record.string("fonte"), record.where("fonte"))
        act = edition.act(record.string("atto"), record.where("atto"))
        status = choice(Status, record.string("stato"), record.where("stato"))
        note = record.string("nota", "")
        for member, value in record.mapping("pesi").items():
            edition.indicator(member, record.where(member))
            weight = weight_value(value, record.where(member))
            edition.weights.append(Weight(node, member, weight, source, act, status, note))
        record.close()
    top.close()
    for system in edition.systems.values():
        if system.tolerance and system.tolerance not in edition.parameters:
            where = f"{files.name}/indicatori.toml, {system.code}"
            raise PlanError(f"tolleranza {system.tolerance!r} is no parameter", where=where)


def weight_value(value: object, where: str) -> float:
    """A weight as fraction.

    Raises:
        PlanError: not a number from 0 to 1.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise PlanError(f"weight {value!r}", where=where, expected="a fraction from 0 to 1 (30% is 0.3)")
    return float(value)


def check_weights(name: str, edition: Edition) -> None:
    """Refuse nodes whose weights do not sum to 1.

    Raises:
        PlanError: naming the node and its sum.
    """
    nodes: dict[str, list[float]] = {}
    for weight in edition.weights:
        nodes.setdefault(weight.node, []).append(weight.value)
    for node, values in nodes.items():
        total = math.fsum(values)
        if abs(total - 1) > _WEIGHT_TOLERANCE:
            raise PlanError(f"the weights of {node!r} sum to {total:.10g}", where=name, expected="1 (100%)")


def read_ratios(files: DataFiles, edition: Edition) -> tuple[BandedRatio, ...]:
    """controllo_processo.toml: the ratios with their bands."""
    top = files.toml("controllo_processo.toml")
    ratios: dict[str, BandedRatio] = {}
    for record in top.records("rapporto"):
        code = record.string("codice")
        unique(ratios, code, "ratio", record.where("codice"))
        ratios[code] = BandedRatio(
            code=code,
            title=record.string("titolo"),
            formula=record.string("formula"),
            bands=tuple(_band(band) for band in record.records("fasce")),
            descending=record.boolean("decrescente"),
            undefined=record.integer("indefinito"),
            undefined_status=choice(
                Status, record.string("indefinito_stato"), record.where("indefinito_stato")
            ),
            source=edition.source(record.string("fonte"), record.where("fonte")),
            act=edition.act(record.string("atto"), record.where("atto")),
            status=choice(Status, record.string("stato"), record.where("stato")),
            note=record.string("nota", ""),
        )
        check_bands(ratios[code], record.where)
        record.close()
    top.close()
    return tuple(ratios.values())


def _band(record: Record) -> Band:
    band = Band(
        number=record.integer("numero"),
        printed=record.string("stampa"),
        upper=record.number("fino_a") if record.has("fino_a") else None,
        points=record.number("punti"),
    )
    record.close()
    return band


def check_bands(ratio: BandedRatio, where: Callable[[str], str]) -> None:
    """Refuse bands that are not numbered 1, 2, 3 ... or whose upper ends do not rise to an open one.

    Args:
        ratio: the ratio.
        where: gives the place of a key, for messages.

    Raises:
        PlanError: naming numbers or ends.
    """
    numbers = [band.number for band in ratio.bands]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise PlanError(f"band numbers {numbers}", where=where("fasce"), expected="1, 2, 3 ... as printed")
    if ratio.undefined not in (0, *numbers):
        raise PlanError(
            f"indefinito = {ratio.undefined}",
            where=where("indefinito"),
            expected="the number of a band, or 0 for no points",
        )
    rising = list(reversed(ratio.bands)) if ratio.descending else list(ratio.bands)
    uppers = [band.upper for band in rising]
    closed = [upper for upper in uppers[:-1] if upper is not None]
    if uppers[-1] is not None or len(closed) != len(uppers) - 1 or sorted(set(closed)) != closed:
        raise PlanError(
            f"upper ends {uppers}",
            where=where("fasce"),
            expected="rising ends, the last one open",
        )


def read_defects(files: DataFiles, edition: Edition) -> tuple[tuple[Defect, ...], tuple[Record, ...]]:
    """difetti.toml: the known defects of the sources, and the records of readings that tables.py applies."""
    top = files.toml("difetti.toml")
    defects: dict[str, Defect] = {}
    readings: list[Record] = []
    for record in top.records("difetto"):
        code = record.string("id")
        unique(defects, code, "defect", record.where("id"))
        defects[code] = Defect(
            id=code,
            source=edition.source(record.string("fonte"), record.where("fonte")),
            printed=record.string("stampato"),
            reading=record.string("lettura"),
            reason=record.string("motivo"),
            values=record.strings("spiega"),
            structures=record.strings("strutture"),
        )
        for structure in defects[code].structures:
            if structure not in edition.structures:
                raise PlanError(f"no structure {structure!r}", where=record.where("strutture"))
        for reading in record.records("letture"):
            reading.values.setdefault("difetto", code)
            readings.append(reading)
        record.close()
    top.close()
    return tuple(defects.values()), tuple(readings)
