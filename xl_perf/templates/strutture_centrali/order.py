"""The tree of the central structures in its own order: what syntheses and the page of a structure take from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.tree_order import Taken, TreeOrder, side_by_side
from xl_perf.templates.kit.tree_weights import WEIGHT, is_leaf
from xl_perf.templates.strutture_centrali.tree import COVERAGE, LEAF_SCORE, SCORE

if TYPE_CHECKING:
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.strutture_centrali.nodes import Tree

CARD_CODE, CARD_STRUCTURE = "Riga della scheda", "Inizio della scheda"
"""Columns of the order of the tree: the codes as a card shows them, the structure beside the first one of its own."""


def order_of(page: Page, tree: Tree, row: int) -> TreeOrder:
    """What syntheses and the card take from the tree, in its order.

    Args:
        page: the `Parametri` page.
        tree: the nodes.
        row: row of the headings.
    """
    nodes = side_by_side(tree.plan.children, tree.roots)
    shown = {node.code: other for node, other in zip(nodes, tree.nodes, strict=True)}

    def score(node: Node) -> object:
        if is_leaf(node):
            return formulas.shown(tree.goals.cell(node.code, LEAF_SCORE))
        if node.parent is None:
            return None
        cells = tree.order.below(node.code, SCORE)
        return formulas.unless_blank(f"PERF_SINTESI({cells},{tree.order.below(node.code, WEIGHT)})", cells)

    def coverage(node: Node) -> object:
        if is_leaf(node):
            return f'=IF({tree.order.placed.cell(node.code, SCORE)}="",0,1)'
        if node.parent is None:
            return None
        return f"=PERF_COPERTURA({tree.order.below(node.code, SCORE)},{tree.order.below(node.code, WEIGHT)})"

    def weight(node: Node) -> object:
        return f"={tree.goals.cell(node.code, WEIGHT)}" if node.parent is not None else None

    def begins(node: Node) -> object:
        other = shown[node.code]
        return tree.structure(other) if other.parent is None else None

    columns = [
        Taken(WEIGHT, "Pesi", styles.PERCENT, weight),
        Taken(SCORE, "Punteggi", styles.SCORE, score),
        Taken(COVERAGE, "Coperture", styles.PERCENT_1, coverage),
        Taken(CARD_CODE, "", styles.GENERAL, lambda node: shown[node.code].code),
        Taken(CARD_STRUCTURE, "", styles.GENERAL, begins),
    ]
    return TreeOrder(page, row, nodes, columns, tree.plan.children)
