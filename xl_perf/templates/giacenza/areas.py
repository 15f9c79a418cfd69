"""The areas of the indices of giacenza and deflusso: their indicators, and the names of their input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.plan.model import Plan
    from xl_perf.plan.models import ModelData

PLACE = "Posto"
"""Heading of the place of a structure below another one, e.g. `LIGURIA 2`."""
_SHEET_LENGTH = 31
"""Characters that the name of a sheet may have."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area: its indicators (`deflusso` is empty where the edition has none), its sheet and its table."""

    giacenza: str
    deflusso: str
    sheet: str
    table: str

    @property
    def code(self) -> str:
        """What the area is called in the codes of its indicators."""
        return self.giacenza.rpartition(".")[2]


def areas_of(plan: Plan, data: ModelData) -> tuple[Area, ...]:
    """The areas that the edition gives a workbook, in the order of their weights where it has some.

    Roles: `indici_giacenza`; `indici_deflusso`, of the same areas in the same order; `pesi_aree`, the node of
        the areas' weights.

    Args:
        plan: the edition.
        data: what the workbook takes from it.

    Raises:
        PlanError: no areas, another number of indicators of deflusso, or a weight of something else.
    """
    stocks = data.codes("indici_giacenza")
    flows = data.codes("indici_deflusso") if data.has("indici_deflusso") else ("",) * len(stocks)
    if len(flows) != len(stocks):
        raise PlanError(
            f"{len(flows)} codes of deflusso", where=data.where, expected=f"{len(stocks)}, as indici_giacenza"
        )
    order = list(stocks)
    if data.has("pesi_aree"):
        order = [weight.member for weight in plan.weights_of(data.role("pesi_aree"))]
        if sorted(order) != sorted(stocks):
            raise PlanError("the weights of pesi_aree are not those of indici_giacenza", where=data.where)
    names = [sheet_name(plan.indicators[code].short or plan.indicators[code].title) for code in order]
    tables = [_camel(code.rpartition(".")[2]) for code in order]
    return tuple(
        Area(code, flows[stocks.index(code)], sheet, f"tbl{table}")
        for code, sheet, table in zip(order, _unique(names), _unique(tables), strict=True)
    )


def sheet_name(text: str) -> str:
    """A text as the name of a sheet: without the characters that Excel refuses, at most 31 characters."""
    return re.sub(r"[\[\]:*?/\\']+", " ", text)[:_SHEET_LENGTH].strip()


def target_sheet(plan: Plan, indicator: str) -> str:
    """Name of the sheet of an indicator's targets: the table that prints them, e.g. `Tabella A`."""
    place = next((t.source.place for t in plan.targets if t.indicator == indicator), "")
    table = place.rpartition(", ")[2]
    return sheet_name(table) if table.startswith("Tabella") else "Obiettivi"


def _camel(text: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", text))


def _unique(texts: Iterable[str]) -> list[str]:
    """The texts; one that was there before gets a number."""
    found: list[str] = []
    for text in texts:
        number, name = 1, text
        while name in found:
            number += 1
            name = f"{text[: _SHEET_LENGTH - 2]}{number}"
        found.append(name)
    return found
