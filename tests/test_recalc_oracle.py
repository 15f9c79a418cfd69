"""Values that Excel stored are held against the engine's, and never overwritten by worse ones."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.package_files import MAIN, Part, zip_of
from tests.recalc_books import add_table, book, package_of, reasons_of, values_of
from xl_perf.package import Package
from xl_perf.recalc import recalculate_package
from xl_perf.recalc.oracle import saved_by_excel
from xl_perf.values import CellError

APP = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
 xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><Application>{application}</Application>
<HeadingPairs><vt:vector size="2" baseType="variant"><vt:variant><vt:lpstr>{heading}</vt:lpstr></vt:variant>
<vt:variant><vt:i4>1</vt:i4></vt:variant></vt:vector></HeadingPairs><AppVersion>{version}</AppVersion></Properties>"""


def from_excel(
    package: Package,
    *,
    application: str = "Microsoft Excel",
    heading: str = "Fogli di lavoro",
    version: str = "16.0300",
    calc: bytes = b'<calcPr calcId="191029"/>',
    chain: bool = True,
) -> Package:
    """The package as Excel would have signed it."""
    import re

    parts: dict[str, Part] = {name: package.read(name) for name in package.parts}
    parts["docProps/app.xml"] = APP.format(application=application, heading=heading, version=version).encode()
    parts["xl/workbook.xml"] = re.sub(rb"<calcPr[^>]*/>", calc, parts["xl/workbook.xml"])
    if chain:
        parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'
    return Package(zip_of(parts), "libro.xlsx")


def undated(package: Package) -> bytes:
    """The zip as Office writes it: content types first, every date 1 January 1980."""
    out = io.BytesIO()
    names = sorted(package.parts, key=lambda name: name != "[Content_Types].xml")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), package.read(name))
    return out.getvalue()


def excel_file(cells: dict[str, Any], stored: dict[str, Any], **signature: Any) -> Package:
    return from_excel(package_of(book(cells), {"Foglio": stored}), **signature)


def test_who_saved_a_file():
    plain = package_of(book({"A1": "=1+1"}))
    assert not saved_by_excel(plain)  # openpyxl
    assert saved_by_excel(from_excel(plain))
    for name in ("Microsoft Macintosh Excel", "Microsoft Excel Online", "Excel Android"):
        assert saved_by_excel(from_excel(plain, application=name))
    assert not saved_by_excel(from_excel(plain, application="LibreOffice/7.4"))
    assert not saved_by_excel(from_excel(plain, application="Microsoft Excel Compatible / Openpyxl 3.1.5"))
    assert not saved_by_excel(from_excel(plain, chain=False))  # exceljs, EPPlus: everything but the chain
    assert saved_by_excel(Package(undated(from_excel(plain, chain=False)), "libro.xlsx"))
    assert not saved_by_excel(from_excel(plain, version="3.1"))  # openpyxl calls itself Microsoft Excel
    assert not saved_by_excel(
        from_excel(plain, calc=b'<calcPr calcId="124519" fullCalcOnLoad="1"/>')
    )  # XlsxWriter
    assert not saved_by_excel(from_excel(plain, calc=b'<calcPr calcId="191029" calcMode="manual"/>'))


def test_official_workbooks_are_left_to_the_engine():
    workbook = book({"A1": "Chiave", "B1": "Valore", "A2": "modello", "B2": "giacenza", "C1": "=1+1"})
    add_table(workbook.active, "tblMetadati", "A1:B2", ["Chiave", "Valore"])
    package = from_excel(package_of(workbook, {"Foglio": {"C1": 3.0}}))
    assert not saved_by_excel(package)
    assert values_of(recalculate_package(package)) == {"C1": 2.0}


def test_a_contradiction_is_kept_and_what_follows_is_calculated_from_excels_value():
    cells = {"A1": 1, "A2": "=ROUND(A1,0)+1", "A3": "=A2*10", "A4": "=A1*5"}
    found = recalculate_package(excel_file(cells, {"A2": 3.0, "A3": 30.0, "A4": 5.0}))
    assert not found.changed
    assert reasons_of(found) == {"A2": "the engine's result differs from the value that Excel stored"}


def test_a_file_that_was_changed_since_excel_saved_it_is_calculated_anew():
    cells = {"A1": 1, "A2": "=A1+1", "A3": "=ROUND(A1,0)*10", "A4": "=SUM(A1:A3)"}
    found = recalculate_package(excel_file(cells, {"A2": 8.0, "A3": 70.0, "A4": 85.0}))  # A1 was 7
    assert values_of(found) == {"A2": 2.0, "A3": 10.0, "A4": 13.0}
    assert "changed since Excel calculated it (Foglio!A2" in found.notes[0]


def test_fifteen_digits_of_another_program_stay():
    cells = {"A1": 1, "A2": "=A1/3", "A3": "=A1/7"}
    found = recalculate_package(
        package_of(book(cells), {"Foglio": {"A2": 0.333333333333333, "A3": 0.142857}})
    )
    assert values_of(found) == {"A3": 1 / 7}
    cells = {"A1": 1, "A2": "=A1/3", "A3": "=A1/3", "A4": "=A1*0", "A5": "=A1*4"}
    stored = {"A2": 0.333333333333334, "A3": 0.333333333333336, "A4": 1e-300, "A5": 4.0}
    found = recalculate_package(package_of(book(cells), {"Foglio": stored}))
    assert values_of(found) == {"A3": 1 / 3, "A4": 0.0}


def test_our_functions_are_put_right_and_so_is_all_that_follows():
    cells = {
        "A1": 30,
        "A2": 40,
        "A3": "=PERF_SCORE(A1,A2,-1)",
        "A4": "=A3+1",
        "A5": "=SUM(A3:A4)",
        "A6": "=A1+1",
    }
    name = CellError.NAME
    found = recalculate_package(excel_file(cells, {"A3": name, "A4": name, "A5": name, "A6": 31.0}))
    assert values_of(found) == {"A3": 125.0, "A4": 126.0, "A5": 251.0}
    assert not found.kept


def test_digits_that_another_order_of_additions_explains_stay():
    cells = {"A1": 0.1, "A2": 0.2, "A3": "=A1+A2", "A4": "=A3*3"}
    found = recalculate_package(excel_file(cells, {"A3": 0.3, "A4": 0.8999999999999999}))
    assert not found.changed
    assert not found.kept


def test_changed_inputs_use_what_the_baseline_taught():
    cells = {
        "A1": 1,
        "A2": "=ROUND(A1,0)+1",
        "A3": "=A2*10",
        "B1": "=ROUND(B2,0)+1",
        "B2": 5,
        "B3": "=B1*2",
        "C1": "=A1*7",
    }
    package = excel_file(cells, {"A2": 3.0, "A3": 30.0, "B1": 7.0, "B3": 14.0, "C1": 7.0})
    found = recalculate_package(package, overrides={"Foglio": {(1, 1): 100.0}})
    # A2 contradicts Excel and depends on the new input: stale, kept with what follows. B1 contradicts and does not.
    assert values_of(found) == {"C1": 700.0}
    assert set(reasons_of(found)) == {"A2", "A3", "B1"}


def test_cells_without_stored_values_are_no_witnesses():
    found = recalculate_package(excel_file({"A1": "=1+1", "A2": "=A1*2"}, {"A2": 5.0}))
    assert values_of(found) == {"A1": 2.0, "A2": 4.0}


def test_searches_in_unsorted_data_keep_what_excel_found():
    cells = {"A1": 5, "A2": 1, "A3": 3, "B1": "=MATCH(3,A1:A3)", "B2": "=MATCH(3,A1:A3,0)"}
    found = recalculate_package(package_of(book(cells), {"Foglio": {"B1": 3.0, "B2": 1.0}}))
    assert values_of(found) == {"B2": 3.0}
    assert "may not be sorted" in reasons_of(found)["B1"]


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Fogli di lavoro", "v 1,5 VERO"), ("Worksheets", "v 1.5 TRUE"), ("Arbeitsblätter", "v 1,5 WAHR")],
)
def test_numbers_become_text_in_the_language_of_the_file(heading: str, text: str):
    cells = {"A1": 1.5, "A2": '="v "&A1&" "&TRUE'}
    package = from_excel(package_of(book(cells)), heading=heading)
    assert values_of(recalculate_package(package)) == {"A2": text}


def test_precision_as_displayed_is_left_alone():
    package = excel_file({"A1": "=1/3"}, {"A1": 0.33}, calc=b'<calcPr calcId="191029" fullPrecision="0"/>')
    found = recalculate_package(package)
    assert not found.changed
    assert "precision as displayed" in reasons_of(found)["A1"]


def test_every_cell_of_an_array_bears_witness():
    # LEN of a range as a legacy array: the first cell fits what Excel stored, the second does not
    workbook = book({"A1": "ab", "A2": "abc"})
    workbook.active["B1"] = ArrayFormula("B1:B2", "=LEN(A1:A2)")
    package = from_excel(package_of(workbook, {"Foglio": {"B1": 2.0}}))
    parts: dict[str, Part] = {name: package.read(name) for name in package.parts}
    name = "xl/worksheets/sheet1.xml"
    rows = package.read(name).replace(
        b"</c></row></sheetData>", b'</c><c r="B2"><v>9</v></c></row></sheetData>'
    )
    assert rows != package.read(name)
    found = recalculate_package(Package(zip_of(parts | {name: rows}), "libro.xlsx"))
    assert found.changes == {}
    assert list(reasons_of(found)) == ["B1"]
