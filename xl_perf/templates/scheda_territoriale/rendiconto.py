"""The lower tables of the sheet `Quadro`: what is reported and not weighed, how far each sheet is filled in."""

from __future__ import annotations

from dataclasses import replace
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
    "Prospettiva", "Obiettivo gestionale", "Peso", "Consuntivo", "Obiettivo del trimestre", "Punteggio",
    "Esito", "Foglio",
)  # fmt: skip
FIRST_REMARK = "Prima segnalazione"
WIDTHS = {PERSPECTIVE: 12.4, OBJECTIVE: 29.2, WEIGHT: 6.8, ACTUAL: 11, GOAL: 9.8, SCORE: 10.2, PLACE: 22}
"""Widths of the columns of the sheet to sign."""
MISSING, JOINED = "Manca", "Elenco di ciò che manca"


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
    codes = [row.code for row in rows]

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

    def joined(place: Place) -> object:
        """The list so far: TEXTJOIN is not there before Excel 2019."""
        mine, at = place.here(MISSING), codes.index(place.row.code)
        if at == 0:
            return f'=IF({mine}="","",{mine})'
        before = f"{place.table.letters[JOINED]}{place.table.numbers[codes[at - 1]]}"
        return f'={before}&IF(OR({mine}="",{before}=""),"","; ")&{mine}'

    columns = [
        Column(PLACE, Kind.KEY, 28, lambda place: place.row.code),
        replace(check("Celle piene", 12, lambda p: f"=COUNT({','.join(p.row.item.inputs)})"), paper=True),
        Column("Celle previste", Kind.CHECK, 12, expected, align="right", paper=True),
        replace(check("Segnalazioni", 14, counted, '"▼ "0;;"nessuna"'), paper=True),
        Column(FIRST_REMARK, Kind.CHECK, 36, first, judged_by=FIRST_REMARK, paper=True),
        Column(MISSING, Kind.CHECK, 36, lacks),
        Column(JOINED, Kind.CHECK, 36, joined),
    ]
    return TableSpec("tblCompilazione", columns, rows)
