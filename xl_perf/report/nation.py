"""The structures of the nation side by side: ranking and heat table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xl_perf.report.sums import HUNDRED
from xl_perf.report.words import title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.report.model import Card
    from xl_perf.report.quadratura import Quadratura


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
    """

    rank: int | None
    structure: str
    name: str
    score: float | None
    coverage: float | None
    scores: Mapping[str, float | None]
    card: Card | None


@dataclass(frozen=True, slots=True)
class Board:
    """The structures in the order of their scores, the columns of the heat table, structures that lack."""

    rows: list[Row]
    columns: list[Column]
    lacking: list[str]

    @property
    def farthest(self) -> float:
        """The greatest distance of a score from 100."""
        return max((abs(row.score - HUNDRED) for row in self.rows if row.score is not None), default=0.0)


def board(cards: Sequence[Card], plan: Plan, tree: str, more: Quadratura | None = None) -> Board:
    """Ranking and heat table of some scorecards.

    Args:
        cards: scorecards of structures, one each, of one period.
        plan: the edition.
        tree: code of the scorecard's tree.
        more: where the scores of structures without a file at hand stand.
    """
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
            rows.append(Row(None, structure, title(structure), scores[tree], coverage, scores, None))
    known = sorted((row.score for row in rows if row.score is not None), reverse=True)
    rows = [replace(row, rank=None if row.score is None else known.index(row.score) + 1) for row in rows]
    order = {structure.code: place for place, structure in enumerate(plan.regional())}
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, order.get(row.structure, 0)))
    return Board(rows, columns, [one.code for one in plan.regional() if one.code not in there])


def _row(card: Card) -> Row:
    scores = {node.code: node.score for top in card.root.nodes for node in (top, *top.nodes)}
    return Row(None, card.structure, title(card.structure), card.root.score, card.root.coverage, scores, card)
