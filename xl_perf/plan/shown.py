"""The values of an edition as cells show them, by what their key is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, TargetNotFoundError
from xl_perf.plan.model import Status
from xl_perf.plan.titles import member_title

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.plan.model import BandedRatio, Line, Parameter, Plan, Project, Source, Target, Unit, Weight
    from xl_perf.plan.nodes import Node, TargetRule


BAND_FIELDS = ("limite", "punti")


NODE_TEXTS: Mapping[str, tuple[str, Callable[[Node], str]]] = {
    "output": ("output", lambda node: node.output),
    "titolare": ("titolare", lambda node: node.owner),
    "rischio": ("rischio", lambda node: node.risk),
}
"""Texts that a cell can show of a node: in words, and as the node holds them."""


NODE_FIELDS = ("peso", "obiettivo", *NODE_TEXTS)


RULE_FIELDS: Mapping[str, tuple[str, Callable[[TargetRule], float | str | None]]] = {
    "testo": ("testo della regola", lambda rule: rule.text),
    "codice": ("regola", lambda rule: str(rule.rule)),
    "importo": ("importo della regola", lambda rule: rule.amount),
}
"""What a cell can show of a rule."""


PROJECT_FIELDS: Mapping[str, tuple[str, Callable[[Project], float | str]]] = {
    "tipo": ("tipo", lambda p: str(p.kind)),
    "struttura": ("struttura", lambda p: p.structure),
    "obiettivi_civ": ("obiettivi del CIV", lambda p: ", ".join(p.objectives)),
    "obiettivo_generale": ("obiettivo generale di ente", lambda p: p.general),
    "linea_guida": ("linea guida gestionale", lambda p: p.guideline),
    "programma": ("programma operativo", lambda p: p.programme),
    "descrizione": ("descrizione", lambda p: p.title),
    "inizio": ("data di inizio", lambda p: _serial(p.start)),
    "fine": ("data di fine", lambda p: _serial(p.end)),
    "output": ("output dell'anno", lambda p: p.output),
    "obiettivo_ente": ("lettera dell'obiettivo generale di ente", lambda p: p.valued),
}
"""What a cell can show of an entry of the register: in words, and as a cell holds it (dates as serial numbers)."""


_DAY_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class TargetCell:
    """A value of the plan as a cell of a workbook shows it.

    `what` says in words what it is; `structure` and `period` are empty for parameters, weights and bands.
    `value` is None for the open end of a band and for a text that is empty; percentages are fractions, dates
    serial numbers. `act` is the act's id, `act_short` its short Italian form.
    """

    indicator: str
    structure: str
    period: str
    what: str
    value: float | str | None
    unit: str
    source: Source
    act: str
    act_short: str
    status: Status


def _short(plan: Plan, act: str) -> str:
    return plan.acts[act].short if act in plan.acts else act


def of_target(plan: Plan, target: Target) -> TargetCell:
    """A target as a cell shows it."""
    return TargetCell(
        target.indicator,
        target.structure,
        target.period,
        plan.indicators[target.indicator].title,
        target.value,
        str(target.unit),
        target.source,
        target.act,
        _short(plan, target.act),
        target.status,
    )


def of_number(plan: Plan, code: str, what: str, number: Parameter | Weight) -> TargetCell:
    """A parameter or a weight as a cell shows it."""
    unit: Unit | str = getattr(number, "unit", "percentuale")
    act = _short(plan, number.act)
    return TargetCell(
        code, "", "", what, number.value, str(unit), number.source, number.act, act, number.status
    )


def of_weight(plan: Plan, node: str, member: str) -> TargetCell:
    """A member's weight in a node as a cell shows it.

    Raises:
        TargetNotFoundError: the member has none there.
    """
    for weight in plan.weights_of(node):
        if weight.member == member:
            return of_number(plan, member, f"peso di «{member_title(plan, member)}» in {node}", weight)
    raise TargetNotFoundError(f"no weight of {member!r} in {node!r}", where=plan.id)


def _of_band(plan: Plan, field: str, _period: str, code: str) -> TargetCell:
    ratio, number = _band(plan, code)
    if field not in BAND_FIELDS:
        raise PlanError(
            f"unknown field of a band {field!r}", where=plan.id, expected=" or ".join(BAND_FIELDS)
        )
    band = next((band for band in ratio.bands if band.number == number), None)
    if band is None:
        raise TargetNotFoundError(f"the ratio {ratio.code!r} has no band {number}", where=plan.id)
    value, unit = (band.points, "punti") if field == "punti" else (band.upper, "percentuale")
    what = f"{field} della fascia {number}: {ratio.title}"
    act = _short(plan, ratio.act)
    return TargetCell(code, "", "", what, value, unit, ratio.source, ratio.act, act, ratio.status)


def _band(plan: Plan, code: str) -> tuple[BandedRatio, int]:
    name, _, number = code.rpartition(".")
    for ratio in plan.banded_ratios:
        if ratio.code == name and number.isdecimal():
            return ratio, int(number)
    raise TargetNotFoundError(
        f"unknown band {code!r}", where=plan.id, expected="ratio and number, e.g. `controllate.1`"
    )


def _of_node(plan: Plan, field: str, period: str, code: str) -> TargetCell:
    node = plan.node(code)
    if field == "obiettivo" and node.indicator is not None and node.structure is not None:
        return of_target(plan, plan.target(node.indicator, node.structure, period or plan.period))
    if field == "peso" and node.parent is not None:
        return of_weight(plan, node.parent, code)
    if field in NODE_TEXTS:
        word, shown = NODE_TEXTS[field]
        act = _short(plan, node.act)
        return TargetCell(
            code, node.structure or "", "", f"{word} di «{node.title}»", shown(node) or None, "", node.source,
            node.act, act, Status.PUBLISHED,
        )  # fmt: skip
    raise TargetNotFoundError(
        f"the node {code!r} has no {field!r}", where=plan.id, expected=" or ".join(NODE_FIELDS)
    )


def _of_line(plan: Plan, _field: str, _period: str, code: str) -> TargetCell:
    line: Line | None = next((line for line in plan.lines if line.code == code), None)
    if line is None or line.value is None:
        raise TargetNotFoundError(f"no line {code!r} with a value", where=plan.id)
    act = _short(plan, line.act)
    structure = line.structure or ""
    return TargetCell(
        code, structure, "", line.title, line.value, str(line.unit), line.source, line.act, act, line.status
    )


def _of_project(plan: Plan, field: str, _period: str, code: str) -> TargetCell:
    project = next((project for project in plan.projects if project.code == code), None)
    if project is None:
        raise TargetNotFoundError(f"no project {code!r} in the register", where=plan.id)
    if field not in PROJECT_FIELDS:
        raise PlanError(
            f"unknown field of a project {field!r}",
            where=plan.id,
            expected=f"one of {', '.join(PROJECT_FIELDS)}",
        )
    word, shown = PROJECT_FIELDS[field]
    act, value = _short(plan, project.act), shown(project)
    return TargetCell(
        code, project.structure, "", f"{word} di {code}", None if value == "" else value, "", project.source,
        project.act, act, project.status,
    )  # fmt: skip


def _serial(day: dt.date) -> float:
    """A date as spreadsheets count it: days since 30 December 1899."""
    return float((day - _DAY_ZERO).days)


def _of_single(plan: Plan, _field: str, period: str, code: str) -> TargetCell:
    indicator, _, structure = code.partition("@")
    return of_target(plan, plan.target(indicator, structure, period or plan.period))


def _of_baseline(plan: Plan, structure: str, period: str, code: str) -> TargetCell:
    start = plan.actual(code, period or plan.period, "baseline", structure)
    what = f"baseline di «{member_title(plan, code)}»"
    return TargetCell(
        code, structure, start.period, what, start.value, str(start.unit), start.source, "", "", start.status
    )


def _of_rule(plan: Plan, field: str, _period: str, code: str) -> TargetCell:
    indicator, structure, period = (*code.split("@"), "", "")[:3]
    rule = plan.rule(indicator, structure, period)
    if rule is None:
        raise TargetNotFoundError(f"no rule {code!r}", where=plan.id)
    if field not in RULE_FIELDS:
        raise PlanError(
            f"unknown field of a rule {field!r}", where=plan.id, expected=f"one of {', '.join(RULE_FIELDS)}"
        )
    word, shown = RULE_FIELDS[field]
    what = f"{word}: {member_title(plan, indicator)}"
    act, unit = _short(plan, rule.act), "" if rule.unit is None else str(rule.unit)
    return TargetCell(
        indicator, structure, period, what, shown(rule), unit, rule.source, rule.act, act, rule.status
    )


BY_CODE: Mapping[str, Callable[[Plan, str, str, str], TargetCell]] = {
    "fascia": _of_band,
    "nodo": _of_node,
    "riga": _of_line,
    "progetto": _of_project,
    "obiettivo": _of_single,
    "baseline": _of_baseline,
    "regola": _of_rule,
}
