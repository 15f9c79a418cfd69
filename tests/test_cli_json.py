"""`--json FILE` on every command that prints a table: it is there, and what it writes is what is printed."""

from __future__ import annotations

import argparse
import importlib
import json
import shutil

import pytest

from tests.official import EXAMPLES
from xl_perf.catalog import FUNCTIONS
from xl_perf.cli import COMMANDS, USAGE, main
from xl_perf.plan import load_edition

NO_TABLE = {
    "new", "addin", "completion", "report", "edition install", "edition amend", "edition remove",
}  # fmt: skip
"""They write files, or print a text that is no table."""
OTHERWISE = {"recalc": "--report", "sync": "--report"}
"""Where the report has had its name for longer."""
SCORECARD = EXAMPLES / "scheda_territoriale_esempio.xlsx"


def _parsers() -> dict[str, argparse.ArgumentParser]:
    """Command, or command and its action -> parser."""
    found = {}
    for command, (module, _) in COMMANDS.items():
        parser = argparse.ArgumentParser()
        importlib.import_module(f"xl_perf.cli.{module}").configure(parser)
        actions = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        for action in actions:
            found |= {f"{command} {name}": child for name, child in action.choices.items()}
        if not actions:
            found[command] = parser
    return found


def test_every_command_that_prints_a_table_writes_it_as_json():
    lacking = []
    for name, parser in _parsers().items():
        option = OTHERWISE.get(name, "--json")
        if (option in parser._option_string_actions) == (name in NO_TABLE):
            lacking.append((name, option))
    assert lacking == []
    assert set(_parsers()) >= NO_TABLE | set(OTHERWISE)


def _written(arguments: list[str], folder, status: int = 0):
    out = folder / "out.json"
    assert main([*arguments, "--json", str(out)]) == status
    return json.loads(out.read_text(encoding="utf-8"))


def test_targets(tmp_path, capsys):
    found = _written(["plan", "show", "giacenza", "GENOVA"], tmp_path)
    said = capsys.readouterr().out
    assert len(found) == said.count("GENOVA  ")
    first = found[0]
    plan = load_edition()
    assert plan.target(first["indicator"], "GENOVA", first["period"]).value == first["value"]
    assert first["unit"] == "giorni"


def test_checks(tmp_path):
    found = _written(["plan", "check"], tmp_path)
    assert found["ok"] is True
    assert {check["status"] for check in found["checks"]} <= {"ok", "known defect", "does not apply"}
    assert all(
        figure["agrees"] or figure["defect"] for check in found["checks"] for figure in check["figures"]
    )


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["plan", "amendments"], "act"),
        (["plan", "civ", "IS"], "projects"),
        (["plan", "about", "linee"], "aspect"),
        (["plan", "editions"], "id"),
        (["edition", "list"], "id"),
    ],
)
def test_lists(arguments, key, tmp_path):
    found = _written(arguments, tmp_path)
    assert found
    assert all(key in one for one in found)


def test_differences(tmp_path):
    found = _written(["plan", "diff", "piano-2020-2022", "piano-2021-2023"], tmp_path)
    assert (found["first"], found["second"]) == ("piano-2020-2022", "piano-2021-2023")
    assert {one["change"] for one in found["differences"]} == {"added", "removed", "changed"}


def test_functions(tmp_path):
    assert [one["name"] for one in _written(["functions"], tmp_path)] == list(FUNCTIONS)
    one = _written(["functions", "PERF_SCORE"], tmp_path)
    assert [argument["name"] for argument in one["arguments"]][:2] == ["consuntivo", "obiettivo"]


def test_the_machine(tmp_path, capsys):
    out = tmp_path / "out.json"
    main(["doctor", "--json", str(out)])
    found = json.loads(out.read_text(encoding="utf-8"))
    assert len(found) == capsys.readouterr().out.count("\n")
    assert {one["level"] for one in found} <= {"ok", "warning", "problem"}


def test_spellings(tmp_path):
    path = tmp_path / SCORECARD.name
    shutil.copy(SCORECARD, path)
    (found,) = _written(["relink", str(path), "--to", "calc", "--dry-run"], tmp_path)
    assert found["formulas"] > 500


def test_deliveries(tmp_path):
    archive = ["--archive", str(tmp_path / "archivio.sqlite")]
    missing = tmp_path / "manca.xlsx"
    found = _written(["record", str(SCORECARD), str(SCORECARD), str(missing), *archive], tmp_path, status=1)
    assert [one.get("known") for one in found] == [False, True, None]
    assert "refused" in found[2]


def test_a_file_that_cannot_be_written(tmp_path, capsys):
    assert main(["functions", "--json", str(tmp_path / "manca" / "out.json")]) == 1
    assert "the folder does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("explain k.xlsx --html k.xlsx", "--html k.xlsx: the file is one that the command reads"),
        ("explain k.xlsx --json k.xlsx", "--json k.xlsx: the file is one that the command reads"),
        ("explain k.xlsx --json x.json --sheet --out ./k.xlsx", "--out k.xlsx: the file is one"),
        ("explain k.xlsx --html t.xlsx", "the name is not that of what is written; expected a name that ends in .html"),
        ("gap k.xlsx --json k.xlsx", "--json k.xlsx: the file is one that the command reads"),
        ("gap k.xlsx --json hard.json", "--json hard.json: the file is one that the command reads"),
        ("gap k.xlsx --json t.xlsx", "the name is that of a workbook, a table or an archive"),
        ("compare k.xlsx t.xlsx --json t.xlsx", "--json t.xlsx: the file is one that the command reads"),
        ("compare k.xlsx t.xlsx --json a.db", "--json a.db: the name is that of a workbook"),
        ("history scheda LIGURIA --archive k.sqlite --json k.sqlite", "--json k.sqlite: the file is the archive"),
        ("history scheda LIGURIA --archive sqlite:///x.json --json x.json", "--json x.json: the file is the archive"),
        ("record k.xlsx --archive nuovo --json nuovo", "--json nuovo: the file is the archive"),
        ("relazione --anno 2021 --archive x.html --out x.html", "--out x.html: the file is the archive"),
        ("reproduce --as-of 2021-07-31 --struttura LIGURIA --period 2021-T2 --archive k.sqlite --out k.sqlite",
         "--out k.sqlite: the file is the archive"),
        ("load k.xlsx t.xlsx --out t.xlsx", "--out t.xlsx: the file is one that the command reads"),
        ("load k.xlsx d.txt --json d.txt", "--json d.txt: the file is one that the command reads"),
        ("facts k.xlsx --csv k.xlsx", "--csv k.xlsx: the file is one that the command reads"),
        ("facts k.xlsx --csv t.xlsx", "expected a name that ends in .csv"),
        ("recalc k.xlsx --report k.xlsx", "--report k.xlsx: the file is one that the command reads"),
        ("sync . --report t.xlsx", "--report t.xlsx: the name is that of a workbook"),
        ("functions --json t.xlsx", "expected a name that ends in .json"),
        ("report --out k.xlsx t.xlsx", "expected a name that ends in .html"),
        ("report k.xlsx --out k.xlsx", "--out k.xlsx: the file is one that the command reads"),
        ("report k.xlsx --out z.docx", "the name is not that of what is written"),
        ("report k.xlsx --out z.pdf", "--pdf prints the page to a .pdf file"),
    ],
)  # fmt: skip
def test_no_output_takes_the_place_of_data(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("k.xlsx", "t.xlsx"):
        shutil.copy(SCORECARD, name)
    (tmp_path / "hard.json").hardlink_to(tmp_path / "k.xlsx")
    for name in ("k.sqlite", "x.json", "x.html", "d.txt"):
        (tmp_path / name).write_bytes(name.encode())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert main(arguments.split()) == USAGE
    assert said in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_output_may_have_any_other_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(SCORECARD, "k.xlsx")
    for name in ("dati", "dati.txt", "dati.txt"):  # the second time over its own
        assert main(["gap", "k.xlsx", "--json", name]) == 0
        assert json.loads((tmp_path / name).read_text(encoding="utf-8"))
    assert main(["facts", "k.xlsx", "--csv", "fatti.csv"]) == 0
    assert main(["load", "k.xlsx", "fatti.csv", "--out", "k.xlsx"]) == 0
