"""Titles of the things that an edition names by codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan


def member_title(plan: Plan, code: str) -> str:
    """Title of what has a weight: an indicator or a node of a tree; the code itself where neither is known."""
    if code in plan.indicators:
        return plan.indicators[code].title
    return next((node.title for node in plan.nodes if node.code == code), code)


def weight_title(plan: Plan, node: str) -> str:
    """What the weights of a node are shared by, in words: the node's title, or its code where no tree has it."""
    return next((n.title for n in plan.nodes if n.code == node), node.replace("_", " ").replace(".", ": "))
