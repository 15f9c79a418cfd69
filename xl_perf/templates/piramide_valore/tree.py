"""The tree of `piramide_valore.xlsx`: every node with its weight, score, coverage and what it measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit import contributions, formulas, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Content, Row, TableSpec, outcome
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.piramide_valore import names
from xl_perf.templates.piramide_valore.weights import SYNTHESES

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid

_G_NODE, _G_GOAL, _G_RESULT, _G_CHECK = "Nodo", "Che cosa si misura", "Risultato", "Pesi e controlli"
OUTPUT, OWNER, RISK = "Output", "Titolare", "Rischio"
BELOW, TOTAL_WEIGHT, SUM, SUM_CHECK = (
    "Voci sotto il nodo",
    "Peso sull'ente",
    "Somma dei pesi",
    "Controllo pesi",
)


def tree_spec(pyramid: Pyramid) -> TableSpec:
    """Every node in the order of the tree, with what it measures, its score, its coverage and its weights.

    Args:
        pyramid: where the tables stand.
    """
    plan, values = pyramid.plan, pyramid.values
    rows = [Row(node.code, _level(pyramid, node), node, pyramid.depth(node)) for node in pyramid.nodes]

    def text(heading: str, width: float, name: str) -> Column:
        return target_column(
            plan, heading, width, "nodo", name, styles.GENERAL, period="", group=_G_GOAL, align="wrap"
        )

    texts = [text(OUTPUT, 52, "output"), text(OWNER, 28, "titolare"), text(RISK, 46, "rischio")]
    columns = [
        Column(names.TITLE, Kind.LABEL, 52, lambda p: p.row.item.title, align="wrap", group=_G_NODE),
        Column("Codice", Kind.KEY, 24, lambda place: place.row.code, align="wrap", group=_G_NODE),
        Column(
            names.KIND,
            Kind.LABEL,
            12,
            lambda p: names.KIND_WORDS[p.row.item.kind],
            align="center",
            group=_G_NODE,
        ),
        result(names.WEIGHT, 10, _weight(pyramid), styles.PERCENT, group=_G_RESULT),
        result(
            names.SCORE,
            11,
            lambda p: formulas.shown(pyramid.order.placed.cell(p.row.code, names.SCORE)),
            styles.SCORE,
            group=_G_RESULT,
            judged_by=names.VERDICT,
            datum=outcome("punteggio"),
        ),
        verdict_column(values, names.SCORE, names.VERDICT, _G_RESULT),
        check(
            names.COVERAGE,
            11,
            lambda p: f"={pyramid.order.placed.cell(p.row.code, names.COVERAGE)}",
            styles.PERCENT_1,
            group=_G_RESULT,
            datum=outcome("copertura"),
        ),
        names.state_column(_G_RESULT),
        result(TOTAL_WEIGHT, 10, _total_weight, styles.PERCENT, group=_G_CHECK),
        check(SUM, 10, _sum(pyramid), styles.PERCENT, group=_G_CHECK),
        Column(SUM_CHECK, Kind.CHECK, 15, _sum_check, group=_G_CHECK, judged_by=SUM_CHECK),
        check(BELOW, 9, lambda p: pyramid.below(p.row.code), group=_G_CHECK),
        *contributions.tree_columns(values, names.WEIGHT, names.SCORE, pyramid.above, _G_CHECK),
        source_column(plan, texts, "Fonte", 28, _G_CHECK),
        Column(names.UNIT, Kind.LABEL, 14, _unit(pyramid), align="center", group=_G_GOAL),
        result(names.GOAL, 16, _measured(pyramid, names.GOAL), _format(pyramid), group=_G_GOAL),
        result(names.ACTUAL, 16, _measured(pyramid, names.ACTUAL), _format(pyramid), group=_G_GOAL),
        *texts,
    ]
    return TableSpec("tblPiramide", columns, rows, key="Codice", source="Fonte", aside=(OUTPUT, OWNER, RISK))


def tree_table(page: Page, spec: TableSpec) -> Placed:
    """Write the tree on its sheet."""
    table = page.table(spec, FIRST_ROW + 1)
    page.finish()
    return table


def _level(pyramid: Pyramid, node: Node) -> Level:
    if node.parent is None or node.code in pyramid.indices:
        return Level.NATIONAL
    return Level.TOTAL if node.kind is NodeKind.NODE else Level.LEAF


def _weight(pyramid: Pyramid) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if place.row.item.parent is None:
            return Content(None, Kind.LABEL)
        return f"={pyramid.weights.cell(place.row.code, names.WEIGHT)}"

    return content


def _total_weight(place: Place) -> object:
    """Share of the whole: the weights multiplied from the top down."""
    parent = place.row.item.parent
    if parent is None:
        return f"={place.here(SUM)}"
    return f"={place.here(names.WEIGHT)}*{place.table.letters[TOTAL_WEIGHT]}{place.table.numbers[parent]}"


def _sum(pyramid: Pyramid) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if not pyramid.plan.children(place.row.code):
            return None
        return f"=SUM({pyramid.order.below(place.row.code, names.WEIGHT)})"

    return content


def _sum_check(place: Place) -> object:
    if place.row.item.kind not in SYNTHESES:
        return None
    return f'=IF(ABS({place.here(SUM)}-1)<0.000000001,"OK","▼ pesi ≠ 100%")'


def _unit(pyramid: Pyramid) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        node: Node = place.row.item
        if node.indicator is not None:
            return str(pyramid.plan.indicators[node.indicator].unit)
        return "percentuale" if node.kind is NodeKind.PROJECT else "punti"

    return content


def _format(pyramid: Pyramid) -> Callable[[Row], str]:
    def number_format(row: Row) -> str:
        node: Node = row.item
        if node.indicator is not None:
            return names.unit_format(pyramid.plan.indicators[node.indicator].unit, actual=True)
        return styles.PERCENT_0 if node.kind is NodeKind.PROJECT else styles.SCORE

    return number_format


def _measured(pyramid: Pyramid, heading: str) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        node: Node = place.row.item
        if node.indicator is not None:
            return formulas.shown(pyramid.actuals.cell(node.indicator, heading))
        if node.kind is NodeKind.PROJECT:
            shown = names.DONE if heading == names.ACTUAL else heading
            return formulas.shown(pyramid.projects.cell(node.code, shown))
        if heading == names.GOAL:
            return f"={pyramid.values.centre}"
        return formulas.shown(place.here(names.SCORE))

    return content
