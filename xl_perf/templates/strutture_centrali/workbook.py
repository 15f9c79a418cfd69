"""`strutture_centrali.xlsx`: objectives of Direzioni centrali, offices and project structures in four perspectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import front, links
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.comments import SHEET as COMMENTS
from xl_perf.templates.kit.comments import TITLE as COMMENTS_TITLE
from xl_perf.templates.kit.comments import comments_page
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.strutture_centrali import detail as centrali_detail
from xl_perf.templates.strutture_centrali import ieep as centrali_ieep
from xl_perf.templates.strutture_centrali import input as centrali_input
from xl_perf.templates.strutture_centrali import measures as centrali_measures
from xl_perf.templates.strutture_centrali import nodes as centrali_nodes
from xl_perf.templates.strutture_centrali import order as centrali_order
from xl_perf.templates.strutture_centrali import results as centrali_results
from xl_perf.templates.strutture_centrali import spending as centrali_spending
from xl_perf.templates.strutture_centrali import tree as centrali_tree

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example
    from xl_perf.templates.kit.model import Row

GIVEN, GOALS = "Consuntivi", "Obiettivi"


def build(plan: Plan, example: Example | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    title = "Strutture centrali"
    book = Book(plan, "strutture_centrali", title, example=example)
    guide = book.page(START, title, "guida", banner=2)
    sheet = book.page(front.SHEET, "Quadro di una struttura centrale", "risultati", banner=10)
    summary = book.page("Sintesi", "Sintesi delle strutture centrali", "risultati", banner=8)
    given = book.page(GIVEN, f"Consuntivi {plan.period} da inserire", "dati", banner=8)
    audit = book.page("Audit", "Campagne di audit, follow up e CRSA", "dati", banner=5)
    ieep = book.page("IEEP", "IEEP: voci di competenza delle strutture", "dati", banner=6)
    spending = book.page("Spesa", "Gestione della spesa: capitoli", "dati", banner=6)
    disposal = book.page("Dismissione", "Dismissione del patrimonio a reddito", "dati", banner=6)
    goals = book.page(GOALS, "Obiettivi, pesi e punteggi di ogni struttura", "obiettivi", banner=8)
    comments = book.page(COMMENTS, COMMENTS_TITLE, "dati", banner=3)
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    measured = {leaf.indicator for leaf in centrali_measures.leaves_of(book)}
    nodes = [book.data.role(centrali_ieep.WEIGHTS)] if centrali_ieep.by_realisation(book) else []
    values = parameters_page(parameters, nodes, [i for i in plan.indicators.values() if i.code in measured])
    items, sums = centrali_ieep.ieep_sheet(ieep, values)
    sources = centrali_input.Sources(
        sums,
        centrali_detail.audit_sheet(audit),
        centrali_spending.spending_sheet(spending, values),
        centrali_detail.disposal_sheet(disposal),
    )
    actuals = centrali_input.actual_table(given, sources, values)
    tree = centrali_nodes.tree_of(book, actuals, sums)
    tree.order = centrali_order.order_of(parameters, tree, values.last_row + 3)
    goal_spec = centrali_tree.goal_spec(goals, tree, values)
    tree.goals = goals.geometry(goal_spec, FIRST_ROW + 1)
    summary_spec = centrali_results.summary_spec(tree, values)
    tree.summary = summary.geometry(summary_spec, FIRST_ROW + 1)
    centrali_tree.goal_table(goals, goal_spec)
    tree.order.write()
    finish(parameters)
    tables = (actuals, tree.goals, items, sources.campaigns, sources.chapters, sources.disposals)
    remarked = [
        *(table.column(centrali_detail.CHECK) for table in tables),
        spending.reference(FIRST_ROW, 3), given.reference(FIRST_ROW, 6),
    ]  # fmt: skip
    centrali_results.summary(summary, summary_spec, remarked)
    said = comments_page(comments, [plan.structures[root.structure or ""] for root in tree.roots])
    centrali_results.front_page(sheet, tree, values, said)
    links.from_rows(book, "tblSintesi", GOALS, lambda row: row.item.code)
    links.from_rows(
        book,
        "tblObiettiviStrutture",
        lambda row: GIVEN if row.code in tree.measures else "",
        lambda row: tree.measures[row.code].code,
    )
    links.from_rows(book, "tblConsuntivi", lambda row: _comes_from(book, row))
    links.home(book)
    guide_pages(guide, notes, _guide(tree))
    metadata_page(metadata)
    return book


def _guide(tree: centrali_nodes.Tree) -> Guide:
    perspectives = ", ".join(tree.perspectives.values())
    return Guide(
        purpose=(
            f"Misura le Direzioni centrali, gli Uffici e le strutture di progetto nelle prospettive {perspectives}.",
            "Ogni valore si inserisce una volta sola, anche quando vale per tutte le strutture.",
            "Si compilano solo le celle gialle: punteggi di obiettivi, prospettive e strutture si calcolano da soli.",
        ),
        fill_in=(
            (GIVEN, "i valori di consuntivo: numeratore e denominatore dei rapporti, un solo numero per gli altri."),
            ("Audit", "per ogni campagna, se il report finale è stato redatto."),
            ("IEEP", "i consuntivi nazionali delle voci della Tabella B."),
            ("Spesa", "i capitoli con budget e utilizzato, e il forecast a cui si riferiscono."),
            ("Dismissione", "unità e valore catastale venduti o proposti, per ambito."),
            (GOALS, "solo gli obiettivi che il piano non stampa e, se noti, i pesi dell'Allegato C del SMVP."),
        ),
        sheets=(
            (front.SHEET, "la pagina da firmare di una struttura a scelta: obiettivi e contributi."),
            ("Sintesi", "punteggio di ogni struttura per prospettiva e in tutto, copertura, grafico."),
            (COMMENTS, "commento e responsabile di ogni struttura, che il Quadro stampa."),
            ("Parametri", "tetto, banda e versi: che cosa è pubblicato e che cosa è assunto."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            ("Prospettiva: media pesata degli obiettivi rilevati. Struttura: media pesata delle "
             "prospettive; la Copertura dice quanta parte dei pesi è rilevata."),
            ("IEEP: ogni struttura si misura sul totale dell'Istituto, salvo quelle con voci proprie. "
             "Del totale conta la realizzazione delle due sezioni con i loro pesi (assunzione: il "
             "parametro nel foglio Parametri, a 0, rimette la somma). Una somma resta vuota finché non "
             "sono rilevate tutte le sue voci."),
            ("Gli indici di qualità e di giacenza sono quelli dell'area di competenza per le Direzioni "
             "di prodotto, di tutte le aree di produzione per le altre."),
            ("Progetti: si riporta il Punteggio del foglio Per struttura di progetti.xlsx, dove ogni "
             "progetto è limitato prima della media."),
            ("Un errore o un testo in una cella da compilare arriva come errore in tutti i punteggi che "
             "ne dipendono; la colonna Controllo dati dice quale cella."),
            ("Assunzione: quote uguali dei pesi che il piano non stampa; ciò che resta oltre a quelli "
             "stampati si divide in parti uguali fra le altre voci del nodo."),
            ("Assunzione: le celle con stato «assunzione» nella colonna Stato del peso si cambiano con il "
             "Peso alternativo."),
        ),
        defects=("centrali", "eco-slide", "welfare", "dismissione", "slide-14"),
        functions=(
            "PERF_SCORE", "PERF_SCOSTAMENTO", "PERF_SINTESI", "PERF_COPERTURA", "GIACENZA_INDEX", "PRODUTTIVITA_INDEX",
            "SPESA_CONFORME", "DISMISSIONE_INDEX", "IEEP_REALIZZAZIONE",
        ),
    )  # fmt: skip


def _comes_from(book: Book, row: Row) -> str:
    """The sheet on which a value comes about that is not typed on the sheet of the values."""
    if row.item.form is not centrali_measures.Form.COUNTED:
        return ""
    indicator = row.code.partition("@")[0]
    sheets = {"ieep": "IEEP", "campagne": "Audit", "dismissione": "Dismissione"}
    return next(
        (s for role, s in sheets.items() if centrali_measures.plays(book.data, role, indicator)), "Spesa"
    )
