"""The `Scheda` sheet of `giacenza.xlsx`: one structure on one page, picked from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.giacenza import input as given
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Place, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.giacenza.results import Tables
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

_DAYS = (
    (given.STOCK, 16, styles.PIECES),
    (given.RECEIVED, 16, styles.PIECES),
    (given.DAYS, 13, styles.DAYS_1),
    (given.DAYS_TARGET, 13, styles.DAYS),
    (given.DAYS_GAP, 14, styles.DEVIATION),
    (given.DAYS_SCORE, 13, styles.SCORE),
    (given.DAYS_VERDICT, 13, styles.GENERAL),
)
_FLOW = (
    (given.DONE, 16, styles.PIECES),
    (given.ARRIVED, 16, styles.PIECES),
    (given.FLOW, 13, styles.RATIO),
    (given.FLOW_TARGET, 13, styles.RATIO),
    (given.FLOW_GAP, 14, styles.DEVIATION),
    (given.FLOW_SCORE, 13, styles.SCORE),
    (given.FLOW_VERDICT, 13, styles.GENERAL),
)


def card(page: Page, tables: Tables, values: Parameters) -> None:
    """The areas of one structure: giacenza with its synthesis, deflusso, a chart.

    Args:
        page: the empty `Scheda` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    codes = tables.targets.column("Struttura")
    plan = page.book.plan
    first_pick = (plan.regional() or plan.structures_of())[0].code
    head = card_head(page, CardHead("Struttura", "Elenco_strutture", first_pick, codes))
    kind = f"=INDEX({tables.targets.column('Tipo')},{head.position})"
    page.text(FIRST_ROW + 1, 4, kind, styles.font(italic=True))
    rows = [Row(area.sheet, item=table) for area, table in zip(tables.areas, tables.placed, strict=True)]
    top = FIRST_ROW + 4
    page.section(top - 1, "Giacenza")
    days = [
        Column("Area", Kind.KEY, 26, lambda place: place.row.code),
        *_picked(_DAYS, head.picked),
    ]
    first = page.table(TableSpec("tblSchedaGiacenza", days, rows), top)
    row = first.last + 1
    _synthesis(page, first, row, values, tables.weights)
    if tables.has_flow:
        row = _flow_table(page, row, rows, head.picked)
    title = "Punteggio di giacenza per area"
    chart = ChartSpec(title, "Area", "Punteggio", first, "Area", given.DAYS_SCORE)
    bar_chart(page, chart, f"A{row + 3}")
    page.finish()


def _flow_table(page: Page, row: int, rows: Sequence[Row], picked: str) -> int:
    """Deflusso of the areas below the synthesis of giacenza in a row; gives the last row."""
    columns = [
        Column("Area di deflusso", Kind.KEY, 26, lambda place: place.row.code),
        *_picked(_FLOW, picked),
    ]
    page.section(row + 2, "Deflusso")
    return page.table(TableSpec("tblSchedaDeflusso", columns, rows), row + 3).last


def _picked(columns: Sequence[tuple[str, float, str]], picked: str) -> list[Column]:
    """Columns of the areas' tables, in the row of the picked structure; the last is the verdict."""
    judge = columns[-1][0]

    def pick(heading: str) -> Callable[[Place], object]:
        return lambda place: formulas.shown(
            f"INDEX({place.row.item.column(heading)},MATCH({picked},{place.row.item.column(given.KEY)},0))"
        )

    return [
        result(
            heading,
            width,
            pick(heading),
            number_format,
            align="left" if heading == judge else "",
            judged_by=judge if heading in (judge, columns[-2][0]) else "",
        )
        for heading, width, number_format in columns
    ]


def _synthesis(page: Page, table: Placed, row: int, values: Parameters, node: str) -> None:
    """A line under the areas: weighted synthesis, verdict and coverage."""
    scores, weights = table.column(given.DAYS_SCORE).split("!")[1], values.weights(node)
    page.put(row, 1, "Sintesi delle aree", Kind.KEY, level=Level.NATIONAL)
    for at in range(2, 7):
        page.put(row, at, None, Kind.LABEL, level=Level.NATIONAL)
    score = formulas.unless_all_empty(f"PERF_SINTESI({scores},{weights})", scores)
    words = formulas.verdict(f"G{row}", values.band, values.centre)
    coverage = f"=PERF_COPERTURA({scores},{weights})"
    page.put(row, 7, score, Kind.FORMULA, level=Level.NATIONAL, number_format=styles.SCORE)
    page.put(row, 8, words, Kind.FORMULA, level=Level.NATIONAL, align="left")
    page.put(row, 9, coverage, Kind.CHECK, number_format='"copertura "0%', align="right")
