"""`ieep.xlsx`: the efficacia economico-finanziaria della produzione (Tabella B), its rows for each region and DCM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.giacenza.areas import target_sheet
from xl_perf.templates.ieep import card as ieep_card
from xl_perf.templates.ieep import period
from xl_perf.templates.ieep import results as ieep_results
from xl_perf.templates.ieep.comparison import ieep_comparison
from xl_perf.templates.ieep.input import DETAIL, Layout, actual_table, deviation_table
from xl_perf.templates.kit import front, links, styles
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.comments import SHEET as COMMENTS
from xl_perf.templates.kit.comments import TITLE as COMMENTS_TITLE
from xl_perf.templates.kit.comments import comments_page
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.model import Column, PrintSetup, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.period import quarter_cell
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page


def build(plan: Plan, example: Example | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    title = "Indicatore di efficacia economico-finanziaria (IEEP)"
    book = Book(plan, "ieep", title, example=example)
    layout = Layout.of(plan, book.data)
    held = target_sheet(plan, layout.total)
    guide = book.page(START, title, "guida", banner=2)
    card = book.page(front.SHEET, "Quadro IEEP di una struttura", "risultati", banner=9)
    summary = book.page("Sintesi", "Sintesi IEEP per regione e DCM", "risultati", banner=8)
    actual = book.page(
        "Consuntivi", f"IEEP: consuntivi {plan.period} da inserire", "dati", book.act_line(), banner=8
    )
    deviation = book.page(
        "Scostamenti", "IEEP: scostamenti dagli obiettivi", "risultati", book.act_line(), banner=8
    )
    targets = book.page(held, f"{held}: IEEP, obiettivi {plan.period}", "obiettivi", book.act_line())
    comparison = book.page(
        "Confronto", "IEEP nazionale degli anni passati: variazioni stampate e ricalcolate", "risultati"
    )
    comments = book.page(COMMENTS, COMMENTS_TITLE, "dati", banner=3)
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    values = parameters_page(parameters, [layout.weights], [row.item for row in layout.rows])
    finish(parameters)
    goals = target_table(targets, layout)
    given = actual_table(actual, layout)
    quarter = quarter_cell(summary, informative=period.informative(plan, layout))
    wanted = period.goals_in_use(targets, goals, layout, quarter)
    targets.finish(setup=PrintSetup(across=3))
    gaps = deviation_table(deviation, layout, given, wanted, values)
    tables = ieep_results.Tables(layout, goals, given, gaps, wanted)
    tables.summary = ieep_results.summary(summary, tables, values)
    said = comments_page(comments, [plan.structures[code] for code in layout.structures])
    ieep_card.front_page(card, tables, values, said)
    ieep_comparison(comparison, plan.indicators[layout.total].system)
    links.from_rows(book, "tblScheda", actual.name)
    links.from_rows(book, "tblSintesi", actual.name)
    links.home(book)
    guide_pages(guide, notes, _guide(layout, held))
    metadata_page(metadata)
    return book


def target_table(page: Page, layout: Layout) -> Placed:
    """Tabella B as the plan prints it, all structures side by side, with the source of each row."""
    plan = page.book.plan
    targets = [target_column(plan, code, 16, "indicatore", code, styles.EURO) for code in layout.structures]
    columns = [
        Column("Voce", Kind.LABEL, 50, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, paper=False),
        *targets,
        source_column(plan, targets, width=30),
        check(DETAIL, 8, lambda place: 0 if place.row.code in layout.parts else 1),
    ]
    return page.table(TableSpec("tblTabellaB", columns, layout.rows, key="Codice", source="Fonte"), FIRST_ROW)


def _guide(layout: Layout, held: str) -> Guide:
    count = len(layout.rows)
    return Guide(
        purpose=(
            (
                "Misura il contributo economico-finanziario della produzione: entrate contributive e "
                f"prestazioni, {count} voci."
            ),
            "Confronta i consuntivi di ogni regione e DCM con gli obiettivi del piano, voce per voce e in sintesi.",
            (
                "Si compilano solo le celle gialle del foglio Consuntivi: subtotali, nazionale e risultati "
                "si calcolano da soli."
            ),
        ),
        fill_in=(
            (
                "Consuntivi",
                "euro per voce di dettaglio e per regione o DCM; i subtotali e la colonna nazionale sono formule.",
            ),
        ),
        sheets=(
            (
                "Sintesi",
                "trimestre dei consuntivi; realizzazione pesata di ogni regione e DCM, punteggio, copertura e grafico.",
            ),
            (front.SHEET, f"la pagina da firmare di una struttura a scelta: sezioni e {count} voci."),
            (COMMENTS, "commento e responsabile di ogni struttura, che il Quadro stampa."),
            ("Scostamenti", "scostamento di ogni voce dall'obiettivo; freccia e segno dicono il verso."),
            (held, "obiettivi come li stampa il piano; celle protette."),
            (
                "Confronto",
                "risultati nazionali degli anni passati: variazioni stampate, ricalcolate, differenze e refusi.",
            ),
            ("Parametri", "tetto, pesi delle due sezioni, verso di ogni voce."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            (
                "Realizzazione = peso entrate x entrate / obiettivo + peso prestazioni x prestazioni / "
                "obiettivo (pesi nel foglio Parametri)."
            ),
            (
                "Con un trimestre scelto nel foglio Sintesi gli obiettivi sono la quota del programma "
                "trimestrale; senza, quelli dell'anno."
            ),
            (
                "Gli interessi legali si inseriscono con segno positivo: nella somma sono sottratti, e nello "
                "scostamento meno è meglio."
            ),
            (
                "Dove l'obiettivo è zero («-» nella tabella del piano) lo scostamento non esiste: la cella "
                "dice «ob. zero»."
            ),
            (
                "La copertura è la quota dell'obiettivo che corrisponde a voci già rendicontate: sotto 100% "
                "il confronto è parziale."
            ),
        ),
        nodes=(layout.weights,),
        defects=("ieep", "tabella-b", "slide-14", "obiettivo-f"),
        functions=(
            "IEEP_TOTALE",
            "IEEP_REALIZZAZIONE",
            "PERF_SCOSTAMENTO",
            "PERF_SCORE",
        ),
    )
