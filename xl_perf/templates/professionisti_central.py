"""The central Coordinamenti in `professionisti.xlsx`: assigned activities, statistico-attuariali, the four trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates import professionisti_amounts as amounts
from xl_perf.templates import professionisti_legal as legal
from xl_perf.templates import professionisti_regional as regional
from xl_perf.templates import professionisti_special as special
from xl_perf.templates.columns import Headings, check, judged_columns, result, state_column, verdict_column
from xl_perf.templates.model import Column, Content, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.names import short_name
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.professionisti_amounts import NATIONAL
from xl_perf.templates.professionisti_weights import breadth_first
from xl_perf.templates.styles import Kind, Level
from xl_perf.templates.targets import source_column, target_column
from xl_perf.templates.tree_weights import is_leaf
from xl_perf.templates.unit_formats import format_by_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.plan.model import Plan
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters
    from xl_perf.templates.professionisti_legal import LegalTables
    from xl_perf.templates.professionisti_weights import Weights

ACTUARY = "COORDINAMENTO GENERALE STATISTICO ATTUARIALE"
_REALISATION, _FIRST = "progetti.realizzazione", "professionisti.statistici.progetti"
DONE, MADE, DUE, ACTUAL = "Realizzazione", "Attività realizzate", "Attività previste", "Consuntivo"
GOAL, SCORE, VERDICT, COVERAGE, UNIT, WEIGHT = (
    "Obiettivo",
    "Punteggio",
    "Esito",
    "Copertura",
    "Unità",
    "Peso in uso",
)
TITLE, STATE = "Coordinamento e obiettivo", "Stato dei dati"
ROOTS = (
    "professionisti.medici_centrali",
    "professionisti.legali_centrali",
    "professionisti.statistici",
    "professionisti.tecnici_centrali",
    "professionisti.speciali_statistici",
)

_SHARE = Validation(
    "decimal",
    "Percentuale di realizzazione",
    "Realizzazione media della struttura in progetti.xlsx, foglio Per struttura. Vuota se non ancora rilevata.",
    "Inserire una percentuale fra 0% e 100%, oppure lasciare vuoto.",
    maximum=1,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a leaf of a tree is measured: a row of a table, and its columns of target, actual and score."""

    table: Placed
    row: str
    goal: str
    actual: str
    score: str


@dataclass(frozen=True, slots=True)
class Places:
    """The tables that the leaves of the trees are measured in."""

    doctors: Placed
    lawyers: Placed
    builders: Placed
    activities: Placed
    actuaries: Placed
    observatory: Placed
    legal: LegalTables


def activity_table(page: Page, values: Parameters, row: int) -> Placed:
    """What the register of projects gives for the Coordinamenti: entered once, read by their trees."""
    plan = page.book.plan
    targets = [t for t in plan.targets if t.indicator == _REALISATION and t.period == plan.period]
    codes = [t.structure for t in targets if plan.structures[t.structure].kind == "coordinamento generale"]
    goal = target_column(plan, GOAL, 14, "struttura", _REALISATION, styles.PERCENT_0)

    def example(place: Place) -> object:
        return (
            round(0.8 + 0.2 * page.book.chance("attività", place.row.code), 2) if page.book.example else None
        )

    columns = [
        Column("Coordinamento", Kind.KEY, 74, lambda p: p.row.code),
        Column("Nome breve", Kind.LABEL, 17, lambda p: short_name(p.row.item)),
        goal,
        Column(DONE, Kind.INPUT, 18, example, styles.PERCENT_1, validation=_SHARE),
        *judged_columns(values, values.direction(_REALISATION), Headings(DONE, GOAL)),
        check(COVERAGE, 12, lambda p: f"=COUNT({p.here(DONE)})", styles.PERCENT_1),
        state_column(COVERAGE, STATE),
        source_column(plan, [goal], width=44),
    ]
    rows = [Row(code, item=plan.structures[code]) for code in codes]
    return page.table(TableSpec("tblAttivita", columns, rows, key="Coordinamento", source="Fonte"), row)


def actuaries_sheet(page: Page, activities: Placed, values: Parameters) -> tuple[Placed, Placed]:
    """The six objectives of the statistico-attuariali, numerator and denominator each, and their special project."""
    book = page.book
    plan = book.plan
    rows = [
        Row(t.indicator, item=plan.indicators[t.indicator])
        for t in plan.targets
        if t.indicator.startswith("professionisti.statistici.") and t.period == plan.period
    ]
    goal = target_column(plan, GOAL, 12, "indicatore", ACTUARY, styles.PERCENT_0)

    def number(heading: str, low: float) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            if place.row.code == _FIRST:
                return Content(None, Kind.LABEL)
            if not book.example:
                return None
            total = round(20 + 60 * book.chance("attività", place.row.code))
            return round(total * (low + (1 - low) * book.chance(heading, place.row.code)))

        return content

    def share(place: Place) -> object:
        if place.row.code == _FIRST:
            return formulas.shown(activities.cell(ACTUARY, DONE))
        first, second = place.here(MADE), place.here(DUE)
        return formulas.unless_empty(f"{first}/{second}", first, second)

    def words(place: Place) -> object:
        if place.row.code == _FIRST:
            return "dal foglio Coordinamenti centrali"
        first, second = place.here(MADE), place.here(DUE)
        return f'=IF(COUNT({first},{second})=1,"▼ manca un dato",IF(COUNT({first},{second})=0,"da rilevare","OK"))'

    columns = [
        Column("Obiettivo dei professionisti statistico-attuariali", Kind.LABEL, 92, lambda p: p.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 24, lambda p: p.row.code, hidden=True),
        Column(MADE, Kind.INPUT, 14, number(MADE, 0.75), styles.PIECES, validation=amounts.PIECES),
        Column(DUE, Kind.INPUT, 14, number(DUE, 1), styles.PIECES, validation=amounts.PIECES),
        result(ACTUAL, 14, share, styles.PERCENT_1),
        goal,
        *judged_columns(values, values.direction(_FIRST), Headings(ACTUAL, GOAL)),
        Column("Controllo dati", Kind.CHECK, 32, words, judged_by="Controllo dati"),
        source_column(plan, [goal], width=40),
    ]  # fmt: skip
    table = page.table(TableSpec("tblStatistici", columns, rows, key="Codice", source="Fonte"), FIRST_ROW)
    observatory = special.observatory_table(page, table.last + 3, values)
    page.remark(
        observatory.last + 2,
        "Le tre macro-aree e il punteggio del Coordinamento sono nel foglio Coordinamenti centrali, i pesi nel foglio Pesi.",
    )
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(one_page=True))
    return table, observatory


def spots(plan: Plan, places: Places) -> Mapping[str, Spot]:
    """Where each leaf of the central trees is measured."""
    found: dict[str, Spot] = {}
    for root in ROOTS:
        for node in breadth_first(plan, plan.node(root)):
            if is_leaf(node):
                found[node.code] = _spot(node, root.rpartition(".")[2], places)
    return found


def _spot(node: Node, root: str, places: Places) -> Spot:
    leaf = node.code.rpartition(".")[2]
    if node.indicator == _REALISATION:
        return Spot(places.activities, node.structure or "", GOAL, DONE, SCORE)
    if root == "statistici":
        return Spot(places.actuaries, node.indicator or "", GOAL, ACTUAL, SCORE)
    if root == "speciali_statistici":
        return Spot(places.observatory, node.code, GOAL, ACTUAL, SCORE)
    doctors, lawyers, printed = places.doctors, places.lawyers, places.legal
    by_leaf = {
        ("medici_centrali", "efficienza"): Spot(doctors, NATIONAL, regional.PER_HEAD_GOAL, regional.PER_HEAD, regional.P_EFFICIENCY),
        ("medici_centrali", "qualita"): Spot(doctors, NATIONAL, regional.QUALITY_GOAL, regional.QUALITY, regional.P_QUALITY),
        ("medici_centrali", "surrogatorie"): Spot(doctors, NATIONAL, regional.CLAIMS_GOAL, regional.CLAIMS, regional.P_CLAIMS),
        ("legali_centrali", "qualita"): Spot(lawyers, NATIONAL, regional.QUALITY_GOAL, regional.QUALITY, regional.P_QUALITY),
        ("legali_centrali", "efficienza"): Spot(lawyers, NATIONAL, regional.EFFICIENCY_GOAL, regional.EFFICIENCY, regional.P_EFFICIENCY),
        ("legali_centrali", "surrogatorie"): Spot(lawyers, NATIONAL, regional.CLAIMS_GOAL, regional.CLAIMS, regional.P_CLAIMS),
        ("legali_centrali", "pndd"): Spot(printed.pndd, NATIONAL, GOAL, legal.PNDD.actual, SCORE),
        ("legali_centrali", "sisco_cv"): Spot(printed.sisco, NATIONAL, amounts.CORRECTED, legal.SISCO.actual, SCORE),
        ("legali_centrali", "spese_legali"): Spot(printed.costs, NATIONAL, GOAL, legal.COSTS.actual, SCORE),
        ("legali_centrali", "tar"): Spot(printed.tar, NATIONAL, amounts.CORRECTED, legal.TAR.actual, SCORE),
        ("legali_centrali", "recupero_crediti"): Spot(printed.credits, legal.TOTAL, GOAL, legal.CREDITS_2021, SCORE),
        ("tecnici_centrali", "progettazioni"): Spot(places.builders, NATIONAL, GOAL, special.DESIGNS.actual, SCORE),
        ("tecnici_centrali", "anagrafe"): Spot(places.builders, NATIONAL, "", special.ENTERED_SHARE, special.P_REGISTER),
    }  # fmt: skip
    return by_leaf[root, leaf]


def tree_table(page: Page, places: Places, weights: Weights, values: Parameters, row: int) -> Placed:
    """The central trees: what each leaf measures elsewhere, synthesised node by node.

    Args:
        page: the page that holds the assigned activities too.
        places: the tables of the leaves.
        weights: where the weights stand.
        values: where the parameters stand.
        row: row of the headings.
    """
    plan = page.book.plan
    found = spots(plan, places)
    nodes = [node for root in ROOTS for node in breadth_first(plan, plan.node(root))]
    rows = [Row(n.code, _level(n), n, n.code.count(".") - 1) for n in nodes]

    def linked(kind: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            node: Node = place.row.item
            if not is_leaf(node):
                return None
            spot = found[node.code]
            heading = {"goal": spot.goal, "actual": spot.actual, "score": spot.score}[kind]
            if heading:
                return formulas.shown(spot.table.cell(spot.row, heading))
            return f"={weights.goal(node.indicator)}" if node.indicator else 1

        return content

    def children(place: Place, heading: str) -> str:
        return place.span(heading, [child.code for child in plan.children(place.row.code)])

    def score(place: Place) -> object:
        if is_leaf(place.row.item):
            return linked("score")(place)
        cells = children(place, SCORE)
        return f'=IF(COUNT({cells})=0,"",PERF_SINTESI({cells},{weights.below(place.row.code)}))'

    def coverage(place: Place) -> object:
        if is_leaf(place.row.item):
            return f'=IF({place.here(SCORE)}="",0,1)'
        return f"=SUMPRODUCT({children(place, COVERAGE)}*{weights.below(place.row.code)})"

    def unit(place: Place) -> object:
        node: Node = place.row.item
        if not is_leaf(node):
            return None
        return str(plan.indicators[node.indicator].unit) if node.indicator else "percentuale"

    columns = [
        Column(TITLE, Kind.LABEL, 74, lambda p: p.row.item.title, align="wrap"),
        Column(UNIT, Kind.LABEL, 17, unit),
        result(GOAL, 14, linked("goal"), styles.EURO_CENTS),
        result(ACTUAL, 18, linked("actual"), styles.EURO_CENTS),
        result(WEIGHT, 14, lambda p: f"={weights.one(p.row.code)}" if p.row.item.parent else None, styles.PERCENT_1),
        result(SCORE, 12, score, styles.SCORE, judged_by=VERDICT),
        verdict_column(values, SCORE, VERDICT),
        check(COVERAGE, 12, coverage, styles.PERCENT_1),
        state_column(COVERAGE, STATE),
        Column("Fa parte di", Kind.SOURCE, 44, lambda p: plan.node(p.row.item.parent).title if p.row.item.parent else None),
    ]  # fmt: skip
    placed = page.table(TableSpec("tblCoordinamenti", columns, rows), row)
    format_by_unit(page, placed, (GOAL, ACTUAL), UNIT)
    return placed


def _level(node: Node) -> Level:
    if node.parent is None:
        return Level.NATIONAL
    return Level.LEAF if is_leaf(node) else Level.TOTAL
