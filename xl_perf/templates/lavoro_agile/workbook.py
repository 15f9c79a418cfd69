"""`lavoro_agile.xlsx`: indicators of the POLA, technology targets, headcounts month by month, published results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import links
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.lavoro_agile import indicators as agile_indicators
from xl_perf.templates.lavoro_agile import names
from xl_perf.templates.lavoro_agile import results as agile_results
from xl_perf.templates.lavoro_agile import technology as agile_technology
from xl_perf.templates.lavoro_agile import trend as agile_trend
from xl_perf.templates.lavoro_agile.example import Example
from xl_perf.templates.lavoro_agile.names import agile_of

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example as Facts


def build(plan: Plan, example: Facts | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    book = Book(plan, "lavoro_agile", "Lavoro agile (POLA)", example=example)
    agile = agile_of(plan, book.data)
    span = f"{agile.years[0]}-{agile.years[-1]}"
    guide = book.page(START, "Lavoro agile: misurazione del POLA", "guida", banner=2)
    summary = book.page("Sintesi", "Sintesi del lavoro agile", "risultati", banner=7)
    card = book.page("Scheda", "Scheda di un anno", "risultati", banner=7)
    technology = book.page(names.S_TECHNOLOGY, f"Obiettivi tecnologici {span}", "dati", banner=11)
    indicators = book.page(
        names.S_INDICATORS, "Indicatori per la misurazione del lavoro agile", "dati", banner=9
    )
    trend = book.page(names.S_TREND, "Andamento del lavoro agile, mese per mese", "dati", banner=9)
    published = book.page(names.S_PUBLISHED, "Dati pubblicati nel POLA", "risultati")
    words = book.page(names.S_WORDS, "POLA: chi fa che cosa, e i corsi", "risultati")
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    values = parameters_page(parameters, [agile.technology], agile.indicators)
    finish(parameters)
    sample = Example(book, agile)
    by_technology = agile_technology.technology(technology, agile, values, sample)
    measured = agile_indicators.indicators(indicators, agile, sample)
    tables = agile_results.Tables(agile, by_technology, measured)
    by_year = agile_results.summary(summary, tables, values)
    agile_results.card(card, tables, by_year)
    agile_trend.trend(trend, agile, values, sample)
    agile_trend.published(published, agile, values, by_technology[0])
    agile_trend.words_page(words, agile)
    tools = {row.code for spec, at in book.tables if at.sheet == technology.name for row in spec.rows}
    links.from_rows(book, "tblSintesi", lambda row: technology.name if row.code in tools else indicators.name)
    links.from_rows(book, "tblSintesiAnni", names.S_TREND)
    links.from_rows(book, "tblSchedaTecnologia", technology.name)
    links.from_rows(book, "tblSchedaIndicatori", indicators.name)
    links.home(book)
    guide_pages(guide, notes, _guide(agile))
    metadata_page(metadata)
    return book


def _guide(agile: names.Agile) -> Guide:
    first, count = agile.years[0], sum(not measure.part for measure in agile.measures)
    return Guide(
        purpose=(
            (
                f"Misura il lavoro agile con {count} indicatori del Piano organizzativo (POLA) e con i suoi "
                f"{len(agile.starts)} obiettivi"
            ),
            "tecnologici, anno per anno, e segue mese per mese lavoratori agili e giornate.",
            "Si compilano solo le celle gialle: quote, variazioni, punteggi e sintesi si calcolano da soli.",
        ),
        fill_in=(
            (
                names.S_TECHNOLOGY,
                "i dipendenti dell'anno, poi postazioni, dotazioni, abilitazioni e firme digitali distribuite.",
            ),
            (
                names.S_INDICATORS,
                "numeratore e denominatore di ogni indicatore: la riga dice che cosa inserire.",
            ),
            (
                names.S_TREND,
                "dipendenti, lavoratori agili e giornate agili di ogni mese, dopo i mesi pubblicati.",
            ),
        ),
        sheets=(
            ("Sintesi", "punteggi per indicatore e anno, sintesi della tecnologia con copertura, grafico."),
            ("Scheda", "un anno a scelta su una pagina: tecnologia, indicatori, variazioni, grafico."),
            (
                names.S_PUBLISHED,
                "le tabelle stampate nel POLA e il punto di partenza rispetto agli obiettivi.",
            ),
            (names.S_WORDS, "chi fa che cosa nel POLA, piano formativo e calendario dei corsi."),
            ("Parametri", "quota minima, tetto, pesi: che cosa è pubblicato e che cosa è assunto."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            (
                "Numeratore e denominatore restano in celle proprie: le quote di più strutture si ottengono "
                "dai totali, mai da medie."
            ),
            (
                f"Il {first} è la baseline degli anni successivi: la variazione è favorevole (▲) se "
                "l'indicatore migliora, anche quando chiede una riduzione."
            ),
            (
                "Gli indicatori del POLA hanno una funzione di rendicontazione: solo la quota di "
                "lavoratori agili ha un punteggio, rispetto alla quota minima."
            ),
            (
                "Obiettivi di produttività e qualità: dove il piano stampa l'obiettivo la cella è azzurra e "
                "si inserisce solo l'indice."
            ),
        ),
        nodes=(agile.technology,),
        defects=("pola",),
        functions=("PERF_SCOSTAMENTO", "PERF_SCORE", "PERF_SINTESI", "PERF_COPERTURA"),
    )
