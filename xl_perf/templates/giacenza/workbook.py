"""`giacenza.xlsx`: indices of giacenza and deflusso by structure and area (Tabella A)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xl_perf.plan.model import StructureKind
from xl_perf.templates.giacenza import card as giacenza_card
from xl_perf.templates.giacenza import input as giacenza_input
from xl_perf.templates.giacenza import results as giacenza_results
from xl_perf.templates.giacenza.areas import PLACE, areas_of, target_sheet
from xl_perf.templates.giacenza.comparison import giacenza_comparison
from xl_perf.templates.kit import front, links, styles
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.comments import SHEET as COMMENTS
from xl_perf.templates.kit.comments import TITLE as COMMENTS_TITLE
from xl_perf.templates.kit.comments import comments_page
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.period import quarter_cell
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Plan, Structure
    from xl_perf.templates.giacenza.areas import Area
    from xl_perf.templates.kit.example import Example
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page


KEY = "Struttura"


def build(plan: Plan, example: Example | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    book = Book(plan, "giacenza", "Indici di giacenza e deflusso", example=example)
    areas = areas_of(plan, book.data)
    held = target_sheet(plan, areas[0].giacenza)
    guide = book.page(START, "Indici di giacenza e deflusso", "guida", banner=2)
    card = book.page(front.SHEET, "Quadro di una struttura: giacenza e deflusso", "risultati", banner=11)
    summary = book.page("Sintesi", "Sintesi per regione e DCM", "risultati", banner=8)
    inputs = [
        book.page(a.sheet, a.sheet, "dati", book.act_line("Giacenza e deflusso"), banner=9) for a in areas
    ]
    targets = book.page(held, f"{held}: Indici di giacenza. Valori obiettivo", "obiettivi")
    comparison = book.page("Confronto", "Consuntivi pubblicati", "risultati")
    comments = book.page(COMMENTS, COMMENTS_TITLE, "dati", banner=3)
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    weights = book.data.role("pesi_aree")
    codes = [*(a.giacenza for a in areas), *(a.deflusso for a in areas if a.deflusso)]
    values = parameters_page(parameters, [weights], [plan.indicators[code] for code in codes])
    finish(parameters)
    rows = structure_rows(plan)
    placed = target_table(targets, areas, rows)
    tables = giacenza_results.Tables(
        plan,
        areas,
        [
            giacenza_input.area_table(page, area, rows, values, placed)
            for page, area in zip(inputs, areas, strict=True)
        ],
        placed,
        weights,
    )
    quarter_cell(summary)
    giacenza_results.summary(summary, tables, values)
    said = comments_page(comments, [row.item for row in rows])
    giacenza_card.front_page(card, tables, values, said)
    giacenza_comparison(comparison, tables, values)
    links.from_rows(book, "tblQuadro", lambda row: row.code.partition(": ")[2])
    links.onward(book, "Sintesi", (area.sheet for area in areas))
    links.home(book)
    guide_pages(guide, notes, _guide(book, areas, held))
    metadata_page(metadata)
    return book


def structure_rows(plan: Plan) -> list[Row]:
    """The rows of Tabella A in its order: structures, regions and DCM after theirs, the national row."""
    return [Row(s.code, _level(s), s, 0) for s in plan.structures_of()]


def _level(structure: Structure) -> Level:
    if structure.kind is StructureKind.NATIONAL:
        return Level.NATIONAL
    return Level.TOTAL if structure.is_regional else Level.LEAF


def _places(rows: Sequence[Row]) -> dict[str, str | None]:
    """The place of each structure below its region, of a region below the nation."""
    found: dict[str, str | None] = {}
    counted: Counter[str] = Counter()
    for row in rows:
        parent = row.item.parent
        counted[parent] += 1
        found[row.code] = f"{parent} {counted[parent]}" if parent else None
    return found


def target_table(page: Page, areas: Sequence[Area], rows: Sequence[Row]) -> Placed:
    """Tabella A as the plan prints it, with the level of each row and the source."""
    plan = page.book.plan
    group = plan.systems[plan.indicators[areas[0].giacenza].system].title.upper()
    targets = [
        target_column(
            plan,
            plan.indicators[area.giacenza].title,
            25,
            "struttura",
            area.giacenza,
            styles.DAYS,
            group=group,
        )
        for area in areas
    ]
    places = _places(rows)
    columns = [
        Column(KEY, Kind.KEY, 30, lambda place: place.row.code, group="STRUTTURE"),
        Column("Tipo", Kind.LABEL, 20, lambda place: str(place.row.item.kind), group="STRUTTURE"),
        *targets,
        Column(PLACE, Kind.LABEL, 20, lambda place: places[place.row.code], group="FONTE", paper=False),
        source_column(plan, targets, group="FONTE"),
    ]
    table = page.table(
        TableSpec("tblTabellaA", columns, rows, key=KEY, source="Fonte", filters=True), FIRST_ROW + 1
    )
    page.book.define("Elenco_strutture", table.column(KEY))
    page.finish()
    return table


def _guide(book: Book, areas: Sequence[Area], held: str) -> Guide:
    data = book.data
    base = book.parameter_name("base_giacenza")
    flow = all(area.deflusso for area in areas)
    pieces = "; definiti e pervenuti in pezzi" if flow else ""
    return Guide(
        purpose=(
            (
                f"Misura, per ogni struttura, regione e DCM e per {len(areas)} aree, i giorni di giacenza e "
                "l'indice di deflusso."
            ),
            f"Li confronta con gli obiettivi del piano ({held}) e ne ricava scostamento, punteggio ed esito.",
            "Si compilano solo le celle gialle dei fogli delle aree: tutto il resto si calcola da solo.",
        ),
        fill_in=tuple(
            (
                area.sheet,
                f"giacenza e pervenuto omogeneizzati{pieces}, per ogni sede o filiale.",
            )
            for area in areas
        ),
        sheets=(
            (front.SHEET, "la pagina da firmare di una struttura a scelta: indici e contributi."),
            ("Sintesi", "punteggio di ogni regione e DCM sulle aree, con copertura e grafico."),
            (COMMENTS, "commento e responsabile di ogni struttura, che il Quadro stampa."),
            (held, "obiettivi di giacenza come li stampa il piano; celle protette."),
            ("Confronto", "consuntivi pubblicati e scostamenti da quanto era programmato."),
            (
                "Parametri",
                "tetto, base in giorni, pesi delle aree: che cosa è pubblicato e che cosa è assunto.",
            ),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            (
                f'="Indice di giacenza = giacenza omogeneizzata / pervenuto omogeneizzato x "&{base}&" '
                'giorni: meno giorni è meglio."'
            ),
            *(
                (
                    (
                        "Indice di deflusso = definiti / pervenuti, in singole lavorazioni: l'obiettivo è "
                        "nei fogli delle aree."
                    ),
                )
                if flow
                else ()
            ),
            (
                "I valori di regioni, DCM e nazionale sono rapporti fra somme delle strutture rendicontate, "
                "mai medie di rapporti."
            ),
            "Una struttura con un solo dato dei due resta fuori dalle somme e lo dice la colonna Controllo dati.",
            (
                "Un testo o un errore al posto di un numero è un errore di tutti i risultati che lo usano: "
                "Controllo dati dice dov'è."
            ),
        ),
        nodes=(data.role("pesi_aree"),),
        defects=("giacenza", "deflusso", "tabella-a", "produzione-2019"),
        functions=(
            "GIACENZA_INDEX",
            *(("DEFLUSSO_INDEX",) if flow else ()),
            "PERF_SCOSTAMENTO",
            "PERF_SCORE",
            "PERF_SINTESI",
            "PERF_COPERTURA",
        ),
    )
