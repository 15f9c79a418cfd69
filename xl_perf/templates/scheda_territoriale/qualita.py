"""The sheets `Qualità` and `Indicatori elementari` of `scheda_territoriale.xlsx`: indicators by area, two indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.scheda_territoriale.base import (
    Filled,
    Outcome,
)
from xl_perf.templates.scheda_territoriale.elementari import (
    AREA,
    AREA_CODE,
    BEFORE,
    CHECK,
    CUSTOMER,
    ON_BEFORE,
    ON_BUDGET,
    USED,
    VALUE,
    WEIGHT,
    codes_of,
    elementary_page,
)
from xl_perf.templates.scheda_territoriale.incentivi import INDEX, PREVIOUS, incentives

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

TREE, NODE, CUSTOMER_NODE = "aree_qualita", "qualita", "customer_care"
"""Parts of the trees."""
COVERED, SCORE, VERDICT = "Copertura", "Punteggio sul budget", "Esito"
ORDER, _APART = "Controllo dell'ordine", "▼ rimettere gli indicatori elementari in ordine di area"


def quality_pages(page: Page, detail_page: Page, card: Scorecard) -> Outcome:
    """Write both sheets.

    Args:
        page: the empty page of the indices.
        detail_page: the empty page of the elementary indicators.
        card: the scorecard.

    Returns:
        The result on the previous year, which the incentivo speciale looks at.
    """
    areas = card.plan.children(card.data.role(TREE))
    detail = elementary_page(detail_page, card, areas)
    page.section(FIRST_ROW - 1, "Indici delle aree e indice sintetico")
    table = page.table(_area_spec(card, areas, detail), FIRST_ROW)
    before = _totals(page, card, table)
    page.finish()
    said = [detail.column(CHECK), table.column(ORDER)]
    card.filled.append(Filled(detail_page.name, [detail.block(VALUE, BEFORE)], 0, said))
    return before


def _area_spec(card: Scorecard, areas: Sequence[Node], detail: Placed) -> TableSpec:
    values, root = card.values, card.data.role(TREE)

    def cells(place: Place, heading: str) -> str:
        codes = codes_of(place.row.item)
        first, last = (detail.numbers[codes[0]], detail.numbers[codes[-1]])
        return f"'{detail.sheet}'!${detail.letters[heading]}${first}:${detail.letters[heading]}${last}"

    def index(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            found, weights = cells(place, heading), cells(place, WEIGHT)
            made = formulas.unless_blank(f"PERF_SINTESI({found},{weights})", found)
            return f'=IF({place.here(ORDER)}<>"OK",#VALUE!,{made[1:]})'

        return content

    def order(place: Place) -> object:
        """Whether the rows of the area stand together, as the index takes them: who sorts may move them apart."""
        codes = cells(place, AREA_CODE)
        return f'=IF(COUNTIF({codes},{place.here("Codice")})=ROWS({codes}),"OK","{_APART}")'

    def coverage(place: Place) -> object:
        found, weights = cells(place, ON_BUDGET), cells(place, WEIGHT)
        return f"=IF(SUM({cells(place, USED)})=0,0,PERF_COPERTURA({found},{weights}))"

    def score(place: Place) -> object:
        value = place.here(ON_BUDGET)
        rest = f"{card.goals[place.row.item.indicator]},{values.direction(place.row.item.indicator)},{values.cap}"
        return formulas.unless_empty(f"PERF_SCORE({value},{rest})", value)

    columns = [
        Column(AREA, Kind.KEY, 46, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.SOURCE, 54, lambda place: place.row.code),
        result("Peso", 13, lambda place: f"={values.weight(root, place.row.code)}", styles.PERCENT),
        result(ON_BUDGET, 13, index(ON_BUDGET), styles.RATIO),
        result(ON_BEFORE, 13, index(ON_BEFORE), styles.RATIO),
        check(COVERED, 13, coverage, styles.PERCENT_1),
        result(SCORE, 13, score, styles.SCORE, judged_by=VERDICT),
        verdict_column(values, SCORE, VERDICT),
        Column(ORDER, Kind.CHECK, 46, order, judged_by=ORDER),
    ]
    return TableSpec("tblAreeQualita", columns, [Row(area.code, item=area) for area in areas], key="Codice")


def _totals(page: Page, card: Scorecard, table: Placed) -> Outcome:
    """Lines below the areas: the two indices, their scores, coverage, what they mean for the incentives."""
    values, row = card.values, table.last + 1
    weights, covered = (table.column(heading).split("!")[1] for heading in ("Peso", COVERED))
    now, previous = card.data.role(INDEX), card.data.role(PREVIOUS)
    pairs = (
        ("Indice sintetico rispetto al budget", ON_BUDGET, card.goals[now], now, "sul_budget"),
        (
            "Indice sintetico rispetto all'anno precedente",
            ON_BEFORE,
            card.goals[previous],
            previous,
            "sull_anno_prima",
        ),
    )
    places = {heading: at for at, heading in enumerate(table.letters, start=1)}
    found: list[tuple[str, str, str]] = []
    coverage = ""
    for offset, (label, heading, goal, indicator, name) in enumerate(pairs):
        at, cells = row + offset, table.column(heading).split("!")[1]
        mark, column = table.letters[heading], places[heading]
        value = formulas.unless_blank(f"PERF_SINTESI({cells},{weights})", cells)
        call = f"PERF_SCORE({mark}{at},{goal},{values.direction(indicator)},{values.cap})"
        for blank in range(2, places[SCORE]):
            page.put(at, blank, None, Kind.FORMULA, level=Level.TOTAL)
        page.put(at, 1, label, Kind.KEY, level=Level.TOTAL)
        index = page.put(at, column, value, Kind.FORMULA, number_format=styles.RATIO, level=Level.TOTAL)
        rest, share = f"=SUMPRODUCT({weights}*{covered})", styles.PERCENT_1
        coverage = page.put(at, places[COVERED], rest, Kind.CHECK, number_format=share, level=Level.TOTAL,
        align="right")  # fmt: skip
        scored = formulas.unless_empty(call, f"{mark}{at}")
        score = page.put(at, places[SCORE], scored, Kind.FORMULA, number_format=styles.SCORE,
        level=Level.TOTAL)  # fmt: skip
        page.book.proposed[page.name, at, column] = f"Indice_{name}"
        page.book.proposed[page.name, at, places[SCORE]] = f"Punteggio_{name}"
        points, said = (f"{table.letters[heading]}{at}" for heading in (SCORE, VERDICT))
        words = formulas.verdict(points, values.band, values.centre)
        page.put(at, places[VERDICT], words, Kind.FORMULA, align="left", level=Level.TOTAL)
        judge_cells(page.sheet, f"{points}:{said}", f"${table.letters[VERDICT]}${at}")
        found.append((score, index, goal))
    indices = [f"{table.letters[heading]}{row + i}" for i, heading in enumerate((ON_BUDGET, ON_BEFORE))]
    incentives(page, card, row + len(pairs) + 1, *indices)
    ordinary, special = (Outcome(s, coverage, page.name, i, g, styles.RATIO) for s, i, g in found)
    card.outcomes[card.data.role(NODE)] = ordinary
    if card.data.has(CUSTOMER_NODE):
        indicator = card.data.role(CUSTOMER)
        area = next(a.code for a in card.plan.children(card.data.role(TREE)) if a.indicator == indicator)
        card.outcomes[card.data.role(CUSTOMER_NODE)] = Outcome(
            table.cell(area, SCORE), table.cell(area, COVERED), page.name, table.cell(area, ON_BUDGET),
            card.goals[indicator], styles.RATIO,
        )  # fmt: skip
    return special
