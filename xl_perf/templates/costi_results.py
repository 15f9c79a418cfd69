"""The result sheets of `costi_standard.xlsx`: synthesis by region with a chart, and the card of one region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates.card import CardHead, card_head
from xl_perf.templates.charts import ChartSpec, bar_chart
from xl_perf.templates.costi_input import INDEX, mean_heading
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.costi_input import Layout
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

ACTUAL, GOAL = "Indice di consuntivo", "Obiettivo (indice pubblicato)"
GAP, SCORE, VERDICT, COVERAGE = "Scostamento", "Punteggio", "Esito", "Copertura"
LINE = "Obiettivo = 100"


@dataclass(frozen=True, slots=True)
class Tables:
    """Tabella C, the actuals, the published indices."""

    goals: Placed
    given: Placed
    indices: Placed


def summary(page: Page, layout: Layout, tables: Tables, values: Parameters) -> Placed:
    """Index of the actuals against the published index, with a chart of the scores.

    Args:
        page: the empty `Sintesi` page.
        layout: the indicators and clusters.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    rows = [Row(code, item=cluster) for cluster, codes in layout.clusters.items() for code in codes]
    rest = f"{values.direction(INDEX)},{values.cap}"
    below = tables.given.last + 1

    def pair(function: str) -> Callable[[Place], object]:
        return lambda p: formulas.unless_empty(
            f"{function}({p.here(ACTUAL)},{p.here(GOAL)},{rest})", p.here(ACTUAL)
        )

    columns = [
        Column("Struttura", Kind.KEY, 28, lambda place: place.row.code),
        Column("Cluster", Kind.LABEL, 10, lambda place: place.row.item, align="center"),
        Column(
            ACTUAL, Kind.FORMULA, 14, lambda p: f"={tables.given.sheet_cell(p.row.code, below)}", styles.RATIO
        ),
        Column(
            GOAL,
            Kind.FORMULA,
            16,
            lambda p: f"={tables.indices.cell(p.row.code, 'Indice pubblicato')}",
            styles.RATIO,
        ),
        Column(GAP, Kind.FORMULA, 14, pair("PERF_SCOSTAMENTO"), styles.DEVIATION),
        Column(SCORE, Kind.FORMULA, 12, pair("PERF_SCORE"), styles.SCORE, judged_by=VERDICT),
        Column(
            VERDICT,
            Kind.FORMULA,
            26,
            lambda p: formulas.verdict(p.here(SCORE), values.band, values.centre),
            align="left",
            judged_by=VERDICT,
        ),
        Column(
            COVERAGE,
            Kind.CHECK,
            12,
            lambda p: f"={tables.given.sheet_cell(p.row.code, below + 1)}",
            styles.PERCENT_1,
            align="right",
        ),
        Column(LINE, Kind.CHECK, 12, lambda _: f"={values.centre}", "0", align="right"),
    ]
    table = page.table(TableSpec("tblSintesi", columns, rows, key="Struttura"), FIRST_ROW)
    page.text(
        table.last + 1,
        1,
        "Un indice più basso è migliore: spendere meno della media del cluster alza il punteggio.",
        styles.font(size=9, italic=True, colour=styles.MUTED),
    )
    chart = ChartSpec(
        "Punteggio dei costi standard per regione e DCM (obiettivo = 100)",
        "Regione o DCM",
        "Punteggio (50-150)",
        1,
        6,
        9,
        table.header,
        table.header + 1,
        table.last,
        50,
        150,
        25,
        width=28,
    )
    bar_chart(page, chart, f"A{table.last + 3}")
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(landscape=False))
    return table


def card(page: Page, layout: Layout, tables: Tables, values: Parameters) -> None:
    """The 21 indicators of one structure, picked from a list.

    Args:
        page: the empty `Scheda` page.
        layout: the indicators and clusters.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    goals, given = tables.goals, tables.given
    first, last = layout.structures[0], mean_heading(list(layout.clusters)[-1])
    head = card_head(
        page, CardHead("Regione o DCM", "Elenco_regioni", layout.structures[0], goals.headings(first, last))
    )
    row = FIRST_ROW + 2
    names, clusters = tables.indices.column("Struttura"), tables.indices.column("Cluster")
    page.text(row, 1, "Cluster e posizione della sua media", styles.font(size=9, colour=styles.MUTED))
    page.put(row, 2, f"=INDEX({clusters},MATCH({head.picked},{names},0))", Kind.CHECK, align="right")
    page.put(
        row, 3, f'=MATCH("Media cluster "&$B${row},{goals.headings(first, last)},0)', Kind.CHECK,
        number_format="0", align="right",
    )  # fmt: skip
    mean_position = f"$C${row}"

    def pick(table: Placed, position: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cells = f"{table.cell(place.row.code, first)}:{table.cell(place.row.code, last).split('!')[1]}"
            return formulas.shown(f"INDEX({cells},{position})")

        return content

    def ratio(place: Place) -> object:
        value, mean = place.here("Consuntivo"), place.here("Media di confronto")
        return f'=IF(COUNT({value},{mean})<2,"",IF({mean}=0,"",100*{value}/{mean}))'

    def pair(place: Place) -> object:
        rest = f"{values.direction(place.row.code)},{values.cap}"
        actual = place.here("Consuntivo")
        return formulas.unless_empty(
            f"PERF_SCOSTAMENTO({actual},{place.here('Valore del piano')},{rest})", actual
        )

    columns = [
        Column("Indicatore", Kind.LABEL, 62, lambda place: place.row.item.title),
        Column("Valore del piano", Kind.FORMULA, 15, pick(goals, head.position), layout.number_format),
        Column("Consuntivo", Kind.FORMULA, 15, pick(given, head.position), layout.number_format),
        Column("Media di confronto", Kind.FORMULA, 15, pick(given, mean_position), layout.number_format),
        Column("Scostamento dal piano", Kind.FORMULA, 15, pair, styles.DEVIATION, judged_by="*"),
        Column("Consuntivo / media x 100", Kind.FORMULA, 15, ratio, styles.RATIO),
        Column(
            "Peso",
            Kind.FORMULA,
            10,
            lambda p: f"={values.weight('costi_standard', p.row.code)}",
            styles.PERCENT,
        ),
    ]
    table = page.table(TableSpec("tblScheda", columns, layout.rows), row + 2)
    _card_total(page, table, tables, values, head.picked)
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(one_page=True))


def _card_total(page: Page, table: Placed, tables: Tables, values: Parameters, picked: str) -> None:
    """Lines under the card: index of the actuals, published index, score and verdict."""
    row = table.last + 2
    cells = [table.column(h).split("!")[1] for h in ("Consuntivo", "Media di confronto", "Peso")]
    names, published = tables.indices.column("Struttura"), tables.indices.column("Indice pubblicato")
    lines = [
        (
            "Indice sintetico di consuntivo",
            formulas.unless_all_empty(f"COSTO_STANDARD({','.join(cells)})", cells[0]),
            styles.RATIO,
        ),
        ("Obiettivo (indice pubblicato)", f"=INDEX({published},MATCH({picked},{names},0))", styles.RATIO),
        (
            "Punteggio",
            formulas.unless_empty(
                f"PERF_SCORE(B{row},B{row + 1},{values.direction(INDEX)},{values.cap})", f"B{row}"
            ),
            styles.SCORE,
        ),
    ]
    for offset, (label, formula, number_format) in enumerate(lines):
        page.put(row + offset, 1, label, Kind.KEY, level=Level.TOTAL)
        page.put(row + offset, 2, formula, Kind.FORMULA, number_format=number_format, level=Level.TOTAL)
    score = row + len(lines) - 1
    page.put(
        score, 3, formulas.verdict(f"B{score}", values.band, values.centre), Kind.FORMULA, align="left",
        level=Level.TOTAL,
    )  # fmt: skip
