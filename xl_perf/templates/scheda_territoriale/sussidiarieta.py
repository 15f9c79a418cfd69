"""Sussidiarietà on the `Progetti` sheet of `scheda_territoriale.xlsx`: pieces worked for others and by others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.scheda_territoriale.base import PIECES, REMARK, Outcome, remark_column
from xl_perf.templates.scheda_territoriale.measures import ACTUAL, CODE, GOAL, SCORE, VERDICT, scored_columns
from xl_perf.templates.scheda_territoriale.programma import ANNUAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Line
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

HELP = "sussidiarieta"
"""Part of the tree."""
PIECES_CODE = "pezzi_sussidiarieta"
"""Part of the indicator."""


@dataclass(slots=True)
class Given:
    """References of the inputs, the number of those that are expected, references of the remarks."""

    inputs: list[str]
    expected: int
    remarks: list[str]


def helped(page: Page, card: Scorecard, row: int, given: Given) -> int:
    """The pieces that the structure works for others; gives the row of the next table."""
    of = (
        "fra le strutture, ognuna una volta"
        if card.national
        else f"di {card.region.code} per altre strutture"
    )
    page.section(row - 1, f"Sussidiarietà: lavorazioni {of}")
    lines = _own_lines(card)
    if not lines:
        page.remark(
            row,
            f"Il piano non assegna lavorazioni a {card.region.code}: l'obiettivo non è previsto e non pesa.",
        )
        return row + 3
    helped = page.table(_help_spec(card, "tblSussidiante", lines, "Struttura sussidiata"), row)
    _help_total(page, card, helped)
    given.inputs.append(helped.column(ACTUAL))
    given.expected += len(lines)
    given.remarks.append(helped.column(REMARK))
    return helped.last + 5


def _own_lines(card: Scorecard) -> list[Line]:
    """The lines that the structure works for others; of the nation those of all, totals left out."""
    lines = card.plan.lines_of(_lines_system(card))
    if card.national:
        whole = {line.parent for line in lines}
        return [line for line in lines if line.code not in whole]
    return [line for line in lines if line.structure == card.region.code and line.counterpart is not None]


def _lines_system(card: Scorecard) -> str:
    """The system whose lines are the pieces of each pair: that of their indicator."""
    return card.plan.indicators[card.data.role(PIECES_CODE)].system


def _help_spec(card: Scorecard, name: str, lines: Sequence[Line], word: str) -> TableSpec:
    rows = [Row(line.code, item=line) for line in lines]
    held = target_column(card.plan, ANNUAL, 16, "riga", "", styles.PIECES, period="")
    pieces = card.data.role(PIECES_CODE)

    def who(line: Line) -> str:
        if card.national:
            return line.title
        other = line.counterpart if line.structure == card.region.code else line.structure
        return other or line.title

    columns = [
        Column(word, Kind.KEY, 60, lambda place: who(place.row.item)),
        held,
        result(GOAL, 16, lambda p: f"={p.here(ANNUAL)}*{card.shares[pieces]}", styles.PIECES),
        Column(ACTUAL, Kind.INPUT, 16, number_format=styles.PIECES, validation=PIECES,
               datum=Datum(KeyKind.ITEM, "", "consuntivo", nation(card.plan), key=CODE)),
        *scored_columns(card, lambda _: card.values.direction(pieces)),
        source_column(card.plan, [held], width=24),
        Column(CODE, Kind.SOURCE, 40, lambda place: place.row.code),
        remark_column([ACTUAL]),
    ]  # fmt: skip
    return TableSpec(name, columns, rows, key=CODE, source="Fonte")


def _help_total(page: Page, card: Scorecard, table: Placed) -> None:
    """The total of the pieces worked for others against the structure's target."""
    row, values, code = table.last + 1, card.values, card.data.role(PIECES_CODE)
    actual, goal = table.letters[ACTUAL], table.letters[GOAL]
    cells = table.column(ACTUAL).split("!")[1]
    page.put(row, 1, "Totale", Kind.KEY, level=Level.TOTAL)
    total = formulas.total(cells)
    places = {
        heading: list(table.letters).index(heading) + 1 for heading in (ANNUAL, GOAL, ACTUAL, SCORE, VERDICT)
    }
    page.put(
        row,
        places[ANNUAL],
        f"={card.annual[code]}",
        Kind.FORMULA,
        number_format=styles.PIECES,
        level=Level.TOTAL,
    )
    wanted = page.put(
        row,
        places[GOAL],
        f"={card.goals[code]}",
        Kind.FORMULA,
        number_format=styles.PIECES,
        level=Level.TOTAL,
    )
    done = page.put(row, places[ACTUAL], total, Kind.FORMULA, number_format=styles.PIECES, level=Level.TOTAL)
    call = f"PERF_SCORE({actual}{row},{goal}{row},{values.direction(code)},{values.cap})"
    score = page.put(
        row, places[SCORE], formulas.unless_empty(call, f"{actual}{row}"), Kind.FORMULA, number_format=styles.SCORE,
        level=Level.TOTAL,
    )  # fmt: skip
    page.put(row, places[SCORE] - 1, None, Kind.FORMULA, level=Level.TOTAL)
    mark, verdict = table.letters[SCORE], table.letters[VERDICT]
    words = formulas.verdict(f"{mark}{row}", values.band, values.centre)
    page.put(row, places[VERDICT], words, Kind.FORMULA, align="left", level=Level.TOTAL)
    judge_cells(page.sheet, f"{mark}{row}:{verdict}{row}", f"${verdict}${row}")
    page.put(row + 1, 1, "Copertura (quota dell'obiettivo rendicontata)", Kind.CHECK)
    annual = table.column(ANNUAL).split("!")[1]
    covered = f'=SUMPRODUCT({annual}*({cells}<>""))/SUM({annual})'
    coverage = page.put(
        row + 1, places[SCORE], covered, Kind.CHECK, number_format=styles.PERCENT_1, align="right"
    )
    card.outcomes[card.data.role(HELP)] = Outcome(score, coverage, page.name, done, wanted, styles.PIECES)


def received(page: Page, card: Scorecard, row: int, given: Given) -> Outcome | None:
    """What others work for the structure: shown, not scored in the scorecard."""
    if card.national:
        return None
    system = _lines_system(card)
    lines = [line for line in card.plan.lines_of(system) if line.counterpart == card.region.code]
    page.section(
        row - 1, f"Sussidiarietà: lavorazioni di altri per {card.region.code} (solo rendicontazione)"
    )
    if not lines:
        page.remark(row, f"Il piano non prevede lavorazioni di altre strutture per {card.region.code}.")
        return None
    table = page.table(_help_spec(card, "tblSussidiata", lines, "Chi lavora"), row)
    given.remarks.append(table.column(REMARK))
    cells, goals = table.column(ACTUAL), table.column(GOAL)
    end = table.last + 1
    page.put(end, 1, "Totale", Kind.KEY, level=Level.TOTAL)
    goal = page.put(end, 3, f"=SUM({goals})", Kind.FORMULA, number_format=styles.PIECES, level=Level.TOTAL)
    actual = page.put(
        end, 4, formulas.total(cells), Kind.FORMULA, number_format=styles.PIECES, level=Level.TOTAL
    )
    page.put(
        end, 2, f"=SUM({table.column(ANNUAL)})", Kind.FORMULA, number_format=styles.PIECES, level=Level.TOTAL
    )
    return Outcome("", "", page.name, actual, goal, styles.PIECES)
