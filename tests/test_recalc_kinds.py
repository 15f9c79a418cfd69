"""Kinds of fault of earlier engines, each with several members; the values are Excel's, by its rules and by
public reports.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.package_files import sheet_xml, workbook_of
from tests.recalc_books import add_table, book, package_of, reasons_of, values_of
from tests.test_recalc_trust import from_excel
from xl_perf.package import Package
from xl_perf.recalc import recalculate_package
from xl_perf.values import CellError

VALUE = CellError.VALUE


def calculated(formula: str, cells: dict[str, Any], *, italian: bool = False) -> Any:
    """The value of a formula in Z9; the reason, as a tuple, where it keeps its value."""
    workbook = book({**cells, "Z9": formula})
    if italian:
        workbook.create_sheet("Metadati").append(["Chiave", "Valore"])
        workbook["Metadati"].append(["x", "y"])
        add_table(workbook["Metadati"], "tblMetadati", "A1:B2", ["Chiave", "Valore"])
    found = recalculate_package(package_of(workbook, {"Foglio": {"Z9": 4711.0}}), office=False)
    kept = reasons_of(found).get("Z9")
    return values_of(found).get("Z9", 4711.0) if kept is None else (kept,)


NUMBERS = {
    "A1": 0.3,
    "A2": 0.6,
    "A3": 0.7,
    "A4": 1.5,
    "A5": 0.1,
    "B1": 3,
    "B2": 6,
    "B3": 7,
    "B4": 15,
    "B5": 1,
    "C1": 0.5,
    "C2": 1,
}
LOOKALIKES = {
    "A1": 1,
    "A2": "1",
    "A3": "01",
    "A4": 2,
    "A5": "abc",
    "B1": 0.1,
    "B2": 0.2,
    "B3": "10%",
    "D1": 700,
    "D2": "0700",
}
TEXTS = {
    "A1": "FORLÌ",
    "A2": "forlì",
    "A3": "x",
    "B1": 10,
    "B2": 20,
    "B3": 40,
    "C1": "perché è così",
    "C2": "STRASSE",
    "C3": "straße",
}
ITALIAN = {
    "A1": 0.5, "A2": 1234.5, "A7": "1.000", "A8": "2,5", "A9": "01/02/2021", "A10": "03/03/2021",
    "A11": 44196, "A12": True,
    "A13": "12,5%", "A14": "€ 7", "A15": "10:30", "A16": "(5)", "A17": "3 marzo 2021", "A18": "--8", "A19": "1.5",
}  # fmt: skip
MIXED = {"B1": 10, "B2": 20, "B3": True, "B4": "t", "B5": "5", "C1": 1, "C2": 2, "C3": 3, "C4": 4, "C5": 5}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('=COUNTIF(A1:A5,">"&C1)', 3.0),
        ('=SUMIF(A1:A5,">="&C1,B1:B5)', 28.0),  # 6 + 7 + 15
        ('=COUNTIFS(A1:A5,">="&C1,A1:A5,"<"&C2)', 2.0),
        ('=COUNTIF(A1:A5,">0,5")', 3.0),
        ('=COUNTIF(A1:A5,"<=0,6")', 3.0),
        ('=AVERAGEIF(A1:A5,"<"&C1,B1:B5)', 2.0),
        ('=COUNTIF(A1:A5,"0,3")', 1.0),
        ('=COUNTIF(A1:A5,"<>"&C1)', 5.0),
        ('=COUNTIF(A1:A5,">50%")', 3.0),
    ],
)
def test_criteria_in_the_language_of_the_file(formula: str, value: float):
    assert calculated(formula, NUMBERS, italian=True) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('=COUNTIF(A1:A5,"1")', 3.0),
        ('=COUNTIF(A1:A5,"01")', 3.0),
        ('=COUNTIF(A1:A5,"=1")', 3.0),
        ("=COUNTIF(A1:A5,1)", 3.0),
        ('=COUNTIF(A1:A5,"<>1")', 2.0),
        ('=COUNTIF(B1:B3,">10%")', 1.0),
        ('=COUNTIF(D1:D2,"0700")', 2.0),
        ("=COUNTIF(D1:D2,700)", 2.0),
        ('=SUMIF(D1:D2,"700",D1:D2)', 700.0),
    ],
)
def test_criteria_that_look_like_numbers(formula: str, value: float):
    assert calculated(formula, LOOKALIKES) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=VALUE(A8)", 2.5),
        ("=A7*2", 2000.0),
        ("=A10-A9", 30.0),
        ("=IFERROR(A8*1,0)", 2.5),
        ("=A13*100", 12.5),
        ("=-A16", 5.0),
        ("=A15*24", 10.5),
        ("=A17+0", 44258.0),
        ("=A18*1", VALUE),
        ("=ROUND(A8,0)", 3.0),
        ("=YEAR(A9)", 2021.0),
        ('="1.234,5"*1', 1234.5),
        ("=VALUE(A99)", 0.0),
    ],
)
def test_texts_become_numbers_the_italian_way(formula: str, value: object):
    assert calculated(formula, ITALIAN, italian=True) == value


def test_a_text_that_only_some_settings_take_for_a_number_is_left_alone():
    (reason,) = calculated("=A19*2", ITALIAN, italian=True)
    assert "may be a number or a date" in reason
    (reason,) = calculated("=A1+1", {"A1": "01/02/2021"})
    assert "depends on the settings" in reason


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('=_xlfn.TEXTJOIN("; ",TRUE,A1,A2)', "0,5; 1234,5"),
        ('=FIND(",",A1)', 2.0),
        ('=TEXT(A11,"mmm")', "dic"),
        ('=TEXT(A11,"mmmm")', "dicembre"),
        ('=TEXT(A11,"gg/mm/aaaa")', "31/12/2020"),
        ('=TEXT(A11,"gggg")', "giovedì"),
        ('=TEXT(A2,"#.##0,00")', "1.234,50"),
        # 14:35:27 is 52527 seconds: m is the month, but minutes after h and before s
        ('=TEXT(A11+52527/86400,"gg/mm/aaaa hh:mm:ss")', "31/12/2020 14:35:27"),
        ('=TEXT(A11+52527/86400,"g-m-aa h:m:s")', "31-12-20 14:35:27"),
        ('=TEXT(A11+52527/86400,"mm:ss mm")', "35:27 12"),
        ('=TEXT(A2,"000.000.000")', "000.001.235"),
        ('=TEXT(A1,"0.000,0")', "0.000,5"),
        ("=REPT(A1,2)", "0,50,5"),
        ("=LEN(A2)", 6.0),
        ('=A12&""', "VERO"),
        ("=CONCATENATE(A1,A12)", "0,5VERO"),
        ('=SUBSTITUTE(A1,",","-")', "0-5"),
        ('="v"&1/3', "v0,333333333333333"),
    ],
)
def test_numbers_become_texts_the_italian_way(formula: str, value: object):
    assert calculated(formula, ITALIAN, italian=True) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=A1=A2", True),
        ("=A1<>A2", False),
        ("=UPPER(A2)", "FORLÌ"),
        ("=LOWER(A1)", "forlì"),
        ('=SUMPRODUCT((A1:A3="forlì")*B1:B3)', 30.0),
        ('=SEARCH("È",C1)', 8.0),
        ('=SEARCH("e*I",A1)', VALUE),
        ('=IF(A1="Forlì",1,2)', 1.0),
        ("=C2=C3", False),  # ß and ss are different letters
        ('=PROPER("1a è dell\'anno 2b")', "1A È Dell'Anno 2B"),
        ("=EXACT(A1,A2)", False),
        ("=UPPER(C3)", "STRAßE"),
    ],
)
def test_case_with_accents(formula: str, value: object):
    assert calculated(formula, TEXTS) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=ROWS(_xlfn.UNIQUE(A1:A3))", 2.0),
        ("=SUM(_xlfn._xlws.FILTER(B1:B3,TRUE))", VALUE),
        ('=SUM(_xlfn._xlws.FILTER(B1:B3,A1:A3="x"))', 40.0),
        ("=SUM(_xlfn._xlws.FILTER(B1:B3,B1:B2>0))", VALUE),
        ("=LOOKUP(35,B1:B20,B1:B20)", 20.0),
        ("=LOOKUP(99,B1:B20,A1:A20)", "x"),
        ('=LOOKUP(2,1/(A1:A3="forlì"),B1:B3)', 20.0),
        ("=LOOKUP(5,B1:B3)", CellError.NA),
        ('=LEN(TRIM(_xlfn.UNICHAR(160)&"  a  b "))', 5.0),
        ("=MATCH(20,B1:B3,FALSE)", 2.0),
        ("=MATCH(25,B1:B3,TRUE)", 2.0),
        ("=_xlfn.XLOOKUP(20,B1:B3,A1:A3)", "forlì"),
        ("=0^0", CellError.NUM),
        ("=POWER(0,0)", CellError.NUM),
        ("=B1^0", 1.0),
        ("=SUMPRODUCT(B:B,B:B)", 2100.0),
        ("=_xlfn.LET(_xlpm.x,B1:B3,SUM(_xlpm.x)+ROWS(_xlpm.x))", 73.0),
        ("=SUM(TREND(B1:B2))", 30.0),
        # what stored values of Excel say, in workbooks of other projects' tests
        ("=SUMPRODUCT(2,B1:B3)", VALUE),
        ('=SEARCH("~d","My dear")', 4.0),
        ('=SEARCH("~","Hi ~Bang!")', 1.0),
        ('=SEARCH("~~","Hi ~Bang!")', 4.0),
        ('=_xlfn.TEXTJOIN("-",,B1:B3)', "10-20-40"),
        ("=EDATE(100,TRUE)", VALUE),
        ("=EOMONTH(100,TRUE)", VALUE),
        ("=LOOKUP(20,A1:B3,B1:B3)", ("LOOKUP in a table with a result of its own",)),
        ("=_xlfn.POISSON.DIST(0,1,FALSE)", 0.36787944117144233),
        ("=ROUND(_xlfn.BINOM.DIST(1,2,0.5,FALSE),6)", 0.5),
    ],
)
def test_functions(formula: str, value: object):
    found = calculated(formula, TEXTS)
    assert found == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUMPRODUCT(B1:B5,C1:C5)", 50.0),  # TRUE, a text and "5" are 0: 10 + 40
        ("=SUMPRODUCT(B1:B5*C1:C5)", VALUE),
        ("=SUM(B1:B5)", 30.0),
        ("=B3*2", 2.0),
        ("=B5+1", 6.0),
        ("=ROUND(B3,0)", 1.0),
        ("=SQRT(B5)", 5**0.5),
        ("=QUOTIENT(B1,3)", 3.0),
        ("=QUOTIENT(B3,1)", ("QUOTIENT of a text or a truth value",)),  # Excel: #VALUE!
        ("=ISODD(B3)", ("ISODD of a text or a truth value",)),
        ("=YEARFRAC(B3,200)", ("YEARFRAC of a text or a truth value",)),
    ],
)
def test_texts_and_truth_values_where_numbers_are_wanted(formula: str, value: object):
    assert calculated(formula, MIXED) == value


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        # 0.1 + 0.2 - 0.3 leaves 5.6E-17; 1E10 + 0.1 - (1E10 + 0.1) the rest of rounding at that size
        ({"A1": 0.1, "A2": 0.2, "A3": 0.3}, 0.0),
        ({"A1": 12345678901.1, "A2": 0.2, "A3": 12345678901.3}, 0.0),
        ({"A1": 12345678901.1, "A2": 0.2, "A3": 12345678901.29}, 0.01),  # a cent is not negligible
        ({"A1": 0.1, "A2": 0.2, "A3": 0.3 - 2e-15}, 2e-15),  # 36 times 2^-54: not negligible beside 0.3
    ],
)
def test_what_is_negligible(cells: dict[str, Any], value: float):
    assert calculated("=SUM(A1:A2)-A3", cells) == pytest.approx(value, rel=0.05, abs=0.0 if value else 1e-300)


def test_what_is_negligible_in_many_rows():
    # more formulas than are exchanged one by one: 0.1 + 0.2 - 0.3 is 0 in each, and carried on from row to row
    cells: dict[str, Any] = {"E1": 0}
    for row in range(2, 152):
        cells |= {f"A{row}": 0.1, f"B{row}": 0.2, f"C{row}": 0.3}
        cells |= {
            f"D{row}": f"=A{row}+B{row}-C{row}",
            f"E{row}": f"=E{row - 1}+D{row}",
            f"F{row}": f"=A{row}+E{row}",
        }
    package = package_of(book(cells))
    found = values_of(recalculate_package(package))
    assert {found[f"{column}{row}"] for column in "DE" for row in range(2, 152)} == {0.0}
    assert {found[f"F{row}"] for row in range(2, 152)} == {0.1}
    # 5 typed into E1 goes through all rows
    typed = values_of(recalculate_package(package, overrides={"Foglio": {(1, 5): 5.0}}))
    assert {typed[f"E{row}"] for row in range(2, 152)} == {5.0}
    assert {typed[f"D{row}"] for row in range(2, 152)} == {0.0}


@pytest.mark.parametrize(
    ("application", "values"),
    [
        # 128, 228 and "è" in the code pages 1252 (Microsoft's table) and Mac OS Roman (Apple's table)
        ("Microsoft Excel", {"A1": "€", "A2": "ä", "A3": 232.0}),
        ("Microsoft Macintosh Excel", {"A1": "Ä", "A2": "‰", "A3": 143.0}),
    ],
)
def test_characters_beyond_ascii_are_those_of_the_system(application: str, values: dict[str, object]):
    cells = {
        "A1": "=CHAR(128)",
        "A2": "=CHAR(B2)",
        "A3": "=CODE(B3)",
        "B2": 228,
        "B3": "è",
        "A4": "=CODE(CHAR(65))",
    }
    package = from_excel(package_of(book(cells)), application=application)
    assert values_of(recalculate_package(package, office=False)) == {**values, "A4": 65.0}


@pytest.mark.parametrize("first", ["Sede", "Totale lordo"])
def test_columns_of_a_table_that_differ_in_blanks(first: str):
    second = f"{first} " if first == "Sede" else "Totale\nlordo"
    cells = {
        "A1": first,
        "B1": second,
        "A2": 1,
        "B2": 10,
        "A3": 2,
        "B3": 20,
        "D1": f"=SUM(tblX[{first}])",
        "D2": f"=SUM(tblX[{second}])",
    }
    workbook = book(cells)
    add_table(workbook.active, "tblX", "A1:B3", [first, second])
    assert values_of(recalculate_package(package_of(workbook))) == {"D1": 3.0, "D2": 30.0}


def test_names_that_a_lax_comparison_takes_for_one():
    workbook = book({"A1": 1, "A2": 2, "B1": "=Strasse", "B2": "=Straße"})
    from openpyxl.workbook.defined_name import DefinedName

    for name, cell in (("Strasse", "$A$1"), ("Straße", "$A$2")):
        workbook.defined_names[name] = DefinedName(name, attr_text=f"Foglio!{cell}")
    assert values_of(recalculate_package(package_of(workbook))) == {"B1": 1.0, "B2": 2.0}
    numbered = book({"A1": 1, "A2": 2, "B1": "=SUM(col1_)", "B2": "=SUM(col2_)"})
    for name, cell in (("col1_", "$A$1"), ("col2_", "$A$2")):
        numbered.defined_names[name] = DefinedName(name, attr_text=f"Foglio!{cell}")
    assert values_of(recalculate_package(package_of(numbered))) == {"B1": 1.0, "B2": 2.0}


@pytest.mark.parametrize("name", ["sheet1", "SHEET1", "Sheet1", "sHeet1"])
def test_a_sheet_of_the_engines_own_name(name: str):
    workbook = book({"A1": 5, "A2": "=A1*2", "B1": "testo", "B2": "=B1"}, Altro={"A1": f"={name}!A2+1"})
    workbook.active.title = name
    found = recalculate_package(package_of(workbook))
    assert values_of(found, name) == {"A2": 10.0, "B2": "testo"}
    assert values_of(found, "Altro") == {"A1": 11.0}


def test_formulas_stored_with_their_equals_sign():
    rows = '<row r="1"><c r="A1"><v>2</v></c><c r="B1"><f>=A1*2</f><v>0</v></c><c r="C1"><f> =SUM(A1,1)</f></c></row>'
    found = recalculate_package(Package(workbook_of(sheet_xml(rows), names=("Foglio",))))
    assert values_of(found) == {"B1": 4.0, "C1": 3.0}


def test_members_of_an_array_that_is_kept_are_not_calculated_from():
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">NOSUCH(B1:B2)</f><v>1</v></c><c r="B1"><v>5</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>6</v></c><c r="C2"><f>A2*10</f><v>20</v></c></row>'
        '<row r="3"><c r="C3"><f>SUM(A1:A9)</f><v>3</v></c><c r="D3"><f>B2*2</f><v>0</v></c></row>'
    )
    found = recalculate_package(Package(workbook_of(sheet_xml(rows), names=("Foglio",))))
    assert values_of(found) == {"D3": 12.0}
    assert set(reasons_of(found)) == {"A1", "C2", "C3"}


def test_whole_rows_of_wide_and_tall_sheets_take_little_memory():
    cells = "".join(f'<c r="{letters}1"><v>1</v></c>' for letters in ("A", "B", "XFD"))
    rows = (
        f'<row r="1">{cells}</row><row r="2"><c r="B2"><f>SUM(1:1)</f></c></row><row r="1048576"><c '
        'r="A1048576"><v>9</v></c></row>'
    )
    found = recalculate_package(Package(workbook_of(sheet_xml(rows), names=("Foglio",))))
    assert values_of(found) == {"B2": 3.0}


def test_tables_that_another_program_lost_are_named():
    found = recalculate_package(package_of(book({"A1": "=SUM(tblX[Giorni])"}), {"Foglio": {"A1": 7.0}}))
    assert "lost its tables" in reasons_of(found)["A1"]
    assert any("restore it" in note for note in found.notes)


def test_own_formulas_in_a_file_of_excel_keep_its_values():
    cells = {
        "A1": "FORLÌ",
        "A2": "forlì",
        "B1": "=UPPER(A2)",
        "B2": '=IF(A1=A2,"uguali","diversi")',
        "B3": "=ROWS(_xlfn.UNIQUE(A1:A2))",
    }
    stored = {"B1": "di Excel", "B2": "uguali", "B3": 1.0}
    assert not recalculate_package(from_excel(package_of(book(cells), {"Foglio": stored}))).changed


UNSORTED = ("look-up of the nearest value in data that are not sorted",)
NEAREST = {
    **{f"A{row}": value for row, value in enumerate([1, 2, 2, 2, 3, 7], 1)},
    **{f"B{row}": value for row, value in enumerate([7, 3, 3, 2, 1], 1)},
    **{f"C{row}": value for row, value in enumerate(["anna", "bruno", "carla", "dario", "elena", "franco"], 1)},
    **{f"D{row}": value for row, value in enumerate(["titolo", 1, 2, None, 9], 1)},
    **{f"E{row}": value for row, value in enumerate(["x", 4.1, "a", 1.1], 1)},
    **{f"F{row}": value for row, value in enumerate([True, 4.1, False, 1.1], 1)},
    **{f"G{row}": value for row, value in enumerate([5, 3, 8, 1, 9], 1)},
    "H1": True, "H2": "3", "H4": -1, "H5": 4.1, "H6": "bruno",
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # sorted data of one kind: the last of those that are not greater
        ("=MATCH(2,A1:A6)", 4.0),
        ("=MATCH(2.5,A:A,1)", 4.0),
        ("=MATCH(0,A1:A6)", CellError.NA),
        ("=VLOOKUP(2.2,A1:C6,3)", "dario"),
        ("=VLOOKUP(0,A1:C6,3)", CellError.NA),
        ('=MATCH("brz",C1:C6)', 2.0),
        ("=MATCH(H6,C1:C6)", 2.0),
        ("=MATCH(2.5,B1:B5,-1)", 3.0),
        ("=MATCH(8,B1:B5,-1)", CellError.NA),
        # an empty cell is 0; a truth value or a text is no number, whatever it says
        ("=MATCH(H3,A1:A6)", CellError.NA),
        ("=MATCH(H1,A1:A6)", CellError.NA),
        ("=MATCH(H2,A1:A6)", CellError.NA),
        ("=MATCH(1=1,A1:A6)", CellError.NA),
        ("=VLOOKUP(H1,A1:C6,3,TRUE)", CellError.NA),
        ("=MATCH(H5,A1:A6,H4+2)", 5.0),
        # cells of another kind are passed over
        ("=MATCH(2,D:D)", 3.0),
        ("=MATCH(9E+99,D1:D9)", 5.0),
        ('=MATCH("zzz",D1:D5)', 1.0),
        # as Excel stored them (github.com/vinci1it2000/formulas, test/test_files/test.xlsx)
        ("=MATCH(H4,E1:E4,-1)", 4.0),
        ("=MATCH(H4,E1:E4)", CellError.NA),
        ("=MATCH(H1,F1:F4,-1)", 1.0),
        ("=MATCH(H4,F1:F4,-1)", 4.0),
        ("=LOOKUP(H4,F1:F4)", CellError.NA),
        # Excel finds the second cell here and 4.1 in row 2, as its search by halves happens to look there
        ("=MATCH(H5,E1:E4)", UNSORTED),
        ("=MATCH(H5,F1:F4)", UNSORTED),
        ("=LOOKUP(H5,F1:F4)", UNSORTED),
        # not sorted
        ("=MATCH(4,G1:G5)", UNSORTED),
        ("=VLOOKUP(4,G1:G5,1)", UNSORTED),
        ("=IFERROR(VLOOKUP(4,G1:G5,1),0)", UNSORTED),
        ("=HLOOKUP(4,{5,3,8,1,9},1)", UNSORTED),
        ("=MATCH(3,B1:B5,-1)", UNSORTED),
        ("=MATCH(99,G1:G5)", 5.0),
        ("=MATCH(0,G1:G5)", CellError.NA),
        ("=VLOOKUP(99,G1:H5,2)", 4.1),
        ("=_xlfn.XMATCH(3,A1:A6,0,2)", ("XMATCH in a way that the engine does not have",)),
        ("=_xlfn.XLOOKUP(3,A1:A6,C1:C6,,0,-1)", ("XLOOKUP in a way that the engine does not have",)),
    ],
)
def test_the_nearest_value(formula: str, value: object):
    assert calculated(formula, NEAREST) == value


EDGES = {
    "A1": -7,
    "A2": 2,
    "A3": "=NA()",
    "A4": 4,
    "A5": 9,
    "B1": True,
    "B2": "2",
    "B3": "TRUE",
    "B4": 44000,
    "B5": 44100,
    **{f"C{row}": row if row != 3 else "=NA()" for row in range(1, 6)},
}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # the number of a choice is a truth value or a text
        ('=CHOOSE(TRUE,"uno","due")', "uno"),
        ('=CHOOSE(B1,"uno","due")', "uno"),
        ('=CHOOSE(B2,"uno","due")', "due"),
        ('=CHOOSE(1+(A2>1),"uno","due")', "due"),
        ('=CHOOSE(AND(A2>1,A4>1),"uno","due")', "uno"),
        # times before midnight
        ("=TIME(0,0,-1)", CellError.NUM),
        ("=TIME(25,0,0)", 1 / 24),
        ("=TIME(1,-30,0)", 0.5 / 24),
        # errors in what is added up
        ("=IRR(A1:A5)", ("sum over cells with errors",)),
        ("=IRR({-7,2,#N/A,9})", ("IRR of errors",)),
        ("=XNPV(2,A1:A5,C1:C5)", ("sum over cells with errors",)),
        # a text that says TRUE is none that explains an error
        (
            "=_xlfn.NORM.S.DIST(1.5,B3)",
            ("the engine gives #VALUE! where Excel may give a value",),
        ),
        ("=MROUND(,5)", ("MROUND without an argument",)),
        ('=DATEDIF(B4,B5,"YM")', 3.0),
        ('=DATEDIF(B4,B5,"YD")', ("DATEDIF in a way in which Excel itself is wrong",)),
        ("=SQRTPI(B1)", ("SQRTPI of a text or a truth value",)),
        ("=SUMPRODUCT(EDATE(B4:B5,1))", ("EDATE over a range is not calculated element by element",)),
        ('=KURT(A1,A2,A4,A5,"")', ("KURT of a text depends on the language of Excel",)),
        ('=LEN(CLEAN("a"&CHAR(7)&CHAR(31)&"b"))', 2.0),
        ('=SUMPRODUCT(LEN(CONCATENATE(B4:B5,"x")))', 12.0),
    ],
)
def test_edges_of_functions(formula: str, value: object):
    found = calculated(formula, EDGES)
    assert found == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value)
