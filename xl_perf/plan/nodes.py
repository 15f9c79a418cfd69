"""Weighted trees (piramide del valore, scorecards) and the rules of targets that the plan does not print as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.plan.model import Source, Status, Unit


class NodeKind(StrEnum):
    """What a node of a weighted tree is."""

    NODE = "nodo"
    """A synthesis of the nodes below it."""
    GROUP = "gruppo"
    """Several members that share one printed weight."""
    INDICATOR = "indicatore"
    """A leaf measured by an indicator of the plan."""
    PROJECT = "progetto"
    """A leaf measured by its realisation against 100% of its output."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a weighted tree.

    Attributes:
        code: unique over all trees, e.g. `piramide.strategica.A.1`.
        tree: name of the tree, the rest of the name of its file (`albero_piramide.csv`: `piramide`).
        parent: code of the node above; None for a root.
        title: as the plan prints it.
        kind: what it is.
        weight: share of the parent, 0..1; None for a root.
        weight_status: how the weight is known; equal shares that the plan does not print are assumed.
        order: position in its file, from 1.
        indicator: code of the indicator that measures it; None for what is measured otherwise.
        structure: code of the structure that it concerns; None: the one that the tree is filled in for.
        output: what has to be delivered, as printed; empty where the target is a number.
        owner: who answers for it, as printed.
        risk: risk of missing it, as printed.
    """

    code: str
    tree: str
    parent: str | None
    title: str
    kind: NodeKind
    weight: float | None
    weight_status: Status
    order: int
    source: Source
    act: str
    indicator: str | None = None
    structure: str | None = None
    output: str = ""
    owner: str = ""
    risk: str = ""
    note: str = ""
    where: str = ""


class RuleCode(StrEnum):
    """How a target follows from other numbers; `OBIETTIVO_REGOLA` calculates each of them.

    `amount` is the rule's own number (`+2%` is 0.02, `-3 giorni` is -3), `base` the number it starts from, `actual` the
    result of the rule's base period.
    """

    CONFIRM = "conferma"
    """base."""
    PERCENT = "percentuale"
    """base * (1 + amount); a stock to be cut by 20% has amount -0.2."""
    PERCENT_ACTUAL = "percentuale consuntivo"
    """actual * (1 + amount), undefined until the actual is reported."""
    PERCENT_LARGER = "percentuale maggiore"
    """max(base, actual) * (1 + amount), undefined until the actual is reported."""
    DIFFERENCE = "differenza"
    """base + amount, the amount in the unit of the indicator."""
    RECEIVED = "pervenuto"
    """base + what was received more than in the year before."""
    LEGAL_COSTS = "spese legali"
    """base if the actual missed it; the actual if it reached it.

    Base * (1 + amount) if it beat it by more than that.
    """
    FALLING = "progressiva riduzione"
    """Below the actual of the quarter before."""
    RISING = "scostamento positivo"
    """Above the base."""


class RuleBase(StrEnum):
    """Which number a rule starts from."""

    BASELINE = "baseline"
    TARGET = "obiettivo"
    ACTUAL = "consuntivo"


@dataclass(frozen=True, slots=True)
class TargetRule:
    """A target that the plan gives as a rule: indicator x structure x period.

    `amount` is a fraction where `unit` is a percentage, else in the indicator's unit; both are None for rules that
    have no number. `base` and `base_period` say which number the rule starts from; the actual that some rules compare
    is that of `base_period` too. `text` is the rule as printed.
    """

    indicator: str
    structure: str
    period: str
    rule: RuleCode
    amount: float | None
    unit: Unit | None
    base: RuleBase
    base_period: str
    text: str
    source: Source
    act: str
    status: Status
    note: str = ""
    where: str = ""
