"""Formulas that Excel wrote as shared: spelled out for each cell, in columns, with the values that they have one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.package_files import sheet_xml, workbook_of, zip_of
from tests.recalc_books import book, package_of, reasons_of
from tests.test_recalc_oracle import from_excel
from xl_perf.package import Package
from xl_perf.recalc import recalculate_package
from xl_perf.recalc.calculate import our_functions
from xl_perf.recalc.formula import address
from xl_perf.recalc.jobs import read_model
from xl_perf.recalc.lower import lower
from xl_perf.recalc.recipe import render


def sheet(*rows: str) -> Package:
    return Package(workbook_of(sheet_xml("".join(rows))))


def spelled(package: Package) -> dict[str, str]:
    """Texts of the shared formulas that are in columns."""
    plain = read_model(package, our_functions()).plain.get("Foglio1")
    if plain is None:
        return {}
    keys = plain.scan.keys
    return {address(*keys[at]): text for at, text in plain.spelled.items() if plain.recipes[at] is not None}


def shared_block(text: str, *, rows: int = 3, master: int = 0, columns: str = "C") -> str:
    """Rows of one shared formula whose text stands in one of them, in the first column."""
    out = []
    for place in range(rows):
        cells = ""
        for column in columns:
            own = f' ref="C5:{columns[-1]}{4 + rows}"' if (place, column) == (master, columns[0]) else ""
            body = f">{text}</f>" if own else "/>"
            cells += f'<c r="{column}{5 + place}"><f t="shared"{own} si="0"{body}<v>0</v></c>'
        out.append(f'<row r="{5 + place}">{cells}</row>')
    return "".join(out)


@pytest.mark.parametrize(
    ("text", "second", "beside"),
    [
        ("A5+B5", "A6+B6", "B5+C5"),
        ("$A5*A$1+$B$2", "$A6*A$1+$B$2", "$A5*B$1+$B$2"),
        ("SUM(A$1:A5)", "SUM(A$1:A6)", "SUM(B$1:B5)"),
        ("SUM(A:A)+SUM($A:B)", "SUM(A:A)+SUM($A:B)", "SUM(B:B)+SUM($A:C)"),
        ("'Foglio1'!A5&amp;\"A5 50%\"", "'Foglio1'!A6&\"A5 50%\"", "'Foglio1'!B5&\"A5 50%\""),
        ("LOG10(A5)*50%", "LOG10(A6)*50%", "LOG10(B5)*50%"),
        ("a5", "a6", "B5"),
    ],
)
def test_texts_move_with_their_cells(text: str, second: str, beside: str):
    found = spelled(sheet(shared_block(text, columns="CD")))
    assert (found["C6"], found["D5"]) == (second, beside)


def test_the_text_may_stand_in_any_of_the_cells():
    assert spelled(sheet(shared_block("A6+1", master=1))) == {"C5": "A5+1", "C6": "A6+1", "C7": "A7+1"}


@pytest.mark.parametrize(
    "text",
    [
        "OFFSET(1:1,0,0)",  # whole rows
        "A1048575",  # the third cell would read a row that no sheet has
        "_xlfn.NOT.KNOWN(A5)",
        "nome+1",
    ],
)
def test_what_cannot_be_moved_as_text_stays_together(text: str):
    package = sheet(shared_block(text))
    assert spelled(package) == {}
    assert len(read_model(package, our_functions()).singles) == 3


CORNERS = st.builds(
    lambda column, row, fixed: f"{'$' * fixed[0]}{column}{'$' * fixed[1]}{row}",
    st.sampled_from("ABCXY"), st.integers(5, 30), st.tuples(st.booleans(), st.booleans()),
)  # fmt: skip
TEXTS = st.recursive(
    CORNERS | st.builds("{}:{}".format, CORNERS, CORNERS).map("SUM({})".format) | st.just("2.5%"),
    lambda inner: st.builds("({}{}{})".format, inner, st.sampled_from("+-*"), inner),
    max_leaves=6,
)


@given(TEXTS, st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_spelled_out_is_what_moving_the_references_gives(text: str, master: int):
    home = (5 + master, 3)
    model = read_model(sheet(shared_block(text, rows=4, master=master, columns="CDE")), our_functions())
    plain = model.plain["Foglio1"]
    first = lower(text, model.scope, "Foglio1", home, array=False)
    assert len(plain.spelled) == 12
    for at, written in plain.spelled.items():
        key = plain.scan.keys[at]
        own = lower(written, model.scope, "Foglio1", key, array=False)
        assert render(own, *key, key) == render(first, *key, home)


def test_values_of_shared_formulas():
    # A5..A7 hold 10, 20, 30: each cell of column C doubles its row and adds the first
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{10 * (row - 4)}</v></c>'
        f'<c r="C{row}"><f t="shared"{" ref=" + chr(34) + "C5:C7" + chr(34) if row == 5 else ""} si="0"'
        f"{'>A5*2+A$5</f>' if row == 5 else '/>'}<v>0</v></c></row>"
        for row in (5, 6, 7)
    )
    found = recalculate_package(sheet(rows))
    assert found.changes["Foglio1"] == {(5, 3): 30.0, (6, 3): 50.0, (7, 3): 70.0}


def test_they_do_without_a_first_cell_that_is_kept():
    # Excel stored 9 for LEN("ab"), which is 2: C6 is kept and a constant of the copy, C5 shares its formula all the same;
    # D1 is not known, so that everything is calculated one by one the second time
    rows = (
        '<row r="1"><c r="D1"><f>_xlfn.NOT.KNOWN(A1)</f><v>7</v></c></row>'
        '<row r="5"><c r="A5" t="inlineStr"><is><t>abc</t></is></c><c r="C5"><f t="shared" si="0"/><v>3</v></c></row>'
        '<row r="6"><c r="A6" t="inlineStr"><is><t>ab</t></is></c>'
        '<c r="C6"><f t="shared" ref="C5:C6" si="0">LEN(A6)</f><v>9</v></c></row>'
    )
    saved = package_of(book({"A1": 1}))
    parts = {name: saved.read(name) for name in saved.parts} | {"xl/worksheets/sheet1.xml": sheet_xml(rows)}
    found = recalculate_package(from_excel(Package(zip_of(parts))))
    assert found.changes == {}
    assert reasons_of(found) == {
        "C6": "the engine's result differs from the value that Excel stored",
        "D1": "function not known: _xlfn.NOT.KNOWN",
    }


def test_a_formula_shows_0_of_an_empty_cell_that_the_file_has():
    rows = (
        '<row r="1"><c r="A1" s="1"/><c r="B1"><f>A1</f></c><c r="C1" t="str"><f>A1</f><v></v></c></row>'
        '<row r="2"><c r="A2" s="1"/><c r="B2"><f t="shared" ref="B2:B3" si="0">A2</f></c></row>'
        '<row r="3"><c r="B3"><f t="shared" si="0"/></c></row>'
    )
    found = recalculate_package(sheet(rows))
    assert found.changes["Foglio1"] == {(1, 2): 0.0, (1, 3): 0.0, (2, 2): 0.0, (3, 2): 0.0}


def test_what_is_said_of_a_recipe_goes_with_its_workbook():
    # the recipe of SUBTOTAL depends on the rows of the file: the next file of the template reads it anew
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>SUBTOTAL(9,A1)=A1</f></c><c r="C1"><f>A1=2</f></c></row>'
    models = [read_model(sheet(rows), our_functions()) for _ in range(2)]
    jobs = [{job.column: job for job in model.one_by_one()} for model in models]
    plans = [
        {column: model.lowering.plan(job) for column, job in own.items()}
        for model, own in zip(models, jobs, strict=True)
    ]
    assert jobs[0][3].recipe is jobs[1][3].recipe
    assert plans[0][3] is plans[1][3]
    assert jobs[0][2].recipe is not jobs[1][2].recipe
    assert plans[0][2] is not plans[1][2]
    shared = models[1].lowering._shared
    assert {recipe for recipe, _ in shared.plans} <= shared.recipes  # nothing of single files piles up
