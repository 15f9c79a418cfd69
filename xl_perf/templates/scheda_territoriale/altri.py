"""The `Altri obiettivi` sheet of `scheda_territoriale.xlsx`: visite mediche, dismissione, Ge.M.P.I. and more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.errors import PlanError
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, Link, Row, TableSpec, Validation, outcome
from xl_perf.templates.kit.names import CAP, CENTRE, nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import linked_column, linked_source
from xl_perf.templates.scheda_territoriale.base import (
    INDICATOR,
    PIECES,
    REMARK,
    Filled,
    Outcome,
    indicator_column,
    remark_cell,
    remark_column,
    reported,
)
from xl_perf.templates.scheda_territoriale.measures import (
    ACTUAL,
    CODE,
    GOAL,
    ITEM,
    WEIGHT,
    scored_columns,
    synthesis,
)

if TYPE_CHECKING:
    from xl_perf.plan.nodes import TargetRule
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

VISITS, DISPOSAL, STRATEGY = "visite_mediche", "dismissione", "obiettivi_ente"
"""Parts of the tree."""
UNITS, VALUE, GEMPI = "unita_dismesse", "valore_dismesso", "errori_gempi"
"""Parts of the indicators."""
BEFORE, CHANGE = "Saldo dell'anno precedente", "Variazione chiesta"
RULE, RULE_CODE = "Regola", "Codice della regola"
UNDEFINED = "obiettivo non definito: saldo dell'anno precedente non positivo"
_BALANCES = ((212_000, 198_500), (64_000, 58_900))
"""Invented balances of accounts in turn: previous year, period."""

_BALANCE = Validation(
    "decimal",
    "Saldo in euro",
    "Saldo del conto in euro: al 31 dicembre dell'anno precedente, oppure a fine trimestre. Vuoto se non noto.",
    "Inserire un importo in euro.",
    minimum=-1e12,
)


def _strategy_score(card: Scorecard) -> Validation:
    """A score: between the ends that the cap leaves."""
    cap, centre = (card.plan.parameter(card.data.role(role)) for role in (CAP, CENTRE))
    low, high = centre * (1 - cap), centre * (1 + cap)
    return Validation(
        "decimal",
        "Performance strategica",
        f"Punteggio nazionale degli obiettivi generali di ente, da piramide_valore.xlsx: {centre:g} = "
        f"obiettivo, fra {low:g} e {high:g}.",
        f"Inserire un punteggio fra {low:g} e {high:g}.",
        minimum=low,
        maximum=high,
    )


def others_page(page: Page, card: Scorecard) -> Outcome | None:
    """Write the sheet; it has the sections of which the edition has the data.

    Args:
        page: the empty page.
        card: the scorecard.

    Returns:
        The result of Ge.M.P.I., which is reported and not weighed; None where it has no target.
    """
    row, gempi = FIRST_ROW, None
    found = _Given([], 0, [])
    if card.data.has(VISITS):
        row = _visits(page, card, row, found)
    if card.data.has(DISPOSAL):
        page.section(row - 1, "Dismissione del patrimonio da reddito")
        row = _disposal(page, card, row, found)
    if card.data.has(STRATEGY) and not card.national:
        page.section(row - 1, "Obiettivi generali di ente (prospettiva Strategia)")
        row = _strategy(page, card, row, found)
    if card.data.has(GEMPI):
        page.section(row - 1, "Banca dati Ge.M.P.I. (solo rendicontazione agli Organi)")
        gempi = _gempi(page, card, row, found)
    page.finish()
    card.filled.append(Filled(page.name, found.inputs, found.expected, found.remarks))
    return gempi


@dataclass(slots=True)
class _Given:
    """References of the inputs, their number, references of the remarks."""

    inputs: list[str]
    expected: int
    remarks: list[str]

    def add(self, inputs: list[str], expected: int, *remarks_at: str) -> None:
        """More inputs with the remarks on them."""
        self.inputs += inputs
        self.expected += expected
        self.remarks += remarks_at


def _visits(page: Page, card: Scorecard, row: int, found: _Given) -> int:
    node = card.data.role(VISITS)
    page.section(row - 1, "Incassi per visite mediche di controllo")
    table = page.table(_visit_spec(card, node), row)
    synthesis(page, card, table, node)
    found.add([table.column(BEFORE), table.column(ACTUAL)], 2 * len(table.numbers), table.column(REMARK))
    return table.last + 5


def _rule(card: Scorecard, indicator: str) -> TargetRule:
    rule = card.plan.rule(indicator, card.region.code, card.plan.period)
    if rule is None:
        raise PlanError(f"no rule of {indicator!r} for {card.region.code}", where=card.plan.id)
    return rule


def _visit_spec(card: Scorecard, node: str) -> TableSpec:
    rows = [Row(child.code, item=child) for child in card.plan.children(node)]

    def goal(place: Place) -> object:
        rule, before, change = (place.here(heading) for heading in (RULE, BEFORE, CHANGE))
        call = f"OBIETTIVO_REGOLA({rule},{before},{before},{change},{change})"
        return formulas.unless_empty(f"IF({before}<=0,NA(),{call})", before)

    def scored(place: Place, call: str) -> str:
        """Empty where the target is not defined; a text or an error in a balance is an error of the score."""
        before, wrong = place.here(BEFORE), remarks.not_numbers(place.here(ACTUAL))
        return f'=IF({before}="",IF({wrong},#VALUE!,""),IF({before}<=0,"",{call}))'

    def key(row: Row) -> str:
        rule = _rule(card, row.item.indicator)
        return f"{rule.indicator}@{rule.structure}@{rule.period}"

    def held(field: str) -> Link:
        return Link("regola", field, "", RULE_CODE, "Fonte")

    rule = linked_column(card.plan, RULE, 22, held("codice"), key, styles.GENERAL)
    change = linked_column(card.plan, CHANGE, 13, held("importo"), key, styles.PERCENT_0)

    def said(place: Place) -> str:
        before = place.here(BEFORE)
        return f'IF(AND({before}<>"",{before}<=0),"{UNDEFINED}",{reported([before, place.here(ACTUAL)])})'

    columns = [
        Column(ITEM, Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        Column(BEFORE, Kind.INPUT, 17, number_format=styles.EURO, validation=_BALANCE,
               datum=Datum(KeyKind.ITEM, "", "saldo_precedente", key=INDICATOR)),
        change,
        result(GOAL, 17, goal, styles.EURO),
        Column(ACTUAL, Kind.INPUT, 17, number_format=styles.EURO, validation=_BALANCE,
               datum=Datum(KeyKind.ITEM, "", "consuntivo", key=INDICATOR)),
        *scored_columns(card, lambda p: card.values.direction(p.row.item.indicator), unless=scored,
                        datum=outcome("punteggio", key=CODE)),
        result(WEIGHT, 10, lambda p: f"={card.values.weight(node, p.row.code)}", styles.PERCENT),
        linked_source(card.plan, "Fonte", 34, change, key),
        rule,
        Column(RULE_CODE, Kind.SOURCE, 34, lambda place: key(place.row)),
        Column(CODE, Kind.SOURCE, 40, lambda place: place.row.code),
        remark_column([BEFORE, ACTUAL], said, 40),
        indicator_column(28, lambda row: row.item.indicator),
    ]  # fmt: skip
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


def _disposal(page: Page, card: Scorecard, row: int, found: _Given) -> int:
    """Progress of units and of value, added up, against the printed target; gives the row of the next section."""
    codes = [card.data.role(role) for role in (UNITS, VALUE)]
    if any(code not in card.goals for code in codes):
        page.remark(
            row, f"Il piano non assegna questo obiettivo a {card.region.code}: non è previsto e non pesa."
        )
        return row + 3

    rows = [Row(code, item=card.plan.indicators[code]) for code in codes]
    columns = [
        Column("Dismissione", Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        result(GOAL, 17, lambda p: f"={card.goals[p.row.code]}", styles.PIECES),
        Column("Verso", Kind.CHECK, 13, lambda p: f"={card.values.direction(p.row.code)}", formulas.DIRECTION_FORMAT,
               align="right"),
        Column(ACTUAL, Kind.INPUT, 17, number_format=styles.PIECES, validation=PIECES,
               datum=Datum(KeyKind.ITEM, "", "consuntivo", key="Codice obiettivo")),
        result("Avanzamento", 17, lambda p: formulas.unless_empty(f"{p.here(ACTUAL)}/{p.here(GOAL)}", p.here(ACTUAL)),
               styles.PERCENT_1),
        Column("Codice obiettivo", Kind.SOURCE, 14, lambda place: place.row.code),
        remark_column([ACTUAL]),
    ]  # fmt: skip
    table = page.table(TableSpec("tblDismissione", columns, rows, key="Codice obiettivo"), row)
    units, value = (table.cell(code, ACTUAL) for code in codes)
    goals = [table.cell(code, GOAL) for code in codes]
    at, wanted = table.last + 1, card.parameter("obiettivo_dismissione")
    label = f'="Avanzamento (obiettivo "&{wanted}&")"'
    page.put(at, 1, label, Kind.KEY, level=Level.TOTAL)
    call = f"DISMISSIONE_INDEX({units},{goals[0]},{value},{goals[1]})"
    index = page.put(
        at, 2, formulas.complete(call, units, value), Kind.FORMULA, number_format=styles.SCORE,
        level=Level.TOTAL,
    )  # fmt: skip
    score = _score_line(
        page, card, at + 1, "Punteggio della dismissione",
        formulas.unless_empty(f"PERF_SCORE(B{at},{wanted},1,{card.values.cap})", f"B{at}"),
    )  # fmt: skip
    card.outcomes[card.data.role(DISPOSAL)] = Outcome(score, "", page.name, index, wanted, styles.SCORE)
    found.add([table.column(ACTUAL)], 2, table.column(REMARK))
    return row + 8


def _strategy(page: Page, card: Scorecard, row: int, found: _Given) -> int:
    """The national score of the general objectives, typed in; gives the row of the next section."""
    values, label = card.values, "Punteggio nazionale degli obiettivi generali di ente annuali"
    page.put(row, 1, label, Kind.KEY)
    given = page.put(
        row, 2, None, Kind.INPUT, number_format=styles.SCORE, validation=_strategy_score(card),
        datum=Datum(KeyKind.CELL, card.data.role(STRATEGY), "punteggio", nation(card.plan)),
        name="Punteggio_obiettivi_di_ente",
    )  # fmt: skip
    call = f"PERF_SCORE(B{row},{values.centre},1,{values.cap})"
    score = _score_line(page, card, row + 1, "Punteggio", formulas.unless_empty(call, f"B{row}"))
    card.outcomes[card.data.role(STRATEGY)] = Outcome(
        score, "", page.name, given, values.centre, styles.SCORE
    )
    found.add([given], 1, remark_cell(page, row, 4, label, f"B{row}"))
    return row + 4


def _gempi(page: Page, card: Scorecard, row: int, found: _Given) -> Outcome | None:
    code, label = card.data.role(GEMPI), "Errori definiti dall'inizio dell'anno"
    if code not in card.goals:
        page.remark(row, f"Il piano non assegna questo obiettivo a {card.region.code}.")
        return None
    page.put(row, 1, label, Kind.KEY)
    done = page.put(
        row, 2, None, Kind.INPUT, number_format=styles.PIECES, validation=PIECES,
        datum=Datum(KeyKind.CELL, code, "consuntivo"), name="Errori_definiti",
    )  # fmt: skip
    page.put(row + 1, 1, "Errori da definire (obiettivo raggiunto solo al 100%)", Kind.KEY)
    goal = page.put(row + 1, 2, f"={card.goals[code]}", Kind.FORMULA, number_format=styles.PIECES)
    rest = f"{card.values.direction(code)},{card.values.cap}"
    call = formulas.unless_empty(f"PERF_SCORE(B{row},B{row + 1},{rest})", f"B{row}")
    score = _score_line(page, card, row + 2, "Punteggio (non entra nella sintesi)", call)
    found.add([done], 1, remark_cell(page, row, 4, label, f"B{row}"))
    return Outcome(score, "", page.name, done, goal, styles.PIECES)
