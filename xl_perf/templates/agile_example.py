"""Example data of `lavoro_agile.xlsx`: invented numbers around published ones; the last year has nothing yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.templates import agile_names as names

if TYPE_CHECKING:
    from xl_perf.templates.book import Book

_SIZES = {
    names.SHARE: (16000, 24000),
    "lavoro_agile.giornate": (2_300_000, 5_600_000),
    names.PRODUCTIVITY[0]: (121, 120),
    names.PRODUCTIVITY[1]: (101.5, 103),
    "lavoro_agile.costi_punto": (2_900_000_000, 46_000_000),
    "lavoro_agile.superficie": (1_150_000, 0),
    "lavoro_agile.costi": (3_400_000_000, 0),
    "lavoro_agile.malattia": (190_000, 24_500),
    "lavoro_agile.infortuni": (140, 0),
    "lavoro_agile.benessere": (32_000, 11_000),
    "lavoro_agile.reputazione": (62_000, 20_000),
    "lavoro_agile.tempi": (41_000_000, 2_600_000),
}
"""Invented numerator and denominator of the first year."""
_EMPTY = "lavoro_agile.tempi", "lavoro_agile.dotazioni"
"""What the second year has not reported."""
_HEADS = 26000


class Example:
    """The example inputs; every method gives None in the empty workbook, and for the last year.

    Args:
        book: the workbook being built.
        years: the years of the plan, in order.
    """

    def __init__(self, book: Book, years: list[str]) -> None:
        self._book = book
        self._years = years

    def _age(self, year: str) -> int | None:
        """Years since the first; None where nothing is filled in."""
        age = self._years.index(year)
        return age if self._book.example and age < len(self._years) - 1 else None

    def heads(self, year: str) -> float | None:
        """Employees of a year."""
        age = self._age(year)
        return None if age is None else _HEADS - 500 * age

    def technology(self, year: str, code: str) -> float | None:
        """Numerator of a technology target."""
        age = self._age(year)
        if age is None or (age and code in _EMPTY):
            return None
        plan = self._book.plan
        target = plan.target(code, "NAZIONALE", year)
        share = 0.85 + 0.25 * self._book.chance(code, year)
        heads = _HEADS - 500 * age
        if target.unit is Unit.PERCENT:
            return min(heads, round(target.value * heads * share))
        return round(target.value * share)

    def measure(self, year: str, measure: names.Measure, which: str) -> float | None:
        """Numerator or denominator of a POLA indicator."""
        age = self._age(year)
        if age is None or (age and measure.code in _EMPTY):
            return None
        above, below = _SIZES[measure.code]
        if which == "denominatore":
            return below
        drift = 1 + age * (0.06 * self._book.chance(measure.code) - (0.05 if measure.reduction else 0.0))
        return round(above * drift, 1 if measure.code in names.PRODUCTIVITY else 0)

    def month(self, period: str, heading: str) -> float | None:
        """Employees, agile workers or their days in a month; the second year stops in the spring."""
        year, month = period.split("-")
        age = self._age(year)
        if age is None or (age and int(month) > 4):
            return None
        heads = _HEADS - 500 * age - 30 * int(month)
        workers = round(heads * (0.6 + 0.2 * self._book.chance("agili", period)))
        days = round(workers * (7 + 3 * self._book.chance("giornate", period)))
        return {names.HEADS: heads, names.WORKERS: workers, names.DAYS: days}[heading]
