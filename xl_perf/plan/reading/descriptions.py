"""descrizioni_*.csv: what the plan says in words of an indicator, a role, a course, a line of indirizzo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status, Unit
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.plan.model import Source
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles, Row

_PREFIX = "descrizioni_"
_COLUMNS = ("oggetto", "titolo", "aspetto", "testo", "valore", "unita", "fonte", "atto", "stato", "nota")


@dataclass(frozen=True, slots=True)
class Description:
    """One thing that the plan says in words of a subject.

    Attributes:
        subject: code of an indicator, a parameter or a node of a tree, or a code of its own below a system.
        title: what the subject is called.
        aspect: which of its properties, e.g. `finalita`, `composizione`, `destinatari`.
        text: as printed.
        value: number that the text gives, e.g. of elementary indicators; None where it gives none.
        unit: unit of the value; None where there is none.
    """

    subject: str
    title: str
    aspect: str
    text: str
    value: float | None
    unit: Unit | None
    source: Source
    act: str
    status: Status
    note: str = ""
    where: str = ""


def description_files(files: DataFiles) -> tuple[str, ...]:
    """Names of the files of descriptions, sorted."""
    return tuple(
        sorted(name for name in files.contents if name.startswith(_PREFIX) and name.endswith(".csv"))
    )


def read_descriptions(
    files: DataFiles, edition: Edition, known_codes: Iterable[str]
) -> tuple[Description, ...]:
    """The descriptions file by file, in the order of their rows.

    Args:
        files: the data files.
        edition: what is declared.
        known_codes: codes that can be described; others must lie below a system.

    Raises:
        PlanError: an unknown subject, act or unit; a value without unit or the reverse; an aspect given twice.
    """
    codes = frozenset(known_codes)
    found: dict[tuple[str, str], Description] = {}
    for name in description_files(files):
        table = files.csv(name)
        table.require(_COLUMNS)
        for row in table.rows:
            entry = _description(edition, row)
            if entry.subject not in codes and entry.subject.partition(".")[0] not in edition.systems:
                raise PlanError(
                    f"unknown subject {entry.subject!r}",
                    where=row.where("oggetto"),
                    expected="a code of the edition, or one below a system",
                )
            key = (entry.subject, entry.aspect)
            if key in found:
                raise PlanError(
                    f"{entry.aspect} of {entry.subject} appears twice; the other one is at {found[key].where}",
                    where=row.where("aspetto"),
                )
            found[key] = entry
    return tuple(found.values())


def _description(edition: Edition, row: Row) -> Description:
    if bool(row.cells["valore"]) != bool(row.cells["unita"]):
        raise PlanError("a value without unit", where=row.where("unita"), expected="both, or neither")
    return Description(
        subject=row.string("oggetto"),
        title=row.string("titolo"),
        aspect=row.string("aspetto"),
        text=row.string("testo"),
        value=row.number("valore") if row.cells["valore"] else None,
        unit=choice(Unit, row.string("unita"), row.where("unita")) if row.cells["unita"] else None,
        source=edition.source(row.string("fonte"), row.where("fonte")),
        act=edition.act(row.string("atto"), row.where("atto")),
        status=choice(Status, row.string("stato"), row.where("stato")),
        note=row.string("nota", ""),
        where=row.where("testo"),
    )
