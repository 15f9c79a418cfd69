"""The `Produttività e personale` sheet of `scheda_territoriale.xlsx`: productivity, three shares of the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.errors import PlanError
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.model import Column, Content, Datum, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.sums import Subtotals
from xl_perf.templates.scheda_territoriale import nazione_personale as national
from xl_perf.templates.scheda_territoriale.base import AMOUNT, MONTHS_OF_QUARTER, Filled, remark_cell
from xl_perf.templates.scheda_territoriale.cluster import SUPPORT_PART, cluster_spec, clusters_of
from xl_perf.templates.scheda_territoriale.measures import Measure, measure_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard
    from xl_perf.templates.scheda_territoriale.produzione import Production

NODE = "produttivita"
"""Part of the tree."""
PRODUCTIVITY, PRODUCTION_SHARE, REGIONAL_SHARE = (
    "indice_produttivita", "personale_produzione", "personale_regionale",
)  # fmt: skip
"""Parts of the indicators."""
OFFICE, STAFF, PRODUCING, SUPPORT, CLUSTER = (
    "Struttura", "Personale totale", "di cui in produzione", "di cui di supporto", "Cluster",
)  # fmt: skip
BROKEN = "un dato delle sedi non è un numero"
SUPPORT_SHARE, SUPPORT_GOAL, EXPECTED, CHECK = (
    "Quota di supporto", "Obiettivo del cluster", "Supporto secondo l'obiettivo", "Controllo dati",
)  # fmt: skip
_COMPLETE = "Personale con l'obiettivo"
LIST = "Elenco_cluster_supporto"

_CLUSTER = Validation(
    "list",
    "Cluster della struttura",
    "Cluster della struttura secondo il paragrafo 9.2 del SMVP: dà l'obiettivo della quota di supporto.",
    "Scegliere un cluster dall'elenco.",
    source=LIST,
)


def staff_page(page: Page, card: Scorecard, production: Production) -> str:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.
        production: where the production stands.

    Returns:
        Reference to the staff of the region, for other ratios.
    """
    node = card.data.role(NODE)
    top, rows = FIRST_ROW, len(card.plan.children(node))
    office_row = top + rows + 6
    if card.national:
        page.section(office_row - 1, "Personale delle regioni e delle loro Direzioni")
        offices = page.table(national.national_staff_spec(card), office_row)
        last = offices.last + 8
    else:
        offices, last = _offices(page, card, office_row)
    given = _inputs(page, card, offices.last + 2, offices)
    page.section(top - 1, "Produttività e impiego delle risorse")
    measure_table(page, card, "tblProduttivita", node, _measures(card, production, offices, given), top)
    of = "delle regioni" if card.national else "dei cluster"
    page.remark(
        last + 1,
        "Le quote della struttura sono rapporti fra somme; l'obiettivo della quota di supporto è la "
        f"media degli obiettivi {of} pesata con il personale (assunzione).",
    )
    page.finish(setup=PrintSetup(across=2))
    return given["total"]


def _offices(page: Page, card: Scorecard, row: int) -> tuple[Placed, int]:
    """The offices, and below them the clusters; gives the table of the offices and the last row."""
    clusters_row = row + len(card.offices) + 11
    page.section(clusters_row - 1, "Obiettivi del personale di supporto per cluster")
    clusters = page.table(cluster_spec(card), clusters_row)
    page.book.define(LIST, clusters.column("Cluster di supporto"))
    page.section(row - 1, "Personale delle strutture di produzione")
    return page.table(_office_spec(card, clusters), row), clusters.last


def _office_spec(card: Scorecard, clusters: Placed) -> TableSpec:
    offices = [Row(s.code, item=s) for s in card.offices]
    codes = [row.code for row in offices]
    rows = [*offices, Row(card.region.code, Level.TOTAL, card.region)]
    sums = Subtotals(dict.fromkeys(codes, card.region.code), (STAFF, PRODUCING, SUPPORT, EXPECTED))
    names, goals = clusters.column("Cluster di supporto"), clusters.column("Quota obiettivo")

    def summed(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            if place.row.level is Level.LEAF:
                return None
            return Content(sums.content(place, heading), Kind.FORMULA)

        return content

    def share(place: Place) -> object:
        part, whole = place.here(SUPPORT), place.here(STAFF)
        return formulas.complete(f"{part}/{whole}", part, whole)

    def goal(place: Place) -> object:
        if place.row.level is Level.LEAF:
            picked = place.here(CLUSTER)
            return f'=IF({picked}="","",INDEX({goals},MATCH({picked},{names},0)))'
        expected = place.here(EXPECTED)
        return formulas.unless_empty(f"{expected}/SUM({place.table.column(_COMPLETE)})", expected)

    def complete(place: Place) -> object:
        """The staff of an office whose expected support is known."""
        if place.row.level is not Level.LEAF:
            return None
        return f'=IF({place.here(EXPECTED)}="",0,{place.here(STAFF)}*1)'

    def expected(place: Place) -> object:
        if place.row.level is not Level.LEAF:
            return sums.content(place, EXPECTED)
        whole, wanted = place.here(STAFF), place.here(SUPPORT_GOAL)
        return formulas.complete(f"{whole}*{wanted}", whole, place.here(SUPPORT), wanted)

    def cluster(place: Place) -> object:
        if place.row.level is not Level.LEAF:
            return Content(None, Kind.LABEL)
        lines = clusters_of(card)
        return lines[codes.index(place.row.code) % len(lines)].title if card.book.example else None

    def datum(measure: str, species: Species = Species.FACT) -> Datum:
        return Datum(KeyKind.STRUCTURE, card.data.role("personale_sedi"), measure, "", species=species)

    columns = [
        Column(OFFICE, Kind.KEY, 52, lambda place: place.row.code),
        Column(STAFF, Kind.INPUT, 16, summed(STAFF), "#,##0.0", validation=AMOUNT, datum=datum("totale")),
        Column(
            PRODUCING, Kind.INPUT, 16, summed(PRODUCING), "#,##0.0",
            validation=AMOUNT, datum=datum("produzione"),
        ),
        Column(
            SUPPORT, Kind.INPUT, 16, summed(SUPPORT), "#,##0.0", validation=AMOUNT,
            datum=datum("supporto"),
        ),
        Column(
            CLUSTER, Kind.INPUT, 26, cluster, align="left", validation=_CLUSTER,
            datum=datum("cluster", Species.SETTING),
        ),
        Column(SUPPORT_SHARE, Kind.FORMULA, 14, share, styles.PERCENT),
        Column(SUPPORT_GOAL, Kind.FORMULA, 14, goal, styles.PERCENT,
               datum=Datum(KeyKind.STRUCTURE, card.data.role(SUPPORT_PART), "obiettivo", "")),
        Column(EXPECTED, Kind.FORMULA, 26, expected, "#,##0.0"),
        Column(CHECK, Kind.CHECK, 34, _remark(names), judged_by=CHECK),
        *sums.columns(),
        check(_COMPLETE, 16, complete, "#,##0.0"),
    ]  # fmt: skip
    return TableSpec("tblPersonaleSedi", columns, rows, key=OFFICE)


def _remark(names: str) -> Callable[[Place], object]:
    """What is wrong in a row; see `scheda_base.remark_column`.

    Args:
        names: reference to the list of the clusters.
    """

    def content(place: Place) -> object:
        cells = {heading: place.here(heading) for heading in (STAFF, PRODUCING, SUPPORT)}
        whole, producing, support = cells.values()
        count, leaf = f"COUNT({place.across(STAFF, SUPPORT)})", place.row.level is Level.LEAF
        lacking = f'IF({place.here(CLUSTER)}="","▼ manca il cluster","OK")' if leaf else '"OK"'
        said = (
            f'IF({count}=0,"",IF({count}<{len(cells)},"dati parziali",IF({producing}+{support}>{whole},'
            f'"▼ parti oltre il totale",{lacking})))'
        )
        if not leaf:
            broken = remarks.remark(
                [(f"COUNTBLANK({place.across(STAFF, SUPPORT)})+{count}<{len(cells)}", BROKEN)], said
            )
            return f"={broken}"
        listed = (remarks.not_listed(place.here(CLUSTER), names), f"{CLUSTER}: {remarks.NO_CHOICE}")
        return f"={remarks.on_numbers(cells, remarks.remark([listed], said))}"

    return content


def _inputs(page: Page, card: Scorecard, row: int, offices: Placed) -> dict[str, str]:
    """Three numbers of the whole region, below the offices; gives references to what ratios use.

    Of the nation the Direzioni stand in the table: one number is left.
    """
    region, staff = card.region.code, offices.cell(card.region.code, STAFF)
    texts = (
        ("resources", "Risorse medie delle aree di produzione (senza ispettori, sportello e consulenza)",
         card.data.role(PRODUCTIVITY), "risorse", "Risorse_della_produzione"),
        ("own", f"Personale della Direzione {region}",
         card.data.role("personale_direzione"), "totale", "Personale_della_Direzione"),
        ("other", "Totale delle risorse della regione, se diverso dalla somma (facoltativo)",
         card.data.role("personale_regione"), "totale", "Personale_della_regione"),
    )[: 1 if card.national else None]  # fmt: skip
    found, said = {}, []
    for offset, (key, label, item, measure, name) in enumerate(texts):
        page.put(row + offset, 1, label, Kind.KEY, align="wrap")
        found[key] = page.put(
            row + offset, 2, None, Kind.INPUT, number_format="#,##0.0", validation=AMOUNT,
            datum=Datum(KeyKind.CELL, item, measure), name=name,
        )  # fmt: skip
        said.append(remark_cell(page, row + offset, 3, label, f"B{row + offset}"))
    at = row + len(texts)
    if card.national:
        found["own"], found["total"] = (
            offices.cell(region, national.OWN),
            offices.cell(region, national.TOTAL),
        )
    else:
        page.put(at, 1, "Totale delle risorse in uso", Kind.KEY)
        own, other = found["own"], found["other"]
        total = f'=IF({other}="",IF({own}="","",IF({staff}="","",{own}+{staff})),{other}*1)'
        found["total"] = page.put(at, 2, total, Kind.FORMULA, number_format="#,##0.0")
    page.put(at + 1, 1, "Mesi del periodo", Kind.KEY)
    months = formulas.unless_empty(f"{MONTHS_OF_QUARTER}*{card.quarter}", card.quarter)
    found["months"] = page.put(at + 1, 2, months, Kind.FORMULA, number_format="0")
    codes = [s.code for s in card.offices]
    first, last = offices.numbers[codes[0]], offices.numbers[codes[-1]]
    end = national.SUPPORT_GOAL if card.national else SUPPORT
    block = f"'{page.name}'!${offices.letters[STAFF]}${first}:${offices.letters[end]}${last}"
    own = (
        f"'{page.name}'!${offices.letters[national.OWN]}${first}:${offices.letters[national.OWN]}${last}"
        if card.national
        else found["own"]
    )
    expected = 5 * len(codes) + 1 if card.national else 3 * len(codes) + 2
    inputs, totals = [block, found["resources"], own], []
    if not card.national:
        inputs[0] = offices.block(STAFF, end)
        totals = [f"-COUNT({offices.across(region, STAFF, end)})"]
    card.filled.append(Filled(page.name, inputs, expected, [offices.column(CHECK), *said], totals))
    return found


def _goal(card: Scorecard, role: str, code: str, offices: Placed) -> str:
    """The target of a measure: of shares that the plan gives to parts of the structure only their mean."""
    if role == SUPPORT_PART:
        return offices.cell(card.region.code, national.SUPPORT_GOAL if card.national else SUPPORT_GOAL)
    if role == REGIONAL_SHARE and card.national:
        return offices.cell(card.region.code, national.OWN_GOAL)
    return card.goals[code]


def _measures(
    card: Scorecard, production: Production, offices: Placed, given: dict[str, str]
) -> list[Measure]:
    """The measures of the node by the part that their indicators play.

    Raises:
        PlanError: an indicator that plays no part here.
    """
    region, staff = card.region.code, offices.cell(card.region.code, STAFF)
    index, share = f"PRODUTTIVITA_INDEX({{above}},{{below}},{given['months']})", "{above}/{below}"
    parts = {
        PRODUCTIVITY: (index, "0.00", production.productive, given["resources"]),
        PRODUCTION_SHARE: (share, styles.PERCENT, offices.cell(region, PRODUCING), staff),
        SUPPORT_PART: (share, styles.PERCENT, offices.cell(region, SUPPORT), staff),
        REGIONAL_SHARE: (share, styles.PERCENT, given["own"], given["total"]),
    }
    known = {card.data.role(role): (role, *part) for role, part in parts.items() if card.data.has(role)}
    found = []
    for node in card.plan.children(card.data.role(NODE)):
        code = node.indicator or ""
        if code not in known:
            raise PlanError(
                f"no way to measure {code!r} of {node.code}",
                where=card.data.where,
                expected=f"a part among {', '.join(parts)}",
            )
        role, actual, number_format, above, below = known[code]
        goal = _goal(card, role, code, offices)
        direction = card.values.direction(code)
        found.append(
            Measure(node.code, node.title, actual, goal, direction, number_format, above, below, "#,##0.0")
        )
    return found
