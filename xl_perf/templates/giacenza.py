"""`giacenza.xlsx`: indices of giacenza and deflusso by structure and area (Tabella A)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.plan.model import StructureKind
from xl_perf.templates import giacenza_card, giacenza_input, giacenza_results, styles
from xl_perf.templates.book import Book
from xl_perf.templates.comparison_giacenza import giacenza_comparison
from xl_perf.templates.guide import Guide, guide_page
from xl_perf.templates.metadata import metadata_page
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.parameters import finish, parameters_page
from xl_perf.templates.styles import Kind, Level
from xl_perf.templates.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Plan, Structure
    from xl_perf.templates.model import Placed
    from xl_perf.templates.page import Page


@dataclass(frozen=True, slots=True)
class Area:
    """One of the four areas of Tabella A: the last part of its indicators' codes, and where it is filled in."""

    code: str
    sheet: str
    table: str
    group: str

    @property
    def giacenza(self) -> str:
        """Code of the indicator of giacenza."""
        return f"giacenza.{self.code}"

    @property
    def deflusso(self) -> str:
        """Code of the indicator of deflusso."""
        return f"deflusso.{self.code}"


_INDIVIDUAL = "AREA PRESTAZIONI E SERVIZI INDIVIDUALI"
AREAS = (
    Area("prestazioni_servizi", "Prestazioni e servizi", "tblPrestazioniServizi", _INDIVIDUAL),
    Area("conto_assicurativo", "Conto assicurativo", "tblContoAssicurativo", _INDIVIDUAL),
    Area("flussi_contributivi", "Flussi contributivi", "tblFlussiContributivi", "AREA FLUSSI CONTRIBUTIVI"),
    Area("altre_aree", "Altre aree", "tblAltreAree", "ALTRE AREE DI PRODUZIONE"),
)
TARGETS = "Tabella A"
KEY = "Struttura"


def build(plan: Plan, example: bool) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: True to fill the inputs with example data.
    """
    book = Book(plan, "giacenza", "Indici di giacenza e deflusso", example=example)
    guide = book.page("Istruzioni", "Indici di giacenza e deflusso", "guida", banner=2)
    summary = book.page("Sintesi", "Sintesi per regione e DCM", "risultati", banner=8)
    card = book.page("Scheda", "Scheda di una struttura", "risultati", banner=8)
    inputs = [
        book.page(a.sheet, a.sheet, "dati", book.act_line("Giacenza e deflusso"), banner=9) for a in AREAS
    ]
    targets = book.page(TARGETS, "Tabella A: Indici di giacenza. Valori obiettivo", "obiettivi")
    comparison = book.page("Confronto", "Consuntivi pubblicati 2018-2020", "risultati")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    indicators = [*plan.indicators_of("giacenza"), *plan.indicators_of("deflusso")]
    values = parameters_page(parameters, ["giacenza"], indicators)
    finish(parameters)
    rows = structure_rows(plan)
    placed = target_table(targets, rows)
    areas = [
        giacenza_input.area_table(page, area, rows, values, placed)
        for page, area in zip(inputs, AREAS, strict=True)
    ]
    tables = giacenza_results.Tables(AREAS, areas, placed)
    giacenza_results.summary(summary, tables, values)
    giacenza_card.card(card, tables, values)
    giacenza_comparison(comparison, values)
    guide_page(guide, _guide())
    metadata_page(metadata)
    return book


def structure_rows(plan: Plan) -> list[Row]:
    """The rows of Tabella A in its order: structures, regions and DCM after theirs, the national row."""
    return [Row(s.code, _level(s), s, 0) for s in plan.structures_of()]


def _level(structure: Structure) -> Level:
    if structure.kind is StructureKind.NATIONAL:
        return Level.NATIONAL
    return Level.TOTAL if structure.is_regional else Level.LEAF


def target_table(page: Page, rows: Sequence[Row]) -> Placed:
    """Tabella A as the plan prints it, with the level of each row and the source."""
    plan = page.book.plan
    targets = [
        target_column(
            plan,
            plan.indicators[area.giacenza].title,
            25,
            "struttura",
            area.giacenza,
            styles.DAYS,
            group=area.group,
        )
        for area in AREAS
    ]
    columns = [
        Column(KEY, Kind.KEY, 30, lambda place: place.row.code, group="STRUTTURE"),
        Column("Tipo", Kind.LABEL, 20, lambda place: str(place.row.item.kind), group="STRUTTURE"),
        *targets,
        source_column(plan, targets, group="FONTE"),
    ]
    table = page.table(
        TableSpec("tblTabellaA", columns, rows, key=KEY, source="Fonte", filters=True), FIRST_ROW + 1
    )
    page.book.define("Elenco_strutture", table.column(KEY))
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(landscape=False))
    return table


def _guide() -> Guide:
    return Guide(
        purpose=(
            "Misura, per ogni struttura, regione e DCM e per quattro aree, i giorni di giacenza e l'indice di deflusso.",
            "Li confronta con gli obiettivi della Tabella A del piano e ne ricava scostamento, punteggio ed esito.",
            "Si compilano solo le celle gialle dei fogli delle quattro aree: tutto il resto si calcola da solo.",
        ),
        fill_in=tuple(
            (
                area.sheet,
                "giacenza e pervenuto omogeneizzati; definiti e pervenuti in pezzi, per ogni sede o filiale.",
            )
            for area in AREAS
        ),
        sheets=(
            ("Sintesi", "punteggio di ogni regione e DCM sulle quattro aree, con copertura e grafico."),
            ("Scheda", "tutti i numeri di una struttura a scelta, su una pagina."),
            (TARGETS, "obiettivi del piano, come nella Tabella A; celle protette."),
            ("Confronto", "consuntivi pubblicati degli anni 2018-2020 e scostamenti dal piano."),
            (
                "Parametri",
                "tetto, base in giorni, pesi delle aree: che cosa è pubblicato e che cosa è assunto.",
            ),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            "Indice di giacenza = giacenza omogeneizzata / pervenuto omogeneizzato x base in giorni: meno giorni è meglio.",
            "Indice di deflusso = definiti / pervenuti, in singole lavorazioni: l'obiettivo è almeno 1 in ogni area.",
            "I valori di regioni, DCM e nazionale sono rapporti fra somme delle strutture rendicontate, mai medie di rapporti.",
            "Una struttura con un solo dato dei due resta fuori dalle somme e lo dice la colonna Controllo dati.",
        ),
        nodes=("giacenza",),
        defects=("giacenza", "deflusso", "tabella-a", "produzione-2019"),
        functions=(
            "GIACENZA_INDEX",
            "DEFLUSSO_INDEX",
            "PERF_SCOSTAMENTO",
            "PERF_SCORE",
            "PERF_SINTESI",
            "PERF_COPERTURA",
        ),
    )
