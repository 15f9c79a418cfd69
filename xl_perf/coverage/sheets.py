"""The sheets of the workbooks as the builders make them, before anything is calculated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.coverage import SheetContent
from xl_perf.templates.build import BUILDERS
from xl_perf.templates.kit.guide import NOTES, START

if TYPE_CHECKING:
    from xl_perf.plan import Plan
    from xl_perf.templates.kit.book import Book


_SERVICE = (START, NOTES, "Parametri", "Metadati")
"""Sheets that every workbook has; a system is at home elsewhere."""


def read_sheets(plan: Plan) -> tuple[SheetContent, ...]:
    """Every sheet of every official workbook, without those that all workbooks have.

    Args:
        plan: the edition that the workbooks are built from.

    Raises:
        PlanError: the edition lacks a value that a workbook shows.
    """
    return tuple(sheet for name, build in BUILDERS.items() for sheet in _sheets(name, build(plan, None)))


def _sheets(name: str, book: Book) -> list[SheetContent]:
    fixed: dict[str, set[str]] = {}
    for target_map in book.maps:
        fixed.setdefault(target_map.table, set()).add(target_map.fixed)
    found = []
    for sheet in (sheet for sheet in book.workbook.worksheets if sheet.title not in _SERVICE):
        values = {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
        formulas = "\n".join(value for value in values if value.startswith("="))
        codes = set().union(*(fixed.get(table, set()) for table in sheet.tables))
        found.append(SheetContent(f"{name}.xlsx", sheet.title, frozenset(values | codes), formulas))
    return found
