"""`costi_standard.xlsx`: standard-cost indicators by region and cluster (Tabella C) and their synthetic index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.costi_standard import card as costi_card
from xl_perf.templates.costi_standard import results as costi_results
from xl_perf.templates.costi_standard.input import Layout, actual_table, mean_column, mean_heading, switch_row
from xl_perf.templates.giacenza.areas import target_sheet
from xl_perf.templates.kit import links, styles
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.model import Column, PrintSetup, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.period import quarter_cell
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

INDICES = "Indice sintetico"


def build(plan: Plan, example: Example | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    book = Book(plan, "costi_standard", "Costi standard", example=example)
    layout = Layout.of(plan, book.data)
    held = target_sheet(plan, layout.rows[0].code)
    guide = book.page(START, "Costi standard", "guida", banner=2)
    summary = book.page("Sintesi", "Sintesi dei costi standard per regione e DCM", "risultati", banner=8)
    card = book.page("Scheda", "Scheda costi standard di una regione o DCM", "risultati", banner=6)
    actual = book.page(
        "Consuntivi",
        f"Costi standard: consuntivi {plan.period} da inserire",
        "dati",
        book.act_line(),
        banner=6,
    )
    targets = book.page(held, f"{held}: valori {plan.period} per cluster", "obiettivi", book.act_line())
    indices = book.page(INDICES, "Indice sintetico dei costi standard: pubblicato e ricalcolato", "obiettivi")
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    switch = switch_row(parameters)
    indicators = [*(row.item for row in layout.rows), plan.indicators[layout.index]]
    values = parameters_page(parameters, [layout.weights], indicators, at_row=FIRST_ROW + 4)
    finish(parameters)
    goals = target_table(targets, layout, values)
    published = index_table(indices, layout, goals, values)
    given = actual_table(actual, layout, goals, switch, values)
    tables = costi_results.Tables(layout, goals, given, published)
    quarter_cell(summary)
    costi_results.summary(summary, tables, values)
    costi_card.card(card, tables, values)
    links.from_rows(book, "tblScheda", actual.name)
    links.from_rows(book, "tblSintesi", actual.name)
    links.home(book)
    guide_pages(guide, notes, _guide(layout, held))
    metadata_page(metadata)
    return book


def target_table(page: Page, layout: Layout, values: Parameters) -> Placed:
    """Tabella C: the clusters side by side, each followed by its mean; the recomputed index stands below.

    Args:
        page: the empty page.
        layout: the indicators and clusters.
        values: where the parameters stand.
    """
    plan = page.book.plan
    columns = [
        Column("Indicatore", Kind.LABEL, 64, lambda place: place.row.item.title, group="Indicatore"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, paper=False, group="Indicatore"),
    ]
    targets = []
    for cluster, structures in layout.clusters.items():
        group = f"CLUSTER {cluster}"
        made = [
            target_column(plan, code, 14, "indicatore", code, layout.number_format, group=group)
            for code in structures
        ]
        targets += made
        columns += [*made, mean_column(cluster, structures, layout.number_format, group)]
    columns.append(source_column(plan, targets, width=32, group="FONTE"))
    table = page.table(
        TableSpec("tblTabellaC", columns, layout.rows, key="Codice", source="Fonte"), FIRST_ROW + 1
    )
    row = table.last + 1
    page.put(
        row, 1, "Indice sintetico ricalcolato (pesi nel foglio Parametri)", Kind.KEY, level=Level.NATIONAL
    )
    for cluster, structures in layout.clusters.items():
        means = table.column(mean_heading(cluster)).split("!")[1]
        for code in structures:
            cells = table.column(code).split("!")[1]
            page.put(
                row, layout.position(table, code),
                f"=COSTO_STANDARD({cells},{means},{values.weights(layout.weights)})",
                Kind.FORMULA, number_format=styles.RATIO, level=Level.NATIONAL,
            )  # fmt: skip
    page.finish(setup=PrintSetup(across=4))
    return table


def index_table(page: Page, layout: Layout, goals: Placed, values: Parameters) -> Placed:
    """The published synthetic indices beside those that formula and recovered weights give.

    Args:
        page: the empty page.
        layout: the indicators and clusters.
        goals: Tabella C.
        values: where the parameters stand.
    """
    plan = page.book.plan
    published = target_column(plan, "Indice pubblicato", 16, "struttura", layout.index, styles.RATIO)
    rows = layout.structure_rows(plan)
    tolerance = values.ref(page.book.data.role("tolleranza"))

    def recomputed(place: Place) -> object:
        return f"={goals.sheet_cell(place.row.code, goals.last + 1)}"

    def check(place: Place) -> object:
        return f'=IF(ABS({place.here("Differenza")})<={tolerance},"OK","▼ oltre la tolleranza")'

    columns = [
        Column("Struttura", Kind.KEY, 30, lambda place: place.row.code),
        Column("Cluster", Kind.LABEL, 10, lambda place: place.row.item, align="center"),
        published,
        Column("Indice ricalcolato", Kind.FORMULA, 16, recomputed, styles.RATIO),
        Column(
            "Differenza",
            Kind.CHECK,
            13,
            lambda p: f"={p.here('Indice ricalcolato')}-{p.here('Indice pubblicato')}",
            "+0.00;-0.00;0.00",
            align="right",
        ),
        Column("Verifica", Kind.CHECK, 24, check),
        source_column(plan, [published], width=60),
    ]
    table = page.table(TableSpec("tblIndici", columns, rows, key="Struttura", source="Fonte"), FIRST_ROW)
    page.remark(
        table.last + 2,
        "Formula e pesi non sono stampati nel piano: sono ricostruiti dagli indici pubblicati; la differenza è "
        "spiegata dall'arrotondamento dei valori elementari.",
    )
    page.book.define("Elenco_regioni", table.column("Struttura"))
    page.finish()
    return table


def _guide(layout: Layout, held: str) -> Guide:
    count = len(layout.rows)
    return Guide(
        purpose=(
            (
                f"Misura i costi di ogni regione e DCM con {count} indicatori elementari, confrontati con la "
                "media del cluster."
            ),
            (
                f"L'indice sintetico pesa i {count} rapporti: sopra 100 si spende più della media del "
                "cluster, sotto 100 meno."
            ),
            "Si compilano solo le celle gialle del foglio Consuntivi: medie, indici e punteggi si calcolano da soli.",
        ),
        fill_in=(
            (
                "Consuntivi",
                f"i {count} valori di consuntivo di ogni regione e DCM, nelle unità degli indicatori.",
            ),
            ("Parametri", "in alto: medie di confronto «piano» o «consuntivo» (quelle dei dati inseriti)."),
        ),
        sheets=(
            (
                "Sintesi",
                "indice di consuntivo, obiettivo, scostamento, punteggio e grafico per regione e DCM.",
            ),
            ("Scheda", f"i {count} indicatori di una regione o DCM a scelta, su una pagina."),
            (held, "valori come li stampa il piano, con le medie di cluster; celle protette."),
            (INDICES, "indici pubblicati, indici ricalcolati e differenza."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            (
                "Indice = media pesata di 100 x valore / media del cluster; con dati parziali, sui soli "
                "indicatori rilevati."
            ),
            "L'obiettivo è l'indice sintetico pubblicato della stessa regione o DCM: un indice più basso è migliore.",
            (
                "Le medie di cluster sono medie semplici dei valori del piano, oppure dei consuntivi se lo "
                "dice il foglio Parametri."
            ),
        ),
        nodes=(layout.weights,),
        defects=("tabella-c",),
        functions=("COSTO_STANDARD", "PERF_SCOSTAMENTO", "PERF_SCORE", "PERF_COPERTURA"),
    )
