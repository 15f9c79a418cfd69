"""The lower tables of the sheet `Quadro`: what is reported and not weighed, how far each sheet is filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec, letter
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Filled, Outcome, Scorecard

PERSPECTIVE, OBJECTIVE, WEIGHT, ACTUAL, GOAL, SCORE, VERDICT, PLACE = (
    "Prospettiva", "Obiettivo gestionale", "Peso", "Consuntivo", "Obiettivo del trimestre", "Punteggio",
    "Esito", "Foglio",
)  # fmt: skip
_ROOM = 10
"""Columns left free for checks that go on right of a table."""
FIRST_REMARK = "Prima segnalazione"
WIDTHS = {PERSPECTIVE: 12.4, OBJECTIVE: 29.2, WEIGHT: 6.8, ACTUAL: 11, GOAL: 9.8, SCORE: 10.2, PLACE: 22}
"""Widths of the columns of the sheet to sign."""
MISSING, JOINED = "Manca", "Elenco_di_cosa_manca"


def shown(reference: str) -> object:
    """A reference as a formula; a number as itself."""
    if not reference:
        return None
    return formulas.shown(reference) if "!" in reference else float(reference)


def other_spec(card: Scorecard, others: Mapping[str, Outcome | None]) -> TableSpec:
    """Results that are reported, by their titles; what the edition does not have is left out."""
    rows = [Row(title, item=outcome) for title, outcome in others.items() if outcome is not None]

    def part(name: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            return shown(getattr(place.row.item, name))

        return content

    def ratio(place: Place) -> object:
        actual, goal = place.here(ACTUAL), place.here(GOAL)
        return formulas.complete(f'IF({goal}=0,"",{actual}/{goal})', actual, goal)

    def number_format(row: Row) -> str:
        found: Outcome = row.item
        return found.number_format

    columns = [
        Column("Ambito", Kind.KEY, WIDTHS[PERSPECTIVE], lambda _: "Fuori sintesi"),
        Column("Misura", Kind.LABEL, 46, lambda place: place.row.code, align="wrap"),
        result("Rapporto", 11, ratio, styles.PERCENT_1),
        result(ACTUAL, WIDTHS[ACTUAL], part("actual"), number_format),
        result(GOAL, WIDTHS[GOAL], part("goal"), number_format),
        result(SCORE, WIDTHS[SCORE], part("score"), styles.SCORE, judged_by=VERDICT),
        verdict_column(card.values, SCORE, VERDICT),
    ]
    return TableSpec("tblFuoriSintesi", columns, rows, aside=("Rapporto", VERDICT))


def filled_spec(card: Scorecard) -> TableSpec:
    """Cells filled in and expected, number of remarks and the first of them, sheet by sheet."""
    rows = [Row(entry.sheet, item=entry) for entry in card.filled]

    def expected(place: Place) -> object:
        entry: Filled = place.row.item
        return entry.expected or "righe libere"

    def counted(place: Place) -> object:
        entry: Filled = place.row.item
        return f"={'+'.join(map(remarks.counted, entry.remarks))}" if entry.remarks else 0

    def first(place: Place) -> object:
        entry: Filled = place.row.item
        return f"={remarks.first(entry.remarks)}" if entry.remarks else None

    def lacks(place: Place) -> object:
        full, wanted = place.here("Celle piene"), place.here("Celle previste")
        words = f'"{place.row.code}: "&{full}&" celle di "&{wanted}'
        return f'=IF({full}<{wanted},{words},"")' if place.row.item.expected else '=""'

    columns = [
        Column(PLACE, Kind.KEY, 28, lambda place: place.row.code),
        replace(check("Celle piene", 12, lambda p: f"={p.row.item.count}"), paper=True),
        Column("Celle previste", Kind.CHECK, 12, expected, align="right", paper=True),
        replace(check("Segnalazioni", 14, counted, '"▼ "0;;"nessuna"'), paper=True),
        Column(FIRST_REMARK, Kind.CHECK, 36, first, judged_by=FIRST_REMARK, paper=True),
        Column(MISSING, Kind.CHECK, 36, lacks),
    ]
    return TableSpec("tblCompilazione", columns, rows)


def list_missing(page: Page, filled: Placed) -> str:
    """What is missing in all sheets as one text, made row by row right of the table; gives the reference to it.

    TEXTJOIN is not there before Excel 2019.
    """
    column, before = len(filled.letters) + _ROOM, ""
    mark = letter(column)
    for code, row in filled.numbers.items():
        mine = filled.cell(code, MISSING)
        text = f'={before}&IF(OR({mine}="",{before}=""),"","; ")&{mine}' if before else f'=""&{mine}'
        page.aside(row, column, text)
        before = f"{mark}{row}"
    page.book.proposed[page.name, filled.last, column] = JOINED
    return page.reference(filled.last, column)


def completeness(page: Page, card: Scorecard, others: Mapping[str, Outcome | None]) -> str:
    """How far each sheet is filled in, and what is reported and not weighed; gives the reference to what is missing."""
    page.section(FIRST_ROW - 1, "Compilazione dei fogli")
    filled = page.table(filled_spec(card), FIRST_ROW)
    row = filled.last + 4
    page.section(row - 1, "Solo rendicontazione: non entra nella sintesi")
    table = page.table(other_spec(card, others), row)
    page.book.top(table.column(SCORE))
    for title, found in others.items():
        if found is not None and not found.score:
            page.book.top(table.cell(title, ACTUAL))
    page.finish()
    return list_missing(page, filled)
