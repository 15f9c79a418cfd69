"""`progetti.xlsx`: the register of projects and strategic activities (Tabella D) with state and realisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.civ import has_lines
from xl_perf.templates.kit import links
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.progetti import card as progetti_card
from xl_perf.templates.progetti import civ as progetti_civ
from xl_perf.templates.progetti import input as progetti_input
from xl_perf.templates.progetti import results as progetti_results
from xl_perf.templates.progetti import tables as progetti_tables

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example

REGISTER, GIVEN, STRUCTURES, CIV = "Tabella D", "Avanzamento", "Per struttura", "Linee CIV"


def build(plan: Plan, example: Example | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    title = "Progetti e attività strategiche"
    book = Book(plan, "progetti", title, example=example)
    guide = book.page(START, title, "guida", banner=2)
    summary = book.page("Sintesi", "Sintesi per obiettivo generale di ente", "risultati", banner=8)
    card = book.page("Scheda", "Scheda di una struttura centrale", "risultati", banner=8)
    structures = book.page(STRUCTURES, "Progetti e attività per struttura", "risultati", banner=8)
    if has_lines(plan):
        civ = book.page(CIV, "Linee del CIV e linee guida gestionali", "risultati", banner=5)
    given = book.page(GIVEN, f"Avanzamento {plan.period} da compilare", "dati", banner=9)
    register = book.page(REGISTER, "Tabella D: attività progettuali e attività strategiche", "obiettivi")
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    tables = progetti_tables.Tables.of(book)
    values = parameters_page(parameters, [], [plan.indicators[tables.indicator]])
    finish(parameters)
    specs = (
        progetti_input.register_spec(tables),
        progetti_input.given_spec(given, tables, values),
        progetti_results.structure_spec(tables, values),
    )
    tables.register = register.geometry(specs[0], FIRST_ROW)
    tables.given = given.geometry(specs[1], FIRST_ROW + 1)
    tables.structures = structures.geometry(specs[2], FIRST_ROW + 1)
    progetti_input.register_table(register, specs[0])
    progetti_input.given_table(given, specs[1])
    progetti_results.structure_table(structures, specs[2])
    progetti_results.summary(summary, tables, values)
    if has_lines(plan):
        progetti_civ.civ_page(civ, tables, values)
    progetti_card.card(card, tables)
    for table in ("tblSintesi", "tblStrutture"):
        links.from_rows(book, table, GIVEN)
    links.from_rows(book, "tblAvanzamento", REGISTER)
    links.home(book)
    guide_pages(guide, notes, _guide(", ".join(progetti_results.objectives(book)), has_lines(plan)))
    metadata_page(metadata)
    return book


def _guide(letters: str, civ: bool) -> Guide:
    lines = (
        ((CIV, "le stesse righe per macro-linea e linea del CIV e per linea guida gestionale."),)
        if civ
        else ()
    )
    return Guide(
        purpose=(
            (
                "Segue le attività progettuali (PR) e strategiche (AS) della Tabella D: che cosa conta, a "
                "che punto è, che voto dà."
            ),
            "Ogni riga si misura con la percentuale di realizzazione dell'output dell'anno, contro 100%.",
            (
                "Si compilano solo le celle gialle del foglio Avanzamento: conteggi, sintesi e punteggi si "
                "calcolano da soli."
            ),
        ),
        fill_in=(
            (
                GIVEN,
                (
                    "per ogni riga: se è valorizzata in performance, lo stato, la percentuale di "
                    "realizzazione; facoltativo il peso."
                ),
            ),
        ),
        sheets=(
            (
                "Sintesi",
                f"righe valorizzate per obiettivo generale di ente (lettere {letters}), stati e grafico.",
            ),
            ("Scheda", "le righe di una struttura a scelta, su una pagina."),
            (STRUCTURES, "conteggi, punteggio e copertura di ogni struttura, con il grafico."),
            *lines,
            (
                REGISTER,
                "tutte le righe come nella Tabella D, con obiettivi, linea guida, date e output; celle protette.",
            ),
            ("Parametri", "tetto, banda e verso: che cosa è pubblicato e che cosa è assunto."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            (
                "Un output consegnato vale 100. Realizzazione vuota: non ancora rilevata, non pesa; 0%: "
                "output mancato, il punteggio minimo."
            ),
            (
                "Il punteggio di una struttura è la media pesata delle righe valorizzate e rilevate; la "
                "colonna Copertura dice quanta parte del peso è rilevata."
            ),
            (
                "Le righe elencate da un obiettivo generale di ente (colonna Obiettivo di ente) partono "
                "valorizzate. Per le altre il testo del piano non dice se contano: finché la cella è "
                "vuota restano «da stabilire» e non pesano."
            ),
            (
                "Il punteggio di una struttura (foglio Per struttura) si riporta in "
                "strutture_centrali.xlsx e professionisti.xlsx: ogni riga è limitata dal tetto prima "
                "della media, mai dopo."
            ),
            "Filtri: le frecce nelle intestazioni di Avanzamento e Tabella D funzionano anche con i fogli protetti.",
            (
                "Assunzione: pesi uguali fra le righe valorizzate di una struttura (quelli veri sono "
                "nell'Allegato D del SMVP): si cambiano nella colonna Peso alternativo."
            ),
            "Assunzione: obiettivo 100% di realizzazione per ogni struttura (foglio Per struttura, colonna Obiettivo).",
        ),
        defects=("tabella-d",),
        functions=("PERF_SCORE", "PERF_SINTESI", "PERF_COPERTURA"),
    )
