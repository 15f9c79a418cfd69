"""Rounding that keeps sums: parts in hundredths that add up to their rounded total."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.report.model import Node

_STEPS = 100
"""Steps of a point: hundredths."""


def apportioned(parts: Sequence[float], total: int) -> list[int]:
    """Whole numbers next to the parts whose sum is the total: the largest remainders are rounded up.

    Args:
        parts: numbers whose sum is about the total.
        total: the sum of the result.

    >>> apportioned([0.4, 0.4, 0.4], 1)
    [1, 0, 0]
    """
    found = [math.floor(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (found[place] - parts[place], place))
    more = total - sum(found)
    for place in order[:more] if more > 0 else order[more:] if more < 0 else ():
        found[place] += 1 if more > 0 else -1
    return found


def weigh(node: Node, goal: float, share: float = 1.0) -> None:
    """Sets share and points of a node and all below it; what was not reported leaves its weight to its neighbours.

    Args:
        node: the node.
        goal: the score of a target that is reached.
        share: its part of the whole.
    """
    node.share = share if node.score is not None else 0.0
    node.points = 0.0 if node.score is None else node.share * (node.score - goal)
    whole = math.fsum(part.weight for part in node.nodes if part.score is not None)
    for part in node.nodes:
        weigh(part, goal, node.share * part.weight / whole if whole and part.score is not None else 0.0)


def unexplained(node: Node) -> float:
    """The greatest difference between the points of a node and the sum of its parts', in the whole tree."""
    if not node.nodes or node.score is None:
        return 0.0
    own = node.points - math.fsum(part.points for part in node.nodes)
    return max([own, *map(unexplained, node.nodes)], key=abs)


def show(node: Node, hundredths: int | None = None) -> None:
    """Sets the points as shown, in hundredths, so that those of the parts add up to those of the whole.

    Where the parts do not explain the whole, they are rounded each by itself.
    """
    own = round(node.points * _STEPS) if hundredths is None else hundredths
    node.shown = own / _STEPS
    parts = [part.points * _STEPS for part in node.nodes]
    is_whole = abs(math.fsum(parts) - own) < len(parts)
    found = apportioned(parts, own) if is_whole else [round(part) for part in parts]
    for part, number in zip(node.nodes, found, strict=True):
        show(part, number)
