"""The central Coordinamenti in `professionisti.xlsx`: assigned activities, statistico-attuariali, the four trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.errors import PlanError
from xl_perf.plan.model import Unit
from xl_perf.templates.kit import formulas, model, remarks, styles
from xl_perf.templates.kit.columns import (
    Headings,
    check,
    judged_columns,
    result,
    state_column,
    verdict_column,
)
from xl_perf.templates.kit.model import Column, Content, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.names import nation, short_name
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.kit.tree_order import side_by_side
from xl_perf.templates.kit.tree_weights import is_leaf
from xl_perf.templates.kit.unit_formats import format_by_unit
from xl_perf.templates.professionisti import amounts, legal, regional, special
from xl_perf.templates.professionisti.weights import depth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.professionisti.legal import LegalTables
    from xl_perf.templates.professionisti.weights import Weights

ACTUARY = "statistico"
"""Role of the structure of the statistico-attuariali."""
_REALISATION, _FIRST = "realizzazione", "statistici_progetti"
"""Roles of what comes from the register of projects: the score of a structure, the objective that repeats it."""
DONE, MADE, DUE, ACTUAL = (
    "Punteggio in progetti.xlsx", "Attività realizzate", "Attività previste", "Consuntivo",
)  # fmt: skip
GOAL, SCORE, VERDICT, COVERAGE, UNIT, WEIGHT = (
    "Obiettivo", "Punteggio", "Esito", "Copertura", "Unità", "Peso in uso",
)  # fmt: skip
TITLE, STATE = "Coordinamento e obiettivo", "Stato dei dati"
ROOTS = "coordinamenti"
"""Role of the roots of the central trees."""

_SCORED = Validation(
    "decimal",
    DONE,
    "Punteggio della struttura in progetti.xlsx, foglio Per struttura: ogni progetto vi è già limitato. "
    "Vuoto se non rilevato.",
    "Inserire un punteggio maggiore o uguale a zero, oppure lasciare vuoto.",
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
    plan, data = page.book.plan, page.book.data
    nodes = side_by_side(plan.children, roots_of(page.book))
    wanted = [node.structure for node in nodes if node.indicator == data.role(_REALISATION)]
    codes = dict.fromkeys([*(code for code in wanted if code), data.role(ACTUARY)])

    columns = [
        Column("Coordinamento", Kind.KEY, 74, lambda p: p.row.code),
        Column("Nome breve", Kind.LABEL, 17, lambda p: short_name(p.row.item)),
        result(GOAL, 14, lambda _: f"={values.centre}", styles.SCORE),
        Column(
            DONE,
            Kind.INPUT,
            18,
            number_format=styles.SCORE,
            validation=_SCORED,
            datum=Datum(KeyKind.STRUCTURE, data.role(_REALISATION), "punteggio", ""),
        ),
        *judged_columns(values, "1", Headings(DONE, GOAL)),
        check(COVERAGE, 12, lambda p: f"=1-COUNTBLANK({p.here(DONE)})", styles.PERCENT_1),
        state_column(COVERAGE, STATE),
        amounts.check_column([DONE]),
    ]
    rows = [Row(code, item=plan.structures[code]) for code in codes]
    return page.table(TableSpec("tblAttivita", columns, rows, key="Coordinamento"), row)


def roots_of(book: Book) -> list[Node]:
    """The roots of the central trees."""
    return [book.plan.node(code) for code in book.data.codes(ROOTS)]


def actuaries_sheet(page: Page, activities: Placed, values: Parameters) -> tuple[Placed, Placed]:
    """The six objectives of the statistico-attuariali, numerator and denominator each, and their special project."""
    book = page.book
    plan = book.plan
    root = plan.node(book.data.role("statistici"))
    codes = [node.indicator for node in side_by_side(plan.children, [root]) if node.indicator is not None]
    rows = [
        Row(code, item=plan.indicators[code])
        for code in sorted(codes, key=lambda c: plan.indicators[c].order)
    ]
    actuary, repeated = book.data.role(ACTUARY), book.data.role(_FIRST)
    goal = target_column(plan, GOAL, 12, "indicatore", actuary, styles.PERCENT_0)

    def asked(place: Place) -> object:
        return Content(None, Kind.LABEL) if place.row.code == repeated else None

    def share(place: Place) -> object:
        if place.row.code == repeated:
            done = activities.cell(actuary, DONE)
            return formulas.unless_empty(f"{done}/{values.centre}", done)
        first, second = place.here(MADE), place.here(DUE)
        return formulas.complete(f"{first}/{second}", first, second)

    def words(place: Place) -> object:
        if place.row.code == repeated:
            return "dal foglio Coordinamenti centrali"
        first, second = place.here(MADE), place.here(DUE)
        blanks = f"COUNTBLANK({first})+COUNTBLANK({second})"
        waiting = f'IF({blanks}=1,"▼ manca un dato",IF({blanks}=2,"da rilevare","OK"))'
        return f"={remarks.on_numbers({MADE: first, DUE: second}, waiting)}"

    columns = [
        Column("Obiettivo dei professionisti statistico-attuariali", Kind.LABEL, 92,
        lambda p: p.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 24, lambda p: p.row.code, paper=False),
        Column(MADE, Kind.INPUT, 14, asked, styles.PIECES, validation=amounts.PIECES,
               datum=Datum(KeyKind.ITEM, "", "realizzate")),
        Column(DUE, Kind.INPUT, 14, asked, styles.PIECES, validation=amounts.PIECES,
               datum=Datum(KeyKind.ITEM, "", "previste")),
        result(ACTUAL, 14, share, styles.PERCENT_1),
        goal,
        *judged_columns(values, lambda p: values.direction(p.row.code), Headings(ACTUAL, GOAL)),
        Column(amounts.CHECK, Kind.CHECK, 32, words, judged_by=amounts.CHECK),
        source_column(plan, [goal], width=40),
    ]  # fmt: skip
    table = page.table(TableSpec("tblStatistici", columns, rows, key="Codice", source="Fonte"), FIRST_ROW)
    observatory = special.observatory_table(page, table.last + 3, values)
    page.remark(
        observatory.last + 2,
        "Le tre macro-aree e il punteggio del Coordinamento sono nel foglio Coordinamenti centrali, i "
        "pesi nel foglio Pesi.",
    )
    page.finish()
    return table, observatory


def spots(book: Book, places: Places) -> Mapping[str, Spot]:
    """Where each leaf of the central trees is measured."""
    leaves = [n for n in side_by_side(book.plan.children, roots_of(book)) if is_leaf(n)]
    return {leaf.code: _spot(book, leaf, places) for leaf in leaves}


def _spot(book: Book, node: Node, places: Places) -> Spot:
    """Where a leaf is measured.

    Raises:
        PlanError: no table of the workbook measures it.
    """
    for role, spot in _by_role(nation(book.plan), places).items():
        if book.data.has(role) and node.indicator in book.data.codes(role):
            return spot
    if node.indicator == book.data.role(_REALISATION):
        return Spot(places.activities, node.structure or "", GOAL, DONE, SCORE)
    if node.indicator in places.actuaries.numbers:
        return Spot(places.actuaries, node.indicator or "", GOAL, ACTUAL, SCORE)
    if node.code in places.observatory.numbers:
        return Spot(places.observatory, node.code, GOAL, ACTUAL, SCORE)
    raise PlanError(f"nothing in the workbook measures {node.code!r}", where=node.where or book.plan.id)


def _by_role(whole: str, places: Places) -> dict[str, Spot]:
    """Role of an indicator -> the national row that it is measured in."""
    doctors, lawyers, printed, r = places.doctors, places.lawyers, places.legal, regional
    return {
        "qualita_medici": Spot(doctors, whole, r.QUALITY_GOAL, r.QUALITY, r.P_QUALITY),
        "produttivita": Spot(doctors, whole, r.PER_HEAD_GOAL, r.PER_HEAD, r.P_EFFICIENCY),
        "surrogatorie_medici": Spot(doctors, whole, r.CLAIMS_GOAL, r.CLAIMS, r.P_CLAIMS),
        "qualita_legali": Spot(lawyers, whole, r.QUALITY_GOAL, r.QUALITY, r.P_QUALITY),
        "efficienza_legali": Spot(lawyers, whole, r.EFFICIENCY_GOAL, r.EFFICIENCY, r.P_EFFICIENCY),
        "surrogatorie_legali": Spot(lawyers, whole, r.CLAIMS_GOAL, r.CLAIMS, r.P_CLAIMS),
        "solidarieta": Spot(printed.pndd, whole, GOAL, legal.PNDD.actual, SCORE),
        "sisco": Spot(printed.sisco, whole, amounts.CORRECTED, legal.SISCO.actual, SCORE),
        "spese_legali": Spot(printed.costs, whole, GOAL, legal.COSTS.actual, SCORE),
        "tar": Spot(printed.tar, whole, amounts.CORRECTED, legal.TAR.actual, SCORE),
        "recupero_crediti": Spot(printed.credits, legal.TOTAL, GOAL, legal.CREDITS_NOW, SCORE),
        "progettazioni": Spot(places.builders, whole, GOAL, special.DESIGNS.actual, SCORE),
        "anagrafe": Spot(places.builders, whole, "", special.ENTERED_SHARE, special.P_REGISTER),
    }


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
    found = spots(page.book, places)
    nodes = side_by_side(plan.children, roots_of(page.book))
    rows = [Row(n.code, _level(n), n, depth(plan, n)) for n in nodes]

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
        return formulas.unless_blank(f"PERF_SINTESI({cells},{weights.below(place.row.code)})", cells)

    def coverage(place: Place) -> object:
        if is_leaf(place.row.item):
            return f'=IF({place.here(SCORE)}="",0,1)'
        return f"=SUMPRODUCT({children(place, COVERAGE)}*{weights.below(place.row.code)})"

    def unit(place: Place) -> object:
        node: Node = place.row.item
        if not is_leaf(node):
            return None
        if node.indicator == page.book.data.role(_REALISATION):
            return str(Unit.POINTS)
        return str(plan.indicators[node.indicator].unit) if node.indicator else "percentuale"

    columns = [
        Column(TITLE, Kind.LABEL, 74, lambda p: p.row.item.title, align="wrap"),
        Column(UNIT, Kind.LABEL, 17, unit),
        result(GOAL, 14, linked("goal"), styles.EURO_CENTS),
        result(ACTUAL, 18, linked("actual"), styles.EURO_CENTS),
        result(WEIGHT, 14, lambda p: f"={weights.one(p.row.code)}" if p.row.item.parent else None, styles.PERCENT_1),
        result(SCORE, 12, score, styles.SCORE, judged_by=VERDICT, datum=model.outcome("punteggio")),
        verdict_column(values, SCORE, VERDICT),
        check(COVERAGE, 12, coverage, styles.PERCENT_1, datum=model.outcome("copertura")),
        state_column(COVERAGE, STATE),
        Column("Fa parte di", Kind.SOURCE, 44,
        lambda p: plan.node(p.row.item.parent).title if p.row.item.parent else None),
        Column("Codice", Kind.KEY, 30, lambda p: p.row.code, paper=False),
    ]  # fmt: skip
    placed = page.table(TableSpec("tblCoordinamenti", columns, rows, key="Codice"), row)
    format_by_unit(page, placed, (GOAL, ACTUAL), UNIT)
    for root in roots_of(page.book):
        page.book.top(placed.cell(root.code, SCORE), placed.cell(root.code, COVERAGE))
    return placed


def _level(node: Node) -> Level:
    if node.parent is None:
        return Level.NATIONAL
    return Level.LEAF if is_leaf(node) else Level.TOTAL
