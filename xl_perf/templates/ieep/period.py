"""The targets of the quarter of `ieep.xlsx`.

The programme of total and sections, and their share of the year for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.labels import name_from
from xl_perf.templates.kit.model import Column, TableSpec
from xl_perf.templates.kit.period import NO_TARGETS, QUARTERS
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.ieep.input import Layout
    from xl_perf.templates.kit.model import Place, Placed, Row
    from xl_perf.templates.kit.page import Page

_NAMES = ("I", "II", "III", "IV")
_ROW, _ANNUAL_ROW, _QUARTER = "Riga", "Riga annuale", "Trimestre"


@dataclass(frozen=True, slots=True)
class Goals:
    """Targets of the year, and the table of those in use; without programme they are the year's."""

    annual: Placed
    used: Placed

    def of(self, code: str, structure: str) -> str:
        """Reference to the target in use of a row and structure."""
        return self.used.cell(code, structure)


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
        return Goals(annual, annual)
    by_code = {row.code: row for row in layout.rows}
    rows = [by_code[code] for code in codes]
    row, tables = annual.last + 3, []
    for name, period in zip(_NAMES, _periods(page.book.plan), strict=True):
        page.section(row - 1, f"Programma trimestrale: {name} trimestre")
        tables.append(page.table(_programme(page.book.plan, layout, name, period, rows), row))
        row = tables[-1].last + 3
    page.section(row - 1, "Programma in uso, secondo il trimestre del foglio Sintesi")
    programme = page.table(_programme_in_use(layout, annual, tables, rows, quarter), row)
    _shares(page, layout, annual, programme)
    row = programme.last + 4
    page.section(row - 1, "Obiettivi in uso: quelli del programma, e delle altre voci la quota dell'anno")
    return Goals(annual, page.table(_used(layout, annual, programme), row))


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


def _programme_in_use(
    layout: Layout, annual: Placed, tables: Sequence[Placed], rows: Sequence[Row], quarter: str
) -> TableSpec:
    def content(structure: str) -> Callable[[Place], object]:
        def formula(place: Place) -> object:
            chosen = f"CHOOSE({place.here(_QUARTER)},{','.join(table.column(structure) for table in tables)})"
            year = f"INDEX({annual.column(structure)},{place.here(_ANNUAL_ROW)})"
            return f"=IF({place.here(_QUARTER)}=0,{year},INDEX({chosen},{place.here(_ROW)}))"

        return formula

    def row_in(table: Placed) -> Callable[[Place], object]:
        return lambda place: f"=MATCH({place.here('Codice')},{table.column('Codice')},0)"

    amounts = [Column(code, Kind.FORMULA, 16, content(code), styles.EURO) for code in layout.structures]
    wanted = f'=IF({quarter}="",0,IF(ISNUMBER({quarter}),{quarter},#VALUE!))'
    services = [
        check(_ROW, 8, row_in(tables[0])),
        check(_ANNUAL_ROW, 8, row_in(annual)),
        check(_QUARTER, 8, lambda _: wanted),
    ]
    return TableSpec("tblProgrammaInUso", [*_leading(), *amounts, *services], rows, key="Codice")


def _shares(page: Page, layout: Layout, annual: Placed, programme: Placed) -> None:
    """The share of the annual total that the quarter is to reach, a line below the programme in use."""
    row = programme.last + 1
    page.put(row, 1, "Quota dell'obiettivo annuale", Kind.KEY, level=Level.TOTAL)
    for code in layout.structures:
        at = column_index_from_string(programme.letters[code])
        share = f"={programme.cell(layout.total, code)}/{annual.cell(layout.total, code)}"
        page.put(row, at, share, Kind.FORMULA, number_format=styles.PERCENT, level=Level.TOTAL)
        page.book.proposed[page.name, row, at] = name_from("quota", code)


def _used(layout: Layout, annual: Placed, programme: Placed) -> TableSpec:
    def content(structure: str) -> Callable[[Place], object]:
        def formula(place: Place) -> object:
            code = place.row.code
            if code in programme.numbers:
                return f"={programme.cell(code, structure)}"
            return f"={annual.cell(code, structure)}*{programme.sheet_cell(structure, programme.last + 1)}"

        return formula

    amounts = [Column(code, Kind.FORMULA, 16, content(code), styles.EURO) for code in layout.structures]
    return TableSpec("tblInUso", [*_leading(), *amounts], layout.rows, key="Codice")
