"""What changed between two editions of the plan, or between an edition and its amendment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.plan.texts.report import format_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xl_perf.plan.model import Plan


class Change(StrEnum):
    """How an item of the plan differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two plans.

    Attributes:
        section: kind of item: `acts`, `structures`, `indicators`, `targets` ...
        change: added, removed or changed.
        key: what tells the item from others of its kind, e.g. `giacenza.altre_aree, TORINO, 2021`.
        title: what it is called; empty where the key says it.
        old: what the first plan holds, as text; empty for what is new.
        new: what the second plan holds, as text; empty for what is gone.
    """

    section: str
    change: Change
    key: str
    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """All differences, section by section.

    `counts` says of each section how many items the first plan holds, the second, and how many both hold alike.
    """

    first: str
    second: str
    differences: tuple[Difference, ...]
    counts: Mapping[str, tuple[int, int, int]]

    def of(self, section: str) -> tuple[Difference, ...]:
        """The differences of one section."""
        return tuple(difference for difference in self.differences if difference.section == section)


_Items = dict[str, tuple[str, str]]
"""Key -> title and what is compared, as text."""


def diff_plans(first: Plan, second: Plan) -> PlanDiff:
    """Compare two plans section by section: acts, structures, indicators, targets and all else that they hold.

    Targets and results are compared by indicator, structure and period, the newest knowledge of each plan; texts of
    sources and notes do not count.

    Args:
        first: the older plan.
        second: the newer plan.

    Returns:
        The differences in the order of the first plan, what is new last in each section.
    """
    differences: list[Difference] = []
    counts = {}
    for section, items in _SECTIONS.items():
        old, new = items(first), items(second)
        same = sum(old[key][1] == new[key][1] for key in old.keys() & new.keys())
        counts[section] = (len(old), len(new), same)
        differences += _compare(section, old, new)
    return PlanDiff(first.id, second.id, tuple(differences), counts)


def _compare(section: str, old: _Items, new: _Items) -> Iterator[Difference]:
    for key, (title, text) in old.items():
        if key not in new:
            yield Difference(section, Change.REMOVED, key, title, text, "")
        elif new[key][1] != text:
            yield Difference(section, Change.CHANGED, key, new[key][0], text, new[key][1])
    for key, (title, text) in new.items():
        if key not in old:
            yield Difference(section, Change.ADDED, key, title, "", text)


def _value(value: float, unit: Unit, decimals: int = 0) -> str:
    return format_value(value, unit, decimals)


def _acts(plan: Plan) -> _Items:
    return {act.id: (act.title, f"{act.short}, {act.date:%d/%m/%Y}") for act in plan.acts.values()}


def _structures(plan: Plan) -> _Items:
    return {
        s.code: ("", ", ".join((s.kind, s.parent or "-", s.cluster or "-"))) for s in plan.structures.values()
    }


def _indicators(plan: Plan) -> _Items:
    found = plan.indicators.values()
    return {i.code: (i.title, f"{i.title}; {i.unit}; verso {int(i.direction)}") for i in found}


def _targets(plan: Plan) -> _Items:
    newest = sorted(plan.targets, key=lambda target: target.known_from)
    return {
        f"{t.indicator}, {t.structure}, {t.period}": (
            plan.indicators[t.indicator].title,
            _value(t.value, t.unit, plan.indicators[t.indicator].decimals),
        )
        for t in newest
    }


def _results(plan: Plan) -> _Items:
    oldest_first = sorted(plan.actuals, key=lambda actual: plan.documents[actual.source.document].year)
    return {
        f"{a.item}, {a.structure}, {a.period}, {a.measure}": (
            plan.actual_items[a.item].title,
            _value(a.value, a.unit),
        )
        for a in oldest_first
    }


def _rules(plan: Plan) -> _Items:
    return {
        f"{r.indicator}, {r.structure}, {r.period}": (plan.indicators[r.indicator].title, r.text)
        for r in plan.target_rules
    }


def _parameters(plan: Plan) -> _Items:
    return {p.code: (p.title, _value(p.value, p.unit)) for p in plan.parameters.values()}


def _weights(plan: Plan) -> _Items:
    """Weights outside the trees; those of trees are compared with their nodes."""
    in_trees = {node.parent for node in plan.nodes}
    return {
        f"{w.node}, {w.member}": ("", _value(w.value, Unit.PERCENT, 2))
        for w in plan.weights
        if w.node not in in_trees
    }


def _nodes(plan: Plan) -> _Items:
    return {
        n.code: (
            n.title,
            "; ".join(
                (n.title, "-" if n.weight is None else _value(n.weight, Unit.PERCENT), n.output or "-")
            ),
        )
        for n in plan.nodes
    }


def _lines(plan: Plan) -> _Items:
    return {
        f"{line.system}, {line.code}": (
            line.title,
            f"{line.title}: {'-' if line.value is None else _value(line.value, line.unit)}",
        )
        for line in plan.lines
    }


def _projects(plan: Plan) -> _Items:
    return {f"{p.code}, {p.structure}": (p.title, f"{p.title}; {p.output}") for p in plan.projects}


def _words(plan: Plan) -> _Items:
    return {f"{d.subject}, {d.aspect}": (d.title, d.text) for d in plan.descriptions}


_SECTIONS: Mapping[str, Callable[[Plan], _Items]] = {
    "acts": _acts,
    "structures": _structures,
    "indicators": _indicators,
    "targets": _targets,
    "results": _results,
    "rules": _rules,
    "parameters": _parameters,
    "weights": _weights,
    "trees": _nodes,
    "lines": _lines,
    "projects": _projects,
    "words": _words,
}
"""Section -> its items; the order is that of the report."""
