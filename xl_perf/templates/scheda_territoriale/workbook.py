"""`scheda_territoriale.xlsx`: the scorecard of one region or DCM, its five perspectives and every objective."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, UnknownNameError
from xl_perf.templates.controllo_processo.workbook import band_table
from xl_perf.templates.kit import links
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.guide import NOTES, START
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameters import Parameters, finish, parameters_page
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.scheda_territoriale.altri import others_page
from xl_perf.templates.scheda_territoriale.andamento import SHEET as TREND
from xl_perf.templates.scheda_territoriale.andamento import trend_page, trend_spec
from xl_perf.templates.scheda_territoriale.base import (
    Outcome,
    Scorecard,
    leaf_indicators,
    objectives,
    tree_of,
)
from xl_perf.templates.scheda_territoriale.controllo import control_page
from xl_perf.templates.scheda_territoriale.finanza import costs_page, profitability_page
from xl_perf.templates.scheda_territoriale.giacenza import giacenza_page
from xl_perf.templates.scheda_territoriale.guide import scorecard_guide
from xl_perf.templates.scheda_territoriale.ieep import ieep_page
from xl_perf.templates.scheda_territoriale.nazione import CHOICES, MEANS, means_page, national_quality_page
from xl_perf.templates.scheda_territoriale.nazione_produzione import national_production_page
from xl_perf.templates.scheda_territoriale.personale import staff_page
from xl_perf.templates.scheda_territoriale.piani import plans_page
from xl_perf.templates.scheda_territoriale.produzione import Production, production_page
from xl_perf.templates.scheda_territoriale.progetti import projects_page
from xl_perf.templates.scheda_territoriale.programma import programme_page
from xl_perf.templates.scheda_territoriale.quadro import (
    COMPLETENESS,
    QUARTER,
    SHEET,
    overview_page,
    quarter_cell,
)
from xl_perf.templates.scheda_territoriale.qualita import quality_pages
from xl_perf.templates.scheda_territoriale.spesa import spending_page

if TYPE_CHECKING:
    from xl_perf.plan.model import Indicator, Plan, Structure
    from xl_perf.templates.kit.example import Example
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page

TEMPLATE = "scheda_territoriale"
QUARTERS = (1, 2, 3, 4)

PRODUCTS = "Prodotti"
"""Sheet of the products that the lines of production are made of."""


@dataclass(frozen=True, slots=True)
class _Theme:
    """A sheet to fill in: it is there when the edition fills one of its parts."""

    sheet: str
    title: str
    banner: int
    roles: tuple[str, ...]


_THEMES = (
    _Theme("Giacenza", "Indici di giacenza e di deflusso", 8, ("giacenza_deflusso",)),
    _Theme("Produzione", "Produzione omogeneizzata", 6, ("produzione_totale",)),
    _Theme(PRODUCTS, "Prodotti: pezzi definiti e coefficienti", 6, ("produzione_totale",)),
    _Theme("Produttività e personale", "Produttività e impiego delle risorse", 6, ("produttivita",)),
    _Theme("Indicatori elementari", "Cruscotto qualità: indicatori elementari da inserire", 6, ("aree_qualita",)),
    _Theme("Qualità", "Cruscotto qualità: indici delle aree e indice sintetico", 6, ("aree_qualita",)),
    _Theme(
        "Controllo e ricorsi", "Controllo del processo produttivo e ricorsi amministrativi", 4, ("controllo", "ricorsi")
    ),
    _Theme("Progetti", "Progetti di miglioramento e sussidiarietà", 6, ("progetti", "sussidiarieta")),
    _Theme("Piani attività", "Piani delle attività della Direzione (autofunzionamento)", 6, ("autofunzionamento",)),
    _Theme("IEEP", "Indicatore di efficacia economico-finanziaria della produzione (IEEP)", 6, ("ieep",)),
    _Theme("Redditività", "Redditività e indicatori economici della gestione", 6, ("redditivita",)),
    _Theme("Costi standard", "Costi standard: consuntivi e valori del cluster", 6, ("indice_costi_standard",)),
    _Theme("Spesa", "Gestione della spesa", 6, ("spesa",)),
    _Theme(MEANS, "Punteggi delle regioni che non si sommano", 6, ("ricorsi", "autofunzionamento", "redditivita")),
    _Theme(
        "Altri obiettivi", "Visite mediche, dismissione, obiettivi di ente, Ge.M.P.I.", 6,
        ("visite_mediche", "dismissione", "obiettivi_ente", "errori_gempi"),
    ),
)  # fmt: skip
REGIONAL_SHEETS = (PRODUCTS, "Indicatori elementari", "Piani attività", "Costi standard")
"""Sheets that the nation does not have."""
NATIONAL_SHEETS = (MEANS,)
"""Sheets that the nation alone has."""
_OBJECTIVES = (
    "qualita", "produttivita", "giacenza_deflusso", "controllo", "ricorsi", "progetti", "sussidiarieta",
    "autofunzionamento", "ieep", "redditivita", "visite_mediche", "spesa", "dismissione", "obiettivi_ente",
    "customer_care",
)  # fmt: skip
"""Parts that an objective of the tree may play."""


def build(plan: Plan, example: Example | None) -> Book:
    """The official workbook: the scorecard of the edition's region for it, or its example.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.

    Raises:
        PlanError: the edition has no data for the scorecard, or names no region for it.
    """
    data = plan.model(TEMPLATE)
    if not data.structure:
        raise PlanError(
            "no region for the official scorecard", where=data.where, remedy="add struttura = <code>"
        )
    return build_scorecard(plan, data.structure, QUARTERS[-1], example=example)


def build_scorecard(
    plan: Plan, structure: str, quarter: int, *, example: Example | None = None, plain: bool = False
) -> Book:
    """The scorecard of a region or DCM.

    Args:
        plan: the edition.
        structure: code or alias of a region or DCM.
        quarter: quarter that the results are for, 1 to 4; a cell of the workbook that can be changed.
        example: the facts to fill the inputs with; None for a workbook to fill in.
        plain: only what is calculated.

    Raises:
        PlanError: an unknown structure, or none that has a scorecard; another quarter; an objective of the tree that no
            sheet measures.
    """
    region = plan.structure(structure)
    if not region.is_regional and region.code != plan.national:
        raise UnknownNameError(
            f"{region.code} has no scorecard of its own: it is a {region.kind}",
            where=plan.id,
            expected=f"a region, a DCM or {plan.national}",
            remedy=f"offices are filled in within the scorecard of {region.parent}" if region.parent else "",
        )
    if quarter not in QUARTERS:
        raise PlanError(f"there is no quarter {quarter}", expected="1, 2, 3 or 4")
    book = Book(
        plan, TEMPLATE, f"Scheda territoriale - {region.code}", example=example,
        structure=region.code, quarter=quarter, plain=plain,
    )  # fmt: skip
    _refuse_unmeasured(book)
    book.facts.append(("trimestre", f"={QUARTER}", "Trimestre dei consuntivi, dal foglio Quadro"))
    _write(book, region, quarter)
    return book


def _refuse_unmeasured(book: Book) -> None:
    """An objective without a part would have no sheet, and its weight would go to the others without a word."""
    data = book.data
    known = {data.role(role) for role in _OBJECTIVES if data.has(role)}
    for _, children in objectives(book.plan, data.role("albero")):
        for node in children:
            if node.code not in known:
                raise PlanError(
                    f"no sheet of the scorecard measures the objective {node.code!r}",
                    where=data.where,
                    expected=f"a part among {', '.join(_OBJECTIVES)}",
                )


def _write(book: Book, region: Structure, quarter: int) -> None:
    code = region.code
    guide = book.page(START, f"Scheda territoriale: {code}", "guida", banner=2)
    overview = book.page(SHEET, f"Quadro della struttura: {code}", "risultati", banner=10)
    trend = book.page(TREND, f"Andamento dei trimestri: {code}", "risultati", banner=6)
    below = book.page(COMPLETENESS, "Compilazione dei fogli e misure fuori sintesi", "risultati", banner=6)
    pages = {
        theme.sheet: book.page(theme.sheet, theme.title, "dati", book.act_line(code), banner=theme.banner)
        for theme in _THEMES
        if any(book.data.has(role) for role in theme.roles)
        and theme.sheet not in (REGIONAL_SHEETS if code == book.plan.national else NATIONAL_SHEETS)
    }
    programme = book.page("Programma", f"Obiettivi di {code}: anno e trimestri", "obiettivi", banner=10)
    fasce = book.page("Fasce", "Fasce e punti del controllo del processo produttivo", "obiettivi")
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri, pesi e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")
    quarter_cell(overview, code, quarter)
    values = _parameters(parameters, national=code == book.plan.national)
    card = Scorecard(book, region, QUARTER, quarter, values)
    programme_page(programme, card)
    bands = band_table(fasce)
    card.trend = trend.geometry(trend_spec(card), FIRST_ROW + 1)
    overview_page(overview, below, card, _themes(pages, card, bands))
    trend_page(trend, card)
    links.from_rows(
        book,
        "tblQuadro",
        lambda row: card.outcomes[row.code].sheet if row.code in card.outcomes else "",
    )
    links.from_rows(book, "tblSintesi", TREND)
    links.from_rows(book, "tblCompilazione", lambda row: row.code)
    links.home(book)
    guide_pages(guide, notes, scorecard_guide(card, list(pages)))
    metadata_page(metadata)


def _themes(pages: dict[str, Page], card: Scorecard, bands: Placed) -> dict[str, Outcome | None]:
    """Write the sheets by theme; gives the results that are reported and not weighed."""
    others: dict[str, Outcome | None] = {}
    production = Production(None, "")
    if "Giacenza" in pages:
        giacenza_page(pages["Giacenza"], card)
    if "Produzione" in pages:
        if card.national:
            production = national_production_page(pages["Produzione"], card)
        else:
            production = production_page(pages["Produzione"], pages[PRODUCTS], card)
    if "Produttività e personale" in pages:
        staff_page(pages["Produttività e personale"], card, production)
    means = means_page(pages[MEANS], card) if MEANS in pages else ""
    if "Qualità" in pages and card.national:
        national_quality_page(pages["Qualità"], card)
    elif "Qualità" in pages:
        special = quality_pages(pages["Qualità"], pages["Indicatori elementari"], card)
        others["Qualità rispetto all'anno precedente (incentivo speciale)"] = special
    others["Produzione lorda rispetto al piano della struttura"] = production.outcome
    if "Controllo e ricorsi" in pages:
        control_page(pages["Controllo e ricorsi"], card, bands)
    if "Progetti" in pages:
        received = projects_page(pages["Progetti"], card)
        others["Sussidiarietà ricevuta da altre strutture"] = received
    if "Piani attività" in pages:
        plans_page(pages["Piani attività"], card)
    _finance(pages, card, production, means)
    if "Altri obiettivi" in pages:
        others["Banca dati Ge.M.P.I.: errori definiti"] = others_page(pages["Altri obiettivi"], card)
    return others


def _finance(pages: dict[str, Page], card: Scorecard, production: Production, means: str) -> None:
    """`means` refers to the mean score of the costi standard, where the regions' own are all that is known."""
    ieep = ieep_page(pages["IEEP"], card) if "IEEP" in pages else ""
    cost_index = costs_page(pages["Costi standard"], card) if "Costi standard" in pages else means
    if "Redditività" in pages:
        profitability_page(pages["Redditività"], card, ieep, production, cost_index)
    if "Spesa" in pages:
        spending_page(pages["Spesa"], card)


def _parameters(page: Page, *, national: bool) -> Parameters:
    """The sheet `Parametri`; the disposal has no weights: its score is a function of the plan, not a mean."""
    plan, data = page.book.plan, page.book.data
    function = data.role("dismissione") if data.has("dismissione") else ""
    nodes = [data.role("gestionale" if national else "albero")]
    for node, children in tree_of(plan, data, national=national):
        below = (child.code for child in children if plan.children(child.code) and child.code != function)
        nodes += [node.code, *below]
    sets = ("pesi_ieep",) if national else ("aree_qualita", "pesi_ieep", "pesi_costi_standard")
    nodes += [data.role(role) for role in sets if data.has(role)]
    more = [data.role(role) for role in CHOICES if data.has(role)] if national else []
    values = parameters_page(page, nodes, _indicators(page.book), more=more)
    finish(page)
    return values


def _indicators(book: Book) -> list[Indicator]:
    """The indicators whose direction the formulas need, each once."""
    plan, data = book.plan, book.data
    systems = dict.fromkeys(
        plan.indicators[data.role(role)].system
        for role in ("totale_ieep", "indice_qualita", "indice_costi_standard", "errori_gempi")
        if data.has(role)
    )
    whole = [i.code for system in systems for i in plan.indicators_of(system)]
    own = [data.role("produzione_lorda")] if data.has("produzione_lorda") else []
    codes = dict.fromkeys([*leaf_indicators(plan, data.role("albero")), *own, *whole])
    return [plan.indicators[code] for code in codes]
