"""The `Quadro` sheet of `scheda_territoriale.xlsx`: the whole state of a region or DCM on one page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.templates.kit import contributions, formulas, front, remarks, styles
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import check, result, state_column, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec, Validation, outcome, setting
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.scheda_territoriale import pagina
from xl_perf.templates.scheda_territoriale.nomi import name_objectives
from xl_perf.templates.scheda_territoriale.rendiconto import (
    ACTUAL,
    GOAL,
    OBJECTIVE,
    PERSPECTIVE,
    PLACE,
    SCORE,
    VERDICT,
    WEIGHT,
    WIDTHS,
    completeness,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Outcome, Scorecard

SHEET, COMPLETENESS = front.SHEET, "Completezza"
HEAD_ROW, QUARTER_COLUMN = front.HEAD_ROW, 5
QUARTER = f"'{SHEET}'!$E${HEAD_ROW}"
QUARTER_NAME = "Trimestre"
"""Defined name of its cell."""
COVERAGE, CODE, EXPECTED = "Copertura", "Codice", pagina.EXPECTED
REPORTED, GAP = "Obiettivi rilevati", "Scostamento"
_AREAS = {
    SCORE: "Punteggi", WEIGHT: "Pesi", EXPECTED: "Previsti", COVERAGE: "Coperture",
    pagina.UNEXPECTED: "Non previsti",
}  # fmt: skip
_UNITS = {"rapporto": "indice", "numero indice": "indice"}
_WHOLE, NOT_EXPECTED = "SCHEDA", "escluso"

_QUARTER = Validation(
    "list",
    "Trimestre",
    "Trimestre a cui si riferiscono i consuntivi, da 1 a 4: gli obiettivi sono quelli del suo programma.",
    "Scegliere 1, 2, 3 oppure 4.", source='"1,2,3,4"',
)  # fmt: skip


def quarter_cell(page: Page, region: str, quarter: int) -> None:
    """The head of the page: the structure, and the quarter that everything is compared with."""
    bold = styles.font(bold=True, colour=styles.INK)
    page.text(HEAD_ROW, 1, "Struttura", bold)
    page.text(HEAD_ROW, 2, region, styles.font(size=12, bold=True, colour=styles.ACCENT))
    page.text(HEAD_ROW, QUARTER_COLUMN - 1, "Trimestre", bold)
    page.put(
        HEAD_ROW, QUARTER_COLUMN, quarter, Kind.INPUT, number_format="0", validation=_QUARTER,
        datum=setting("trimestre", item="scheda", name=True), name=QUARTER_NAME,
    )  # fmt: skip
    lacking = (f'E{HEAD_ROW}=""', "manca il trimestre")
    wrong = (remarks.not_among(f"E{HEAD_ROW}", ("1", "2", "3", "4")), f"Trimestre: {remarks.NO_CHOICE}")
    said = "=" + remarks.remark([wrong, lacking], "\"dati dall'inizio dell'anno\"")
    page.text(HEAD_ROW, QUARTER_COLUMN + 1, said, styles.font(size=9, italic=True, colour=styles.MUTED))


def overview_page(page: Page, below: Page, card: Scorecard, others: Mapping[str, Outcome | None]) -> None:
    """Write the page to sign, and the sheet of completeness; every other sheet has its place already.

    Args:
        page: the page, its head written.
        below: the sheet of completeness and of what is reported and not weighed.
        card: the scorecard.
        others: results that are reported and not weighed, by their titles.
    """
    root, tree = card.data.role("albero"), card.tree()
    top = HEAD_ROW + 7
    detail_row = top + len(tree) + 4
    perspectives = page.geometry(_perspective_spec(card, root, tree, None), top)
    spec = _objective_spec(card, tree, perspectives)
    detail = page.geometry(spec, detail_row)
    page.section(
        top - 1, "Prospettive e andamento nell'anno (punti di scostamento da 100, dall'inizio dell'anno)"
    )
    table = page.table(_perspective_spec(card, root, tree, detail), top)
    name_objectives(card.book, tree, table, detail, _AREAS)
    page.book.top(table.column(SCORE), table.column(COVERAGE))
    page.section(detail_row - 1, "Obiettivi gestionali, nell'ordine del piano")
    page.table(spec, detail_row)
    card.scores.update(
        {code: placed.cell(code, SCORE) for placed in (table, detail) for code in placed.numbers}
    )
    score, verdict = (table.cell(root, heading).split("!")[1] for heading in (SCORE, VERDICT))
    shown_ = front.Front(page, card.values, "della scheda", score, verdict, detail, OBJECTIVE, VERDICT)
    front.headline(shown_)
    front.bars(page, detail)
    page.sheet.trends = pagina.trends(table)
    for row, height in (
        (top - 2, front.GAP),
        (detail_row - 2, front.GAP),
        (top - 1, 18),
        (detail_row - 1, 18),
    ):
        page.sheet.row_dimensions[row].height = height
    title = "Scostamento degli obiettivi"
    bar_chart(page, ChartSpec(title, "Obiettivo", "Punteggio", detail, OBJECTIVE, SCORE), f"W{top}")
    day = front.day_of(card.quarter, card.plan.period)
    front.closing(
        shown_, detail.last + 1, completeness(below, card, others), front.Foot(item="scheda", day=day)
    )


def _perspective_spec(
    card: Scorecard, root: str, tree: list[tuple[Node, tuple[Node, ...]]], detail: Placed | None
) -> TableSpec:
    codes = [node.code for node, _ in tree]
    below = {node.code: [child.code for child in children] for node, children in tree}
    rows = [
        *(Row(node.code, Level.LEAF, node) for node, _ in tree),
        Row(root, Level.NATIONAL, card.plan.node(root)),
    ]

    def cells(place: Place, heading: str) -> str:
        if place.row.code == root:
            return place.span(heading, codes)
        assert detail is not None
        numbers = [detail.numbers[code] for code in below[place.row.code]]
        return f"${detail.letters[heading]}${numbers[0]}:${detail.letters[heading]}${numbers[-1]}"

    def score(place: Place) -> object:
        found, weights = cells(place, SCORE), cells(place, WEIGHT)
        return formulas.unless_blank(f"PERF_SINTESI({found},{weights})", found)

    def reported(place: Place) -> object:
        assert detail is not None
        all_ = detail.column(SCORE).split("!")[1]
        return f"=COUNT({all_ if place.row.code == root else cells(place, SCORE)})"

    def of_all(row: Row) -> str:
        wanted = [code for codes in below.values() for code in codes] if row.code == root else below[row.code]
        return f'0" di {sum(code in card.outcomes for code in wanted)}"'

    own, left = pagina.weight_columns(card, lambda _: card.top, lambda _: codes, card.top_member)

    def weight(place: Place) -> object:
        return f"=SUM({place.span(WEIGHT, codes)})" if place.row.code == root else own(place)

    def expected(place: Place) -> object:
        return f"=IF(SUM({cells(place, EXPECTED)})=0,0,1)"

    def gap(place: Place) -> object:
        return formulas.unless_empty(f"{place.here(SCORE)}/{card.values.centre}-1", place.here(SCORE))

    def share(place: Place) -> object:
        if place.row.code == root:
            return None
        part = contributions.share_of(place, WEIGHT, SCORE, PERSPECTIVE, f'<>"{_WHOLE}"')
        return f'=IF({place.here(SCORE)}="",0,{part})'

    def title(place: Place) -> str:
        node: Node = place.row.item
        return _WHOLE if node.code == root else node.title.removeprefix("Prospettiva ")

    columns = [
        Column(PERSPECTIVE, Kind.KEY, WIDTHS[PERSPECTIVE], title),
        Column(REPORTED, Kind.CHECK, WIDTHS[OBJECTIVE], reported, of_all, align="left", paper=True),
        result(WEIGHT, WIDTHS[WEIGHT], weight, styles.PERCENT_0, align="center"),
        *pagina.quarter_columns(card),
        result(pagina.TREND, 10.8, lambda _: None),
        result(SCORE, WIDTHS[SCORE], score, styles.SCORE, judged_by=VERDICT, datum=outcome("punteggio")),
        verdict_column(card.values, SCORE, VERDICT),
        replace(result(GAP, 14, gap, styles.DEVIATION), paper=False),
        replace(check(COVERAGE, 11, lambda p: f"=SUMPRODUCT({cells(p, WEIGHT)}*{cells(p, COVERAGE)})",
                      styles.PERCENT_1, datum=outcome("copertura")), paper=False),
        replace(state_column(COVERAGE), paper=False),
        replace(check(contributions.SHARE, 10, share, styles.PERCENT_1), paper=False),
        check(EXPECTED, 10, expected, formulas.YES_NO),
        check(pagina.UNEXPECTED, 10, lambda p: None if p.row.code == root else left(p), styles.PERCENT_1),
        Column(CODE, Kind.SOURCE, 34, lambda place: place.row.code),
    ]  # fmt: skip
    return TableSpec("tblSintesi", columns, rows, key=CODE)


def _objective_spec(
    card: Scorecard, tree: list[tuple[Node, tuple[Node, ...]]], perspectives: Placed
) -> TableSpec:
    parents = {child.code: node for node, children in tree for child in children}
    siblings = {node.code: [child.code for child in children] for node, children in tree}
    rows = [Row(child.code, item=child) for _, children in tree for child in children]

    def found_of(row: Row) -> Outcome | None:
        return card.outcomes.get(row.code)

    def part(name: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            found = found_of(place.row)
            return shown(getattr(found, name) if found else "")

        return content

    def number_format(row: Row) -> str:
        found = found_of(row)
        return found.number_format if found else styles.GENERAL

    def verdict(place: Place) -> object:
        if found_of(place.row) is None:
            return NOT_EXPECTED
        found = found_of(place.row)
        said = formulas.verdict(place.here(SCORE), card.values.band, card.values.centre)
        if found is not None and found.expected != "1":
            return f'=IF({place.here(EXPECTED)}=0,"{NOT_EXPECTED}",{said[1:]})'
        return said

    def coverage(place: Place) -> object:
        found = found_of(place.row)
        if found is None:
            return 0
        return f"={found.coverage}" if found.coverage else f'=IF({place.here(SCORE)}="",0,1)'

    def parent(place: Place) -> str:
        return parents[place.row.code].code

    weight, left = pagina.weight_columns(card, parent, lambda p: siblings[parent(p)], str)

    def expected(place: Place) -> object:
        found = found_of(place.row)
        if found is None:
            return 0
        return 1 if found.expected == "1" else f"={found.expected}"

    def sheet(place: Place) -> str | None:
        found = found_of(place.row)
        return found.sheet if found else None

    def share(place: Place) -> str:
        own = contributions.share_of(place, WEIGHT, SCORE, PERSPECTIVE, f"={place.here(PERSPECTIVE)}")
        return f"{own}*{perspectives.cell(parents[place.row.code].code, contributions.SHARE)}"

    def unit(place: Place) -> str:
        indicator = place.row.item.indicator
        if "%" in number_format(place.row):
            return "%"
        word = str(card.plan.indicators[indicator].unit) if indicator else "indice"
        return _UNITS.get(word, word)

    columns = [
        Column(PERSPECTIVE, Kind.KEY, WIDTHS[PERSPECTIVE],
               lambda p: parents[p.row.code].title.removeprefix("Prospettiva ")),
        Column(OBJECTIVE, Kind.LABEL, WIDTHS[OBJECTIVE], lambda place: place.row.item.title, align="wrap"),
        Column(pagina.UNIT, Kind.LABEL, WIDTHS[WEIGHT], unit, align="center"),
        result(ACTUAL, WIDTHS[ACTUAL], part("actual"), number_format, datum=outcome("consuntivo")),
        result(GOAL, WIDTHS[GOAL], part("goal"), number_format, datum=outcome("obiettivo")),
        result(SCORE, WIDTHS[SCORE], part("score"), styles.SCORE, judged_by=VERDICT, datum=outcome("punteggio")),
        result(VERDICT, WIDTHS[SCORE], verdict, align="left", judged_by=VERDICT),
        contributions.contribution(card.values, SCORE, share),
        contributions.lacking(card.values, (SCORE, ACTUAL, GOAL), number_format),
        contributions.bar_column(card.values, SCORE),
        Column(PLACE, Kind.LABEL, 24, sheet, paper=False),
        replace(result(WEIGHT, 9, weight, styles.PERCENT_1), paper=False),
        replace(check(COVERAGE, 11, coverage, styles.PERCENT_1, datum=outcome("copertura")), paper=False),
        replace(state_column(COVERAGE), paper=False),
        check(EXPECTED, 10, expected, formulas.YES_NO),
        check(pagina.UNEXPECTED, 10, left, styles.PERCENT_1),
        Column(CODE, Kind.SOURCE, 34, lambda place: place.row.code),
    ]  # fmt: skip
    return TableSpec("tblQuadro", columns, rows, key=CODE)
