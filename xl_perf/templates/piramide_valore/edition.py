"""The sheet of `piramide_valore.xlsx` with the tree of the edition before, beside the targets of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.describe import describe_source, target_values
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Content, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import BANNER_ROW, FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.piramide_valore import names
from xl_perf.templates.piramide_valore.goals import years

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid

_G_NODE, _G_NEW, _G_NOTE = "Nodo", "Piano in vigore", "Che cosa si misura"
_GAP = "Differenza"


def span(plan: Plan) -> str:
    """The years of an edition, e.g. `2020-2022`."""
    found = years(plan)
    return f"{found[0]}-{found[-1]}"


def old_table(page: Page, pyramid: Pyramid, old: Plan) -> None:
    """Every node of the edition before with weight, baseline and three years, and what this edition sets instead.

    Args:
        page: the empty page.
        pyramid: where the tables of this edition stand.
        old: the edition before.
    """
    nodes = names.nodes_of(old)
    rows = [Row(node.code, _level(node), node, _depth(old, node)) for node in nodes]
    year, group = pyramid.plan.period, f"Obiettivi del piano {span(old)}"
    columns = [
        Column(names.TITLE, Kind.LABEL, 50, lambda p: p.row.item.title, align="wrap", group=_G_NODE),
        Column("Codice", Kind.KEY, 20, lambda p: p.row.code, group=_G_NODE),
        Column(names.KIND, Kind.LABEL, 12, lambda p: names.KIND_WORDS[p.row.item.kind], align="center", group=_G_NODE),
        Column("Peso", Kind.LABEL, 10, lambda p: p.row.item.weight, styles.PERCENT, align="right", group=_G_NODE),
        Column("Stato del peso", Kind.LABEL, 13, _status, align="center", group=_G_NODE),
        Column("Output", Kind.SOURCE, 40, lambda p: p.row.item.output or None, group=_G_NOTE),
        Column("Titolare", Kind.SOURCE, 26, lambda p: p.row.item.owner or None, group=_G_NOTE),
        Column("Nota", Kind.SOURCE, 28, _note(old), group=_G_NOTE),
        Column("Fonte", Kind.SOURCE, 32, _source(old), group=_G_NOTE),
        Column("Indicatore", Kind.KEY, 20, lambda p: p.row.item.indicator, align="wrap", group=group, paper=False),
        Column(names.UNIT, Kind.LABEL, 14, _unit(old), align="center", group=group),
        Column(names.baseline_heading(old.period), Kind.LABEL, 15, _baseline(old), _format(old), align="right",
               group=group),
        *(column for period in years(old) for column in _year(old, period, group)),
        result(f"{year} nel piano in vigore", 15, _current(pyramid), _format(old), group=_G_NEW),
        result(_GAP, 14, _gap(year), _format(old), group=_G_NEW),
    ]  # fmt: skip
    page.table(TableSpec("tblEdizionePrecedente", columns, rows, key="Codice"), FIRST_ROW + 1)
    page.remark(
        BANNER_ROW,
        f"Dati storici: {old.title}. Non si compilano e non cambiano con xl-perf sync; la differenza "
        f"confronta l'obiettivo {year} delle due edizioni, dove l'indicatore è lo stesso.",
    )
    page.finish()


def _depth(old: Plan, node: Node) -> int:
    return 0 if node.parent is None else 1 + _depth(old, old.node(node.parent))


def _level(node: Node) -> Level:
    if node.parent is None:
        return Level.NATIONAL
    return Level.TOTAL if node.kind is NodeKind.NODE else Level.LEAF


def _status(place: Place) -> object:
    node: Node = place.row.item
    return styles.STATUS_WORDS[node.weight_status] if node.parent is not None else None


def _unit(old: Plan) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        indicator = place.row.item.indicator
        return None if indicator is None else str(old.indicators[indicator].unit)

    return content


def _format(old: Plan) -> Callable[[Row], str]:
    def number_format(row: Row) -> str:
        indicator = row.item.indicator
        return styles.GENERAL if indicator is None else names.unit_format(old.indicators[indicator].unit)

    return number_format


def _baseline(old: Plan) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        node: Node = place.row.item
        if node.indicator is None:
            return None
        try:
            return old.actual(node.indicator, old.period, "baseline", nation(old)).value
        except PlanError:
            return None

    return content


def _year(old: Plan, period: str, group: str) -> list[Column]:
    known = {t.indicator for t in old.targets if t.period == period}

    def goal(place: Place) -> object:
        indicator = place.row.item.indicator
        if indicator not in known:
            return Content(None, Kind.LABEL)
        return old.target(indicator, nation(old), period).value

    def rule(place: Place) -> object:
        indicator = place.row.item.indicator
        found = None if indicator is None else old.rule(indicator, nation(old), period)
        return None if found is None else found.text

    return [
        Column(names.goal_heading(period), Kind.TARGET, 15, goal, _format(old), group=group),
        Column(names.text_heading(period), Kind.SOURCE, 20, rule, group=group),
    ]


def _current(pyramid: Pyramid) -> Callable[[Place], object]:
    """The target that this edition sets for the same indicator."""

    def content(place: Place) -> object:
        indicator = place.row.item.indicator
        if indicator not in pyramid.years.numbers:
            return Content(None, Kind.LABEL)
        return f"={pyramid.goal(indicator)}"

    return content


def _gap(year: str) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        before, now = place.here(names.goal_heading(year)), place.here(f"{year} nel piano in vigore")
        return formulas.complete(f"{now}-{before}", before, now)

    return content


def _note(old: Plan) -> Callable[[Place], object]:
    """Notes of the weight, of the targets and of the baseline."""

    def content(place: Place) -> object:
        node: Node = place.row.item
        found = {node.note: None}
        found |= {t.note: None for t in old.targets if t.indicator == node.indicator}
        found |= {a.note: None for a in old.actuals if a.item == node.indicator}
        return "; ".join(text for text in found if text) or None

    return content


def _source(old: Plan) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        node: Node = place.row.item
        cells = [] if node.parent is None else [target_values(old, "peso", node.parent, "", node.code)]
        cells += [
            target_values(old, "indicatore", nation(old), period, node.indicator)
            for period in years(old)
            if node.indicator in {t.indicator for t in old.targets if t.period == period}
        ]
        return describe_source(cells) or str(node.source)

    return content
