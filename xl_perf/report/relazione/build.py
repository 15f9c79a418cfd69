"""The Relazione of a year: tables, evidence, differences from print, register of projects."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from xl_perf.errors import UsageError
from xl_perf.explain.goal import GOAL
from xl_perf.plan.entities import Unit
from xl_perf.report.relazione.derived import derived
from xl_perf.report.relazione.layout import layouts
from xl_perf.report.relazione.model import Cell, Difference, Proof, Relazione, Row, Table
from xl_perf.report.relazione.numbers import PRINTED, Numbers, shown
from xl_perf.report.relazione.register import by_guideline, by_line
from xl_perf.report.words import fixed

if TYPE_CHECKING:
    from xl_perf.archive.store import Archive
    from xl_perf.plan.model import Plan
    from xl_perf.plan.models import ModelData
    from xl_perf.report.relazione.layout import Column, Layout
    from xl_perf.report.relazione.model import Number

MODEL, _PYRAMID = "relazione", "piramide_valore"
_RESULT = "risultato"
_IEEP, _SECTIONS = "ieep", "ieep_sezioni"
"""Roles of a total and its parts."""


def relazione(
    plan: Plan, year: int, archive: Archive | None = None, *, where: str = "", now: dt.datetime | None = None
) -> Relazione:
    """The Relazione of a year.

    Args:
        plan: the edition whose targets were those of the year.
        year: the year.
        archive: the archive of the deliveries; None for the numbers that the plan's documents print.
        where: the archive's address, for readers.
        now: when it is made; this moment when None.

    Raises:
        UsageError: the edition has no tables of results, or is of another year.
    """
    if MODEL not in plan.models or plan.period != str(year):
        raise UsageError(
            f"the edition {plan.id} has no tables of results of {year}",
            expected=f"an edition whose targets are those of {year}",
        )
    act = plan.latest_act
    found = Relazione(
        year, plan.title, f"{act.short} del {act.date:%d/%m/%Y}", plan.data_hash, where,
        f"{now or dt.datetime.now(tz=dt.UTC).astimezone():%d/%m/%Y, %H:%M}",
    )  # fmt: skip
    model = plan.model(MODEL)
    totals = {model.role(_IEEP): model.codes(_SECTIONS)} if model.has(_SECTIONS) else {}
    goal = plan.parameter(plan.model(_PYRAMID).role(GOAL))
    maker = _Maker(found, Numbers(plan, year, archive, goal, totals, derived(model)), model)
    for layout in layouts():
        if model.has(layout.role):
            found.tables.append(maker.table(layout))
    found.lines = by_line(plan, year, archive)
    found.guidelines = by_guideline(plan, year, archive)
    return found


class _Maker:
    def __init__(self, found: Relazione, numbers: Numbers, model: ModelData) -> None:
        self.found = found
        self.numbers = numbers
        self.model = model
        self.number = 0
        self.total = model.role("sintesi") if model.has("sintesi") else ""

    def table(self, layout: Layout) -> Table:
        """A table with its rows; its numbers go into the evidence."""
        year = self.found.year
        headings = tuple(column.heading(year) for column in layout.columns)
        self.number += 1
        rows = []
        for code in self.model.codes(layout.role):
            numbers = [self._number(code, column) for column in layout.columns]
            title = self.numbers.rows.title(code)
            cells = []
            for column, number in zip(layout.columns, numbers, strict=True):
                if column.words:
                    cells.append(Cell(self.numbers.rows.text(code, column.words)))
                elif number is not None:
                    cells.append(self._cell(code, title, column, number))
                elif self._is_missing(column, numbers, layout):
                    cells.append(Cell("n.d."))
                    self._note_missing(code, f"{layout.chapter}: {title}", column)
                else:
                    cells.append(Cell(""))
            rows.append(Row(code, title, self.numbers.rows.level(code), tuple(cells)))
        return Table(
            self.number, layout.role, layout.chapter, layout.title,
            (layout.rows.format(anno=year), *headings), tuple(rows),
            tuple(bool(column.words) for column in layout.columns),
        )  # fmt: skip

    def _note_missing(self, code: str, row: str, column: Column) -> None:
        """Among the missing numbers, or among those that no workbook reports and no act sets."""
        measured = self.numbers.is_measured(code, column.measure) and not column.back
        if column.formula == _RESULT or measured:
            self.found.missing.append(f"{row}, {column.heading(self.found.year)}")
            return
        columns = self.found.unmeasured.setdefault(row, [])
        columns.append(column.heading(self.found.year))

    def _number(self, code: str, column: Column) -> Number | None:
        if column.words:
            return None
        if column.formula:
            return self.numbers.formula(code, column.formula)
        return self.numbers.measure(code, column.measure, self.found.year - column.back)

    @staticmethod
    def _is_missing(column: Column, numbers: list[Number | None], layout: Layout) -> bool:
        """A result of an objective stands alone in its row, as print has it.

        Elsewhere an empty cell is a missing number.
        """
        mixed = any(one.formula == _RESULT for one in layout.columns)
        if not mixed:
            return True
        is_result = numbers[0] is not None
        return (column.formula != _RESULT) != is_result

    def _text(self, code: str, column: Column, number: Number) -> str:
        if column.formula == _RESULT:
            return self._result(code, number.value)
        return shown(number.value, number.unit, number.decimals)

    def _result(self, code: str, deviation: float) -> str:
        """A result in points above the target's score; that of the whole as a score."""
        return fixed(100 * deviation + (self.numbers.goal if code == self.total else 0), 2)

    def _cell(self, code: str, row: str, column: Column, number: Number) -> Cell:
        text = self._text(code, column, number)
        place = len(self.found.proofs) + 1
        heading = column.heading(self.found.year)
        self.found.proofs.append(Proof(place, self.number, row, heading, text, number.evidence))
        self._compare(code, row, column, number, text)
        return Cell(text, place)

    def _compare(self, code: str, row: str, column: Column, number: Number, text: str) -> None:
        """Notes a number that the plan's documents print otherwise, with the reading and its reason."""
        printed, key = number.printed, column.measure
        if column.formula:
            key = PRINTED[column.formula]
            found = self.numbers.actual(code, key, self.found.year)
            printed = None if found is None else found.value
        if printed is None:
            return
        said = (
            self._result(code, printed)
            if column.formula == _RESULT
            else shown(printed, Unit.PERCENT if column.formula else number.unit, number.decimals)
        )
        if said != text:
            why = self._why(number.defect, f"{code}/{self.found.year}/{key}/")
            heading = column.heading(self.found.year)
            self.found.differences.append(Difference(self.number, row, heading, said, text, why))

    def _why(self, defect: str, key: str) -> str:
        code = key.partition("/")[0]
        for one in self.numbers.plan.defects:
            if one.id == defect or any(key in value or value.endswith(key[:-1]) for value in one.values):
                return f"{one.reading}: {one.reason}"
            if any(f":{code}/" in value for value in one.values):
                return f"{one.reading}: {one.reason}"
        return "segue da un numero letto diversamente, o dagli arrotondamenti"
