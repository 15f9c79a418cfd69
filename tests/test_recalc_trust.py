"""What the stored values of a file are worth: Excel's stay where nothing that they depend on is new."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.package_files import MAIN, Part, zip_of
from tests.recalc_books import add_table, book, package_of, reasons_of, values_of
from xl_perf.package import Package
from xl_perf.recalc import recalculate_package
from xl_perf.recalc.trust import Trust, trust_in
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
    office: bool = True,
) -> Package:
    """The package as Excel would have signed it."""
    import re

    parts: dict[str, Part] = {name: package.read(name) for name in package.parts}
    parts["docProps/app.xml"] = APP.format(application=application, heading=heading, version=version).encode()
    parts["xl/workbook.xml"] = re.sub(rb"<calcPr[^>]*/>", calc, parts["xl/workbook.xml"])
    if chain:
        parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'
    return Package(undated(parts) if office else zip_of(parts), "libro.xlsx")


def undated(parts: dict[str, Part]) -> bytes:
    """The zip as Office writes it: content types first, every date 1 January 1980."""
    out = io.BytesIO()
    names = sorted(parts, key=lambda name: name != "[Content_Types].xml")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), parts[name])
    return out.getvalue()


def excel_file(cells: dict[str, Any], stored: dict[str, Any], **signature: Any) -> Package:
    return from_excel(package_of(book(cells), {"Foglio": stored}), **signature)


def test_who_saved_a_file():
    plain = package_of(book({"A1": "=1+1"}))
    assert trust_in(plain) is Trust.NONE  # openpyxl
    assert trust_in(from_excel(plain)) is Trust.EXCEL
    assert trust_in(from_excel(plain, chain=False)) is Trust.EXCEL
    for name in ("Microsoft Macintosh Excel", "Microsoft Excel Online", "Excel Android"):
        assert trust_in(from_excel(plain, application=name)) is Trust.EXCEL
    for other in (
        {"application": "LibreOffice/7.4"},
        {"application": "Microsoft Excel Compatible / Openpyxl 3.1.5"},
        {
            "office": False
        },  # somebody wrote the zip anew and left the rest: exceljs, EPPlus, tools for single parts
        {"version": "3.1"},  # openpyxl calls itself Microsoft Excel
        {"calc": b'<calcPr calcId="124519" fullCalcOnLoad="1"/>'},  # XlsxWriter
        {"calc": b'<calcPr calcId="191029" calcMode="manual"/>'},
    ):
        assert trust_in(from_excel(plain, **other)) is Trust.NONE  # type: ignore[arg-type]


def edited(
    package: Package, old: bytes, new: bytes, date: tuple[int, ...] = (1980, 1, 1, 0, 0, 0)
) -> Package:
    """The file after another program exchanged text in its first sheet and left the other entries as they were."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package.data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                assert old in data
                data, info.date_time = data.replace(old, new), date
            target.writestr(info, data)
    return Package(out.getvalue(), "libro.xlsx")


def test_our_mark_breaks_when_somebody_else_writes_the_file():
    package = excel_file({"A1": 1, "A2": "=A1+1", "A3": "=PERF_SCORE(A1,2)"}, {"A2": 2.0, "A3": 5.0})
    ours = Package(package.patch({"Foglio": {(3, 1): 50.0}}))
    assert ours.data != package.data
    assert trust_in(ours) is Trust.EXCEL
    again = Package(ours.patch({"Foglio": {(3, 1): 51.0}}))
    assert trust_in(again) is Trust.EXCEL
    dates = {info.filename: info.date_time for info in zipfile.ZipFile(io.BytesIO(again.data)).infolist()}
    changed = [name for name, date in dates.items() if date != (1980, 1, 1, 0, 0, 0)]
    assert changed == ["xl/worksheets/sheet1.xml"]
    own_date = dates["xl/worksheets/sheet1.xml"]
    for date in ((2026, 11, 30, 10, 0, 0), own_date):
        assert trust_in(edited(again, b"<v>1</v>", b"<v>7</v>", date)) is Trust.NONE
    assert trust_in(edited(package, b"<v>1</v>", b"<v>7</v>", (2026, 11, 30, 10, 0, 0))) is Trust.NONE
    other = Package(package.patch({"Foglio": {(3, 1): 50.0}}, stale=True))
    assert trust_in(other) is Trust.STALE
    assert trust_in(Package(other.patch({"Foglio": {(3, 1): 51.0}}))) is Trust.STALE
    assert trust_in(Package(other.patch({"Foglio": {(3, 1): 51.0}}, stale=False))) is Trust.EXCEL


def test_outside_the_cone_nothing_is_touched_and_nothing_said():
    # A2, A3: what the engine would calculate in another way, or does not know; A4 depends on none of ours
    cells = {
        "A1": 1,
        "A2": "=ROUND(A1,0)+1",
        "A3": "=NOSUCH(1)",
        "A4": "=A3+A2",
        "B1": "=PERF_SCORE(30,40,-1)",
        "B2": "=B1+A4",
    }
    stored = {"A2": 3.0, "A3": 7.0, "A4": 10.0, "B1": CellError.NAME, "B2": CellError.NAME}
    found = recalculate_package(excel_file(cells, stored))
    assert values_of(found) == {"B1": 125.0, "B2": 135.0}  # 125 + Excel's 10
    assert not found.kept
    assert not found.notes
    alone = recalculate_package(excel_file({"A1": 1, "A2": "=A1+1"}, {"A2": 9.0}))
    assert (alone.formulas, len(alone.changed), alone.kept, alone.notes) == (1, 0, (), ())


def test_official_workbooks_are_no_exception():
    workbook = book(
        {"A1": "Chiave", "B1": "Valore", "A2": "modello", "B2": "giacenza", "C1": "=UPPER(C2)", "C2": "forlì"}
    )
    add_table(workbook.active, "tblMetadati", "A1:B2", ["Chiave", "Valore"])
    package = from_excel(package_of(workbook, {"Foglio": {"C1": "di Excel"}}))
    assert not recalculate_package(package).changed


def test_the_last_row_of_a_range_is_in_the_cone():
    cells = {
        "A1": 1,
        "A2": 2,
        "A3": "=PERF_SCORE(30,40,-1)",
        "A4": 5,
        "B1": "=SUM(A1:A3)",
        "B2": "=SUM(A4:A5)",
        "B3": "=UPPER(A9)",
    }
    stored = {"A3": CellError.NAME, "B1": CellError.NAME, "B2": 5.0, "B3": "di Excel"}
    found = recalculate_package(excel_file(cells, stored))
    assert values_of(found) == {"A3": 125.0, "B1": 128.0}


def test_a_file_that_was_changed_outside_excel_is_calculated_anew():
    cells = {
        "A1": 1,
        "A2": "=A1+1",
        "A3": "=ROUND(A1,0)*10",
        "A4": "=SUM(A1:A3)",
        "B1": "=PERF_SCORE(30,40,-1)",
    }
    stored = {"A2": 8.0, "A3": 70.0, "A4": 85.0, "B1": 125.0}  # A1 was 7
    found = recalculate_package(excel_file(cells, stored, office=False))
    assert values_of(found) == {"A2": 2.0, "A3": 10.0, "A4": 13.0}
    contradicted = recalculate_package(excel_file(cells, stored))
    assert values_of(contradicted) == {"A2": 2.0, "A3": 10.0, "A4": 13.0}
    assert "changed since Excel calculated it (Foglio!A2" in contradicted.notes[0]


def test_what_is_no_contradiction():
    # a text in arithmetic, a sum of large numbers that leaves a rest of rounding (1.5E-5 beside 1E10), other digits
    cells = {
        "A1": "1.000", "A2": "=A1*2", "A3": "=A2*3",
        "C1": 12345678901.1, "C2": 0.2, "C3": "=SUM(C1:C2)-C4", "C4": 12345678901.3,
        "D1": "=C2/3", "B1": "=PERF_SCORE(30,40,-1)",
    }  # fmt: skip
    stored = {"A2": 2000.0, "A3": 6000.0, "C3": 1.5e-5, "D1": 0.2 / 3 * (1 + 1e-9), "B1": 125.0}
    found = recalculate_package(excel_file(cells, stored))
    assert (len(found.changed), found.notes) == (0, ())


@pytest.mark.parametrize(
    ("factor", "clearly"),
    [(1 + 2e-6, True), (1 + 5e-7, False)],
)
def test_how_much_is_a_contradiction(factor: float, clearly: bool):
    # 1 + 2 = 3; two millionths more are no matter of the order of additions, half a millionth is left to Excel
    cells = {"A1": 1, "A2": 2, "A3": "=SUM(A1:A2)", "B1": "=PERF_SCORE(30,40,-1)"}
    found = recalculate_package(excel_file(cells, {"A3": 3.0 * factor, "B1": 125.0}))
    assert values_of(found) == ({"A3": 3.0} if clearly else {})


@pytest.mark.parametrize(
    ("large", "stored", "clearly"),
    [
        # a million and its rest of 1: a tenth is a hundred thousand times what rounding leaves at that size (1E-10)
        (1e6, 1.1, True),
        # beside 1E11 a tenth is within a billionth of the numbers
        (1e11, 1.1, False),
    ],
)
def test_the_size_of_the_numbers_decides_what_rounding_may_leave(large: float, stored: float, clearly: bool):
    cells = {"A1": large, "A2": 1 - large, "A3": "=SUM(A1:A2)", "B1": "=PERF_SCORE(30,40,-1)"}
    found = recalculate_package(excel_file(cells, {"A3": stored, "B1": 125.0}))
    assert values_of(found) == ({"A3": 1.0} if clearly else {})


def test_digits_that_the_order_of_additions_explains_are_excels():
    # both are a third of the score (125): one part in 2E12 stays, one in 2E10 is put right
    cells = {"A1": "=PERF_SCORE(30,40,-1)", "A2": "=A1/3", "A3": "=A1/3"}
    stored = {"A1": CellError.NAME, "A2": 125 / 3 * (1 + 5e-13), "A3": 125 / 3 * (1 + 5e-11)}
    assert values_of(recalculate_package(excel_file(cells, stored))) == {"A1": 125.0, "A3": 125 / 3}


def test_typed_values_are_new_and_so_is_what_depends_on_them():
    cells = {
        "A1": 1,
        "A2": "=ROUND(A1,0)+1",
        "A3": "=A2*10",
        "B1": "=ROUND(B2,0)+1",
        "B2": 5,
        "B3": "=B1*2",
        "C1": "=A1*7",
    }
    package = excel_file(cells, {"A2": 2.0, "A3": 20.0, "B1": 7.0, "B3": 14.0, "C1": 7.0})
    found = recalculate_package(package, overrides={"Foglio": {(1, 1): 100.0}})
    assert values_of(found) == {
        "A2": 101.0,
        "A3": 1010.0,
        "C1": 700.0,
    }  # B1, which Excel has otherwise, stays
    assert not found.kept


def test_old_values_that_were_kept_are_not_taken_for_excels():
    cells = {"A1": 1, "A2": "=NOSUCH(A1)", "A3": "=A2*10", "B1": "=NOSUCH(5)", "C1": 5, "C2": "=ROUND(C1,0)"}
    package = excel_file(cells, {"A2": 2.0, "A3": 20.0, "B1": 3.0, "C2": 4.0})
    first = recalculate_package(package, overrides={"Foglio": {(1, 1): 100.0}})
    assert set(reasons_of(first)) == {"A2", "A3"}
    assert first.old_values
    assert "calculate the file in Excel" in first.notes[0]
    written = Package(package.patch({"Foglio": {(1, 1): 100.0}}, stale=first.old_values))
    second = recalculate_package(written)
    assert {"A2", "A3"} <= set(reasons_of(second))
    assert "C2" not in values_of(second)


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


def test_cells_without_stored_values_are_calculated():
    found = recalculate_package(
        excel_file({"A1": "=1+1", "A2": "=A1*2", "A3": "=1+2"}, {"A2": 5.0, "A3": 9.0})
    )
    assert values_of(found) == {"A1": 2.0, "A2": 4.0}


def test_searches_in_unsorted_data_keep_what_excel_found():
    cells = {"A1": 5, "A2": 1, "A3": 3, "B1": "=MATCH(3,A1:A3)", "B2": "=MATCH(3,A1:A3,0)"}
    found = recalculate_package(package_of(book(cells), {"Foglio": {"B1": 3.0, "B2": 1.0}}))
    assert values_of(found) == {"B2": 3.0}
    assert reasons_of(found)["B1"] == "look-up of the nearest value in data that are not sorted"


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Fogli di lavoro", "v 1,5 VERO"), ("Worksheets", "v 1.5 TRUE"), ("Arbeitsblätter", "v 1,5 WAHR")],
)
def test_numbers_become_text_in_the_language_of_the_file(heading: str, text: str):
    cells = {"A1": 1.5, "A2": '="v "&A1&" "&TRUE'}
    package = from_excel(package_of(book(cells)), heading=heading, office=False)
    assert values_of(recalculate_package(package)) == {"A2": text}


def test_precision_as_displayed_is_left_alone():
    package = excel_file(
        {"A1": "=1/3"}, {"A1": 0.33}, office=False, calc=b'<calcPr calcId="191029" fullPrecision="0"/>'
    )
    found = recalculate_package(package)
    assert not found.changed
    assert "precision as displayed" in reasons_of(found)["A1"]
