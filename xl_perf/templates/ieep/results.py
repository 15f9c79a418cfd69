"""The `Sintesi` sheet of `ieep.xlsx`: weighted realisation of each region and DCM, with a chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.ieep.input import CHECK, DETAIL
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import check, result, state_column, verdict_column
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.ieep.input import Layout
    from xl_perf.templates.ieep.period import Goals
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

REVENUE, REVENUE_GOAL = "Entrate consuntivo", "Entrate obiettivo"
BENEFITS, BENEFITS_GOAL = "Prestazioni consuntivo", "Prestazioni obiettivo"
TOTAL, TOTAL_GOAL = "IEEP consuntivo", "IEEP obiettivo"
DONE, SCORE, VERDICT, COVERAGE = "Realizzazione pesata", "Punteggio", "Esito", "Copertura"
_ALL, _REPORTED = "Obiettivo delle voci", "Obiettivo delle voci rendicontate"
_G_REVENUE, _G_BENEFITS = "Gestione entrate (euro)", "Gestione prestazioni (euro)"
_G_TOTAL, _G_RESULT = "IEEP (euro)", "Risultato"


@dataclass(slots=True)
class Tables:
    """Rows and columns of Tabella B, and its tables: targets of the year, actuals, deviations.

    `wanted` are the targets of the workbook's quarter.
    """

    layout: Layout
    goals: Placed
    given: Placed
    gaps: Placed
    wanted: Goals
    summary: Placed = field(init=False)


def summary(page: Page, tables: Tables, values: Parameters) -> Placed:
    """Actuals and targets of the two sections, weighted realisation, score and coverage of each structure.

    Args:
        page: the empty `Sintesi` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    layout = tables.layout
    rows = [*(Row(code) for code in layout.regions), Row(layout.nation, Level.NATIONAL)]
    columns = [
        Column("Struttura", Kind.KEY, 26, lambda place: place.row.code, group="Regione o DCM"),
        *_amounts(tables),
        *_results(tables, values),
    ]
    table = page.table(
        TableSpec("tblSintesi", columns, rows, key="Struttura", aside=(COVERAGE,)), FIRST_ROW + 1
    )
    page.book.define("Elenco_regioni", table.column("Struttura"))
    page.book.top(table.column(SCORE), table.column(COVERAGE))
    page.book.top(table.column(VERDICT))
    row = table.last + 1
    page.put(row, 1, "Righe di Consuntivi con segnalazione", Kind.CHECK)
    page.put(
        row,
        2,
        f"={remarks.counted(tables.given.column(CHECK))}",
        Kind.CHECK,
        number_format="0",
        align="right",
    )
    page.remark(
        row + 1,
        "Copertura: quota dell'obiettivo che corrisponde a voci già rendicontate. "
        "Sotto 100% il risultato è parziale.",
    )
    title = "Punteggio IEEP per regione e DCM"
    chart = ChartSpec(title, "Regione o DCM", "Punteggio", table, "Struttura", SCORE)
    bar_chart(page, chart, f"A{row + 3}")
    page.finish()
    return table


def _amounts(tables: Tables) -> list[Column]:
    def cell(table: Placed, indicator: str) -> Callable[[Place], object]:
        return lambda place: f"={table.cell(indicator, place.row.code)}"

    def goal(indicator: str) -> Callable[[Place], object]:
        return lambda place: f"={tables.wanted.of(indicator, place.row.code)}"

    given, layout = tables.given, tables.layout
    revenue, benefits = layout.sections
    contents = (
        (REVENUE, cell(given, revenue), _G_REVENUE),
        (REVENUE_GOAL, goal(revenue), _G_REVENUE),
        (BENEFITS, cell(given, benefits), _G_BENEFITS),
        (BENEFITS_GOAL, goal(benefits), _G_BENEFITS),
        (TOTAL, cell(given, layout.total), _G_TOTAL),
        (TOTAL_GOAL, goal(layout.total), _G_TOTAL),
    )
    return [result(heading, 17, content, styles.EURO, group=group) for heading, content, group in contents]


def _results(tables: Tables, values: Parameters) -> list[Column]:
    def realisation(place: Place) -> object:
        cells = ",".join(place.here(h) for h in (REVENUE, REVENUE_GOAL, BENEFITS, BENEFITS_GOAL))
        shares = ",".join(values.weight(tables.layout.weights, code) for code in tables.layout.sections)
        parts = (place.here(heading) for heading in (REVENUE, BENEFITS))
        return formulas.complete(f"IEEP_REALIZZAZIONE({cells},{shares})", *parts)

    def score(place: Place) -> object:
        done = place.here(DONE)
        return formulas.unless_empty(f"PERF_SCORE({done},1,1,{values.cap})", done)

    return [
        result(DONE, 14, realisation, styles.PERCENT, group=_G_RESULT),
        result(
            SCORE,
            12,
            score,
            styles.SCORE,
            group=_G_RESULT,
            judged_by=VERDICT,
            datum=Datum(KeyKind.STRUCTURE, tables.layout.total, "punteggio", "", species=Species.RESULT),
        ),
        verdict_column(values, SCORE, VERDICT, _G_RESULT),
        check(
            COVERAGE,
            12,
            _coverage(tables),
            styles.PERCENT_1,
            group=_G_RESULT,
            datum=Datum(KeyKind.STRUCTURE, tables.layout.total, "copertura", "", species=Species.RESULT),
        ),
        state_column(COVERAGE, group=_G_RESULT),
        *_annual(tables),
    ]


def _coverage(tables: Tables) -> Callable[[Place], object]:
    """Share of the annual targets of the rows that are filled in; of the nation, of all regions together."""

    def content(place: Place) -> object:
        if place.row.code == tables.layout.nation:
            return f"=SUM({place.table.column(_REPORTED)})/SUM({place.table.column(_ALL)})"
        return f"={place.here(_REPORTED)}/{place.here(_ALL)}"

    return content


def _annual(tables: Tables) -> list[Column]:
    """The annual targets of a structure's rows that are to be filled in, and of those that are."""
    goals = tables.goals

    def of_region(text: Callable[[str], str]) -> Callable[[Place], object]:
        return lambda p: None if p.row.code == tables.layout.nation else text(p.row.code)

    def all_rows(code: str) -> str:
        return f"=SUMIFS({goals.column(code)},{goals.column(DETAIL)},1)"

    def reported(code: str) -> str:
        """A row that has a deviation, be it an error, is reported; both tables keep the order of the plan."""
        amounts = f"{goals.column(code)}*{goals.column(DETAIL)}"
        return f'=SUMPRODUCT({amounts}*({tables.gaps.column(code)}<>""))'

    return [
        check(_ALL, 17, of_region(all_rows), styles.EURO, group=_G_RESULT),
        check(_REPORTED, 17, of_region(reported), styles.EURO, group=_G_RESULT),
    ]
