"""Formulas that Excel wrote as shared: spelled out for each cell, in columns, with the values that they have
one by one.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.package_files import sheet_xml, workbook_of
from tests.recalc_books import reasons_of
from xl_perf.formula.refs import address
from xl_perf.package import Package
from xl_perf.recalc import recalculate_package
from xl_perf.recalc.book import Book
from xl_perf.recalc.calculate import our_functions
from xl_perf.recalc.lower import lower


def sheet(*rows: str) -> Package:
    return Package(workbook_of(sheet_xml("".join(rows))))


def texts(package: Package) -> dict[str, str]:
    """What the shared formulas mean in each of their cells."""
    column = Book(package, our_functions()).columns["Foglio1"]
    return {address(*column.keys[at]): column.text(at) for at in column.masters}


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
        ("a5", "A6", "B5"),
    ],
)
def test_texts_move_with_their_cells(text: str, second: str, beside: str):
    found = texts(sheet(shared_block(text, columns="CD")))
    assert (found["C6"], found["D5"]) == (second, beside)


def test_the_text_may_stand_in_any_of_the_cells():
    assert texts(sheet(shared_block("A6+1", master=1))) == {"C5": "A5+1", "C6": "A6+1", "C7": "A7+1"}


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
def test_texts_are_what_the_first_ones_recipe_gives_in_their_cells(text: str, master: int):
    book = Book(sheet(shared_block(text, rows=4, master=master, columns="CDE")), our_functions())
    column = book.columns["Foglio1"]
    for at in column.masters:
        key = column.keys[at]
        assert lower(column.text(at), book.scope, "Foglio1", key).at(*key) == column.recipes[at].at(*key)


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
    # the first cell of the shared formula reads one that is not calculated and keeps its value, the other one does not
    rows = (
        '<row r="5"><c r="A5"><v>3</v></c><c r="C5"><f t="shared" si="0"/><v>0</v></c></row>'
        '<row r="6"><c r="A6"><f>NOT.KNOWN(A1)</f><v>7</v></c>'
        '<c r="C6"><f t="shared" ref="C5:C6" si="0">A6*2</f><v>9</v></c></row>'
    )
    found = recalculate_package(sheet(rows))
    assert found.changes == {"Foglio1": {(5, 3): 6.0}}
    assert reasons_of(found, "Foglio1") == {
        "A6": "function not known: NOT.KNOWN",
        "C6": "depends on Foglio1!A6, which keeps its value",
    }


def test_a_formula_shows_0_of_an_empty_cell_that_the_file_has():
    rows = (
        '<row r="1"><c r="A1" s="1"/><c r="B1"><f>A1</f></c><c r="C1" t="str"><f>A1</f><v></v></c></row>'
        '<row r="2"><c r="A2" s="1"/><c r="B2"><f t="shared" ref="B2:B3" si="0">A2</f></c></row>'
        '<row r="3"><c r="B3"><f t="shared" si="0"/></c></row>'
    )
    found = recalculate_package(sheet(rows))
    assert found.changes["Foglio1"] == {(1, 2): 0.0, (1, 3): 0.0, (2, 2): 0.0, (3, 2): 0.0}


def test_what_depends_on_one_file_is_not_kept_for_the_next_of_its_template():
    # the recipe of SUBTOTAL depends on the rows of the file
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>SUBTOTAL(9,A1)=A1</f></c><c r="C1"><f>A1=2</f></c></row>'
    hidden = rows.replace('r="1">', 'r="1" hidden="1">', 1)
    first, second, third = (
        Book(sheet(text), our_functions()).columns["Foglio1"].recipes for text in (rows, hidden, rows)
    )
    assert first[1] is second[1]
    assert [each[0].reason for each in (first, second, third)] == [
        "", "SUBTOTAL in a workbook with hidden rows", ""
    ]  # fmt: skip
