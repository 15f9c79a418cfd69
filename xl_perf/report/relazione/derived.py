"""Actuals of the Relazione that are calculated of those of other rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from xl_perf.catalog import FUNCTIONS
from xl_perf.catalog.numerals import number
from xl_perf.cells import call
from xl_perf.plan.entities import Unit
from xl_perf.report.relazione.model import Number, joined
from xl_perf.report.relazione.numbers import ACTUAL, PLANNED, shown_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.plan.models import ModelData
    from xl_perf.report.relazione.numbers import Numbers

_POINTS, _STAFF = "punti_produttivita", "risorse"
_MONTHS: Final = 12
_PRODUCTIVITY: Final = "PRODUTTIVITA_INDEX"


class Derived(Protocol):
    """How the actual of a row comes about."""

    def __call__(self, numbers: Numbers, code: str, year: int) -> Number | None:
        """The actual of a year; None where a part of it is missing."""


@dataclass(frozen=True, slots=True)
class Productivity:
    """Points of production for each month and each of the staff that produced them.

    Source: P21, "Produttività".

    Attributes:
        points: code of the production.
    """

    points: str

    def __call__(self, numbers: Numbers, code: str, year: int) -> Number | None:
        """See `Derived`."""
        points, staff = numbers.measure(self.points, _POINTS, year), numbers.delivered(code, _STAFF, year)
        if points is None or staff is None:
            return None
        value = call(FUNCTIONS[_PRODUCTIVITY], [points.value, staff.value, float(_MONTHS)])
        if not isinstance(value, float):
            return None
        text = f"{number(points.value)} / ({number(staff.value)} x {_MONTHS})"
        return Number(value, Unit.POINTS, 2, joined((points, staff), text))


@dataclass(frozen=True, slots=True)
class Variation:
    """How far an index is from its reference, as a fraction of it.

    Attributes:
        index: code of the index.
    """

    index: str

    def __call__(self, numbers: Numbers, code: str, year: int) -> Number | None:
        """See `Derived`."""
        del code
        index, reference = (
            numbers.measure(self.index, ACTUAL, year),
            numbers.measure(self.index, PLANNED, year),
        )
        if index is None or reference is None or not reference.value:
            return None
        text = f"{shown_in(index)} / {shown_in(reference)} - 1"
        return Number(index.value / reference.value - 1, Unit.PERCENT, 4, joined((index, reference), text))


def derived(model: ModelData) -> Mapping[str, Derived]:
    """The actuals that an edition's tables of results have calculated: code -> how.

    Args:
        model: what the tables take from the edition.
    """
    found: dict[str, Derived] = {}
    if model.has("produttivita_punti"):
        found[model.role("produttivita")] = Productivity(model.role("produttivita_punti"))
    if model.has("variazioni"):
        pairs = zip(model.codes("variazioni"), model.codes("variazioni_indici"), strict=True)
        found |= {code: Variation(index) for code, index in pairs}
    return found
