"""Parts of the Calc add-in that need no LibreOffice: conversion of files, formulas that users enter, the
actions on Python 3.8.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict

import pytest

from tests import book_actions
from tests.official import EXAMPLES
from tests.test_addin_libreoffice import _pythons
from udfs.libreoffice import convert, entered
from xl_perf.actions.checking import check
from xl_perf.actions.facts import load_facts
from xl_perf.actions.reasons import explain_cell, what_is_missing
from xl_perf.actions.targets import plan_for, reload_targets
from xl_perf.addins.calc_sources import payload
from xl_perf.errors import UsageError, WorkbookError
from xl_perf.load.sources import read_tables
from xl_perf.package import open_package

EXAMPLE = EXAMPLES / "giacenza_esempio.xlsx"


# Conversion


def test_an_official_workbook_goes_to_calc_and_back(tmp_path):
    path = tmp_path / "giacenza.xlsx"
    shutil.copyfile(EXAMPLE, path)
    target = convert.beside(path, convert.CALC)
    assert target == tmp_path / "giacenza_calc.xlsx"
    found = convert.for_calc(path)
    convert.write(target, found)
    assert "XLPERF.PERF_SCORE" in _formulas(target)
    assert convert.for_calc(target) is None  # Calc calculates it already
    back = convert.beside(target, convert.EXCEL)
    assert back == tmp_path / "giacenza_excel.xlsx"
    convert.write(back, convert.for_excel(target))
    assert _formulas(back) == _formulas(path)
    assert path.read_bytes() == EXAMPLE.read_bytes()


def _formulas(path):
    package = open_package(path)
    return " ".join(cell.formula.text for info in package.sheets for cell in package.formula_cells(info.name))


def test_other_files_are_left_alone(tmp_path):
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "altro.xlsx")
    (tmp_path / "rotto.xlsx").write_bytes(b"PK")
    for name in ("altro.xlsx", "rotto.xlsx", "assente.xlsx", "foglio.ods"):
        assert convert.for_calc(tmp_path / name) is None
    with pytest.raises(WorkbookError, match="not saved as"):
        convert.for_excel(tmp_path / "foglio.ods")


def test_no_file_is_overwritten(tmp_path):
    path = tmp_path / "a_calc.xlsx"
    assert convert.free(path) == path
    path.touch()
    (tmp_path / "a_calc_2.xlsx").touch()
    assert convert.free(path) == tmp_path / "a_calc_3.xlsx"


# Formulas that users enter


@pytest.mark.parametrize(
    ("name", "fields", "formula"),
    [
        ("PERF_SCORE", ["A1", "30", "-1", ""], '=XLPERF.PERF_SCORE(IF(ISBLANK(A1);"";(A1));30;-1)'),
        ("PERF_SCORE", ["27,5", " 30 ", "", "0,05"], "=XLPERF.PERF_SCORE(27.5;30;;0.05)"),
        ("PERF_SINTESI", ["Dati.A1:A3", "$'Altri dati'.B1:B3"],
        "=XLPERF.PERF_SINTESI($Dati.A1:A3;$'Altri dati'.B1:B3)"),
        ("DEFLUSSO_INDEX", ["SUM(A1;A2)", "B1:B2"], "=XLPERF.DEFLUSSO_INDEX(SUM(A1;A2);B1:B2)"),
    ],
)  # fmt: skip
def test_entered_arguments(name, fields, formula):
    assert entered.formula_for(name, fields) == formula


def test_an_argument_is_missing():
    with pytest.raises(UsageError, match="«obiettivo» manca"):
        entered.formula_for("PERF_SCORE", ["A1", ""])


# The actions on an older Python

RUNNER = """
import json, sys
from dataclasses import asdict
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from xl_perf import plan
plan.use_whole()
from xl_perf.actions.checking import check
from xl_perf.actions.facts import load_facts
from xl_perf.actions.reasons import explain_cell, what_is_missing
from xl_perf.actions.targets import plan_for, reload_targets
from xl_perf.load.sources import read_tables
from xl_perf.package.workbook import open_package
package = open_package(sys.argv[2])
own = plan_for(package)
tables = read_tables(Path(sys.argv[3]))
answers = [
    reload_targets(package, own), load_facts(package, own, tables), what_is_missing(package), explain_cell(package),
    check(package),
]
print(json.dumps([asdict(answer) for answer in answers]))
"""


@pytest.mark.parametrize("template", book_actions.BOOKS)
def test_actions_run_on_the_oldest_python(template, tmp_path):
    """The packed sources alone, openpyxl with them, on the Python that LibreOffice for Windows brings along."""
    python = [*_pythons()[1:], *_pythons()][0]  # the oldest; without its own packages
    for name, source in payload():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    path, table = book_actions.spoiled(template, tmp_path)
    done = subprocess.run(
        [python, "-I", "-S", "-c", RUNNER, str(tmp_path / "pythonpath"), str(path), str(table)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout)
    package = open_package(path)
    plan = plan_for(package)
    mine = [
        reload_targets(package, plan), load_facts(package, plan, read_tables(table)), what_is_missing(package),
        explain_cell(package),
    ]  # fmt: skip
    for their, own in zip(theirs[:-1], mine, strict=True):
        assert book_actions.close(their, asdict(own)), own.title
    proof = "i dati non danno"
    own = [line.text for line in check(package).lines if proof not in line.text]
    assert [line[0] for line in theirs[-1]["lines"]][:-1] == own
    assert "non sono stati ricalcolati" in theirs[-1]["lines"][-1][0]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("=XLPERF.PERF_SINTESI($Dati.A:A;$Dati.B:B)",
         "=XLPERF.PERF_SINTESI(XLPERF.USATO($Dati.A:A);XLPERF.USATO($Dati.B:B))"),
        ('=IF(D1;XLPERF.PERF_SINTESI($A:$A;B:B;1);"A:A;")',
         '=IF(D1;XLPERF.PERF_SINTESI(XLPERF.USATO($A:$A);XLPERF.USATO(B:B);1);"A:A;")'),
        *((same, same) for same in (
            "=XLPERF.PERF_SINTESI(XLPERF.USATO(A:A);XLPERF.USATO(B:B))",
            "=XLPERF.PERF_SINTESI($Dati.A:A;B:B)",  # two sheets may use different rows
            "=XLPERF.PERF_SCORE(A1;B1)",  # cells are not guarded behind the user's back
            "=SUM(A:A)",
            "=XLPERF.PERF_SINTESI(A:A;B:B)+SUM({1;2|3;4})+SUM(C1:C2~D1)",  # a union cannot be said in Excel's English
        )),
    ],
)  # fmt: skip
def test_typed_whole_columns(typed, expected):
    assert entered.quicker(typed) == expected
