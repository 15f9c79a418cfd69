"""emendamenti.csv: what the acts that amended the plan say they changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from xl_perf.plan.model import Source
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles, Row

FILE = "emendamenti.csv"
_COLUMNS = ("atto", "parte", "paragrafo", "slide", "modifica", "effetto", "indicatori", "fonte", "nota")


class Effect(StrEnum):
    """What an amendment does to the plan's data."""

    TARGET = "obiettivi"
    """Sets targets anew, or what they are measured for: their values are known from the act on."""
    WEIGHT = "pesi"
    NAME = "denominazioni"
    TEXT = "testo"
    """Wording, or a part of the plan that holds no numbers."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """One line of an amending act.

    `part` is the part of the plan, `section` and `slide` the place in it, `change` what the act says (empty where it
    only names the place). `indicators` are codes, or systems for all of their indicators.
    """

    act: str
    part: str
    section: str
    slide: str
    change: str
    effect: Effect
    indicators: tuple[str, ...]
    source: Source
    order: int
    note: str = ""
    where: str = ""

    def concerns(self, indicator: str) -> bool:
        """Whether the amendment names an indicator, or the system or group of codes that it belongs to."""
        return any(indicator == code or indicator.startswith(f"{code}.") for code in self.indicators)


def read_amendments(files: DataFiles, edition: Edition) -> tuple[Amendment, ...]:
    """The amendments in the order of the acts; none where the edition has no such file.

    Raises:
        PlanError: an undeclared act or document, an unknown effect, a code that no indicator has.
    """
    if FILE not in files.contents:
        return ()
    table = files.csv(FILE)
    table.require(_COLUMNS)
    return tuple(_amendment(edition, row, order) for order, row in enumerate(table.rows, 1))


def _amendment(edition: Edition, row: Row, order: int) -> Amendment:
    amendment = Amendment(
        act=edition.act(row.string("atto"), row.where("atto")),
        part=row.string("parte"),
        section=row.string("paragrafo"),
        slide=row.string("slide", ""),
        change=row.string("modifica", ""),
        effect=choice(Effect, row.string("effetto"), row.where("effetto")),
        indicators=tuple(code for code in row.string("indicatori", "").split("|") if code),
        source=edition.source(row.string("fonte"), row.where("fonte")),
        order=order,
        note=row.string("nota", ""),
        where=row.where("modifica"),
    )
    for code in amendment.indicators:
        if not any(name == code or name.startswith(f"{code}.") for name in edition.indicators):
            raise PlanError(
                f"no indicator {code!r}",
                where=row.where("indicatori"),
                expected="codes of indicators, or of systems, separated by |",
            )
    return amendment
