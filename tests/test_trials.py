"""prove.xlsx: all its verdicts are ok where the functions are right, and one wrong result shows; the page of trials."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests import calc_office, lambda_engines
from tests.cases.loader import Case, load_cases
from tests.test_open_xml import errors, validator  # noqa: F401  # a fixture
from xl_perf.addins.lambda_edition import excluded
from xl_perf.addins.libreoffice import build
from xl_perf.catalog import FUNCTIONS
from xl_perf.package import Package
from xl_perf.recalc import recalculate_package
from xl_perf.release import trials
from xl_perf.release.trials import OK, WRONG
from xl_perf.release.trials import main as write_trials
from xl_perf.relink import Dialect
from xl_perf.values import CellError

PAGE = Path(__file__).parents[1] / "docs" / "prove-excel.md"
VERDICT = 4
TOTAL, ANSWER, FIRST = (11, 2), (9, 2), (12, 2)


def recalculated(data):
    done = recalculate_package(Package(data, Path("prove.xlsx")))
    assert done.kept == ()
    return done.changes


@pytest.fixture(scope="module")
def excel():
    return trials.trials()


@pytest.fixture(scope="module")
def values(excel):
    return recalculated(excel.data)


def test_every_case_that_a_file_can_hold_is_there(excel):
    left_out = Counter(case.title.partition(" in ")[0] for case in load_cases())
    newer = {title for title in left_out if re.fullmatch(r"errore #(SPILL!|CALC!|GETTING_DATA)", title)}
    assert len(newer) == 3
    assert len(excel.rows) == len(load_cases()) - sum(left_out[title] for title in newer)
    assert {row.case.function for row in excel.rows} == set(FUNCTIONS)


def test_the_engine_gives_every_expected_value(excel, values):
    assert {values["Casi"][row.row, VERDICT] for row in excel.rows} == {OK}
    cover = values["Prove"]
    assert (cover[TOTAL], cover[ANSWER], cover[FIRST]) == ("ok", "sì", "nessuno")


def test_it_holds_no_results_and_no_macros(excel):
    package = Package(excel.data, Path("prove.xlsx"))
    assert not [name for name in package.archive.names() if "vba" in name.lower()]
    cells = [cell for cell in package.cells("Casi") if cell.formula]
    assert len(cells) > len(excel.rows)
    assert all(cell.value is None or cell.value == "" for cell in cells)


WRONG_CASES = [
    (100, "un numero diverso"),
    (110 + 1e-6, "un numero un po' diverso"),
    (CellError.NA, "un errore al posto di un numero"),
    ("", "un vuoto al posto di un numero"),
    ("110", "un testo al posto di un numero"),
    (True, "un valore logico al posto di un numero"),
    ([[110], [100]], "un intervallo con una cella diversa"),
]


def test_a_wrong_result_says_no(monkeypatch):
    """Expected values that PERF_SCORE(27;30;-1) = 110 does not have, and the right one."""
    cases = [Case("PERF_SCORE", title, (27, 30, -1), expected, "a mano") for expected, title in WRONG_CASES]
    cases += [
        Case("PERF_SCORE", "giusto", (27, 30, -1), 110, "a mano"),
        Case("PERF_SCORE", "un altro errore", (27, 0, -1), CellError.NA, "a mano"),
        Case("PERF_SCORE", "un numero al posto di un errore", (27, 0, -1), 110, "a mano"),
        Case("PERF_SCORE", "un numero al posto di un vuoto", ("", 30, -1), 110, "a mano"),
        Case("PERF_SPIEGA", "un altro testo", ("PERF_SCORE", 27, 30), "altro", "a mano"),
    ]
    monkeypatch.setattr(trials, "load_cases", lambda: cases)
    made = trials.trials()
    found = recalculated(made.data)
    verdicts = {row.case.title: found["Casi"][row.row, VERDICT] for row in made.rows}
    assert verdicts == {case.title: OK if case.title == "giusto" else WRONG for case in cases}
    assert found["Prove"][TOTAL] == "NO"
    assert found["Prove"][FIRST] == f"riga {made.rows[0].row} del foglio Casi"


def test_the_lambda_edition_gives_them_too():
    lambda_engines.require("formulon")
    made = trials.trials(Dialect.LAMBDA)
    value_at = lambda_engines.formulon_values(Package(made.data, Path("prove.xlsx")))
    found = Counter(value_at(1, row.row, VERDICT) for row in made.rows)
    assert found[WRONG] == 0
    assert found[OK] == len(made.rows) - 1  # the one of docs/matrice.md, f
    assert value_at(0, *TOTAL) == "ok"
    assert not {row.case.function for row in made.rows} & set(excluded())


@pytest.mark.libreoffice
def test_calc_gives_them_too(tmp_path):
    calc_office.require_office()
    made = trials.trials(Dialect.CALC)
    path = tmp_path / "prove.xlsx"
    path.write_bytes(made.data)
    folder, profile = calc_office.install(build(tmp_path))
    try:
        (sheets,) = calc_office.run(profile, {"do": "recalc", "path": str(path)})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    verdicts = Counter(sheets["Casi"][f"{row.row},{VERDICT}"][1] for row in made.rows)
    assert verdicts[WRONG] == 0
    assert verdicts[OK] > 0.8 * len(made.rows)
    assert sheets["Prove"]["11,2"][:2] == ["text", "ok"]


def test_it_is_valid_for_the_sdk(validator, tmp_path, capsys):  # noqa: F811
    for program in ("excel", "lambda"):
        path = tmp_path / f"{program}.xlsx"
        write_trials(["--for", program, "--out", str(path)])
        assert capsys.readouterr().out.strip() == str(path)
        assert errors(validator, path) == []


def test_a_trial_that_somebody_did_names_version_and_date():
    """Every row of the page is a trial: number, what to do, what to see, then result, version and date, all or none."""
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| [A-Z]\d+ \|", line)
    ]
    assert len(rows) > 25
    assert all(len(row) == 6 and row[1] and row[2] for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    assert all(all(row[3:]) or not any(row[3:]) for row in rows)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row[5]) for row in rows if row[5])


def test_the_guides_point_to_the_page():
    for name in ("excel", "lambda", "office"):
        text = (PAGE.parent / "guida" / f"{name}.md").read_text(encoding="utf-8")
        assert "](../prove-excel.md" in text, name
