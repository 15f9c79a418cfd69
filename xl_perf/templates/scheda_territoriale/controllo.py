"""The `Controllo e ricorsi` sheet of `scheda_territoriale.xlsx`: controllo del processo produttivo, ricorsi DICA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.controllo_processo import input as controllo_input
from xl_perf.templates.controllo_processo.results import next_band, ratio_rows
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.scheda_territoriale.base import Filled, Outcome, remark_cell

if TYPE_CHECKING:
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

CONTROL, APPEALS = "controllo", "ricorsi"
"""Parts of the tree."""
POINTS, WEIGHTED = "punti_controllo", "giacenza_ricorsi"
"""Parts of the indicators."""


_COUNT = Validation(
    "whole",
    "Numero di pratiche",
    "Numero intero di pratiche dall'inizio dell'anno. Zero se non ce ne sono; vuoto se non ancora noto.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)
_INDEX = Validation(
    "decimal",
    "Giacenza ponderata",
    "Indice della giacenza ponderata dei ricorsi DICA alla fine del trimestre, già calcolato. Vuoto se non noto.",
    "Inserire un numero maggiore o uguale a zero.",
)


def control_page(page: Page, card: Scorecard, bands: Placed) -> None:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.
        bands: the table of the bands.
    """
    top, filled, said, expected = FIRST_ROW, [], [], 0
    if card.data.has(CONTROL):
        page.section(top - 1, "Pratiche del controllo del processo produttivo")
        table = page.table(_count_spec(card), top)
        said.append(_control(page, card, table, bands))
        filled.append(table.column("Numero"))
        expected += len(controllo_input.INPUTS)
        top = table.last + len(card.plan.banded_ratios) + 14
    if card.data.has(APPEALS):
        page.section(top - 1, "Giacenza ponderata dei ricorsi DICA")
        if card.data.role(WEIGHTED) in card.goals:
            given, remark = _appeals(page, card, top)
            filled.append(given)
            said.append(remark)
            expected += 1
        else:
            text = f"Il piano non assegna questo obiettivo a {card.region.code}: il peso va agli altri."
            page.remark(
                top, "I punteggi delle regioni sono nel foglio Medie regionali." if card.national else text
            )
    page.finish()
    card.filled.append(Filled(page.name, filled, expected, said))


def _control(page: Page, card: Scorecard, table: Placed, bands: Placed) -> str:
    """Remark, ratios and points below the counts; gives the reference to the remark."""
    cells = {heading: f"B{table.numbers[heading]}" for heading in controllo_input.INPUTS}
    rule = controllo_input.rule_of(card.data, bands, card.values)
    whole = f"B{table.numbers[controllo_input.INPUTS[0]]}:B{table.last}"
    page.put(table.last + 1, 1, "Controllo dati", Kind.CHECK)
    remark = page.put(table.last + 1, 2, f"={controllo_input.counts_remark(cells, whole)}", Kind.CHECK)
    judge_cells(page.sheet, f"B{table.last + 1}", f"$B${table.last + 1}")
    ratios, counts = table.last + 5, list(cells.values())
    ratio_rows(page, ratios, counts, bands, rule)
    points = ratios + len(card.plan.banded_ratios) + 1
    _points(page, card, points, counts, rule)
    next_band(page, points + 4, ratios + 1, counts, bands, card.values)
    return remark


def _count_spec(card: Scorecard) -> TableSpec:
    rows = [Row(heading) for heading in controllo_input.INPUTS]
    measures = dict(zip(controllo_input.INPUTS, controllo_input.MEASURES, strict=True))
    columns = [
        Column("Pratiche", Kind.LABEL, 62, lambda place: place.row.code),
        Column(
            "Numero", Kind.INPUT, 28, number_format=styles.PIECES, validation=_COUNT,
            datum=Datum(KeyKind.MEASURE, card.data.role(POINTS), "", key="Codice"),
        ),
        Column("Codice", Kind.LABEL, 18, lambda place: measures[place.row.code], paper=False),
    ]  # fmt: skip
    return TableSpec("tblPratiche", columns, rows)


def _points(page: Page, card: Scorecard, row: int, cells: list[str], rule: str) -> None:
    """Points, target, score and verdict below the ratios."""
    code = card.data.role(POINTS)
    goal = card.parameter("obiettivo_controllo") if card.national else card.goals[code]
    call = f"CONTROLLO_PROCESSO({','.join(cells)},{rule})"
    points = formulas.complete(call, f"{cells[0]}:{cells[-1]}")
    lines = (("Punti", points, styles.POINTS), ("Obiettivo", f"={goal}", styles.POINTS))
    actual, goal = [
        _line(page, row + offset, label, formula, number_format)
        for offset, (label, formula, number_format) in enumerate(lines)
    ]
    score = _score(page, card, row + 2, code)
    card.outcomes[card.data.role(CONTROL)] = Outcome(score, "", page.name, actual, goal, styles.POINTS)


def _line(page: Page, row: int, label: str, formula: str, number_format: str) -> str:
    page.put(row, 1, label, Kind.KEY, level=Level.TOTAL)
    return page.put(row, 2, formula, Kind.FORMULA, number_format=number_format, level=Level.TOTAL)


def _score(page: Page, card: Scorecard, row: int, indicator: str) -> str:
    """Score and verdict of the two cells above: result and target."""
    values, actual, goal = card.values, f"B{row - 2}", f"B{row - 1}"
    call = f"PERF_SCORE({actual},{goal},{values.direction(indicator)},{values.cap})"
    score = _line(page, row, "Punteggio", formulas.unless_empty(call, actual), styles.SCORE)
    words = formulas.verdict(f"B{row}", values.band, values.centre)
    page.put(row + 1, 1, "Esito", Kind.KEY, level=Level.TOTAL)
    page.put(row + 1, 2, words, Kind.FORMULA, align="right", level=Level.TOTAL)
    judge_cells(page.sheet, f"B{row}:B{row + 1}", f"$B${row + 1}")
    return score


def _appeals(page: Page, card: Scorecard, row: int) -> tuple[str, str]:
    """The index of the appeals; gives the references to its input and to the remark on it."""
    code, label = card.data.role(WEIGHTED), "Giacenza ponderata a fine trimestre"
    page.put(row, 1, label, Kind.KEY)
    actual = page.put(
        row, 2, None, Kind.INPUT, number_format="#,##0.0", validation=_INDEX,
        datum=Datum(KeyKind.CELL, code, "consuntivo"), name="Giacenza_ponderata_ricorsi",
    )  # fmt: skip
    page.put(row, 5, code, Kind.SOURCE)
    page.sheet.column_dimensions["E"].width = 34
    said = remark_cell(page, row, 3, label, f"B{row}")
    goal = _line(page, row + 1, "Obiettivo (più basso è meglio)", f"={card.goals[code]}", "#,##0.0")
    score = _score(page, card, row + 2, code)
    card.outcomes[card.data.role(APPEALS)] = Outcome(score, "", page.name, actual, goal, "#,##0.0")
    return actual, said
