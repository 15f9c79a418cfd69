"""The `Scheda` sheet of `ieep.xlsx`: the rows of one structure, picked from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.ieep.input import NO_TARGET
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.columns import check, result
from xl_perf.templates.kit.model import Column, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.ieep.input import Layout
    from xl_perf.templates.ieep.results import Tables
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

GOAL, ACTUAL, DIRECTION, GAP, SCORE, VERDICT = (
    "Obiettivo",
    "Consuntivo",
    "Verso",
    "Scostamento",
    "Punteggio",
    "Esito",
)


def card(page: Page, tables: Tables, values: Parameters) -> None:
    """Target, actual, deviation and score of every row, and the weighted realisation.

    Args:
        page: the empty `Scheda` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    layout, goals = tables.layout, tables.goals
    first, last = layout.structures[0], layout.structures[-1]
    search = goals.headings(first, last)
    head = card_head(page, CardHead("Regione o DCM", "Elenco_regioni", layout.regions[0], search))

    def pick(table: Placed) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cells = table.across(place.row.code, first, last)
            return formulas.shown(f"INDEX({cells},{head.position})")

        return content

    def wanted(place: Place) -> object:
        return f"={tables.wanted.picked(place.row.code, head.position, first, last)}"

    columns = [
        Column("Voce", Kind.LABEL, 66, lambda place: place.row.item.title, align="wrap"),
        result(GOAL, 19, wanted, styles.EURO),
        result(ACTUAL, 25, pick(tables.given), styles.EURO),
        check(DIRECTION, 8, lambda place: f"={values.direction(place.row.code)}"),
        result(GAP, 14, pick(tables.gaps), styles.DEVIATION),
        result(SCORE, 12, _score(values), styles.SCORE, judged_by=VERDICT),
        result(VERDICT, 13, _words(values), align="left", judged_by=VERDICT),
    ]
    table = page.table(TableSpec("tblScheda", columns, layout.rows), FIRST_ROW + 3)
    _realisation(page, table, layout, values)
    page.finish()


def _score(values: Parameters) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        actual, goal = place.here(ACTUAL), place.here(GOAL)
        call = f"PERF_SCORE({actual},{goal},{place.here(DIRECTION)},{values.cap})"
        return formulas.unless_empty(f'IF({goal}=0,"{NO_TARGET}",{call})', actual)

    return content


def _words(values: Parameters) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        score = place.here(SCORE)
        return f'=IF({score}="{NO_TARGET}","",{formulas.verdict(score, values.band, values.centre)[1:]})'

    return content


def _realisation(page: Page, table: Placed, layout: Layout, values: Parameters) -> None:
    """Two lines under the rows: weighted realisation of the two sections, its score and verdict."""
    row, (revenue, benefits) = table.last + 2, (table.numbers[code] for code in layout.sections)
    shares = ",".join(values.weight(layout.weights, code) for code in layout.sections)
    call = f"IEEP_REALIZZAZIONE(C{revenue},B{revenue},C{benefits},B{benefits},{shares})"
    done = formulas.complete(call, f"C{revenue}", f"C{benefits}")
    score = formulas.unless_empty(f"PERF_SCORE(B{row},1,1,{values.cap})", f"B{row}")
    words = formulas.verdict(f"B{row + 1}", values.band, values.centre)
    level = Level.TOTAL
    page.put(row, 1, "Realizzazione pesata (pesi delle sezioni nel foglio Parametri)", Kind.KEY, level=level)
    page.put(row, 2, done, Kind.FORMULA, number_format=styles.PERCENT, level=level)
    page.put(row + 1, 1, "Punteggio della realizzazione", Kind.KEY, level=level)
    page.put(row + 1, 2, score, Kind.FORMULA, number_format=styles.SCORE, level=level)
    page.put(row + 1, 3, words, Kind.FORMULA, align="left", level=level)
