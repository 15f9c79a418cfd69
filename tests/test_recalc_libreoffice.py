"""LibreOffice calculates the same workbooks and agrees; version 7.4.7 when this was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.libreoffice import agree, differences
from tests.recalc_books import add_table, book
from xl_perf.package import open_package
from xl_perf.recalc import Options, recalc_file, recalculate_package

if TYPE_CHECKING:
    from tests.libreoffice import LibreOffice

pytestmark = pytest.mark.libreoffice


def save(path: Path) -> Path:
    cells: dict[str, object] = {
        "A1": "Sede", "B1": "Giacenza", "C1": "Obiettivo", "D1": "Peso", "F1": "Formula",
    }  # fmt: skip
    rows = [("Torino", 41.5, 40), ("Asti", 33, 38), ("Cuneo", None, 35), ("Alba", 28.25, 30)]
    for row, (name, actual, target) in enumerate(rows, start=2):
        cells |= {f"A{row}": name, f"B{row}": actual, f"C{row}": target, f"D{row}": 0.25}
        cells[f"E{row}"] = f'=IF(B{row}="","",(C{row}-B{row})/C{row})'
    formulas = [
        "=SUM(B2:B5)", "=AVERAGE(B2:B5)", "=COUNT(B2:B5)", "=COUNTA(A2:A5)", "=COUNTBLANK(B2:B5)",
        "=MAX(B:B)", "=SUMPRODUCT(C2:C5,D2:D5)", "=SUMPRODUCT((B2:B5>30)*C2:C5)", '=SUMIF(A2:A5,"A*",B2:B5)',
        '=COUNTIF(B2:B5,">30")', '=INDEX(C2:C5,MATCH("Cuneo",A2:A5,0))', '=VLOOKUP("Asti",A2:C5,3,FALSE)',
        '=IFERROR(1/B4,"manca")', "=ROUND(B2/C2,2)", "=ROUND(-2.5,0)", "=TRUNC(B5)", "=MOD(-7,3)",
        "=INT(-2.5)", '=A2&" "&A3', "=LEN(A2)", '=TEXT(C2,"0")', "=MEDIAN(B2:B5)", "=STDEV(C2:C5)",
        "=RANK(B2,B2:B5,1)", "=LARGE(C2:C5,2)", "=DATE(2021,13,1)", "=EOMONTH(DATE(2021,1,31),1)",
        "=WEEKDAY(DATE(2021,3,24),2)", "=AND(B2>C2,B3<C3)", "=B2>C2", "=NOT(B2>C2)", "=SUM(Sedi[Giacenza])",
        "=SUM(Sedi[[Giacenza]:[Obiettivo]])", "=1/0", "=NA()", '=IF(ISNUMBER(B4),1,"-")', "=SUM(E2:E5)",
        "=0.1+0.2-0.3", "=IF(0.1+0.2=0.3,1,2)", "=MIN(B2:B5,C2:C5)", "=-B2^2", "=B2%", "=CHOOSE(2,A2,A3)",
    ]  # fmt: skip
    cells |= {f"F{row}": formula for row, formula in enumerate(formulas, start=2)}
    workbook = book(cells)
    add_table(workbook.active, "Sedi", "A1:D5", ["Sede", "Giacenza", "Obiettivo", "Peso"])
    workbook.save(path)
    return path


def test_native_formulas_agree(tmp_path: Path, office: LibreOffice):
    path = save(tmp_path / "nativi.xlsx")
    report = recalc_file(path)
    assert not report.failure
    assert not report.kept
    assert len(report.changed) == report.formulas == 47
    assert differences(path, office) == []


def test_a_wrong_value_would_be_seen(tmp_path: Path, office: LibreOffice):
    path = save(tmp_path / "sbagliato.xlsx")
    recalc_file(path)
    path.write_bytes(open_package(path).patch({"Foglio": {(2, 6): 102.7501}}))
    (found,) = differences(path, office)
    assert found.startswith("Foglio!F2: stored 102.7501, LibreOffice 102.75")


def test_what_libreoffice_saved_is_not_stale(tmp_path: Path, office: LibreOffice):
    (path,) = office.convert([save(tmp_path / "salvato.xlsx")])
    found = recalculate_package(open_package(path))
    assert found.formulas == 47
    wrong = [change for change in found.changed if not agree(change.old, change.new)]
    assert [change.cell for change in wrong] == []
    assert not found.kept


def test_what_was_patched_opens_with_the_same_values(tmp_path: Path, office: LibreOffice):
    path = save(tmp_path / "valori.xlsx")
    report = recalc_file(path, Options(values=True))
    (values,) = office.recalculate([Path(report.written[1])])
    for cell in open_package(path).cells("Foglio"):
        if cell.formula is not None:
            assert agree(cell.value, values["Foglio"].get((cell.row, cell.column)))
