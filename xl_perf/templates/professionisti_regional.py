"""The sheets of `professionisti.xlsx` with a row for each region: medici, legali, tecnico-edilizi, special projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates import professionisti_amounts as amounts
from xl_perf.templates import professionisti_legal as legal
from xl_perf.templates.columns import (
    check,
    result,
    state_column,
    verdict_column,
)
from xl_perf.templates.model import Column, Content, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.professionisti_amounts import NATIONAL, STRUCTURE
from xl_perf.templates.professionisti_weights import PRODUCTIVITY
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.book import Book
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters
    from xl_perf.templates.professionisti_legal import LegalTables
    from xl_perf.templates.professionisti_weights import Weights

QUALITY, QUALITY_GOAL = "Indice di qualità", "Budget dell'indice di qualità"
EFFICIENCY, EFFICIENCY_GOAL = "Indice di efficienza", "Budget dell'indice di efficienza"
PRODUCED, STAFF, PER_HEAD, PER_HEAD_GOAL = (
    "Produzione omogeneizzata",
    "Risorse presenti",
    "Produttività",
    "Obiettivo produttività",
)
CLAIMS, CLAIMS_GOAL = "Azioni surrogatorie", "Obiettivo surrogatorie"
REPORTS, REPORTS_DUE, MONITORED = "Attestazioni presentate", "Attestazioni attese", "Monitoraggio realizzato"
P_QUALITY, P_EFFICIENCY, P_CLAIMS, P_REPORTS = (
    "Punteggio qualità",
    "Punteggio efficienza",
    "Punteggio surrogatorie",
    "Punteggio monitoraggio",
)
P_FIRST, P_GROUP = "Punteggio PNDD o SISCO CV", "Punteggio progetti nazionali"
P_COSTS, P_TAR, P_CREDITS = "Punteggio spese legali", "Punteggio TAR", "Punteggio recupero crediti"
TOTAL, VERDICT, COVERAGE = "Punteggio {}", "Esito {}", "Copertura {}"
DOCTORS, UOSF, LAWYERS, BUILDERS, SPECIAL_DOCTORS, SPECIAL_LAWYERS = (
    "medici", "UOSF", "legali", "tecnici", "progetto speciale medici", "progetto speciale legali",
)  # fmt: skip
_G_Q, _G_E, _G_S, _G_M, _G_P, G_SYNTHESIS = (
    "Qualità", "Efficienza", "Azioni surrogatorie", "Monitoraggio del contenzioso (UOSF)", "Punteggi", "Sintesi",
)  # fmt: skip

_MONTHS = Validation(
    "whole",
    "Mesi del periodo",
    "Mesi a cui si riferisce la produzione: 12 per l'anno intero, 3, 6, 9 per i trimestri.",
    "Inserire un numero intero da 1 a 12.",
    minimum=1,
    maximum=12,
)


def territory_rows(book: Book, *, national: bool = True) -> list[Row]:
    """Regions and DCM in the order of Tabella A, then the nation."""
    plan = book.plan
    rows = [Row(structure.code, item=structure) for structure in plan.regional()]
    return [*rows, Row(NATIONAL, Level.NATIONAL, plan.structures[NATIONAL])] if national else rows


def structure_column() -> Column:
    """The names of the structures, the key of every table of this kind."""
    return Column(STRUCTURE, Kind.KEY, 28, lambda place: place.row.code, group="Struttura")


def free_column(page: Page, heading: str, width: float, number_format: str, validation: Validation, group: str,
          example: Callable[[Place], object]) -> Column:  # fmt: skip
    """An input in every row, the nation's included: indices do not add up."""
    book = page.book

    def content(place: Place) -> object:
        return None if book.left_empty(heading, page.name, place.row.code) else example(place)

    return Column(heading, Kind.INPUT, width, content, number_format, validation=validation, group=group)


def _index(page: Page, heading: str, goal: str, group: str) -> list[Column]:
    """An index of the Cruscotto and the budget that it is measured against: the plan prints neither."""
    book = page.book

    def level(place: Place) -> object:
        return round(90 + 22 * book.chance(heading, page.name, place.row.code), 1)

    return [
        free_column(page, heading, 12, styles.SCORE, amounts.INDEX, group, level),
        Column(
            goal,
            Kind.INPUT,
            12,
            lambda _: 100 if book.example else None,
            styles.SCORE,
            validation=amounts.INDEX,
            group=group,
        ),
    ]


def scored_column(
    values: Parameters, indicator: str, actual: str, goal: str, heading: str, group: str = _G_P
) -> Column:
    """The score of two columns of the row by the direction of an indicator; empty while one of them is."""

    def content(place: Place) -> object:
        found, target = place.here(actual), place.here(goal)
        call = f"PERF_SCORE({found},{target},{values.direction(indicator)},{values.cap})"
        return formulas.unless_empty(call, found, target)

    return result(heading, 13, content, styles.SCORE, group=group)


def linked_score(
    heading: str, table: Placed, column: str, number_format: str, group: str, width: float = 14
) -> Column:
    """The cell of another table in the row of the same structure; nothing where that table has no such row."""

    def content(place: Place) -> object:
        code = place.row.code
        return formulas.shown(table.cell(code, column)) if code in table.numbers else None

    return result(heading, width, content, number_format, group=group)


def synthesis(
    values: Parameters,
    first: str,
    last: str,
    weights: Callable[[Place], str],
    who: str,
    *,
    national: bool = False,
) -> list[Column]:
    """Score over neighbouring scores, verdict, coverage, its state; the nation has its own sheet unless `national`."""
    score = TOTAL.format(who)

    def own(place: Place) -> bool:
        return national or place.row.code != NATIONAL

    def total(place: Place) -> object:
        cells = place.across(first, last)
        return f'=IF(COUNT({cells})=0,"",PERF_SINTESI({cells},{weights(place)}))' if own(place) else None

    def coverage(place: Place) -> object:
        return f"=PERF_COPERTURA({place.across(first, last)},{weights(place)})" if own(place) else None

    verdict = verdict_column(values, score, VERDICT.format(who), G_SYNTHESIS)

    def words(place: Place) -> object:
        return verdict.content(place) if own(place) else None

    state = state_column(COVERAGE.format(who), f"Stato {who}", G_SYNTHESIS)
    return [
        result(score, 12, total, styles.SCORE, group=G_SYNTHESIS, judged_by=verdict.heading),
        result(verdict.heading, 26, words, align="left", group=G_SYNTHESIS, judged_by=verdict.heading),
        check(COVERAGE.format(who), 11, coverage, styles.PERCENT_1, group=G_SYNTHESIS),
        Column(
            state.heading, state.kind, 13, lambda p: state.content(p) if own(p) else None, group=G_SYNTHESIS
        ),
    ]


def doctors_sheet(page: Page, claims: Placed, weights: Weights, values: Parameters) -> Placed:
    """Medici of the territory and those responsible for a UOSF."""
    book = page.book
    page.text(FIRST_ROW, 1, "Mesi del periodo", styles.font(bold=True, colour=styles.INK))
    months = page.put(FIRST_ROW, 2, 12, Kind.INPUT, number_format="0", validation=_MONTHS).split("!")[1]

    def staff(place: Place) -> object:
        return round(12 + 60 * book.chance("medici", place.row.code), 1)

    def produced(place: Place) -> object:
        people = 12 + 60 * book.chance("medici", place.row.code)
        return round(people * 12 * 124 * (0.85 + 0.28 * book.chance("punti", place.row.code)))

    def due(_: Place) -> object:
        return 4

    def reports(place: Place) -> object:
        return 4 if book.chance("attestazioni", place.row.code) < 0.8 else 3

    def ratio(place: Place) -> object:
        first, second = place.here(PRODUCED), place.here(STAFF)
        return formulas.unless_empty(f"PRODUTTIVITA_INDEX({first},{second},{months})", first, second)

    def monitored(place: Place) -> object:
        first, second = place.here(REPORTS), place.here(REPORTS_DUE)
        return formulas.unless_empty(f"{first}/{second}", first, second)

    columns = [
        structure_column(),
        *_index(page, QUALITY, QUALITY_GOAL, _G_Q),
        summed_column(book, PRODUCED, PER_HEAD, styles.PIECES, amounts.EURO, _G_E, produced),
        summed_column(book, STAFF, PER_HEAD, styles.SCORE, amounts.EURO, _G_E, staff),
        result(PER_HEAD, 12, ratio, styles.SCORE, group=_G_E),
        result(PER_HEAD_GOAL, 12, lambda _: f"={weights.goal(PRODUCTIVITY)}", styles.POINTS, group=_G_E),
        linked_score(CLAIMS, claims, legal.CLAIMS_ACTUAL, styles.EURO, _G_S, 16),
        linked_score(CLAIMS_GOAL, claims, f"Obiettivo {legal.MEDICAL}", styles.EURO, _G_S, 16),
        summed_column(book, REPORTS, MONITORED, styles.PIECES, amounts.PIECES, _G_M, reports),
        summed_column(book, REPORTS_DUE, MONITORED, styles.PIECES, amounts.PIECES, _G_M, due),
        result(MONITORED, 13, monitored, styles.PERCENT_1, group=_G_M),
        scored_column(values, "professionisti.medici.qualita", QUALITY, QUALITY_GOAL, P_QUALITY),
        scored_column(values, PRODUCTIVITY, PER_HEAD, PER_HEAD_GOAL, P_EFFICIENCY),
        linked_score(P_CLAIMS, claims, f"Punteggio {legal.MEDICAL}", styles.SCORE, _G_P, 13),
        result(P_REPORTS, 13, against_one(values, MONITORED), styles.SCORE, group=_G_P),
        *synthesis(values, P_QUALITY, P_CLAIMS, lambda _: weights.below("professionisti.medici_territorio"), DOCTORS),
        *synthesis(values, P_QUALITY, P_REPORTS, lambda _: weights.below("professionisti.medici_uosf"), UOSF),
    ]  # fmt: skip
    spec = TableSpec("tblMedici", columns, territory_rows(book), key=STRUCTURE, filters=True)
    table = page.table(spec, FIRST_ROW + 3)
    setup = PrintSetup(repeat_columns="A:A", breaks=[table.letters[MONITORED]], scale=60)
    page.finish(freeze=f"B{table.header + 1}", setup=setup)
    return table


def against_one(values: Parameters, actual: str) -> Callable[[Place], object]:
    """Score of a realisation against 100%."""

    def content(place: Place) -> object:
        found = place.here(actual)
        return formulas.unless_empty(f"PERF_SCORE({found},1,1,{values.cap})", found)

    return content


def summed_column(
    book: Book, heading: str, ratio: str, number_format: str, validation: Validation, group: str,
    example: Callable[[Place], object],
) -> Column:  # fmt: skip
    """A part of a ratio: an input, and for the nation the sum over the structures that report both parts."""

    def content(place: Place) -> object:
        if place.row.code != NATIONAL:
            return None if book.left_empty(ratio, place.row.code) else example(place)
        cells, results = amounts.below(place, heading), amounts.below(place, ratio)
        return Content(formulas.complete_sum(cells, results), Kind.FORMULA)

    return Column(heading, Kind.INPUT, 15, content, number_format, validation=validation, group=group)


def lawyers_sheet(page: Page, tables: LegalTables, weights: Weights, values: Parameters) -> Placed:
    """Legali by structure: the printed tables come in as scores, indices of the Cruscotto are entered here."""
    book = page.book

    def first(place: Place) -> object:
        """The piano di solidarieta' or, for those outside it, the archive; the Valle d'Aosta goes with the Piemonte."""
        code = place.row.code
        table = tables.sisco if code in tables.sisco.numbers else tables.pndd
        if code == NATIONAL:
            return None
        return formulas.shown(table.cell(code if code in table.numbers else "PIEMONTE", amounts.SCORE))

    def tree(place: Place) -> str:
        root = "sisco" if place.row.code in tables.sisco.numbers else "solidarieta"
        return f"professionisti.legali_{root}"

    def group(place: Place) -> object:
        cells = place.across(P_COSTS, P_CREDITS)
        shares = weights.below(f"{tree(place)}.progetti_nazionali")
        return (
            f'=IF(COUNT({cells})=0,"",PERF_SINTESI({cells},{shares}))' if place.row.code != NATIONAL else None
        )

    def alternative(place: Place) -> object:
        if place.row.code == NATIONAL:
            return None
        return "SISCO CV" if place.row.code in tables.sisco.numbers else "PNDD"

    def credit(_: Place) -> object:
        return formulas.shown(tables.credits.cell(legal.TOTAL, amounts.SCORE))

    columns = [
        structure_column(),
        Column("Piano di solidarietà", Kind.LABEL, 12, alternative, group="Struttura"),
        *_index(page, QUALITY, QUALITY_GOAL, _G_Q),
        *_index(page, EFFICIENCY, EFFICIENCY_GOAL, _G_E),
        linked_score(CLAIMS, tables.claims, legal.CLAIMS_ACTUAL, styles.EURO, _G_S, 16),
        linked_score(CLAIMS_GOAL, tables.claims, f"Obiettivo {legal.LEGAL}", styles.EURO, _G_S, 16),
        linked_score(P_COSTS, tables.costs, amounts.SCORE, styles.SCORE, "Progetti nazionali", 13),
        linked_score(P_TAR, tables.tar, amounts.SCORE, styles.SCORE, "Progetti nazionali", 13),
        result(P_CREDITS, 13, credit, styles.SCORE, group="Progetti nazionali"),
        result(P_FIRST, 13, first, styles.SCORE, group=_G_P),
        scored_column(values, "professionisti.legali.qualita", QUALITY, QUALITY_GOAL, P_QUALITY),
        scored_column(values, "professionisti.legali.efficienza", EFFICIENCY, EFFICIENCY_GOAL, P_EFFICIENCY),
        linked_score(P_CLAIMS, tables.claims, f"Punteggio {legal.LEGAL}", styles.SCORE, _G_P, 13),
        result(P_GROUP, 13, group, styles.SCORE, group=_G_P),
        *synthesis(values, P_FIRST, P_GROUP, lambda p: weights.below(tree(p)), LAWYERS),
    ]
    spec = TableSpec("tblLegali", columns, territory_rows(book), key=STRUCTURE, filters=True)
    table = page.table(spec, FIRST_ROW + 1)
    page.remark(
        table.last + 2,
        "Valle d'Aosta: il piano di solidarietà è stampato con il Piemonte e ne prende il punteggio. Recupero crediti: risultato "
        "nazionale per tutti. La riga nazionale si valuta nel foglio Coordinamenti centrali.",
    )
    setup = PrintSetup(repeat_columns="A:A", breaks=[table.letters[P_CREDITS]], scale=60)
    page.finish(freeze=f"B{table.header + 1}", setup=setup)
    return table
