"""Patching changes values and nothing else."""

from __future__ import annotations

import io
import math
import re
import zipfile

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from tests.package_files import (
    HEAD,
    MAIN,
    RELS,
    erase_values,
    parts_of,
    raw_entries,
    sheet_xml,
    workbook_of,
    zip_of,
)
from xl_perf.errors import WorkbookError
from xl_perf.package import CellKey, Package
from xl_perf.package.scalars import same_value, storable
from xl_perf.values import CellError, CellValue

SHEET = "xl/worksheets/sheet1.xml"


def _patch(cells: str, changes: dict[CellKey, CellValue], **options: object) -> str:
    """Content of the row after patching a sheet whose row 1 has these cells; everything around must stay."""
    xml = sheet_xml(f'<row r="1" spans="1:9">{cells}</row>', after='<extLst><ext uri="{x}"/></extLst>')
    package = Package(workbook_of(xml))
    new = Package(package.patch({"Foglio1": changes}, **options)).read(SHEET).decode()
    start, end = xml.index("<row"), xml.index("</sheetData>")
    assert new.startswith(xml[:start])
    assert new.endswith(xml[end:])
    found = re.fullmatch(
        r'<row r="1" spans="1:9">(.*)</row>', new[start : len(new) - len(xml) + end], re.DOTALL
    )
    assert found
    return found[1]


CASES = {
    # a formula's result of every kind
    "number": ('<c r="A1" s="4"><f>B1</f></c>', 15.0, '<c r="A1" s="4"><f>B1</f><v>15</v></c>'),
    "int": ('<c r="A1"><f>B1</f><v>1</v></c>', 15, '<c r="A1"><f>B1</f><v>15</v></c>'),
    "shortest": ('<c r="A1"><f>B1</f><v>1</v></c>', 0.1 + 0.2, '<c r="A1"><f>B1</f><v>0.30000000000000004</v></c>'),
    "text": ('<c r="A1"><f>B1</f><v>1</v></c>', "è <b> & c",
    '<c r="A1" t="str"><f>B1</f><v>è &lt;b&gt; &amp; c</v></c>'),
    "empty text": ('<c r="A1"><f>B1</f><v>1</v></c>', "", '<c r="A1" t="str"><f>B1</f><v></v></c>'),
    "blanks": ('<c r="A1"><f>B1</f></c>', " x", '<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> x</v></c>'),
    "escapes": ('<c r="A1"><f>B1</f></c>', "\r_x0041_", '<c r="A1" t="str"><f>B1</f><v>_x000D__x005F_x0041_</v></c>'),
    "true": ('<c r="A1"><f>B1</f><v>1</v></c>', True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
    "error": ('<c r="A1"><f>B1</f><v>1</v></c>', CellError.NA, '<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>'),
    "new error": ('<c r="A1"><f>B1</f><v>1</v></c>', CellError.SPILL, '<c r="A1" t="e"><f>B1</f><v>#VALUE!</v></c>'),
    "from text": ('<c r="A1" t="str"><f>B1</f><v>x</v></c>', 2.5, '<c r="A1"><f>B1</f><v>2.5</v></c>'),
    "type in front": ('<c t="str" r="A1"><f>B1</f><v>x</v></c>', True, '<c t="b" r="A1"><f>B1</f><v>1</v></c>'),
    "nothing": ('<c r="A1" t="str" s="1"><f>B1</f><v>x</v></c>', None, '<c r="A1" s="1"><f>B1</f></c>'),
    "type on a line of its own": ('<c r="A1"\nt="str"><f>B1</f><v>x</v></c>', 2, '<c r="A1"><f>B1</f><v>2</v></c>'),
    "type n stays": ('<c r="A1" t="n"><f>B1</f><v>1</v></c>', 2, '<c r="A1" t="n"><f>B1</f><v>2</v></c>'),
    "attributes": (
        '<c r="A1" s="9" t="e" cm="1" vm="3" ph="1"><f t="array" ref="A1" ca="1">B1</f><v>#VALUE!</v></c>', 7.0,
        '<c r="A1" s="9" cm="1" ph="1"><f t="array" ref="A1" ca="1">B1</f><v>7</v></c>',
    ),
    "white space": ('<c r="A1" >\n <f>B1</f>\n <v>1</v>\n</c>', 2, '<c r="A1" >\n <f>B1</f>\n <v>2</v>\n</c>'),
    "shared": ('<c r="A1"><f t="shared" si="0"/><v>1</v></c>', 2, '<c r="A1"><f t="shared" si="0"/><v>2</v></c>'),
    "empty v": ('<c r="A1"><f>B1</f><v/></c>', 2, '<c r="A1"><f>B1</f><v>2</v></c>'),
    "extension": (
        '<c r="A1"><f>B1</f><v>1</v><extLst><ext uri="{a}"/></extLst></c>', "x",
        '<c r="A1" t="str"><f>B1</f><v>x</v><extLst><ext uri="{a}"/></extLst></c>',
    ),
    # constants
    "constant": ('<c r="A1" s="2"><v>30</v></c>', 31, '<c r="A1" s="2"><v>31</v></c>'),
    "shared string": (
        '<c r="A1" s="2" t="str"><v>a</v></c>', "b", '<c r="A1" s="2" t="str"><v>b</v></c>'
    ),
    "constant text": (
        '<c r="A1" s="2"><v>1</v></c>', " b",
        '<c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve"> b</t></is></c>',
    ),
    "inline to number": ('<c r="A1" t="inlineStr"><is><t>a</t></is></c>', 1, '<c r="A1"><v>1</v></c>'),
    "inline to inline": (
        '<c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c>', "b", '<c r="A1" t="inlineStr"><is><t>b</t></is></c>'
    ),
    "inline to nothing": ('<c r="A1" s="5" t="inlineStr"><is><t>a</t></is></c>', None, '<c r="A1" s="5"></c>'),
    "no value yet": ('<c r="A1" s="3"/>', 5, '<c r="A1" s="3"><v>5</v></c>'),
    "no value yet, blank": ('<c r="A1" s="3" />', "x", '<c r="A1" s="3" t="inlineStr"><is><t>x</t></is></c>'),
    "no value and none": ('<c r="A1" s="3"/>', None, '<c r="A1" s="3"/>'),
    # what denotes the value already keeps its bytes
    "same number": ('<c r="A1"><f>B1</f><v>1.50</v></c>', 1.5, '<c r="A1"><f>B1</f><v>1.50</v></c>'),
    "same digits": ('<c r="A1"><v>0.29999999999999999</v></c>', 0.3, '<c r="A1"><v>0.29999999999999999</v></c>'),
    "same text": ('<c r="A1" t="str"><f>B1</f><v>a&#98;</v></c>', "ab", '<c r="A1" t="str"><f>B1</f><v>a&#98;</v></c>'),
    "same bool": ('<c r="A1" t="b"><f>B1</f><v>true</v></c>', True, '<c r="A1" t="b"><f>B1</f><v>true</v></c>'),
    "same error": (
        '<c r="A1" t="e" vm="1"><f>B1</f><v>#VALUE!</v></c>', CellError.SPILL,
        '<c r="A1" t="e" vm="1"><f>B1</f><v>#VALUE!</v></c>',
    ),
    "one is not TRUE": ('<c r="A1"><f>B1</f><v>1</v></c>', True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
    "text is not error": ('<c r="A1" t="str"><f>B1</f><v>#N/A</v></c>', CellError.NA,
    '<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>'),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("careful", [False, True])
def test_one_cell(name: str, careful: bool) -> None:
    cell, value, expected = CASES[name]
    other = '<c r="B1"><f>1</f><v>1.0</v></c>' + ("<!-- <c> -->" if careful else "")
    assert _patch(cell + other, {(1, 1): value}) == expected + other


@pytest.mark.parametrize("name", CASES)
def test_second_patch_changes_no_byte(name: str) -> None:
    cell, value, _ = CASES[name]
    package = Package(workbook_of(sheet_xml(f'<row r="1">{cell}</row>')))
    once = package.patch({"Foglio1": {(1, 1): value}})
    assert Package(once).patch({"Foglio1": {(1, 1): value}}) == once


def test_numpy_numbers_are_written_as_numbers() -> None:
    assert _patch('<c r="A1"><f>1</f></c>', {(1, 1): np.float64(2.5)}) == '<c r="A1"><f>1</f><v>2.5</v></c>'


def test_text_inside_an_array_is_stored_as_a_result() -> None:
    cells = (
        '<c r="A1"><f t="array" ref="A1:B1">C1:D1</f><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c>'
    )
    found = _patch(cells, {(1, 2): "x", (1, 3): "y"})
    assert '<c r="B1" t="str"><v>x</v></c><c r="C1" t="inlineStr"><is><t>y</t></is></c>' in found


SPILL = (
    '<c r="B1" cm="1"><f t="array" ref="B1:C1">F</f><v>1</v></c><c r="C1"><v>2</v></c><c r="Z1"><v>9</v></c>'
)


def test_spilled_range_grows() -> None:
    xml = sheet_xml(f'<row r="1">{SPILL}</row><row r="4"/>\n')
    package = Package(workbook_of(xml))
    values: dict[CellKey, CellValue] = {
        (1, 2): 5,
        (1, 4): "x",
        (2, 2): 1,
        (2, 3): None,
        (4, 2): True,
        (5, 4): 8,
    }
    new = package.patch({"Foglio1": values}, spill={"Foglio1": {(1, 2): "B1:D5"}})
    assert Package(new).read(SHEET).decode() == sheet_xml(
        '<row r="1"><c r="B1" cm="1"><f t="array" ref="B1:D5">F</f><v>5</v></c><c r="C1"><v>2</v></c>'
        '<c r="D1" t="str"><v>x</v></c><c r="Z1"><v>9</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
        '<row r="4"><c r="B4" t="b"><v>1</v></c></row><row r="5"><c r="D5"><v>8</v></c></row>\n'
    )
    again = Package(new)
    assert again.patch({"Foglio1": values}, spill={"Foglio1": {(1, 2): "B1:D5"}}) == new


def test_spilled_range_shrinks() -> None:
    found = _patch(SPILL, {(1, 3): None}, spill={"Foglio1": {(1, 2): "B1"}})
    assert found == SPILL.replace("B1:C1", "B1").replace("<v>2</v>", "")


def test_spill_needs_an_array_formula() -> None:
    for key, ref in (((1, 3), "C1:C2"), ((9, 9), "I9:I10"), ((1, 2), "A1:B2")):
        with pytest.raises(WorkbookError, match="array formula"):
            _patch(SPILL, {}, spill={"Foglio1": {key: ref}})


@pytest.mark.parametrize("content", ["<sheetData/>", "<sheetData></sheetData>", "<sheetData>\n</sheetData>"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_inserts_into_an_empty_sheet(content: str, prefix: str) -> None:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    content = content.replace("sheetData", f"{prefix}sheetData")
    xml = f'<{prefix}worksheet {declared}="{MAIN}">{content}</{prefix}worksheet>'
    package = Package(workbook_of(xml))
    new = Package(package.patch({"Foglio1": {(3, 2): "a", (1, 1): 2}}, insert=True))
    p = prefix
    rows = (
        f'<{p}row r="1"><{p}c r="A1"><{p}v>2</{p}v></{p}c></{p}row><{p}row r="3"><{p}c r="B3" t="inlineStr"><{p}is>'
        f"<{p}t>a</{p}t></{p}is></{p}c></{p}row>"
    )
    whole = f"<{p}sheetData>{rows}" + ("\n" if "\n" in content else "") + f"</{p}sheetData>"
    assert new.read(SHEET).decode() == xml.replace(content, whole)
    assert [(cell.row, cell.column, cell.value) for cell in new.cells("Foglio1")] == [
        (1, 1, 2.0),
        (3, 2, "a"),
    ]


def test_missing_cells_are_refused_unless_asked_for() -> None:
    with pytest.raises(WorkbookError, match=r"Foglio1!C2: the sheet has no such cell"):
        _patch('<c r="A1"/>', {(2, 3): 1})
    assert _patch('<c r="A1"/>', {(2, 3): None}) == '<c r="A1"/>'
    with pytest.raises(WorkbookError, match="grid"):
        _patch('<c r="A1"/>', {(1_048_577, 1): 1}, insert=True)


@pytest.mark.parametrize("value", [math.nan, math.inf, "x" * 32_768, object(), np.int64(3), [1.0]])
@pytest.mark.parametrize("key", [(1, 1), (2, 2)])
def test_values_that_no_cell_holds(value: CellValue, key: CellKey) -> None:
    with pytest.raises(WorkbookError, match=r"Foglio1!(A1|B2): the value cannot be stored"):
        _patch('<c r="A1"><f>1</f><v>1</v></c>', {key: value}, insert=True)


def test_unknown_sheet() -> None:
    package = Package(workbook_of(sheet_xml("")))
    with pytest.raises(WorkbookError, match=r"no sheet 'Altro'.*Foglio1"):
        package.patch({"Altro": {(1, 1): 1}})


def test_utf16_part_keeps_its_encoding() -> None:
    xml = sheet_xml('<row r="1"><c r="A1" t="str"><f>"à"</f><v>à</v></c></row>').replace("UTF-8", "UTF-16")
    package = Package(workbook_of(xml.encode("utf-16")))
    new = Package(package.patch({"Foglio1": {(1, 1): "ù€"}})).read(SHEET)
    assert new.decode("utf-16") == xml.replace("<v>à</v>", "<v>ù€</v>")


def test_latin_part_gets_references_for_other_characters() -> None:
    xml = sheet_xml('<row r="1"><c r="A1" t="str"><f>1</f><v>à</v></c></row>').replace("UTF-8", "iso-8859-1")
    new = Package(workbook_of(xml.encode("latin-1"))).patch({"Foglio1": {(1, 1): "à€"}})
    assert b"<v>\xe0&#8364;</v>" in Package(new).read(SHEET)
    assert Package(new).cells("Foglio1")[0].value == "à€"


def _rich_workbook() -> bytes:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Dati & note")
    for row in range(1, 31):
        first.append([row, f"=A{row}*2", f"voce {row}", f'=C{row}&"!"', row % 2 == 0])
    first["A1"].comment = Comment("nota", "INPS")
    chart = BarChart()
    chart.add_data(Reference(first, min_col=1, min_row=1, max_row=30))
    second.add_chart(chart, "E5")
    second["A1"] = "=SUM(Sheet!A1:A30)"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


RICH = _rich_workbook()


def test_only_the_changed_sheet_changes() -> None:
    new = Package(RICH).patch({"Sheet": {(1, 2): 2.0, (2, 4): "voce 2!"}, "Dati & note": {}})
    before, after = raw_entries(RICH), raw_entries(new)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {SHEET}
    old_xml, new_xml = Package(RICH).read(SHEET), Package(new).read(SHEET)
    assert erase_values(old_xml) == erase_values(new_xml)
    read = openpyxl.load_workbook(io.BytesIO(new), data_only=True)["Sheet"]
    assert (read["B1"].value, read["D2"].value, read["B3"].value) == (2, "voce 2!", None)


_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from([CellError.NA, CellError.DIV0, CellError.NAME, CellError.SPILL]),
)
_CHANGES = st.dictionaries(st.tuples(st.integers(1, 34), st.integers(1, 8)), _VALUE, max_size=25)


@settings(max_examples=60, deadline=None)
@given(_CHANGES)
def test_any_change_changes_values_only(changes: dict[CellKey, CellValue]) -> None:
    package = Package(RICH)
    new = Package(package.patch({"Sheet": changes}, insert=True))
    before, after = raw_entries(RICH), raw_entries(new.data)
    assert {name for name in before if before[name] != after[name]} <= {SHEET}
    old_cells = {(cell.row, cell.column): cell for cell in package.cells("Sheet")}
    new_cells = {(cell.row, cell.column): cell for cell in new.cells("Sheet")}
    assert list(new_cells) == sorted(new_cells)
    for key in old_cells | new_cells:
        cell = new_cells.get(key)
        expected = changes[key] if key in changes else old_cells[key].value
        assert same_value(cell.value if cell else None, storable(expected)), key
        if key in old_cells:
            assert cell is not None
            assert cell.formula == old_cells[key].formula
            assert cell.style == old_cells[key].style
    if set(changes) <= set(old_cells):
        assert erase_values(package.read(SHEET)) == erase_values(new.read(SHEET))
    assert new.patch({"Sheet": changes}, insert=True) == new.data
    if changes:
        openpyxl.load_workbook(io.BytesIO(new.data))


CHAIN = f'{HEAD}<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'


def _with_chain() -> bytes:
    cells = (
        '<c r="A1" s="0"><f t="shared" ref="A1:A2" si="0">C1</f><v>1</v></c>'
        '<c r="B1" t="str" cm="1"><f t="array" ref="B1:B2">D1:D2</f><v>x</v></c><c r="C1"><v>3</v></c>'
    )
    rows = (
        f'<row r="1">{cells}</row><row r="2"><c r="A2"><f t="shared" si="0"/></c><c r="B2" '
        't="str"><v>y</v></c></row>'
    )
    rel = f'<Relationship Id="rIdC" Type="{RELS}/calcChain" Target="calcChain.xml"/>'
    metadata = (
        f'{HEAD}<metadata xmlns="{MAIN}"><metadataTypes><metadataType name="XLDAPR"/></metadataTypes>'
        '<cellMetadata><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
    )
    rel += f'<Relationship Id="rIdM" Type="{RELS}/sheetMetadata" Target="metadata.xml"/>'
    extra = {"xl/calcChain.xml": CHAIN, "xl/metadata.xml": metadata}
    parts = parts_of(sheet_xml(rows), rels=rel, extra=extra)
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts["[Content_Types].xml"] = str(parts["[Content_Types].xml"]).replace(
        "</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kinds}calcChain+xml"/>'
        f'<Override PartName="/xl/metadata.xml" ContentType="{kinds}sheetMetadata+xml"/></Types>',
    )  # fmt: skip
    return zip_of(parts)


def test_formulas_give_way_to_values() -> None:
    package = Package(_with_chain())
    new = Package(package.replace_formulas_by_values({"Foglio1": {(1, 1): 3.0, (2, 1): 4.0}}))
    assert new.read(SHEET).decode() == sheet_xml(
        '<row r="1"><c r="A1" s="0"><v>3</v></c><c r="B1" t="str"><v>x</v></c><c r="C1"><v>3</v></c></row>'
        '<row r="2"><c r="A2"><v>4</v></c><c r="B2" t="str"><v>y</v></c></row>'
    )
    assert "xl/calcChain.xml" not in new.parts
    for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        assert b"calcChain" not in new.read(part)
        assert b"metadata.xml" in new.read(part)
    before, after = raw_entries(package.data), raw_entries(new.data)
    assert before["xl/workbook.xml"] == after["xl/workbook.xml"]
    sheet = openpyxl.load_workbook(io.BytesIO(new.data)).active
    assert [[cell.value for cell in row] for row in sheet] == [[3, "x", 3], [4, "y", None]]


def test_formulas_of_a_changed_spill_give_way_too() -> None:
    package = Package(_with_chain())
    new = Package(
        package.replace_formulas_by_values(
            {"Foglio1": {(1, 2): 8.0, (2, 2): "z", (3, 2): "w"}}, spill={"Foglio1": {(1, 2): "B1:B3"}}
        )
    )
    text = new.read(SHEET).decode()
    assert "<f" not in text
    assert "cm=" not in text
    assert [cell.value for cell in new.cells("Foglio1")] == [1, 8, 3, None, "z", "w"]


def test_copy_of_a_rich_workbook_keeps_its_other_parts() -> None:
    new = Package(RICH).replace_formulas_by_values({"Sheet": {(row, 2): row * 2 for row in range(1, 31)}})
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        assert archive.testzip() is None
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "sheets/" in name)
    book = openpyxl.load_workbook(io.BytesIO(new))
    assert [book["Sheet"].cell(row, 2).value for row in range(1, 31)] == list(range(2, 62, 2))
    assert book["Sheet"]["A1"].comment.text == "nota"
