"""A workbook of one sheet, with tables, defined names and stored values, for the tests of explanations."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xl_perf.explain.book import Workbook
from xl_perf.package import Package


def small_book(
    sheet: dict[str, object],
    tables: dict[str, str],
    values: dict[str, object],
    names: dict[str, str] | None = None,
) -> Package:
    """A workbook of one sheet `Prova`: formulas by `sheet`, the values that they have stored by `values`."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Prova"
    for cell, value in sheet.items():
        page[cell] = value
    for name, ref in tables.items():
        page.add_table(Table(displayName=name, ref=ref))
    for name, text in (names or {}).items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    out = io.BytesIO()
    book.save(out)
    package = Package(out.getvalue())
    stored = {Workbook(package).find(f"Prova!{cell}")[1:]: value for cell, value in values.items()}
    return Package(package.patch({"Prova": stored}))
