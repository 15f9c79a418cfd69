"""`valutazione_individuale.xlsx`: individual performance of many people, group objectives of their structures, TEP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import (
    giacenza,
    individuale_card,
    individuale_giacenza,
    individuale_gruppi,
    individuale_persone,
    individuale_results,
)
from xl_perf.templates import individuale_names as names
from xl_perf.templates.book import Book
from xl_perf.templates.guide import Guide, guide_page
from xl_perf.templates.individuale_example import Example
from xl_perf.templates.metadata import metadata_page
from xl_perf.templates.parameters import finish, parameters_page

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan

_NODES = (
    "individuale.obiettivi_gruppo",
    "giacenza",
    *(
        names.weights_node(purpose, position)
        for purpose in names.PURPOSES
        for position in (names.WITH_POSITION, names.WITHOUT_POSITION)
    ),
    "individuale.dirigenti",
    "individuale.professionisti",
)
_PAGES = ("individuale.accessori_con_po", "individuale.dirigenti")
"""Nodes whose weights begin a printed page."""


def build(plan: Plan, example: bool) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: True to fill the inputs with invented people.
    """
    book = Book(plan, "valutazione_individuale", "Valutazione individuale", example=example)
    guide = book.page("Istruzioni", "Valutazione della performance individuale", "guida", banner=2)
    summary = book.page("Sintesi", "Sintesi: distribuzione dei punteggi e gruppi", "risultati", banner=8)
    card = book.page("Scheda", "Scheda di una persona delle aree A, B, C", "risultati", banner=6)
    groups_page = book.page(names.S_GROUPS, "Obiettivi di gruppo delle strutture", "dati", banner=12)
    stocks_page = book.page(names.S_STOCKS, "Giacenza delle strutture dei gruppi", "dati", banner=12)
    staff_page = book.page(names.S_STAFF, "Personale delle aree A, B, C", "dati", banner=12)
    managers_page = book.page(names.S_MANAGERS, "Dirigenti e professionisti", "dati", banner=9)
    targets_page = book.page(names.S_TARGETS, "Tabella A: Indici di giacenza. Valori obiettivo", "obiettivi")
    structures_page = book.page(names.S_STRUCTURES, "Elenco delle strutture", "servizio")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    indicators = [*plan.indicators_of("individuale"), *plan.indicators_of("giacenza")]
    values = parameters_page(parameters, _NODES, indicators)
    finish(parameters, [values.nodes[node].header - 2 for node in _PAGES])
    targets = giacenza.target_table(targets_page, giacenza.structure_rows(plan))
    structures = individuale_gruppi.structure_list(structures_page)
    sample = Example(book)
    context = individuale_gruppi.Groups(values, targets, structures, sample)
    picks = individuale_gruppi.pick_cells(groups_page, context)
    stocks = individuale_giacenza.stock_table(stocks_page, context, picks)
    groups = individuale_gruppi.group_table(groups_page, context, stocks)
    staff = individuale_persone.staff_table(staff_page, values, groups, sample)
    managers = individuale_persone.manager_table(managers_page, values, sample)
    tables = individuale_results.Tables(staff, managers, groups)
    individuale_results.summary(summary, tables, values)
    individuale_card.card(card, tables, values)
    guide_page(guide, _guide())
    metadata_page(metadata)
    return book


_PRIVACY = (
    "Dati personali",
    (
        (
            "Il file contiene valutazioni di persone identificabili: sono dati personali, da trattare secondo il regolamento (UE) "
            "2016/679 e il d.lgs. 196/2003, per la sola finalità della valutazione."
        ),
        (
            "Conservarlo in una cartella ad accesso riservato a chi valuta; non spedirlo per posta elettronica in chiaro e non "
            "unirlo ad altri file. La protezione dei fogli evita errori di compilazione: non è una misura di sicurezza."
        ),
        "Al posto del nominativo si può scrivere la matricola o un codice: nessuna formula usa il nominativo.",
        (
            "Per comunicare risultati d'insieme usare il foglio Sintesi, senza gli altri: una media su poche persone può comunque "
            "rivelare il punteggio di una di loro."
        ),
    ),
)


def _guide() -> Guide:
    return Guide(
        purpose=(
            "Calcola la performance individuale di molte persone in un solo file: personale delle aree A, B, C con e senza",
            "posizione organizzativa (P.O.), per i trattamenti accessori e per l'alta formazione; dirigenti e professionisti; TEP.",
            "Il punteggio di gruppo viene da giacenza, deflusso e qualità della struttura a cui la persona afferisce.",
        ),
        fill_in=(
            (
                names.S_GROUPS,
                "una riga per struttura: scegliere la struttura, poi definiti, pervenuti e indice di qualità.",
            ),
            (
                names.S_STOCKS,
                "giacenza e pervenuto omogeneizzati delle stesse strutture, nelle quattro aree della Tabella A.",
            ),
            (
                names.S_STAFF,
                f"una riga per persona, fino a {names.STAFF}: nominativo, area, struttura, P.O., contributo, abilità, livello TEP.",
            ),
            (names.S_MANAGERS, "comportamenti e performance organizzativa di dirigenti e professionisti."),
        ),
        sheets=(
            (
                "Sintesi",
                "quante persone valutate, distribuzione dei punteggi con grafico, gruppi, livelli del TEP.",
            ),
            (
                "Scheda",
                "una persona a scelta: dimensioni, pesi, punti, controllo del totale, TEP, obiettivi di gruppo.",
            ),
            (names.S_TARGETS, "obiettivi di giacenza del piano, come nella Tabella A; celle protette."),
            (names.S_STRUCTURES, "nomi delle strutture che si possono scegliere nel foglio Gruppi."),
            (
                "Parametri",
                "pesi delle dimensioni, coefficienti del TEP, tetto: che cosa è pubblicato e che cosa è assunto.",
            ),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        notes=(_PRIVACY,),
        rules=(
            (
                "Contributo individuale e abilità si valutano con le schede del SMVP, che il piano non riporta: qui si inserisce il "
                "loro punteggio, sulla stessa scala del gruppo (100 = atteso). La scala comune è un'assunzione."
            ),
            (
                "Una persona ha un punteggio quando sono note tutte le dimensioni che pesano; senza P.O. le abilità non pesano per i "
                "trattamenti accessori e pesano per l'alta formazione."
            ),
            (
                "Il punteggio di gruppo può essere parziale: la Copertura dice quanta parte dei pesi è rendicontata, e la colonna "
                "Controllo dati lo ripete accanto alle persone."
            ),
            "Il coefficiente del TEP modifica il parametro attribuito sulla performance organizzativa: qui si calcola il coefficiente.",
            "Per incollare un elenco usare Incolla speciale > Valori: restano formati e controlli delle celle.",
        ),
        nodes=_NODES,
        defects=("tabella-a",),
        functions=(
            "PERF_INDIVIDUALE",
            "TEP_COEFFICIENTE",
            "GIACENZA_INDEX",
            "DEFLUSSO_INDEX",
            "PERF_SCORE",
            "PERF_SINTESI",
            "PERF_COPERTURA",
        ),
    )
