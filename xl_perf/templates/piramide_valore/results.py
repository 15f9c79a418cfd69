"""The `Sintesi` and `Scheda` sheets of `piramide_valore.xlsx`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from xl_perf.plan.model import Unit
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import VERDICT_WIDTH, check, result, verdict_column
from xl_perf.templates.kit.model import Column, PrintSetup, Row, TableSpec
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
_FIRST_FORMAT = 200
"""Number of the first format of our own in conditional formats; spreadsheets keep those below 164 for themselves."""


def summary(page: Page, pyramid: Pyramid) -> None:
    """The pyramid by level with its chart, then what is measured: the two indices with leaves, the objectives.

    Args:
        page: the empty `Sintesi` page.
        pyramid: where the tables stand.
    """
    top = [pyramid.root, *pyramid.children(pyramid.root.code)]
    under = [*pyramid.below_role(names.MANAGEMENT), *pyramid.below_role(names.STRATEGY)]
    upper = list(dict.fromkeys([*top, *under]))
    page.section(FIRST_ROW - 1, "La piramide per livello")
    levels = _table(page, pyramid, "tblSintesi", upper, FIRST_ROW)
    row = levels.last + 2
    row = bar_chart(page, _chart("Piramide del valore, per livello", "Nodo", levels), f"A{row}") + 3
    page.section(row - 1, "Indicatori di impatto, prospettive, obiettivi generali di ente")
    parts = _table(page, pyramid, "tblComponenti", pyramid.parts(), row)
    page.book.define("Elenco_nodi", parts.column(names.TITLE))
    letters = [code.rpartition(".")[2] for code in pyramid.objectives]
    title = f"Indici e obiettivi generali di ente {letters[0]}-{letters[-1]}"
    bar_chart(page, _chart(title, "Indice o obiettivo", parts), f"A{parts.last + 3}")
    page.put(1 + parts.last, 2, "Segnalazioni nei dati inseriti (celle con ▼)", Kind.CHECK)
    tables = (pyramid.actuals, pyramid.projects, pyramid.weights)
    counted = [remarks.counted(table.column(CHECK)) for table in tables]
    counted.append(remarks.counted(pyramid.rules.column(piramide_rules.CHECK)))
    page.put(1 + parts.last, 3, f"={'+'.join(counted)}", Kind.CHECK, number_format="0", align="right")
    page.book.top(
        pyramid.tree.cell(pyramid.root.code, names.SCORE),
        pyramid.tree.cell(pyramid.root.code, names.COVERAGE),
    )
    if pyramid.rules.numbers:
        page.book.top(pyramid.rules.column(names.RULED))
    page.finish()


def _chart(title: str, category: str, table: Placed) -> ChartSpec:
    return ChartSpec(
        title, category, "Punteggio", table, _SHORT, names.SCORE
    )  # fmt: skip


def _table(page: Page, pyramid: Pyramid, name: str, nodes: Sequence[Node], at: int) -> Placed:
    def linked(heading: str) -> Callable[[Place], object]:
        return lambda place: formulas.shown(pyramid.tree.cell(place.row.code, heading))

    def sums(place: Place) -> object:
        return linked(tree.SUM_CHECK)(place) if pyramid.plan.children(place.row.code) else None

    rows = [Row(n.code, Level.NATIONAL if n.parent is None else _rank(pyramid, n), n) for n in nodes]
    columns = [
        Column(_SHORT, Kind.KEY, 24, lambda p: pyramid.short_title(p.row.item)),
        Column(names.TITLE, Kind.LABEL, 56, lambda p: p.row.item.title, align="wrap"),
        result(tree.TOTAL_WEIGHT, 10, linked(tree.TOTAL_WEIGHT), styles.PERCENT_1),
        result(names.SCORE, 11, linked(names.SCORE), styles.SCORE, judged_by=names.VERDICT),
        verdict_column(pyramid.values, names.SCORE, names.VERDICT),
        check(names.COVERAGE, 11, linked(names.COVERAGE), styles.PERCENT_1),
        names.state_column(),
        Column("Pesi", Kind.CHECK, 14, sums, judged_by="Pesi"),
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
    spec = TableSpec("tblScheda", _card_columns(table, head.position, f"$B${row}"), rows)
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
    page.finish(setup=PrintSetup(across=2))


_CARD_WIDTHS = {names.TITLE: 62, tree.OUTPUT: 48, tree.OWNER: 26, tree.RISK: 34}


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
