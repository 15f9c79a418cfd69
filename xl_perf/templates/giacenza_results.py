"""The result sheets of `giacenza.xlsx`: synthesis by region with a chart, and the card of one structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates import giacenza_input as given
from xl_perf.templates.card import CardHead, card_head
from xl_perf.templates.charts import ChartSpec, bar_chart
from xl_perf.templates.model import Column, Place, PrintSetup, Row, TableSpec
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.giacenza import Area
    from xl_perf.templates.model import Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

SCORE, VERDICT, COVERAGE = "Punteggio giacenza", "Esito giacenza", "Copertura aree"
REPORTED, FLOW, FLOW_OK, LINE = (
    "Strutture rendicontate",
    "Indice di deflusso totale",
    "Aree con deflusso raggiunto",
    "Obiettivo = 100",
)
_G_SCORES, _G_SYNTHESIS, _G_FLOW = "Punteggio di giacenza per area", "Sintesi di giacenza", "Deflusso"


def summary(page: Page, areas: Sequence[Area], placed: Sequence[Placed], values: Parameters) -> Placed:
    """Scores of the regions over the four areas, their weighted synthesis and its coverage, with a chart.

    Args:
        page: the empty `Sintesi` page.
        areas: the four areas.
        placed: their tables, in the same order.
        values: where the parameters stand.
    """
    plan = page.book.plan
    rows = [Row(s.code, Level.LEAF, s) for s in plan.regional()]
    rows.append(Row("NAZIONALE", Level.NATIONAL, plan.structures["NAZIONALE"]))
    columns = [
        Column("Struttura", Kind.KEY, 27, lambda place: place.row.code, group="Regione o DCM"),
        *(_area_score(area, table) for area, table in zip(areas, placed, strict=True)),
        *_synthesis(areas, placed, values),
        *_flow(placed),
        Column(LINE, Kind.CHECK, 10, lambda _: f"={values.centre}", "0", align="right", group="Grafico"),
    ]
    table = page.table(TableSpec("tblSintesi", columns, rows, key="Struttura"), FIRST_ROW + 1)
    chart = ChartSpec(
        "Punteggio di giacenza per regione e DCM (obiettivo = 100)",
        "Regione o DCM",
        "Punteggio (50-150)",
        1,
        6,
        len(columns),
        table.header,
        table.header + 1,
        table.last,
        50,
        150,
        25,
        width=34.5,
    )
    bar_chart(page, chart, f"A{table.last + 3}")
    page.text(
        table.last + 1,
        1,
        "I pesi delle aree sono un'assunzione, modificabile nel foglio Parametri. Punteggio vuoto: nessun dato rendicontato.",
        styles.font(size=9, italic=True, colour=styles.MUTED),
    )
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(landscape=False))
    return table


def _area_score(area: Area, table: Placed) -> Column:
    return Column(
        area.sheet,
        Kind.FORMULA,
        13,
        lambda place: f"={table.cell(place.row.code, given.DAYS_SCORE)}",
        styles.SCORE,
        group=_G_SCORES,
    )


def _synthesis(areas: Sequence[Area], placed: Sequence[Placed], values: Parameters) -> list[Column]:
    weights = values.weights("giacenza")

    def scores(place: Place) -> str:
        return place.across(areas[0].sheet, areas[-1].sheet)

    def reported(place: Place) -> object:
        cells = ",".join(table.cell(place.row.code, given.DAYS_COUNT) for table in placed)
        expected = ",".join(table.cell(place.row.code, given.EXPECTED) for table in placed)
        return f"=SUM({cells})/SUM({expected})"

    return [
        Column(
            SCORE,
            Kind.FORMULA,
            12,
            lambda p: formulas.unless_all_empty(f"PERF_SINTESI({scores(p)},{weights})", scores(p)),
            styles.SCORE,
            group=_G_SYNTHESIS,
            judged_by=VERDICT,
        ),
        Column(
            VERDICT,
            Kind.FORMULA,
            25,
            lambda p: formulas.verdict(p.here(SCORE), values.band, values.centre),
            align="left",
            group=_G_SYNTHESIS,
            judged_by=VERDICT,
        ),
        Column(
            COVERAGE,
            Kind.CHECK,
            11,
            lambda p: f"=PERF_COPERTURA({scores(p)},{weights})",
            styles.PERCENT_1,
            align="right",
            group=_G_SYNTHESIS,
        ),
        Column(REPORTED, Kind.CHECK, 13, reported, styles.PERCENT_1, align="right", group=_G_SYNTHESIS),
    ]


def _flow(placed: Sequence[Placed]) -> list[Column]:
    def total(place: Place) -> object:
        done = ",".join(table.cell(place.row.code, given.DONE) for table in placed)
        arrived = ",".join(table.cell(place.row.code, given.ARRIVED) for table in placed)
        return f'=IF(COUNT({arrived})=0,"",DEFLUSSO_INDEX(SUM({done}),SUM({arrived})))'

    def reached(place: Place) -> object:
        tests = [
            (table.cell(place.row.code, given.FLOW), table.cell(place.row.code, given.FLOW_TARGET))
            for table in placed
        ]
        met = "+".join(f'IF({actual}="",0,IF({actual}>={target},1,0))' for actual, target in tests)
        cells = ",".join(actual for actual, _ in tests)
        return f'=IF(COUNT({cells})=0,"",{met})'

    return [
        Column(FLOW, Kind.FORMULA, 13, total, styles.RATIO, group=_G_FLOW),
        Column(FLOW_OK, Kind.FORMULA, 13, reached, '0" su 4"', group=_G_FLOW),
    ]


def card(
    page: Page, areas: Sequence[Area], placed: Sequence[Placed], targets: Placed, values: Parameters
) -> None:
    """One structure on one page, picked from a list.

    Args:
        page: the empty `Scheda` page.
        areas: the four areas.
        placed: their tables, in the same order.
        targets: Tabella A, whose codes are the list.
        values: where the parameters stand.
    """
    plan = page.book.plan
    head = card_head(
        page, CardHead("Struttura", "Elenco_strutture", plan.regional()[0].code, targets.column("Struttura"))
    )
    position = head.position
    page.text(FIRST_ROW + 1, 4, f"=INDEX({targets.column('Tipo')},{position})", styles.font(italic=True))
    rows = [Row(area.sheet, item=table) for area, table in zip(areas, placed, strict=True)]

    def pick(heading: str) -> Callable[[Place], object]:
        return lambda p: formulas.shown(f"INDEX({p.row.item.column(heading)},{position})")

    def column(
        heading: str,
        width: float,
        number_format: str = styles.GENERAL,
        *,
        align: str = "",
        judged_by: str = "",
    ) -> Column:
        return Column(
            heading, Kind.FORMULA, width, pick(heading), number_format, align=align, judged_by=judged_by
        )

    days = [
        Column("Area", Kind.KEY, 26, lambda place: place.row.code),
        column(given.STOCK, 16, styles.PIECES),
        column(given.RECEIVED, 16, styles.PIECES),
        column(given.DAYS, 13, styles.DAYS_1),
        column(given.DAYS_TARGET, 13, styles.DAYS),
        column(given.DAYS_GAP, 14, styles.DEVIATION),
        column(given.DAYS_SCORE, 13, styles.SCORE, judged_by=given.DAYS_VERDICT),
        column(given.DAYS_VERDICT, 26, align="left", judged_by=given.DAYS_VERDICT),
        Column(LINE, Kind.CHECK, 18, lambda _: f"={values.centre}", "0", align="right"),
    ]
    top = FIRST_ROW + 4
    page.section(top - 1, "Giacenza")
    first = page.table(TableSpec("tblSchedaGiacenza", days, rows), top)
    row = first.last + 1
    page.put(row, 1, "Sintesi delle aree", Kind.KEY, level=Level.NATIONAL)
    for at in range(2, 7):
        page.put(row, at, None, Kind.LABEL, level=Level.NATIONAL)
    scores = first.column(given.DAYS_SCORE).split("!")[1]
    page.put(
        row,
        7,
        formulas.unless_all_empty(f"PERF_SINTESI({scores},{values.weights('giacenza')})", scores),
        Kind.FORMULA,
        level=Level.NATIONAL,
        number_format=styles.SCORE,
    )
    page.put(
        row,
        8,
        formulas.verdict(f"G{row}", values.band, values.centre),
        Kind.FORMULA,
        level=Level.NATIONAL,
        align="left",
    )
    page.put(
        row,
        9,
        f"=PERF_COPERTURA({scores},{values.weights('giacenza')})",
        Kind.CHECK,
        number_format='"copertura "0%',
        align="right",
    )
    flow = [
        Column("Area di deflusso", Kind.KEY, 26, lambda place: place.row.code),
        column(given.DONE, 16, styles.PIECES),
        column(given.ARRIVED, 16, styles.PIECES),
        column(given.FLOW, 13, styles.RATIO),
        column(given.FLOW_TARGET, 13, styles.RATIO),
        column(given.FLOW_GAP, 14, styles.DEVIATION),
        column(given.FLOW_SCORE, 13, styles.SCORE, judged_by=given.FLOW_VERDICT),
        column(given.FLOW_VERDICT, 26, align="left", judged_by=given.FLOW_VERDICT),
    ]
    page.section(row + 2, "Deflusso")
    second = page.table(TableSpec("tblSchedaDeflusso", flow, rows), row + 3)
    chart = ChartSpec(
        "Punteggio di giacenza per area (obiettivo = 100)",
        "Area",
        "Punteggio (50-150)",
        1,
        7,
        9,
        first.header,
        first.header + 1,
        first.last,
        50,
        150,
        25,
        width=27,
        height=9,
    )
    bar_chart(page, chart, f"A{second.last + 3}")
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(one_page=True))
