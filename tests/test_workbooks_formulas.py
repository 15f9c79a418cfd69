"""Formulas of the official workbooks can be read: headings, keys and names in place of cells, none longer
than 300 characters.

So a user may sort an input table or insert rows: every score stays.
"""

from __future__ import annotations

import io
from collections import defaultdict
from functools import cache

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from tests.official import EXAMPLES, FOLDER
from tests.workbook_inputs import official
from xl_perf.formula.refs import parse_reference
from xl_perf.formula.tokens import tokenize
from xl_perf.package import Package
from xl_perf.plan import load_edition
from xl_perf.recalc import recalculate_package
from xl_perf.templates.build import BUILDERS
from xl_perf.templates.kit.grids import shown_length
from xl_perf.templates.kit.shorten import LONGEST
from xl_perf.templates.scheda_territoriale.elementari import ROWS_OF_AREA
from xl_perf.values import CellError

TEMPLATES = sorted(BUILDERS)

ALLOWED = {
    "outside": "a formula outside of tables reads cells of its own sheet outside of tables, which nobody sorts",
}
"""Kinds of plain references that stay, with the reason."""

UNSORTED: dict[str, set[str]] = {"scheda_territoriale": {"tblIndicatoriElementari"}}
"""Template -> tables with inputs whose rows may not leave their part of the table.

The elementary indicators stand area by area: PERF_SINTESI takes the rows of an area as one range, which has its name.
Within an area they may stand in any order; elsewhere they make the area's index an error, with a remark that says so.
"""


def kind(reference, sheet, at, tables):
    """The kind of a plain reference in a formula: `outside`, or what is wrong with it."""
    if reference.sheet is not None and reference.sheet != sheet:
        return "another sheet"
    if any(_meets(reference, area) for area in tables):
        return "cells of a table"
    if any(left <= at[1] <= right and top <= at[0] <= bottom for left, top, right, bottom in tables):
        return "a table's formula"
    return "outside"


def _meets(reference, area):
    left, top, right, bottom = area
    return (
        reference.col1 <= right
        and reference.col2 >= left
        and reference.row1 <= bottom
        and reference.row2 >= top
    )


@cache
def found(template):
    """What is wrong in the formulas of a template: (plain references, long formulas), each as sheet and column."""
    plain, long = set(), set()
    for sheet in openpyxl.load_workbook(FOLDER / f"{template}.xlsx"):
        tables = [range_boundaries(table.ref) for table in sheet.tables.values()]
        for line in sheet.iter_rows():
            for cell in line:
                text = getattr(cell.value, "text", cell.value)
                if cell.data_type != "f" or not isinstance(text, str):
                    continue
                column = f"{sheet.title}!{_heading(sheet, cell, tables)}"
                if shown_length(text) > LONGEST:
                    long.add(column)
                for token, value in tokenize(text.removeprefix("=")):
                    if (
                        token == "ref"
                        and kind(parse_reference(value), sheet.title, (cell.row, cell.column), tables)
                        not in ALLOWED
                    ):
                        plain.add(column)
    return plain, long


def _heading(sheet, cell, tables):
    for left, top, right, bottom in tables:
        if left <= cell.column <= right and top < cell.row <= bottom:
            return sheet.cell(top, cell.column).value
    return cell.coordinate


def test_a_reference_to_another_row_of_a_table_is_seen():
    table = [(1, 6, 8, 20)]
    assert kind(parse_reference("C7"), "Dati", (30, 2), table) == "cells of a table"
    assert kind(parse_reference("'Altro'!$C$7"), "Dati", (30, 2), table) == "another sheet"
    assert kind(parse_reference("B3"), "Dati", (7, 2), table) == "a table's formula"
    assert kind(parse_reference("B3"), "Dati", (30, 2), table) == "outside"


@pytest.mark.parametrize("template", TEMPLATES)
def test_formulas_address_no_cells(template):
    assert found(template)[0] == set()


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_formula_is_longer_than_300_characters(template):
    assert found(template)[1] == set()


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_order_of_an_input_table_changes_no_score(template):
    """The rows of the input tables of the example stand the other way round: every score is what it was."""
    tables = {entry.table for entry in official(template).inputs if entry.table} - UNSORTED.get(
        template, set()
    )
    assert tables
    if _scores_reversed(template, tables) != _scores(template):
        moved = {table for table in tables if _scores_reversed(template, {table}) != _scores(template)}
        raise AssertionError(moved or "together")


def test_rows_outside_of_their_part_are_an_error_and_no_other_score():
    """Eight rows an area: turned round as a whole each stands in another one, within their areas nothing moves."""
    scores, moved = (
        _scores("scheda_territoriale"),
        _scores_reversed("scheda_territoriale", UNSORTED["scheda_territoriale"]),
    )
    changed = [
        new
        for sheet, values in scores.items()
        for old, new in zip(values, moved[sheet], strict=True)
        if old != new
    ]
    assert changed
    assert set(changed) == {CellError.VALUE}
    assert _scores_reversed("scheda_territoriale", UNSORTED["scheda_territoriale"], ROWS_OF_AREA) == scores


@cache
def _scores(template):
    book = official(template)
    return _by_row(book, book.values.get, lambda at: at)


def _by_row(book, value, place):
    scores = defaultdict(list)
    for sheet, key in book.scores:
        scores[sheet].append(value(place((sheet, key))))
    return {sheet: [_rounded(each) for each in values] for sheet, values in scores.items()}


def _rounded(value):
    return round(value, 9) if isinstance(value, float) else value or None


def _scores_reversed(template, names, size=None):
    """The scores after the rows of tables were turned round, all of them or `size` by `size`; those in the tables are
    found in their new rows.
    """
    book = openpyxl.load_workbook(EXAMPLES / f"{template}_esempio.xlsx")
    areas = [_turned(sheet, name, size) for sheet in book for name in sheet.tables if name in names]
    buffer = io.BytesIO()
    book.save(buffer)
    result = recalculate_package(Package(buffer.getvalue(), "ordinato.xlsx"), plan=load_edition())

    def place(at):
        where, (row, column) = at
        for title, (left, top, right, bottom), rows in areas:
            if where == title and top < row <= bottom and left <= column <= right:
                return where, (top + 1 + rows.index(row), column)
        return at

    return _by_row(official(template), lambda at: result.changes.get(at[0], {}).get(at[1]), place)


def _turned(sheet, name, size):
    """Turn the rows of a table round; gives its sheet and area, and which row stands where now."""
    left, top, right, bottom = range_boundaries(sheet.tables[name].ref)
    size = size or bottom - top
    order = [
        row
        for first in range(top + 1, bottom + 1, size)
        for row in reversed(range(first, min(first + size, bottom + 1)))
    ]
    rows = {row: [sheet.cell(row, at).value for at in range(left, right + 1)] for row in order}
    for row, before in zip(range(top + 1, bottom + 1), order, strict=True):
        for at, value in zip(range(left, right + 1), rows[before], strict=True):
            sheet.cell(row, at).value = value
    return sheet.title, (left, top, right, bottom), order
