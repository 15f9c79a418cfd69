"""`valutazione_individuale.xlsx`: individual performance of many people, group objectives of their structures, TEP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.giacenza import workbook as giacenza
from xl_perf.templates.giacenza.areas import areas_of, target_sheet
from xl_perf.templates.kit import links
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.valutazione_individuale import card as individuale_card
from xl_perf.templates.valutazione_individuale import dirigenti as individuale_dirigenti
from xl_perf.templates.valutazione_individuale import giacenza as individuale_giacenza
from xl_perf.templates.valutazione_individuale import gruppi as individuale_gruppi
from xl_perf.templates.valutazione_individuale import merito as individuale_merito
from xl_perf.templates.valutazione_individuale import names
from xl_perf.templates.valutazione_individuale import persone as individuale_persone
from xl_perf.templates.valutazione_individuale import results as individuale_results
from xl_perf.templates.valutazione_individuale.example import Example
from xl_perf.templates.valutazione_individuale.plan import evaluation_of

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example as Facts
    from xl_perf.templates.valutazione_individuale.plan import Evaluation


def build(plan: Plan, example: Facts | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    book = Book(plan, "valutazione_individuale", "Valutazione individuale", example=example)
    evaluation, areas = evaluation_of(plan, book.data), areas_of(plan, book.data)
    held = target_sheet(plan, areas[0].giacenza)
    guide = book.page(START, "Valutazione della performance individuale", "guida", banner=2)
    summary = book.page("Sintesi", "Sintesi: distribuzione dei punteggi e gruppi", "risultati", banner=8)
    card = book.page("Scheda", "Scheda di una persona delle aree A, B, C", "risultati", banner=6)
    groups_page = book.page(names.S_GROUPS, "Obiettivi di gruppo delle strutture", "dati", banner=12)
    stocks_page = book.page(names.S_STOCKS, "Giacenza delle strutture dei gruppi", "dati", banner=12)
    staff_page = book.page(names.S_STAFF, "Personale delle aree A, B, C", "dati", banner=12)
    managers_page = book.page(names.S_MANAGERS, "Dirigenti e professionisti", "dati", banner=9)
    merit_page = (
        book.page(names.S_MERIT, "Fasce di merito e titolo prioritario", "dati", banner=12)
        if evaluation.merit
        else None
    )
    targets_page = book.page(held, f"{held}: Indici di giacenza. Valori obiettivo", "obiettivi")
    structures_page = book.page(names.S_STRUCTURES, "Elenco delle strutture", "servizio")
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    indicators = dict.fromkeys(
        [
            *(code for code in evaluation.group_parts.values()), *evaluation.dimensions, *evaluation.measures,
            *(area.giacenza for area in areas),
        ]
    )  # fmt: skip
    values = parameters_page(parameters, evaluation.nodes, [plan.indicators[code] for code in indicators])
    levels = individuale_persone.coefficient_table(parameters, evaluation, values)
    finish(parameters)
    targets = giacenza.target_table(targets_page, areas, giacenza.structure_rows(plan))
    structures = individuale_gruppi.structure_list(structures_page)
    sample = Example(book, evaluation)
    context = individuale_gruppi.Groups(evaluation, areas, values, targets, structures, sample)
    picks = individuale_gruppi.pick_cells(groups_page, context)
    stocks = individuale_giacenza.stock_table(stocks_page, context, picks)
    groups = individuale_gruppi.group_table(groups_page, context, stocks)
    staff = individuale_persone.staff_table(staff_page, evaluation, values, groups, levels, sample)
    managers = individuale_dirigenti.manager_table(managers_page, evaluation, values, sample)
    if merit_page is not None:
        individuale_merito.merit_table(merit_page, evaluation, values, staff, sample)
    tables = individuale_results.Tables(evaluation, staff, managers, groups)
    individuale_results.summary(summary, tables, values)
    individuale_card.card(card, tables, values)
    links.from_rows(book, "tblSintesi", names.S_STAFF, lambda _: "")
    links.onward(book, "Sintesi", (names.S_MANAGERS,))
    links.from_rows(book, "tblSintesiGruppi", names.S_GROUPS)
    links.from_rows(book, "tblGruppi", names.S_STOCKS)
    if evaluation.merit:
        links.from_rows(book, "tblPersonale", names.S_MERIT)
    links.home(book)
    guide_pages(guide, notes, _guide(evaluation, held, len(areas)))
    metadata_page(metadata)
    return book


_PRIVACY = (
    "Dati personali",
    (
        (
            "Il file contiene valutazioni di persone identificabili: sono dati personali, da trattare "
            "secondo il regolamento (UE) 2016/679 e il d.lgs. 196/2003, per la sola finalità della "
            "valutazione."
        ),
        (
            "Conservarlo in una cartella ad accesso riservato a chi valuta; non spedirlo per posta "
            "elettronica in chiaro e non unirlo ad altri file. La protezione dei fogli evita errori di "
            "compilazione: non è una misura di sicurezza."
        ),
        "Al posto del nominativo si può scrivere la matricola o un codice: nessuna formula usa il nominativo.",
        (
            "Per comunicare risultati d'insieme usare il foglio Sintesi, senza gli altri: una media su "
            "poche persone può comunque rivelare il punteggio di una di loro."
        ),
    ),
)


def _guide(evaluation: Evaluation, held: str, areas: int) -> Guide:
    purposes = "; ".join(purpose.title.lower() for purpose in evaluation.purposes)
    return Guide(
        purpose=(
            (
                "Calcola la performance individuale di molte persone in un solo file: personale delle aree "
                "A, B, C con e senza"
            ),
            f"posizione organizzativa (P.O.): {purposes}; dirigenti e professionisti; TEP.",
            "Il punteggio di gruppo viene dagli obiettivi di gruppo della struttura a cui la persona afferisce.",
            "Contiene dati personali: come trattarli sta in Note e fonti.",
        ),
        fill_in=(
            (
                names.S_GROUPS,
                "una riga per struttura: scegliere la struttura, poi definiti, pervenuti e indice di qualità.",
            ),
            (
                names.S_STOCKS,
                f"giacenza e pervenuto omogeneizzati delle stesse strutture, nelle {areas} aree del piano.",
            ),
            (
                names.S_STAFF,
                (
                    f"una riga per persona, fino a {names.STAFF}: nominativo, area, struttura, P.O., "
                    "contributo, abilità, livello TEP."
                ),
            ),
            (names.S_MANAGERS, "comportamenti e performance organizzativa di dirigenti e professionisti."),
            *(
                (
                    (
                        names.S_MERIT,
                        "anno per anno, se la persona era nella fascia di merito alta (progressioni).",
                    ),
                )
                if evaluation.merit
                else ()
            ),
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
            (held, "obiettivi di giacenza come li stampa il piano; celle protette."),
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
                "Contributo individuale e abilità si valutano con le schede del SMVP, che il piano non "
                "riporta: qui si inserisce il loro punteggio, sulla stessa scala del gruppo (100 = "
                "atteso). La scala comune è un'assunzione."
            ),
            (
                "Una persona ha un punteggio quando sono note tutte le dimensioni che hanno un peso nel "
                "foglio Parametri: le abilità possono restare vuote dove il loro peso è zero."
            ),
            (
                "Il punteggio di gruppo può essere parziale: la Copertura dice quanta parte dei pesi è "
                "rendicontata, e la colonna Controllo dati lo ripete accanto alle persone."
            ),
            (
                "Il coefficiente del TEP modifica il parametro attribuito sulla performance organizzativa: "
                "qui si calcola il coefficiente."
            ),
            "Per incollare un elenco usare Incolla speciale > Valori: restano formati e controlli delle celle.",
        ),
        nodes=evaluation.nodes,
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
