"""The quarterly programme of `ieep.xlsx`: what share of the annual targets the quarter of the workbook is to reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.period import NO_TARGETS, QUARTERS
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.ieep.input import Layout
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page

ANNUAL, SHARE = "Obiettivo annuale", "Quota in uso"
_NAMES = ("I trimestre", "II trimestre", "III trimestre", "IV trimestre")


def _periods(plan: Plan) -> list[str]:
    return [f"{plan.period}-T{number}" for number in QUARTERS]


def _programmed(plan: Plan, layout: Layout) -> bool:
    """Whether the edition has a programme of the national total."""
    return all(plan.has_target(layout.total, layout.nation, each) for each in _periods(plan))


def informative(plan: Plan, layout: Layout) -> str:
    """Why no result depends on the quarter; empty where the edition has a programme."""
    return "" if _programmed(plan, layout) else NO_TARGETS


def share(page: Page, goals: Placed, layout: Layout, quarter: str) -> str:
    """Write the programme below the targets; gives the reference to the share that is in use, `1` without programme.

    Args:
        page: the page of Tabella B.
        goals: Tabella B.
        layout: its rows and columns.
        quarter: reference to the quarter of the workbook; an empty cell stands for the year.
    """
    plan = page.book.plan
    if not _programmed(plan, layout):
        return "1"
    rows = [row for row in (Row(row.code, item=row.item) for row in layout.rows) if row.code == layout.total]
    held = [
        target_column(plan, heading, 16, "indicatore", layout.nation, styles.EURO, period=period)
        for heading, period in zip((ANNUAL, *_NAMES), (plan.period, *_periods(plan)), strict=True)
    ]

    def used(place: Place) -> object:
        chosen = f"CHOOSE({quarter},{','.join(place.here(heading) for heading in _NAMES)})"
        return f'=IF({quarter}="",1,{chosen}/{place.here(ANNUAL)})'

    columns = [
        Column("Voce", Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, hidden=True),
        *held,
        Column(SHARE, Kind.FORMULA, 16, used, styles.PERCENT),
        source_column(plan, held, width=16),
    ]
    row = goals.last + 3
    page.section(row - 1, "Programma trimestrale: quota dell'obiettivo annuale da raggiungere")
    table = page.table(TableSpec("tblProgrammaIEEP", columns, rows, key="Codice", source="Fonte"), row)
    return table.cell(layout.total, SHARE)
