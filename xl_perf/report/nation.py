"""The structures of the nation side by side: ranking and heat table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.report.words import title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.report.model import Card


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


def board(cards: Sequence[Card], plan: Plan, tree: str) -> Board:
    """Ranking and heat table of some scorecards.

    Args:
        cards: scorecards of structures, one each, of one period.
        plan: the edition.
        tree: code of the scorecard's tree.
    """
    columns = [
        Column(node.code, node.title.removeprefix("Prospettiva "), node is top)
        for top in plan.children(tree)
        for node in (top, *plan.children(top.code))
    ]
    known = sorted((card.root.score for card in cards if card.root.score is not None), reverse=True)
    rows = []
    for card in cards:
        scores = {node.code: node.score for top in card.root.nodes for node in (top, *top.nodes)}
        score = card.root.score
        rank = None if score is None else known.index(score) + 1
        rows.append(Row(rank, card.structure, title(card.structure), score, card.root.coverage, scores, card))
    order = {structure.code: place for place, structure in enumerate(plan.regional())}
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, order.get(row.structure, 0)))
    there = {card.structure for card in cards}
    return Board(rows, columns, [one.code for one in plan.regional() if one.code not in there])
