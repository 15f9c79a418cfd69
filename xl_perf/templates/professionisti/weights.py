"""The `Pesi` sheet of `professionisti.xlsx`: the weights of every tree, and the targets that all structures share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.plan.traits import DIRECTION
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import linked_source, source_column, target_column, trait_column
from xl_perf.templates.kit.tree_order import Taken, TreeOrder, side_by_side
from xl_perf.templates.kit.tree_weights import (
    OWN_WEIGHT,
    WEIGHT,
    WEIGHT_SOURCE,
    is_leaf,
    key_column,
    weight_code,
    weight_columns,
)

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page

PRODUCTIVITY, REGISTER = "produttivita", "anagrafe"
"""Roles of the indicators with one target for all structures."""
_GOAL, CHECK = "Obiettivo", "Controllo dati"


@dataclass(frozen=True, slots=True)
class Weights:
    """Where the weights and the shared targets stand."""

    book: Book
    nodes: Placed
    common: Placed
    order: TreeOrder

    @property
    def plan(self) -> Plan:
        """The edition."""
        return self.book.plan

    def tree(self, role: str) -> str:
        """Absolute reference to the weights of the nodes directly below the node that plays a role."""
        return self.below(self.book.data.role(role))

    def below(self, code: str) -> str:
        """Absolute reference to the weights in use of the nodes directly below a node, a column."""
        return self.order.below(code, WEIGHT)

    def one(self, code: str) -> str:
        """Absolute reference to the weight in use of a node."""
        return self.nodes.cell(code, WEIGHT)

    def goal(self, indicator: str) -> str:
        """Absolute reference to a target that all structures share."""
        return self.common.cell(indicator, _GOAL)


def nodes_of(book: Book) -> tuple[Node, ...]:
    """The nodes of the trees of all categories."""
    return book.plan.nodes_of(book.plan.node(book.data.codes("coordinamenti")[0]).tree)


def depth(plan: Plan, node: Node) -> int:
    """Steps from the root of its tree."""
    return 0 if node.parent is None else 1 + depth(plan, plan.node(node.parent))


def _check(place: Place) -> object:
    if not weight_code(place.row):
        return None
    empty = '""'
    return f"={remarks.on_numbers({OWN_WEIGHT: place.here(OWN_WEIGHT)}, empty)}"


def weights_sheet(page: Page, parameters: Page, at_row: int) -> Weights:
    """Write the sheet: shared targets, then the trees one after the other.

    Args:
        page: the empty page.
        parameters: the page that takes the weights in the order of the trees.
        at_row: row of its headings there.
    """
    plan = page.book.plan
    goal = target_column(
        plan, _GOAL, 10, "indicatore", nation(plan), lambda row: styles.UNIT_FORMATS[row.item.unit]
    )
    common_codes = [page.book.data.role(role) for role in (PRODUCTIVITY, REGISTER)]
    page.section(FIRST_ROW - 1, "Obiettivi uguali per tutte le strutture")
    common = page.table(
        TableSpec(
            "tblComuni",
            [
                Column("Indicatore", Kind.LABEL, 84, lambda p: p.row.item.title, align="wrap"),
                Column("Codice", Kind.KEY, 34, lambda p: p.row.code, paper=False),
                goal,
                Column("Unità", Kind.LABEL, 12, lambda p: str(p.row.item.unit), align="center"),
                Column("Periodo", Kind.LABEL, 11, lambda _: plan.period, align="center"),
                trait_column(plan, "Verso", 9, DIRECTION),
                Column("Lettura del verso", Kind.LABEL, 20, lambda p: formulas.direction(p.here("Verso"))),
                source_column(plan, [goal], width=56),
            ],
            [Row(code, item=plan.indicators[code]) for code in common_codes],
            key="Codice",
            source="Fonte",
        ),
        FIRST_ROW,
    )
    row = common.last + 3
    page.section(row - 1, "Pesi degli obiettivi di ogni categoria")
    roots = [node for node in nodes_of(page.book) if node.parent is None]
    nodes = side_by_side(plan.children, roots)
    rows = [Row(n.code, _level(n), n, depth(plan, n)) for n in nodes]

    def weight(node: Node) -> object:
        return f"={placed.cell(node.code, WEIGHT)}" if node.parent is not None else None

    order = TreeOrder(
        parameters, at_row, nodes, [Taken(WEIGHT, "Pesi", styles.PERCENT, weight)], plan.children
    )
    weights = weight_columns(plan, "", order)
    columns = [
        Column("Categoria e obiettivo", Kind.LABEL, 84, lambda p: p.row.item.title, align="wrap"),
        key_column(),
        *weights,
        Column(CHECK, Kind.CHECK, 40, _check, judged_by=CHECK),
        linked_source(plan, WEIGHT_SOURCE, 56, weights[0], weight_code),
    ]
    placed = page.table(TableSpec("tblPesi", columns, rows), row)
    page.remark(
        placed.last + 1,
        "I pesi sono nell'Allegato C del SMVP, che il piano non riporta: quote uguali, assunzione. Si "
        "cambiano con il Peso alternativo.",
    )
    page.finish()
    order.write()
    return Weights(page.book, placed, common, order)


def _level(node: Node) -> Level:
    if node.parent is None:
        return Level.NATIONAL
    return Level.LEAF if is_leaf(node) else Level.TOTAL
