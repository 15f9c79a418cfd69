"""The pyramid in the order of its formulas: weights, scores and coverages of the members of each node side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Direction
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.tree_order import Taken, TreeOrder, side_by_side
from xl_perf.templates.piramide_valore import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid


MEAN, PROGRESS = "Media delle voci", "Somma degli avanzamenti"
"""Columns with the two ways to measure the objective of the disposal."""


def order_of(page: Page, pyramid: Pyramid, row: int) -> TreeOrder:
    """What the syntheses take from the pyramid, and what they give.

    Args:
        page: the `Parametri` page.
        pyramid: where the tables stand.
        row: row of the headings.
    """

    def weight(node: Node) -> object:
        return None if node.parent is None else f"={pyramid.weights.cell(node.code, names.WEIGHT)}"

    def disposal(content: Callable[[Pyramid, Node], str]) -> Callable[[Node], object]:
        return lambda node: content(pyramid, node) if node.code == pyramid.disposal else None

    columns = [
        Taken(names.WEIGHT, "Pesi", styles.PERCENT, weight),
        Taken(names.SCORE, "Punteggi", styles.SCORE, lambda node: _score(pyramid, node)),
        Taken(MEAN, "Medie", styles.SCORE, disposal(_mean)),
        Taken(PROGRESS, "Avanzamenti", styles.PERCENT_1, disposal(_progress)),
        Taken(names.COVERAGE, "Coperture", styles.PERCENT_1, lambda node: _coverage(pyramid, node)),
    ]
    return TreeOrder(page, row, side_by_side(pyramid.children, [pyramid.root]), columns, pyramid.children)


def _score(pyramid: Pyramid, node: Node) -> str:
    if node.indicator is not None:
        return formulas.shown(pyramid.actuals.cell(node.indicator, names.SCORE))
    if node.kind is NodeKind.PROJECT:
        return formulas.shown(pyramid.projects.cell(node.code, names.SCORE))
    if node.code == pyramid.disposal:
        return _disposal(pyramid, node.code)
    return _mean(pyramid, node)


def _mean(pyramid: Pyramid, node: Node) -> str:
    order = pyramid.order
    scores, weights = order.below(node.code, names.SCORE), order.below(node.code, names.WEIGHT)
    call = f"PERF_SINTESI({scores},{weights})"
    if pyramid.is_whole(node.code):
        three = ",".join(order.cell(code, names.SCORE, "Punteggio") for code in pyramid.indices)
        call = f"VALORE_PUBBLICO({three},{weights},{pyramid.values.cap})"
    return formulas.unless_blank(call, scores)


def _disposal(pyramid: Pyramid, code: str) -> str:
    """Objective of the disposal: sum of the two shares of progress against its own target, or the mean while chosen."""
    values, order = pyramid.values, pyramid.order.placed
    goal, progress = values.ref(pyramid.book.data.role("obiettivo_dismissione")), order.cell(code, PROGRESS)
    summed = formulas.unless_empty(
        f"PERF_SCORE({progress},{goal},{int(Direction.HIGHER)},{values.cap})", progress
    )
    return f"=IF({_sums_progress(pyramid)}=0,{order.cell(code, MEAN)},{summed[1:]})"


def _progress(pyramid: Pyramid, _: Node) -> str:
    """Share of the units that are disposed of, plus that of the value."""
    codes = [pyramid.book.data.role(role) for role in names.DISPOSALS]
    cells = [pyramid.actuals.cell(code, heading) for code in codes for heading in (names.ACTUAL, names.GOAL)]
    return formulas.complete(f"DISMISSIONE_INDEX({','.join(cells)})", *cells[::2])


def _sums_progress(pyramid: Pyramid) -> str:
    """Reference to the switch between the sum of the shares of progress (1) and the mean of two scores (0)."""
    return pyramid.values.ref(pyramid.book.data.role("somma_avanzamenti"))


def _coverage(pyramid: Pyramid, node: Node) -> str:
    """Reported share of the weights; above the lowest nodes the coverages of the members count by their weights."""
    order = pyramid.order
    members, own = pyramid.plan.children(node.code), order.placed.cell(node.code, names.SCORE)
    if not members:
        return f'=IF({own}="",0,1)'
    weights = order.below(node.code, names.WEIGHT)
    share = f"PERF_COPERTURA({order.below(node.code, names.SCORE)},{weights})"
    if node.code == pyramid.disposal:
        return f'=IF({_sums_progress(pyramid)}=0,{share},IF({own}="",0,1))'
    if any(pyramid.plan.children(member.code) for member in members):
        return f"=SUMPRODUCT({weights},{order.below(node.code, names.COVERAGE)})"
    return f"={share}"
