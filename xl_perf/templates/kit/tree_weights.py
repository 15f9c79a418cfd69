"""Weights of the nodes of a tree as columns: the plan's, another one where it is assumed, the one in use, their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Status
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Content, Link, Validation, setting
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import linked_column

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Row
    from xl_perf.templates.kit.tree_order import TreeOrder

WEIGHT_KEY, WEIGHT_SOURCE = "Codice", "Fonte peso"
PLANNED_WEIGHT, STATE, OWN_WEIGHT, WEIGHT, WEIGHT_CHECK = (
    "Peso del piano",
    "Stato del peso",
    "Peso alternativo",
    "Peso in uso",
    "Somma dei pesi",
)

_WEIGHT = Validation(
    "decimal",
    OWN_WEIGHT,
    "Facoltativo: sostituisce l'assunzione (i pesi sono nell'Allegato C del SMVP). Quelli in uso devono "
    "sommare a 100%.",
    "Inserire un peso fra 0% e 100%, oppure lasciare vuoto.",
    maximum=1,
)


def is_leaf(node: Node) -> bool:
    """Whether a node is measured itself and has no others below it."""
    return node.kind not in (NodeKind.NODE, NodeKind.GROUP)


def weight_code(row: Row) -> str:
    """The code of a node that has a weight; empty for a root."""
    return row.code if row.item.parent is not None else ""


def key_column(group: str = "") -> Column:
    """The hidden column of the codes that the weights are found by."""
    return Column(WEIGHT_KEY, Kind.LABEL, 20, lambda p: weight_code(p.row) or None, paper=False, group=group)


def weight_columns(plan: Plan, group: str, order: TreeOrder) -> list[Column]:
    """Five columns for a table whose rows are the nodes of trees, each with all nodes below it.

    Args:
        plan: the edition.
        group: heading above the columns.
        order: the weights in use in the order of the trees.
    """
    link = Link("nodo", "peso", "", WEIGHT_KEY, WEIGHT_SOURCE)

    def own(place: Place) -> object:
        node: Node = place.row.item
        alone = node.parent is None or len(plan.children(node.parent)) == 1
        return Content(None, Kind.LABEL if alone or node.weight_status is not Status.ASSUMED else Kind.INPUT)

    def used(place: Place) -> object:
        if not weight_code(place.row):
            return None
        given = place.here(OWN_WEIGHT)
        return f'=IF({given}="",{place.here(PLANNED_WEIGHT)},{given}*1)'

    def summed(place: Place) -> object:
        node: Node = place.row.item
        if is_leaf(node):
            return None
        return f'=IF(ABS(SUM({order.below(node.code, WEIGHT)})-1)<0.000000001,"OK","▼ pesi ≠ 100%")'

    def state(place: Place) -> object:
        return styles.STATUS_WORDS[place.row.item.weight_status] if weight_code(place.row) else None

    return [
        linked_column(plan, PLANNED_WEIGHT, 9, link, weight_code, styles.PERCENT, group=group),
        Column(STATE, Kind.LABEL, 12, state, align="center", group=group),
        Column(
            OWN_WEIGHT,
            Kind.INPUT,
            11,
            own,
            styles.PERCENT,
            validation=_WEIGHT,
            group=group,
            datum=setting("alternativo", key=WEIGHT_KEY),
        ),
        result(WEIGHT, 9, used, styles.PERCENT, group=group),
        Column(WEIGHT_CHECK, Kind.CHECK, 14, summed, group=group, judged_by=WEIGHT_CHECK),
    ]
