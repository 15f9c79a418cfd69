"""The sheets `Redditività` and `Costi standard` of `scheda_territoriale.xlsx`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.errors import PlanError
from xl_perf.templates.costi_standard.input import Layout, mean_column, mean_heading
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.scheda_territoriale.base import AMOUNT, REMARK, Filled, remark_column
from xl_perf.templates.scheda_territoriale.measures import ACTUAL, CODE, GAP, Measure, measure_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard
    from xl_perf.templates.scheda_territoriale.produzione import Production

NODE = "redditivita"
"""Part of the tree."""
COSTS = ("Costi totali di CdR", "Costi diretti", "Costo diretto della produzione")
MEASURES = ("totali", "diretti", "produzione")
"""Measures of the costs, in their order."""
NUMBER, RATIO, WEIGHT = "Importo dall'inizio dell'anno (euro)", "Consuntivo / media x 100", "Peso"

_VALUE = Validation(
    "decimal",
    "Valore di consuntivo",
    "Valore dell'indicatore nell'unità della Tabella C (euro, numero o percentuale). Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)


def profitability_page(
    page: Page, card: Scorecard, ieep: str, production: Production, cost_index: str
) -> None:
    """Write the `Redditività` sheet: three costs are asked for, everything else is known.

    Args:
        page: the empty page.
        card: the scorecard.
        ieep: reference to the IEEP of the period.
        production: where the production stands.
        cost_index: reference to the synthetic index of the costi standard.
    """
    page.section(FIRST_ROW - 1, "Costi del centro di responsabilità")
    codes = dict(zip(COSTS, MEASURES, strict=True))
    columns = [
        Column("Costo", Kind.LABEL, 62, lambda place: place.row.code),
        Column(NUMBER, Kind.INPUT, 18, number_format=styles.EURO, validation=AMOUNT,
               datum=Datum(KeyKind.MEASURE, card.data.role("costi"), "", key=CODE)),
        Column(CODE, Kind.LABEL, 18, lambda place: codes[place.row.code]),
    ]  # fmt: skip
    costs = page.table(TableSpec("tblCosti", columns, [Row(name) for name in COSTS]), FIRST_ROW)
    cells = {name: costs.cell(name, NUMBER) for name in COSTS}
    checked = costs.last + 1
    page.put(checked, 1, "Controllo dati", Kind.CHECK)
    total, direct, producing = cells.values()
    cells_of = {name: cell.split("!")[1] for name, cell in cells.items()}
    contradiction = (
        f'IF(COUNT({total},{direct},{producing})=0,"",IF({direct}>{total},"▼ diretti oltre i totali",'
        f'IF({producing}>{direct},"▼ produzione oltre i diretti","OK")))'
    )
    remark = page.put(checked, 2, f"={remarks.on_numbers(cells_of, contradiction)}", Kind.CHECK)
    row = checked + 4
    page.section(row - 1, "Indicatori di redditività e dei costi standard ed economici della gestione")
    measures = _measures(card, cells, ieep, production, cost_index)
    measure_table(page, card, "tblRedditivita", card.data.role(NODE), measures, row)
    page.remark(
        row + len(measures) + 4,
        "IEEP e produzione vengono dai loro fogli: non si inseriscono due volte. La produzione "
        "dell'indicatore 3 è quella delle linee che contano per la produttività.",
    )
    page.finish()
    card.filled.append(Filled(page.name, [costs.column(NUMBER)], len(COSTS), [remark]))


def _measures(
    card: Scorecard, costs: Mapping[str, str], ieep: str, production: Production, cost_index: str
) -> list[Measure]:
    """The measures of the node by the part that their indicators play.

    Raises:
        PlanError: an indicator that plays no part here, or whose parts stand on a sheet that the edition leaves out.
    """
    total, direct, producing = costs.values()
    parts = {
        "indice_redditivita": (ieep, total, styles.RATIO),
        "costi_diretti": (direct, total, styles.PERCENT),
        "costo_produzione": (producing, total, styles.PERCENT),
        "costo_punto": (total, production.productive, styles.EURO_CENTS),
        "indice_costi_standard": (cost_index, "1", styles.RATIO),
    }
    known = {card.data.role(role): part for role, part in parts.items() if card.data.has(role)}
    found = []
    for node in card.plan.children(card.data.role(NODE)):
        above, below, number_format = known.get(node.indicator or "", ("", "", ""))
        if not above or not below:
            raise PlanError(
                f"no way to measure {node.indicator!r} of {node.code}",
                where=card.data.where,
                expected=f"a part among {', '.join(parts)}, with its sheets",
            )
        goal, direction = (
            card.goals.get(node.indicator or "", ""),
            card.values.direction(node.indicator or ""),
        )
        if above == cost_index:
            actual = formulas.shown(cost_index)
            if card.national:
                goal, direction, number_format = card.values.centre, "1", styles.SCORE
            found.append(Measure(node.code, node.title, actual, goal, direction, number_format))
            continue
        found.append(
            Measure(node.code, node.title, "{above}/{below}", goal, direction, number_format, above, below)
        )
    return found


def costs_page(page: Page, card: Scorecard) -> str:
    """Write the `Costi standard` sheet: Tabella C of the cluster, the actuals, the synthetic index.

    Args:
        page: the empty page.
        card: the scorecard.

    Returns:
        Reference to the synthetic index of the actuals.
    """
    layout, region, cluster = Layout.of(card.plan, card.data), card.region.code, card.region.cluster or ""
    members = list(layout.clusters[cluster])
    group, own_group = f"TABELLA C, CLUSTER {cluster}", region
    held = [
        target_column(card.plan, code, 14, "indicatore", code, layout.number_format, group=group)
        for code in members
    ]
    mean, weights_node = mean_heading(cluster), layout.weights

    def gap(place: Place) -> object:
        value = place.here(ACTUAL)
        rest = f"{card.values.direction(place.row.code)},{card.values.cap}"
        return formulas.unless_empty(f"PERF_SCOSTAMENTO({value},{place.here(region)},{rest})", value)

    def ratio(place: Place) -> object:
        return formulas.unless_empty(f"100*{place.here(ACTUAL)}/{place.here(mean)}", place.here(ACTUAL))

    columns = [
        Column("Indicatore", Kind.LABEL, 62, lambda place: place.row.item.title, group="Indicatore"),
        Column(
            ACTUAL, Kind.INPUT, 15, number_format=layout.number_format, validation=_VALUE,
            group=own_group, datum=Datum(KeyKind.ITEM, "", "consuntivo"),
        ),
        result(GAP, 14, gap, styles.DEVIATION, group=own_group, judged_by="*"),
        result(RATIO, 14, ratio, styles.RATIO, group=own_group),
        result(
            WEIGHT, 9, lambda p: f"={card.values.weight(weights_node, p.row.code)}", styles.PERCENT,
            group=own_group,
        ),
        *held,
        mean_column(cluster, members, layout.number_format, group),
        source_column(card.plan, held, width=34, group="FONTE"),
        Column(CODE, Kind.SOURCE, 40, lambda place: place.row.code, group="FONTE"),
        replace(remark_column([ACTUAL]), group="FONTE"),
    ]  # fmt: skip
    table = page.table(
        TableSpec("tblCostiStandard", columns, layout.rows, key=CODE, source="Fonte"), FIRST_ROW + 1
    )
    actuals, means, weights = (table.column(heading).split("!")[1] for heading in (ACTUAL, mean, WEIGHT))
    row, wanted = table.last + 2, card.goals[card.data.role("indice_costi_standard")]
    index = formulas.unless_all_empty(f"COSTO_STANDARD({actuals},{means},{weights})", actuals)
    lines = (
        ("Indice sintetico di consuntivo", index, styles.RATIO, Kind.FORMULA),
        ("Obiettivo (indice pubblicato)", f"={wanted}", styles.RATIO, Kind.FORMULA),
        ("Copertura (peso degli indicatori rilevati)", f"=PERF_COPERTURA({actuals},{weights})", styles.PERCENT_1,
         Kind.CHECK),
    )  # fmt: skip
    found = []
    for offset, (label, formula, number_format, kind) in enumerate(lines):
        level = Level.TOTAL if kind is Kind.FORMULA else Level.LEAF
        page.put(row + offset, 1, label, Kind.KEY if kind is Kind.FORMULA else Kind.CHECK, level=level)
        found.append(
            page.put(row + offset, 2, formula, kind, number_format=number_format, level=level, align="right")
        )
    page.finish(setup=PrintSetup(across=2))
    card.filled.append(Filled(page.name, [table.column(ACTUAL)], len(layout.rows), [table.column(REMARK)]))
    return found[0]
