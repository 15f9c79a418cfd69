"""The structures of the nation side by side: ranking and heat table."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xl_perf.catalog.numerals import number
from xl_perf.explain.goal import GOAL
from xl_perf.report.figures import CLASSES, heat_ends
from xl_perf.report.words import title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.plan.models import ModelData
    from xl_perf.report.model import Card
    from xl_perf.report.quadratura import Quadratura

_BAND = "banda"
"""Role of the width of the band around the target."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the heat table: code of the node, its title, whether it is a perspective."""

    code: str
    title: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A structure.

    Attributes:
        rank: place in the ranking, equal scores share one; None without a score.
        structure: its code.
        name: its name.
        score: its score.
        coverage: reported part of the weights.
        scores: code of a node -> score.
        card: its own view; None where only its scores are known.
        goal: the score of a target that is reached.
    """

    rank: int | None
    structure: str
    name: str
    score: float | None
    coverage: float | None
    scores: Mapping[str, float | None]
    card: Card | None
    goal: float

    @property
    def distance(self) -> float | None:
        """How far the score is above the target's; None without a score."""
        return None if self.score is None else self.score - self.goal


@dataclass(frozen=True, slots=True)
class Board:
    """The structures side by side.

    Attributes:
        rows: the structures in the order of their scores.
        columns: the columns of the heat table.
        lacking: structures that lack.
        goal: the score of a target that is reached, as the plan has it.
        ends: ends of the colours of the heat table, as `figures.heat_ends` gives them.
    """

    rows: list[Row]
    columns: list[Column]
    lacking: list[str]
    goal: float
    ends: Sequence[float]

    @property
    def farthest(self) -> float:
        """The greatest distance of a score from the target's."""
        return max((abs(row.distance) for row in self.rows if row.distance is not None), default=0.0)

    @property
    def classes(self) -> list[tuple[str, str]]:
        """The colours of the heat table: class and the scores that it stands for."""
        ends = list(map(number, self.ends))
        between = [f"{low}–{high}" for low, high in itertools.pairwise(ends)]
        return list(zip(CLASSES, (f"meno di {ends[0]}", *between, f"{ends[-1]} e oltre"), strict=True))


def board(cards: Sequence[Card], plan: Plan, model: ModelData, more: Quadratura | None = None) -> Board:
    """Ranking and heat table of some scorecards.

    Args:
        cards: scorecards of structures, one each, of one period.
        plan: the edition.
        model: what the scorecard takes from it.
        more: where the scores of structures without a file at hand stand.
    """
    tree = model.role("albero")
    goal, band = (plan.parameter(model.role(role)) for role in (GOAL, _BAND))
    columns = [
        Column(node.code, node.title.removeprefix("Prospettiva "), node is top)
        for top in plan.children(tree)
        for node in (top, *plan.children(top.code))
    ]
    rows = [_row(card) for card in cards]
    there = {card.structure for card in cards}
    for structure, scores in more.scores.items() if more is not None else ():
        if structure not in there and more is not None and scores.get(tree) is not None:
            there.add(structure)
            coverage = more.coverage.get(structure)
            rows.append(Row(None, structure, title(structure), scores[tree], coverage, scores, None, goal))
    known = sorted((row.score for row in rows if row.score is not None), reverse=True)
    rows = [replace(row, rank=None if row.score is None else known.index(row.score) + 1) for row in rows]
    order = {structure.code: place for place, structure in enumerate(plan.regional())}
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, order.get(row.structure, 0)))
    lacking = [one.code for one in plan.regional() if one.code not in there]
    return Board(rows, columns, lacking, goal, heat_ends(goal, band))


def _row(card: Card) -> Row:
    scores = {node.code: node.score for top in card.root.nodes for node in (top, *top.nodes)}
    name = title(card.structure)
    return Row(None, card.structure, name, card.root.score, card.root.coverage, scores, card, card.goal)
