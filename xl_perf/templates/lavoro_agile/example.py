"""Example data of `lavoro_agile.xlsx`: invented numbers around published ones; the last year has nothing yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.names import nation
from xl_perf.templates.lavoro_agile import names

if TYPE_CHECKING:
    from xl_perf.templates.kit.book import Book

_SIZES = {styles.PERCENT: 0.65, styles.RATIO: 3.0, styles.EURO_CENTS: 63.0}
"""Invented value of a ratio, by the format that it has."""
_HEADS, _AMOUNT, _EVENTS = 26000, 1_200_000, 240


class Example:
    """The example inputs; every method gives None in the empty workbook, and for the last year.

    Args:
        book: the workbook being built.
        agile: what the edition says of agile work.
    """

    def __init__(self, book: Book, agile: names.Agile) -> None:
        self._book, self._agile = book, agile

    def _age(self, year: str) -> int | None:
        """Years since the first; None where nothing is filled in."""
        age = list(self._agile.years).index(year)
        return age if self._book.example and age < len(self._agile.years) - 1 else None

    def heads(self, year: str) -> float | None:
        """Employees of a year."""
        age = self._age(year)
        return None if age is None else _HEADS - 500 * age

    def technology(self, year: str, code: str) -> float | None:
        """Numerator of a technology target; the second one is not reported after the first year."""
        age = self._age(year)
        if age is None or (age and code == list(self._agile.starts)[1:2][-1]):
            return None
        plan = self._book.plan
        target = plan.target(code, nation(plan), year)
        share = 0.85 + 0.25 * self._book.chance(code, year)
        heads = _HEADS - 500 * age
        if target.unit is Unit.PERCENT:
            return min(heads, round(target.value * heads * share))
        return round(target.value * share)

    def measure(self, year: str, measure: names.Measure, which: str) -> float | None:
        """Numerator or denominator of a POLA indicator; the last one is not reported after the first year."""
        age = self._age(year)
        if age is None or (age and measure is self._agile.measures[-1]):
            return None
        chance = self._book.chance
        if measure.part:
            return 100 if which == names.DENOMINATOR else round(100 + 30 * chance(measure.code, year), 1)
        below = round(20000 * (1 + chance("denominatore", measure.code)))
        if which == names.DENOMINATOR:
            return below
        drift = (0.94 if measure.reduction else 1.0) ** age * (0.98 + 0.06 * chance(measure.code, year))
        size = (
            _SIZES.get(measure.number_format, 1.0) * below
            if measure.denominator
            else (_EVENTS if "(numero)" in measure.numerator else _AMOUNT)
        )
        return round(size * (0.9 + 0.2 * chance(measure.code)) * drift)

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
