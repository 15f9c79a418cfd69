"""The sheets of `professionisti.xlsx` with a row for each region: medici, legali, tecnico-edilizi, special projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import (
    VERDICT_WIDTH,
    check,
    result,
    state_column,
    verdict_column,
)
from xl_perf.templates.kit.model import Column, Datum, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.kit.months import months_cell
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.professionisti import amounts, legal
from xl_perf.templates.professionisti.amounts import STRUCTURE
from xl_perf.templates.professionisti.leaves import in_line, leaf_headings
from xl_perf.templates.professionisti.ratios import against_one, part_column
from xl_perf.templates.professionisti.weights import PRODUCTIVITY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.professionisti.weights import Weights

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
G_QUALITY, G_EFFICIENCY, G_CLAIMS, G_REPORTS, G_POINTS, G_SYNTHESIS = (
    "Qualità", "Efficienza", "Azioni surrogatorie", "Monitoraggio del contenzioso (UOSF)", "Punteggi", "Sintesi",
)  # fmt: skip


def territory_rows(book: Book, *, national: bool = True) -> list[Row]:
    """Regions and DCM in the order of Tabella A, then the nation."""
    plan = book.plan
    rows = [Row(structure.code, item=structure) for structure in plan.regional()]
    whole = plan.structures[nation(plan)]
    return [*rows, Row(whole.code, Level.NATIONAL, whole)] if national else rows


def structure_column() -> Column:
    """The names of the structures, the key of every table of this kind."""
    return Column(STRUCTURE, Kind.KEY, 28, lambda place: place.row.code, group="Struttura")


def free_column(
    heading: str, width: float, number_format: str, validation: Validation, group: str, what: tuple[str, str]
) -> Column:
    """An input in every row, the nation's included: indices do not add up; `what` is its item and measure."""
    return Column(
        heading, Kind.INPUT, width, number_format=number_format, validation=validation, group=group,
        datum=amounts.of_structures(*what),
    )  # fmt: skip


def index_columns(heading: str, goal: str, group: str, item: str) -> list[Column]:
    """An index of the Cruscotto and the budget that it is measured against: the plan prints neither."""
    return [
        free_column(heading, 12, styles.SCORE, amounts.INDEX, group, (item, "valore")),
        free_column(goal, 12, styles.SCORE, amounts.INDEX, group, (item, "budget")),
    ]


def scored_column(
    values: Parameters, indicator: str, actual: str, goal: str, heading: str, group: str = G_POINTS
) -> Column:
    """The score of two columns of the row by the direction of an indicator; empty while one of them is."""

    def content(place: Place) -> object:
        found, target = place.here(actual), place.here(goal)
        call = f"PERF_SCORE({found},{target},{values.direction(indicator)},{values.cap})"
        return formulas.complete(call, found, target)

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
    node: str,
) -> list[Column]:
    """Score over neighbouring scores, verdict, coverage, its state; the nation has its own sheet unless `national`.

    `node` is the root of the tree that the score is of, or the heading of the column that holds it, in brackets.
    """
    score = TOTAL.format(who)

    def of(measure: str) -> Datum:
        return Datum(KeyKind.STRUCTURE, node, measure, "", species=Species.RESULT)

    def own(place: Place) -> bool:
        return national or not amounts.is_total(place)

    def total(place: Place) -> object:
        cells = place.across(first, last)
        if not own(place):
            return None
        return formulas.unless_blank(f"PERF_SINTESI({cells},{weights(place)})", cells)

    def coverage(place: Place) -> object:
        return f"=PERF_COPERTURA({place.across(first, last)},{weights(place)})" if own(place) else None

    verdict = verdict_column(values, score, VERDICT.format(who), G_SYNTHESIS)

    def words(place: Place) -> object:
        return verdict.content(place) if own(place) else None

    state = state_column(COVERAGE.format(who), f"Stato {who}", G_SYNTHESIS)
    return [
        result(
            score,
            12,
            total,
            styles.SCORE,
            group=G_SYNTHESIS,
            judged_by=verdict.heading,
            datum=of("punteggio"),
        ),
        result(
            verdict.heading, VERDICT_WIDTH, words, align="left", group=G_SYNTHESIS, judged_by=verdict.heading
        ),
        check(COVERAGE.format(who), 11, coverage, styles.PERCENT_1, group=G_SYNTHESIS, datum=of("copertura")),
        Column(
            state.heading, state.kind, 13, lambda p: state.content(p) if own(p) else None, group=G_SYNTHESIS
        ),
    ]


def doctors_sheet(page: Page, claims: Placed, weights: Weights, values: Parameters) -> Placed:
    """Medici of the territory and those responsible for a UOSF."""
    book = page.book
    months = months_cell(page, FIRST_ROW, 2, 3)
    productivity, reported = book.data.role(PRODUCTIVITY), book.data.role("attestazioni")

    def ratio(place: Place) -> object:
        first, second = place.here(PRODUCED), place.here(STAFF)
        return formulas.complete(f"PRODUTTIVITA_INDEX({first},{second},{months})", first, second, months)

    def monitored(place: Place) -> object:
        first, second = place.here(REPORTS), place.here(REPORTS_DUE)
        return formulas.complete(f"{first}/{second}", first, second)

    measured = {
        "qualita_medici": P_QUALITY,
        PRODUCTIVITY: P_EFFICIENCY,
        "surrogatorie_medici": P_CLAIMS,
        "": P_REPORTS,
    }
    territory, units = (leaf_headings(book, role, measured) for role in ("medici_territorio", "medici_uosf"))
    order = in_line(book, territory, units)
    scores = {
        P_QUALITY: scored_column(values, book.data.role("qualita_medici"), QUALITY, QUALITY_GOAL, P_QUALITY),
        P_EFFICIENCY: scored_column(values, productivity, PER_HEAD, PER_HEAD_GOAL, P_EFFICIENCY),
        P_CLAIMS: linked_score(P_CLAIMS, claims, f"Punteggio {legal.MEDICAL}", styles.SCORE, G_POINTS, 13),
        P_REPORTS: result(P_REPORTS, 13, against_one(values, MONITORED), styles.SCORE, group=G_POINTS),
    }
    columns = [
        structure_column(),
        *index_columns(QUALITY, QUALITY_GOAL, G_QUALITY, book.data.role("qualita_medici")),
        part_column(PRODUCED, styles.PIECES, amounts.EURO, G_EFFICIENCY, (productivity, "produzione")),
        part_column(STAFF, styles.SCORE, amounts.EURO, G_EFFICIENCY, (productivity, "risorse")),
        result(PER_HEAD, 12, ratio, styles.SCORE, group=G_EFFICIENCY),
        result(PER_HEAD_GOAL, 12, lambda _: f"={weights.goal(productivity)}", styles.POINTS, group=G_EFFICIENCY),
        linked_score(CLAIMS, claims, legal.CLAIMS_ACTUAL, styles.EURO, G_CLAIMS, 16),
        linked_score(CLAIMS_GOAL, claims, f"Obiettivo {legal.MEDICAL}", styles.EURO, G_CLAIMS, 16),
        part_column(REPORTS, styles.PIECES, amounts.PIECES, G_REPORTS, (reported, "presentate")),
        part_column(REPORTS_DUE, styles.PIECES, amounts.PIECES, G_REPORTS, (reported, "attese")),
        result(MONITORED, 13, monitored, styles.PERCENT_1, group=G_REPORTS),
        *(scores[heading] for heading in order),
        *synthesis(values, territory[0], territory[-1], lambda _: weights.tree("medici_territorio"), DOCTORS,
                   node=book.data.role("medici_territorio")),
        *synthesis(values, units[0], units[-1], lambda _: weights.tree("medici_uosf"), UOSF,
                   node=book.data.role("medici_uosf")),
        row_check((QUALITY, QUALITY_GOAL), (PRODUCED, STAFF, REPORTS, REPORTS_DUE)),
        *(amounts.summed_column(heading, styles.GENERAL, PER_HEAD) for heading in (PRODUCED, STAFF)),
        *(amounts.summed_column(heading, styles.GENERAL, MONITORED) for heading in (REPORTS, REPORTS_DUE)),
    ]  # fmt: skip
    aside = [words.format(who) for who in (DOCTORS, UOSF) for words in (COVERAGE, "Stato {}")]
    spec = TableSpec("tblMedici", columns, territory_rows(book), key=STRUCTURE, filters=True, aside=aside)
    table = page.table(spec, FIRST_ROW + 3)
    page.finish(setup=PrintSetup(across=2))
    return table


def row_check(everywhere: Sequence[str], below_nation: Sequence[str]) -> Column:
    """The remark that names the first input of a row that is no number.

    Parts of ratios are sums in the nation's row.
    """

    def content(place: Place) -> object:
        headings = everywhere if amounts.is_total(place) else (*everywhere, *below_nation)
        empty = '""'
        return f"={remarks.on_numbers({heading: place.here(heading) for heading in headings}, empty)}"

    return Column(amounts.CHECK, Kind.CHECK, 40, content, group=G_SYNTHESIS, judged_by=amounts.CHECK)
