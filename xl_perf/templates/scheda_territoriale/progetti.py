"""The `Progetti` sheet of `scheda_territoriale.xlsx`: improvement projects, sussidiarietà given and received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, outcome
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
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
    WEIGHT,
    scored_columns,
    synthesis,
)
from xl_perf.templates.scheda_territoriale.programma import ANNUAL
from xl_perf.templates.scheda_territoriale.sussidiarieta import HELP, Given, helped, received

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

NODE = "progetti"
"""Part of the tree."""
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
    row, given = FIRST_ROW, Given([], 0, [])
    if card.data.has(NODE):
        row = _improvement(page, card, row, given)
    outcome = None
    if card.data.has(HELP):
        row = helped(page, card, row, given)
        outcome = received(page, card, row, given)
    page.finish()
    card.filled.append(Filled(page.name, given.inputs, given.expected, given.remarks))
    return outcome


def _improvement(page: Page, card: Scorecard, top: int, given: Given) -> int:
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


def _national_projects(page: Page, card: Scorecard, top: int, given: Given) -> int:
    """The national projects alone: those of the regions are each region's own; gives the row of the next table."""
    node = card.data.role(NODE)
    page.section(top - 1, "Progetti nazionali di miglioramento")
    table = page.table(_national_spec(card, node), top)
    synthesis(page, card, table, node)
    given.inputs.append(table.column(ACTUAL))
    given.expected += len(table.numbers)
    given.remarks.append(table.column(REMARK))
    return table.last + 5


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
