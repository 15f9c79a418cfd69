"""The `Sintesi` sheet of `costi_standard.xlsx`: index of the actuals against the published one, with a chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.costi_standard.input import CHECK
from xl_perf.templates.kit import remarks, styles
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import (
    Headings,
    check,
    judged_columns,
    link,
    result,
    state_column,
)
from xl_perf.templates.kit.model import Column, Datum, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from xl_perf.templates.costi_standard.input import Layout
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

NAMES = Headings("Indice di consuntivo", "Obiettivo (indice pubblicato)")
COVERAGE = "Copertura"


@dataclass(frozen=True, slots=True)
class Tables:
    """The indicators and clusters; Tabella C, the actuals, the published indices."""

    layout: Layout
    goals: Placed
    given: Placed
    indices: Placed


def _outcome(tables: Tables, measure: str) -> Datum:
    return Datum(KeyKind.STRUCTURE, tables.layout.index, measure, "", species=Species.RESULT)


def summary(page: Page, tables: Tables, values: Parameters) -> None:
    """Index of the actuals against the published index, with a chart of the scores.

    Args:
        page: the empty `Sintesi` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    given = tables.given
    rows = tables.layout.structure_rows(page.book.plan)
    index, coverage = given.last + 1, given.last + 2
    columns = [
        Column("Struttura", Kind.KEY, 28, lambda place: place.row.code),
        Column("Cluster", Kind.LABEL, 10, lambda place: place.row.item, align="center"),
        result(NAMES.actual, 14, lambda p: f"={given.sheet_cell(p.row.code, index)}", styles.RATIO),
        result(NAMES.target, 16, link(tables.indices, "Indice pubblicato"), styles.RATIO),
        *judged_columns(
            values, values.direction(tables.layout.index), NAMES, datum=_outcome(tables, "punteggio")
        ),
        check(
            COVERAGE,
            12,
            lambda p: f"={given.sheet_cell(p.row.code, coverage)}",
            styles.PERCENT_1,
            datum=_outcome(tables, "copertura"),
        ),
        state_column(COVERAGE),
    ]
    table = page.table(TableSpec("tblSintesi", columns, rows, key="Struttura"), FIRST_ROW)
    page.book.top(table.column(NAMES.score), table.column(COVERAGE))
    page.book.top(table.column(NAMES.verdict))
    row = table.last + 1
    page.put(row, 1, "Righe di Consuntivi con segnalazione", Kind.CHECK)
    page.put(row, 3, f"={remarks.counted(given.column(CHECK))}", Kind.CHECK, number_format="0", align="right")
    page.remark(
        row + 1,
        "Un indice più basso è migliore: spendere meno della media del cluster alza il punteggio.",
    )
    title = "Punteggio dei costi standard per regione e DCM"
    chart = ChartSpec(title, "Regione o DCM", "Punteggio", table, "Struttura", NAMES.score)
    bar_chart(page, chart, f"A{row + 3}")
    page.finish()
