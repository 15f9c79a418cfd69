"""Structure of the official workbooks as readers, auditors and screen readers need it; `python -m
tests.layout` measures all of it.
"""

from __future__ import annotations

import tempfile
import warnings

import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string

from tests.layout import lint, measure
from tests.official import EXAMPLES, WORKBOOKS
from xl_perf.plan import load_edition
from xl_perf.templates.build import BUILDERS
from xl_perf.templates.kit.styles import TAB_COLOURS
from xl_perf.templates.scheda_territoriale.workbook import build_scorecard

NEVER = (
    "hidden", "freeze", "index", "header", "blank", "validation", "chart", "style", "print", "title",
    "banner", "error", "document",
)  # fmt: skip
ALLOWED = {"merged": 3, "numtext": 1, "volatile": 1}
"""Findings of a kind that one workbook may have, see docs/decisions/0016-sheets-and-paper.md; the numbers
only get smaller.
"""
SEVERAL = {
    "Parametri", "Giacenza", "Progetti", "Altri obiettivi", "Tecnologia", "Indicatori POLA", "Statistico-attuariali",
}  # fmt: skip
"""Sheets on which several tables are filled in; the same page says why."""


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_structure_of_sheets(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, found = lint.check(str(path))
    assert {kind: found[kind] for kind in NEVER if found[kind]} == {}
    assert {sheet for sheet, *_ in found["tables"]} <= SEVERAL
    assert {kind: found[kind] for kind, most in ALLOWED.items() if len(found[kind]) > most} == {}


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_inputs_are_reached_from_results_and_lead_back(path):
    book = load_workbook(path)
    first, *others = book.sheetnames
    leads = {
        sheet.title: {
            cell.hyperlink.location.rpartition("!")[0].strip("'").replace("''", "'")
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink
        }
        for sheet in book
    }
    given = [
        sheet.title
        for sheet in book
        if sheet.sheet_properties.tabColor.rgb[2:] in (TAB_COLOURS["dati"], TAB_COLOURS["obiettivi"])
        and any(not cell.protection.locked for row in sheet.iter_rows() for cell in row)
    ]
    unreached = [one for one in given if not any(one in leads[other] for other in others if other != one)]
    dead_ends = [one for one in given if not leads[one] - {first, one}]
    assert (unreached, dead_ends) == ([], [])
    assert {to for found in leads.values() for to in found} <= set(book.sheetnames)
    # openpyxl takes the place that a link leads to for the value of an empty cell: links stand on constants
    linked = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert [c for c in linked if c.value is None or not c.protection.locked or str(c.value)[0] in "='"] == []


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_charts_have_data_of_their_own(path):
    """Each series reads cells that no other chart reads, and they hold what the chart is about."""
    book = load_workbook(path)
    for sheet in book:
        read = [series.val.numRef.f for chart in sheet._charts for series in chart.series]
        assert len(read) == len(set(read)), (sheet.title, read)


SCREEN_ROWS, SCREEN_COLUMNS = 225, 640
"""Points and pixels of what stays in sight that leave half of a screen of 1366 by 768 to what scrolls."""


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_frozen_panes_leave_half_of_a_small_screen(path):
    for sheet in load_workbook(path):
        column, row = coordinate_from_string(sheet.freeze_panes or "A1")
        rows = sum(sheet.row_dimensions[n].height or 15 for n in range(1, row))
        letters = map(get_column_letter, range(1, column_index_from_string(column)))
        wide = sum(7 * sheet.column_dimensions[one].width + 5 for one in letters)
        assert (rows <= SCREEN_ROWS, wide <= SCREEN_COLUMNS) == (True, True), (sheet.title, rows, wide)


MACHINE = ("Parametri", "Metadati")
"""Sheets that stay off the paper."""
MEASURED = tuple(path.stem.removesuffix("_esempio") for path in sorted(EXAMPLES.glob("*.xlsx")))
"""The examples are printed and measured, all in one start of LibreOffice."""


@pytest.fixture(scope="module")
def plan():
    return load_edition()


@pytest.fixture(scope="module")
def measured():
    """Name of an example -> the sheets of its printed pages and the findings on pages, rows and columns."""
    paths = {name: EXAMPLES / f"{name}_esempio.xlsx" for name in MEASURED}
    with tempfile.TemporaryDirectory() as folder:
        found = measure.geometry(*paths.values(), folder=folder)
        pages = {name: measure.printed(path, folder) for name, path in paths.items()}
    return {name: (sheets, kinds | found[str(paths[name])]) for name, (sheets, kinds) in pages.items()}


def test_printed_columns_fit_the_pages_that_their_sheets_declare(plan):
    """124 characters upright or 179 across print Arial 10 at 8 points; a sheet declares how many pages side by side."""
    books = [build(plan, None) for build in BUILDERS.values()]
    books += [build_scorecard(plan, structure, 4) for structure in ("DCM ROMA", "VALLE D'AOSTA", "NAZIONALE")]
    over = [(book.template, book.structure, book.too_wide, book.too_high) for book in books]
    assert [found for found in over if any(found[2:])] == []


def test_the_first_sheet_is_one_page_of_a4():
    for path in WORKBOOKS:
        first = load_workbook(path).worksheets[0]
        assert (first.title, first.page_setup.fitToHeight, first.page_setup.paperSize) == ("Inizia qui", 1, 9)


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_sheets_for_programs_are_not_printed(path):
    """Their print area is one empty cell, for which LibreOffice prints no page."""
    book = load_workbook(path, read_only=False)
    for name in MACHINE:
        area = book[name].print_area.split("!")[1].replace("$", "")
        assert book[name][area].value is None
        assert book[name][area].row > max(
            cell.row for row in book[name].iter_rows() for cell in row if cell.value
        )


@pytest.mark.parametrize("name", MEASURED)
def test_pages_rows_and_columns_have_no_findings(measured, name):
    sheets, found = measured[name]
    assert {kind: texts for kind, texts in found.items() if texts} == {}
    assert sheets[0] == "Inizia qui"
    assert sheets.count("Inizia qui") == 1
    assert not set(sheets) & set(MACHINE)
