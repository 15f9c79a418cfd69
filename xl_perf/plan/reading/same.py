"""legami.csv: numbers that the plan gives twice, so that whoever changes the one knows of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.reading.declarations import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xl_perf.plan.model import Plan, Source, Target
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles, Row

FILE = "legami.csv"
TARGET, PARAMETER = "obiettivo", "parametro"
_COLUMNS = ("dato", "chiave", "dato_base", "chiave_base", "fonte", "nota")


@dataclass(frozen=True, slots=True)
class SameNumber:
    """A number that repeats another one.

    Attributes:
        kind: `obiettivo` (key: `indicator|structure|period`) or `parametro` (key: code).
        key: the number that repeats.
        base_kind: kind of the number that is repeated.
        base_key: the number that is repeated.
        source: where the plan prints the repetition.
        note: why they are the same.
    """

    kind: str
    key: str
    base_kind: str
    base_key: str
    source: Source
    note: str = ""
    where: str = ""


def read_same(files: DataFiles, edition: Edition, targets: Iterable[Target]) -> tuple[SameNumber, ...]:
    """The pairs in the order of the file; a row without structure (`a||2021`, `b||2021`) stands for each that has both.

    Raises:
        PlanError: a number that the edition does not have, or a number that repeats itself.
    """
    if FILE not in files.contents:
        return ()
    table = files.csv(FILE)
    table.require(_COLUMNS)
    keys: dict[str, Mapping[str, object]] = {
        TARGET: {f"{t.indicator}|{t.structure}|{t.period}": None for t in targets},
        PARAMETER: edition.parameters,
    }
    return tuple(pair for row in table.rows for pair in _pairs(edition, keys, row))


def _pairs(edition: Edition, keys: Mapping[str, Mapping[str, object]], row: Row) -> Iterator[SameNumber]:
    kinds = [row.string(column) for column in ("dato", "dato_base")]
    names = [row.string(column) for column in ("chiave", "chiave_base")]
    for column, kind in zip(("dato", "dato_base"), kinds, strict=True):
        known(keys, kind, column, row.where(column), f"one of {', '.join(keys)}")
    if all("||" in name for name in names):
        filled = [tuple(name.replace("||", f"|{code}|") for name in names) for code in edition.structures]
        found = [
            pair for pair in filled if all(key in keys[kind] for kind, key in zip(kinds, pair, strict=True))
        ]
        if not found:
            raise PlanError(f"no structure has both {names[0]} and {names[1]}", where=row.where("chiave"))
    else:
        for column, kind, name in zip(("chiave", "chiave_base"), kinds, names, strict=True):
            known(keys[kind], name, kind, row.where(column))
        found = [tuple(names)]
    if names[0] == names[1]:
        raise PlanError("a number that repeats itself", where=row.where("chiave_base"))
    for key, base in found:
        source = edition.source(row.string("fonte"), row.where("fonte"))
        yield SameNumber(kinds[0], key, kinds[1], base, source, row.string("nota", ""), row.where("chiave"))


def value_of(plan: Plan, kind: str, key: str) -> float:
    """The newest value of one of the two numbers."""
    if kind == PARAMETER:
        return plan.parameter(key)
    indicator, structure, period = key.split("|")
    return plan.target(indicator, structure, period).value
