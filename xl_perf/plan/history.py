"""What acts changed apart from targets, and the plan as it was known on a date."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from xl_perf.errors import PlanError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from xl_perf.plan.model import Plan, Weight

_SEQUENCES = (
    "banded_ratios",
    "lines",
    "projects",
    "nodes",
    "target_rules",
    "programme",
    "reprints",
    "descriptions",
)
_MAPPINGS = ("parameters", "indicators", "structures")
WEIGHT_TOLERANCE = 1e-9
"""How far the weights of a node may be from 1: noise of floats."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One datum that an act changed.

    Attributes:
        kind: what it is, as modifiche_dati.csv says (`parametro`, `peso`, `nodo` ...).
        key: which one (`tetto_scostamento`, `giacenza|giacenza.flussi`).
        changed: the fields (`campo`) that changed.
        old: the version before the act: a Parameter, Weight, BandedRatio, Programme, TargetRule, Node, Line ...
        new: the version that the act set; `new.act` names it.
    """

    kind: str
    key: str
    changed: tuple[str, ...]
    old: Any
    new: Any

    def texts(self) -> list[str]:
        """Each changed attribute with its old and new value, e.g. `value 0.5 -> 0.4`."""
        own = [f.name for f in fields(self.old) if f.name not in ("act", "source", "where", "note", "status")]
        return [
            f"{name} {getattr(self.old, name)} -> {getattr(self.new, name)}"
            for name in own
            if getattr(self.old, name) != getattr(self.new, name)
        ]


def as_known_on(plan: Plan, date: dt.date) -> Plan:
    """The plan as it was known on a date: acts, targets, parameters, weights, bands, trees, rules, lines, texts.

    What became known later is not in it: asking for it raises, as for anything that the plan does not have. Published
    results belong to documents, not acts, and stay.

    Args:
        plan: an edition with everything that is known of it.
        date: day of knowledge; an act counts from its own date on.

    Raises:
        PlanError: the date is before the first act.
    """
    acts = {code: act for code, act in plan.acts.items() if act.date <= date}
    if not acts:
        first = min(act.date for act in plan.acts.values())
        raise PlanError(
            f"nothing was known on {date:%Y-%m-%d}",
            where=plan.id,
            expected=f"a date from {first:%Y-%m-%d} on",
        )
    before: dict[int, Any] = {id(revision.new): revision.old for revision in plan.revisions}

    def version(fact: Any) -> Any:
        while fact is not None and fact.act and fact.act not in acts:
            fact = before.get(id(fact))
        return fact

    def versions(facts: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(found for found in map(version, facts) if found is not None)

    mappings: dict[str, Any] = {
        name: {code: found for code, fact in getattr(plan, name).items() if (found := version(fact))}
        for name in _MAPPINGS
    }
    structures = mappings["structures"]
    index = {
        key: known
        for key, targets in plan._index.items()  # noqa: SLF001  # the plan's own
        if (known := tuple(t for t in targets if t.act in acts and t.structure in structures))
    }
    sequences: dict[str, Any] = {name: versions(getattr(plan, name)) for name in _SEQUENCES}
    return replace(
        plan,
        **mappings,
        **sequences,
        acts=acts,
        targets=tuple(t for t in plan.targets if t.act in acts and t.structure in structures),
        weights=_whole(versions(plan.weights)),
        amendments=tuple(amendment for amendment in plan.amendments if amendment.act in acts),
        revisions=tuple(revision for revision in plan.revisions if revision.new.act in acts),
        _index=index,
    )


def _whole(weights: tuple[Weight, ...]) -> tuple[Weight, ...]:
    """The weights of the nodes whose weights are all known: those that sum to 1."""
    sums = weight_sums(weights)
    return tuple(weight for weight in weights if abs(sums[weight.node] - 1) <= WEIGHT_TOLERANCE)


def weight_sums(weights: Iterable[Weight]) -> Mapping[str, float]:
    """Sum of the weights of each node."""
    values: dict[str, list[float]] = {}
    for weight in weights:
        values.setdefault(weight.node, []).append(weight.value)
    return {node: math.fsum(found) for node, found in values.items()}
