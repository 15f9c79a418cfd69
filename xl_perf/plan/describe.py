"""Values of an edition by the keys that workbooks hold, and the short text that says where they come from.

The builder writes target cells with these functions and sync looks the same cells up again, so that both always mean
the same value.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, TargetNotFoundError
from xl_perf.plan.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xl_perf.plan.model import BandedRatio, Line, Parameter, Plan, Project, Source, Target, Unit, Weight
    from xl_perf.plan.nodes import Node, TargetRule

KEY_KINDS = (
    "struttura",
    "indicatore",
    "parametro",
    "peso",
    "fascia",
    "nodo",
    "riga",
    "progetto",
    "obiettivo",
    "baseline",
    "regola",
)
"""What the codes in a key column can be."""

_BAND_FIELDS = ("limite", "punti")
_NODE_TEXTS: Mapping[str, tuple[str, Callable[[Node], str]]] = {
    "output": ("output", lambda node: node.output),
    "titolare": ("titolare", lambda node: node.owner),
    "rischio": ("rischio", lambda node: node.risk),
}
"""Texts that a cell can show of a node: in words, and as the node holds them."""
_NODE_FIELDS = ("peso", "obiettivo", *_NODE_TEXTS)
_RULE_FIELDS: Mapping[str, tuple[str, Callable[[TargetRule], float | str | None]]] = {
    "testo": ("testo della regola", lambda rule: rule.text),
    "codice": ("regola", lambda rule: str(rule.rule)),
    "importo": ("importo della regola", lambda rule: rule.amount),
}
"""What a cell can show of a rule."""
_PROJECT_FIELDS: Mapping[str, tuple[str, Callable[[Project], float | str]]] = {
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
_SHORTER = (("Tabelle integrative, ", ""), ("Allegato Tecnico, ", "AT "))
_STATUS = {Status.RECOVERED: "ricavato", Status.ASSUMED: "assunzione"}


@dataclass(frozen=True, slots=True)
class TargetMap:
    """A row of a workbook's `tblObiettivi`: a column of target cells, and how their values are found in an edition."""

    table: str
    key_column: str
    key_kind: str
    value_column: str
    fixed: str
    period: str
    source_column: str


@dataclass(frozen=True, slots=True)
class TargetCell:
    """A value of the plan as a cell of a workbook shows it.

    `what` says in words what it is; `structure` and `period` are empty for parameters, weights and bands. `value` is
    None for the open end of a band and for a text that is empty; percentages are fractions, dates serial numbers. `act` is the act's id, `act_short` its short Italian
    form.
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


def target_values(plan: Plan, key_kind: str, fixed_code: str, period: str, code: str) -> TargetCell:
    """The value of an edition that a cell stands for.

    Args:
        plan: the edition.
        key_kind: what `code` is: `struttura` (then `fixed_code` is the indicator), `indicatore` (`fixed_code` is the
            structure), `parametro`, `peso` (`fixed_code` is the node) or `fascia` (`code` is ratio and number of the
            band, `controllate.1`; `fixed_code` is `limite`, the upper end in percent, or `punti`), `nodo` (`code` is a node
            of a weighted tree; `fixed_code` is `peso`, its share of the node above, or `obiettivo`, the target of its
            indicator for its structure, or a text: `output`, `titolare`, `rischio`), `riga` (`code` is a line), `obiettivo` (`code` is one target, `dismissione.unita@LAZIO`), `baseline` (`code` is
            an indicator, `fixed_code` the structure), `regola` (`code` is a rule with its period,
            `obiettivi.welfare@NAZIONALE@2022`; `fixed_code` is `testo`, `codice` or `importo`) or `progetto` (`code` is an
            entry of the register; `fixed_code` names what is shown of it, e.g. `fine` or `output`).
        fixed_code: the other half of the key.
        period: period of a target; the edition's year when empty.
        code: the key in the row.

    Raises:
        TargetNotFoundError: the edition has no such target.
        PlanError: no such parameter, weight, band, node, line or project, or an unknown kind of key.
    """
    if key_kind in ("struttura", "indicatore"):
        indicator, structure = (fixed_code, code) if key_kind == "struttura" else (code, fixed_code)
        return _of_target(plan, plan.target(indicator, structure, period or plan.period))
    if key_kind == "parametro":
        if code not in plan.parameters:
            raise PlanError(f"unknown parameter {code!r}", where=plan.id)
        return _of_number(plan, code, plan.parameters[code].title, plan.parameters[code])
    if key_kind == "peso":
        for weight in plan.weights_of(fixed_code):
            if weight.member == code:
                title = member_title(plan, code)
                return _of_number(plan, code, f"peso di «{title}» in {fixed_code}", weight)
        raise TargetNotFoundError(f"no weight of {code!r} in {fixed_code!r}", where=plan.id)
    if key_kind in _BY_CODE:
        return _BY_CODE[key_kind](plan, fixed_code, period, code)
    raise PlanError(
        f"unknown kind of key {key_kind!r}", where=plan.id, expected=f"one of {', '.join(KEY_KINDS)}"
    )


def member_title(plan: Plan, code: str) -> str:
    """Title of what has a weight: an indicator or a node of a tree; the code itself where neither is known."""
    if code in plan.indicators:
        return plan.indicators[code].title
    return next((node.title for node in plan.nodes if node.code == code), code)


def weight_title(plan: Plan, node: str) -> str:
    """What the weights of a node are shared by, in words: the node's title, or its code where no tree has it."""
    return next((n.title for n in plan.nodes if n.code == node), node.replace("_", " ").replace(".", ": "))


def _short(plan: Plan, act: str) -> str:
    return plan.acts[act].short if act in plan.acts else act


def _of_target(plan: Plan, target: Target) -> TargetCell:
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


def _of_number(plan: Plan, code: str, what: str, number: Parameter | Weight) -> TargetCell:
    unit: Unit | str = getattr(number, "unit", "percentuale")
    act = _short(plan, number.act)
    return TargetCell(
        code, "", "", what, number.value, str(unit), number.source, number.act, act, number.status
    )


def _of_band(plan: Plan, field: str, _period: str, code: str) -> TargetCell:
    ratio, number = _band(plan, code)
    if field not in _BAND_FIELDS:
        raise PlanError(
            f"unknown field of a band {field!r}", where=plan.id, expected=" or ".join(_BAND_FIELDS)
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
        return _of_target(plan, plan.target(node.indicator, node.structure, period or plan.period))
    if field == "peso" and node.parent is not None:
        return target_values(plan, "peso", node.parent, "", code)
    if field in _NODE_TEXTS:
        word, shown = _NODE_TEXTS[field]
        act = _short(plan, node.act)
        return TargetCell(
            code, node.structure or "", "", f"{word} di «{node.title}»", shown(node) or None, "", node.source,
            node.act, act, Status.PUBLISHED,
        )  # fmt: skip
    raise TargetNotFoundError(
        f"the node {code!r} has no {field!r}", where=plan.id, expected=" or ".join(_NODE_FIELDS)
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
    if field not in _PROJECT_FIELDS:
        raise PlanError(
            f"unknown field of a project {field!r}",
            where=plan.id,
            expected=f"one of {', '.join(_PROJECT_FIELDS)}",
        )
    word, shown = _PROJECT_FIELDS[field]
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
    return _of_target(plan, plan.target(indicator, structure, period or plan.period))


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
    if field not in _RULE_FIELDS:
        raise PlanError(
            f"unknown field of a rule {field!r}", where=plan.id, expected=f"one of {', '.join(_RULE_FIELDS)}"
        )
    word, shown = _RULE_FIELDS[field]
    what = f"{word}: {member_title(plan, indicator)}"
    act, unit = _short(plan, rule.act), "" if rule.unit is None else str(rule.unit)
    return TargetCell(
        indicator, structure, period, what, shown(rule), unit, rule.source, rule.act, act, rule.status
    )


_BY_CODE: Mapping[str, Callable[[Plan, str, str, str], TargetCell]] = {
    "fascia": _of_band,
    "nodo": _of_node,
    "riga": _of_line,
    "progetto": _of_project,
    "obiettivo": _of_single,
    "baseline": _of_baseline,
    "regola": _of_rule,
}


def tree_codes(plan: Plan, codes: Iterable[str], field: str) -> tuple[str, ...]:
    """Codes of the nodes that have a weight (field `peso`) below the roots of some nodes, in the order of the trees.

    Args:
        plan: the edition.
        codes: nodes of the trees; unknown ones count for nothing.
        field: `peso`; another gives no codes.
    """
    if field != "peso":
        return ()
    nodes = {node.code: node for node in plan.nodes}
    wanted = {_root(nodes, code) for code in codes if code in nodes}
    return tuple(code for code, node in nodes.items() if node.parent and _root(nodes, code) in wanted)


def _root(nodes: Mapping[str, Node], code: str) -> str:
    while (parent := nodes[code].parent) is not None:
        code = parent
    return code


def band_codes(plan: Plan) -> tuple[str, ...]:
    """The codes of all bands in the order of the plan: `controllate.1`, `controllate.2` ..."""
    return tuple(f"{ratio.code}.{band.number}" for ratio in plan.banded_ratios for band in ratio.bands)


def describe_source(cells: Iterable[TargetCell]) -> str:
    """Where the values of a row come from, in short Italian: `Tabella A (P21) · CdA 31/2021`.

    Values of one place are named once with all their acts; several places are joined by `; `. What the plan does not
    print says so (`ricavato`, `assunzione`).

    Args:
        cells: the values that the text speaks for; none gives an empty text.
    """
    acts: dict[str, dict[str, None]] = {}
    for cell in cells:
        place = cell.source.place
        for long, short in _SHORTER:
            place = place.replace(long, short)
        text = f"{place} ({cell.source.document})"
        if cell.status in _STATUS:
            text += f", {_STATUS[cell.status]}"
        acts.setdefault(text, {})[cell.act_short] = None
    return "; ".join(
        f"{place} · {', '.join(filter(None, names))}" if any(names) else place
        for place, names in acts.items()
    )
