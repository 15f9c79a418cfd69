"""The `Giacenza` sheet of `scheda_territoriale.xlsx`: the areas, every office of the region, and their synthesis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.errors import PlanError
from xl_perf.templates.giacenza import input as giacenza_input
from xl_perf.templates.giacenza.areas import areas_of
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.labels import name_from
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
from xl_perf.templates.scheda_territoriale.base import (
    INDICATOR,
    REMARK,
    Filled,
    indicator_column,
    remark_column,
)
from xl_perf.templates.scheda_territoriale.measures import (
    ABOVE,
    ACTUAL,
    BELOW,
    CODE,
    GAP,
    GOAL,
    ITEM,
    SCORE,
    VERDICT,
    WEIGHT,
    Measure,
    measure_columns,
    synthesis,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

NODE = "giacenza_deflusso"
"""Part of the tree."""
PROGRAMME, BEFORE, TREND = "Programma del trimestre", "Indice del trimestre precedente", "Andamento"
FALLING, NOT_FALLING = "▲ in calo", "▼ non in calo"

_BEFORE = Validation(
    "decimal",
    "Trimestre precedente",
    "Indice consuntivo in giorni del trimestre precedente: il piano chiede di ridurlo. Vuoto se non noto.",
    "Inserire un numero di giorni maggiore o uguale a zero.",
)


def giacenza_page(page: Page, card: Scorecard) -> None:
    """Write the sheet: synthesis of the node, then the table of each area.

    Args:
        page: the empty page.
        card: the scorecard.
    """
    rows = [*(Row(s.code, item=s) for s in card.offices), Row(card.region.code, Level.TOTAL, card.region)]
    areas, node = areas_of(card.plan, card.data), card.data.role(NODE)
    top = FIRST_ROW + 1
    row = top + len(card.plan.children(node)) + 6
    placed: dict[str, Placed] = {}
    for area in areas:
        page.section(row - 2, area.sheet)
        table = page.table(giacenza_input.area_spec(card.book, area, rows, card.values), row)
        placed[area.giacenza] = placed[area.deflusso] = table
        row = table.last + 5
    page.section(top - 2, f"Sintesi di {card.region.code}")
    summary = page.table(_summary_spec(card, node, _measures(card, node, placed)), top)
    synthesis(page, card, summary, node)
    page.finish()
    _declare(page, card, rows, [placed[area.giacenza] for area in areas], summary)


def _days(card: Scorecard, indicator: str | None) -> bool:
    """Whether an indicator counts days of giacenza; the others are of deflusso."""
    return indicator in card.data.codes("indici_giacenza")


def _measures(card: Scorecard, node: str, placed: Mapping[str, Placed]) -> list[Measure]:
    """The measures of the node, each from the table of its area.

    Raises:
        PlanError: an indicator that is of no area.
    """
    region, given = card.region.code, giacenza_input

    def measure(code: str, title: str, indicator: str) -> Measure:
        if indicator not in placed:
            raise PlanError(
                f"no area has the indicator {indicator!r} of {code}",
                where=card.data.where,
                expected="one of indici_giacenza or indici_deflusso",
            )
        table, direction, days = placed[indicator], card.values.direction(indicator), _days(card, indicator)
        above, below = (given.STOCK, given.RECEIVED) if days else (given.DONE, given.ARRIVED)
        base = card.parameter("base_giacenza")
        call = f"GIACENZA_INDEX({{above}},{{below}},{base})" if days else "DEFLUSSO_INDEX({above},{below})"
        goal = table.cell(region, given.DAYS_TARGET) if days else card.goals[indicator]
        number_format = styles.DAYS_1 if days else styles.RATIO
        cells = table.cell(region, above), table.cell(region, below)
        return Measure(code, title, call, goal, direction, number_format, *cells, indicator=indicator)

    return [measure(child.code, child.title, child.indicator or "") for child in card.plan.children(node)]


def _summary_spec(card: Scorecard, node: str, measures: list[Measure]) -> TableSpec:
    """The table of measures with what the programme asks for, in the widths of the tables below."""
    found = {column.heading: column for column in measure_columns(card, node, (30, 12.8))}
    words, before, trend, said = _programme_columns(card, node)
    columns = [
        found[ITEM],
        words,
        *(found[heading] for heading in (ABOVE, BELOW)),
        replace(found[ACTUAL], width=11, datum=outcome("consuntivo", key=INDICATOR)),
        replace(found[GOAL], width=11),
        *(found[heading] for heading in (GAP, SCORE, VERDICT)),
        before,
        trend,
        found[WEIGHT],
        said,
        replace(found[CODE], kind=Kind.LABEL, width=12),
        indicator_column(12, lambda row: row.item.indicator),
    ]
    rows = [Row(m.code, item=m) for m in measures]
    return TableSpec("tblGiacenzaDeflusso", columns, rows, key=CODE, aside=(PROGRAMME,))


def _programme_columns(card: Scorecard, node: str) -> list[Column]:
    indicators = {child.code: child.indicator for child in card.plan.children(node)}

    def days(place: Place) -> bool:
        return _days(card, indicators[place.row.code])

    def words(place: Place) -> object:
        if not days(place):
            return "costante"
        return f'=IF({card.quarter}<4,"progressiva riduzione","obiettivo annuale")'

    def before(place: Place) -> object:
        if not days(place):
            return Content(None, Kind.LABEL)
        return None

    def trend(place: Place) -> object:
        if not days(place):
            return None
        now, then = place.here(ACTUAL), place.here(BEFORE)
        call = f'IF({now}<{then}*1,"{FALLING}","{NOT_FALLING}")'
        return formulas.complete(call, now, then)

    return [
        Column(PROGRAMME, Kind.LABEL, 14, words, align="wrap"),
        Column(
            BEFORE,
            Kind.INPUT,
            12.8,
            before,
            styles.DAYS_1,
            validation=_BEFORE,
            datum=Datum(KeyKind.ITEM, "", "indice_precedente", key=INDICATOR),
        ),
        Column(TREND, Kind.FORMULA, 15, trend, align="left", judged_by=TREND),
        remark_column([BEFORE], lambda _: '""', inputs=days),
    ]


def _declare(page: Page, card: Scorecard, rows: list[Row], tables: Sequence[Placed], summary: Placed) -> None:
    """Tell the scorecard which cells of the offices are filled in, and where remarks stand.

    Beside each table stands how many are filled in, those of the region left out: it has sums.
    """
    region, given = card.region.code, giacenza_input
    counts: list[str] = []
    for table in tables:
        for first, last in ((given.STOCK, given.RECEIVED), (given.DONE, given.ARRIVED)):
            if first not in table.letters:
                continue
            count = f"=COUNT({table.block(first, last)})-COUNT({table.across(region, first, last)})"
            row, column = table.last + 1, len(table.letters) + 2 + len(counts)
            page.aside(row, column, count, "0")
            counts.append(page.reference(row, column))
            page.book.proposed[page.name, row, column] = name_from(
                "celle", table.name.removeprefix("tbl"), first
            )
    remarks = [*(table.column(given.CHECK) for table in tables), summary.column(REMARK)]
    expected = 2 * len(counts) * (len(rows) - 1)
    card.filled.append(Filled(page.name, [], expected, remarks, counts))
