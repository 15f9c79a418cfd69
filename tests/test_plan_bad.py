"""Every mistake in the data of a plan is refused with the file, the line and the key.

A directory of bad_plans holds one wrong file, which replaces the file of the toy plan (or joins it), and expected.txt:
one fragment of the message a line.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xl_perf.errors import PlanError
from xl_perf.plan import load_directory

TESTS = Path(__file__).parent
BAD = sorted((TESTS / "bad_plans").iterdir())


def test_there_are_bad_plans():
    assert len(BAD) > 80


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.name)
def test_bad_plan_is_refused(bad, tmp_path):
    plan = tmp_path / "plan"
    shutil.copytree(TESTS / "toy_plan", plan)
    for file in bad.iterdir():
        if file.name != "expected.txt":
            shutil.copy(file, plan / file.name)
    with pytest.raises(PlanError) as caught:
        load_directory(plan)
    message = str(caught.value)
    for fragment in (bad / "expected.txt").read_text(encoding="utf-8").splitlines():
        assert fragment in message, message


@pytest.mark.parametrize(
    "name",
    [
        "edition.toml",
        "strutture.csv",
        "indicatori.toml",
        "tabelle.toml",
        "parametri.toml",
        "controllo_processo.toml",
        "difetti.toml",
        "tabella_b.csv",
    ],
)
def test_missing_file_is_named(name, tmp_path):
    plan = tmp_path / "plan"
    shutil.copytree(TESTS / "toy_plan", plan)
    (plan / name).unlink()
    with pytest.raises(PlanError, match=rf"plan/{name}.*missing"):
        load_directory(plan)


def test_missing_directory(tmp_path):
    with pytest.raises(PlanError, match=r"nowhere: no such directory"):
        load_directory(tmp_path / "nowhere")


def test_directory_among_the_files(tmp_path):
    plan = tmp_path / "plan"
    shutil.copytree(TESTS / "toy_plan", plan)
    (plan / "vecchio").mkdir()
    with pytest.raises(PlanError, match="vecchio: a directory among the plan data"):
        load_directory(plan)


def test_hidden_files_do_not_count(tmp_path):
    plan = tmp_path / "plan"
    shutil.copytree(TESTS / "toy_plan", plan)
    (plan / ".DS_Store").write_bytes(b"\x00")
    assert load_directory(plan).data_hash == load_directory(TESTS / "toy_plan").data_hash
