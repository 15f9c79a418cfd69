"""Errors that a workbook stores already are said every time; those of the template's cells fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl

from tests.official import EXAMPLES
from tests.recalc_books import book, package_of
from xl_perf.cli import main
from xl_perf.package import open_package
from xl_perf.recalc import recalc_file
from xl_perf.recalc.model import Options
from xl_perf.recalc.stored import stored_errors
from xl_perf.values import CellError

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from xl_perf.recalc.model import FileReport

EXAMPLE = EXAMPLES / "giacenza_esempio.xlsx"
OPTIONS = Options(isolate=False)


def _with(path: Path, sheet: str, cell: tuple[int, int], value: str | float) -> Path:
    path.write_bytes(open_package(EXAMPLE).patch({sheet: {cell: value}}, insert=True))
    return path


def _input() -> tuple[str, tuple[int, int]]:
    """An input of the example: a number in an unlocked cell of the first area's sheet."""

    package = open_package(EXAMPLE)
    unlocked = package.unlocked
    sheet = "Prestazioni e servizi"
    cell = next(
        cell
        for cell in package.cells(sheet)
        if cell.style in unlocked and isinstance(cell.value, float) and cell.formula is None
    )
    return sheet, (cell.row, cell.column)


def _cells(report: FileReport) -> set[tuple[str, str]]:
    return {(error.sheet, error.cell) for error in report.stored}


def test_an_error_of_a_template_cell_fails_until_its_cause_is_mended(tmp_path: Path) -> None:
    sheet, cell = _input()
    before = next(c.value for c in open_package(EXAMPLE).cells(sheet) if (c.row, c.column) == cell)
    path = _with(tmp_path / "libro.xlsx", sheet, cell, "dodici")
    first = recalc_file(path, OPTIONS)
    assert first.errors
    assert not first.stored
    for options in (OPTIONS, OPTIONS._replace(check=True), OPTIONS):
        again = recalc_file(path, options)
        assert not again.errors
        assert not again.changed
        assert not again.ok
        assert _cells(again) == {(error.sheet, error.cell) for error in first.errors}
    roots = [error for error in again.stored if "from " not in error.reason]
    assert roots
    assert len(roots) < len(again.stored), "errors that come from another cell name it"
    path.write_bytes(open_package(path).patch({sheet: {cell: before}}))
    mended = recalc_file(path, OPTIONS)
    assert mended.ok
    assert not mended.stored


def _own_sheet(path: Path, formula: str) -> Path:
    book = openpyxl.load_workbook(EXAMPLE)
    book.create_sheet("Appunti")["A1"] = formula
    book.save(path)
    return path


def test_an_error_on_a_users_own_sheet_is_listed_and_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _own_sheet(tmp_path / "libro.xlsx", "=1/0")
    assert main(["recalc", str(path)]) == 1, "a new error"
    capsys.readouterr()
    report = tmp_path / "rapporto.json"
    for arguments in ([], ["--check"], ["--report", str(report)]):
        assert main(["recalc", str(path), *arguments]) == 0
        said = capsys.readouterr().out
        assert "own error stored before Appunti!A1: #DIV/0!" in said
        assert "1 errors stored before that are no findings" in said
    (file,) = json.loads(report.read_text(encoding="utf-8"))["files"]
    assert file["ok"]
    assert file["own"] == [{"sheet": "Appunti", "cell": "A1", "error": "#DIV/0!", "reason": ""}]
    assert main(["recalc", str(path), "--resume", str(report)]) == 0


def test_a_renamed_sheet_of_the_template_is_still_the_templates(tmp_path: Path) -> None:
    sheet, cell = _input()
    book = openpyxl.load_workbook(EXAMPLE)
    book[sheet].cell(*cell).value = "dodici"
    book["Tabella A"].title = "Obiettivi"
    book["Obiettivi"]["I1"] = "=NA()"
    path = tmp_path / "libro.xlsx"
    book.save(path)
    recalc_file(path, OPTIONS)
    assert ("Obiettivi", "I1") in _cells(recalc_file(path, OPTIONS))


def test_in_other_workbooks_old_errors_are_listed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=B1/0"
    book.active["A2"] = "=A1+1"
    path = tmp_path / "libro.xlsx"
    book.save(path)
    assert not recalc_file(path, OPTIONS).ok
    again = recalc_file(path, OPTIONS)
    assert again.ok
    assert [(error.cell, error.reason) for error in again.own] == [("A1", ""), ("A2", "from Sheet!A1")]


def test_what_is_not_defined_yet_is_no_failure(tmp_path: Path) -> None:
    """PERF_SINTESI with mancanti = 1 gives #N/D until all is reported; what is calculated from it says where
    it comes from.
    """
    book = openpyxl.load_workbook(EXAMPLE)
    sheet = book["Sintesi"]
    sheet["P1"] = "=PERF_SINTESI(P3:P4,Q3:Q4,1)"
    sheet["P2"] = "=P1+1"
    sheet["P3"], sheet["Q3"], sheet["Q4"] = 100, 0.5, 0.5
    path = tmp_path / "libro.xlsx"
    book.save(path)
    recalc_file(path, OPTIONS)
    found = stored_errors(open_package(path))
    assert not found.template
    assert {(e.cell, e.error, e.reason) for e in found.own} == {
        ("P1", "#N/A", "not defined yet"),
        ("P2", "#N/A", "not defined yet, from Sintesi!P1"),
    }


def test_the_last_row_and_column_of_a_range_are_looked_at() -> None:
    # more cells in the ranges than there are errors on the sheet, and fewer
    cells = {"A30": "=1/A99", "B1": "=SUM(A10:A30)", "C1": "=SUM(A29:A30)", "D1": "=SUM(A10:A29)"}
    cells |= {"Z4": "=1/A99", "F1": "=SUM(D4:Z4)", "G1": "=SUM(D4:Y4)"}
    package = package_of(book(cells), {"Foglio": dict.fromkeys(cells, CellError.DIV0)})
    assert {found.cell: found.reason for found in stored_errors(package).own} == {
        "A30": "", "B1": "from Foglio!A30", "C1": "from Foglio!A30", "D1": "", "Z4": "",
        "F1": "from Foglio!Z4", "G1": "",
    }  # fmt: skip


def test_the_cause_is_found_through_tables_and_names(tmp_path: Path) -> None:
    """The row's own cell by its heading, a cell of another table by its key, a single cell by its name."""
    sheet, cell = _input()
    path = _with(tmp_path / "libro.xlsx", sheet, cell, "dodici")
    recalc_file(path, OPTIONS)
    found = {(error.sheet, error.cell): error.reason for error in recalc_file(path, OPTIONS).stored}
    traced = {place: reason for place, reason in found.items() if reason.startswith("from ")}
    score = next(place for place in found if place[0] == sheet and place[1].startswith("F"))
    assert traced[score] == f"from {sheet}!D{score[1][1:]}"
    assert {place[0] for place in traced} >= {sheet, "Sintesi"}
    untraced = {place for place in found if place not in traced}
    assert {place[0] for place in untraced} == {
        sheet
    }  # the ratio of the text itself, and sums that count errors
