"""The result sheets of `strutture_centrali.xlsx`: synthesis of the structures with a chart, one structure's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule

from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import (
    check,
    result,
    state_column,
    verdict_column,
)
from xl_perf.templates.kit.model import Column, Content, Row, TableSpec
from xl_perf.templates.kit.names import short_name
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.tree_weights import WEIGHT
from xl_perf.templates.kit.unit_formats import format_by_unit
from xl_perf.templates.strutture_centrali import tree as goals
from xl_perf.templates.strutture_centrali.input import ACTUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Structure
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.strutture_centrali.nodes import Tree

NAME, WEIGHTS = "Nome breve", "Somma dei pesi"
_WIDTH = 62
_G_KEY, _G_SCORES, _G_TOTAL, _G_WEIGHTS = (
    "Struttura", "Punteggio per prospettiva", "Sintesi della struttura", "Pesi delle prospettive in uso",
)  # fmt: skip


def summary_spec(tree: Tree, values: Parameters) -> TableSpec:
    """Scores of the perspectives, the structure's score over them, coverage and weights.

    Args:
        tree: the structures.
        values: where the parameters stand.
    """
    rows = [Row(root.structure or "", item=root) for root in tree.roots]
    names = list(tree.perspectives.values())

    def score(perspective: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            code = tree.perspective(place.row.item, perspective)
            return formulas.shown(tree.goals.cell(code, goals.SCORE)) if code else None

        return content

    def weight(perspective: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            code = tree.perspective(place.row.item, perspective)
            return f"={tree.goals.cell(code, WEIGHT)}" if code else Content(0, Kind.FORMULA)

        return content

    def total(place: Place) -> object:
        cells = place.across(names[0], names[-1])
        weights = place.across(f"Peso {names[0]}", f"Peso {names[-1]}")
        return formulas.unless_blank(f"PERF_SINTESI({cells},{weights})", cells)

    def coverage(place: Place) -> object:
        parts = [
            f"{place.here(f'Peso {name}')}*{tree.goals.cell(code, goals.COVERAGE)}"
            for key, name in tree.perspectives.items()
            if (code := tree.perspective(place.row.item, key))
        ]
        return "=" + "+".join(parts)

    def summed(place: Place) -> object:
        cells = place.across(f"Peso {names[0]}", f"Peso {names[-1]}")
        return f'=IF(ABS(SUM({cells})-1)<0.000000001,"OK","▼ pesi ≠ 100%")'

    columns = [
        Column("Struttura", Kind.KEY, _WIDTH, lambda place: place.row.code, align="wrap", group=_G_KEY),
        *(
            result(name, 12, score(key), styles.SCORE, group=_G_SCORES)
            for key, name in tree.perspectives.items()
        ),
        result(goals.SCORE, 12, total, styles.SCORE, group=_G_TOTAL, judged_by=goals.VERDICT),
        verdict_column(values, goals.SCORE, goals.VERDICT, _G_TOTAL),
        check(goals.COVERAGE, 11, coverage, styles.PERCENT_1, group=_G_TOTAL),
        state_column(goals.COVERAGE, group=_G_TOTAL),
        Column(NAME, Kind.LABEL, 44, lambda p: short_name(_structure(tree, p)), group=_G_WEIGHTS),
        *(
            result(f"Peso {name}", 11, weight(key), styles.PERCENT_1, group=_G_WEIGHTS)
            for key, name in tree.perspectives.items()
        ),
        Column(WEIGHTS, Kind.CHECK, 14, summed, group=_G_WEIGHTS, judged_by=WEIGHTS),
    ]
    return TableSpec("tblSintesi", columns, rows, key="Struttura", aside=(NAME,))


def _structure(tree: Tree, place: Place) -> Structure:
    return tree.plan.structures[place.row.code]


def summary(page: Page, spec: TableSpec, remarked: Sequence[str]) -> Placed:
    """Write the synthesis and the chart of the scores, which has its own page.

    Args:
        page: the empty `Sintesi` page.
        spec: its columns.
        remarked: references to the columns and cells of remarks on the inputs.
    """
    table = page.table(spec, FIRST_ROW + 1)
    page.remark(
        table.last + 1,
        "Pesi di prospettive e obiettivi: assunzione (quote uguali) dove il piano non li stampa; si "
        "cambiano nel foglio Obiettivi.",
    )
    page.put(table.last + 2, 1, "Segnalazioni nei dati inseriti (celle con ▼)", Kind.CHECK)
    page.put(table.last + 2, 2, "=" + "+".join(map(remarks.counted, remarked)), Kind.CHECK, number_format="0")
    page.book.define("Elenco_strutture", table.column("Struttura"))
    page.book.top(table.column(goals.SCORE), table.column(goals.COVERAGE))
    title = "Punteggio delle strutture centrali"
    chart = ChartSpec(title, "Struttura", "Punteggio", table, NAME, goals.SCORE)
    bar_chart(page, chart, f"A{table.last + 4}")
    page.finish()
    return table


def card(page: Page, tree: Tree) -> None:
    """The objectives of one structure, picked from a list, with its score.

    Args:
        page: the empty `Scheda` page.
        tree: the structures and where their tables stand.
    """
    search = tree.goals.column(goals.TITLE)
    default = max(tree.roots, key=tree.size)
    head = card_head(page, CardHead("Struttura", "Elenco_strutture", default.structure or "", search, last=6))
    row = FIRST_ROW + 2
    line = f"MATCH({head.picked},{tree.summary.column('Struttura')},0)"
    page.text(row, 1, "Righe", styles.font(size=9, colour=styles.MUTED))
    own = f"({tree.goals.column(goals.STRUCTURE)}=INDEX({tree.summary.column(NAME)},{line}))"
    page.put(row, 2, f"=SUMPRODUCT({own}*1)", Kind.CHECK, number_format="0", align="right")
    most = max(tree.size(root) for root in tree.roots)
    rows = [Row(str(number), Level.NATIONAL if number == 0 else Level.LEAF, number) for number in range(most)]
    spec = TableSpec("tblScheda", _columns(tree, head.position, f"$B${row}"), rows)
    table = page.table(spec, row + 2)
    for number in table.numbers.values():
        page.sheet.row_dimensions[number].height = 30
    format_by_unit(page, table, (goals.TARGET, ACTUAL), goals.UNIT)
    _bold(page, table)
    page.finish()


def _columns(tree: Tree, position: str, count: str) -> list[Column]:
    def pick(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cell = f"INDEX({tree.goals.column(heading)},{position}+{place.row.item})"
            return f'=IF({place.row.item}>={count},"",IF({cell}="","",{cell}))'

        return content

    return [
        Column(goals.TITLE, Kind.FORMULA, 72, pick(goals.TITLE), align="wrap"),
        result(goals.UNIT, 15, pick(goals.UNIT), align="left"),
        result(goals.TARGET, 20, pick(goals.TARGET), styles.EURO_CENTS),
        result(ACTUAL, 20, pick(ACTUAL), styles.EURO_CENTS),
        result(goals.GAP, 14, pick(goals.GAP), styles.DEVIATION),
        result(WEIGHT, 11, pick(WEIGHT), styles.PERCENT_1),
        result(goals.SCORE, 12, pick(goals.SCORE), styles.SCORE, judged_by=goals.VERDICT),
        result(goals.VERDICT, 13, pick(goals.VERDICT), align="left", judged_by=goals.VERDICT),
        result(goals.COVERAGE, 11, pick(goals.COVERAGE), styles.PERCENT_1),
    ]


def _bold(page: Page, table: Placed) -> None:
    """Rows of the structure and of its perspectives, which have no unit, stand out."""
    first = min(table.numbers.values())
    cells = f"A{first}:{table.letters[goals.COVERAGE]}{table.last}"
    style = styles.differential(styles.TOTAL_GROUND, styles.INK)
    test = f'($A{first}<>"")*($B{first}="")>0'
    page.sheet.conditional_formatting.add(cells, Rule(type="expression", dxf=style, formula=[test]))
