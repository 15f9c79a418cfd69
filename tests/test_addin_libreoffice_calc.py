"""The add-in in a real LibreOffice: installed in a private profile, worked cases, official workbooks, round trips."""

from __future__ import annotations

import shutil

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests import calc_office
from tests.cases.loader import load_cases
from tests.official import WORKBOOKS
from xl_perf import __version__
from xl_perf.addins.libreoffice import build
from xl_perf.catalog import FUNCTIONS
from xl_perf.package import open_package
from xl_perf.plan import edition_ids
from xl_perf.relink import Dialect, relink_paths
from xl_perf.values import CellError

pytestmark = pytest.mark.libreoffice

WRONG = 98765.4321  # put into every cached value, so that nothing but a calculation can give the right one

# Codes of LibreOffice's documentation ("Error Codes in LibreOffice Calc").
CODES = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}
ERROR_IN_RANGE = 504
ADD_IN_CATEGORY = 11


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    calc_office.require_office()
    folder, profile = calc_office.install(build(tmp_path_factory.mktemp("addin")))
    yield profile
    shutil.rmtree(folder, ignore_errors=True)


def _relinked(paths, folder):
    reports = relink_paths(paths, Dialect.CALC, out=folder)
    assert [report.error for report in reports if report.error] == []
    return [report.written for report in reports]


def _agrees(found, expected, tolerance=1e-9):
    kind, value, _ = found
    if isinstance(expected, CellError):
        return kind == "error" and value == CODES.get(str(expected), CODES["#VALUE!"])
    if isinstance(expected, str) or expected is None:
        return kind == "text" and value == (expected or "")
    return kind == "number" and abs(value - expected) <= max(tolerance, 1e-9) * max(1, abs(expected))


# Worked cases


def _flat(value):
    return [cell for row in value for cell in row] if isinstance(value, list) else [value]


def _has_boolean(case):
    return any(isinstance(cell, bool) for argument in case.arguments for cell in _flat(argument))


def _has_error_in_range(case):
    return any(
        isinstance(c, CellError) and c in CODES
        for a in case.arguments
        if isinstance(a, list)
        for c in _flat(a)
    )


def _has_two_errors(case):
    return (
        len({cell for argument in case.arguments for cell in _flat(argument) if isinstance(cell, CellError)})
        > 1
    )


class _Cases:
    """A workbook with every case: arguments in cells, the formula in the first column, as Excel would store it."""

    def __init__(self, cases):
        self.book = openpyxl.Workbook()
        self.sheet = self.book.active
        self.places = [(case, *self._add(case)) for case in cases]

    def _add(self, case):
        top = self.sheet.max_row + 2
        row = top
        references = []
        for argument in case.arguments:
            lines = argument if isinstance(argument, list) else [[argument]]
            for offset, line in enumerate(lines):
                for column, value in enumerate(line, start=10):
                    self.sheet.cell(row + offset, column).value = value if value != "" else None
            corners = (
                self.sheet.cell(row, 10).coordinate,
                self.sheet.cell(row + len(lines) - 1, 9 + len(lines[0])).coordinate,
            )
            references.append(":".join(corners) if isinstance(argument, list) else corners[0])
            row += len(lines)
        formula = f"={case.function}({','.join(references)})"
        expected = case.expected if isinstance(case.expected, list) else [[case.expected]]
        if isinstance(case.expected, list):
            area = f"A{top}:{self.sheet.cell(top + len(expected) - 1, len(expected[0])).coordinate}"
            self.sheet[f"A{top}"] = ArrayFormula(area, formula)
        else:
            self.sheet[f"A{top}"] = formula
        self.sheet.cell(max(row, top + len(expected)), 1).value = None
        return top, expected


def test_worked_cases(profile, tmp_path):
    """Every case of the functions. What the host forces is left out or named: see docs/guida/libreoffice.md."""
    cases = [case for case in load_cases() if not _has_boolean(case)]
    work = _Cases(cases)
    work.book.save(tmp_path / "casi.xlsx")
    (path,) = _relinked([tmp_path / "casi.xlsx"], tmp_path / "calc")
    ((sheet,),) = [
        list(answer.values()) for answer in calc_office.run(profile, {"do": "recalc", "path": str(path)})
    ]
    wrong = []
    for case, top, expected in work.places:
        for row, line in enumerate(expected):
            for column, value in enumerate(line):
                found = sheet[f"{top + row},{column + 1}"]
                if _has_error_in_range(case):
                    good = found[:2] == ["error", ERROR_IN_RANGE]
                elif _has_two_errors(case):  # Calc passes on the last one
                    good = found[0] == "error" and found[1] in CODES.values()
                else:
                    good = _agrees(found, value, case.tolerance)
                if not good:
                    wrong.append(f"{case}: {found}, expected {value!r}")
    assert wrong == []
    assert len(work.places) > 500
    assert sum(map(_has_error_in_range, cases)) > 10


# Official workbooks


def _with_wrong_values(path, target):
    """A copy whose formula cells all hold a wrong cached value."""
    package = open_package(path)
    changes = {
        sheet.name: {
            (cell.row, cell.column): WRONG for cell in package.cells(sheet.name) if cell.formula is not None
        }
        for sheet in package.sheets
    }
    target.write_bytes(package.patch(changes))


@pytest.mark.skipif(not WORKBOOKS, reason="no official workbooks are built")
def test_official_workbooks_calculate_to_their_cached_values(profile, tmp_path):
    (tmp_path / "in").mkdir()
    copies = []
    for path in WORKBOOKS:
        copies.append(tmp_path / "in" / path.name)
        _with_wrong_values(path, copies[-1])
    relinked = _relinked(copies, tmp_path / "calc")
    answers = calc_office.run(profile, *({"do": "recalc", "path": str(path)} for path in relinked))
    wrong = []
    counted = 0
    for path, answer in zip(WORKBOOKS, answers, strict=True):
        package = open_package(path)
        for sheet in package.sheets:
            for cell in package.cells(sheet.name):
                if cell.formula is None:
                    continue
                counted += 1
                found = answer[sheet.name].get(f"{cell.row},{cell.column}")
                if found is None or not _agrees(found, cell.value):
                    wrong.append(
                        f"{path.name} {sheet.name} {cell.row},{cell.column}: {found}, stored {cell.value!r}"
                    )
    assert wrong == []
    assert counted > 1000


# Typing, saving, wizard


USED_ROWS = 50


def test_formulas_typed_by_hand(profile):
    cells = {
        f"J{USED_ROWS}": 1,
        "A1": 27,
        "A2": 30,
        "A3": "=NA()",
        "B1": 10,
        "B2": 20,
        "C1": 0.25,
        "C2": 0.75,
    }
    expected = {
        "=XLPERF.PERF_SCORE(A1;A2;-1)": 110.0,  # 100 * (1 + 3/30)
        "=xlperf.perf_score(A1;A2;-1)": 110.0,
        "=XLPERF.PERF_SCORE(A1;A2;-1;0,05)": 105.0,  # capped at 5%
        "=XLPERF.PERF_SCORE(A3;A2)": CellError.NA,
        "=XLPERF.PERF_SCORE(A1;0)": CellError.DIV0,
        '=XLPERF.PERF_SCORE("x";A2)': CellError.VALUE,
        "=XLPERF.PERF_SCORE(A1;-1)": CellError.NUM,
        "=XLPERF.PERF_SCORE(D1:D1;A2)": "",  # a range of one empty cell
        '=XLPERF.PERF_SCORE(IF(ISBLANK(D1);"";(D1));A2)': "",
        "=XLPERF.PERF_SINTESI(B1:B2;C1:C2)": 17.5,  # 10 * 0.25 + 20 * 0.75
        "=XLPERF.PERF_SINTESI(B:B;C:C)": 17.5,
        "=XLPERF.PERF_SINTESI(XLPERF.USATO(B:B);XLPERF.USATO(C:C))": 17.5,
        "=XLPERF.OMOGENEIZZA(XLPERF.USATO($B:$B);XLPERF.USATO($C:$C))": 17.5,
        "=XLPERF.PERF_SINTESI(XLPERF.USATO(A:A);XLPERF.USATO(C:C))": CellError.VALUE,  # A3 holds an error
        "=XLPERF.PERF_SINTESI(XLPERF.USATO(E5000:E9000);XLPERF.USATO(F5000:F9000))": "",  # nothing there is used
        "=ROWS(XLPERF.USATO(B:B))": float(USED_ROWS),
        "=XLPERF.PERF_COPERTURA(B1:B2;C1:C2)+1": 2.0,
        "=SUM(XLPERF.DEFLUSSO_INDEX(B1:B2;10))": 3.0,  # 10/10 + 20/10
        "=XLPERF.DEFLUSSO_INDEX(B1:B2;10)": 1.0,  # not an array formula: the first element
        "=SUMPRODUCT(XLPERF.DEFLUSSO_INDEX(B1:B2;10))": 3.0,
        "=IF(XLPERF.DEFLUSSO_INDEX(B2;B1)>=1;1;0)": 1.0,
        '=XLPERF.OBIETTIVO("giacenza.prestazioni_servizi";"sconosciuta")': CellError.NA,
        "=XLPERF.VERSIONE()": f"{__version__} ({', '.join(edition_ids())})",
    }
    formulas = [formula.replace("0,05", "0.05") for formula in expected]
    (answers,) = calc_office.run(profile, {"do": "type", "cells": cells, "formulas": formulas})
    wrong = [
        (found, value)
        for found, value in zip(answers, expected.values(), strict=True)
        if not _agrees(found, value)
    ]
    assert wrong == []


def test_whole_columns_typed_by_hand_are_cut(profile):
    cells = {"A1": 10, "A2": 20, "B1": 0.25, "B2": 0.75}
    job = {"do": "enter", "cells": cells, "change": ["A1", 30], "wait": 30}
    plain, cut = "=XLPERF.PERF_SINTESI(A:A;B:B)", "=XLPERF.PERF_SINTESI(XLPERF.USATO(A:A);XLPERF.USATO(B:B))"
    within = "=ROUND({};1)+SUM(A:A)"
    long, short = (within.format(formula[1:]) for formula in (plain, cut))
    answers = calc_office.run(
        profile,
        {**job, "formula": plain, "until": cut},
        {**job, "formula": long, "until": short},
        {**job, "formula": "=SUM(A:A)", "until": "=SUM(A:A)"},
    )
    # 10 * 0.25 + 20 * 0.75 = 17.5, and 22.5 with 30 in A1; undoing the entry leaves nothing of it
    assert answers == [
        [cut, 17.5, 22.5, ""],
        [short, 47.5, 72.5, ""],  # and 10 + 20, 30 + 20
        ["=SUM(A:A)", 30.0, 50.0, ""],
    ]


def test_saved_and_opened_again(profile, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([27, 30])
    sheet["D1"] = "=PERF_SCORE(A1,B1,-1)"  # 100 * (1 + 3/30)
    sheet["D2"] = "=PERF_SCORE(C1,B1,-1)"  # C1 is empty
    sheet["D3"] = "=PERF_SCORE(A1,0)"
    sheet["D4"] = "=SUM(D1,1)"
    sheet["D5"] = '=OBIETTIVO("giacenza.prestazioni_servizi","sconosciuta")'
    book.save(tmp_path / "prova.xlsx")
    (path,) = _relinked([tmp_path / "prova.xlsx"], tmp_path / "calc")
    copies = {str(tmp_path / "copia.xlsx"): "Calc MS Excel 2007 XML", str(tmp_path / "copia.ods"): "calc8"}
    first, *again = calc_office.run(
        profile,
        {"do": "recalc", "path": str(path), "save": copies},
        *({"do": "recalc", "path": copy, "hard": hard} for copy in copies for hard in (False, True)),
    )
    expected = {"1,4": 110.0, "2,4": "", "3,4": CellError.DIV0, "4,4": 111.0, "5,4": CellError.NA}
    for answer in (first, *again):
        cells = answer["Sheet"]
        assert [at for at, value in expected.items() if not _agrees(cells[at], value)] == []
        assert cells["1,4"][2] == '=XLPERF.PERF_SCORE(IF(ISBLANK(A1);"";(A1));IF(ISBLANK(B1);"";(B1));-1)'
    saved = open_package(tmp_path / "copia.xlsx")
    stored = {(cell.row, cell.column): cell for cell in saved.cells("Sheet")}
    assert (
        stored[1, 4].formula.text == 'XLPERF.PERF_SCORE(IF(ISBLANK(A1),"",(A1)),IF(ISBLANK(B1),"",(B1)),-1)'
    )
    assert stored[1, 4].value == 110
    (report,) = relink_paths([tmp_path / "copia.xlsx"], Dialect.EXCEL, out=tmp_path / "excel")
    back = {(cell.row, cell.column): cell.formula for cell in open_package(report.written).cells("Sheet")}
    assert back[1, 4].text == "PERF_SCORE(A1,B1,-1)"
    assert back[2, 4].text == "PERF_SCORE(C1,B1,-1)"


def test_function_wizard(profile):
    """LibreOffice in its own language here shows the English texts, or the Italian ones; names and order are fixed."""
    (wizard,) = calc_office.run(profile, {"do": "wizard"})
    assert set(wizard) == {f"XLPERF.{name}" for name in (*FUNCTIONS, "USATO", "VERSIONE")}
    for name, function in FUNCTIONS.items():
        description, category, arguments = wizard[f"XLPERF.{name}"]
        assert description
        assert category == ADD_IN_CATEGORY
        assert len(arguments) == len(function.arguments)
        assert all(title != "###" and text != "###" for title, text, _ in arguments), arguments
