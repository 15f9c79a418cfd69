"""`scheda_territoriale.xlsx`: the scorecard of one region or DCM, its five perspectives and every objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, UnknownNameError
from xl_perf.templates.book import Book
from xl_perf.templates.controllo_processo import band_table
from xl_perf.templates.guide import guide_page
from xl_perf.templates.metadata import metadata_page
from xl_perf.templates.model import PrintSetup
from xl_perf.templates.page import TITLE_ROWS
from xl_perf.templates.parameters import Parameters, parameters_page
from xl_perf.templates.scheda_altri import others_page
from xl_perf.templates.scheda_base import TREE, Outcome, Scorecard, leaf_indicators
from xl_perf.templates.scheda_controllo import control_page
from xl_perf.templates.scheda_finanza import costs_page, profitability_page
from xl_perf.templates.scheda_giacenza import giacenza_page
from xl_perf.templates.scheda_guide import scorecard_guide
from xl_perf.templates.scheda_ieep import ieep_page
from xl_perf.templates.scheda_personale import staff_page
from xl_perf.templates.scheda_piani import plans_page
from xl_perf.templates.scheda_produzione import production_page
from xl_perf.templates.scheda_progetti import projects_page
from xl_perf.templates.scheda_programma import programme_page
from xl_perf.templates.scheda_quadro import QUARTER, SHEET, overview_page, quarter_cell
from xl_perf.templates.scheda_qualita import quality_pages
from xl_perf.templates.scheda_spesa import spending_page

if TYPE_CHECKING:
    from xl_perf.plan.model import Indicator, Plan, Structure
    from xl_perf.templates.model import Placed
    from xl_perf.templates.page import Page

TEMPLATE = "scheda_territoriale"
DEFAULT = "LIGURIA"
"""Region of the official workbook: one of those to which the plan gives every objective of the scorecard."""
QUARTERS = (1, 2, 3, 4)
_BY_FUNCTION = ("scheda.sviluppo.dismissione",)
"""Nodes whose synthesis is a function of the plan, not a weighted mean."""
_NEW_PAGES = (
    "scheda.processi",
    "scheda.sviluppo",
    "scheda.processi.progetti",
    "scheda.finanza.spesa",
    "costi_standard",
)
"""Nodes whose weights begin a page of the sheet `Parametri`."""
_SHEETS = (
    ("Giacenza", "Indici di giacenza e di deflusso", 8),
    ("Produzione", "Produzione omogeneizzata", 6),
    ("Produttività e personale", "Produttività e impiego delle risorse", 6),
    ("Indicatori elementari", "Cruscotto qualità: indicatori elementari da inserire", 6),
    ("Qualità", "Cruscotto qualità: indici delle aree e indice sintetico", 6),
    ("Controllo e ricorsi", "Controllo del processo produttivo e ricorsi amministrativi", 4),
    ("Progetti", "Progetti di miglioramento e sussidiarietà", 6),
    ("Piani attività", "Piani delle attività della Direzione (autofunzionamento)", 6),
    ("IEEP", "Indicatore di efficacia economico-finanziaria della produzione (IEEP)", 6),
    ("Redditività", "Redditività e indicatori economici della gestione", 6),
    ("Costi standard", "Costi standard: consuntivi e valori del cluster", 6),
    ("Spesa", "Gestione della spesa", 6),
    ("Altri obiettivi", "Visite mediche, dismissione, obiettivi di ente, Ge.M.P.I.", 6),
)


def build(plan: Plan, example: bool) -> Book:
    """The official workbook: the scorecard of the default region, or its example.

    Args:
        plan: the edition.
        example: True to fill the inputs with example data.
    """
    return build_scorecard(plan, DEFAULT, 3 if example else QUARTERS[-1], example=example)


def build_scorecard(plan: Plan, structure: str, quarter: int, *, example: bool = False) -> Book:
    """The scorecard of a region or DCM.

    Args:
        plan: the edition.
        structure: code or alias of a region or DCM.
        quarter: quarter that the results are for, 1 to 4; a cell of the workbook that can be changed.
        example: True to fill the inputs with example data.

    Raises:
        PlanError: an unknown structure, or none that has a scorecard; another quarter.
    """
    region = plan.structure(structure)
    if not region.is_regional:
        raise UnknownNameError(
            f"{region.code} has no scorecard of its own: it is a {region.kind}",
            where=plan.id,
            expected="a region or DCM",
            remedy=f"offices are filled in within the scorecard of {region.parent}" if region.parent else "",
        )
    if quarter not in QUARTERS:
        raise PlanError(f"there is no quarter {quarter}", expected="1, 2, 3 or 4")
    book = Book(
        plan, TEMPLATE, f"Scheda territoriale - {region.code}", example=example, structure=region.code
    )
    book.facts.append(("trimestre", f"={QUARTER}", "Trimestre dei consuntivi, dal foglio Quadro"))
    _write(book, region, quarter)
    return book


def _write(book: Book, region: Structure, quarter: int) -> None:
    code = region.code
    guide = book.page("Istruzioni", f"Scheda territoriale: {code}", "guida", banner=2)
    overview = book.page(SHEET, f"Quadro della struttura: {code}", "risultati", banner=10)
    pages = {
        name: book.page(name, title, "dati", book.act_line(code), banner=banner)
        for name, title, banner in _SHEETS
    }
    programme = book.page("Programma", f"Obiettivi di {code}: anno e trimestri", "obiettivi", banner=10)
    fasce = book.page("Fasce", "Fasce e punti del controllo del processo produttivo", "obiettivi")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")
    quarter_cell(overview, code, quarter)
    card = Scorecard(book, region, QUARTER, quarter, _parameters(parameters, book.plan))
    programme_page(programme, card)
    bands = band_table(fasce)
    overview_page(overview, card, _themes(pages, card, bands))
    guide_page(guide, scorecard_guide(card, [name for name, _, _ in _SHEETS]))
    metadata_page(metadata)


def _themes(pages: dict[str, Page], card: Scorecard, bands: Placed) -> dict[str, Outcome | None]:
    """Write the sheets by theme; gives the results that are reported and not weighed."""
    giacenza_page(pages["Giacenza"], card)
    production = production_page(pages["Produzione"], card)
    staff_page(pages["Produttività e personale"], card, production)
    special = quality_pages(pages["Qualità"], pages["Indicatori elementari"], card)
    control_page(pages["Controllo e ricorsi"], card, bands)
    received = projects_page(pages["Progetti"], card)
    plans_page(pages["Piani attività"], card)
    ieep = ieep_page(pages["IEEP"], card)
    cost_index = costs_page(pages["Costi standard"], card)
    profitability_page(pages["Redditività"], card, ieep, production, cost_index)
    spending_page(pages["Spesa"], card)
    gempi = others_page(pages["Altri obiettivi"], card)
    return {
        "Qualità rispetto all'anno precedente (incentivo speciale)": special,
        "Produzione lorda rispetto al piano della struttura": production.outcome,
        "Sussidiarietà ricevuta da altre strutture": received,
        "Banca dati Ge.M.P.I.: errori definiti": gempi,
    }


def _parameters(page: Page, plan: Plan) -> Parameters:
    inner = [node.code for node in plan.nodes_of(TREE) if plan.children(node.code)]
    nodes = [code for code in inner if code not in _BY_FUNCTION]
    values = parameters_page(page, [*nodes, "qualita", "ieep", "costi_standard"], _indicators(plan))
    starts = [*(values.nodes[code].header for code in _NEW_PAGES), values.indicators.header]
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(row_breaks=[header - 2 for header in starts]))
    return values


def _indicators(plan: Plan) -> list[Indicator]:
    """The indicators whose direction the formulas need, each once."""
    whole = [
        i.code
        for system in ("ieep", "qualita", "costi_standard", "gempi")
        for i in plan.indicators_of(system)
    ]
    codes = dict.fromkeys([*leaf_indicators(plan), "produzione.lorda", *whole])
    return [plan.indicators[code] for code in codes]
