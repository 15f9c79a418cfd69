"""Checks on the weighted trees, the rules of targets and the record of amendments."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.plan.figures import Figure
from xl_perf.plan.model import Status, Unit
from xl_perf.plan.nodes import NodeKind, RuleBase, RuleCode
from xl_perf.plan.reading.amendments import Effect
from xl_perf.plan.reading.rules import in_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.plan.model import Plan
    from xl_perf.plan.nodes import Node, TargetRule


def leaves(plan: Plan) -> Iterator[Figure]:
    """Leaves of every tree against those that have a target, a rule that sets one, or an output."""
    aimed = {(target.indicator, target.structure) for target in plan.targets}
    aimed |= {(rule.indicator, rule.structure) for rule in plan.target_rules}
    somewhere = {indicator for indicator, _ in aimed}

    def has_aim(node: Node) -> bool:
        key = (node.indicator or "", node.structure or "")
        return bool(node.output) or (key in aimed if node.structure else node.indicator in somewhere)

    for tree in dict.fromkeys(node.tree for node in plan.nodes):
        found = [n for n in plan.nodes_of(tree) if n.kind in (NodeKind.INDICATOR, NodeKind.PROJECT)]
        without = [node for node in found if not has_aim(node)]
        for node in without:
            yield Figure(node.code, f"{node.code}: targets and outputs", 1, 0, 0)
        label = f"{tree}: leaves with a target or an output"
        yield Figure(tree, label, len(found), len(found) - len(without), 0)


def amendments(plan: Plan) -> Iterator[Figure]:
    """Targets that a later act set against those that its record names, and the other way round."""
    for act in dict.fromkeys(amendment.act for amendment in plan.amendments):
        record = [amendment for amendment in plan.amendments if amendment.act == act]
        changed = {target.indicator for target in plan.targets if target.act == act}
        named = [code for code in sorted(changed) if any(line.concerns(code) for line in record)]
        for code in sorted(changed - set(named)):
            yield Figure(f"{act}/{code}", f"{act}: {code} in its record", 1, 0, 0)
        yield Figure(act, f"{act}: indicators with targets of the act", len(changed), len(named), 0)
        for line in record:
            if line.effect is Effect.TARGET and line.indicators:
                found = any(line.concerns(code) for code in changed)
                yield Figure(f"{act}/{line.order}", f"{act}: {line.change}", 1, found, 0)


def rules(plan: Plan) -> Iterator[Figure]:
    """Targets that follow from a printed baseline or target by a rule, against the rule's result.

    A printed target may be rounded to the decimals of its indicator, a target that is not printed may not. Where acts
    set several targets, the one of the rule's act is compared.
    """
    newest = {
        (t.indicator, t.structure, t.period): t for t in sorted(plan.targets, key=lambda t: t.known_from)
    }
    of_act = {(t.indicator, t.structure, t.period, t.act): t for t in plan.targets}
    targets = {key: target.value for key, target in newest.items()}
    bases = {(a.item, a.structure, a.period): a.value for a in plan.actuals if a.measure == "baseline"}
    for rule in plan.target_rules:
        known = bases if rule.base is RuleBase.BASELINE else targets if rule.base is RuleBase.TARGET else {}
        base = known.get((rule.indicator, rule.structure, rule.base_period))
        computed = None if base is None else rule_value(plan, rule, base)
        if computed is None:
            continue
        indicator = plan.indicators[rule.indicator]
        key = (rule.indicator, rule.structure, rule.period)
        digits = indicator.decimals + 2 * (indicator.unit is Unit.PERCENT)
        target = of_act.get((*key, rule.act)) or newest.get(key)
        rounded = target is not None and target.status is Status.PUBLISHED
        yield Figure(
            "/".join(key),
            f"{indicator.short or indicator.title}, {rule.period}: {rule.text}",
            target.value if target else math.nan,
            computed,
            0.5 * 10.0**-digits if rounded else 0,
            indicator.unit,
            indicator.decimals,
        )


def rule_value(plan: Plan, rule: TargetRule, base: float) -> float | None:
    """The target that a rule gives from its base alone; None where it needs a result."""
    if in_points(plan, rule) and rule.rule is RuleCode.PERCENT and rule.amount is not None:
        return base + rule.amount
    if rule.rule is RuleCode.CONFIRM:
        return base
    if rule.rule is RuleCode.PERCENT and rule.amount is not None:
        return base * (1 + rule.amount)
    if rule.rule is RuleCode.DIFFERENCE and rule.amount is not None:
        return base + rule.amount
    return None
