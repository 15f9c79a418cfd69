"""Values of whole workbooks: every kind of cell, reference and function call, worked by hand."""

from __future__ import annotations

import math

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

from tests.package_files import sheet_xml, workbook_of, zip_of
from tests.recalc_books import add_table, book, calculated, one, package_of, reasons_of, values_of
from xl_perf.package import Package
from xl_perf.recalc import recalculate_package
from xl_perf.values import CellError

# The score of giacenza 30 against 40, lower is better: d = (40 - 30)/40 = 0.25, score 100 * 1.25 = 125.


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3", 7.0),
        ("=-2^2", 4.0),  # Excel: (-2)^2
        ("=2^3^2", 64.0),
        ('="a"&"b"', "ab"),
        ('=""', ""),
        ("=A1>A2", False),
        ("=A9", 0.0),
        ("=A9&A9", ""),
        ("=1/0", CellError.DIV0),
        ("=NA()", CellError.NA),
        ("=#REF!", CellError.REF),
        ("=A5", CellError.NUM),
        ("=DATE(2021,3,24)", 44279.0),
        ('=IF(A3="testo",1,2)', 1.0),
        ("=SUM(A1:A2)*A4", 30.0),  # TRUE counts as 1 in an operation
        ("=SUM(A1:A4)", 30.0),  # text and truth values in ranges do not
        ("=COUNT(A1:A4)", 2.0),
        ("=AVERAGE(A:A)", CellError.NUM),
        ("=VLOOKUP(20,A1:B2,2,FALSE)", "due"),
        ("=INDEX(B1:B2,MATCH(10,A1:A2,0))", "uno"),
        ('=SUMPRODUCT(A1:A2*(B1:B2="due"))', 20.0),
        ('=SUMIF(B1:B2,"u*",A1:A2)', 10.0),
        ('=IFERROR(1/0,"-")', "-"),
        ("=OFFSET(A1,1,0)", 20.0),
        ('=INDIRECT("A2")', 20.0),
        ("='Foglio'!A1+Foglio!A2", 30.0),
    ],
)  # fmt: skip
def test_formula(formula: str, value: object):
    cells = {"A1": 10, "A2": 20, "A3": "testo", "A4": True, "A5": CellError.NUM, "B1": "uno", "B2": "due"}
    found = one(formula, **cells)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "call",
    [
        "PERF_SCORE(30,40,-1)",
        "perf_score(30,40,-1)",
        "_xludf.PERF_SCORE(30,40,-1)",
        "_xll.PERF_SCORE(30,40,-1)",
        "_xldudf_XLPERF_PERF_SCORE(30,40,-1)",
        "XLPERF.PERF_SCORE(30,40,-1)",
        "[1]!PERF_SCORE(30,40,-1)",
        "[2]!_xldudf_XLPERF_PERF_SCORE(30,40,-1)",
        r"'C:\Piano 2021\perf.xlam'!PERF_SCORE(30,40,-1)",
        "PERF_SCORE(30,40,-1,)",
        "100*(1+PERF_SCOSTAMENTO(30,40,-1,))",
    ],
)
def test_our_functions_under_every_spelling(call: str):
    assert one(f"={call}") == 125.0


def test_omitted_arguments_are_defaults_and_not_zero():
    assert one("=PERF_SCORE(50,40,,0.5)") == 125.0  # verso left out: higher is better, 50/40 - 1 = 0.25
    assert one("=PERF_SCORE(50,40,)") == 125.0
    assert one("=GIACENZA_INDEX(10,100,)") == 36.0  # base left out: 360


def test_what_our_functions_are_given():
    cells = {"A1": CellError.NA, "A2": "12,5", "A3": True}
    assert one("=PERF_SCORE(A1,40)", **cells) == CellError.NA
    assert one("=PERF_SCORE(A2,40)", **cells) == CellError.VALUE
    assert one("=PERF_SCORE(A3,40)", **cells) == CellError.VALUE
    assert one("=PERF_SCORE(A9,40)", **cells) == ""
    assert one("=PERF_SCORE(40,A9)", **cells) == CellError.NA
    assert one("=PERF_SCORE(40,0)", **cells) == CellError.DIV0


def test_ranges_in_our_functions():
    cells = {"A1": 120, "A2": 90, "B1": 0.5, "B2": 0.5}
    assert one("=PERF_SINTESI(A1:A2,B1:B2)", **cells) == 105.0  # (120 + 90) / 2
    assert one("=PERF_SCORE(A1:A2,100)", **cells) == 120.0  # an ordinary cell shows the first element


def test_chains_of_cells_and_sheets():
    found = calculated(
        {"A1": "=Dati!A3+1", "A2": "=A1*2", "A3": "=SUM(Dati!A:A)"}, Dati={"A1": 1, "A2": 2, "A3": "=A1+A2"}
    )
    assert found == {"A1": 4.0, "A2": 8.0, "A3": 6.0}


def test_tables_and_names():
    workbook = book(
        {"A1": "Sede", "B1": "Consuntivo", "C1": "Obiettivo", "D1": "Punti", "A2": "Torino", "B2": 30, "C2": 40,
         "A3": "Asti", "B3": 50, "C3": 40, "A4": "Totale", "B4": "=SUBTOTAL(109,Sedi[Consuntivo])",
         "D2": "=PERF_SCORE(Sedi[[#This Row],[Consuntivo]],Sedi[[#This Row],[Obiettivo]],-1)",
         "D3": "=PERF_SCORE(Sedi[[#This Row],[Consuntivo]],Sedi[[#This Row],[Obiettivo]],-1)",
         "F1": "=SUM(Sedi[Consuntivo])", "F2": "=Media", "F3": "=Punti_Torino", "F4": "=Sedi[[#Headers],[Punti]]",
         "F5": "=Sedi[[#Totals],[Consuntivo]]"},
    )  # fmt: skip
    add_table(workbook.active, "Sedi", "A1:D4", ["Sede", "Consuntivo", "Obiettivo", "Punti"], totals=1)
    names = workbook.defined_names
    names["Media"] = DefinedName("Media", attr_text="AVERAGE(Sedi[Consuntivo])")
    names["Punti_Torino"] = DefinedName("Punti_Torino", attr_text="PERF_SCORE(Foglio!$B$2,Foglio!$C$2,-1)")
    found = values_of(recalculate_package(package_of(workbook)))
    assert found == {
        "D2": 125.0, "D3": 75.0, "B4": 80.0, "F1": 80.0, "F2": 40.0, "F3": 125.0, "F4": "Punti", "F5": 80.0,
    }  # fmt: skip


def test_arrays_fill_their_range_as_excel_does():
    workbook = book({"A1": 1, "A2": 2, "A3": 3, "B1": 10, "B2": 20, "B3": 30})
    sheet = workbook.active
    sheet["D1"] = ArrayFormula("D1:D3", "=A1:A3*B1:B3")
    sheet["E1"] = ArrayFormula("E1:E4", "=A1:A3*2")  # longer than the result: #N/A
    sheet["F1"] = ArrayFormula("F1:F2", "=A1:A3*2")  # shorter: cut
    sheet["G1"] = ArrayFormula("G1:H2", "=SUM(A1:A3*B1:B3)")  # one value: repeated
    sheet["I1"] = ArrayFormula("I1:J3", "=A1:A3")  # one column: repeated
    sheet["K1"] = ArrayFormula("K1", "=SUM(IF(A1:A3>1,B1:B3))")
    sheet["L1"] = "=SUM(D1:D3)+G2"
    sheet["M1"] = ArrayFormula("M1:O4", "=CONTROLLO_PROCESSO_DETTAGLIO(100,95,3,2,4,3)")
    found = values_of(recalculate_package(package_of(workbook)))
    assert [found[f"D{row}"] for row in (1, 2, 3)] == [10.0, 40.0, 90.0]
    assert [found[f"E{row}"] for row in (1, 2, 3, 4)] == [2.0, 4.0, 6.0, CellError.NA]
    assert [found[f"F{row}"] for row in (1, 2)] == [2.0, 4.0]
    assert "F3" not in found
    assert {found[cell] for cell in ("G1", "G2", "H1", "H2")} == {140.0}
    assert [found[cell] for cell in ("I2", "J2", "J3")] == [2.0, 2.0, 3.0]
    assert found["K1"] == 50.0
    assert found["L1"] == 280.0
    # 95/100 = 95% -> band 3, 5 points; ratio 2 is (3+4)*(5+4)/95^2 = 0.698% -> 0.70%, band 4 of the falling bands, 6
    # points; 5/(4+5) = 55.56% -> band 1, 0 points; 3/5 = 60% -> band 2, 2 points
    assert [found[cell] for cell in ("M1", "N1", "O1")] == [0.95, 3.0, 5.0]
    assert [found[cell] for cell in ("M3", "N3", "O3")] == [0.5556, 1.0, 0.0]
    assert [found[cell] for cell in ("M4", "N4", "O4")] == [0.6, 2.0, 2.0]


def test_arrays_by_position_are_not_moved():
    workbook = book({})
    workbook.active["D5"] = ArrayFormula("D5:D6", "=ROW()")
    found = recalculate_package(package_of(workbook))
    assert reasons_of(found) == {"D5": "ROW() in an array formula"}


def test_a_large_array_spills_in_place():
    cells = {f"A{row}": row for row in range(1, 301)}
    workbook = book(cells)
    workbook.active["C1"] = ArrayFormula("C1:C300", "=A1:A300*2")
    workbook.active["D1"] = "=SUM(C:C)"
    found = values_of(recalculate_package(package_of(workbook)))
    assert found["C300"] == 600.0
    assert found["D1"] == 300 * 301


SHARED = """<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" si="0"/><v>0</v></c></row>
<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" ref="B1:B4" si="0">A2*$A$1+SUM(A$1:A2)</f><v>0</v></c></row>
<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>0</v></c></row>
<row r="4"><c r="A4"><v>4</v></c><c r="B4"><f>A4*100</f><v>0</v></c><c r="C4"><f t="shared" si="7"/><v>9</v></c></row>"""


def test_shared_formulas_with_any_first_cell():
    package = Package(workbook_of(sheet_xml(SHARED), names=("Foglio",)))
    found = recalculate_package(package)
    # B1 = 1*1 + 1, B2 = 2*1 + 3, B3 = 3*1 + 6
    assert values_of(found) == {"B1": 2.0, "B2": 5.0, "B3": 9.0, "B4": 400.0}
    assert reasons_of(found) == {"C4": "shared formula without its first cell"}


DYNAMIC = """<row r="1"><c r="A1"><v>1</v></c><c r="C1" cm="1"><f t="array" ref="C1:C2">A1:A3*2</f><v>0</v></c></row>
<row r="2"><c r="A2"><v>2</v></c><c r="C2"><v>0</v></c></row>
<row r="3"><c r="A3"><v>3</v></c><c r="D3"><f>SUM(_xlfn.ANCHORARRAY(C1))</f><v>0</v></c></row>"""
METADATA = """<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><metadataTypes count="1">
<metadataType name="XLDAPR" minSupportedVersion="120000"/></metadataTypes><cellMetadata count="1"><bk><rc t="1" v="0"/></bk>
</cellMetadata></metadata>"""
METADATA_RELATION = (
    '<Relationship Id="rIdM" Target="metadata.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"/>'
)


def dynamic(rows: str) -> Package:
    extra = {"xl/metadata.xml": METADATA}
    return Package(workbook_of(sheet_xml(rows), names=("Foglio",), extra=extra, rels=METADATA_RELATION))


def test_dynamic_arrays_spill_and_grow():
    package = dynamic(DYNAMIC)
    found = recalculate_package(package)
    assert values_of(found) == {"C1": 2.0, "C2": 4.0, "C3": 6.0, "D3": 12.0}
    assert found.spill == {"Foglio": {(1, 3): "C1:C3"}}
    again = Package(package.patch(found.changes, spill=found.spill))
    second = recalculate_package(again)
    assert not second.changed
    assert not second.spill


def test_spilled_ranges_of_cells_that_do_not_spill():
    """Excel: #REF! for a constant or an ordinary formula, the whole range of a legacy array formula."""
    rows = (
        DYNAMIC
        + """<row r="4"><c r="C4"><f t="array" ref="C4:C5">7</f><v>0</v></c>
<c r="D4"><f>SUM(_xlfn.ANCHORARRAY(C4))</f><v>0</v></c><c r="E4"><f>SUM(_xlfn.ANCHORARRAY(A1))</f><v>0</v></c></row>
<row r="5"><c r="C5"><v>0</v></c></row>"""
    )
    found = recalculate_package(dynamic(rows), office=False)
    assert values_of(found) == {"C1": 2.0, "C2": 4.0, "C3": 6.0, "D3": 12.0, "C4": 7.0, "C5": 7.0}
    reason = "reference to a spilled range of a cell that does not spill"
    assert reasons_of(found) == {"D4": reason, "E4": reason}


def test_dynamic_arrays_shrink_and_leave_nothing():
    package = dynamic(DYNAMIC.replace("A1:A3*2", "A1*2"))
    found = recalculate_package(package)
    assert values_of(found) == {"C1": 2.0, "C2": None, "D3": 2.0}
    assert found.spill == {"Foglio": {(1, 3): "C1"}}


def test_blocked_spill():
    rows = DYNAMIC.replace('<c r="A3"><v>3</v></c>', '<c r="A3"><v>3</v></c><c r="C3"><v>7</v></c>')
    found = recalculate_package(dynamic(rows))
    assert values_of(found)["C1"] == CellError.SPILL


def test_dates_of_1904():
    rows = '<row r="1"><c r="A1"><v>42369</v></c><c r="B1"><f>YEAR(A1)</f></c><c r="C1"><f>DATE(2020,1,1)</f></c></row>'
    package = Package(workbook_of(sheet_xml(rows), names=("Foglio",)))
    assert values_of(recalculate_package(_with_1904(package))) == {"B1": 2020.0, "C1": 42369.0}
    assert values_of(recalculate_package(package)) == {"B1": 2015.0, "C1": 43831.0}


def _with_1904(package: Package) -> Package:
    parts = {name: package.read(name) for name in package.parts}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<sheets>", b'<workbookPr date1904="1"/><sheets>'
    )
    return Package(zip_of(parts))


def test_unknown_function_and_all_that_follows_is_kept():
    cells = {"A1": "=NOSUCH(1)", "A2": "=A1+1", "A3": "=SUM(A1:A2)", "A4": "=1+1", "B1": "=SUM(A:A)"}
    stored = {"Foglio": {"A1": 5.0, "A2": 6.0, "A3": 11.0, "B1": 24.0}}
    found = recalculate_package(package_of(book(cells), stored))
    assert values_of(found) == {"A4": 2.0}
    assert reasons_of(found) == {
        "A1": "function not known: NOSUCH",
        "A2": "depends on Foglio!A1, which keeps its value",
        "A3": "depends on Foglio!A1, which keeps its value",
        "B1": "depends on Foglio!A1, which keeps its value",
    }
    assert found.unknown_functions == {"NOSUCH": 1}


def test_circles_are_kept_and_branches_not_taken_are_none():
    found = recalculate_package(
        package_of(book({"A1": "=A2+1", "A2": "=A1+1", "A3": "=A1*2", "A4": "=IF(TRUE,7,A4)"}))
    )
    assert reasons_of(found)["A1"] == "circular reference"
    assert reasons_of(found)["A2"] == "circular reference"
    assert "A3" in reasons_of(found)
    assert values_of(found) == {"A4": 7.0}


def test_random_numbers_stay_and_are_calculated_from():
    cells = {"A1": "=RAND()", "A2": "=A1*2"}
    found = recalculate_package(package_of(book(cells), {"Foglio": {"A1": 0.25}}))
    assert values_of(found) == {"A2": 0.5}
    assert reasons_of(found) == {"A1": "RAND gives another value each time"}


def test_the_clock_never_makes_a_file_stale():
    found = recalculate_package(package_of(book({"A1": "=TODAY()", "A2": "=A1+1", "A3": "=1+1"})))
    assert values_of(found)["A2"] == values_of(found)["A1"] + 1
    assert [change.cell for change in found.stale] == ["A3"]


def test_an_error_in_the_last_cell_of_a_range_explains_that_of_its_sum():
    # more cells in the ranges than there are errors on the sheet, and fewer
    cells = {
        "A1": 1,
        "A30": "=1/A99",
        "B1": "=SUM(A1:A30)",
        "C1": "=SUM(A29:A30)",
        "Z4": "=1/A99",
        "F1": "=SUM(D4:Z4)",
    }
    found = recalculate_package(package_of(book(cells)), office=False)
    assert not reasons_of(found)
    assert values_of(found) == dict.fromkeys(("A30", "B1", "C1", "Z4", "F1"), CellError.DIV0)


def test_new_errors_are_listed_and_old_ones_are_not():
    cells = {"A1": "=1/0", "A2": "=NA()", "A3": "=1+1"}
    found = recalculate_package(package_of(book(cells), {"Foglio": {"A1": 3.0, "A2": CellError.NA}}))
    assert [(error.cell, error.error) for error in found.errors] == [("A1", CellError.DIV0)]


def test_values_that_are_stored_already_are_no_changes():
    cells = {"A1": "=1/3", "A2": '="x"', "A3": "=1=1", "A4": "=1/0", "A5": "=2+2"}
    stored = {"A1": 1 / 3, "A2": "x", "A3": True, "A4": CellError.DIV0, "A5": 4.0}
    assert not recalculate_package(package_of(book(cells), {"Foglio": stored})).changed
    almost = stored | {"A1": math.nextafter(1 / 3, 1)}
    assert values_of(recalculate_package(package_of(book(cells), {"Foglio": almost}))) == {"A1": 1 / 3}


def test_texts_of_every_kind_pass_through():
    texts = {
        "A1": " spazi  ",
        "A2": "riga\nriga",
        "A3": "<&>'\"",
        "A4": "perché €",
        "A5": "'",
    }
    found = calculated(texts | {f"B{row}": f"=A{row}" for row in range(1, 6)})
    assert [found[f"B{row}"] for row in range(1, 6)] == list(texts.values())


def test_control_characters_survive_the_copy():
    rows = (
        '<row r="1"><c r="A1" t="str"><v>a_x0001_b_x005F_x0041_</v></c><c r="B1"><f>A1&amp;"!"</f></c></row>'
    )
    found = recalculate_package(Package(workbook_of(sheet_xml(rows), names=("Foglio",))))
    assert values_of(found) == {"B1": "a\x01b_x0041_!"}


def test_formulas_on_odd_sheets():
    found = calculated(
        {"A1": "='L''anno 2021'!A1+'1'!A1", "A2": "=SUM('1:L''anno 2021'!A1)"},
        **{"1": {"A1": 1}, "Mezzo": {"A1": 10}, "L'anno 2021": {"A1": 100}},
    )
    assert found == {"A1": 101.0, "A2": 111.0}


def test_cells_far_apart():
    found = calculated({"A1": "=XFD1048576+1", "XFD1048576": "=1+1", "A1048576": "=A1", "XFD1": "=A1"})
    assert found == {"A1": 3.0, "XFD1048576": 2.0, "A1048576": 3.0, "XFD1": 3.0}


def test_formulas_that_cannot_be_read_stop_nothing():
    rows = (
        '<row r="1"><c r="A1"><f>1+</f><v>1</v></c><c r="B1"><f>SUM(</f><v>2</v></c><c r="C1"><f>1+1</f></c>'
        '<c r="D1"><f></f><v>4</v></c><c r="E1"><f>A1</f><v>5</v></c></row>'
    )
    found = recalculate_package(Package(workbook_of(sheet_xml(rows), names=("Foglio",))))
    assert values_of(found) == {"C1": 2.0}
    assert set(reasons_of(found)) == {"A1", "B1", "E1"}  # D1 is no formula


def test_overrides_are_calculated_from_and_are_no_changes():
    package = package_of(book({"A1": 1, "A2": "=A1*2", "A3": "=A2+1", "B1": "=B2"}))
    found = recalculate_package(package, overrides={"foglio": {(1, 1): 10.0, (2, 2): 7.0}})
    assert values_of(found) == {"A2": 20.0, "A3": 21.0, "B1": 7.0}
    typed_over = recalculate_package(package, overrides={"Foglio": {(2, 1): 100.0}})
    assert values_of(typed_over) == {"A3": 101.0, "B1": 0.0}


def test_a_function_that_raises_is_reported_and_its_cell_kept(monkeypatch: pytest.MonkeyPatch):
    import xl_perf.cells

    def broken(function: object, arguments: object) -> object:
        raise RuntimeError("rotto")

    monkeypatch.setattr(xl_perf.cells, "call", broken)
    monkeypatch.setattr(xl_perf.cells, "quick", lambda _function: None)
    package = package_of(
        book({"A1": "=PERF_SCORE(30,40)", "A2": "=A1+1"}), {"Foglio": {"A1": 3.0, "A2": 4.0}}
    )
    found = recalculate_package(package)
    assert not found.changed
    assert found.faults == ("PERF_SCORE: RuntimeError: rotto",)
    assert reasons_of(found)["A1"] == "PERF_SCORE failed: RuntimeError: rotto"
    assert reasons_of(found)["A2"] == "depends on Foglio!A1, which keeps its value"


def test_interruption_inside_a_function_is_not_swallowed(monkeypatch: pytest.MonkeyPatch):
    import xl_perf.cells

    def interrupted(function: object, arguments: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(xl_perf.cells, "call", interrupted)
    monkeypatch.setattr(xl_perf.cells, "quick", lambda _function: None)
    with pytest.raises(KeyboardInterrupt):
        recalculate_package(package_of(book({"A1": "=PERF_SCORE(30,40)"})))


def test_notes_about_what_excel_will_do():
    workbook = book({"A1": "=1+1"})
    assert any("fullCalcOnLoad" in note for note in recalculate_package(package_of(workbook)).notes)
    workbook.calculation = openpyxl.workbook.properties.CalcProperties(calcId=124519, fullCalcOnLoad=False)
    assert any("calcId 124519" in note for note in recalculate_package(package_of(workbook)).notes)
    workbook.calculation = openpyxl.workbook.properties.CalcProperties(calcId=191029, fullCalcOnLoad=False)
    assert not recalculate_package(package_of(workbook)).notes


def test_corners_of_a_range_in_any_order():
    cells = {"A1": 1, "A2": 2, "B1": "=SUM(A1:A2)", "B2": "=SUM(A2:A1)", "B3": "=A1+A2"}
    assert calculated(cells) == {"B1": 3.0, "B2": 3.0, "B3": 3.0}


def test_a_workbook_without_formulas():
    found = recalculate_package(package_of(book({"A1": 1, "A2": "testo"})))
    assert found.formulas == 0
    assert not found.changed


def test_conditional_sums_over_errors_keep_their_values():
    cells = {
        "A1": 1,
        "A2": 2,
        "B1": 10,
        "B2": "=1/0",
        "C1": '=SUMIF(A1:A2,">1",B1:B2)',
        "C2": '=SUMIF(A1:A2,">1")',
    }
    found = recalculate_package(package_of(book(cells), {"Foglio": {"C1": CellError.DIV0}}))
    assert reasons_of(found) == {"C1": "sum over cells with errors"}  # the engine says 0
    assert values_of(found) == {"B2": CellError.DIV0, "C2": 2.0}


def test_indirect_texts_that_the_engine_cannot_follow_keep_their_values():
    workbook = book({"A1": 7, "B1": '=INDIRECT("Base")', "B3": "=B1+1", "B4": "=A1+1"})
    workbook.defined_names["Base"] = DefinedName("Base", attr_text="Foglio!$A$1")
    found = recalculate_package(package_of(workbook, {"Foglio": {"B1": 7.0, "B3": 8.0}}))
    assert values_of(found) == {"B4": 8.0}
    assert reasons_of(found)["B1"] == "INDIRECT of a text that is no plain reference"
    assert values_of(recalculate_package(package_of(book({"A1": 7, "B1": '=INDIRECT("A1")'})))) == {"B1": 7.0}


def test_what_may_read_a_kept_cell_at_run_time_is_kept():
    cells = {"A1": "=NOSUCH()", "A2": '=INDIRECT("A"&1)', "A3": "=OFFSET(A2,-1,0)", "A4": "=1+1"}
    found = recalculate_package(package_of(book(cells), {"Foglio": {"A1": 1.0, "A2": 1.0, "A3": 1.0}}))
    assert set(reasons_of(found)) == {"A1", "A2", "A3"}
    assert values_of(found) == {"A4": 2.0}


def test_a_large_array_that_does_not_fill_its_range_is_kept():
    workbook = book({"A1": 1, "A2": 2})
    workbook.active["C1"] = ArrayFormula("C1:C300", "=A1:A2*2")
    found = recalculate_package(package_of(workbook, {"Foglio": {"C1": 2.0}}))
    assert "size of its range" in reasons_of(found)["C1"]
    assert not found.changed


def test_whole_columns_that_spill_are_kept():
    rows = DYNAMIC.replace("A1:A3*2", "A:A").replace('ref="C1:C2"', 'ref="C1:C1048576"')
    found = recalculate_package(dynamic(rows))
    assert reasons_of(found)["C1"] == "array of whole rows or columns"
    assert not found.spill


def test_dates_of_1904_reach_our_functions_as_dates():
    # 24 March 2021, when the targets were adopted, is 44279 in the 1900 system and 44279 - 1462 = 42817 in
    # the 1904 one; Tabella A (P21) gives Torino 30 days for prestazioni e servizi.
    call = "<f>OBIETTIVO(&quot;giacenza.prestazioni_servizi&quot;,&quot;TORINO&quot;,&quot;2021&quot;,{})</f>"
    rows = f'<row r="1"><c r="A1">{call.format(42817)}</c><c r="B1">{call.format(44278)}</c></row>'
    package = Package(workbook_of(sheet_xml(rows), names=("Foglio",)))
    assert values_of(recalculate_package(_with_1904(package))) == {"A1": 30.0, "B1": 30.0}
    assert values_of(recalculate_package(package)) == {"A1": CellError.NA, "B1": CellError.NA}


def test_a_column_without_its_table_is_that_of_the_table_around_the_cell():
    # the same text in two tables of a sheet: 1 + 2 beside the first, 30 + 40 beside the second
    workbook = book({
        "A1": "Valore", "B1": "Somma", "A2": 1, "A3": 2, "B2": "=SUM([Valore])", "B3": "=SUM([Valore])",
        "D1": "Valore", "E1": "Somma", "D2": 30, "D3": 40, "E2": "=SUM([Valore])", "E3": "=SUM([Valore])",
    })  # fmt: skip
    add_table(workbook.active, "tblUno", "A1:B3", ["Valore", "Somma"])
    add_table(workbook.active, "tblDue", "D1:E3", ["Valore", "Somma"])
    found = recalculate_package(package_of(workbook))
    assert found.changes["Foglio"] == {(2, 2): 3.0, (3, 2): 3.0, (2, 5): 70.0, (3, 5): 70.0}


def test_whole_columns_as_calc_spells_them():
    """30 = (10*10 + 20*20 + 30*30 + 40*40) / 100; what is not a whole column would get another length in Calc."""
    cells = {f"{letter}{row}": 10 * row for letter in "AB" for row in range(1, 5)}
    workbook = book(
        cells
        | {
            "D1": "=XLPERF.PERF_SINTESI(XLPERF.USATO(A:A),XLPERF.USATO(Foglio!$B:$B))",
            "D2": "=ROUND(XLPERF.PERF_SINTESI(XLPERF.USATO(A:A),B:B),0)+1",
            "D3": "=XLPERF.PERF_SINTESI(XLPERF.USATO(A1:A9),XLPERF.USATO(B:B))",
            "D4": "=ROWS(XLPERF.USATO(A:A))",
        }
    )
    found = recalculate_package(package_of(workbook), office=False)
    assert (values_of(found)["D1"], values_of(found)["D2"]) == (30.0, 31.0)
    assert set(reasons_of(found)) == {"D3", "D4"}
