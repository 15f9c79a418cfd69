"""Geometry of the pictures of a page; the templates draw it. Lengths are units of the picture's own view box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.catalog.numerals import number
from xl_perf.report.words import fixed, quarter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.report.model import Node
    from xl_perf.report.quarters import Quarter

WIDTH = 560.0
"""Width of the pyramid and of the trend."""
_LEVELS = ((0.0, 104.0), (110.0, 190.0), (196.0, 280.0))
"""Top and bottom of the levels of the pyramid."""
PYRAMID = _LEVELS[-1][1]
_GAP = 2.0
_LETTER = 5.4
"""Width of a letter of the small texts; words that all neighbours share are left out."""
_NARROW = 30.0
"""Cells that are narrower show their score upright."""
TREND = 220.0
_TREND_TOP, _TREND_BOTTOM, _TREND_LEFT = 24.0, 180.0, 44.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of the pyramid: its outline, its middle, what stands in it.

    Attributes:
        outline: points of the polygon.
        x: middle.
        y: middle.
        name: its name where there is room for it.
        score: its score.
        angle: how far the text is turned, along a cell that is too narrow for it; 0 for a text that stands level.
        level: 0 for the whole, 1 for perspectives, 2 for objectives.
        node: what it is.
    """

    outline: str
    x: float
    y: float
    name: str
    score: str
    angle: float
    level: int
    node: Node


def pyramid(root: Node) -> list[Cell]:
    """The score on top, what it is made of below, as wide as it weighs.

    Args:
        root: the score.
    """
    leaves = [(leaf, top, part) for top, part in _parts(root) for leaf, part in _inner(top, part)]
    rows = ([(root, 1.0)], list(_parts(root)), [(leaf, part) for leaf, _, part in leaves])
    return [cell for level, row in enumerate(rows) for cell in _row(level, row)]


def _parts(node: Node) -> Iterator[tuple[Node, float]]:
    """The parts of a node with their weight; equal ones where none has a weight."""
    total = sum(part.weight for part in node.nodes)
    for part in node.nodes:
        if part.weight or not total:
            yield part, part.weight / total if total else 1 / len(node.nodes)


def _inner(node: Node, whole: float) -> Iterator[tuple[Node, float]]:
    for part, share in _parts(node):
        yield part, whole * share
    if not node.nodes:
        yield node, whole


def _row(level: int, row: Sequence[tuple[Node, float]]) -> Iterator[Cell]:
    top, bottom = _LEVELS[level]
    done = 0.0
    for node, part in row:
        ends = [(_edge(done, y), _edge(done + part, y)) for y in (top, bottom)]
        (left, right), (low_left, low_right) = ends
        inset = _GAP / 2 if len(row) > 1 else 0.0
        points = (
            (left + inset, top),
            (right - inset, top),
            (low_right - inset, bottom),
            (low_left + inset, bottom),
        )
        y = bottom - (bottom - top) * (0.36 if level == 0 else 0.5)
        width = _edge(done + part, y) - _edge(done, y)
        short = node.name.removeprefix("Performance ").removesuffix(" di ente")
        name = short if level == 1 and len(short) * _LETTER < width else ""
        yield Cell(
            " ".join(f"{max(x, 0):.1f},{at:.1f}" for x, at in points),
            (_edge(done, y) + _edge(done + part, y)) / 2,
            y,
            name,
            fixed(node.score),
            _along(ends) if level > 0 and width < _NARROW else 0.0,
            level,
            node,
        )
        done += part


def _along(ends: Sequence[tuple[float, float]]) -> float:
    """The angle of a text along the middle of a cell: upwards left of the pyramid's axis, else downwards."""
    (left, right), (low_left, low_right) = ends
    over = (left + right - low_left - low_right) / 2
    high = _LEVELS[-1][1] - _LEVELS[-1][0]
    return -math.degrees(math.atan2(high, over)) if over >= 0 else math.degrees(math.atan2(high, -over))


def _edge(part: float, y: float) -> float:
    """Where a share of a row ends at a height."""
    half = WIDTH / 2 * y / PYRAMID
    return WIDTH / 2 - half + 2 * half * part


@dataclass(frozen=True, slots=True)
class Point:
    """A quarter of the trend: place, score, label."""

    x: float
    y: float
    score: str
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The trend as a line: its points, and the heights of some scores."""

    points: list[Point]
    rules: list[tuple[float, str]]

    @property
    def line(self) -> str:
        """The points of the line."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)


def trend(quarters: Sequence[Quarter], goal: float) -> Trend:
    """The scores of quarters in their order.

    Args:
        quarters: two or more.
        goal: the score of a target that is reached.
    """
    known = [one for one in quarters if one.score is not None]
    scores = [one.score for one in known if one.score is not None]
    low = min(*scores, goal) - 2
    high = max(*scores, goal) + 2
    step = (WIDTH - _TREND_LEFT - 70) / max(len(known) - 1, 1)

    def height(score: float) -> float:
        return _TREND_BOTTOM - (_TREND_BOTTOM - _TREND_TOP) * (score - low) / (high - low)

    points = [
        Point(_TREND_LEFT + 20 + number * step, height(score), fixed(score), quarter(one.period))
        for number, (one, score) in enumerate(zip(known, scores, strict=True))
    ]
    return Trend(points, [(height(goal), number(goal))])


CLASSES = ("m3", "m2", "m1", "p0", "p1", "p2", "p3")
"""Colours of the heat table, the lowest scores first."""
_STEPS = (10.0, 5.0)
"""Points below and above the target at which the colour changes; nearer to it the band of what is in line."""


def heat_ends(goal: float, band: float) -> tuple[float, ...]:
    """The scores at which a colour of the heat table ends and the next one begins.

    Args:
        goal: the score of a target that is reached.
        band: half width of the band around it, in points.
    """
    steps = (*_STEPS, band)
    return (*(goal - step for step in steps), *(goal + step for step in reversed(steps)))


def heat(score: float | None, ends: Sequence[float]) -> str:
    """The class of a score in the heat table.

    Args:
        score: the score.
        ends: as `heat_ends` gives them.
    """
    return "vuoto" if score is None else CLASSES[sum(score >= end for end in ends)]
