"""`professionisti.xlsx`: medici, legali, statistico-attuariali, tecnico-edilizi, special projects ex art. 18."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import links
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.professionisti import central, legal, regional, results, special
from xl_perf.templates.professionisti import lawyers as lawyers_of
from xl_perf.templates.professionisti.weights import CHECK, nodes_of, weights_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example
    from xl_perf.templates.kit.model import Row

_SHEETS = (
    ("Medici", "Medici: qualità, efficienza, azioni surrogatorie, monitoraggio", "dati", 9),
    ("Legali", "Professionisti legali: qualità, efficienza e progetti nazionali", "dati", 9),
    ("PNDD", "Piano nazionale di solidarietà legale (PNDD): giudizi da sussidiare", "dati", 6),
    ("SISCO CV", "SISCO Contenzioso vario: decreti ingiuntivi e pignoramenti", "dati", 8),
    ("Spese legali", "Incassi per spese legali", "dati", 8),
    ("TAR e Corte dei conti", "Archivio SISCO: contenzioso TAR e Corte dei conti", "dati", 8),
    ("Recupero crediti", "Incassi da recupero crediti", "dati", 5),
    ("Azioni surrogatorie", "Azioni surrogatorie (voce dello IEEP)", "dati", 6),
    ("Tecnico-edilizi", "Professionisti tecnico-edilizi", "dati", 8),
    ("Statistico-attuariali", "Professionisti statistico-attuariali", "dati", 5),
    ("Progetti speciali", "Progetti speciali ex art. 18: qualità di legali e medici", "dati", 7),
    ("Prevenzione incendi", "Progetti speciali ex art. 18: prevenzione incendi", "dati", 6),
    ("Coordinamenti centrali", "Coordinamenti generali", "risultati", 6),
)

_LAWYERS = (
    "PNDD",
    "SISCO CV",
    "Spese legali",
    "TAR e Corte dei conti",
    "Recupero crediti",
    "Azioni surrogatorie",
)
"""The sheets that fill columns of the sheet of lawyers."""


def build(plan: Plan, example: Example | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    title = "Professionisti e medici"
    book = Book(plan, "professionisti", title, example=example)
    guide = book.page(START, title, "guida", banner=2)
    summary = book.page("Sintesi", "Sintesi per regione e DCM", "risultati", banner=8)
    card = book.page("Scheda", "Scheda di una regione o DCM", "risultati", banner=5)
    pages = {name: book.page(name, text, tab, banner=banner) for name, text, tab, banner in _SHEETS}
    weighted = book.page("Pesi", "Pesi e obiettivi comuni", "obiettivi", banner=7)
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    measured = {node.indicator for node in nodes_of(book)}
    values = parameters_page(parameters, [], [i for i in plan.indicators.values() if i.code in measured])
    weights = weights_sheet(weighted, parameters, values.last_row + 3)
    finish(parameters)
    printed = legal.LegalTables(
        legal.plain_sheet(pages["PNDD"], "tblPNDD", legal.PNDD, values),
        legal.stock_sheet(pages["SISCO CV"], "tblSISCO", legal.SISCO, values, baseline=True),
        legal.stock_sheet(pages["TAR e Corte dei conti"], "tblTAR", legal.TAR, values, baseline=False),
        legal.cost_sheet(pages["Spese legali"], values),
        legal.credit_sheet(pages["Recupero crediti"], values),
        legal.claims_sheet(pages["Azioni surrogatorie"], values),
    )
    doctors = regional.doctors_sheet(pages["Medici"], printed.claims, weights, values)
    lawyers = lawyers_of.lawyers_sheet(pages["Legali"], printed, weights, values)
    builders = special.builders_sheet(pages["Tecnico-edilizi"], weights, values)
    quality = special.special_sheet(pages["Progetti speciali"], doctors, lawyers, values)
    fire = legal.plain_sheet(pages["Prevenzione incendi"], "tblAntincendio", special.FIRE, values)
    page = pages["Coordinamenti centrali"]
    page.section(FIRST_ROW - 1, "Attività strategiche e progettuali assegnate")
    activities = central.activity_table(page, values, FIRST_ROW)
    actuaries, observatory = central.actuaries_sheet(pages["Statistico-attuariali"], activities, values)
    places = central.Places(doctors, lawyers, builders, activities, actuaries, observatory, printed)
    page.section(activities.last + 2, "Obiettivi e punteggi")
    central.tree_table(page, places, weights, values, activities.last + 3)
    page.finish()
    specials = results.Specials(quality, fire)
    checked = (
        doctors, lawyers, builders, quality, fire, activities, actuaries, observatory, weights.nodes, printed.pndd,
        printed.sisco, printed.tar, printed.costs, printed.credits, printed.claims,
    )  # fmt: skip
    remarked = [*(table.column(CHECK) for table in checked), pages["Medici"].reference(FIRST_ROW, 3)]
    results.summary(summary, places, specials, remarked)
    results.card(card, places, specials, values)
    links.from_rows(
        book,
        "tblScheda",
        lambda row: row.item.table.sheet if row.item.table else "",
        lambda _: "",
    )
    links.from_rows(book, "tblMedici", "Azioni surrogatorie")
    links.onward(book, "Legali", _LAWYERS)
    links.onward(book, "Coordinamenti centrali", ("Pesi",))
    links.from_rows(
        book,
        "tblCoordinamenti",
        _of_statistics(book),
        lambda row: row.item.indicator or row.code,
    )
    links.home(book)
    guide_pages(guide, notes, _guide())
    metadata_page(metadata)
    return book


def _guide() -> Guide:
    return Guide(
        purpose=(
            ("Misura la performance organizzativa di medici, legali, statistico-attuariali e "
             "tecnico-edilizi, e i progetti speciali art. 18."),
            "Ogni tabella del piano ha il suo foglio; ciò che serve a più categorie si inserisce una volta sola.",
            "Si compilano solo le celle gialle: obiettivi corretti, punteggi e sintesi si calcolano da soli.",
        ),
        fill_in=(
            ("Medici", ("indici di qualità con il loro budget, produzione e risorse, attestazioni dei "
                        "responsabili di UOSF.")),
            ("Legali", "indici di qualità e di efficienza con il loro budget."),
            ("PNDD", "giudizi sussidiati."),
            ("SISCO CV", "pervenuto dei due anni e giacenza finale; il pervenuto corregge l'obiettivo."),
            ("Spese legali", ("incassi dell'anno; facoltativi obiettivo e incassi dell'anno precedente, "
                              "per verificare la regola.")),
            ("TAR e Corte dei conti", "pervenuto dei due anni e giacenza finale."),
            ("Recupero crediti", "incassi dell'anno e del precedente, per conto."),
            ("Azioni surrogatorie", "consuntivo della voce dello IEEP, una volta per medici e legali."),
            ("Tecnico-edilizi", "progettazioni eseguite, anagrafiche realizzate e attese."),
            ("Statistico-attuariali", ("attività realizzate e previste per ciascun obiettivo; "
                                       "realizzazione dell'Osservatorio ISEE.")),
            ("Progetti speciali", "indici di qualità dell'anno precedente."),
            ("Prevenzione incendi", "attività realizzate dai tecnico-edilizi."),
            ("Coordinamenti centrali", "punteggio delle attività assegnate (da progetti.xlsx, foglio Per struttura)."),
            ("Pesi", "facoltativi i pesi dell'Allegato C del SMVP."),
        ),
        sheets=(
            ("Sintesi", "punteggi per regione e DCM e per categoria, con due grafici."),
            ("Scheda", "tutti gli obiettivi di una regione o DCM a scelta, su una pagina."),
            ("Parametri", "tetto, banda e versi: che cosa è pubblicato e che cosa è assunto."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            "I Coordinamenti regionali si misurano sui propri valori, quelli generali sui valori nazionali.",
            ("Un totale nazionale in pezzi o euro resta vuoto finché non sono rilevate tutte le "
             "strutture: una somma parziale non si confronta con l'obiettivo intero. I rapporti "
             "nazionali sono rapporti di somme."),
            ("SISCO CV e TAR: obiettivo stampato più la differenza fra pervenuto dell'anno e dell'anno "
             "precedente; più bassa è la giacenza, meglio è."),
            ("Spese legali: vale l'obiettivo stampato; la regola (obiettivo o consuntivo dell'anno "
             "precedente, o obiettivo più l'importo della regola) è ricalcolata accanto."),
            ("Recupero crediti: consuntivo dell'anno precedente al 13° mese più l'importo della regola, "
             "uguale per tutti perché l'obiettivo è nazionale."),
            ("Attività assegnate: si riporta il punteggio di progetti.xlsx, dove ogni riga è limitata "
             "prima della media."),
            ("Un errore o un testo in una cella da compilare arriva come errore in tutti i punteggi che "
             "ne dipendono; la colonna Controllo dati dice quale cella."),
            ("Assunzione: quote uguali dei pesi, modificabili nel foglio Pesi; monitoraggio UOSF e "
             "Osservatorio ISEE contro 100%."),
            ("Assunzione: chi non ha né PNDD né SISCO CV prende il punteggio PNDD della regione con cui "
             "l'obiettivo è stampato."),
        ),
        defects=("pndd", "spese-legali", "sisco", "tecnici", "legali-obiettivi"),
        functions=(
            "PERF_SCORE", "PERF_SCOSTAMENTO", "PERF_SINTESI", "PERF_COPERTURA", "OBIETTIVO_REGOLA",
            "PRODUTTIVITA_INDEX",
        ),
    )  # fmt: skip


def _of_statistics(book: Book) -> Callable[[Row], str]:
    """The sheet of the statisticians for the rows that it fills."""
    name = "Statistico-attuariali"
    known = {code for _, table in book.tables if table.sheet == name for code in table.numbers}
    return lambda row: name if (row.item.indicator or row.code) in known else ""
