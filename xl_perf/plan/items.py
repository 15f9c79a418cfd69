"""All that an edition holds, item by item as text: what `plan diff` compares and `plan show` finds beside targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from xl_perf.language import tr
from xl_perf.plan.find import fold
from xl_perf.plan.model import Unit
from xl_perf.plan.texts.report import format_number, format_value
from xl_perf.plan.titles import member_title

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.plan.model import Plan


class Item(NamedTuple):
    """An item of the plan.

    Attributes:
        title: what it is called; empty where its key says it.
        text: what it says: its value with the unit, or its words.
        fact: the object of the plan that holds it.
    """

    title: str
    text: str
    fact: Any


Items = dict[str, Item]
"""Key -> item; the key tells it from others of its section, e.g. `giacenza.altre_aree, TORINO, 2021`."""


def find_items(plan: Plan, *words: str) -> list[tuple[str, str, Item]]:
    """What the plan holds beside targets and results and an act can change, by words: (section, key, item).

    Args:
        plan: the edition, or what was known of it on a date (`Plan.as_known_on`).
        words: each of them stands in key or title, without regard to case and accents.
    """
    wanted = [fold(word) for word in words]
    return [
        (section, key, item)
        for section in _ONE
        for key, item in SECTIONS[section](plan).items()
        if all(word in fold(f"{key} {item.title}") for word in wanted)
    ]


def format_items(plan: Plan, items: list[tuple[str, str, Item]]) -> str:
    """Items as text, with source and act, and what an act replaced."""
    before = {id(revision.new): revision for revision in plan.revisions}
    lines = []
    for section, key, (title, text, fact) in items:
        lines.append(f"{key}  {title}: {text}" if title and title not in text else f"{key}: {text}")
        act = plan.acts.get(fact.act)
        known = (
            ""
            if act is None
            else tr("; act: {short}, known from {date:%d/%m/%Y}", short=act.short, date=act.date)
        )
        lines.append(
            tr(
                "    {section}; source: {source}{known}",
                section=tr(_ONE[section]),
                source=fact.source,
                known=known,
            )
        )
        if (revision := before.get(id(fact))) is not None:
            lines.append(tr("    before: {texts}", texts=", ".join(revision.texts())))
        if note := getattr(fact, "note", ""):
            lines.append(tr("    note: {note}", note=note))
    return "\n".join(lines)


def section_name(section: str) -> str:
    """What a section is called, in the reader's language."""
    return tr(_NAMES[section])


def _value(value: float, unit: Unit, decimals: int = 0) -> str:
    return format_value(value, unit, decimals)


def _acts(plan: Plan) -> Items:
    found = plan.acts.values()
    return {act.id: Item(act.title, f"{act.short}, {act.date:%d/%m/%Y}", act) for act in found}


def _structures(plan: Plan) -> Items:
    return {
        s.code: Item("", ", ".join((s.kind, s.parent or "-", s.cluster or "-")), s)
        for s in plan.structures.values()
    }


def _indicators(plan: Plan) -> Items:
    found = plan.indicators.values()
    return {i.code: Item(i.title, f"{i.title}; {i.unit}; verso {int(i.direction)}", i) for i in found}


def _targets(plan: Plan) -> Items:
    newest = sorted(plan.targets, key=lambda target: target.known_from)
    return {
        f"{t.indicator}, {t.structure}, {t.period}": Item(
            plan.indicators[t.indicator].title,
            _value(t.value, t.unit, plan.indicators[t.indicator].decimals),
            t,
        )
        for t in newest
    }


def _results(plan: Plan) -> Items:
    oldest_first = sorted(plan.actuals, key=lambda actual: plan.documents[actual.source.document].year)
    return {
        f"{a.item}, {a.structure}, {a.period}, {a.measure}": Item(
            plan.actual_items[a.item].title, _value(a.value, a.unit), a
        )
        for a in oldest_first
    }


def _rules(plan: Plan) -> Items:
    return {
        f"{r.indicator}, {r.structure}, {r.period}": Item(plan.indicators[r.indicator].title, r.text, r)
        for r in plan.target_rules
    }


def _programme(plan: Plan) -> Items:
    return {
        f"{p.indicator}, {p.period}": Item(
            plan.indicators[p.indicator].title, _value(p.share, Unit.PERCENT), p
        )
        for p in plan.programme
    }


def _parameters(plan: Plan) -> Items:
    return {p.code: Item(p.title, _value(p.value, p.unit), p) for p in plan.parameters.values()}


def _bands(plan: Plan) -> Items:
    return {
        f"{ratio.code}.{band.number}": Item(
            ratio.title,
            tr("{points} points", points=format_number(band.points))
            if band.upper is None
            else tr(
                "up to {upper}%: {points} points",
                upper=format_number(band.upper),
                points=format_number(band.points),
            ),
            ratio,
        )
        for ratio in plan.banded_ratios
        for band in ratio.bands
    }


def _weights(plan: Plan) -> Items:
    """Weights outside the trees; those of trees are compared with their nodes."""
    in_trees = {node.parent for node in plan.nodes}
    return {
        f"{w.node}, {w.member}": Item(member_title(plan, w.member), _value(w.value, Unit.PERCENT), w)
        for w in plan.weights
        if w.node not in in_trees
    }


def _nodes(plan: Plan) -> Items:
    return {
        n.code: Item(
            n.title,
            "; ".join(
                (n.title, "-" if n.weight is None else _value(n.weight, Unit.PERCENT), n.output or "-")
            ),
            n,
        )
        for n in plan.nodes
    }


def _lines(plan: Plan) -> Items:
    return {
        f"{line.system}, {line.code}": Item(
            line.title, f"{line.title}: {'-' if line.value is None else _value(line.value, line.unit)}", line
        )
        for line in plan.lines
    }


def _projects(plan: Plan) -> Items:
    return {f"{p.code}, {p.structure}": Item(p.title, f"{p.title}; {p.output}", p) for p in plan.projects}


def _words(plan: Plan) -> Items:
    return {f"{d.subject}, {d.aspect}": Item(d.title, d.text, d) for d in plan.descriptions}


SECTIONS: Mapping[str, Callable[[Plan], Items]] = {
    "acts": _acts,
    "structures": _structures,
    "indicators": _indicators,
    "targets": _targets,
    "results": _results,
    "rules": _rules,
    "programmes": _programme,
    "parameters": _parameters,
    "bands": _bands,
    "weights": _weights,
    "trees": _nodes,
    "lines": _lines,
    "projects": _projects,
    "words": _words,
}
"""Section -> its items; the order is that of the report."""
_NAMES = {
    "acts": "acts",
    "structures": "structures",
    "indicators": "indicators",
    "targets": "targets",
    "results": "results",
    "rules": "rules of targets",
    "programmes": "quarterly programmes",
    "parameters": "parameters",
    "bands": "bands",
    "weights": "weights",
    "trees": "trees",
    "lines": "lines of tables",
    "projects": "projects",
    "words": "texts",
}
"""Section -> what it is called."""
_ONE = {
    "programmes": "share of the year's target",
    "parameters": "parameter",
    "bands": "band",
    "weights": "weight",
    "trees": "node of a tree",
    "lines": "line of a table",
}
"""Sections that `plan show` looks through, and what an item is called; rules stand beside their targets, words have
`plan about`.
"""
