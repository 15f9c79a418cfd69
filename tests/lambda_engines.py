"""Programs that calculate LAMBDA, as judges of the LAMBDA edition: formulon and ironcalc, from a workbook's bytes.

formulon 0.18 does not know the file form of an optional parameter (`_xlop.verso`), only the one that Excel
shows (`[verso]`): its copy of the workbook is given that. ironcalc 0.9 does not apply ISNUMBER and its like
to ranges, so it judges calls with single cells only.
"""

from __future__ import annotations

import html
import importlib.util
import os
import re
import tempfile
from pathlib import Path

import pytest

from xl_perf.formula.refs import column_letters, quote_sheet
from xl_perf.formula.tables import TableView, ThisRow, resolve_table
from xl_perf.formula.tokens import tokenize
from xl_perf.package import Package
from xl_perf.values import CellError

_ERRORS = (
    CellError.NULL,
    CellError.DIV0,
    CellError.VALUE,
    CellError.REF,
    CellError.NAME,
    CellError.NUM,
    CellError.NA,
    CellError.GETTING_DATA,
    CellError.SPILL,
    CellError.CALC,
)
"""In the order of formulon's error codes."""


def missing(*engines):
    """What the machine lacks of `formulon` and `ironcalc`; empty where nothing."""
    lacking = [engine for engine in engines if importlib.util.find_spec(engine) is None]
    return f"{', '.join(lacking)} not installed: pip install '.[test]'" if lacking else ""


def require(*engines):
    """Skips the test where an engine is missing; a full run fails instead."""
    reason = missing(*engines)
    if reason and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


_FORMULA = re.compile(r'(<c r="[A-Z]+([0-9]+)"[^>]*><f[^>]*>)([^<]+)(</f>)')


def addressed(package):
    """The sheets' parts with cells in place of headings and of names: `C7` for `tblX[[#This Row],[Giorni]]`.

    formulon 0.18 does not know on which cells a heading depends, nor a name, and calculates some formulas too early.
    """
    views = {}
    for table in package.tables:
        rows = (table.header_rows, table.totals_rows)
        views[table.name.lower()] = TableView.of(table.name, table.sheet, table.ref, table.columns, rows)

    def cells(token, row):
        name, _, spec = token.partition("[")
        found = resolve_table(views[name.lower()], spec[:-1])
        top, bottom = (row, row) if isinstance(found, ThisRow) else (found.row1, found.row2)
        first, last = f"${column_letters(found.col1)}${top}", f"${column_letters(found.col2)}${bottom}"
        return quote_sheet(found.sheet) + (first if first == last else f"{first}:{last}")

    names = {
        name.name.lower(): name.text
        for name in package.defined_names
        if name.scope is None and not name.hidden and "LAMBDA" not in name.text
    }

    def written(text, row):
        for kind, value in tokenize(text):
            if kind == "table":
                yield cells(value, row)
            elif kind == "name" and value.lower() in names:
                yield f"({''.join(written(names[value.lower()], row))})"
            else:
                yield value

    def formula(match):
        text = "".join(written(html.unescape(match[3]), int(match[2])))
        return match[1] + html.escape(text, quote=False) + match[4]

    return {
        sheet.part: _FORMULA.sub(formula, package.read(sheet.part).decode()).encode()
        for sheet in package.sheets
    }


def formulon_values(package):
    """(sheet index, row, column), rows and columns from 1 -> value after a whole calculation by formulon."""
    import formulon

    workbook = package.read(package.workbook_part)
    shown = re.sub(rb"_xlop\.(\w+)", rb"[_xlpm.\1]", workbook)
    book = formulon.Workbook.load(
        package.archive.rewrite({package.workbook_part: shown, **addressed(package)})
    )
    book.recalc()

    def value_at(sheet, row, column):
        value = book.get_value(sheet, row - 1, column - 1)
        if value.kind.name == "ERROR":
            return _ERRORS[value.error_code]
        found = {"NUMBER": value.number, "TEXT": value.text, "BOOL": value.boolean, "BLANK": None}
        return found[value.kind.name]

    return value_at


def ironcalc_values(package):
    """(sheet index, row, column), rows and columns from 1 -> value after a whole calculation by ironcalc."""
    import ironcalc

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "casi.xlsx"
        path.write_bytes(package.data)
        model = ironcalc.load_from_xlsx(str(path))
    model.evaluate()

    def value_at(sheet, row, column):
        value = model.get_cell_value(sheet, row, column)
        return (CellError.parse(value) or value) if isinstance(value, str) else value

    return value_at


def relinked(package, dialect):
    """The package with its functions in the spelling of a dialect."""
    from xl_perf.relink import relink_package

    return Package(relink_package(package, dialect).data, package.path)
