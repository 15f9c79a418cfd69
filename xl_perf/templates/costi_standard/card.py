"""The `Scheda` sheet of `costi_standard.xlsx`: the indicators of one structure, picked from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.costi_standard.input import CODE, mean_heading
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.costi_standard.results import Tables
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

PLANNED, ACTUAL, MEAN = "Valore del piano", "Consuntivo", "Media di confronto"
GAP, RATIO, WEIGHT = "Scostamento dal piano", "Consuntivo / media x 100", "Peso"


def card(page: Page, tables: Tables, values: Parameters) -> None:
    """Planned value, actual and mean of every indicator, and the synthetic index.

    Args:
        page: the empty `Scheda` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    layout, goals = tables.layout, tables.goals
    ends = layout.structures[0], mean_heading(list(layout.clusters)[-1])
    search = goals.headings(*ends)
    head = card_head(page, CardHead("Regione o DCM", "Elenco_regioni", layout.structures[0], search))
    row = FIRST_ROW + 2
    mean_position = _mean_position(page, row, tables, head.picked, search)

    def pick(table: Placed, position: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            row = f"MATCH({place.here(CODE)},{table.column(CODE)},0)"
            return formulas.shown(f"INDEX({table.block(*ends)},{row},{position})")

        return content

    columns = [
        Column("Indicatore", Kind.LABEL, 62, lambda place: place.row.item.title),
        Column(CODE, Kind.KEY, 15, lambda place: place.row.code, paper=False),
        result(PLANNED, 15, pick(goals, head.position), layout.number_format),
        result(ACTUAL, 15, pick(tables.given, head.position), layout.number_format),
        result(MEAN, 15, pick(tables.given, mean_position), layout.number_format),
        result(GAP, 15, _gap(values), styles.DEVIATION, judged_by="*"),
        result(RATIO, 15, _ratio, styles.RATIO),
        result(WEIGHT, 10, lambda p: f"={values.weight(layout.weights, p.row.code)}", styles.PERCENT),
    ]
    table = page.table(TableSpec("tblScheda", columns, layout.rows, key=CODE), row + 2)
    _index(page, table, tables, values, head.picked)
    page.finish()


def _mean_position(page: Page, row: int, tables: Tables, picked: str, search: str) -> str:
    """The cluster of the picked structure, and where its mean stands; gives the reference to the position."""
    names, clusters = tables.indices.column("Struttura"), tables.indices.column("Cluster")
    page.text(row, 1, "Cluster e posizione della media", styles.font(size=9, colour=styles.MUTED))
    page.put(row, 2, f"=INDEX({clusters},MATCH({picked},{names},0))", Kind.CHECK, align="right")
    position = f'=MATCH("{mean_heading("")}"&$B${row},{search},0)'
    page.put(row, 3, position, Kind.CHECK, number_format="0", align="right")
    return f"$C${row}"


def _gap(values: Parameters) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        actual, planned = place.here(ACTUAL), place.here(PLANNED)
        rest = f"{values.direction(place.row.code)},{values.cap}"
        return formulas.unless_empty(f"PERF_SCOSTAMENTO({actual},{planned},{rest})", actual)

    return content


def _ratio(place: Place) -> object:
    value, mean = place.here(ACTUAL), place.here(MEAN)
    return formulas.complete(f"100*{value}/{mean}", value, mean)


def _index(page: Page, table: Placed, tables: Tables, values: Parameters, picked: str) -> None:
    """Lines under the card: index of the actuals, published index, score and verdict."""
    row, score = table.last + 2, table.last + 4
    cells = [table.column(heading).split("!")[1] for heading in (ACTUAL, MEAN, WEIGHT)]
    names, published = tables.indices.column("Struttura"), tables.indices.column("Indice pubblicato")
    index = formulas.unless_blank(f"COSTO_STANDARD({','.join(cells)})", cells[0])
    goal = f"=INDEX({published},MATCH({picked},{names},0))"
    call = f"PERF_SCORE(B{row},B{row + 1},{values.direction(tables.layout.index)},{values.cap})"
    lines = (
        ("Indice sintetico di consuntivo", index, styles.RATIO),
        ("Obiettivo (indice pubblicato)", goal, styles.RATIO),
        ("Punteggio", formulas.unless_empty(call, f"B{row}"), styles.SCORE),
    )
    for offset, (label, formula, number_format) in enumerate(lines):
        page.put(row + offset, 1, label, Kind.KEY, level=Level.TOTAL)
        page.put(row + offset, 2, formula, Kind.FORMULA, number_format=number_format, level=Level.TOTAL)
    words = formulas.verdict(f"B{score}", values.band, values.centre)
    page.put(score, 3, words, Kind.FORMULA, align="left", level=Level.TOTAL)
    page.sheet.column_dimensions["C"].width = 25
