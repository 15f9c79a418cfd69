"""The numbers of the Relazione: of deliveries in the archive first, then those that the plan's documents print."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from xl_perf.catalog.numerals import number
from xl_perf.errors import PlanError
from xl_perf.plan.checks import outcomes
from xl_perf.plan.entities import Direction, Unit
from xl_perf.report.relazione.model import Evidence, Number, Origin, joined
from xl_perf.report.relazione.rows import Rows
from xl_perf.report.words import fixed, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xl_perf.archive.queries import Value
    from xl_perf.archive.store import Archive
    from xl_perf.plan.facts import Actual
    from xl_perf.plan.model import Plan
    from xl_perf.report.relazione.derived import Derived

ACTUAL, PLANNED, CAME_IN, FINISHED = "consuntivo", "piano", "pervenuto", "definito"
_NAMES: Final = {ACTUAL: ("consuntivo", "valore", "punti_produzione"), PLANNED: ("obiettivo",)}
"""Measures of facts and results that hold a measure of the tables."""
_RATIOS: Final = (("numeratore", "denominatore"), ("giacenza", "pervenuto"), ("definiti", "pervenuti"))
"""Measures whose ratio is the actual of a row."""
_SCORE: Final = "punteggio"
PRINTED: Final = {
    "risultato": "scostamento_stampato",
    "variazione": "variazione_stampata",
    "variazione_annua": "variazione_annua_stampata",
    "realizzazione": "realizzazione_stampata",
    "definizione": "definizione_stampata",
}
"""Formula -> measure under which the plan's documents print its result."""
_DECIMALS: Final = {
    Unit.EURO: 0,
    Unit.PIECES: 0,
    Unit.POINTS: 0,
    Unit.DAYS: 0,
    Unit.PERCENT: 4,
    Unit.PEOPLE: 0,
}
_OTHERS = 2


class Numbers:
    """Finds and calculates numbers.

    Args:
        plan: the edition.
        year: the year of the Relazione.
        archive: the archive; None for the printed numbers alone.
        goal: the score of a target that is reached.
        totals: totals that the plan's data do not add up by themselves: code -> codes of the parts.
        derived: actuals that are calculated of those of other rows: code -> how.
    """

    def __init__(
        self,
        plan: Plan,
        year: int,
        archive: Archive | None = None,
        goal: float = math.nan,
        totals: Mapping[str, Sequence[str]] = MappingProxyType({}),
        derived: Mapping[str, Derived] = MappingProxyType({}),
    ) -> None:
        self.plan = plan
        self.year = year
        self.archive = archive
        self.goal = goal
        self.totals = totals
        self.derived = derived
        self.rows = Rows(plan, year)
        self._results = {figure.key.partition("/")[0]: figure for figure in outcomes.results(plan)}

    # --- measures

    def measure(self, code: str, measure: str, year: int) -> Number | None:
        """A measure of a row; None where nobody reported and no document prints it.

        Args:
            code: code of an item, an indicator or a node of a tree.
            measure: measure of the tables.
            year: its year.
        """
        if measure == PLANNED:
            return (
                self._printed(code, measure, year)
                or self._target(code, year)
                or self._delivered(code, measure, year)
            )
        return (
            self._delivered(code, measure, year)
            or self._printed(code, measure, year)
            or self._sum(code, measure, year)
            or self._derived(code, measure, year)
        )

    def _delivered(self, code: str, measure: str, year: int) -> Number | None:
        for one in self.rows.codes(code) if self.archive is not None else ():
            for name in _NAMES.get(measure, (measure,)):
                value = self._newest(one, name, year)
                if value is not None:
                    return self._number(code, _float(value), _evidence([value]))
            ratio = self._ratio(code, one, year) if measure == ACTUAL else None
            if ratio is not None:
                return ratio
        return None

    def _ratio(self, code: str, item: str, year: int) -> Number | None:
        """The actual of a row whose numerator and denominator are delivered."""
        for names in _RATIOS:
            above, below = (self._newest(item, name, year) for name in names)
            if above is None or below is None or not _float(below):
                continue
            days = self.plan.role_parameter("base_giacenza") if self.rows.is_stock(code) else 1.0
            formula = f"{number(_float(above))} / {number(_float(below))}"
            formula += f" x {fixed(days, 0)}" if days > 1 else ""
            return self._number(
                code, days * _float(above) / _float(below), _evidence([above, below], formula)
            )
        return None

    def _derived(self, code: str, measure: str, year: int) -> Number | None:
        return self.derived[code](self, code, year) if measure == ACTUAL and code in self.derived else None

    def delivered(self, code: str, measure: str, year: int) -> Number | None:
        """What the newest delivery says of one measure of a row; None where none does."""
        value = self._newest(code, measure, year)
        return None if value is None else Number(_float(value), Unit.POINTS, _OTHERS, _evidence([value]))

    def is_measured(self, code: str, measure: str) -> bool:
        """Whether an official workbook reports a measure of a row, or the plan sets it."""
        codes = self.rows.codes(code)
        if measure == PLANNED:
            return self.measure(code, PLANNED, self.year) is not None
        is_fact = any(item in codes for item, _ in self.plan.measures) or self.rows.is_node(code)
        return is_fact or code in self.derived or bool(self._addends(code, self.year))

    def _newest(self, item: str, measure: str, year: int) -> Value | None:
        """What the newest delivery on the whole year says of the institute."""
        if self.archive is None:
            return None
        periods = (str(year), f"{year}-T4")
        found = [
            value
            for value in self.archive.values(item, structure=self.plan.national, measure=measure)
            if value.period in periods and not value.row and isinstance(value.value, (int, float))
        ]
        return max(found, key=lambda value: value.received, default=None)

    def _printed(self, code: str, measure: str, year: int) -> Number | None:
        for one in self.rows.codes(code):
            found = self.actual(one, measure, year)
            if found is not None:
                act = self._act(one, year) if measure == PLANNED else ""
                return Number(
                    found.value,
                    found.unit,
                    found.decimals,
                    self._of_plan(found, act),
                    found.printed,
                    found.defect,
                )
        return None

    def actual(self, code: str, measure: str, year: int) -> Actual | None:
        """What the newest document prints, None where none does."""
        try:
            return self.plan.actual(code, str(year), measure)
        except PlanError:
            return None

    def _of_plan(self, found: Actual, act: str = "") -> Evidence:
        return Evidence((Origin(str(found.source), found.where, self.plan.data_hash),), act=act)

    def _target(self, code: str, year: int) -> Number | None:
        for one in self.rows.codes(code):
            if one in self.plan.indicators and self.plan.has_target(one, self.plan.national, str(year)):
                target = self.plan.target(one, self.plan.national, str(year))
                origin = Origin(str(target.source), target.where, self.plan.data_hash)
                return self._number(code, target.value, Evidence((origin,), act=self._act(one, year)))
        return None

    def _act(self, code: str, year: int) -> str:
        if code not in self.plan.indicators or not self.plan.has_target(code, self.plan.national, str(year)):
            return ""
        act = self.plan.acts[self.plan.target(code, self.plan.national, str(year)).act]
        return f"{act.short} del {act.date:%d/%m/%Y}"

    def _sum(self, code: str, measure: str, year: int) -> Number | None:
        """A total whose parts are all there."""
        addends = self._addends(code, year)
        parts = [(sign, self.measure(one, measure, year)) for one, sign in addends]
        found = [(sign, part) for sign, part in parts if part is not None]
        if not found or len(found) < len(parts):
            return None
        value = math.fsum(sign * part.value for sign, part in found)
        formula = " ".join(
            f"{'-' if sign < 0 else '+'} {shown_in(part)}" for sign, part in found
        ).removeprefix("+ ")
        return self._number(code, value, joined([part for _, part in found], formula))

    def _addends(self, code: str, year: int) -> Sequence[tuple[str, int]]:
        if code in self.totals:
            return [(one, 1) for one in self.totals[code]]
        for rule in self.plan.sums:
            if rule.item == code and (not rule.periods or str(year) in rule.periods):
                return rule.addends
        return [(one.code, one.sign) for one in self.plan.indicators.values() if one.parent == code]

    # --- formulas

    def formula(self, code: str, formula: str) -> Number | None:
        """The result of a formula of a row; None where a number of it is missing, or the row has no such result."""
        if formula == "risultato":
            return self._result(code)
        if formula == "variazione_annua":
            pair = self.measure(code, ACTUAL, self.year), self.measure(code, ACTUAL, self.year - 1)
        elif formula == "definizione":
            pair = self.measure(code, FINISHED, self.year), self.measure(code, CAME_IN, self.year)
        else:
            pair = self.measure(code, ACTUAL, self.year), self.measure(code, PLANNED, self.year)
        above, below = pair
        if above is None or below is None or not below.value:
            return None
        ratio = above.value / below.value
        change = formula in ("variazione", "variazione_annua")
        turned = formula == "variazione" and self.rows.direction(code) is Direction.LOWER
        value = (1 - ratio if turned else ratio - 1) if change else ratio
        text = f"{shown_in(above)} / {shown_in(below)}"
        text = (f"1 - {text}" if turned else f"{text} - 1") if change else text
        return Number(value, Unit.PERCENT, self._decimals(code, formula), joined((above, below), text))

    def _decimals(self, code: str, formula: str) -> int:
        printed = self.actual(code, PRINTED[formula], self.year)
        return _DECIMALS[Unit.PERCENT] if printed is None else max(printed.decimals, 2)

    def _result(self, code: str) -> Number | None:
        score = self._newest(code, _SCORE, self.year) if self.rows.is_result(code) else None
        if score is not None:
            text = (
                f"punteggio {fixed(_float(score), 2)} - {number(self.goal)}, media ponderata degli scostamenti "
                f"limitati a ±{self._cap()}"
            )
            return Number((_float(score) - self.goal) / 100, Unit.PERCENT, 4, _evidence([score], text))
        figure = self._results.get(code)
        if figure is None or math.isnan(figure.computed):
            return None
        printed = self.actual(code, PRINTED["risultato"], self.year)
        if printed is None:
            return None
        terms = outcomes.terms(self.plan, code)
        parts = [f"{share(t.weight, 2)} x {share(t.deviation, 2)}" for t in terms if t.deviation]
        parts += ["0 per gli altri"] if len(parts) < len(terms) else []
        text = f"peso x scostamento, limitato a ±{self._cap()}: {' + '.join(parts)}"
        evidence = Evidence((Origin(str(printed.source), printed.where, self.plan.data_hash),), text)
        return Number(figure.computed, Unit.PERCENT, 4, evidence)

    def _cap(self) -> str:
        return share(self.plan.role_parameter("tetto"))

    def _number(self, code: str, value: float, evidence: Evidence) -> Number:
        unit = self.rows.unit(code)
        return Number(value, unit, _DECIMALS.get(unit, _OTHERS), evidence)


def _float(value: Value) -> float:
    return float(value.value) if isinstance(value.value, (int, float)) else math.nan


def _evidence(values: Iterable[Value], formula: str = "") -> Evidence:
    origins = (Origin(v.file, v.cell, v.digest, f"{v.local:%d/%m/%Y %H:%M}") for v in values)
    return Evidence(tuple(dict.fromkeys(origins)), formula)


def shown_in(found: Number) -> str:
    """A number of a formula, with the decimals that the formula needs to come out."""
    if found.unit is Unit.PERCENT:
        return f"{number(100 * found.value)}%"
    text = shown(found.value, found.unit, found.decimals)
    return text if found.value == round(found.value, found.decimals) else number(found.value)


def shown(value: float, unit: Unit, decimals: int) -> str:
    """A number as the tables show it: percentages with their sign, all others as they are.

    Args:
        value: the number.
        unit: its unit.
        decimals: its decimals; of a percentage those of the fraction.
    """
    return share(value, max(decimals - 2, 0)) if unit is Unit.PERCENT else fixed(value, decimals)
