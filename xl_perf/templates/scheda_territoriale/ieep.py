"""The `IEEP` sheet of `scheda_territoriale.xlsx`: the rows of Tabella B for one structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.plan import traits
from xl_perf.templates.ieep.input import AMOUNT, LEVEL, NO_TARGET, SIGN, Layout
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.model import Column, Content, Datum, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.sums import Subtotals, entries
from xl_perf.templates.kit.targets import source_column, target_column, trait_column
from xl_perf.templates.scheda_territoriale.base import REMARK, Filled, Outcome, remark_column
from xl_perf.templates.scheda_territoriale.measures import ACTUAL, GAP, GOAL, SCORE, VERDICT
from xl_perf.templates.scheda_territoriale.programma import ANNUAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

NODE, TOTAL, SECTIONS, WEIGHTS = "ieep", "totale_ieep", "sezioni_ieep", "pesi_ieep"
"""Parts of the tree, of the indicators, of the weights."""
_LEAF_GOAL = "Obiettivo delle voci"
"""Heading of the annual targets of the rows that are filled in."""


def ieep_page(page: Page, card: Scorecard) -> str:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.

    Returns:
        Reference to the IEEP of the period, in euro.
    """
    whole, layout = card.data.role(TOTAL), Layout.of(card.plan, card.data)
    rows = layout.rows
    above = {row.code: row.item.parent for row in rows if row.item.parent is not None}
    sums = Subtotals(above, (ACTUAL,), SIGN)
    held = target_column(card.plan, ANNUAL, 16, "indicatore", card.region.code, styles.EURO)
    columns = [
        Column("Voce", Kind.LABEL, 48, lambda place: place.row.item.title, align="wrap"),
        held,
        Column(GOAL, Kind.FORMULA, 16, _goal(card), styles.EURO),
        Column(
            ACTUAL,
            Kind.INPUT,
            16,
            lambda place: (
                Content(sums.content(place, ACTUAL), Kind.FORMULA) if sums.is_sum(place.row.code) else None
            ),
            styles.EURO,
            validation=AMOUNT,
            datum=Datum(KeyKind.ITEM, "", "consuntivo"),
        ),
        check(
            "Verso", 11, lambda place: f"={card.values.direction(place.row.code)}", formulas.DIRECTION_FORMAT
        ),
        *_judged(card),
        source_column(card.plan, [held], width=34),
        Column("Codice", Kind.SOURCE, 34, lambda place: place.row.code),
        remark_column([ACTUAL], inputs=lambda place: not sums.is_sum(place.row.code)),
        trait_column(card.plan, SIGN, 8, traits.SIGN),
        trait_column(card.plan, LEVEL, 8, traits.LEVEL),
        *sums.columns(),
        check(
            _LEAF_GOAL,
            16,
            lambda place: None if sums.is_sum(place.row.code) else f"={place.here(ANNUAL)}",
            styles.EURO,
        ),
    ]
    spec = TableSpec("tblIEEP", columns, rows, key="Codice", source="Fonte", aside=(SIGN, LEVEL))
    table = page.table(spec, FIRST_ROW)
    leaves = sum(not sums.is_sum(row.code) for row in rows)
    _result(page, card, table)
    page.finish()
    card.filled.append(Filled(page.name, [table.column(entries(ACTUAL))], leaves, [table.column(REMARK)]))
    return table.cell(whole, ACTUAL)


def _goal(card: Scorecard) -> Callable[[Place], object]:
    """The target of the quarter: the programme's own for total and sections, its share of the total for the rest."""
    whole = card.data.role(TOTAL)
    share = f"{card.goals[whole]}/{card.annual[whole]}"

    def content(place: Place) -> object:
        if place.row.code in card.goals:
            return f"={card.goals[place.row.code]}"
        return f"={place.here(ANNUAL)}*{share}"

    return content


def _judged(card: Scorecard) -> list[Column]:
    def call(function: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            value, goal = place.here(ACTUAL), place.here(GOAL)
            rest = f"{place.here('Verso')},{card.values.cap}"
            return formulas.unless_empty(
                f'IF({goal}=0,"{NO_TARGET}",{function}({value},{goal},{rest}))', value
            )

        return content

    def words(place: Place) -> object:
        score = place.here(SCORE)
        said = formulas.verdict(score, card.values.band, card.values.centre)[1:]
        return f'=IF({score}="{NO_TARGET}","",{said})'

    return [
        Column(GAP, Kind.FORMULA, 12.5, call("PERF_SCOSTAMENTO"), styles.DEVIATION),
        Column(SCORE, Kind.FORMULA, 10.4, call("PERF_SCORE"), styles.SCORE, judged_by=VERDICT),
        Column(VERDICT, Kind.FORMULA, 11.5, words, align="left", judged_by=VERDICT),
    ]


def _result(page: Page, card: Scorecard, table: Placed) -> None:
    """Lines below the rows: weighted realisation of the two sections, score, coverage, check of the total."""
    values, row, whole = card.values, table.last + 2, card.data.role(TOTAL)
    sections, node = card.data.codes(SECTIONS), card.data.role(WEIGHTS)
    given = {code: (table.cell(code, ACTUAL), table.cell(code, GOAL)) for code in sections}
    cells = [reference for pair in given.values() for reference in pair]
    cells += [values.weight(node, code) for code in sections]
    done = formulas.complete(f"IEEP_REALIZZAZIONE({','.join(cells)})", *(pair[0] for pair in given.values()))
    actuals, signs, levels = (table.column(heading) for heading in (ACTUAL, SIGN, LEVEL))
    total = formulas.unless_blank(f"IEEP_TOTALE({actuals},{signs},{levels})", actuals)
    agrees = f'=IF(D{row + 3}="","",IF(ABS(D{row + 3}-{table.cell(whole, ACTUAL)})<0.01,"OK","▼ non quadra"))'
    lines = (
        ("Realizzazione pesata (pesi delle sezioni nel foglio Parametri)", done, styles.PERCENT, Kind.FORMULA),
        ("Punteggio della realizzazione", formulas.unless_empty(f"PERF_SCORE(D{row},1,1,{values.cap})", f"D{row}"),
         styles.SCORE, Kind.FORMULA),
        ("Copertura: quota dell'obiettivo che corrisponde a voci rendicontate", _coverage(table),
         styles.PERCENT_1, Kind.CHECK),
        (f"Controllo: IEEP_TOTALE delle {len(table.numbers) - 1} voci", total, styles.EURO, Kind.CHECK),
        ("Controllo: uguale al totale della tabella", agrees, styles.GENERAL, Kind.CHECK),
    )  # fmt: skip
    references = []
    for offset, (label, formula, number_format, kind) in enumerate(lines):
        level = Level.TOTAL if kind is Kind.FORMULA else Level.LEAF
        page.put(row + offset, 1, label, Kind.KEY if kind is Kind.FORMULA else Kind.CHECK, level=level)
        references.append(
            page.put(row + offset, 4, formula, kind, number_format=number_format, level=level, align="right")
        )
    words = formulas.verdict(f"D{row + 1}", values.band, values.centre)
    mark, at = table.letters[VERDICT], list(table.letters).index(VERDICT) + 1
    page.put(row + 1, at, words, Kind.FORMULA, align="left", level=Level.TOTAL)
    judge_cells(page.sheet, f"D{row + 1} {mark}{row + 1}", f"${mark}${row + 1}")
    card.outcomes[card.data.role(NODE)] = Outcome(
        references[1], references[2], page.name, references[0], "1", styles.PERCENT
    )


def _coverage(table: Placed) -> str:
    """The share of the annual target that the reported rows stand for."""
    goals, reported = table.column(_LEAF_GOAL), table.column(entries(ACTUAL))
    return f'=SUMPRODUCT({goals}*({reported}<>""))/SUM({goals})'
