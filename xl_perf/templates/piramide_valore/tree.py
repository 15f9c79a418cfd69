"""The tree of `piramide_valore.xlsx`: weights of the members of each node, and scores from the leaves to the top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Direction, Status
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit import contributions, formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Row,
    TableSpec,
    Validation,
    outcome,
    setting,
)
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

_G_NODE, _G_GOAL, _G_RESULT, _G_CHECK = "Nodo", "Che cosa si misura", "Risultato", "Pesi e controlli"
OUTPUT, OWNER, RISK = "Output", "Titolare", "Rischio"
BELOW, TOTAL_WEIGHT, SUM, SUM_CHECK = (
    "Voci sotto il nodo",
    "Peso sull'ente",
    "Somma dei pesi",
    "Controllo pesi",
)
_OWN = "Peso alternativo"
_PLAN_WEIGHT = "Peso del piano"
CHECK = "Controllo dati"
_SUMMED = "conta solo se nel foglio Parametri si sceglie la media dei due punteggi della dismissione"
_SYNTHESES = (NodeKind.NODE, NodeKind.GROUP)

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
        Row(node.code, Level.TOTAL if node.kind in _SYNTHESES else Level.LEAF, node)
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
        Column(names.TITLE, Kind.SOURCE, 58, lambda place: place.row.item.title),
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
            _score(pyramid),
            styles.SCORE,
            group=_G_RESULT,
            judged_by=names.VERDICT,
            datum=outcome("punteggio"),
        ),
        verdict_column(values, names.SCORE, names.VERDICT, _G_RESULT),
        check(
            names.COVERAGE,
            11,
            _coverage(pyramid),
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


def _score(pyramid: Pyramid) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        node: Node = place.row.item
        if node.indicator is not None:
            return formulas.shown(pyramid.actuals.cell(node.indicator, names.SCORE))
        if node.kind is NodeKind.PROJECT:
            return formulas.shown(pyramid.projects.cell(node.code, names.SCORE))
        scores, weights = pyramid.block(node.code, names.SCORE), pyramid.block(node.code, names.WEIGHT)
        call = f"PERF_SINTESI({scores},{weights})"
        if pyramid.is_whole(node.code):
            three = ",".join(pyramid.weights.cell(code, names.SCORE) for code in pyramid.indices)
            call = f"VALORE_PUBBLICO({three},{weights},{pyramid.values.cap})"
        call = formulas.unless_blank(call, scores)
        return _disposal(pyramid, call) if node.code == pyramid.disposal else call

    return content


def _disposal(pyramid: Pyramid, mean: str) -> str:
    """Objective of the disposal: sum of the two shares of progress against its own target, or the mean while chosen."""
    data, values = pyramid.book.data, pyramid.values
    codes = [data.role(role) for role in names.DISPOSALS]
    cells = [
        (pyramid.actuals.cell(code, names.ACTUAL), pyramid.actuals.cell(code, names.GOAL)) for code in codes
    ]
    index = f"DISMISSIONE_INDEX({','.join(cell for pair in cells for cell in pair)})"
    goal = values.ref(data.role("obiettivo_dismissione"))
    call = f"PERF_SCORE({index},{goal},{int(Direction.HIGHER)},{values.cap})"
    summed = formulas.complete(call, *(actual for actual, _ in cells))
    return f"=IF({_sums_progress(pyramid)}=0,{mean[1:]},{summed[1:]})"


def _sums_progress(pyramid: Pyramid) -> str:
    """Reference to the switch between the sum of the shares of progress (1) and the mean of two scores (0)."""
    return pyramid.values.ref(pyramid.book.data.role("somma_avanzamenti"))


def _coverage(pyramid: Pyramid) -> Callable[[Place], object]:
    """Reported share of the weights; above the lowest nodes the coverages of the members count by their weights."""

    def content(place: Place) -> object:
        node: Node = place.row.item
        members = pyramid.plan.children(node.code)
        if not members:
            return f'=IF({place.here(names.SCORE)}="",0,1)'
        weights = pyramid.block(node.code, names.WEIGHT)
        if node.code == pyramid.disposal:
            share = f"PERF_COPERTURA({pyramid.block(node.code, names.SCORE)},{weights})"
            return f'=IF({_sums_progress(pyramid)}=0,{share},IF({place.here(names.SCORE)}="",0,1))'
        if any(pyramid.plan.children(member.code) for member in members):
            return f"=SUMPRODUCT({weights},{pyramid.block(node.code, names.COVERAGE)})"
        return f"=PERF_COPERTURA({pyramid.block(node.code, names.SCORE)},{weights})"

    return content


def _sum(pyramid: Pyramid) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if not pyramid.plan.children(place.row.code):
            return None
        return f"=SUM({pyramid.block(place.row.code, names.WEIGHT)})"

    return content


def _sum_check(place: Place) -> object:
    if place.row.item.kind not in _SYNTHESES:
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
