"""The `Giacenza` sheet of `scheda_territoriale.xlsx`: four areas, every office of the region, and their synthesis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.templates import formulas, giacenza_input, styles
from xl_perf.templates.giacenza_areas import areas_of
from xl_perf.templates.model import Column, Content, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.scheda_base import Filled
from xl_perf.templates.scheda_measures import (
    ABOVE,
    ACTUAL,
    BELOW,
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
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.scheda_base import Scorecard

NODE = "scheda.processi.giacenza"
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
    top = FIRST_ROW + 1
    areas = areas_of(card.plan, card.book.data)
    row = top + 2 * len(areas) + 6
    placed: dict[str, Placed] = {}
    for area in areas:
        page.section(row - 2, area.sheet)
        placed[area.code] = page.table(giacenza_input.area_spec(card.book, area, rows, card.values), row)
        row = placed[area.code].last + 5
    page.section(top - 2, f"Sintesi di {card.region.code}")
    measures = _measures(card, placed)
    table = page.table(_summary_spec(card, measures), top)
    synthesis(page, card, table, NODE)
    page.title_rows = TITLE_ROWS
    first = placed[areas[0].code]
    breaks = [
        first.letters[heading] for heading in (giacenza_input.DAYS_VERDICT, giacenza_input.FLOW_VERDICT)
    ]
    page.finish(setup=PrintSetup(landscape=False, repeat_columns="A:A", breaks=breaks, scale=56))
    _declare(page, card, rows, placed)


def _measures(card: Scorecard, placed: Mapping[str, Placed]) -> list[Measure]:
    region, given = card.region.code, giacenza_input

    def measure(code: str, title: str) -> Measure:
        kind, name = code.removeprefix(f"{NODE}.").split("_", 1)
        table, direction = placed[name], card.values.direction(f"{kind}.{name}")
        days = kind == "giacenza"
        above, below = (given.STOCK, given.RECEIVED) if days else (given.DONE, given.ARRIVED)
        base = card.values.ref("giacenza.base")
        call = f"GIACENZA_INDEX({{above}},{{below}},{base})" if days else "DEFLUSSO_INDEX({above},{below})"
        goal = table.cell(region, given.DAYS_TARGET) if days else card.goals[f"{kind}.{name}"]
        number_format = styles.DAYS_1 if days else styles.RATIO
        cells = table.cell(region, above), table.cell(region, below)
        return Measure(code, title, call, goal, direction, number_format, *cells)

    return [measure(node.code, node.title) for node in card.plan.children(NODE)]


def _summary_spec(card: Scorecard, measures: list[Measure]) -> TableSpec:
    """The table of measures with what the programme asks for, in the widths of the tables below."""
    found = {column.heading: column for column in measure_columns(card, NODE, (30, 15))}
    words, before, trend = _programme_columns(card)
    columns = [
        found[ITEM],
        words,
        *(found[heading] for heading in (ABOVE, BELOW)),
        *(replace(found[heading], width=11) for heading in (ACTUAL, GOAL)),
        *(found[heading] for heading in (GAP, SCORE, VERDICT)),
        before,
        trend,
        found[WEIGHT],
    ]
    return TableSpec("tblGiacenzaDeflusso", columns, [Row(m.code, item=m) for m in measures])


def _programme_columns(card: Scorecard) -> list[Column]:
    def days(place: Place) -> bool:
        return ".giacenza_" in place.row.code

    def words(place: Place) -> object:
        if not days(place):
            return "costante"
        return f'=IF({card.quarter}<4,"progressiva riduzione","obiettivo annuale")'

    def before(place: Place) -> object:
        if not days(place):
            return Content(None, Kind.LABEL)
        return Content(_example_before(card, place.row.code), Kind.INPUT)

    def trend(place: Place) -> object:
        if not days(place):
            return None
        now, then = place.here(ACTUAL), place.here(BEFORE)
        call = f'IF({now}<{then},"{FALLING}","{NOT_FALLING}")'
        return formulas.unless_empty(call, now, then)

    return [
        Column(PROGRAMME, Kind.LABEL, 19, words, align="wrap"),
        Column(BEFORE, Kind.INPUT, 15, before, styles.DAYS_1, validation=_BEFORE),
        Column(TREND, Kind.FORMULA, 15, trend, align="left", judged_by=TREND),
    ]


def _example_before(card: Scorecard, code: str) -> float | None:
    if not card.book.example:
        return None
    name = code.removeprefix(f"{NODE}.").split("_", 1)[1]
    goal = card.plan.target(f"giacenza.{name}", card.region.code).value
    return round(goal * card.example(1.0, 1.25, "prima", name), 1)


def _declare(page: Page, card: Scorecard, rows: list[Row], placed: Mapping[str, Placed]) -> None:
    offices = [row.code for row in rows[:-1]]
    given = giacenza_input
    blocks = [
        f"'{page.name}'!${table.letters[first]}${table.numbers[offices[0]]}:"
        f"${table.letters[last]}${table.numbers[offices[-1]]}"
        for table in placed.values()
        for first, last in ((given.STOCK, given.RECEIVED), (given.DONE, given.ARRIVED))
    ]
    remarks = [table.column(given.CHECK) for table in placed.values()]
    card.filled.append(Filled(page.name, blocks, 4 * len(placed) * len(offices), remarks))
