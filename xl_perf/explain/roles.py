"""What the cells of an official workbook are: inputs, numbers of the plan with their source, settings of the user."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xl_perf.contract import read_inputs
from xl_perf.contract.edition import plan_of
from xl_perf.contract.model import Species
from xl_perf.contract.tables import METADATA, TableCells, read_map, target_rows
from xl_perf.errors import PerfError, SyncError
from xl_perf.explain.book import Place
from xl_perf.plan.traits import TRAIT

if TYPE_CHECKING:
    from xl_perf.contract.inputs import Input
    from xl_perf.package.content import Content
    from xl_perf.plan.describe import TargetMap
    from xl_perf.plan.model import Plan

_ACT = " · "
_ASSUMED = "assunzione"


class Role(StrEnum):
    """What a cell is in an explanation."""

    RESULT = "risultato"
    INPUT = "dato"
    TARGET = "obiettivo"
    PARAMETER = "parametro"
    WEIGHT = "peso"
    SETTING = "impostazione"
    CONSTANT = "costante"


_OF_KIND = {
    "parametro": Role.PARAMETER, "peso": Role.WEIGHT, "fascia": Role.PARAMETER, "regola": Role.PARAMETER,
    TRAIT: Role.PARAMETER,
}  # fmt: skip
"""Kind of key in the map of targets -> role; all others are targets."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number of the plan comes from.

    Attributes:
        text: table or slide, document and act, as the workbook's column Fonte says.
        acts: the acts in it with their dates, `24/03/2021`; empty dates where the edition is not at hand.
        assumed: an assumption, printed nowhere.
    """

    text: str
    acts: tuple[tuple[str, str], ...]
    assumed: bool

    def __str__(self) -> str:
        said = self.text
        for act, date in self.acts:
            said = re.sub(rf"{re.escape(act)}(?![0-9])", f"{act} del {date}", said) if date else said
        return said


class Roles:
    """The roles of a workbook's cells.

    Args:
        package: the workbook; of one that is no official workbook every constant is an input.

    Attributes:
        plan: the edition that the workbook names; None where this machine does not have it, or the file names none.
        missing: why there is no plan.
        official: whether the file is an official workbook.
    """

    def __init__(self, package: Content) -> None:
        self.plan: Plan | None = None
        self.missing = ""
        self.official = any(table.name == METADATA for table in package.tables)
        try:
            self.plan = plan_of(package)
        except PerfError as error:
            self.missing = error.what
        self._roles: dict[Place, Role] = {}
        self._texts: dict[Place, str] = {}
        self._targets: dict[Place, tuple[TargetMap, str]] = {}
        self.results: dict[Place, Input] = {}
        self.inputs: dict[Place, Input] = {}
        try:
            self._read_inputs(package)
            self._read_targets(package)
        except SyncError:
            if self.official:
                raise

    def _read_inputs(self, package: Content) -> None:
        inputs = read_inputs(package)
        for each in (*inputs.found, *inputs.totals):
            place = Place(each.sheet, *each.key)
            if each.species is Species.RESULT:
                self.results[place] = each
                continue
            self.inputs[place] = each
            self._roles[place] = Role.SETTING if each.species is Species.SETTING else Role.INPUT

    def _read_targets(self, package: Content) -> None:
        tables: dict[str, TableCells] = {}
        for column in read_map(package):
            table = tables.setdefault(column.table, TableCells(package, column.table, ()))
            role = _OF_KIND.get(column.key_kind, Role.TARGET)
            if column.key_kind == "nodo" and column.fixed == "peso":
                role = Role.WEIGHT
            for row, code in target_rows(table, column):
                place = Place(table.table.sheet, *table.key(row, column.value_column))
                self._targets[place] = column, code
                self._roles[place] = role
                if column.source_column:
                    self._texts[place] = table.text(row, column.source_column)

    def role(self, place: Place, *, is_formula: bool) -> Role:
        """What a cell is.

        Args:
            place: the cell.
            is_formula: it holds a formula.
        """
        found = self._roles.get(place)
        if found is not None:
            return found
        if is_formula:
            return Role.RESULT
        return Role.CONSTANT if self.official else Role.INPUT

    def period(self, place: Place) -> str:
        """The period of a number of the plan, `2021` or `2021-T3`; empty where the workbook does not say."""
        found = self._targets.get(place)
        return "" if found is None else found[0].period

    def unit(self, place: Place) -> str:
        """The unit of a target of the plan, `giorni`; empty where it is not known."""
        if place not in self._targets or self.plan is None:
            return ""
        column, code = self._targets[place]
        if column.key_kind == "nodo":
            code = next((node.indicator or "" for node in self.plan.nodes if node.code == code), "")
        elif column.key_kind == "struttura":
            code = column.fixed
        indicator = self.plan.indicators.get(code)
        return "" if indicator is None else str(indicator.unit)

    def source(self, place: Place) -> Source | None:
        """Where a number of the plan comes from; None for other cells and where the workbook does not say."""
        text = self._texts.get(place)
        if not text:
            return None
        dates = {} if self.plan is None else {a.short: f"{a.date:%d/%m/%Y}" for a in self.plan.acts.values()}
        acts = dict.fromkeys(part.partition(";")[0].strip() for part in text.split(_ACT)[1:])
        assumed = re.search(rf",\s*{_ASSUMED}\b", text) is not None
        return Source(text, tuple((act, dates.get(act, "")) for act in acts), assumed)
