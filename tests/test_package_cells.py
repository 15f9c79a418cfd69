"""Cells as the sheet parts hold them; the fast and the careful reading agree on everything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.package_files import (
    HEAD,
    MAIN,
    RELS,
    STRICT,
    STRICT_RELS,
    parts_of,
    sheet_xml,
    workbook_of,
    zip_of,
)
from xl_perf.errors import WorkbookError
from xl_perf.formula.refs import column_letters, column_number
from xl_perf.package import Cell, Formula, Limits, Package
from xl_perf.package.refs import cell_name, parse_cell, parse_range, range_name
from xl_perf.package.scalars import Decoder, number_text, serial
from xl_perf.package.sheetdata import read_scanned
from xl_perf.package.sheetdata_slow import read_slow
from xl_perf.package.sheetscan import scan_sheet
from xl_perf.package.xmlpart import decode, escape, resolve_entities, unescape
from xl_perf.values import CellError

STRINGS = (
    f'{HEAD}<sst xmlns="{MAIN}" count="5" uniqueCount="5"><si><t>Torino</t></si>'
    '<si><t xml:space="preserve"> due </t></si>'
    "<si><r><t>Valle </t></r><r><rPr><b/></rPr><t>d&apos;Aosta</t></r>"
    '<rPh sb="0" eb="1"><t>no</t></rPh><phoneticPr fontId="1"/></si>'
    "<si/><si><t>_x000D_&amp;amp; _x005F_x0041_ &#232; &#x1F600;</t></si></sst>"
)

CELLS = {
    '<c r="A1"><v>1</v></c>': 1.0,
    '<c r="A1" s="3" t="n"><v>-0.5e3</v></c>': -500.0,
    '<c r="A1"/>': None,
    '<c r="A1" s="3"></c>': None,
    '<c r="A1"><v></v></c>': None,
    '<c r="A1"><v/></c>': None,
    '<c r="A1" t="s"><v>0</v></c>': "Torino",
    '<c r="A1" t="s"><v>1</v></c>': " due ",
    '<c r="A1" t="s"><v>2</v></c>': "Valle d'Aosta",
    '<c r="A1" t="s"><v>3</v></c>': "",
    '<c r="A1" t="s"><v>4</v></c>': "\r&amp; _x0041_ \u00e8 \U0001f600",
    '<c r="A1" t="str"><v>a &lt; b &#38;lt; c</v></c>': "a < b &lt; c",
    '<c r="A1" t="str"><v xml:space="preserve"> x </v></c>': " x ",
    '<c r="A1" t="str"><v></v></c>': "",
    '<c r="A1" t="str"><v/></c>': "",
    '<c r="A1" t="str"/>': None,
    '<c r="A1" t="str"><v>r\u00eagion \u20ac</v></c>': "r\u00eagion \u20ac",
    '<c r="A1" t="str"><v>a\r\nb\rc\nd</v></c>': "a\nb\nc\nd",
    '<c r="A1" t="str"><v>_xD83D__xDE00_ _xD83D_</v></c>': "\U0001f600 \ufffd",
    '<c r="A1" t="b"><v>1</v></c>': True,
    '<c r="A1" t="b"><v>false</v></c>': False,
    '<c r="A1" t="e"><v>#DIV/0!</v></c>': CellError.DIV0,
    '<c r="A1" t="e"><v>#N/A</v></c>': CellError.NA,
    '<c r="A1" t="e"><v>#FIELD!</v></c>': CellError("#FIELD!"),
    '<c r="A1" t="inlineStr"><is><t>ciao</t></is></c>': "ciao",
    '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>': " ",
    '<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><rPr><i/></rPr><t xml:space="preserve"> b</t></r></is></c>': "a b",
    '<c r="A1" t="inlineStr"><is><t/></is></c>': "",
    '<c r="A1" t="inlineStr"><is></is></c>': "",
    # 44468 is 29 September 2021 in Excel
    '<c r="A1" t="d"><v>2021-09-29</v></c>': 44468.0,
    '<c r="A1" t="d"><v>2021-09-29T12:00:00Z</v></c>': 44468.5,
    '<c r="A1" t="d"><v>T06:00:00</v></c>': 0.25,
}
ODD = {
    "comment": lambda xml: xml.replace("<sheetData>", "<!-- <c> --><sheetData><!-- </sheetData> -->"),
    "comment inside": lambda xml: xml.replace('<row r="1">', '<row r="1"><!-- <c r="A1"><v>9</v></c> -->'),
    "instruction": lambda xml: xml.replace("<sheetData>", "<?pi <sheetData> ?><sheetData>"),
    "cdata": lambda xml: xml.replace("<v>1</v>", "<v><![CDATA[1]]></v>"),
    "mark": lambda xml: "\ufeff" + xml,
    "utf-16": lambda xml: xml.replace("UTF-8", "UTF-16").encode("utf-16"),
    "utf-16 without mark": lambda xml: xml.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "utf-16 big": lambda xml: b"\xfe\xff" + xml.replace("UTF-8", "UTF-16").encode("utf-16-be"),
    "windows-1252": lambda xml: xml.replace("UTF-8", "windows-1252").encode("cp1252", "xmlcharrefreplace"),
    "strict": lambda xml: xml.replace(MAIN, STRICT),
    "spaces": lambda xml: xml.replace("><c ", ">\n  <c ").replace("</c></row>", "</c>\r\n </row>"),
    "single quotes": lambda xml: xml.replace('r="A1"', "r='A1'"),
    "no reference": lambda xml: xml.replace(' r="A1"', ""),
    "no row number": lambda xml: xml.replace('<row r="1">', "<row>"),
    "other attribute first": lambda xml: xml.replace('<c r="A1"', '<c ph="1" r="A1"'),
    "two blanks": lambda xml: xml.replace('<c r="A1"', '<c  r="A1"'),
    "extension": lambda xml: xml.replace("</c></row>", '<extLst><ext uri="{1}"/></extLst></c></row>'),
    "declared below": lambda xml: xml.replace("<sheetData>", f'<sheetData xmlns="{MAIN}">'),
    "foreign element": lambda xml: xml.replace('<row r="1">', '<row r="1"><x:c xmlns:x="urn:x" r="A1"><v>7</v></x:c>'),
    "sheetData elsewhere": lambda xml: xml.replace("</sheetData>", '</sheetData><x xmlns="urn:x"><sheetData/></x>'),
}  # fmt: skip


def _sheet(cell: str) -> str:
    return sheet_xml(f'<row r="1" spans="1:1" x14ac:dyDescent="0.25">{cell}</row>').replace(
        f'xmlns="{MAIN}"', f'xmlns="{MAIN}" xmlns:x14ac="urn:ac"'
    )


def _package(sheet: str | bytes, **options: object) -> Package:
    return Package(workbook_of(sheet, strings=STRINGS, **options))


def _both(sheet: str | bytes, strings: list[str] | None = None) -> list[Cell]:
    """The cells as read event by event; where the sheet can be scanned that gives the same in everything."""
    part = decode(sheet.encode() if isinstance(sheet, str) else sheet, "test")
    decoder = Decoder("test", strings or [], False, frozenset({1}))
    slow = read_slow(part, decoder, 10_000)
    scan = scan_sheet(part, decoder, 10_000)
    if scan is not None:
        fast = read_scanned(scan, decoder)
        assert fast.cells == slow.cells
        assert fast.starts == slow.starts
        assert fast.rows == slow.rows
        assert fast.inside == slow.inside
        places = range(len(fast.cells))
        assert [fast.spans(place) for place in places] == [slow.spans(place) for place in places]
    return slow.cells


SCANNED = (
    '<row r="1"><c r="A1" s="3"/><c r="B1"><v>1.5</v></c><c r="C1" t="b"><v>1</v></c></row><row r="2" ht="20">'
    '<c r="A2" s="1"><f>B1*2</f><v>3</v></c><c r="B2" t="str"><f>A2&amp;"x"</f><v xml:space="preserve"> x</v></c>'
    '<c r="C2" t="inlineStr"><is><t>A &amp; c</t></is></c><c r="D2" t="s"><v>0</v></c></row>'
    '<row r="3"/><row r="4"><c r="A4" t="n"></c></row><row r="5"></row><row r="6"><c r="B6" t="e"><v>#N/A</v></c>'
    '<c r="C6" cm="1"><f t="array" ref="C6">A1/2</f><v/></c><c r="D6" vm="1"><f si="0" t="shared"/></c></row>'
)


def test_a_scanned_sheet_is_read_as_event_by_event() -> None:
    part, decoder = decode(sheet_xml(SCANNED).encode(), "test"), Decoder("test", ["t"], False, frozenset())
    assert scan_sheet(part, decoder, 100) is not None
    assert len(_both(sheet_xml(SCANNED), ["t"])) == 11


@pytest.mark.parametrize("cell", CELLS)
def test_values(cell: str) -> None:
    expected = CELLS[cell]
    found = _package(_sheet(cell)).cells("Foglio1")
    assert found == [Cell(1, 1, expected, None, 3 if 's="3"' in cell else 0)]
    assert type(found[0].value) is type(expected)
    _both(_sheet(cell), ["Torino", " due ", "Valle d'Aosta", "", "\r&amp; _x0041_ \u00e8 \U0001f600"])


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("cell", CELLS)
def test_values_in_odd_forms(odd: str, cell: str) -> None:
    found = _package(ODD[odd](_sheet(cell))).cells("Foglio1")
    assert [(item.row, item.column, item.value) for item in found] == [(1, 1, CELLS[cell])]


def test_prefixed_part() -> None:
    xml = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" t="inlineStr"><x:is><x:t>a</x:t></x:is>'
        '</x:c><x:c r="C2"><x:f>B2&amp;"b"</x:f><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    found = _package(xml).cells("Foglio1")
    assert found == [Cell(2, 2, "a"), Cell(2, 3, 3.0, Formula('B2&"b"'))]


def test_second_prefix_for_the_main_namespace() -> None:
    xml = _sheet('<c r="A1" t="inlineStr"><is><x:t>a</x:t></is></c>').replace(
        " xmlns=", f' xmlns:x="{MAIN}" xmlns='
    )
    assert _package(xml).cells("Foglio1")[0].value == "a"


def test_instruction_inside_a_string() -> None:
    xml = _sheet('<c r="A1" t="inlineStr"><is><?x <t>no</t> ?><t>a</t></is></c>')
    assert _package(xml).cells("Foglio1")[0].value == "a"


def test_strict_workbook_with_absolute_targets() -> None:
    sheet = sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>').replace(MAIN, STRICT)
    strings = f'{HEAD}<s:sst xmlns:s="{STRICT}"><s:si><s:t>x</s:t></s:si></s:sst>'
    parts = parts_of(sheet, strings=strings, main=STRICT, doc_rels=STRICT_RELS)
    rels = str(parts["xl/_rels/workbook.xml.rels"]).replace("worksheets/", "/xl/chartsheets/../worksheets/")
    package = Package(zip_of({**parts, "xl/_rels/workbook.xml.rels": rels}))
    assert package.cells("foglio1") == [Cell(1, 1, "x")]


FORMULAS = {
    "<f>SUM(A1:A3)</f>": Formula("SUM(A1:A3)"),
    "<f>A1&amp;&quot;&lt;&quot;</f>": Formula('A1&"<"'),
    '<f ca="1">NOW()</f>': Formula("NOW()", always=True),
    '<f t="shared" ref="A1:A9" si="0">B1*2</f>': Formula("B1*2", "shared", "A1:A9", 0),
    '<f t="shared" si="12"/>': Formula("", "shared", None, 12),
    '<f t="shared" si="12"></f>': Formula("", "shared", None, 12),
    '<f t="array" ref="A1:B2">TRANSPOSE(D1:E2)</f>': Formula("TRANSPOSE(D1:E2)", "array", "A1:B2"),
    '<f t="dataTable" ref="A1:A2" dt2D="1" dtr="1" r1="B1" r2="B2"/>': Formula("", "dataTable", "A1:A2"),
    "<f/>": Formula(""),
}


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("value", ["", "<v>4</v>", "<v/>", "\n <v>4</v>\n"])
def test_formulas(formula: str, value: str) -> None:
    cell = f'<c r="A1" s="2">{formula}{value}</c>'
    assert _both(_sheet(cell)) == [Cell(1, 1, 4.0 if "4" in value else None, FORMULAS[formula], 2)]


def test_cell_metadata() -> None:
    cells = (
        '<c r="A1" cm="1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c><c r="C1" cm="2"><f>1</f></c>'
        '<c r="D1" t="e" vm="1"><v>#VALUE!</v></c>'
    )
    first, second, third = _both(_sheet(cells))
    assert first.formula is not None
    assert first.formula.dynamic
    assert second.formula is not None
    assert not second.formula.dynamic
    assert (first.rich, third.rich) == (False, True)


def test_dynamic_records_come_from_the_metadata_part() -> None:
    metadata = (
        f'{HEAD}<metadata xmlns="{MAIN}"><metadataTypes count="2"><metadataType name="XLRICHVALUE"/>'
        '<metadataType name="XLDAPR"/></metadataTypes><cellMetadata count="2"><bk><rc t="1" v="0"/></bk>'
        '<bk><rc t="2" v="0"/></bk></cellMetadata></metadata>'
    )
    sheet = _sheet('<c r="A1" cm="1"><f>1</f></c><c r="B1" cm="2"><f>1</f></c>')
    rel = f'<Relationship Id="m" Type="{RELS}/sheetMetadata" Target="metadata.xml"/>'
    found = _package(sheet, rels=rel, extra={"xl/metadata.xml": metadata}).cells("Foglio1")
    assert [cell.formula.dynamic for cell in found if cell.formula] == [False, True]


BAD = {
    '<c r="A1"><v>uno</v></c>': "Foglio1!A1: the stored value cannot be read",
    '<c r="A1"><v>1_0</v></c>': "cannot be read",
    '<c r="A1"><v>nan</v></c>': "cannot be read",
    '<c r="A1"><v>1e999</v></c>': "cannot be read",
    '<c r="A1" t="s"><v>5</v></c>': "shared string 5 of 5",
    '<c r="A1" t="s"><v>-1</v></c>': "shared string -1",
    '<c r="A1" t="b"><v>2</v></c>': "cannot be read",
    '<c r="A1" t="d"><v>ieri</v></c>': "cannot be read",
    '<c r="A1" t="x"><v>1</v></c>': "unknown cell type",
    '<c r="A1" s="-1"><v>1</v></c>': "expected a number",
    '<c r="XFE1"><v>1</v></c>': "grid",
    '<c r="A1048577"><v>1</v></c>': "grid",
    '<c r="A0"><v>1</v></c>': "not a cell",
    '<c r=""><v>1</v></c>': "not a cell",
    '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>': "A1: the cell is stored twice",
    '<c r="A1"><v>1</v><v>2</v></c>': "two v elements",
}


@pytest.mark.parametrize("cell", BAD)
@pytest.mark.parametrize("comment", ["", "<!-- -->"])
def test_bad_cells_are_named(cell: str, comment: str) -> None:
    with pytest.raises(WorkbookError) as caught:
        _package(_sheet(cell).replace("<sheetData>", f"{comment}<sheetData>")).cells("Foglio1")
    assert BAD[cell] in str(caught.value)


def test_limit_of_cells() -> None:
    sheet = _sheet('<c r="A1"/><c r="B1"/><c r="C1"/>')
    for xml in (sheet, sheet.replace("<sheetData>", "<!-- --><sheetData>")):
        with pytest.raises(WorkbookError, match="too many cells"):
            Package(workbook_of(xml), limits=Limits(cells=2)).cells("Foglio1")


@pytest.mark.parametrize(
    "content", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>", "<sheetData>\n</sheetData>"]
)
def test_empty_sheets(content: str) -> None:
    assert _package(f'<worksheet xmlns="{MAIN}">{content}</worksheet>').cells("Foglio1") == []


def test_sheet_without_cells_element() -> None:
    with pytest.raises(WorkbookError, match="no sheetData"):
        _package(f'<worksheet xmlns="{MAIN}"/>').cells("Foglio1")


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
_VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(lambda x: ("", f"<v>{number_text(x)}</v>")),
    _TEXT.map(lambda x: (' t="str"', f"<v>{escape(x).decode()}</v>")),
    _TEXT.map(lambda x: (' t="inlineStr"', f'<is><t xml:space="preserve">{escape(x).decode()}</t></is>')),
    st.booleans().map(lambda x: (' t="b"', f"<v>{x:d}</v>")),
    st.just(("", "")),
)
_FORMULA = st.sampled_from(["", *FORMULAS])


@given(
    st.dictionaries(
        st.tuples(st.integers(1, 9), st.integers(1, 60)), st.tuples(_VALUES, _FORMULA), max_size=20
    )
)
def test_both_readings_agree(content: dict[tuple[int, int], tuple[tuple[str, str], str]]) -> None:
    rows = ""
    for number in sorted({row for row, _ in content}):
        cells = ""
        for (row, column), ((kind, value), formula) in sorted(content.items()):
            if row == number:
                cells += f'<c r="{cell_name((row, column))}" s="1"{kind}>{formula}{value}</c>'
        rows += f'<row r="{number}">{cells}</row>'
    found = _both(sheet_xml(rows))
    assert [(cell.row, cell.column) for cell in found] == sorted(content)


@given(st.text(max_size=30))
def test_texts_survive_escaping(text: str) -> None:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert unescape(resolve_entities(escape(whole))) == whole


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_writing(number: float) -> None:
    assert float(number_text(number)) == number


def test_number_texts() -> None:
    assert [number_text(x) for x in (15, 15.0, 0.1, -0.0, 1e20, 1e-7)] == [
        "15",
        "15",
        "0.1",
        "0",
        "1e+20",
        "1e-07",
    ]


def test_serial_numbers() -> None:
    # Excel: 1 March 1900 is 61, 1 January 1900 is 1; with the 1904 calendar 2 January 1904 is 1
    assert [serial(text, False) for text in ("1900-03-01", "1900-01-01")] == [61, 1]
    assert serial("1904-01-02", True) == 1
    # Excel 16 saving 0, 0, 1 and 2 days as Strict Open XML
    assert [serial(text, False) for text in ("1899-12-30", "1899-12-31", "PT24H0M0.000S", "P1DT24H")] == [
        0,
        0,
        1,
        2,
    ]
    assert serial("PT1H30M36S", False) == (1.5 + 36 / 3600) / 24


def test_references() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_number(column_letters(n)) == n for n in range(1, 16385))
    assert parse_cell("$B$7") == (7, 2)
    assert parse_range("C5:A1") == (1, 1, 5, 3)
    assert range_name((1, 1, 5, 3)) == "A1:C5"
    assert range_name((2, 2, 2, 2)) == "B2"
    for bad in ("", "A", "7", "A0", "XFE1", "A1048577", "AAAA1", "A1:B2"):
        with pytest.raises(WorkbookError, match="not a cell"):
            parse_cell(bad)


WORKBOOK = (
    '<workbookPr date1904="1"/><definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0" '
    'hidden="1">Foglio1!$1:$1</definedName><definedName '
    'name="base">Foglio1!$A$1&amp;""</definedName></definedNames><calcPr calcId="191029" '
    'fullCalcOnLoad="1" iterate="true"/>'
)
TABLE = (
    f'{HEAD}<table xmlns="{MAIN}" id="1" name="t" displayName="tblProva" ref="B2:D9" totalsRowCount="1">'
    '<tableColumns count="3"><tableColumn id="1" name="Struttura"/><tableColumn id="2" name="a_x000a_b"/>'
    '<tableColumn id="3" name="&quot;c&quot;"/></tableColumns></table>'
)


def test_workbook_properties() -> None:
    rels = (
        f'{HEAD}<Relationships xmlns="urn:x"><Relationship Id="r1" Type="{RELS}/table" '
        f'Target="../tables/table1.xml"/><Relationship Id="r2" Type="{RELS}/hyperlink" '
        'Target="https://example.org/" TargetMode="External"/></Relationships>'
    )
    app = f'{HEAD}<Properties xmlns="urn:p"><Application>Microsoft Excel</Application></Properties>'
    extra = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/tables/table1.xml": TABLE,
        "docProps/app.xml": app,
    }
    parts = parts_of(_sheet(""), strings=STRINGS, names=("Foglio &amp; 1",), workbook=WORKBOOK, extra=extra)
    parts["_rels/.rels"] = str(parts["_rels/.rels"]).replace(
        "</Rel", f'<Relationship Id="a" Type="{RELS}/extended-properties" Target="docProps/app.xml"/></Rel'
    )
    package = Package(zip_of(parts))
    assert [(sheet.name, sheet.kind, sheet.part) for sheet in package.sheets] == [
        ("Foglio & 1", "worksheet", "xl/worksheets/sheet1.xml")
    ]
    assert package.date1904
    assert package.application == "Microsoft Excel"
    link = package.relationships("xl/worksheets/sheet1.xml")["r2"]
    assert (link.kind, link.target, link.external) == ("hyperlink", "https://example.org/", True)
    properties = package.calc_properties
    assert (properties.calc_id, properties.full_on_load, properties.iterate) == (191029, True, True)
    first, second = package.defined_names
    assert (first.name, first.scope, first.hidden) == ("_xlnm.Print_Titles", 0, True)
    assert (second.text, second.scope) == ('Foglio1!$A$1&""', None)
    table = package.table("TBLPROVA")
    assert (table.name, table.sheet, table.ref, table.columns, table.totals_rows) == (
        "tblProva", "Foglio & 1", (2, 2, 9, 4), ("Struttura", "a\nb", '"c"'), 1
    )  # fmt: skip
    with pytest.raises(WorkbookError, match="tblProva"):
        package.table("tblAltra")
    with pytest.raises(WorkbookError, match="Foglio & 1"):
        package.cells("Foglio2")


def test_sheets_without_cells() -> None:
    parts = parts_of(
        _sheet('<c r="A1"><v>1</v></c>'), _sheet(""), _sheet(""), names=("Dati", "Modulo", "Dialogo")
    )
    book = str(parts["xl/workbook.xml"]).replace('sheetId="2" r:id="rId2"', 'sheetId="2" state="veryHidden"')
    rels = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/workbook.xml"] = book
    parts["xl/_rels/workbook.xml.rels"] = rels.replace(
        'worksheet" Target="worksheets/sheet3', 'dialogsheet" Target="worksheets/sheet3'
    )
    package = Package(zip_of(parts))
    assert [(sheet.kind, sheet.state) for sheet in package.sheets] == [
        ("worksheet", "visible"), ("other", "veryHidden"), ("dialogsheet", "visible")
    ]  # fmt: skip
    assert [package.cells(sheet.name) for sheet in package.sheets] == [[Cell(1, 1, 1.0)], [], []]
    with pytest.raises(WorkbookError, match="has no cells"):
        package.patch({"Modulo": {(1, 1): 1}}, insert=True)


def test_macro_sheet() -> None:
    xml = (
        f'<xm:macrosheet xmlns="{MAIN}" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><sheetData>'
        '<row r="1"><c r="A1" s=""><f>RETURN()</f><v>1</v></c></row></sheetData></xm:macrosheet>'
    )
    assert _package(xml).cells("Foglio1") == [Cell(1, 1, 1.0, Formula("RETURN()"))]


def test_defaults_of_a_bare_workbook() -> None:
    package = Package(workbook_of(sheet_xml("")))
    assert (package.date1904, package.defined_names, package.tables, package.shared_strings) == (
        False,
        (),
        (),
        [],
    )
    assert (package.calc_properties.calc_id, package.calc_properties.full_on_load) == (None, False)


def test_missing_sheet_part_and_two_sheets_of_a_name() -> None:
    parts = parts_of(_sheet(""), _sheet(""))
    del parts["xl/worksheets/sheet2.xml"]
    with pytest.raises(WorkbookError, match=r"sheet Foglio2: the part of the sheet is missing"):
        _ = Package(zip_of(parts)).sheets
    with pytest.raises(WorkbookError, match="two sheets"):
        _ = Package(workbook_of(_sheet(""), _sheet(""), names=("a", "A"))).sheets
