"""The result sheets of `ieep.xlsx`: synthesis by region with a chart, and the card of one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates.card import CardHead, card_head
from xl_perf.templates.charts import ChartSpec, bar_chart
from xl_perf.templates.ieep_input import NATION, NO_TARGET, SECTIONS
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.ieep_input import Layout
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

REVENUE, REVENUE_GOAL = "Entrate consuntivo", "Entrate obiettivo"
BENEFITS, BENEFITS_GOAL = "Prestazioni consuntivo", "Prestazioni obiettivo"
TOTAL, TOTAL_GOAL = "IEEP consuntivo", "IEEP obiettivo"
DONE, SCORE, VERDICT, COVERAGE = "Realizzazione pesata", "Punteggio", "Esito", "Copertura"
LINE = "Obiettivo = 100"
_G_REVENUE, _G_BENEFITS, _G_TOTAL, _G_RESULT = (
    "Gestione entrate (euro)",
    "Gestione prestazioni (euro)",
    "IEEP (euro)",
    "Risultato",
)


def summary(page: Page, layout: Layout, given: Placed, goals: Placed, values: Parameters) -> Placed:
    """Weighted realisation, score and coverage of each structure, with a chart.

    Args:
        page: the empty `Sintesi` page.
        layout: rows and columns of Tabella B.
        given: the actuals.
        goals: the targets.
        values: where the parameters stand.
    """
    rows = [Row(code) for code in layout.regions] + [Row(NATION, Level.NATIONAL)]

    def link(table: Placed, indicator: str) -> Callable[[Place], object]:
        return lambda place: f"={table.cell(indicator, place.row.code)}"

    def total(place: Place) -> object:
        cells = given.column(place.row.code)
        return formulas.unless_all_empty(f"IEEP_TOTALE({cells})", cells)

    def amount(heading: str, content: Callable[[Place], object], group: str) -> Column:
        return Column(heading, Kind.FORMULA, 17, content, styles.EURO, group=group)

    columns = [
        Column("Struttura", Kind.KEY, 26, lambda place: place.row.code, group="Regione o DCM"),
        amount(REVENUE, link(given, SECTIONS[0]), _G_REVENUE),
        amount(REVENUE_GOAL, link(goals, SECTIONS[0]), _G_REVENUE),
        amount(BENEFITS, link(given, SECTIONS[1]), _G_BENEFITS),
        amount(BENEFITS_GOAL, link(goals, SECTIONS[1]), _G_BENEFITS),
        amount(TOTAL, total, _G_TOTAL),
        amount(TOTAL_GOAL, link(goals, "ieep.totale"), _G_TOTAL),
        *_results(layout, given, goals, values),
    ]
    table = page.table(TableSpec("tblSintesi", columns, rows, key="Struttura"), FIRST_ROW + 1)
    page.text(
        table.last + 1,
        1,
        "Copertura: quota dell'obiettivo (in valore assoluto) che corrisponde a voci già rendicontate. Sotto 100% il risultato è parziale.",
        styles.font(size=9, italic=True, colour=styles.MUTED),
    )
    chart = ChartSpec(
        "Punteggio IEEP per regione e DCM (obiettivo = 100)",
        "Regione o DCM",
        "Punteggio (50-150)",
        1,
        9,
        12,
        table.header,
        table.header + 1,
        table.last,
        50,
        150,
        25,
        width=41,
        height=12,
    )
    bar_chart(page, chart, f"A{table.last + 3}")
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(landscape=False))
    return table


def _results(layout: Layout, given: Placed, goals: Placed, values: Parameters) -> list[Column]:
    def realisation(place: Place) -> object:
        cells = ",".join(place.here(h) for h in (REVENUE, REVENUE_GOAL, BENEFITS, BENEFITS_GOAL))
        return formulas.unless_empty(
            f"IEEP_REALIZZAZIONE({cells})", place.here(REVENUE), place.here(BENEFITS)
        )

    def coverage(place: Place) -> object:
        parts, wholes = [], []
        structures = layout.regions if place.row.code == NATION else [place.row.code]
        first, last = structures[0], structures[-1]
        for top, bottom in _runs(layout, goals):
            goal = _rectangle(goals, first, last, top, bottom)
            actual = _rectangle(given, first, last, top, bottom)
            parts.append(f'SUMPRODUCT({goal}*({actual}<>""))')
            wholes.append(f"SUM({goal})")
        return f"=({'+'.join(parts)})/({'+'.join(wholes)})"

    return [
        Column(DONE, Kind.FORMULA, 14, realisation, styles.PERCENT, group=_G_RESULT),
        Column(
            SCORE,
            Kind.FORMULA,
            12,
            lambda p: formulas.unless_empty(f"PERF_SCORE({p.here(DONE)},1,1,{values.cap})", p.here(DONE)),
            styles.SCORE,
            group=_G_RESULT,
            judged_by=VERDICT,
        ),
        Column(
            VERDICT,
            Kind.FORMULA,
            26,
            lambda p: formulas.verdict(p.here(SCORE), values.band, values.centre),
            align="left",
            group=_G_RESULT,
            judged_by=VERDICT,
        ),
        Column(COVERAGE, Kind.CHECK, 12, coverage, styles.PERCENT_1, align="right", group=_G_RESULT),
        Column(LINE, Kind.CHECK, 11, lambda _: f"={values.centre}", "0", align="right", group="Grafico"),
    ]


def _runs(layout: Layout, table: Placed) -> list[tuple[int, int]]:
    """Consecutive row numbers of the rows that are filled in."""
    runs: list[tuple[int, int]] = []
    for number in (table.numbers[code] for code in layout.leaves):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _rectangle(table: Placed, first: str, last: str, top: int, bottom: int) -> str:
    return f"'{table.sheet}'!${table.letters[first]}${top}:${table.letters[last]}${bottom}"


def card(page: Page, layout: Layout, tables: tuple[Placed, Placed, Placed], values: Parameters) -> None:
    """The 27 rows of one structure, picked from a list.

    Args:
        page: the empty `Scheda` page.
        layout: rows and columns of Tabella B.
        tables: targets, actuals and deviations.
        values: where the parameters stand.
    """
    goals, given, gaps = tables
    first, last = layout.structures[0], layout.structures[-1]
    head = card_head(
        page, CardHead("Regione o DCM", "Elenco_regioni", layout.regions[0], goals.headings(first, last))
    )

    def pick(table: Placed) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            row = place.row.code
            cells = f"{table.cell(row, first)}:{table.cell(row, last).split('!')[1]}"
            return formulas.shown(f"INDEX({cells},{head.position})")

        return content

    def score(place: Place) -> object:
        actual, goal = place.here("Consuntivo"), place.here("Obiettivo")
        call = f"PERF_SCORE({actual},{goal},{place.here('Verso')},{values.cap})"
        return formulas.unless_empty(f'IF({goal}=0,"{NO_TARGET}",{call})', actual)

    def words(place: Place) -> object:
        cell = place.here("Punteggio")
        return f'=IF({cell}="{NO_TARGET}","",{formulas.verdict(cell, values.band, values.centre)[1:]})'

    columns = [
        Column("Voce", Kind.LABEL, 66, lambda place: place.row.item.title, align="wrap"),
        Column("Obiettivo", Kind.FORMULA, 19, pick(goals), styles.EURO),
        Column("Consuntivo", Kind.FORMULA, 25, pick(given), styles.EURO),
        Column("Verso", Kind.CHECK, 8, lambda p: f"={values.direction(p.row.code)}", "0", align="right"),
        Column("Scostamento", Kind.FORMULA, 14, pick(gaps), styles.DEVIATION),
        Column("Punteggio", Kind.FORMULA, 12, score, styles.SCORE, judged_by="Esito"),
        Column("Esito", Kind.FORMULA, 26, words, align="left", judged_by="Esito"),
    ]
    table = page.table(TableSpec("tblScheda", columns, layout.rows), FIRST_ROW + 3)
    row = table.last + 2
    revenue, benefits = (table.numbers[code] for code in SECTIONS)
    page.put(
        row,
        1,
        "Realizzazione pesata (entrate e prestazioni, pesi nel foglio Parametri)",
        Kind.KEY,
        level=Level.TOTAL,
    )
    page.put(
        row,
        2,
        formulas.unless_empty(
            f"IEEP_REALIZZAZIONE(C{revenue},B{revenue},C{benefits},B{benefits})",
            f"C{revenue}",
            f"C{benefits}",
        ),
        Kind.FORMULA,
        number_format=styles.PERCENT,
        level=Level.TOTAL,
    )
    page.put(row + 1, 1, "Punteggio della realizzazione", Kind.KEY, level=Level.TOTAL)
    page.put(
        row + 1,
        2,
        formulas.unless_empty(f"PERF_SCORE(B{row},1,1,{values.cap})", f"B{row}"),
        Kind.FORMULA,
        number_format=styles.SCORE,
        level=Level.TOTAL,
    )
    page.put(
        row + 1,
        3,
        formulas.verdict(f"B{row + 1}", values.band, values.centre),
        Kind.FORMULA,
        align="left",
        level=Level.TOTAL,
    )
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(one_page=True))
