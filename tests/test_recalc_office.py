"""LibreOffice as second engine, and both engines held against one another."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

from tests.recalc_books import add_table, book, package_of, reasons_of, values_of
from xl_perf.cli import main
from xl_perf.errors import RecalcError
from xl_perf.recalc import FileReport, Options, recalc_file, recalc_paths, recalculate_package
from xl_perf.recalc import office as second
from xl_perf.recalc.model import ENGINES
from xl_perf.recalc.verify import alike, compare
from xl_perf.values import CellError

if TYPE_CHECKING:
    from pathlib import Path

libreoffice = pytest.mark.libreoffice
OFFICE = ENGINES[1]


@pytest.fixture
def _installed(office: object) -> None:
    """Skips where LibreOffice is missing."""


needs_office = pytest.mark.usefixtures("_installed")


@libreoffice
@needs_office
def test_what_it_calculates() -> None:
    """Expected values worked by hand; 30 against 40, less is better: 100 + 25 = 125."""
    workbook = book(
        {
            "A1": 30, "A2": 40, "A3": "=PERF_SCORE(A1,A2,-1)", "A4": "=A3*2", "A5": "=PERF_SCORE(A20,A2,-1)",
            "A6": "=A1>A2", "A7": '="x"&A1', "A8": "=1/0", "A9": "=A10", "A10": "=A9", "A11": "=NOSUCH(1)",
            "A12": "=_xlfn.XLOOKUP(30,A1:A2,A1:A2)", "A13": '=_xldudf_XLPERF_PERF_SCORE(30,40,-1)&"@#"',
            "C1": "Voce", "D1": "Giorni", "C2": "a", "D2": 2, "C3": "b", "D3": 5, "E1": "=SUM(tblX[Giorni])",
        },
        Altro={"A1": "=Foglio!A1+1"},
    )  # fmt: skip
    add_table(workbook.active, "tblX", "C1:D3", ["Voce", "Giorni"])
    workbook.active["G1"] = ArrayFormula("G1:G2", "=A1:A2*2")
    found = recalculate_package(package_of(workbook), engine=OFFICE)
    assert found.engine == OFFICE
    assert found.engine_version.count(".") >= 2
    assert values_of(found) == {
        "A3": 125.0, "A4": 250.0, "A5": "", "A6": False, "A7": "x30", "A8": CellError.DIV0, "A13": "125@#", "E1": 7.0,
        "G1": 60.0, "G2": 80.0,
    }  # fmt: skip
    assert values_of(found, "Altro") == {"A1": 31.0}
    reasons = reasons_of(found)
    assert reasons["A9"] == "LibreOffice's #VALUE! may stand for another error"
    assert reasons["A11"] == "function not known: NOSUCH"
    assert reasons["A12"] == "LibreOffice does not know a function"


@libreoffice
@needs_office
def test_a_name_that_looks_into_a_table() -> None:
    """`Giorni_b` is a row of tblX, wherever it stands: 5; a name into another workbook means nothing."""
    workbook = book(
        {"A1": "=Giorni_b*2", "C1": "Voce", "D1": "Giorni", "C2": "a", "D2": 2, "C3": "b", "D3": 5}
    )
    add_table(workbook.active, "tblX", "C1:D3", ["Voce", "Giorni"])
    text = 'INDEX(tblX[Giorni],MATCH("b",tblX[Voce],0))'
    workbook.defined_names["Giorni_b"] = DefinedName("Giorni_b", attr_text=text)
    workbook.defined_names["Altrove"] = DefinedName("Altrove", attr_text="[1]Foglio!$A$1")
    assert values_of(recalculate_package(package_of(workbook), engine=OFFICE)) == {"A1": 10.0}


@libreoffice
@needs_office
def test_its_fifteen_digits_replace_nothing() -> None:
    cells = {"A1": 1, "A2": "=A1/3", "A3": "=A2*2"}
    found = recalculate_package(
        package_of(book(cells), {"Foglio": {"A2": 1 / 3, "A3": 2 / 3}}), engine=OFFICE
    )
    assert not found.changed


@libreoffice
@needs_office
def test_dates_from_1904() -> None:
    workbook = book({"A1": 1, "A2": "=YEAR(A1)"})
    workbook.epoch = __import__("openpyxl").utils.datetime.CALENDAR_MAC_1904
    assert values_of(recalculate_package(package_of(workbook), engine=OFFICE)) == {"A2": 1904.0}


@libreoffice
@needs_office
def test_a_file_with_both_engines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book({"A1": 30, "A2": "=A1/7", "A3": "=PERF_SCORE(A1,40,-1)"}).save(good)
    # Excel and the first engine leave truth values in ranges out of sums; LibreOffice counts them
    book({"A1": 30, "A2": True, "A3": "=SUM(A1:A2)"}).save(bad)
    before = bad.read_bytes()
    assert main(["recalc", str(tmp_path), "--verify"]) == 1
    said = capsys.readouterr().out
    assert "Foglio!A3: formualizer 30, libreoffice 31" in said
    assert "1 cells on which the engines differ" in said
    assert bad.read_bytes() == before
    assert recalc_paths(
        [good], Options(check=True, isolate=False)
    ).ok  # the one without differences was written


@libreoffice
@needs_office
def test_in_worker_processes(tmp_path: Path) -> None:
    for name in "ab":
        book({"A1": 30, "A2": "=PERF_SCORE(A1,40,-1)"}).save(tmp_path / f"{name}.xlsx")
    report = recalc_paths([tmp_path], Options(engine=OFFICE, jobs=2))
    assert [file.engine for file in report.files] == [OFFICE] * 2
    assert [file.changed[0].new for file in report.files] == [125.0] * 2


@libreoffice
@needs_office
def test_look_ups_in_unsorted_data_are_not_left_to_it() -> None:
    """Its search by halves looks at other cells than Excel's; in sorted data nothing is left to it."""
    cells = {
        **{f"A{row}": value for row, value in enumerate([5, 3, 8, 1, 9], 1)},
        **{f"B{row}": row for row in range(1, 6)},
        "C1": "=MATCH(4,A1:A5)",
        "C2": "=C1+1",
        "C3": "=MATCH(4,B1:B5)",
        "C4": '=CONVERT(VLOOKUP(4,A1:B5,2),"m","km")',
    }
    found = recalculate_package(package_of(book(cells), {"Foglio": {"C1": 2.0, "C2": 3.0}}))
    assert values_of(found) == {"C3": 4.0}
    reasons = reasons_of(found)
    assert reasons["C1"] == reasons["C2"] == "look-up of the nearest value in data that are not sorted"
    assert reasons["C4"].startswith("CONVERT")


REST = {
    "A1": 30,
    "A2": 40,
    "A3": "=GCD(A1:A2)",
    "A4": "=A3*2+A1",
    "A5": "=A1+1",
    "A6": "=NOSUCH(1)",
    "A7": "=A6",
}
"""The engine is not trusted with GCD, so that A4 waits for it too: gcd(30, 40) = 10, 20 + 30."""


@libreoffice
@needs_office
@pytest.mark.parametrize("isolate", [True, False])
def test_what_the_engine_is_not_trusted_with_is_done_in_one_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, isolate: bool
) -> None:
    for name in "abc":
        book(REST).save(tmp_path / f"{name}.xlsx")
    convert, starts = second.Office.convert, []

    def counted(self: second.Office, copies: list[Path], *rest: object) -> dict[Path, Path]:
        starts.append(len(copies))
        return convert(self, copies, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(second.Office, "convert", counted)
    report = recalc_paths([tmp_path], Options(isolate=isolate))
    assert starts == [3]
    for file in report.files:
        assert {change.cell: change.new for change in file.changed} == {"A3": 10.0, "A4": 50.0, "A5": 31.0}
        assert [note.cell for note in file.office] == ["A3", "A4"]
        assert [note.cell for note in file.kept] == ["A6", "A7"]
        assert file.written == (file.path,)
    assert not recalc_paths([tmp_path], Options(isolate=isolate, check=True)).stale


@libreoffice
@needs_office
def test_one_by_one_where_it_ends_before_all_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        book(REST).save(tmp_path / f"{name}.xlsx")
    convert = second.Office.convert

    def died(self: second.Office, copies: list[Path], *rest: object) -> dict[Path, Path]:
        return {} if len(copies) > 1 else convert(self, copies, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(second.Office, "convert", died)
    files = recalc_paths([tmp_path], Options(isolate=False)).files
    assert [len(file.office) for file in files] == [2, 2]
    monkeypatch.setattr(second.Office, "convert", lambda *_: {})
    (tmp_path / "c.xlsx").write_bytes(package_of(book(REST)).data)
    (alone,) = recalc_paths([tmp_path / "c.xlsx"], Options(isolate=False)).files
    assert [note.cell for note in alone.kept] == ["A3", "A4", "A6", "A7"]
    assert "LibreOffice could not" in alone.notes[0]
    kept = recalc_file(tmp_path / "c.xlsx", Options(check=True, office=False))
    assert [note.cell for note in kept.kept] == ["A3", "A4", "A6", "A7"]


@libreoffice
@needs_office
def test_a_time_limit(tmp_path: Path) -> None:
    book({"A1": 30, "A2": "=A1+1"}).save(tmp_path / "a.xlsx")
    assert (
        "LibreOffice took too long"
        in recalc_file(tmp_path / "a.xlsx", Options(engine=OFFICE, seconds=0.01)).failure
    )


def test_without_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book({"A1": 30, "A2": "=A1+1"}).save(tmp_path / "a.xlsx")
    before = (tmp_path / "a.xlsx").read_bytes()
    monkeypatch.setattr(second, "find_office", lambda: None)
    with pytest.raises(RecalcError, match="not installed"):
        second.Office()
    for option in (["--verify"], ["--engine", OFFICE]):
        assert main(["recalc", str(tmp_path / "a.xlsx"), *option]) == 1
        assert "LibreOffice is not installed" in capsys.readouterr().err
    assert (tmp_path / "a.xlsx").read_bytes() == before


@pytest.mark.parametrize("found", [None, "program"])
def test_where_it_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: str | None) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    (tmp_path / "program").write_bytes(b"")
    monkeypatch.setattr(second, "_PLACES", (str(tmp_path / (found or "manca")),))
    assert second.find_office() == (str(tmp_path / "program") if found else None)


def test_what_counts_as_the_same() -> None:
    for left, right in (
        (1 / 3, 0.333333333333333),
        (True, 1.0),
        ("", None),
        (CellError.NUM, CellError.VALUE),
        (0.0, 1e-13),
    ):
        assert alike(left, right)
    for left, right in ((1.0, 1.0 + 1e-8), ("a", "b"), ("1", 1.0), (CellError.NA, 0.0), (0.0, 1e-9)):
        assert not alike(left, right)


def test_cells_that_one_engine_keeps_are_passed_over() -> None:
    first = package_of(book({"A1": 1, "A2": "=A1+1", "A3": "=NOSUCH(A1)", "A4": "=TODAY()"}))
    ours = recalculate_package(first)
    assert compare(first, ours, ours) == ()
    other = recalculate_package(first, overrides={"Foglio": {(1, 1): 5.0}})
    (found,) = compare(first, ours, other)
    assert (found.sheet, found.cell) == ("Foglio", "A2")
    report = FileReport("a.xlsx", differences=(found,))
    assert not report.ok
    assert report.to_json()["differences"] == [
        {"sheet": "Foglio", "cell": "A2", "values": {"formualizer": 6.0}}
    ]
