"""The `Progetti` sheet of `scheda_territoriale.xlsx`: improvement projects, sussidiarietà given and received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates.columns import result
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.scheda_base import AMOUNT, PIECES, Filled, Outcome, free_text
from xl_perf.templates.scheda_measures import (
    ACTUAL,
    CODE,
    GOAL,
    ITEM,
    SCORE,
    VERDICT,
    WEIGHT,
    scored_columns,
    synthesis,
)
from xl_perf.templates.scheda_programma import ANNUAL
from xl_perf.templates.sheet_parts import judge_cells
from xl_perf.templates.styles import Kind, Level
from xl_perf.templates.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Line
    from xl_perf.templates.model import Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.scheda_base import Scorecard

NODE, HELP = "scheda.processi.progetti", "scheda.processi.sussidiarieta"
PIECES_CODE = "sussidiarieta.pezzi"
REGIONAL = 5
"""Rows ready for regional projects."""
CHECK = "Controllo dati"
_EXAMPLES = (("Bonifica degli archivi cartacei", 1200, 1310), ("Riesame delle domande respinte", 800, 772))


def projects_page(page: Page, card: Scorecard) -> Outcome | None:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.

    Returns:
        The pieces that others work for the structure, without score; None where nobody does.
    """
    top = FIRST_ROW
    regional_row = top + len(card.plan.children(NODE)) + 7
    regional = page.geometry(_regional_spec(card), regional_row)
    page.section(top - 1, "Progetti nazionali di miglioramento")
    table = page.table(_national_spec(card), top)
    _synthesis(page, card, table, regional)
    page.section(
        regional_row - 1, "Progetti regionali di miglioramento (5% ciascuno, al massimo 15% in tutto)"
    )
    page.table(_regional_spec(card), regional_row)
    inputs, expected = [table.column(ACTUAL)], len(table.numbers)
    row = regional.last + 4
    given = [line for line in card.plan.lines_of("sussidiarieta") if line.structure == card.region.code]
    given = [line for line in given if line.counterpart is not None]
    page.section(row - 1, f"Sussidiarietà: lavorazioni di {card.region.code} per altre strutture")
    if given:
        helped = page.table(_help_spec(card, "tblSussidiante", given, "Struttura sussidiata"), row)
        _help_total(page, card, helped)
        inputs.append(helped.column(ACTUAL))
        expected += len(given)
        row = helped.last + 5
    else:
        page.remark(
            row,
            f"Il piano non assegna lavorazioni a {card.region.code}: l'obiettivo non è previsto e non pesa.",
        )
        row += 3
    received = _received(page, card, row)
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(one_page=True))
    card.filled.append(Filled(page.name, inputs, expected, [regional.column(CHECK)]))
    return received


def _national_spec(card: Scorecard) -> TableSpec:
    rows = [Row(node.code, item=node) for node in card.plan.children(NODE)]
    indicator = {row.code: row.item.indicator for row in rows}

    def example(code: str) -> float | None:
        return round(card.near(indicator[code]) * card.part) if card.book.example else None

    def title(code: str) -> str:
        return card.plan.indicators[indicator[code]].title

    columns = [
        Column(ITEM, Kind.LABEL, 60, lambda place: title(place.row.code), align="wrap"),
        result(ANNUAL, 16, lambda p: f"={card.annual[indicator[p.row.code]]}", styles.PIECES),
        result(GOAL, 16, lambda p: f"={card.goals[indicator[p.row.code]]}", styles.PIECES),
        Column(ACTUAL, Kind.INPUT, 16, lambda p: example(p.row.code), styles.PIECES, validation=PIECES),
        *scored_columns(card, lambda p: card.values.direction(indicator[p.row.code])),
        result(WEIGHT, 12, lambda p: f"={card.values.weight(NODE, p.row.code)}", styles.PERCENT),
        Column(CODE, Kind.SOURCE, 40, lambda place: place.row.code),
    ]
    return TableSpec("tblProgettiNazionali", columns, rows, key=CODE)


def _regional_spec(card: Scorecard) -> TableSpec:
    examples = _EXAMPLES if card.book.example else ()

    def example(index: int) -> object:
        return lambda place: examples[place.row.item][index] if place.row.item < len(examples) else None

    def remark(place: object) -> object:
        goal, actual = place.here(GOAL), place.here(ACTUAL)  # type: ignore[attr-defined]
        return (
            f'=IF(COUNT({goal},{actual})=0,"",IF({goal}="","▼ manca l\'obiettivo",'
            f'IF({actual}="","dati parziali","OK")))'
        )

    text = free_text(
        "Progetto regionale", "Nome del progetto: ogni obiettivo inserito conta come un progetto."
    )
    columns = [
        Column(ITEM, Kind.INPUT, 60, example(0), align="left", validation=text),  # type: ignore[arg-type]
        Column("N.", Kind.LABEL, 16, lambda place: place.row.item + 1, "0", align="right"),
        Column(GOAL, Kind.INPUT, 16, example(1), styles.PIECES, validation=AMOUNT),  # type: ignore[arg-type]
        Column(ACTUAL, Kind.INPUT, 16, example(2), styles.PIECES, validation=AMOUNT),  # type: ignore[arg-type]
        *scored_columns(card, lambda _: "1"),
        Column(CHECK, Kind.CHECK, 24, remark, judged_by=CHECK),
    ]
    return TableSpec("tblProgettiRegionali", columns, [Row(f"r{i}", item=i) for i in range(REGIONAL)])


def _synthesis(page: Page, card: Scorecard, table: Placed, regional: Placed) -> None:
    """Score by PROGETTI_SINTESI below the national projects, with the weight that the regional ones take."""
    given = [table.column(heading).split("!")[1] for heading in (ACTUAL, GOAL, WEIGHT)]
    own, goals = (regional.column(heading).split("!")[1] for heading in (ACTUAL, GOAL))
    lacking = f'SUMPRODUCT(({own}<>"")*({goals}=""))'
    call = f"PROGETTI_SINTESI({','.join(given)},{own},{goals})"
    score = f'=IF(COUNT({given[0]},{own})=0,"",IF({lacking}>0,"",{call}))'
    synthesis(page, card, table, NODE, score, "Sintesi con i progetti regionali")
    row, ref = table.last + 3, card.values.ref
    share, most = (
        ref("progetti_miglioramento.peso_regionale"),
        ref("progetti_miglioramento.peso_regionale_massimo"),
    )
    weight = f"=IF({share}*COUNT({goals})>{most},{most},{share}*COUNT({goals}))"
    page.put(row, 1, "Peso dei progetti regionali, tolto ai nazionali", Kind.CHECK)
    column = list(table.letters).index(SCORE) + 1
    page.put(row, column, weight, Kind.CHECK, number_format=styles.PERCENT_1, align="right")


def _help_spec(card: Scorecard, name: str, lines: Sequence[Line], word: str) -> TableSpec:
    rows = [Row(line.code, item=line) for line in lines]
    held = target_column(card.plan, ANNUAL, 16, "riga", "", styles.PIECES, period="")

    def example(line: Line) -> float | None:
        if not card.book.example:
            return None
        return round((line.value or 0) * card.part * card.example(0.85, 1.12, line.code))

    def who(line: Line) -> str:
        other = line.counterpart if line.structure == card.region.code else line.structure
        return other or line.title

    columns = [
        Column(word, Kind.KEY, 60, lambda place: who(place.row.item)),
        held,
        result(GOAL, 16, lambda p: f"={p.here(ANNUAL)}*{card.shares[PIECES_CODE]}", styles.PIECES),
        Column(ACTUAL, Kind.INPUT, 16, lambda p: example(p.row.item), styles.PIECES, validation=PIECES),
        *scored_columns(card, lambda _: card.values.direction(PIECES_CODE)),
        source_column(card.plan, [held], width=24),
        Column(CODE, Kind.SOURCE, 40, lambda place: place.row.code),
    ]
    return TableSpec(name, columns, rows, key=CODE, source="Fonte")


def _help_total(page: Page, card: Scorecard, table: Placed) -> None:
    """The total of the pieces worked for others against the structure's target."""
    row, values = table.last + 1, card.values
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
        f"={card.annual[PIECES_CODE]}",
        Kind.FORMULA,
        number_format=styles.PIECES,
        level=Level.TOTAL,
    )
    wanted = page.put(
        row,
        places[GOAL],
        f"={card.goals[PIECES_CODE]}",
        Kind.FORMULA,
        number_format=styles.PIECES,
        level=Level.TOTAL,
    )
    done = page.put(row, places[ACTUAL], total, Kind.FORMULA, number_format=styles.PIECES, level=Level.TOTAL)
    call = f"PERF_SCORE({actual}{row},{goal}{row},{values.direction(PIECES_CODE)},{values.cap})"
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
    card.outcomes[HELP] = Outcome(score, coverage, page.name, done, wanted, styles.PIECES)


def _received(page: Page, card: Scorecard, row: int) -> Outcome | None:
    """What others work for the structure: shown, not scored in the scorecard."""
    lines = [line for line in card.plan.lines_of("sussidiarieta") if line.counterpart == card.region.code]
    page.section(
        row - 1, f"Sussidiarietà: lavorazioni di altri per {card.region.code} (solo rendicontazione)"
    )
    if not lines:
        page.remark(row, f"Il piano non prevede lavorazioni di altre strutture per {card.region.code}.")
        return None
    table = page.table(_help_spec(card, "tblSussidiata", lines, "Chi lavora"), row)
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
