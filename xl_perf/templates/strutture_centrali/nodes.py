"""The tree of the central structures: what its nodes are, and where the tables of `strutture_centrali.xlsx` stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.templates.kit.tree_weights import (
    is_leaf,
)
from xl_perf.templates.strutture_centrali.measures import (
    PROJECTS,
    TOTAL,
    has_target,
    measures_of,
    nodes_of,
    plays,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed, Row
    from xl_perf.templates.kit.tree_order import TreeOrder
    from xl_perf.templates.strutture_centrali.measures import Measure


_DEPTH = 2
"""Steps from a structure to its objectives."""


@dataclass(slots=True)
class Tree:
    """The nodes of the tree as rows, and where the tables stand."""

    book: Book
    measures: dict[str, Measure]
    nodes: Sequence[Node]
    actuals: Placed
    sums: Placed
    goals: Placed = field(init=False)
    order: TreeOrder = field(init=False)
    summary: Placed = field(init=False)

    @property
    def plan(self) -> Plan:
        """The edition."""
        return self.book.plan

    @property
    def roots(self) -> list[Node]:
        """The structures, in the order of the tree."""
        return [node for node in self.nodes if node.parent is None]

    @property
    def perspectives(self) -> dict[str, str]:
        """Last part of the code of each perspective that some structure has -> its name."""
        nodes = [node for root in self.roots for node in self.plan.children(root.code)]
        return {node.code.rpartition(".")[2]: _quoted(node.title) for node in nodes}

    def perspective(self, root: Node, key: str) -> str:
        """Code of a structure's perspective; empty where it has none."""
        found = (node.code for node in self.plan.children(root.code) if node.code.rpartition(".")[2] == key)
        return next(found, "")

    def depth(self, node: Node) -> int:
        """0 for a structure, 1 for a perspective, 2 for an objective."""
        return 0 if node.parent is None else 1 + self.depth(self.plan.node(node.parent))

    def structure(self, node: Node) -> str:
        """Code of the structure whose tree a node is part of."""
        while node.parent is not None:
            node = self.plan.node(node.parent)
        return node.structure or ""

    def size(self, root: Node) -> int:
        """How many rows a structure has, its own included."""
        return 1 + sum(self.size(child) for child in self.plan.children(root.code))

    def projects(self, node: Node) -> bool:
        """Whether a leaf takes the score of the register of projects."""
        return plays(self.book.data, PROJECTS, node.indicator or "")

    def whole(self, node: Node) -> bool:
        """Whether a leaf is measured by the IEEP of the whole institute."""
        code, _, who = self.measures[node.code].code.partition("@")
        return who == TOTAL and plays(self.book.data, "ieep", code)


def _quoted(title: str) -> str:
    """The name of a perspective: what stands in quotation marks, or the whole title."""
    return title.split('"')[1] if title.count('"') > 1 else title


def target_code(tree: Tree, row: Row) -> str:
    """The code of a leaf whose target the edition gives as a number; empty for others."""
    leaf = is_leaf(row.item) and row.item.indicator is not None and not tree.projects(row.item)
    return row.code if leaf and has_target(tree.plan, row.item) else ""


def is_asked(tree: Tree, row: Row) -> bool:
    """Whether the target of a leaf is filled in: the plan neither prints it nor takes it from elsewhere."""
    node: Node = row.item
    return (
        is_leaf(node) and node.indicator is not None and not (tree.projects(node) or target_code(tree, row))
    )


def tree_of(book: Book, actuals: Placed, sums: Placed) -> Tree:
    """The tree of the central structures of an edition.

    Raises:
        PlanError: an objective is not two steps below its structure: structure, perspective, objective.
    """
    by_node = {code: measure for measure in measures_of(book) for code in measure.nodes}
    tree = Tree(book, by_node, nodes_of(book), actuals, sums)
    for node in tree.nodes:
        if is_leaf(node) != (tree.depth(node) == _DEPTH):
            raise PlanError(
                f"the node {node.code!r} does not fit the workbook", where=node.where or book.plan.id,
                expected="structures, their perspectives, the objectives below these",
            )  # fmt: skip
    return tree


def note_of(tree: Tree) -> Callable[[Place], object]:
    """What the plan says about the target, or the output where it gives no number."""

    def content(place: Place) -> object:
        node: Node = place.row.item
        if not is_leaf(node):
            return None
        if tree.projects(node):
            return "ogni progetto è limitato dal tetto prima della media: si riporta il punteggio, non la realizzazione"
        if target_code(tree, place.row):
            return tree.plan.target(node.indicator or "", node.structure or "").note or None
        return node.output if node.indicator else f"{node.output} (assunzione: realizzazione contro 100%)"

    return content
