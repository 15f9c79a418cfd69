"""The `Progetti` sheet of `scheda_territoriale.xlsx`: improvement projects, sussidiarietà given and received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, outcome
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.scheda_territoriale.base import (
    AMOUNT,
    INDICATOR,
    PIECES,
    REMARK,
    Filled,
    Outcome,
    free_text,
    indicator_column,
    remark_column,
)
from xl_perf.templates.scheda_territoriale.measures import (
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
from xl_perf.templates.scheda_territoriale.programma import ANNUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Line
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

NODE, HELP = "progetti", "sussidiarieta"
"""Parts of the tree."""
PIECES_CODE = "pezzi_sussidiarieta"
"""Part of the indicator."""
REGIONAL = 5
"""Rows ready for regional projects."""
COUNTED = "Consuntivo che conta"
_EXAMPLES = (("Bonifica degli archivi cartacei", 1200, 1310), ("Riesame delle domande respinte", 800, 772))


def projects_page(page: Page, card: Scorecard) -> Outcome | None:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.

    Returns:
        The pieces that others work for the structure, without score; None where nobody does.
    """
    row, given = FIRST_ROW, _Given([], 0, [])
    if card.data.has(NODE):
        row = _improvement(page, card, row, given)
    received = None
    if card.data.has(HELP):
        row = _helped(page, card, row, given)
        received = _received(page, card, row, given)
    page.finish()
    card.filled.append(Filled(page.name, given.inputs, given.expected, given.remarks))
    return received


@dataclass(slots=True)
class _Given:
    """References of the inputs, the number of those that are expected, references of the remarks."""

    inputs: list[str]
    expected: int
    remarks: list[str]


def _improvement(page: Page, card: Scorecard, top: int, given: _Given) -> int:
    """National and regional projects; gives the row of the next table."""
    node = card.data.role(NODE)
    if card.national:
        return _national_projects(page, card, top, given)
    regional_row = top + len(card.plan.children(node)) + 7
    regional = page.geometry(_regional_spec(card), regional_row)
    page.section(top - 1, "Progetti nazionali di miglioramento")
    table = page.table(_national_spec(card, node), top)
    _synthesis(page, card, table, regional, node)
    each, most = (card.parameter(role) for role in ("peso_regionale", "peso_regionale_massimo"))
    words = (
        f'="Progetti regionali di miglioramento ("&ROUND(100*{each},2)&"% ciascuno, al massimo "'
        f'&ROUND(100*{most},2)&"% in tutto)"'
    )
    page.section(regional_row - 1, words)
    page.table(_regional_spec(card), regional_row)
    given.inputs.append(table.column(ACTUAL))
    given.expected += len(table.numbers)
    given.remarks += [table.column(REMARK), regional.column(REMARK)]
    return regional.last + 4


def _national_projects(page: Page, card: Scorecard, top: int, given: _Given) -> int:
    """The national projects alone: those of the regions are each region's own; gives the row of the next table."""
    node = card.data.role(NODE)
    page.section(top - 1, "Progetti nazionali di miglioramento")
    table = page.table(_national_spec(card, node), top)
    synthesis(page, card, table, node)
    given.inputs.append(table.column(ACTUAL))
    given.expected += len(table.numbers)
    given.remarks.append(table.column(REMARK))
    return table.last + 5


def _helped(page: Page, card: Scorecard, row: int, given: _Given) -> int:
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


def _national_spec(card: Scorecard, node: str) -> TableSpec:
    rows = [Row(child.code, item=child) for child in card.plan.children(node)]
    indicator = {row.code: row.item.indicator for row in rows}

    def title(code: str) -> str:
        return card.plan.indicators[indicator[code]].title

    columns = [
        Column(ITEM, Kind.LABEL, 60, lambda place: title(place.row.code), align="wrap"),
        result(ANNUAL, 16, lambda p: f"={card.annual[indicator[p.row.code]]}", styles.PIECES),
        result(GOAL, 16, lambda p: f"={card.goals[indicator[p.row.code]]}", styles.PIECES),
        Column(ACTUAL, Kind.INPUT, 16, number_format=styles.PIECES, validation=PIECES,
               datum=Datum(KeyKind.ITEM, "", "consuntivo", key=INDICATOR)),
        *scored_columns(
            card, lambda p: card.values.direction(indicator[p.row.code]), datum=outcome("punteggio", key=CODE)
        ),
        result(WEIGHT, 12, lambda p: f"={card.values.weight(node, p.row.code)}", styles.PERCENT),
        Column(CODE, Kind.SOURCE, 40, lambda place: place.row.code),
        remark_column([ACTUAL]),
        indicator_column(28, lambda row: indicator[row.code]),
    ]  # fmt: skip
    return TableSpec("tblProgettiNazionali", columns, rows, key=CODE)


def _regional_spec(card: Scorecard) -> TableSpec:
    examples = _EXAMPLES if card.book.example else ()

    def example(index: int) -> Callable[[Place], object]:
        return lambda place: examples[place.row.item][index] if place.row.item < len(examples) else None

    def said(place: Place) -> str:
        goal, actual = place.here(GOAL), place.here(ACTUAL)
        return (
            f'IF(COUNT({goal},{actual})=0,"",IF({goal}="","▼ manca l\'obiettivo",'
            f'IF({actual}="","dati parziali","OK")))'
        )

    def counted(place: Place) -> object:
        """Without a target a project is none."""
        goal, actual = place.here(GOAL), place.here(ACTUAL)
        return formulas.complete(actual, goal, actual)

    def datum(measure: str, species: Species = Species.FACT) -> Datum:
        return Datum(KeyKind.ROW, card.data.role("progetti_regionali"), measure, species=species, key=ITEM)

    text = free_text(
        "Progetto regionale", "Nome del progetto: ogni obiettivo inserito conta come un progetto."
    )
    columns = [
        Column(
            ITEM, Kind.INPUT, 60, example(0), align="left", validation=text, informative="nome del progetto.",
            datum=datum("nome", Species.TEXT),
        ),
        Column("N.", Kind.LABEL, 16, lambda place: place.row.item + 1, "0", align="right"),
        Column(GOAL, Kind.INPUT, 16, example(1), styles.PIECES, validation=AMOUNT, datum=datum("obiettivo")),
        Column(ACTUAL, Kind.INPUT, 16, example(2), styles.PIECES, validation=AMOUNT, datum=datum("consuntivo")),
        *scored_columns(card, lambda _: "1"),
        result(COUNTED, 16, counted, styles.PIECES),
        remark_column([GOAL, ACTUAL], said),
    ]  # fmt: skip
    return TableSpec("tblProgettiRegionali", columns, [Row(f"r{i}", item=i) for i in range(REGIONAL)])


def _synthesis(page: Page, card: Scorecard, table: Placed, regional: Placed, node: str) -> None:
    """Score by PROGETTI_SINTESI below the national projects, with the weight that the reported regional ones take."""
    given = [table.column(heading).split("!")[1] for heading in (ACTUAL, GOAL, WEIGHT)]
    own, goals, scores = (regional.column(heading).split("!")[1] for heading in (COUNTED, GOAL, SCORE))
    share, most = (card.parameter(role) for role in ("peso_regionale", "peso_regionale_massimo"))
    call = f"PROGETTI_SINTESI({','.join(given)},{own},{goals},{share},{most},{card.values.cap})"
    count, names = table.last + 4, ("Consuntivi", "Obiettivi", "Pesi")
    for heading, name in zip((ACTUAL, GOAL, WEIGHT), names, strict=True):
        page.book.name_area(table, heading, list(table.numbers), f"{name}_nazionali")
    for heading, name in zip((COUNTED, GOAL), names[:2], strict=True):
        page.book.name_area(regional, heading, list(regional.numbers), f"{name}_regionali")
    page.put(count, 1, "Progetti rendicontati", Kind.CHECK)
    reported = "+".join(f"ROWS({cells})-COUNTBLANK({cells})" for cells in (given[0], own))
    at = list(table.letters).index(SCORE) + 1
    done = page.put(count, at, f"={reported}", Kind.CHECK, number_format="0", align="right").split("!")[1]
    score = f'=IF({done}=0,"",{call})'
    synthesis(page, card, table, node, score, "Sintesi con i progetti regionali")
    row = table.last + 3
    weight = f"=IF({share}*COUNT({scores})>{most},{most},{share}*COUNT({scores}))"
    page.put(row, 1, "Peso dei progetti regionali, tolto ai nazionali", Kind.CHECK)
    page.put(row, at, weight, Kind.CHECK, number_format=styles.PERCENT_1, align="right")


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


def _received(page: Page, card: Scorecard, row: int, given: _Given) -> Outcome | None:
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
