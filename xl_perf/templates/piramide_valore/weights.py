"""The weights of `piramide_valore.xlsx`: the members of each node side by side, those that may be changed as inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Status
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result
from xl_perf.templates.kit.model import Column, Content, Row, TableSpec, Validation, setting
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.piramide_valore import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid

CHECK = "Controllo dati"
SYNTHESES = (NodeKind.NODE, NodeKind.GROUP)
_OWN = "Peso alternativo"
_PLAN_WEIGHT = "Peso del piano"
_SUMMED = "conta solo se nel foglio Parametri si sceglie la media dei due punteggi della dismissione"

_WEIGHT = Validation(
    "decimal",
    _OWN,
    "Facoltativo: sostituisce il peso assunto. I pesi in uso delle voci di uno stesso nodo devono sommare a 100%.",
    "Inserire un peso fra 0% e 100%, oppure lasciare vuoto.",
    maximum=1,
)


def weight_spec(pyramid: Pyramid) -> TableSpec:
    """The members of every node side by side, with weight, score and coverage.

    Args:
        pyramid: where the tables stand.
    """
    plan = pyramid.plan
    parents = [node for node in pyramid.nodes if plan.children(node.code)]
    rows = [
        Row(node.code, Level.TOTAL if node.kind in SYNTHESES else Level.LEAF, node)
        for parent in parents
        for node in pyramid.children(parent.code)
    ]
    value = target_column(plan, _PLAN_WEIGHT, 11, "nodo", "peso", styles.PERCENT, period="")

    def own(place: Place) -> object:
        node: Node = place.row.item
        if node.weight_status is not Status.ASSUMED or len(plan.children(node.parent or "")) == 1:
            return Content(None, Kind.LABEL)
        return Content(None, Kind.INPUT, informative=_SUMMED if node.parent == pyramid.disposal else "")

    def used(place: Place) -> object:
        mine = place.here(_OWN)
        return f'=IF({mine}="",{place.here(_PLAN_WEIGHT)},{mine}*1)'

    def checked(place: Place) -> object:
        empty = '""'
        return f"={remarks.on_numbers({_OWN: place.here(_OWN)}, empty)}"

    def parent(place: Place) -> object:
        return plan.node(place.row.item.parent).title

    columns = [
        Column("Codice", Kind.KEY, 24, lambda place: place.row.code, align="wrap"),
        Column("Nodo superiore", Kind.LABEL, 40, parent, align="wrap"),
        Column(names.TITLE, Kind.LABEL, 44, lambda place: place.row.item.title, align="wrap"),
        value,
        Column("Stato", Kind.LABEL, 13, lambda p: styles.STATUS_WORDS[p.row.item.weight_status]),
        Column(_OWN, Kind.INPUT, 12, own, styles.PERCENT, validation=_WEIGHT, datum=setting("alternativo")),
        result(names.WEIGHT, 11, used, styles.PERCENT),
        result(names.SCORE, 11, _from_tree(pyramid, names.SCORE), styles.SCORE),
        check(names.COVERAGE, 11, _from_tree(pyramid, names.COVERAGE), styles.PERCENT_1),
        Column(CHECK, Kind.CHECK, 36, checked, judged_by=CHECK),
        source_column(plan, [value], width=44),
    ]
    return TableSpec("tblPesi", columns, rows, key="Codice", source="Fonte")


def _from_tree(pyramid: Pyramid, heading: str) -> Callable[[Place], object]:
    return lambda place: formulas.shown(pyramid.tree.cell(place.row.code, heading))


def weight_table(page: Page, spec: TableSpec) -> Placed:
    """Write the weights on their sheet."""
    table = page.table(spec, FIRST_ROW)
    page.remark(
        FIRST_ROW - 1,
        "Gli stessi pesi con la somma di ogni nodo sono nel foglio Piramide. Il peso in uso è quello "
        "alternativo, se inserito.",
    )
    page.finish()
    return table
