"""The `Quadro` and `Scheda` sheets of `piramide_valore.xlsx`."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from xl_perf.plan.model import Unit
from xl_perf.templates.kit import contributions, formulas, front, remarks, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import VERDICT_WIDTH, check, result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.piramide_valore import names, tree
from xl_perf.templates.piramide_valore import rules as piramide_rules
from xl_perf.templates.piramide_valore.input import CHECK
from xl_perf.templates.piramide_valore.projects import text_height

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid

_SHORT = "Nome breve"
_NAMED = 70
"""Characters of a title in the list of what is missing."""
_FIRST_FORMAT = 200
"""Number of the first format of our own in conditional formats; spreadsheets keep those below 164 for themselves."""


def front_page(page: Page, pyramid: Pyramid) -> None:
    """The page to sign: the pyramid by level, then what it is made of: indices with leaves, the objectives.

    Args:
        page: the empty page.
        pyramid: where the tables stand.
    """
    top = [pyramid.root, *pyramid.children(pyramid.root.code)]
    under = [*pyramid.below_role(names.MANAGEMENT), *pyramid.below_role(names.STRATEGY)]
    _remarked(page, pyramid)
    row = front.HEAD_ROW + 7
    page.section(row - 1, "La piramide per livello")
    levels = _table(page, pyramid, "tblSintesi", list(dict.fromkeys([*top, *under])), row)
    row = levels.last + 3
    page.section(row - 1, "Di che cosa è fatto il punteggio")
    parts = _table(page, pyramid, "tblComponenti", pyramid.parts(), row)
    page.book.define("Elenco_nodi", parts.column(names.TITLE))
    page.book.top(
        *(pyramid.tree.cell(pyramid.root.code, heading) for heading in (names.SCORE, names.COVERAGE))
    )
    if pyramid.rules.numbers:
        page.book.top(pyramid.rules.column(names.RULED))
    front.bars(page, levels, parts)
    score, verdict = (
        levels.cell(pyramid.root.code, heading).split("!")[1] for heading in (names.SCORE, names.VERDICT)
    )
    shown = front.Front(page, pyramid.values, "dell'ente", score, verdict, parts, names.TITLE, names.VERDICT)
    front.headline(shown)
    leaves = [node for node in pyramid.nodes if not pyramid.plan.children(node.code)]
    lacks = [(f'{pyramid.tree.cell(n.code, names.SCORE)}=""', _text(n.title)) for n in leaves]
    missing = front.joined(page, lacks, front.HEAD_ROW, shown.aside + 2)
    letters = [code.rpartition(".")[2] for code in pyramid.objectives]
    title = f"Indici e obiettivi generali di ente {letters[0]}-{letters[-1]}"
    chart = ChartSpec(title, "Indice o obiettivo", "Punteggio", parts, _SHORT, names.SCORE)
    bar_chart(page, chart, f"A{parts.last + 14}")
    front.closing(shown, parts.last + 1, missing, front.Foot())


def _text(title: str) -> str:
    """The beginning of a title as a text in a formula."""
    short = textwrap.shorten(title, _NAMED, placeholder="...").replace('"', '""')
    return f'"{short}"'


def _remarked(page: Page, pyramid: Pyramid) -> None:
    """How many remarks there are on the inputs, in the row of the head."""
    tables = (pyramid.actuals, pyramid.projects, pyramid.weights)
    counted = [remarks.counted(table.column(CHECK)) for table in tables]
    counted.append(remarks.counted(pyramid.rules.column(piramide_rules.CHECK)))
    page.put(front.HEAD_ROW, 1, "Segnalazioni", Kind.CHECK)
    page.put(
        front.HEAD_ROW, 2, f"={'+'.join(counted)}", Kind.CHECK, number_format='"▼ "0;;"nessuna"', align="left"
    )


def _table(page: Page, pyramid: Pyramid, name: str, nodes: Sequence[Node], at: int) -> Placed:
    def linked(heading: str) -> Callable[[Place], object]:
        return lambda place: formulas.shown(pyramid.tree.cell(place.row.code, heading))

    def sums(place: Place) -> object:
        return linked(tree.SUM_CHECK)(place) if pyramid.plan.children(place.row.code) else None

    rows = [Row(n.code, Level.NATIONAL if n.parent is None else _rank(pyramid, n), n) for n in nodes]
    columns = [
        Column(_SHORT, Kind.KEY, 18.4, lambda p: pyramid.short_title(p.row.item), align="wrap"),
        Column(names.TITLE, Kind.LABEL, 44, lambda p: p.row.item.title, align="wrap"),
        result(tree.TOTAL_WEIGHT, 8, linked(tree.TOTAL_WEIGHT), styles.PERCENT_1),
        check(names.COVERAGE, 10, linked(names.COVERAGE), styles.PERCENT_1),
        replace(names.state_column(), paper=False),
        Column("Pesi", Kind.CHECK, 9, sums, align="wrap", judged_by="Pesi"),
        result(names.SCORE, 10.2, linked(names.SCORE), styles.SCORE, judged_by=names.VERDICT),
        replace(verdict_column(pyramid.values, names.SCORE, names.VERDICT), width=10.8),
        result(contributions.GIVES, 10, linked(contributions.GIVES), contributions.HUNDREDTHS),
        contributions.bar_column(pyramid.values, names.SCORE, 10),
    ]
    return page.table(TableSpec(name, columns, rows), at)


def _rank(pyramid: Pyramid, node: Node) -> Level:
    return Level.TOTAL if node.code in pyramid.indices else Level.LEAF


def card(page: Page, pyramid: Pyramid) -> None:
    """Everything below one index or objective: weights, targets, results, outputs, who answers, risks.

    Args:
        page: the empty `Scheda` page.
        pyramid: where the tables stand.
    """
    plan, table = pyramid.plan, pyramid.tree
    shown = [node.code for node in pyramid.parts()]
    default = plan.node(pyramid.objectives[0]).title
    head = card_head(page, CardHead("Nodo", "Elenco_nodi", default, table.column(names.TITLE), last=6))
    row = FIRST_ROW + 2
    page.text(row, 1, "Voci sotto il nodo", styles.font(size=9, colour=styles.MUTED))
    count = f"=INDEX({table.column(tree.BELOW)},{head.position})"
    page.put(row, 2, count, Kind.CHECK, number_format="0", align="right")
    rows = [Row(str(n), item=n) for n in range(1, max(pyramid.below(code) for code in shown) + 1)]
    spec = TableSpec(
        "tblScheda",
        _card_columns(table, head.position, f"$B${row}"),
        rows,
        aside=(tree.OUTPUT, tree.OWNER, tree.RISK),
    )
    placed = page.table(spec, row + 2)
    _heights(page, pyramid, placed, shown)
    _unit_formats(page, placed)
    lines = ((names.SCORE, styles.SCORE), (names.VERDICT, styles.GENERAL), (names.COVERAGE, styles.PERCENT_1),
             (tree.SUM_CHECK, styles.GENERAL))  # fmt: skip
    for offset, (heading, number_format) in enumerate(lines):
        at = placed.last + 2 + offset
        formula = formulas.shown(f"INDEX({table.column(heading)},{head.position})")
        page.put(at, 1, f"{heading} del nodo", Kind.KEY, level=Level.TOTAL)
        page.put(at, 2, formula, Kind.FORMULA, number_format=number_format, level=Level.TOTAL, align="left")
    page.finish()


_CARD_WIDTHS = {names.TITLE: 62, tree.OUTPUT: 110, tree.OWNER: 60, tree.RISK: 110}


def _card_columns(table: Placed, position: str, count: str) -> list[Column]:
    def pick(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cell = f"INDEX({table.column(heading)},{position}+{place.row.item})"
            return f'=IF({place.row.item}>{count},"",IF({cell}="","",{cell}))'

        return content

    def text(heading: str) -> Column:
        return Column(heading, Kind.LABEL, _CARD_WIDTHS[heading], pick(heading), align="wrap")

    return [
        text(names.TITLE),
        result(names.KIND, 12, pick(names.KIND), align="left"),
        result("N.", 6, lambda p: f'=IF({p.row.item}>{count},"",{p.row.item})', "0", align="center"),
        result(names.WEIGHT, 10, pick(names.WEIGHT), styles.PERCENT),
        result(names.UNIT, 14, pick(names.UNIT), align="left"),
        result(names.GOAL, 17, pick(names.GOAL), styles.EURO_CENTS),
        result(names.ACTUAL, 17, pick(names.ACTUAL), styles.EURO_CENTS),
        result(names.SCORE, 11, pick(names.SCORE), styles.SCORE, judged_by=names.VERDICT),
        result(names.VERDICT, VERDICT_WIDTH, pick(names.VERDICT), align="left", judged_by=names.VERDICT),
        result(names.COVERAGE, 11, pick(names.COVERAGE), styles.PERCENT_1),
        text(tree.OUTPUT),
        text(tree.OWNER),
        text(tree.RISK),
    ]


def _heights(page: Page, pyramid: Pyramid, table: Placed, shown: Sequence[str]) -> None:
    """Each line is as high as the longest text that any node has there."""
    order = [node.code for node in pyramid.nodes]
    for number, row in enumerate(table.numbers.values(), start=1):
        texts = [("", 10.0)]
        for code in shown:
            if number <= pyramid.below(code):
                node = pyramid.nodes[order.index(code) + number]
                words = (node.title, node.output, node.owner, node.risk)
                texts += zip(words, map(float, _CARD_WIDTHS.values()), strict=True)
        page.sheet.row_dimensions[row].height = text_height(tuple(texts), room=1.1, line=13)


def _unit_formats(page: Page, table: Placed) -> None:
    """Targets and results of the card have the number format of the unit beside them."""
    first = min(table.numbers.values())
    unit = f"${table.letters[names.UNIT]}{first}"
    cells = f"{table.letters[names.GOAL]}{first}:{table.letters[names.ACTUAL]}{table.last}"
    for offset, own in enumerate((Unit.PERCENT, Unit.EURO, Unit.PIECES, Unit.DAYS)):
        code = names.unit_format(own, actual=True)
        look = DifferentialStyle(numFmt=NumberFormat(numFmtId=_FIRST_FORMAT + offset, formatCode=code))
        rule = Rule(type="expression", dxf=look, formula=[f'{unit}="{own}"'])
        page.sheet.conditional_formatting.add(cells, rule)
