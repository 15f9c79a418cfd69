"""The lower tables of the sheet `Quadro`: what is reported and not weighed, how far each sheet is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.scheda_territoriale.base import Filled, Outcome, Scorecard

PERSPECTIVE, OBJECTIVE, WEIGHT, ACTUAL, GOAL, SCORE, VERDICT, PLACE = (
    "Prospettiva", "Obiettivo gestionale", "Peso", "Consuntivo", "Obiettivo del trimestre", "Punteggio", "Esito", "Foglio",
)  # fmt: skip
FIRST_REMARK = "Prima segnalazione"
WIDTHS = {PERSPECTIVE: 15, OBJECTIVE: 46, WEIGHT: 9, ACTUAL: 15, GOAL: 15, SCORE: 11, PLACE: 22}
"""Widths of the columns, which all tables of the sheet share."""


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
        Column("Misura", Kind.LABEL, WIDTHS[OBJECTIVE], lambda place: place.row.code, align="wrap"),
        result("Rapporto", WIDTHS[WEIGHT], ratio, styles.PERCENT_1),
        result(ACTUAL, WIDTHS[ACTUAL], part("actual"), number_format),
        result(GOAL, WIDTHS[GOAL], part("goal"), number_format),
        result(SCORE, WIDTHS[SCORE], part("score"), styles.SCORE, judged_by=VERDICT),
        verdict_column(card.values, SCORE, VERDICT),
    ]
    return TableSpec("tblFuoriSintesi", columns, rows)


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

    columns = [
        Column(PLACE, Kind.LABEL, WIDTHS[OBJECTIVE], lambda place: place.row.code),
        check("Celle piene", WIDTHS[WEIGHT], lambda p: f"=COUNT({','.join(p.row.item.inputs)})"),
        Column("Celle previste", Kind.CHECK, WIDTHS[ACTUAL], expected, align="right"),
        check("Segnalazioni", WIDTHS[GOAL], counted, '"▼ "0;;"nessuna"'),
        Column(FIRST_REMARK, Kind.CHECK, WIDTHS[SCORE], first, judged_by=FIRST_REMARK),
    ]
    return TableSpec("tblCompilazione", columns, rows)
