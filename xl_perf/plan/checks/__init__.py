"""The checks on a plan's data: printed figures against computed ones, known defects told from new ones.

Every comparison is a `Figure` with a key. A difference beyond its tolerance is a failure unless a defect of the plan
data names the figure as `check:key`; a defect that names a figure which agrees, or none at all, is stale and fails too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from xl_perf.plan import civ
from xl_perf.plan.checks import central, lines, outcomes, results, targets, trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xl_perf.plan.figures import Figure
    from xl_perf.plan.model import Defect, Plan


class CheckStatus(StrEnum):
    """Outcome of a check: the worst of its figures."""

    OK = "ok"
    KNOWN_DEFECT = "known defect"
    FAILED = "failed"
    ABSENT = "does not apply"


@dataclass(frozen=True, slots=True)
class Check:
    """One check with the figures it compared.

    Attributes:
        id: short name, the first half of the keys that defects give.
        title: what is compared, in one line.
        figures: every comparison; none means that the plan holds nothing to compare.
        problems: failures that are no comparison (stale defects).
        lacking: roles that the check compares and the edition does not fill: the check does not apply.
    """

    id: str
    title: str
    figures: tuple[Figure, ...]
    problems: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[Figure, ...]:
        """Figures that differ with no defect to explain it."""
        return tuple(figure for figure in self.figures if not figure.agrees and not figure.defect)

    @property
    def known(self) -> tuple[Figure, ...]:
        """Figures that differ as a known defect says."""
        return tuple(figure for figure in self.figures if not figure.agrees and figure.defect)

    @property
    def status(self) -> CheckStatus:
        """Worst outcome among the figures."""
        if self.lacking:
            return CheckStatus.ABSENT
        if self.failures or self.problems:
            return CheckStatus.FAILED
        return CheckStatus.KNOWN_DEFECT if self.known else CheckStatus.OK


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All checks of a plan, and the defects of its sources that the data record."""

    plan: str
    title: str
    data_hash: str
    checks: tuple[Check, ...]
    defects: tuple[Defect, ...]

    @property
    def ok(self) -> bool:
        """True when nothing is unexplained."""
        return all(check.status is not CheckStatus.FAILED for check in self.checks)

    def check(self, code: str) -> Check:
        """The check of an id.

        Raises:
            KeyError: no check of that id.
        """
        for check in self.checks:
            if check.id == code:
                return check
        raise KeyError(code)


_CHECKS: tuple[tuple[str, str, Callable[[Plan], Iterable[Figure]]], ...] = (
    ("gerarchia", "Structures by kind against the published numbers", targets.hierarchy),
    ("copertura", "One target per indicator and structure of each system", targets.coverage),
    ("pesi", "Weights of every node sum to 100%", targets.weights),
    ("righe", "Rows that add up: parts against their printed subtotals", targets.row_sums),
    ("regioni", "Regions and DCM against the printed national value", targets.regional_sums),
    ("ristampe", "Targets printed a second time against the table", targets.reprints),
    ("legami", "Numbers that the plan gives twice, against each other", targets.same_numbers),
    (
        "intervalli",
        "Averages (giorni) of a region within the range of its structures",
        targets.ranges,
    ),
    (
        "cluster",
        "Members of each cluster with a published index against the hierarchy",
        targets.clusters,
    ),
    (
        "indici",
        "Published indici dei costi standard against the recovered formula",
        targets.cost_indices,
    ),
    ("alberi", "Leaves of the weighted trees have a target or an output", trees.leaves),
    ("regole", "Targets that follow from a rule against what the rule gives", trees.rules),
    (
        "emendamenti",
        "Targets set by a later act against the record of its amendments",
        trees.amendments,
    ),
    ("fasce", "Bands of the controllo del processo: rising points, maximum", targets.bands),
    ("somme", "Published results: parts against their printed totals", results.sums),
    (
        "variazioni",
        "Published results: printed variations against target and result",
        results.variations,
    ),
    (
        "realizzazioni",
        "Published results: printed realisation against plan and result",
        results.realisations,
    ),
    (
        "annue",
        "Published results: printed changes on the year before against the results",
        results.yearly_changes,
    ),
    (
        "definizioni",
        "Published results: printed shares finished against the pieces",
        results.shares_finished,
    ),
    (
        "risultati",
        "Published results of the objectives: the scoring rule against the printed deviations",
        outcomes.results,
    ),
    (
        "obiettivi_applicati",
        "Targets that a table of results prints against the targets as known last",
        outcomes.targets,
    ),
    ("linee", "Lines that add up: parts against their printed totals", lines.line_figures),
    ("rapporti", "National ratios against ratios of regional sums", lines.national_ratios),
    (
        "riedizioni",
        "Published results: values that two documents print",
        results.restatements,
    ),
    ("totali", "Printed national totals against the structures that have a value", central.totals),
    ("elenchi", "Targets that count a list against the list", central.lists),
    ("ieep_centrali", "IEEP of the central structures against Tabella B", central.central_items),
    ("registro", "Register of projects: numbering, owners of general objectives", central.register),
    ("civ", "Lines of the CIV: printed numbers against the register", civ.figures),
    ("lavoro_agile", "POLA: days and shares against heads", central.agile_work),
)


_ROLES: dict[str, tuple[str, ...]] = {
    "cluster": ("indice_costi",),
    "indici": ("indice_costi", "pesi_costi"),
    "risultati": ("tetto",),
    "rapporti": lines.RATIOS,
    "ieep_centrali": ("ieep_centrali",),
    "civ": (civ.MACRO,),
    "lavoro_agile": central.AGILE,
}
"""Roles that a check cannot do without."""


def run_checks(plan: Plan) -> CheckReport:
    """Run every check on a plan.

    Args:
        plan: any plan that the loader accepted.

    Returns:
        The checks in a fixed order, each with all its figures, and last one on the defects themselves.
    """
    explained = {key: defect.id for defect in plan.defects for key in defect.values}
    checks = []
    differing: set[str] = set()
    for code, title, compare in _CHECKS:
        lacking = tuple(role for role in _ROLES.get(code, ()) if not plan.codes(role))
        if lacking:
            checks.append(Check(code, title, (), (), lacking))
            continue
        figures = []
        for figure in compare(plan):
            key = f"{code}:{figure.key}"
            if not figure.agrees:
                differing.add(key)
            figures.append(replace(figure, defect=explained.get(key, "")))
        checks.append(Check(code, title, tuple(figures)))
    stale = tuple(
        f"defect {explained[key]}: {key} does not differ, or is not compared (any more)"
        for key in explained
        if key not in differing
    )
    checks.append(Check("difetti", "Known defects still explain a difference", (), stale))
    return CheckReport(plan.id, plan.title, plan.data_hash, tuple(checks), plan.defects)
