"""The `Sintesi` sheet of `giacenza.xlsx`: scores of the regions over the four areas, with a chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates import giacenza_input as given
from xl_perf.templates.charts import ChartSpec, bar_chart
from xl_perf.templates.columns import LINE, check, line_column, link, result, state_column, verdict_column
from xl_perf.templates.model import Column, Place, PrintSetup, Row, TableSpec
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.giacenza import Area
    from xl_perf.templates.model import Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

SCORE, VERDICT, COVERAGE = "Punteggio giacenza", "Esito giacenza", "Copertura aree"
REPORTED, FLOW = "Strutture rendicontate", "Indice di deflusso totale"
FLOW_OK = "Aree con deflusso raggiunto"
_G_SCORES, _G_SYNTHESIS, _G_FLOW = "Punteggio di giacenza per area", "Sintesi di giacenza", "Deflusso"


@dataclass(frozen=True, slots=True)
class Tables:
    """The four areas with their tables, in the same order, and Tabella A."""

    areas: Sequence[Area]
    placed: Sequence[Placed]
    targets: Placed

    def cells(self, code: str, heading: str) -> str:
        """The cells of one structure in all areas, as arguments."""
        return ",".join(table.cell(code, heading) for table in self.placed)


def summary(page: Page, tables: Tables, values: Parameters) -> None:
    """Scores of the regions over the four areas, their weighted synthesis and its coverage, with a chart.

    Args:
        page: the empty `Sintesi` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    plan = page.book.plan
    rows = [Row(s.code, Level.LEAF, s) for s in plan.regional()]
    rows.append(Row("NAZIONALE", Level.NATIONAL, plan.structures["NAZIONALE"]))
    columns = [
        Column("Struttura", Kind.KEY, 27, lambda place: place.row.code, group="Regione o DCM"),
        *(
            result(area.sheet, 13, link(table, given.DAYS_SCORE), styles.SCORE, group=_G_SCORES)
            for area, table in zip(tables.areas, tables.placed, strict=True)
        ),
        *_synthesis(tables, values),
        *_flow(tables),
        line_column(values, group="Grafico"),
    ]
    table = page.table(TableSpec("tblSintesi", columns, rows, key="Struttura"), FIRST_ROW + 1)
    page.remark(
        table.last + 1,
        "I pesi delle aree sono un'assunzione, modificabile nel foglio Parametri. "
        "Punteggio vuoto: nessun dato rendicontato.",
    )
    title = "Punteggio di giacenza per regione e DCM (obiettivo = 100)"
    chart = ChartSpec(title, "Regione o DCM", "Punteggio (50-150)", table, "Struttura", SCORE, LINE, width=37)
    bar_chart(page, chart, f"A{table.last + 3}")
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(one_page=True))


def _synthesis(tables: Tables, values: Parameters) -> list[Column]:
    weights = values.weights("giacenza")

    def scores(place: Place) -> str:
        return place.across(tables.areas[0].sheet, tables.areas[-1].sheet)

    def score(place: Place) -> object:
        return formulas.unless_all_empty(f"PERF_SINTESI({scores(place)},{weights})", scores(place))

    def coverage(place: Place) -> object:
        return f"=PERF_COPERTURA({scores(place)},{weights})"

    def reported(place: Place) -> object:
        code = place.row.code
        return f"=SUM({tables.cells(code, given.DAYS_COUNT)})/SUM({tables.cells(code, given.EXPECTED)})"

    group = _G_SYNTHESIS
    return [
        result(SCORE, 12, score, styles.SCORE, group=group, judged_by=VERDICT),
        verdict_column(values, SCORE, VERDICT, group),
        check(COVERAGE, 11, coverage, styles.PERCENT_1, group=group),
        check(REPORTED, 13, reported, styles.PERCENT_1, group=group),
        state_column(REPORTED, group=group),
    ]


def _flow(tables: Tables) -> list[Column]:
    """Deflusso over all areas as ratio of sums, and how many areas reach their target."""

    def total(place: Place) -> object:
        done = tables.cells(place.row.code, given.DONE)
        arrived = tables.cells(place.row.code, given.ARRIVED)
        return f'=IF(COUNT({arrived})=0,"",DEFLUSSO_INDEX(SUM({done}),SUM({arrived})))'

    def reached(place: Place) -> object:
        code = place.row.code
        tests = [(t.cell(code, given.FLOW), t.cell(code, given.FLOW_TARGET)) for t in tables.placed]
        met = "+".join(f'IF({actual}="",0,IF({actual}>={target},1,0))' for actual, target in tests)
        return f'=IF(COUNT({tables.cells(code, given.FLOW)})=0,"",{met})'

    return [
        result(FLOW, 13, total, styles.RATIO, group=_G_FLOW),
        result(FLOW_OK, 13, reached, f'0" su {len(tables.areas)}"', group=_G_FLOW),
    ]
