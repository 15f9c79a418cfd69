"""The targets of the quarter of `ieep.xlsx`.

The programme of total and sections, and their share of the year for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.period import NO_TARGETS, QUARTERS
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.ieep.input import Layout
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page

_NAMES = ("I", "II", "III", "IV")
_SHARE = "quota"
"""Row of the share of the annual total that the quarter is to reach."""


@dataclass(frozen=True, slots=True)
class Goals:
    """Targets of the year, and where those in use stand; without programme the year's are in use."""

    annual: Placed
    used: Placed | None = None

    def of(self, code: str, structure: str) -> str:
        """The target in use of a row and structure, as an expression."""
        if self.used is None:
            return self.annual.cell(code, structure)
        if code in self.used.numbers:
            return self.used.cell(code, structure)
        return f"{self.annual.cell(code, structure)}*{self.used.cell(_SHARE, structure)}"

    def picked(self, code: str, position: str, first: str, last: str) -> str:
        """The target in use of a row and of the structure at a position of a range of structures, as an expression."""
        if self.used is None:
            return f"INDEX({self.annual.across(code, first, last)},{position})"
        if code in self.used.numbers:
            return f"INDEX({self.used.across(code, first, last)},{position})"
        annual = f"INDEX({self.annual.across(code, first, last)},{position})"
        return f"{annual}*INDEX({self.used.across(_SHARE, first, last)},{position})"


def _periods(plan: Plan) -> list[str]:
    return [f"{plan.period}-T{number}" for number in QUARTERS]


def _programmed(plan: Plan, layout: Layout) -> list[str]:
    """Total and sections, where the edition has their programme for every structure; else none."""
    codes = [*layout.sections, layout.total]
    complete = all(
        plan.has_target(code, structure, period)
        for code in codes
        for structure in layout.structures
        for period in _periods(plan)
    )
    return codes if complete else []


def informative(plan: Plan, layout: Layout) -> str:
    """Why no result depends on the quarter; empty where the edition has a programme."""
    return "" if _programmed(plan, layout) else NO_TARGETS


def goals_in_use(page: Page, annual: Placed, layout: Layout, quarter: str) -> Goals:
    """Write the programme below Tabella B, a table for each quarter, and the targets in use.

    Args:
        page: the page of Tabella B.
        annual: Tabella B.
        layout: its rows and columns.
        quarter: reference to the quarter of the workbook; an empty cell stands for the year.
    """
    codes = _programmed(page.book.plan, layout)
    if not codes:
        return Goals(annual)
    by_code = {row.code: row for row in layout.rows}
    rows = [by_code[code] for code in codes]
    row, tables = annual.last + 3, []
    for name, period in zip(_NAMES, _periods(page.book.plan), strict=True):
        page.section(row - 1, f"Programma trimestrale: {name} trimestre")
        tables.append(page.table(_programme(page.book.plan, layout, name, period, rows), row))
        row = tables[-1].last + 3
    page.section(row - 1, "Obiettivi in uso nel trimestre")
    return Goals(annual, page.table(_used(layout, annual, tables, rows, quarter), row))


def _leading() -> list[Column]:
    return [
        Column("Voce", Kind.LABEL, 50, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, paper=False),
    ]


def _programme(plan: Plan, layout: Layout, name: str, period: str, rows: Sequence[Row]) -> TableSpec:
    held = [
        target_column(plan, code, 16, "indicatore", code, styles.EURO, period=period)
        for code in layout.structures
    ]
    columns = [*_leading(), *held, source_column(plan, held, width=30)]
    return TableSpec(f"tblProgramma{name}", columns, rows, key="Codice", source="Fonte")


def _used(
    layout: Layout, annual: Placed, tables: Sequence[Placed], rows: Sequence[Row], quarter: str
) -> TableSpec:
    def content(structure: str) -> Callable[[Place], object]:
        def formula(place: Place) -> object:
            code = place.row.code
            if code == _SHARE:
                whole = f"{place.table.letters[structure]}{place.table.numbers[layout.total]}"
                return f"={whole}/{annual.cell(layout.total, structure)}"
            chosen = f"CHOOSE({quarter},{','.join(table.cell(code, structure) for table in tables)})"
            return f"=IF(COUNTBLANK({quarter})=1,{annual.cell(code, structure)},{chosen})"

        return formula

    def title(place: Place) -> object:
        return "Quota dell'obiettivo annuale" if place.row.code == _SHARE else place.row.item.title

    columns = [
        Column("Voce", Kind.LABEL, 50, title, align="wrap"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, paper=False),
        *(
            Column(
                code,
                Kind.FORMULA,
                16,
                content(code),
                lambda row: styles.PERCENT if row.code == _SHARE else styles.EURO,
            )
            for code in layout.structures
        ),
    ]
    return TableSpec("tblObiettiviInUso", columns, [*rows, Row(_SHARE, Level.TOTAL)], key="Codice")
