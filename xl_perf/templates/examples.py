"""Scores that one example takes from another: each workbook is built once, when a score of it is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.contract import Species, read_inputs
from xl_perf.errors import PlanError
from xl_perf.package import Package
from xl_perf.templates.piramide_valore.names import TEMPLATE as PYRAMID
from xl_perf.templates.scheda_territoriale.workbook import TEMPLATE as SCORECARD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.contract import Identity
    from xl_perf.plan.model import Plan

PROJECTS = "progetti"


class Outcomes:
    """The scores of the examples of an edition.

    Args:
        plan: the edition.
        build: gives the example of a template, structure and quarter (of scorecards) as bytes, calculated.
    """

    def __init__(self, plan: Plan, build: Callable[[Plan, str, str, int], bytes]) -> None:
        self.plan = plan
        self._build = build
        self._known: dict[tuple[str, str, int], Mapping[Identity, float]] = {}

    def score(self, identity: Identity) -> float | None:
        """A score; None where no example gives it.

        Args:
            identity: node, measure, structure and quarter.
        """
        quarter = int(identity.period[-1])
        if self._in_scorecard(identity.item):
            return self._of(SCORECARD, identity.structure, quarter).get(identity)
        year = replace(identity, period=self.plan.period)
        found = (self._of(template, "", 0).get(year) for template in (PROJECTS, PYRAMID))
        return next((score for score in found if score is not None), None)

    def _in_scorecard(self, item: str) -> bool:
        try:
            tree = self.plan.node(self.plan.model(SCORECARD).role("albero")).tree
            return self.plan.node(item).tree == tree
        except PlanError:
            return False

    def _of(self, template: str, structure: str, quarter: int) -> Mapping[Identity, float]:
        """The scores of a workbook by their identity; none where the edition lacks something for it."""
        key = template, structure, quarter
        if key not in self._known:
            try:
                data = self._build(self.plan, *key)
            except PlanError:
                return self._known.setdefault(key, {})
            inputs = read_inputs(Package(data, Path(f"{template}.xlsx")))
            self._known[key] = {
                each.identity: float(each.value)
                for each in inputs.totals
                if each.species is Species.RESULT
                and isinstance(each.value, int | float)
                and not isinstance(each.value, bool)
            }
        return self._known[key]
