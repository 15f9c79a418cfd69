"""`controllo_processo.xlsx`: points of the controllo del processo produttivo for each region and DCM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.controllo_processo import results as controllo_results
from xl_perf.templates.controllo_processo.input import BAND_POINTS, LIMIT, RATIO, data_table
from xl_perf.templates.kit import links, styles
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.model import Column, Row, TableSpec
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
    title = "Controllo del processo produttivo"
    book = Book(plan, "controllo_processo", title, example=example)
    guide = book.page(START, title, "guida", banner=2)
    summary = book.page("Sintesi", f"Sintesi del {title.lower()}", "risultati", banner=6)
    card = book.page("Scheda", "Scheda di una regione o DCM: rapporti, fasce e punti", "risultati", banner=6)
    data = book.page("Pratiche", f"Pratiche {plan.period} da inserire", "dati", banner=8)
    bands = book.page("Fasce", f"Fasce e punti di {len(plan.banded_ratios)} indicatori", "obiettivi")
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    values = parameters_page(parameters, [], [plan.indicators[book.data.role("punti_controllo")]])
    finish(parameters)
    fasce = band_table(bands)
    given = data_table(data, fasce, values)
    quarter_cell(summary)
    controllo_results.summary(summary, given, values)
    controllo_results.card(card, given, fasce, values)
    links.from_rows(book, "tblSintesi", data.name)
    links.home(book)
    guide_pages(guide, notes, _guide(len(plan.banded_ratios)))
    metadata_page(metadata)
    return book


def band_table(page: Page) -> Placed:
    """The bands of the ratios as printed, with their upper end and points, alone on their page."""
    table = page.table(band_spec(page.book.plan), FIRST_ROW)
    notes = [
        "Ogni fascia è chiusa al suo limite superiore; il limite vuoto è la fascia aperta (oltre la precedente).",
        (
            "Il rapporto è arrotondato ai decimali di percentuale del foglio Parametri prima di cercare la "
            "fascia (assunzione)."
        ),
        "La funzione CONTROLLO_PROCESSO applica le fasce di questa tabella: numero del rapporto, limite, punti.",
    ]
    for offset, note in enumerate(notes):
        page.text(table.last + 2 + offset, 1, note, styles.font(size=9, italic=True, colour=styles.MUTED))
    page.finish()
    return table


def band_spec(plan: Plan) -> TableSpec:
    """The table of the bands of the ratios."""
    numbers = {ratio.code: number for number, ratio in enumerate(plan.banded_ratios, start=1)}
    rows = [
        Row(f"{ratio.code}.{band.number}", item=(ratio, band))
        for ratio in plan.banded_ratios
        for band in ratio.bands
    ]
    limit = target_column(plan, LIMIT, 13, "fascia", "limite", "0.00", period="")
    points = target_column(plan, BAND_POINTS, 9, "fascia", "punti", styles.POINTS, period="")
    columns = [
        Column("Codice", Kind.KEY, 20, lambda place: place.row.code),
        Column("Indicatore", Kind.LABEL, 62, lambda place: place.row.item[0].title, align="wrap"),
        Column("Fascia", Kind.LABEL, 9, lambda place: place.row.item[1].number, "0", align="center"),
        Column(
            "Intervallo stampato", Kind.LABEL, 16, lambda place: place.row.item[1].printed, align="center"
        ),
        Column(RATIO, Kind.LABEL, 9, lambda place: numbers[place.row.item[0].code], "0", align="center"),
        limit,
        points,
        source_column(plan, [limit, points], width=40),
    ]
    return TableSpec("tblFasce", columns, rows, key="Codice", source="Fonte")


def _guide(ratios: int) -> Guide:
    return Guide(
        purpose=(
            (
                f"Misura l'attività di controllo del processo produttivo di ogni regione e DCM con {ratios} "
                "rapporti a fasce."
            ),
            "La somma dei punti delle fasce si confronta con l'obiettivo del piano e dà il punteggio.",
            (
                "Si compilano solo le sei colonne gialle del foglio Pratiche: punti, fasce e punteggi si "
                "calcolano da soli."
            ),
        ),
        fill_in=(
            (
                "Pratiche",
                "i sei numeri di pratiche di ogni regione e DCM; zero se non ce ne sono, vuoto se non ancora noti.",
            ),
        ),
        sheets=(
            ("Sintesi", "punti, obiettivo, punteggio e grafico per regione e DCM."),
            ("Scheda", f"i {ratios} rapporti di una regione o DCM a scelta, con fascia e punti di ciascuno."),
            ("Fasce", "fasce e punti stampati nel piano, con il limite usato."),
            ("Parametri", "tetto, banda, punteggio massimo: che cosa è pubblicato e che cosa è assunto."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            "Regolarizzate = regolarizzate SI + regolarizzate NO.",
            (
                "Il secondo rapporto misura l'irregolarità: più basso è, più punti dà. Gli altri tre danno "
                "più punti se più alti."
            ),
            (
                "Se una delle sei celle è vuota i punti restano vuoti; numeri che si contraddicono danno "
                "#NUM! e una segnalazione."
            ),
            (
                "Se nulla è controllato tutti i rapporti hanno la fascia più bassa; controllato qualcosa e "
                "nulla di irregolare, decide il foglio Parametri."
            ),
        ),
        ratios=True,
        defects=("controllo",),
        functions=("CONTROLLO_PROCESSO", "CONTROLLO_PROCESSO_DETTAGLIO", "PERF_SCOSTAMENTO", "PERF_SCORE"),
    )
