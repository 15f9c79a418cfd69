"""Which of the plan's measurement systems are there: data, functions, workbook and sheet, worked cases that come out.

`systems.toml` declares the systems of an edition; everything else is read from what exists: the plan, the
catalogue, the workbooks as the builders make them, and the worked cases that run through them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import PlanError
from xl_perf.plan import load_edition
from xl_perf.plan.checks import CheckStatus, run_checks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xl_perf.plan import Plan

_KEYS = {
    "numero",
    "titolo",
    "sistemi",
    "alberi",
    "righe",
    "parametri",
    "nodi",
    "indicatori",
    "progetti",
    "programma",
    "emendamenti",
    "edizione",
    "funzioni",
    "usa",
    "controlli",
    "comando",
}
NEEDED = 2
"""Worked cases of its own that a system needs."""


@dataclass(frozen=True, slots=True)
class SystemEntry:
    """A measurement system as `systems.toml` declares it.

    Attributes:
        number: its number.
        title: Italian name.
        systems: codes of the plan's systems, for indicators with their targets, results and rules.
        trees: names of weighted trees.
        lines: systems of lines.
        parameters: beginnings of codes of parameters.
        nodes: nodes of weights, with those below them.
        indicators: beginnings of codes of indicators.
        projects: True where the register of projects belongs to it.
        programme: True where the quarterly programme belongs to it.
        amendments: True where the record of the amending acts belongs to it.
        edition: id of an older edition that it is about; None for the newest.
        functions: functions of its own, by which a sheet is recognised as its place.
        uses: functions that it shares with other systems; those that its indicators name need no mention.
        checks: checks of the plan that stand for cases where there is no score.
        command: command that stands for a sheet where no workbook shows it.
    """

    number: int
    title: str
    systems: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    projects: bool = False
    programme: bool = False
    amendments: bool = False
    edition: str | None = None
    functions: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    command: str = ""


@dataclass(frozen=True, slots=True)
class SystemCoverage:
    """What there is of a system.

    `rows` counts targets, results, rules, shares of the programme, nodes, lines, projects, parameters and
    weights; `sheets` are `workbook: sheet` where one of its codes, or a formula with one of its functions,
    stands; `cases` counts its own worked cases, `wrong` says where they do not come out, `checked` counts the
    figures that the checks of the plan compare in its place.
    """

    entry: SystemEntry
    rows: int
    functions: tuple[str, ...]
    sheets: tuple[str, ...]
    cases: int
    wrong: tuple[str, ...] = ()
    checked: int = 0

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not there, in words, and the worked cases that do not come out."""
        cells = {
            "data rows": self.rows,
            "functions": self.functions,
            "workbook and sheet": self.sheets or self.entry.command,
        }
        found = [f"no {name}" for name, cell in cells.items() if not cell]
        if self.cases < NEEDED and not self.checked:
            found.append(f"{self.cases} worked cases of its own, {NEEDED} are needed")
        return (*found, *self.wrong)


@dataclass(frozen=True, slots=True)
class SheetContent:
    """Texts and formulas of a sheet, and the indicators whose targets it shows by structure."""

    workbook: str
    sheet: str
    texts: frozenset[str]
    formulas: str


def entries() -> tuple[SystemEntry, ...]:
    """The systems in the order of the rules.

    Raises:
        PlanError: an unknown key.
    """
    return tuple(_entry(values) for values in _systems_file()["sistema"])


def edition() -> str:
    """Id of the edition whose systems and cases these are."""
    return str(_systems_file()["edizione"])


def _systems_file() -> dict[str, Any]:
    return tomllib.loads(_read("systems.toml"))


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def _entry(values: Mapping[str, Any]) -> SystemEntry:
    unknown = sorted(values.keys() - _KEYS)
    if unknown:
        raise PlanError(
            f"unknown key {unknown[0]!r}", where="systems.toml", expected=", ".join(sorted(_KEYS))
        )
    return SystemEntry(
        number=values["numero"],
        title=values["titolo"],
        systems=tuple(values.get("sistemi", ())),
        trees=tuple(values.get("alberi", ())),
        lines=tuple(values.get("righe", ())),
        parameters=tuple(values.get("parametri", ())),
        nodes=tuple(values.get("nodi", ())),
        indicators=tuple(values.get("indicatori", ())),
        projects=values.get("progetti", False),
        programme=values.get("programma", False),
        amendments=values.get("emendamenti", False),
        edition=values.get("edizione"),
        functions=tuple(values.get("funzioni", ())),
        uses=tuple(values.get("usa", ())),
        checks=tuple(values.get("controlli", ())),
        command=values.get("comando", ""),
    )


def measure(
    plan: Plan, sheets: Collection[SheetContent], cases: Mapping[int, Collection[tuple[str, ...]]]
) -> tuple[SystemCoverage, ...]:
    """Coverage of every system.

    Args:
        plan: the edition whose systems they are.
        sheets: the sheets of the workbooks, as `read_sheets` gives them.
        cases: number of a system -> what each of its own cases shows otherwise than expected; nothing where
            it comes out.

    Raises:
        PlanError: a system, tree or edition that the plan does not have.
    """
    figures = _figures(plan)
    found = []
    for entry in entries():
        data = plan if entry.edition is None else load_edition(entry.edition)
        functions = tuple(name for name in FUNCTIONS if name in _functions(entry, data))
        codes, own = _codes(entry, data, plan), cases.get(entry.number, ())
        places = tuple(_places(entry, codes, sheets))
        wrong = tuple(line for lines in own for line in lines)
        checked = sum(figures.get(check, 0) for check in entry.checks)
        found.append(SystemCoverage(entry, _rows(entry, data), functions, places, len(own), wrong, checked))
    return tuple(found)


def _figures(plan: Plan) -> Mapping[str, int]:
    """Check of the plan -> number of figures that it compares; 0 where it fails."""
    failed = (CheckStatus.FAILED, CheckStatus.ABSENT)
    return {
        check.id: 0 if check.status in failed else len(check.figures) for check in run_checks(plan).checks
    }


def _systems(entry: SystemEntry, plan: Plan) -> Collection[str]:
    unknown = [code for code in entry.systems if code not in plan.systems]
    if unknown:
        raise PlanError(f"unknown system {unknown[0]!r} of {entry.title!r}", where=plan.id)
    return plan.systems.keys() if entry.edition else entry.systems


def _indicators(entry: SystemEntry, plan: Plan) -> set[str]:
    systems = _systems(entry, plan)
    programme = {share.indicator for share in plan.programme} if entry.programme else set()
    return programme | {
        indicator.code
        for indicator in plan.indicators.values()
        if indicator.system in systems or (entry.indicators and indicator.code.startswith(entry.indicators))
    }


def _functions(entry: SystemEntry, plan: Plan) -> set[str]:
    of_indicators = {plan.indicators[code].function for code in _indicators(entry, plan)}
    return of_indicators | {*entry.functions, *entry.uses}


def _rows(entry: SystemEntry, plan: Plan) -> int:
    indicators, systems = _indicators(entry, plan), _systems(entry, plan)
    trees = {node.tree for node in plan.nodes} if entry.edition else set(entry.trees)
    every_rule = "OBIETTIVO_REGOLA" in entry.functions
    return sum(
        (
            sum(target.indicator in indicators for target in plan.targets),
            sum(plan.actual_items[actual.item].system in systems for actual in plan.actuals),
            sum(every_rule or rule.indicator in indicators for rule in plan.target_rules),
            sum(every_rule or share.indicator in indicators for share in plan.programme),
            sum(node.tree in trees for node in plan.nodes),
            sum(line.system in entry.lines for line in plan.lines),
            sum(code.startswith(entry.parameters) for code in plan.parameters) if entry.parameters else 0,
            sum(_is_below(weight.node, entry.nodes) for weight in plan.weights),
            len(plan.amendments) if entry.amendments else 0,
            len(plan.projects) if entry.projects else 0,
            sum(len(ratio.bands) for ratio in plan.banded_ratios) * ("CONTROLLO_PROCESSO" in entry.functions),
        )
    )


def _codes(entry: SystemEntry, data: Plan, newest: Plan) -> set[str]:
    """Codes by which a sheet is recognised as the place of a system."""
    if entry.edition:
        return set(data.indicators) - set(newest.indicators)
    codes = _indicators(entry, data)
    codes |= {node.code for node in data.nodes if node.tree in entry.trees}
    codes |= {line.code for line in data.lines if line.system in entry.lines}
    codes |= {project.code for project in data.projects} if entry.projects else set()
    return codes | {weight.node for weight in data.weights if _is_below(weight.node, entry.nodes)}


def _is_below(node: str, tops: tuple[str, ...]) -> bool:
    return any(node == top or node.startswith(f"{top}.") for top in tops)


def _places(entry: SystemEntry, codes: set[str], sheets: Collection[SheetContent]) -> list[str]:
    return [
        f"{content.workbook}: {content.sheet}"
        for content in sheets
        if codes & content.texts or any(f"{name}(" in content.formulas for name in entry.functions)
    ]
