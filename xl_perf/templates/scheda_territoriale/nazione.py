"""What the scorecard of the whole institute asks for instead of sums: indices of quality, scores of the regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Datum,
    Row,
    TableSpec,
    Validation,
    outcome,
)
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.scheda_territoriale.base import REMARK, Filled, Outcome, has_target, remark_column
from xl_perf.templates.scheda_territoriale.measures import ACTUAL, CODE, GOAL, ITEM, SCORE, scored_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

CHOICES = (
    "obiettivo_controllo", "quota_capitoli", "media_ricorsi", "media_costi_standard", "media_autofunzionamento",
)  # fmt: skip
"""Parts of the parameters that only the national scorecard has: what it assumes."""
MEANS = "Medie regionali"
"""Name of the sheet."""
STRUCTURE, LOWEST, HIGHEST = "Struttura", "Minimo delle regioni", "Massimo delle regioni"
OUTSIDE = "fuori dai valori delle regioni"

_SCORE = Validation(
    "decimal",
    "Punteggio della regione",
    "Punteggio dell'obiettivo nella scheda della regione: lo porta qui xl-perf collect. Vuoto se non noto.",
    "Inserire un punteggio maggiore o uguale a zero.",
)
_INDEX = Validation(
    "decimal",
    "Indice",
    "Numero indice del Cruscotto Qualità: 100 = obiettivo. Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore di zero.",
    minimum=0.000001,
)


def means_page(page: Page, card: Scorecard) -> str:
    """Write the sheet `Medie regionali`: scores of objectives that have no national target.

    Args:
        page: the empty page.
        card: the scorecard.

    Returns:
        Reference to the mean score of the costi standard; empty where the edition has none.
    """
    parts = _parts(card)
    rows = [Row(region.code, item=region) for region in card.offices]
    columns = [
        Column(STRUCTURE, Kind.KEY, 34, lambda place: place.row.code),
        *(_score_column(card, *part) for part in parts),
        remark_column([title for _, _, title in parts]),
    ]
    table = page.table(TableSpec("tblMedieRegionali", columns, rows, key=STRUCTURE), FIRST_ROW)
    row = table.last + 1
    page.put(row, 1, "Media", Kind.KEY, level=Level.TOTAL)
    page.put(row + 1, 1, "Copertura (regioni rilevate)", Kind.CHECK)
    index, inputs, expected = "", [], 0
    for offset, (role, code, title) in enumerate(parts, 2):
        cells = table.column(title).split("!")[1]
        wanted = sum(_asks(card, role, region.code) for region in card.offices)
        score = page.put(
            row, offset, formulas.mean(cells), Kind.FORMULA, number_format=styles.SCORE, level=Level.TOTAL
        )
        covered = page.put(
            row + 1, offset, f"=COUNT({cells})/{wanted}", Kind.CHECK, number_format=styles.PERCENT_1, align="right"
        )  # fmt: skip
        inputs.append(table.column(title))
        expected += wanted
        if role == "media_costi_standard":
            card.optional[code], index = card.used(role), score
        else:
            card.outcomes[code] = Outcome(
                score, covered, page.name, score, card.values.centre, styles.SCORE, card.used(role)
            )
    page.remark(
        row + 3,
        "Assunzione: questi obiettivi non hanno un valore nazionale. Restano fuori dalla sintesi; con 1 "
        "nel foglio Parametri vale la media dei punteggi delle regioni.",
    )
    page.finish()
    card.filled.append(Filled(page.name, inputs, expected, [table.column(REMARK)]))
    return index


def _parts(card: Scorecard) -> list[tuple[str, str, str]]:
    """What has no national target: part of the choice, code of the node, title."""
    plan, data = card.plan, card.data
    found = [
        (choice, data.role(role))
        for choice, role in (("media_ricorsi", "ricorsi"), ("media_autofunzionamento", "autofunzionamento"))
        if data.has(role)
    ]
    if data.has("indice_costi_standard"):
        indicator = data.role("indice_costi_standard")
        leaves = plan.children(data.role("redditivita"))
        found += [("media_costi_standard", node.code) for node in leaves if node.indicator == indicator]
    return [(choice, code, plan.node(code).title) for choice, code in found]


def _asks(card: Scorecard, role: str, region: str) -> bool:
    """Whether a region has a score of the objective."""
    if role != "media_ricorsi":
        return True
    return has_target(card.plan, card.data.role("giacenza_ricorsi"), region)


def _score_column(card: Scorecard, role: str, code: str, title: str) -> Column:
    def content(place: Place) -> object:
        if not _asks(card, role, place.row.code):
            return Content(None, Kind.LABEL)
        return None

    datum = Datum(KeyKind.STRUCTURE, code, "punteggio", "")
    return Column(title, Kind.INPUT, 30, content, styles.SCORE, validation=_SCORE, datum=datum)


_QUALITY = (
    ("qualita", "indice_qualita", "Efficacia e qualità"),
    ("customer_care", "indice_customer_care", "Customer Care"),
)
"""Parts of the nodes and of their indices, and what the column of the regions' values is called."""


def national_quality_page(page: Page, card: Scorecard) -> None:
    """Write the sheet `Qualità` of the nation: index numbers do not sum, so the national ones are asked for.

    Args:
        page: the empty page.
        card: the scorecard.
    """
    known = [(node, *names) for node, *names in _QUALITY if card.data.has(node)]
    indices = {card.data.role(node): card.data.role(index) for node, index, _ in known}
    heads = {card.data.role(node): head for node, _, head in known}
    top = FIRST_ROW
    below = top + len(indices) + 5
    rows = [Row(region.code, item=region) for region in card.offices]
    columns = [
        Column(STRUCTURE, Kind.KEY, 52, lambda place: place.row.code),
        *(
            Column(title, Kind.INPUT, 18, number_format=styles.RATIO, validation=_INDEX,
                   datum=Datum(KeyKind.STRUCTURE, code, "consuntivo", ""))
            for code, title in heads.items()
        ),
        remark_column(list(heads.values())),
    ]  # fmt: skip
    page.section(below - 1, "Indici delle regioni, dalle loro schede")
    regions = page.table(TableSpec("tblQualitaRegioni", columns, rows, key=STRUCTURE), below)
    page.section(top - 1, "Indici nazionali, dal Cruscotto Qualità")
    table = page.table(_quality_spec(card, indices, heads, regions), top)
    page.remark(
        table.last + 1,
        "Gli indici non si sommano: il valore nazionale deve stare fra il minimo e il massimo delle regioni.",
    )
    for code in indices:
        score, actual, goal = (table.cell(code, heading) for heading in (SCORE, ACTUAL, GOAL))
        card.outcomes[code] = Outcome(score, "", page.name, actual, goal, styles.RATIO)
    page.finish()
    inputs = [table.column(ACTUAL), *(regions.column(head) for head in heads.values())]
    said = [table.column(REMARK), regions.column(REMARK)]
    card.filled.append(Filled(page.name, inputs, len(indices) * (1 + len(rows)), said))


def _quality_spec(
    card: Scorecard, indices: dict[str, str], heads: dict[str, str], regions: Placed
) -> TableSpec:
    def end(function: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cells = regions.column(heads[place.row.code]).split("!")[1]
            return formulas.unless_blank(f"{function}({cells})", cells)

        return content

    def said(place: Place) -> str:
        value, low, high = (place.here(heading) for heading in (ACTUAL, LOWEST, HIGHEST))
        outside = f'AND({low}<>"",OR({value}<{low},{value}>{high}))'
        return f'IF({value}="","",{remarks.remark([(outside, OUTSIDE)], chr(34) + "OK" + chr(34))})'

    columns = [
        Column(ITEM, Kind.LABEL, 52, lambda place: card.plan.node(place.row.code).title, align="wrap"),
        Column(ACTUAL, Kind.INPUT, 18, number_format=styles.RATIO, validation=_INDEX,
               datum=Datum(KeyKind.ITEM, "", "consuntivo", key=CODE)),
        result(LOWEST, 18, end("MIN"), styles.RATIO),
        result(HIGHEST, 18, end("MAX"), styles.RATIO),
        result(GOAL, 16, lambda p: f"={card.goals[indices[p.row.code]]}", styles.RATIO),
        *scored_columns(card, lambda p: card.values.direction(indices[p.row.code]),
                        datum=outcome("punteggio", key=CODE)),
        Column(CODE, Kind.SOURCE, 34, lambda place: place.row.code),
        remark_column([ACTUAL], said, 40),
    ]  # fmt: skip
    return TableSpec("tblQualitaNazionale", columns, [Row(code) for code in indices], key=CODE)
