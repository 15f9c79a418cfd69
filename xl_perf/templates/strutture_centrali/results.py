"""The result sheets of `strutture_centrali.xlsx`: synthesis of the structures with a chart, one structure's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule

from xl_perf.templates.kit import contributions, formulas, front, remarks, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import (
    check,
    result,
    state_column,
    verdict_column,
)
from xl_perf.templates.kit.comments import said
from xl_perf.templates.kit.model import Column, Content, Row, TableSpec
from xl_perf.templates.kit.names import short_name
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.tree_weights import WEIGHT
from xl_perf.templates.kit.unit_formats import format_by_unit
from xl_perf.templates.strutture_centrali import order
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
_WIDTH = 84
_LINE = "Riga nel foglio Obiettivi"
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
            return formulas.shown(tree.order.placed.cell(code, goals.SCORE)) if code else None

        return content

    def weight(perspective: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            code = tree.perspective(place.row.item, perspective)
            return f"={tree.order.placed.cell(code, WEIGHT)}" if code else Content(0, Kind.FORMULA)

        return content

    def total(place: Place) -> object:
        cells = place.across(names[0], names[-1])
        weights = place.across(f"Peso {names[0]}", f"Peso {names[-1]}")
        return formulas.unless_blank(f"PERF_SINTESI({cells},{weights})", cells)

    def coverage(place: Place) -> object:
        root = place.row.item.code
        return f"=SUMPRODUCT({tree.order.below(root, WEIGHT)},{tree.order.below(root, goals.COVERAGE)})"

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
    return TableSpec(
        "tblSintesi",
        columns,
        rows,
        key="Struttura",
        aside=(NAME, *(f"Peso {name}" for name in names), WEIGHTS),
    )


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


def front_page(page: Page, tree: Tree, values: Parameters, comments: Placed) -> None:
    """The page to sign of one structure, picked from a list: its objectives by perspective.

    Args:
        page: the empty page.
        tree: the structures and where their tables stand.
        values: where the parameters stand.
        comments: the comments.
    """
    search, names = tree.order.placed.column(order.CARD_STRUCTURE), tree.summary.column("Struttura")
    default = max(tree.roots, key=tree.size).structure or ""
    row, side = front.HEAD_ROW, len(_PICKED) + 4
    head = card_head(page, CardHead("Struttura", "Elenco_strutture", default, search, 8, row, side))
    line = f"MATCH({head.picked},{names},0)"

    def picked(heading: str) -> str:
        return formulas.shown(f"INDEX({tree.summary.column(heading)},{line})")

    own = f"({tree.goals.column(goals.STRUCTURE)}=INDEX({tree.summary.column(NAME)},{line}))"
    count = page.aside(row, side + 1, f"=SUMPRODUCT({own}*1)", "0", name="Righe_scelte")
    score = page.aside(row, side + 2, picked(goals.SCORE), styles.SCORE, name="Punteggio_del_Quadro")
    verdict = page.aside(row, side + 3, picked(goals.VERDICT), name="Esito_del_Quadro")
    most = max(tree.size(root) for root in tree.roots)
    rows = [Row(str(n), Level.NATIONAL if n == 0 else Level.LEAF, n) for n in range(most)]
    spec = TableSpec("tblScheda", _columns(values, tree, head.position, count), rows)
    page.section(row + 6, "Di che cosa è fatto il punteggio")
    table = page.table(spec, row + 7)
    format_by_unit(page, table, (ACTUAL, goals.TARGET), goals.UNIT)
    format_by_unit(page, table, (contributions.LACKS,), goals.UNIT, signed=True)
    _bold(page, table)
    front.bars(page, table)
    shown = front.Front(page, values, "della struttura", score, verdict, table, goals.TITLE, goals.VERDICT)
    front.headline(shown)
    unit, score, title = (table.column(heading) for heading in (goals.UNIT, goals.SCORE, goals.TITLE))
    lacks = (
        (f'(INDEX({unit},{n})<>"")*(INDEX({score},{n})="")>0', f"INDEX({title},{n})")
        for n in range(1, most + 1)
    )
    missing = front.joined(page, lacks, table.header + 1, side)
    comment, who = (said(comments, text.title, head.picked) for text in (front.COMMENT, front.WHO))
    front.closing(shown, table.last + 1, missing, front.Foot(comment=comment, who=who))


_AMOUNT = "[>=1000000]#,##0;[<=-1000000]-#,##0;#,##0.00"
"""Amounts of millions have no decimals: the column has no room for them."""
_PICKED = (
    (goals.TITLE, 28.6, styles.GENERAL),
    (goals.UNIT, 9.6, styles.GENERAL),
    (WEIGHT, 6.8, styles.PERCENT_0),
    (ACTUAL, 15, _AMOUNT),
    (goals.TARGET, 15, _AMOUNT),
    (goals.SCORE, 10, styles.SCORE),
    (goals.VERDICT, 10.2, styles.GENERAL),
    (contributions.GIVES, 10, contributions.HUNDREDTHS),
)
"""Columns that the page takes from the tree: heading, width, number format."""


def _columns(values: Parameters, tree: Tree, position: str, count: str) -> list[Column]:
    def line(place: Place) -> object:
        code = f"INDEX({tree.order.placed.column(order.CARD_CODE)},{position}+{place.row.item})"
        return f'=IF({place.row.item}>={count},"",MATCH({code},{tree.goals.column(goals.ROW)},0))'

    def pick(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cell = f"INDEX({tree.goals.column(heading)},{place.here(_LINE)})"
            return f'=IF({place.here(_LINE)}="","",IF({cell}="","",{cell}))'

        return content

    texts = {goals.TITLE: "wrap", goals.UNIT: "wrap", goals.VERDICT: "left"}
    judged = {goals.SCORE: goals.VERDICT, goals.VERDICT: goals.VERDICT}
    return [
        *(
            result(
                heading,
                width,
                pick(heading),
                form,
                align=texts.get(heading, ""),
                judged_by=judged.get(heading, ""),
            )
            for heading, width, form in _PICKED
        ),
        contributions.lacking(values, (goals.SCORE, ACTUAL, goals.TARGET), styles.EURO_CENTS, 10.8),
        contributions.bar_column(values, goals.SCORE, 8.2),
        Column(_LINE, Kind.CHECK, 10, line, "0", align="right", paper=False),
    ]


def _bold(page: Page, table: Placed) -> None:
    """Rows of the structure and of its perspectives, which have no unit, stand out."""
    first = min(table.numbers.values())
    cells = f"A{first}:{table.letters[contributions.LACKS]}{table.last}"
    style = styles.differential(styles.TOTAL_GROUND, styles.INK)
    test = f'($A{first}<>"")*($B{first}="")>0'
    page.sheet.conditional_formatting.add(cells, Rule(type="expression", dxf=style, formula=[test]))
