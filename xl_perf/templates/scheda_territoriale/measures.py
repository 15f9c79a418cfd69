"""Tables of the measures that one node of the scorecard weighs, with their synthesis below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import result, verdict_column
from xl_perf.templates.kit.labels import name_from
from xl_perf.templates.kit.model import Column, Row, TableSpec, outcome
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.scheda_territoriale.base import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.model import Datum, Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

ITEM, ACTUAL, GOAL, GAP, SCORE, VERDICT, WEIGHT, CODE = (
    "Indicatore", "Consuntivo", "Obiettivo del trimestre", "Scostamento", "Punteggio", "Esito", "Peso", "Codice",
)  # fmt: skip
ABOVE, BELOW = "Numeratore", "Denominatore"


@dataclass(frozen=True, slots=True)
class Measure:
    """A leaf of the tree on its sheet.

    `actual` is a formula of its value, or of numerator and denominator where these are given: `{above}` and `{below}`
    stand for their cells. `goal` and `direction` are references or numbers.
    """

    code: str
    title: str
    actual: str
    goal: str
    direction: str
    number_format: str
    above: str = ""
    below: str = ""
    part_format: str = styles.PIECES
    indicator: str = ""


def measure_columns(card: Scorecard, node: str, widths: tuple[float, float] = (52, 16)) -> list[Column]:
    """The columns of a table of measures.

    Args:
        card: the scorecard.
        node: the node that weighs them.
        widths: of the title and of the numbers.
    """
    wide, narrow = widths
    return [
        Column(ITEM, Kind.LABEL, wide, lambda place: place.row.item.title, align="wrap"),
        Column(ABOVE, Kind.FORMULA, narrow, lambda p: _shown(p.row.item.above), _part_format),
        Column(BELOW, Kind.FORMULA, narrow, lambda p: _shown(p.row.item.below), _part_format),
        result(ACTUAL, narrow, _actual, _format),
        result(GOAL, narrow, lambda place: f"={place.row.item.goal}", _format),
        *scored_columns(card, lambda place: place.row.item.direction, datum=outcome("punteggio", key=CODE)),
        result(WEIGHT, 10, lambda place: _weight(card, node, place), styles.PERCENT),
        Column(CODE, Kind.SOURCE, 44, lambda place: place.row.code),
    ]


def scored_columns(
    card: Scorecard,
    direction: Callable[[Place], str],
    actual: str = ACTUAL,
    goal: str = GOAL,
    unless: Callable[[Place, str], str] | None = None,
    *,
    datum: Datum | None = None,
) -> list[Column]:
    """Deviation, score and verdict of two columns of the row; empty where one of them is.

    Args:
        card: the scorecard.
        direction: reference to the direction of a row, or 1 or -1.
        actual: heading of the results.
        goal: heading of the targets.
        unless: makes a formula of the call where its emptiness depends on more than the target; the result is
            still empty where nothing is reported.
        datum: what the scores are, where others ask for them.
    """
    values = card.values

    def call(function: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            value, target = place.here(actual), place.here(goal)
            scored = f"{function}({value},{target},{direction(place)},{values.cap})"
            if unless is None:
                return formulas.complete(scored, value, target)
            return unless(place, f'IF({value}="","",{scored})')

        return content

    return [
        result(GAP, 14, call("PERF_SCOSTAMENTO"), styles.DEVIATION),
        result(SCORE, 12, call("PERF_SCORE"), styles.SCORE, judged_by=VERDICT, datum=datum),
        verdict_column(values, SCORE, VERDICT),
    ]


def _weight(card: Scorecard, node: str, place: Place) -> str:
    """The weight in use; of what is left out nothing, and the others share it."""
    mine = card.values.weight(node, place.row.code)
    optional = {code: e for code, e in card.optional.items() if code in place.table.numbers}
    if not optional:
        return f"={mine}"
    rest = "-".join(f"{card.values.weight(node, code)}*(1-{e})" for code, e in optional.items())
    own = f"*{optional[place.row.code]}" if place.row.code in optional else ""
    return f"={mine}{own}/(1-{rest})"


def _format(row: Row) -> str:
    measure: Measure = row.item
    return measure.number_format


def _part_format(row: Row) -> str:
    measure: Measure = row.item
    return measure.part_format


def _shown(reference: str) -> str | None:
    return formulas.shown(reference) if reference else None


def _actual(place: Place) -> object:
    measure: Measure = place.row.item
    if not measure.above:
        return measure.actual
    above, below = place.here(ABOVE), place.here(BELOW)
    return formulas.complete(measure.actual.format(above=above, below=below), above, below)


def measure_table(
    page: Page, card: Scorecard, name: str, node: str, measures: Sequence[Measure], at_row: int
) -> tuple[Placed, Outcome]:
    """The measures of a node and their synthesis.

    Args:
        page: the page.
        card: the scorecard.
        name: name of the Excel table.
        node: the node that weighs the measures.
        measures: one for each of its children, in their order.
        at_row: row of the headings.

    Returns:
        The table, and where the result of the node stands: two rows below it are used.
    """
    rows = [Row(measure.code, item=measure) for measure in measures]
    table = page.table(TableSpec(name, measure_columns(card, node), rows, key=CODE), at_row)
    return table, synthesis(page, card, table, node)


def synthesis(
    page: Page, card: Scorecard, table: Placed, node: str, score: str = "", label: str = "Sintesi"
) -> Outcome:
    """Two lines below a table of measures: score with verdict, coverage.

    The result of a node that weighs several measures is its score itself, its target the score of a target.

    Args:
        page: the page.
        card: the scorecard.
        table: the table, with the columns of the measures.
        node: the node.
        score: formula of the score where it is no weighted mean.
        label: first words of the line.
    """
    row, values = table.last + 1, card.values
    scores, weights = (table.column(heading).split("!")[1] for heading in (SCORE, WEIGHT))
    if not score:
        score = formulas.unless_blank(f"PERF_SINTESI({scores},{weights})", scores)
    at = {heading: _index(table, heading) for heading in (SCORE, VERDICT)}
    for column in range(2, len(table.letters) + 1):
        page.put(row, column, None, Kind.FORMULA, level=Level.TOTAL)
    page.put(row, 1, label, Kind.KEY, level=Level.TOTAL)
    reference = page.put(row, at[SCORE], score, Kind.FORMULA, number_format=styles.SCORE, level=Level.TOTAL)
    cell = f"{table.letters[SCORE]}{row}"
    words = formulas.verdict(cell, values.band, values.centre)
    page.put(row, at[VERDICT], words, Kind.FORMULA, align="left", level=Level.TOTAL)
    if CODE in table.letters:
        page.put(row, _index(table, CODE), node, Kind.SOURCE, level=Level.TOTAL)
    judge_cells(page.sheet, f"{cell}:{table.letters[VERDICT]}{row}", f"${table.letters[VERDICT]}${row}")
    page.put(row + 1, 1, "Copertura (peso rilevato)", Kind.CHECK)
    coverage = page.put(
        row + 1, at[SCORE], f"=IF({formulas.blank(scores)},0,PERF_COPERTURA({scores},{weights}))", Kind.CHECK,
        number_format=styles.PERCENT_1, align="right",
    )  # fmt: skip
    page.book.proposed[page.name, row + 1, at[SCORE]] = name_from("copertura", node)
    outcome = Outcome(reference, coverage, page.name, reference, values.centre, styles.SCORE)
    card.outcomes[node] = outcome
    return outcome


def _index(table: Placed, heading: str) -> int:
    return list(table.letters).index(heading) + 1
