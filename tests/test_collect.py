"""`xl-perf collect`: what is accepted and what is refused, proof of a file, what quadratura.xlsx says."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from tests.collected import filled, result, retyped
from xl_perf.cli import FAILED, OK, USAGE, main
from xl_perf.collect.nation import Nation
from xl_perf.collect.read import read_all
from xl_perf.contract import Identity, read_inputs
from xl_perf.package import open_package
from xl_perf.plan import load_edition
from xl_perf.templates.build import build_scorecard, build_workbook

PERIOD = "2021-T3"
SMALL = ("MOLISE", "UMBRIA")
LINE = "sussidiarieta.umbria.dcm_roma"
SUMMARY = {"deliveries": 2, "missing": 21}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Two scorecards with example data, and files that cannot be added up."""
    plan, home = load_edition(), tmp_path_factory.mktemp("consegne")
    for structure in SMALL:
        path = home / f"{structure.lower()}.xlsx"
        path.write_bytes(build_scorecard(plan, structure, 3, example=True))
    (home / "altro_trimestre.xlsx").write_bytes(build_scorecard(plan, "LIGURIA", 2))
    (home / "giacenza.xlsx").write_bytes(build_workbook(plan, "giacenza", example=False))
    (home / "nazionale.xlsx").write_bytes(build_scorecard(plan, "NAZIONALE", 3))
    (home / "rotto.xlsx").write_bytes(b"no workbook")
    return home


def collected(home, tmp_path, *files, options=(), status=None):
    """Runs the command on some files of the folder; gives the status and the report."""
    tmp_path.mkdir(exist_ok=True)
    report = tmp_path / "report.json"
    paths = [str(path if hasattr(path, "parts") else home / path) for path in files]
    found = main(
        [
            "collect",
            *paths,
            "--period",
            PERIOD,
            "--out",
            str(tmp_path / "out"),
            "--json",
            str(report),
            *options,
        ]
    )
    if status is not None:
        assert found == status
    return json.loads(report.read_text(encoding="utf-8"))


def sheet(tmp_path, name):
    """The rows of a sheet of quadratura.xlsx below its headings."""
    book = load_workbook(tmp_path / "out" / "quadratura.xlsx")
    return list(book[name].iter_rows(min_row=4, values_only=True))


def test_two_of_23(home, tmp_path):
    """Missing structures are named; they fail with --strict only."""
    files = ("molise.xlsx", "umbria.xlsx")
    report = collected(home, tmp_path, *files, status=OK)
    assert {key: len(report[key]) for key in SUMMARY} == SUMMARY
    assert "LIGURIA" in report["missing"]
    assert not report["differences"]
    assert not report["refusals"]
    summary = dict(row[:2] for row in sheet(tmp_path, "Sintesi"))
    assert summary["Consegne nelle somme"] == "2 di 23"
    assert "LIGURIA" in summary["Mancano"]
    assert "MOLISE" not in summary["Mancano"]
    scores = {row[0]: row for row in sheet(tmp_path, "Punteggi")}
    assert sorted(row[1] for row in scores.values() if row[1]) == [1, 2]
    assert scores["MOLISE"][2] == result(home / "molise.xlsx", "scheda").value
    collected(home, tmp_path, *files, options=["--strict"], status=FAILED)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("altro_trimestre.xlsx", "period 2021-T2"),
        ("giacenza.xlsx", "scorecards are collected"),
        ("nazionale.xlsx", "is no region"),
        ("rotto.xlsx", ""),
    ],
)
def test_files_that_cannot_be_added_up(home, tmp_path, file, why):
    """Each is refused with its reason; the others are collected all the same."""
    report = collected(home, tmp_path, "molise.xlsx", file, status=FAILED)
    assert [refusal["path"] for refusal in report["refusals"]] == [str(home / file)]
    assert why in report["refusals"][0]["why"]
    assert [delivery["structure"] for delivery in report["deliveries"]] == ["MOLISE"]
    assert sheet(tmp_path, "File non sommati")[0][1] == str(home / file)


def test_a_structure_twice(home, tmp_path):
    """Neither counts, until one is chosen."""
    copy = tmp_path / "molise_2.xlsx"
    shutil.copy(home / "molise.xlsx", copy)
    report = collected(home, tmp_path, "molise.xlsx", copy, "umbria.xlsx", status=FAILED)
    assert [refusal["structure"] for refusal in report["refusals"]] == ["MOLISE", "MOLISE"]
    assert "--take" in report["refusals"][0]["why"]
    report = collected(home, tmp_path, "molise.xlsx", copy, options=["--take", str(copy)])
    assert [delivery["path"] for delivery in report["deliveries"]] == [str(copy)]


def test_another_edition_and_fingerprint(home, tmp_path):
    package = open_package(home / "molise.xlsx")
    cells = {str(cell.value): cell for cell in package.cells("Metadati") if isinstance(cell.value, str)}
    for key in ("edizione", "impronta_dati"):
        copy = tmp_path / f"{key}.xlsx"
        shutil.copy(home / "molise.xlsx", copy)
        place = cells[key].row, cells[key].column + 1
        retyped(
            copy,
            "Metadati",
            place,
            lambda cell: re.sub(
                r'<c r="(\w+)".*',
                r'<c r="\1" t="inlineStr"><is><t>piano-1</t></is></c>',
                cell,
                flags=re.DOTALL,
            ),
        )
        report = collected(home, tmp_path, copy, "umbria.xlsx", status=FAILED)
        assert "xl-perf sync" in report["refusals"][0]["why"]
        assert [delivery["structure"] for delivery in report["deliveries"]] == ["UMBRIA"]


def test_an_error_in_the_score(home, tmp_path):
    copy = tmp_path / "molise.xlsx"
    shutil.copy(home / "molise.xlsx", copy)
    score = result(copy, "scheda")
    retyped(
        copy,
        score.sheet,
        score.key,
        lambda cell: re.sub(r"<v>.*</v>", "<v>#N/A</v>", cell).replace("<c ", '<c t="e" ', 1),
    )
    report = collected(home, tmp_path, copy, status=FAILED)
    assert "are errors" in report["refusals"][0]["why"]
    assert score.cell in report["refusals"][0]["why"]


def test_an_overtyped_result(home, tmp_path):
    """A number in the place of a formula of a result: the file does not count."""
    copy = tmp_path / "molise.xlsx"
    shutil.copy(home / "molise.xlsx", copy)
    score = result(copy, "scheda.finanza.spesa")
    retyped(
        copy, score.sheet, score.key, lambda cell: re.sub(r"<f.*</f><v>.*</v>|<f.*</v>", "<v>120</v>", cell)
    )
    report = collected(home, tmp_path, copy, "umbria.xlsx", status=FAILED)
    assert "are no formulas" in report["refusals"][0]["why"]
    assert "MOLISE" in report["missing"]


def test_five_points_typed_into_the_formula(home, tmp_path):
    """The file says 5 more than its facts: both numbers are shown, at the node where the difference begins."""
    copy = tmp_path / "molise.xlsx"
    shutil.copy(home / "molise.xlsx", copy)
    score = result(copy, "scheda")
    true = score.value

    def more(cell):
        cell = re.sub(r"<v>.*</v>", f"<v>{true + 5!r}</v>", cell)
        return re.sub(r"</f>", "+5</f>", cell)

    retyped(copy, score.sheet, score.key, more)
    report = collected(home, tmp_path, copy, status=FAILED)
    assert [(d["cell"], d["file"], d["facts"], d["begins"]) for d in report["differences"]] == [
        (score.cell, pytest.approx(true + 5), pytest.approx(true), True)
    ]
    row = sheet(tmp_path, "Prova dei file")[0]
    assert row[3:] == (pytest.approx(true + 5), pytest.approx(true), "sì")


def test_a_difference_below_begins_below(home, tmp_path):
    """A score of an objective changed with what follows from it: the objective is where it begins."""
    copy = tmp_path / "molise.xlsx"
    shutil.copy(home / "molise.xlsx", copy)
    for node, plus in (("scheda.finanza.spesa", 4), ("scheda.finanza", 1), ("scheda", 0.2)):
        score = result(copy, node)
        new = score.value + plus
        retyped(
            copy, score.sheet, score.key, lambda cell, new=new: re.sub(r"<v>.*</v>", f"<v>{new!r}</v>", cell)
        )
    report = collected(home, tmp_path, copy, status=FAILED)
    begins = {d["result"].partition("#")[0]: d["begins"] for d in report["differences"]}
    assert begins == {"scheda": False, "scheda.finanza": False, "scheda.finanza.spesa": True}


def test_settings_that_are_not_the_plans(home, tmp_path):
    """Named; the example has shares of the quarters where the plan has none: three projects and Ge.M.P.I.,
    four each.
    """
    report = collected(home, tmp_path, "molise.xlsx", status=OK)
    assert len(report["settings"]) == 16
    assert all("alternativo" in setting["setting"] for setting in report["settings"])
    assert len(sheet(tmp_path, "Impostazioni")) == 16


def test_two_witnesses(tmp_path):
    """Umbria and DCM Roma report the same line: who works it counts, and the difference is listed."""
    plan = load_edition()
    for structure, value in (("UMBRIA", 1_000), ("DCM ROMA", 1_250)):
        path = tmp_path / f"{structure}.xlsx"
        path.write_bytes(
            filled(plan, "scheda_territoriale", lambda one, v=value: v if one.item == LINE else None,
                   structure=structure, quarter=3)
        )  # fmt: skip
    report = collected(tmp_path, tmp_path, "DCM ROMA.xlsx", "UMBRIA.xlsx")
    assert [(w["taken"], w["other"]) for w in report["witnesses"]] == [(1_000, 1_250)]
    national = read_inputs(open_package(tmp_path / "out" / "scheda_nazionale_2021_T3.xlsx"))
    assert [one.value for one in national.of() if one.identity.item == LINE] == [1_000]
    assert sheet(tmp_path, "Due testimoni")[0][1] == 1_000


def test_scores_of_quarters_before_are_not_those_of_this_one(home, tmp_path):
    """A score that the nation cannot sum is the one of the quarter, whatever the sheet Andamento holds of others."""
    plan, path = load_edition(), tmp_path / "molise.xlsx"
    package = open_package(home / "molise.xlsx")
    code = plan.model("scheda_territoriale").role("albero")
    first = Identity(code, "punteggio", "MOLISE", "2021-T1")
    before = next(one for one in read_inputs(package).of() if one.identity == first)
    path.write_bytes(package.patch({before.sheet: {before.key: 91.0}}, insert=True))
    collection = read_all([path], plan, PERIOD)
    (fact,) = Nation(collection, plan).facts([replace(first, period=PERIOD)])
    assert fact.value == result(home / "molise.xlsx", code).value != 91.0
    assert collection.witnesses == []


def test_the_order_of_the_files_changes_nothing(home, tmp_path):
    first = collected(home, tmp_path / "a", "molise.xlsx", "umbria.xlsx")
    second = collected(home, tmp_path / "b", "umbria.xlsx", "molise.xlsx")
    assert first["deliveries"] == second["deliveries"]
    assert first["missing"] == second["missing"]


def test_delivered_files_stay_as_they_are(home, tmp_path):
    before = (home / "molise.xlsx").read_bytes()
    collected(home, tmp_path, "molise.xlsx")
    assert (home / "molise.xlsx").read_bytes() == before


def test_wrong_period(home, tmp_path):
    assert main(["collect", str(home / "molise.xlsx"), "--period", "2021", "--out", str(tmp_path)]) == USAGE
