"""The target sheets of `piramide_valore.xlsx`: three-year table, impact indicators, perspectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.describe import describe_source, target_values
from xl_perf.templates.kit import formulas
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Content, Link, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import BANNER_ROW, FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import linked_column, source_column, target_column
from xl_perf.templates.piramide_valore import names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Indicator, Plan
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid

_TITLE_WIDTH = 56
_G_WHAT, _G_BASE, _G_NOTE = "Indicatore", "Baseline", "Fonte e note"


def years(plan: Plan) -> tuple[str, ...]:
    """The years that the plan sets targets of the tree's indicators for, the edition's first; quarters left out."""
    leaves = {node.indicator for node in names.nodes_of(plan)}
    found = {t.period for t in plan.targets if t.indicator in leaves and t.period.isdecimal()}
    return tuple(sorted(period for period in found if period >= plan.period))


def year_spec(pyramid: Pyramid) -> TableSpec:
    """The three-year table: baseline, and for each year the target, the rule as printed and the target that it gives.

    Args:
        pyramid: where the tables stand.
    """
    plan = pyramid.plan
    rows = [Row(i.code, item=i) for i in (*pyramid.group_of(names.OBJECTIVES), *_outside(pyramid))]
    first, *later = years(plan)
    baselines = [_baseline(plan, year) for year in (first, *later)]
    columns = [*_what(pyramid), *(column for pair in baselines for column in pair)]
    columns += [*_later(plan, first), *_rule_columns(pyramid, first)]
    for year in later:
        columns += [*_later(plan, year), *_rule_columns(pyramid, year)]
    columns += [
        Column("Nota", Kind.SOURCE, 30, lambda p: _note(plan, p.row.code), group=_G_NOTE),
        Column("Fonte", Kind.SOURCE, 40, _sources(plan, (first, *later)), group=_G_NOTE),
    ]
    aside = ("Nodo", *(names.ruled_heading(year) for year in (first, *later)))
    return TableSpec("tblTriennio", columns, rows, key="Codice", source="Fonte", aside=aside)


def _outside(pyramid: Pyramid) -> list[Indicator]:
    """Indicators of the objectives' systems that the tree does not measure this year, but that have a target."""
    plan, measured = pyramid.plan, pyramid.indicators()
    inside = {i.code for i in measured}
    systems = {i.system for i in pyramid.group_of(names.OBJECTIVES)}
    aimed = {t.indicator for t in plan.targets if t.period >= plan.period}
    return [
        i
        for i in plan.indicators.values()
        if i.system in systems and i.code in aimed and i.code not in inside
    ]


def year_table(page: Page, spec: TableSpec) -> Placed:
    """Write the three-year table on its sheet."""
    table = page.table(spec, FIRST_ROW + 1)
    page.remark(
        BANNER_ROW,
        "Obiettivo: valore del piano. Regola: il testo del piano. Da regola: il valore che la regola dà, "
        "appena i numeri da cui parte sono noti (foglio Regole).",
    )
    page.finish()
    return table


def impact_spec(pyramid: Pyramid) -> TableSpec:
    """The table of the impact indicators: baseline, rule, target.

    Args:
        pyramid: where the tables stand.
    """
    plan = pyramid.plan
    rows = [Row(indicator.code, item=indicator) for indicator in pyramid.group_of(names.IMPACT)]
    baseline = _baseline(plan, plan.period)[0]
    goal = _goal(plan, plan.period, f"Anno {plan.period}")
    columns = [
        *_what(pyramid),
        Column(baseline.heading, baseline.kind, baseline.width, baseline.content, baseline.number_format,
               link=Link("baseline", pyramid.nation, plan.period), group=_G_BASE),
        goal,
        *_rule_columns(pyramid, plan.period),
        Column("Finalità", Kind.SOURCE, 60, _described(plan, "finalita"), group=_G_NOTE),
        Column("Fonte dei dati", Kind.SOURCE, 40, _described(plan, "fonte_dati"), group=_G_NOTE),
        Column("Fonte", Kind.SOURCE, 40, _sources(plan, (plan.period,)), group=_G_NOTE),
    ]  # fmt: skip
    return TableSpec("tblImpatto", columns, rows, key="Codice", source="Fonte")


def perspective_spec(pyramid: Pyramid) -> TableSpec:
    """The perspectives: the target of their synthetic result.

    Args:
        pyramid: where the tables stand.
    """
    plan = pyramid.plan
    rows = [Row(indicator.code, item=indicator) for indicator in pyramid.group_of(names.MANAGEMENT)]
    goal = _goal(plan, plan.period, "")
    columns = [
        *(_plain(column) for column in _what(pyramid)),
        goal,
        source_column(plan, [goal], "Fonte", 24),
    ]
    return TableSpec("tblProspettive", columns, rows, key="Codice", source="Fonte")


def goals_page(page: Page, impact: TableSpec, perspectives: TableSpec, at: int) -> None:
    """Write both tables of the edition's year.

    Args:
        page: the empty page.
        impact: the impact indicators.
        perspectives: the perspectives.
        at: row of the heading of the second table.
    """
    if impact.rows:
        page.section(FIRST_ROW, "Indicatori di impatto (performance istituzionale)")
        page.table(impact, FIRST_ROW + 2)
    if perspectives.rows:
        page.section(
            at - 1, "Prospettive della performance gestionale di ente: risultato sintetico nazionale"
        )
        page.table(perspectives, at)
    page.finish()


def _described(plan: Plan, aspect: str) -> Callable[[Place], object]:
    """What the plan says in words of the indicator of a row; nothing where it says nothing."""
    texts = {d.subject: d.text for d in plan.descriptions if d.aspect == aspect}
    return lambda place: texts.get(place.row.code)


def _plain(column: Column) -> Column:
    return Column(column.heading, column.kind, column.width, column.content, align=column.align)


def _what(pyramid: Pyramid) -> list[Column]:
    outside = _outside(pyramid)

    def where(place: Place) -> object:
        return None if place.row.item in outside else pyramid.home_of(place.row.code)

    return [
        Column(names.TITLE, Kind.LABEL, _TITLE_WIDTH, lambda p: p.row.item.title, align="wrap", group=_G_WHAT),
        Column("Codice", Kind.KEY, 32, lambda p: p.row.code, align="wrap", group=_G_WHAT),
        Column("Nodo", Kind.LABEL, 14, where, align="center", group=_G_WHAT),
        Column(names.UNIT, Kind.LABEL, 15, lambda p: str(p.row.item.unit), group=_G_WHAT),
    ]  # fmt: skip


def indicator_format(row: Row) -> str:
    """Number format of the targets of an indicator."""
    indicator: Indicator = row.item
    return names.unit_format(indicator.unit)


def _goal(plan: Plan, year: str, group: str) -> Column:
    heading = names.goal_heading(year)
    return target_column(
        plan, heading, 17, "indicatore", nation(plan), indicator_format, period=year, group=group
    )


def _later(plan: Plan, year: str) -> list[Column]:
    """Targets of a later year: not every indicator has a number there."""
    key, known = f"Codice {year}", {t.indicator for t in plan.targets if t.period == year}

    def code(row: Row) -> str:
        return row.code if row.code in known else ""

    link = Link("indicatore", nation(plan), year, key=key)
    group = f"Anno {year}"
    goal = linked_column(plan, names.goal_heading(year), 17, link, code, indicator_format, group=group)
    return [goal, Column(key, Kind.LABEL, 20, lambda p: code(p.row) or None, paper=False, group=group)]


def _baseline(plan: Plan, year: str) -> list[Column]:
    key = f"Codice baseline {year}"
    known = {a.item for a in plan.actuals if (a.measure, a.period) == ("baseline", year)}

    def code(row: Row) -> str:
        return row.code if row.code in known else ""

    link = Link("baseline", nation(plan), year, key=key)
    shown = linked_column(plan, names.baseline_heading(year), 16, link, code, indicator_format, group=_G_BASE)
    return [shown, Column(key, Kind.LABEL, 20, lambda p: code(p.row) or None, paper=False, group=_G_BASE)]


def _rule_columns(pyramid: Pyramid, year: str) -> list[Column]:
    """The rule as printed, and what it gives; both stand in the table of rules."""
    plan, group = pyramid.plan, f"Anno {year}"

    def ruled(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            if plan.rule(place.row.code, pyramid.nation, year) is None:
                return Content(None, Kind.LABEL)
            return formulas.shown(pyramid.rules.cell(pyramid.rule_code(place.row.code, year), heading))

        return content

    return [
        Column(names.text_heading(year), Kind.SOURCE, 28, ruled("Testo della regola"), group=group),
        result(names.ruled_heading(year), 17, ruled(names.RULED), indicator_format, group=group),
    ]


def _sources(plan: Plan, periods: Sequence[str]) -> Callable[[Place], object]:
    """Where all targets and baselines of a row come from."""

    def content(place: Place) -> object:
        code = place.row.code
        keys = [("baseline", a.period) for a in plan.actuals if (a.item, a.measure) == (code, "baseline")]
        found = {t.period for t in plan.targets if t.indicator == code}
        keys += [("indicatore", period) for period in periods if period in found]
        return describe_source(target_values(plan, kind, nation(plan), period, code) for kind, period in keys)

    return content


def _note(plan: Plan, indicator: str) -> str | None:
    """Notes of the target and of the baseline."""
    targets = [t for t in plan.targets if (t.indicator, t.period) == (indicator, plan.period)]
    found: Sequence[str] = (targets[-1].note if targets else "", _baseline_note(plan, indicator))
    return "; ".join(text for text in found if text) or None


def _baseline_note(plan: Plan, indicator: str) -> str:
    try:
        note = plan.actual(indicator, plan.period, "baseline", nation(plan)).note
    except PlanError:
        return ""
    return f"baseline: {note}" if note else ""
