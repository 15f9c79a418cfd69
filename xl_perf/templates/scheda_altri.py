"""The `Altri obiettivi` sheet of `scheda_territoriale.xlsx`: visite mediche, dismissione, Ge.M.P.I., obiettivi di ente."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.templates import formulas, styles
from xl_perf.templates.columns import result
from xl_perf.templates.model import Column, Content, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.scheda_base import PIECES, Filled, Outcome
from xl_perf.templates.scheda_measures import (
    ACTUAL,
    CODE,
    GOAL,
    ITEM,
    WEIGHT,
    scored_columns,
    synthesis,
)
from xl_perf.templates.sheet_parts import judge_cells
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from xl_perf.plan.nodes import TargetRule
    from xl_perf.templates.model import Place
    from xl_perf.templates.page import Page
    from xl_perf.templates.scheda_base import Scorecard

VISITS, DISPOSAL, STRATEGY = (
    "scheda.finanza.visite_mediche",
    "scheda.sviluppo.dismissione",
    "scheda.strategia.obiettivi",
)
UNITS, VALUE, GEMPI = "dismissione.unita", "dismissione.valore", "gempi.errori"
BEFORE, CHANGE = "Saldo dell'anno precedente", "Variazione chiesta"
_EXAMPLE_BALANCES = {"gpa0037": (212_000, 198_500), "gpa52002": (64_000, 58_900)}
"""Invented balances of the two accounts: previous year, period."""

_BALANCE = Validation(
    "decimal",
    "Saldo in euro",
    "Saldo del conto in euro: al 31 dicembre dell'anno precedente, oppure a fine trimestre. Vuoto se non noto.",
    "Inserire un importo maggiore o uguale a zero.",
)
_STRATEGY = Validation(
    "decimal",
    "Performance strategica",
    "Punteggio nazionale degli obiettivi generali di ente, da piramide_valore.xlsx: 100 = obiettivo, fra 50 e 150.",
    "Inserire un punteggio fra 50 e 150.",
    minimum=50,
    maximum=150,
)


def others_page(page: Page, card: Scorecard) -> Outcome | None:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.

    Returns:
        The result of Ge.M.P.I., which is reported and not weighed; None where it has no target.
    """
    top = FIRST_ROW
    page.section(top - 1, "Incassi per visite mediche di controllo")
    table = page.table(_visit_spec(card), top)
    synthesis(page, card, table, VISITS)
    inputs, expected = [table.column(BEFORE), table.column(ACTUAL)], 2 * len(table.numbers)
    row = table.last + 5
    page.section(row - 1, "Dismissione del patrimonio da reddito")
    given = _disposal(page, card, row)
    row += 8 if given else 3
    page.section(row - 1, "Obiettivi generali di ente (prospettiva Strategia)")
    given += _strategy(page, card, row)
    row += 4
    page.section(row - 1, "Banca dati Ge.M.P.I. (solo rendicontazione agli Organi)")
    gempi, cells = _gempi(page, card, row)
    given += cells
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(one_page=True))
    card.filled.append(Filled(page.name, [*inputs, *given], expected + len(given)))
    return gempi


def _rule(card: Scorecard, indicator: str) -> TargetRule:
    rule = card.plan.rule(indicator, card.region.code, card.plan.period)
    if rule is None:
        raise PlanError(f"no rule of {indicator!r} for {card.region.code}", where=card.plan.id)
    return rule


def _visit_spec(card: Scorecard) -> TableSpec:
    rows = [Row(node.code, item=node) for node in card.plan.children(VISITS)]

    def example(place: Place, index: int) -> object:
        balances = _EXAMPLE_BALANCES.get(place.row.code.rpartition(".")[2])
        return balances[index] if balances and card.book.example else None

    def goal(place: Place) -> object:
        rule = _rule(card, place.row.item.indicator)
        before = place.here(BEFORE)
        return formulas.unless_empty(
            f'OBIETTIVO_REGOLA("{rule.rule.value}",{before},{before},{place.here(CHANGE)})', before
        )

    def change(place: Place) -> object:
        return Content(_rule(card, place.row.item.indicator).amount, Kind.TARGET)

    def source(place: Place) -> object:
        return str(_rule(card, place.row.item.indicator).source)

    columns = [
        Column(ITEM, Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        Column(BEFORE, Kind.INPUT, 17, lambda p: example(p, 0), styles.EURO, validation=_BALANCE),
        Column(CHANGE, Kind.LABEL, 13, change, styles.PERCENT_0, align="right"),
        result(GOAL, 17, goal, styles.EURO),
        Column(ACTUAL, Kind.INPUT, 17, lambda p: example(p, 1), styles.EURO, validation=_BALANCE),
        *scored_columns(card, lambda p: card.values.direction(p.row.item.indicator)),
        result(WEIGHT, 10, lambda p: f"={card.values.weight(VISITS, p.row.code)}", styles.PERCENT),
        Column("Fonte", Kind.SOURCE, 34, source),
        Column("Indicatore del piano", Kind.SOURCE, 24, lambda place: place.row.item.indicator),
        Column(CODE, Kind.SOURCE, 40, lambda place: place.row.code),
    ]
    return TableSpec("tblVisiteMediche", columns, rows, key=CODE)


def _score_line(page: Page, card: Scorecard, row: int, label: str, formula: str) -> str:
    """A line with a score in the second column and its verdict beside it; gives the reference to the score."""
    page.put(row, 1, label, Kind.KEY, level=Level.TOTAL)
    score = page.put(row, 2, formula, Kind.FORMULA, number_format=styles.SCORE, level=Level.TOTAL)
    words = formulas.verdict(f"B{row}", card.values.band, card.values.centre)
    page.put(row, 4, words, Kind.FORMULA, align="left", level=Level.TOTAL)
    page.put(row, 3, None, Kind.FORMULA, level=Level.TOTAL)
    page.put(row, 5, None, Kind.FORMULA, level=Level.TOTAL)
    judge_cells(page.sheet, f"B{row}:E{row}", f"$D${row}")
    return score


def _disposal(page: Page, card: Scorecard, row: int) -> list[str]:
    if UNITS not in card.goals:
        page.remark(
            row, f"Il piano non assegna questo obiettivo a {card.region.code}: non è previsto e non pesa."
        )
        return []

    def example(place: Place) -> object:
        return round(card.near(place.row.code) * 0.7 * card.part) if card.book.example else None

    rows = [Row(code, item=card.plan.indicators[code]) for code in (UNITS, VALUE)]
    columns = [
        Column("Dismissione", Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        result(GOAL, 17, lambda p: f"={card.goals[p.row.code]}", styles.PIECES),
        Column("Verso", Kind.CHECK, 13, lambda p: f"={card.values.direction(p.row.code)}", "0", align="right"),
        Column(ACTUAL, Kind.INPUT, 17, example, styles.PIECES, validation=PIECES),
        result("Avanzamento", 17, lambda p: formulas.unless_empty(f"{p.here(ACTUAL)}/{p.here(GOAL)}", p.here(ACTUAL)),
               styles.PERCENT_1),
        Column("Codice obiettivo", Kind.SOURCE, 14, lambda place: place.row.code),
    ]  # fmt: skip
    table = page.table(TableSpec("tblDismissione", columns, rows, key="Codice obiettivo"), row)
    units, value = (table.cell(code, ACTUAL) for code in (UNITS, VALUE))
    goals = [table.cell(code, GOAL) for code in (UNITS, VALUE)]
    call = f"DISMISSIONE_INDEX({units},{goals[0]},{value},{goals[1]})"
    wanted = card.values.ref("dismissione.obiettivo")
    at = table.last + 1
    page.put(at, 1, "Somma delle due percentuali di avanzamento (obiettivo 100)", Kind.KEY, level=Level.TOTAL)
    index = page.put(
        at,
        2,
        formulas.unless_empty(call, units, value),
        Kind.FORMULA,
        number_format=styles.SCORE,
        level=Level.TOTAL,
    )
    score = _score_line(
        page, card, at + 1, "Punteggio della dismissione",
        formulas.unless_empty(f"PERF_SCORE(B{at},{wanted},1,{card.values.cap})", f"B{at}"),
    )  # fmt: skip
    card.outcomes[DISPOSAL] = Outcome(score, "", page.name, index, wanted, styles.SCORE)
    return [units, value]


def _strategy(page: Page, card: Scorecard, row: int) -> list[str]:
    values = card.values
    example = round(card.example(100, 106, "strategia"), 1) if card.book.example else None
    page.put(row, 1, "Punteggio nazionale degli obiettivi generali di ente annuali", Kind.KEY)
    given = page.put(row, 2, example, Kind.INPUT, number_format=styles.SCORE, validation=_STRATEGY)
    call = f"PERF_SCORE(B{row},{values.centre},1,{values.cap})"
    score = _score_line(page, card, row + 1, "Punteggio", formulas.unless_empty(call, f"B{row}"))
    card.outcomes[STRATEGY] = Outcome(score, "", page.name, given, values.centre, styles.SCORE)
    return [given]


def _gempi(page: Page, card: Scorecard, row: int) -> tuple[Outcome | None, list[str]]:
    if GEMPI not in card.goals:
        page.remark(row, f"Il piano non assegna questo obiettivo a {card.region.code}.")
        return None, []
    example = round(card.near(GEMPI) * card.part) if card.book.example else None
    page.put(row, 1, "Errori definiti dall'inizio dell'anno", Kind.KEY)
    done = page.put(row, 2, example, Kind.INPUT, number_format=styles.PIECES, validation=PIECES)
    page.put(row + 1, 1, "Errori da definire (obiettivo raggiunto solo al 100%)", Kind.KEY)
    goal = page.put(row + 1, 2, f"={card.goals[GEMPI]}", Kind.FORMULA, number_format=styles.PIECES)
    rest = f"{card.values.direction(GEMPI)},{card.values.cap}"
    call = formulas.unless_empty(f"PERF_SCORE(B{row},B{row + 1},{rest})", f"B{row}")
    score = _score_line(page, card, row + 2, "Punteggio (non entra nella sintesi)", call)
    return Outcome(score, "", page.name, done, goal, styles.PIECES), [done]
