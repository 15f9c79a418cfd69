"""The quick reading of formula cells and the quick patching: the same as cell by cell, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.package_files import sheet_xml, workbook_of
from xl_perf.errors import WorkbookError
from xl_perf.package import Package
from xl_perf.package.patch import apply_edits, value_edits
from xl_perf.package.patch_scan import patch_scan
from xl_perf.package.scalars import Decoder
from xl_perf.package.sheetdata_slow import read_slow
from xl_perf.package.xmlpart import check_wellformed, decode
from xl_perf.values import CellError

ORDINARY = (
    '<row r="1"><c r="A1" s="3"/><c r="B1"><v>1.5</v></c><c r="C1" t="n"><v>-2E-3</v></c><c r="D1" '
    't="b"><v>1</v></c></row><row r="2" spans="1:4" ht="20"><c r="A2"><f>B1*2</f><v>3</v></c><c r="B2" '
    's="1" t="str"><f>A2&amp;"x"</f><v>3x</v></c><c r="C2" t="inlineStr"><is><t>A_B &amp; '
    'c</t></is></c></row><row r="4"/><row r="5"><c r="A5" t="str"><f>""</f><v></v></c><c '
    'r="B5"><f>A1</f></c><c r="C5" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D5" s="2"><f '
    'ca="1">NOW()</f><v>45000.5</v></c><c r="E5"><f t="shared" ref="E5:E6" '
    'si="0">B1+1</f><v>2</v></c></row><row r="6"><c r="E6"><f t="shared" si="0"/><v>3</v></c><c r="F6" '
    't="str"><f>"a"</f><v/></c></row>'
)


def sheet_package(rows: str) -> Package:
    """A package of one sheet."""
    return Package(workbook_of(sheet_xml(rows)))


def slow(package: Package):
    """The sheet as it is read event by event."""
    part = decode(package.read(package.sheet("Foglio1").part), "libro")
    return read_slow(part, Decoder("libro", [], False, frozenset()), 1_000)


def formula_cells(package: Package):
    return [cell for cell in slow(package).cells if cell.formula is not None]


def test_a_scan_finds_what_reading_cell_by_cell_finds():
    scan = sheet_package(ORDINARY).scan("Foglio1")
    assert scan is not None
    assert scan.cells == formula_cells(sheet_package(ORDINARY))
    assert [cell.value for cell in scan.cells] == [3.0, "3x", "", None, CellError.DIV0, 45000.5, 2.0, 3.0, ""]
    assert scan.used == (6, 6)


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A1"><v>1_0</v></c></row>',
        '<row r="1"><c r="A1"><v>nan</v></c></row>',
        '<row r="1"><c r="A1"><v>1e999</v></c></row>',
        '<row r="1"><c r="A1"><v>1e400</v></c></row>',
        '<row r="1"><c r="A1"><f>1</f><v>1e999</v></c></row>',
        '<row r="1"><c r="A1"><f>1</f><v>1_0</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><f>1</f><v>1</v></c></row>',
        '<row r="1"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="A1048577"><f>1</f></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1" t="b"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>2020-01-01</v></c></row>',
        '<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t> a</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0041_</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a&#13;</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row r="1"> <c r="A1"><v>1</v></c></row>',
        "<row><c r='A1'><v>1</v></c></row>",
    ],
)
def test_there_is_no_scan_where_anything_is_unusual(row: str):
    assert sheet_package(row).scan("Foglio1") is None


def test_entities_and_escapes_of_formulas_are_resolved():
    row = '<row r="1"><c r="A1"><f>"_x0041_"</f></c><c r="B1"><f>"&#65;"</f></c><c r="C1"><f>"&amp;"</f></c></row>'
    scan = sheet_package(row).scan("Foglio1")
    assert scan is not None
    assert [cell.formula.text for cell in scan.cells if cell.formula] == ['"A"', '"A"', '"&"']


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.sampled_from([CellError.NA, CellError.SPILL, CellError.DIV0]),
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from([cell[:2] for cell in formula_cells(sheet_package(ORDINARY))]), VALUES, min_size=1
    )
)
def test_quick_patching_gives_the_same_bytes(changes):
    scan = sheet_package(ORDINARY).scan("Foglio1")
    data = slow(sheet_package(ORDINARY))
    assert scan is not None
    edits = value_edits(data, changes, {}, "libro", insert=False)
    assert patch_scan(scan, changes, "libro") == apply_edits(data.part.utf8, edits)


def test_quick_patching_leaves_other_cells_to_the_other_way():
    scan = sheet_package(ORDINARY).scan("Foglio1")
    assert scan is not None
    assert patch_scan(scan, {(1, 2): 3.0}, "libro") is None
    assert patch_scan(scan, {(2, 1): 3.0}, "libro") is scan.part.utf8
    with pytest.raises(WorkbookError, match="libro!A2"):
        patch_scan(scan, {(2, 1): float("nan")}, "libro")


PIECES_OF_XML = [
    "<row>", '<row r="7">', "</row>", '<row r="8"/>', '<row r="9" r="9">', '<row r="9" xmlns="x">', "</c>",
    "<v>", "</v>", "/>", "]]>", "&#0;", "&#65;", "&bad;", "&amp;", "&", "<", ">", "\x01", "\ufffe",
    "<!-- -->", "<![CDATA[x]]>", "<?x?>", ' r="1"', ' xmlns="x"', '<c r="Z9"><v>1</v></c>', '<c r="A1"/>',
    '<c r="Z8" t="str"><f>1</f><v>a</v></c>', '<f t="x" t="y">1</f>', "<sheetData>", "</sheetData>",
    '<c r="Z7" t="n" t="n"><f>1</f></c>', '<c r="Z6" s="1" x="&amp;"><f>1</f></c>', "é", "\r", "_x0041_",
    " ", '"', "'",
]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, len(ORDINARY)), st.integers(0, 12), st.sampled_from([*PIECES_OF_XML, ""])),
        min_size=1,
        max_size=3,
    )
)
@example([(574, 0, "\r")])  # a line break inside the type of a formula
@settings(max_examples=1500, deadline=None)
def test_what_is_scanned_is_wellformed_and_read_alike(edits):
    rows = ORDINARY
    for at, removed, inserted in edits:
        rows = rows[:at] + inserted + rows[at + removed :]
    content = workbook_of(sheet_xml(rows))
    scan = Package(content).scan("Foglio1")
    if scan is not None:
        check_wellformed(scan.part.utf8, "")
        assert scan.cells == formula_cells(Package(content))
        data, found = slow(Package(content)), Package(content).sheet_data("Foglio1")
        assert (found.cells, found.starts, found.rows) == (data.cells, data.starts, data.rows)
        begin, end = scan.inside
        assert b"".join(scan.pieces) == scan.part.utf8[begin:end]
