"""The commands as a user sees them: what they print, what they write, their exit status."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.official import EXAMPLES, FOLDER
from xl_perf import __version__
from xl_perf.addins.lambda_edition import excluded
from xl_perf.catalog import FUNCTIONS
from xl_perf.cli import COMMANDS, FAILED, OK, USAGE, main
from xl_perf.package import open_package

ROOT = Path(__file__).parents[1]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of a filled official workbook."""
    return Path(shutil.copy(EXAMPLES / "controllo_processo_esempio.xlsx", tmp_path / "controllo.xlsx"))


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    """A workbook whose one formula, the sum of 2 and 3, has no stored value yet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Foglio"
    sheet["A1"], sheet["A2"], sheet["A3"] = 2, 3, "=SUM(A1:A2)"
    path = tmp_path / "somme.xlsx"
    book.save(path)
    return path


def stored(path: Path, sheet: str, cell: str) -> object:
    return openpyxl.load_workbook(path, data_only=True)[sheet][cell].value


def amended_plan(folder: Path) -> Path:
    """The plan with one target changed by a later act: conto assicurativo of TORINO from 150 to 140 days."""
    source = ROOT / "xl_perf" / "plan" / "editions" / "piano-2021-2023"
    target = Path(shutil.copytree(source, folder / "emendamento"))
    act = (
        '\n[[atto]]\nid = "prova"\ntitolo = "Delibera di prova"\ndata = 2021-10-30\ntipo = '
        '"aggiornamento"\nbreve = "CdA 200/2021"\n'
    )
    declared = (target / "edition.toml").read_text(encoding="utf-8")
    assert '"piano-2021-2023"' in declared
    declared = declared.replace('"piano-2021-2023"', '"piano-2021-2023-cda-200-2021"', 1)
    (target / "edition.toml").write_text(declared + act, encoding="utf-8")
    table = target / "tabella_a_giacenza.csv"
    rows = table.read_text(encoding="utf-8")
    assert "\nTORINO,30,150,130,66,,\n" in rows
    table.write_text(
        rows.replace("\nTORINO,30,150,130,66,,\n", "\nTORINO,30,140,130,66,prova,\n"), encoding="utf-8"
    )
    return target


def test_no_command_prints_the_overview(capsys):
    assert main([]) == USAGE
    out = capsys.readouterr().out
    assert all(f"\n  {name} " in out for name in COMMANDS)


def test_unknown_command_and_option_are_usage_errors(capsys):
    for arguments in (["ricalcola"], ["recalc"], ["recalc", "x.xlsx", "--jobs", "0"], ["plan", "show"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == USAGE, arguments
        assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys):
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == OK
    assert f"xl-perf {name}" in capsys.readouterr().out


def test_module_runs_from_any_directory(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "xl_perf", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"xl-perf {__version__}"


def test_version_loads_neither_numpy_nor_the_engine_nor_openpyxl():
    code = (
        "import sys\nfrom xl_perf.cli import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'formualizer', 'openpyxl', 'xlwings', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_plan_check_of_the_real_plan(capsys):
    assert main(["plan", "check"]) == OK
    assert ", 0 unexplained" in capsys.readouterr().out


def test_plan_check_fails_on_an_unexplained_difference(tmp_path, capsys):
    source = amended_plan(tmp_path)
    table = source / "tabella_b_ieep.csv"
    text = table.read_text(encoding="utf-8")
    assert "7771469473" in text  # flussi, national row of Tabella B
    table.write_text(text.replace("7771469473", "7771469999"), encoding="utf-8")
    assert main(["plan", "check", "--source", str(source)]) == FAILED
    assert "FAILED" in capsys.readouterr().out.upper()


def test_plan_show_finds_a_target_with_its_source(capsys):
    # P21, Tabella A, row TORINO: 30, 150, 130, 66
    assert main(["plan", "show", "giacenza", "torino"]) == OK
    out = capsys.readouterr().out
    assert [line.split(": ")[1] for line in out.splitlines() if line.startswith("TORINO")] == [
        "30 giorni",
        "150 giorni",
        "130 giorni",
        "66 giorni",
    ]
    assert "Tabella A" in out
    assert "CdA 31/2021" in out


def test_plan_civ_shows_the_register_by_line(capsys):
    # P21, "Macro-linee strategiche del CIV": 11, 32, 19; Tabella D: IS.32 has one entry
    assert main(["plan", "civ"]) == OK
    out = capsys.readouterr().out
    assert [line.split(": ")[1].split(" ")[0] for line in out.splitlines()[:3]] == ["11", "32", "19"]
    assert main(["plan", "civ", "IS.32"]) == OK
    assert "2021_IS.32: 1 entry of 1 structure" in capsys.readouterr().out
    assert main(["plan", "civ", "IS.33"]) == FAILED


def test_plan_about_says_what_the_plan_says(capsys):
    # P21, POLA, Scheda 6
    assert main(["plan", "about", "soft", "tempi"]) == OK
    out = capsys.readouterr().out
    assert "tempi: 2021-2022" in out
    assert "source: P21, POLA, Scheda 6" in out


def test_plan_show_suggests_near_names(capsys):
    assert main(["plan", "show", "giacenza", "TORNIO"]) == USAGE
    error = capsys.readouterr().err
    assert "TORNIO" in error.upper()
    assert "TORINO" in error


def test_plan_show_from_an_amendment(tmp_path, capsys):
    assert (
        main(["plan", "show", "conto_assicurativo", "TORINO", "--source", str(amended_plan(tmp_path))]) == OK
    )
    out = capsys.readouterr().out
    assert "140 giorni" in out
    assert "CdA 200/2021" in out


def test_unknown_edition_is_named(capsys):
    assert main(["plan", "check", "--edition", "piano-1999"]) == USAGE
    assert "piano-1999" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plan", "check", "--source", "/non/esiste"], "no such directory of plan data"),
        (["plan", "diff", "piano-2021-2023", "piano-1999"], "unknown edition 'piano-1999'"),
        (["sync", "x.xlsx", "--edition", "piano-1999"], "unknown edition 'piano-1999'"),
        (["new", "scheda"], "a scorecard is for one structure"),
        (["new", "scheda", "--struttura", "Piemonto"], "for example PIEMONTE"),
        (["new", "scheda", "--struttura", "TORINO"], "TORINO has no scorecard of its own"),
        (["new", "giacenza", "--trimestre", "2"], "giacenza is one workbook for every structure"),
        (["new", "giacenza", "--out", "x.ods"], "a workbook is written as .xlsx"),
    ],
)
def test_what_cannot_be_done_as_asked_is_a_usage_error(arguments, message, capsys):
    assert main(arguments) == USAGE
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize("model", ["scheda", "giacenza"])
def test_model_that_an_edition_lacks(model, tmp_path, capsys):
    source = edition_without_models(tmp_path)
    arguments = ["new", model, "--struttura", "PIEMONTE"][: 4 if model == "scheda" else 2]
    assert main([*arguments, "--source", str(source)]) == USAGE
    error = capsys.readouterr().err
    assert "the edition has no data for the workbook" in error
    assert len(error.splitlines()) == 1


def test_build_lists_what_an_edition_lacks(tmp_path, capsys):
    source = edition_without_models(tmp_path, keep="modello_controllo_processo.toml")
    out = tmp_path / "fuori"
    assert main(["build", "--source", str(source), "--out", str(out)]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert sum("not built, the edition has no data for the workbook" in line for line in lines) == 10
    assert sorted(path.name for path in out.rglob("*.xlsx")) == [
        "controllo_processo.xlsx",
        "controllo_processo_esempio.xlsx",
    ]
    assert main(["build", "--check", "--source", str(source), "--out", str(out)]) == OK


def edition_without_models(folder: Path, keep: str = "") -> Path:
    """The plan of 2021 without data for the workbooks, but for one of them."""
    source = ROOT / "xl_perf" / "plan" / "editions" / "piano-2021-2023"
    target = Path(shutil.copytree(source, folder / "senza"))
    for file in target.glob("modello_*.toml"):
        if file.name != keep:
            file.unlink()
    return target


def test_functions_lists_and_describes(capsys):
    assert main(["functions"]) == OK
    assert "GIACENZA_INDEX" in capsys.readouterr().out
    assert main(["functions", "giacenza_index"]) == OK
    assert "GIACENZA_INDEX(giacenza; pervenuto; [base])" in capsys.readouterr().out
    assert main(["functions", "NIENTE"]) == USAGE
    assert "PERF_SCORE" in capsys.readouterr().err


def test_recalc_writes_values_and_a_report(sums, tmp_path, capsys):
    report = tmp_path / "rapporto.json"
    assert main(["recalc", str(sums), "--report", str(report)]) == OK
    assert stored(sums, "Foglio", "A3") == 5
    assert "1 file, 1 formula, 1 changed" in capsys.readouterr().out
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["ok"]
    (file,) = told["files"]
    assert (file["formulas"], len(file["changed"]), file["errors"]) == (1, 1, [])
    assert file["engine"] == "formualizer"


def test_recalc_check_writes_nothing_and_lists_stale_cells(sums, capsys):
    before = sums.read_bytes()
    assert main(["recalc", "--check", str(sums)]) == FAILED
    assert sums.read_bytes() == before
    assert "Foglio!A3: (empty) -> 5" in capsys.readouterr().out
    assert main(["recalc", str(sums)]) == OK
    assert main(["recalc", "--check", str(sums)]) == OK


def test_recalc_out_leaves_the_original_alone(sums, tmp_path):
    before = sums.read_bytes()
    assert main(["recalc", str(sums), "--out", str(tmp_path / "out")]) == OK
    assert sums.read_bytes() == before
    assert stored(tmp_path / "out" / "somme.xlsx", "Foglio", "A3") == 5


def test_recalc_values_makes_a_copy_without_formulas(sums):
    assert main(["recalc", str(sums), "--values"]) == OK
    copy = sums.with_name("somme.valori.xlsx")
    assert openpyxl.load_workbook(copy)["Foglio"]["A3"].value == 5
    assert openpyxl.load_workbook(sums)["Foglio"]["A3"].value == "=SUM(A1:A2)"


def test_one_bad_file_never_stops_the_rest(sums, tmp_path, capsys):
    (tmp_path / "falso.xlsx").write_bytes(b"non sono una cartella di lavoro")
    (tmp_path / "vuoto.xlsx").write_bytes(b"")
    (tmp_path / "tronco.xlsx").write_bytes(sums.read_bytes()[:-200])
    assert main(["recalc", str(tmp_path)]) == FAILED
    out = capsys.readouterr().out
    assert stored(sums, "Foglio", "A3") == 5
    assert out.count("FAILED") == 3
    assert all(name in out for name in ("falso.xlsx", "vuoto.xlsx", "tronco.xlsx"))
    assert "4 files" in out
    assert "3 failed" in out


def test_folder_without_workbooks_and_missing_path(tmp_path, capsys):
    (tmp_path / "vuota").mkdir()
    assert main(["recalc", str(tmp_path / "vuota"), str(tmp_path / "manca.xlsx")]) == FAILED
    out = capsys.readouterr().out
    assert "vuota" in out
    assert "manca.xlsx" in out


def test_sync_brings_an_amendment_and_keeps_the_inputs(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XL_PERF_DATA", str(tmp_path / "installate"))
    path = Path(shutil.copy(EXAMPLES / "giacenza_esempio.xlsx", tmp_path / "giacenza.xlsx"))
    source = str(amended_plan(tmp_path))
    before = path.read_bytes()
    assert main(["sync", str(path), "--source", source, "--dry-run"]) == OK
    out = capsys.readouterr().out
    assert path.read_bytes() == before
    assert "giacenza.conto_assicurativo TORINO 2021: 150 -> 140 giorni (CdA 200/2021" in out
    assert "nothing was written" in out
    report = tmp_path / "sync.json"
    assert main(["sync", str(path), "--source", source, "--report", str(report)]) == OK
    (file,) = json.loads(report.read_text(encoding="utf-8"))["files"]
    (change,) = file["changed"]
    assert (change["structure"], change["old"], change["new"], change["act"]) == (
        "TORINO",
        150,
        140,
        "CdA 200/2021",
    )
    assert stored(path, change["sheet"], change["cell"]) == 140
    assert stored(path, "Altre aree", "A3") == "Giacenza e deflusso - ultimo atto: CdA 200/2021"
    # the workbook belongs to an edition that has to be on the machine
    after = path.read_bytes()
    capsys.readouterr()
    assert main(["recalc", "--check", str(path)]) == FAILED
    out = capsys.readouterr().out
    assert "unknown edition 'piano-2021-2023-cda-200-2021'" in out
    assert "xl-perf edition install DIR" in out
    assert path.read_bytes() == after
    assert main(["edition", "install", source]) == OK
    assert main(["recalc", "--check", str(path)]) == OK
    assert main(["check", str(path)]) == OK
    # back to the plan of the package: every cell is what it was
    assert main(["sync", str(path), "--edition", "piano-2021-2023"]) == OK
    assert cells(path) == cells(EXAMPLES / "giacenza_esempio.xlsx")


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: list(sheet.values) for sheet in book}


def test_sync_refuses_what_is_no_official_workbook(sums, capsys):
    before = sums.read_bytes()
    assert main(["sync", str(sums)]) == FAILED
    assert sums.read_bytes() == before
    assert "somme.xlsx" in capsys.readouterr().out


def test_sync_refuses_a_file_open_elsewhere(example, capsys):
    before = example.read_bytes()
    example.with_name("~$controllo.xlsx").write_bytes(b"Rossi")
    assert main(["sync", str(example)]) == FAILED
    assert example.read_bytes() == before
    assert "open" in capsys.readouterr().out


def test_build_is_current_and_says_what_is_not(tmp_path, capsys):
    assert main(["build", "--check", "--out", str(ROOT / "workbooks")]) == OK
    folder = Path(shutil.copytree(ROOT / "workbooks", tmp_path / "workbooks"))
    (folder / "ieep.xlsx").unlink()
    assert main(["build", "--check", "--out", str(folder)]) == FAILED
    assert "ieep.xlsx" in capsys.readouterr().out


def test_recalculated_official_workbooks_are_current(capsys):
    assert main(["recalc", "--check", str(FOLDER)]) == OK
    assert "kept" not in capsys.readouterr().out


def test_text_in_an_input_is_named_as_the_cause(tmp_path, capsys):
    package = open_package(EXAMPLES / "giacenza_esempio.xlsx")
    path = tmp_path / "giacenza.xlsx"
    path.write_bytes(package.patch({"Altre aree": {(8, 2): "1.234,5"}}))  # B8, the giacenza of ALESSANDRIA
    assert main(["recalc", str(path)]) == FAILED
    errors = [
        line.strip() for line in capsys.readouterr().out.splitlines() if line.strip().startswith("error ")
    ]
    assert errors[0] == (
        "error Altre aree!D8: #VALUE! (Altre aree!B8 holds the text '1.234,5' where a number belongs)"
    )
    # the sums of the region and of the nation are made #VALUE! by their formula, which counts the offices in error
    sums = [f"error Altre aree!{column}{row}: #VALUE!" for row in (16, 147) for column in "BC"]
    assert errors[1:5] == sums
    assert all("(from " in line for line in errors[5:])


def test_weights_that_do_not_sum_are_said_to_be_the_cause(tmp_path, capsys):
    package = open_package(EXAMPLES / "giacenza_esempio.xlsx")
    path = tmp_path / "giacenza.xlsx"
    path.write_bytes(package.patch({"Parametri": {(14, 6): 0.5}}))  # F14: 50% + three times 25%
    assert main(["recalc", str(path)]) == FAILED
    assert "Sintesi!F8: #NUM! (a value out of its domain" in capsys.readouterr().out
    assert stored(path, "Parametri", "G18") == 1.25


def test_new_spells_the_functions_for_a_program(tmp_path):
    path = tmp_path / "controllo.xlsx"
    assert main(["new", "controllo_processo", "--for", "calc", "--out", str(path)]) == OK
    formulas = {
        cell.formula.text for cell in open_package(path).cells("Pratiche") if cell.formula is not None
    }
    assert any("XLPERF.CONTROLLO_PROCESSO(" in text for text in formulas)
    assert main(["relink", str(path), "--to", "excel"]) == OK
    official = open_package(FOLDER / "controllo_processo.xlsx")
    assert open_package(path).cells("Pratiche") == official.cells("Pratiche")


@pytest.mark.parametrize(("edition", "base"), [("piano-2021-2023", "360"), ("piano-2020-2022", "365")])
def test_new_for_lambda_brings_the_functions_with_the_numbers_of_the_edition(tmp_path, edition, base):
    """P21 counts a year of 360 days, P20 one of 365."""
    path = tmp_path / "giacenza.xlsx"
    assert main(["new", "giacenza", "--edition", edition, "--for", "lambda", "--out", str(path)]) == OK
    names = {name.name: name.text for name in open_package(path).defined_names}
    assert set(FUNCTIONS) - set(names) == set(excluded())
    assert re.findall(r"n_base,IF\(_xlpm\.vuota\(_xlpm\.c_base\),(\d+)", names["GIACENZA_INDEX"]) == [base]


def failing_plan(folder: Path) -> Path:
    """The amended plan with a target that contradicts the totals that the plan prints."""
    source = amended_plan(folder)
    table = source / "tabella_b_ieep.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    column = lines[0].split(",").index("LIGURIA")
    row = next(place for place, line in enumerate(lines) if line.startswith("ieep.entrate,"))
    cells_ = lines[row].split(",")
    cells_[column] = str(int(cells_[column]) + 1_000_000)
    lines[row] = ",".join(cells_)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return source


def test_a_source_whose_checks_fail_is_refused_without_force(tmp_path, capsys):
    path = Path(shutil.copy(EXAMPLES / "ieep_esempio.xlsx", tmp_path / "ieep.xlsx"))
    source = str(failing_plan(tmp_path))
    before = path.read_bytes()
    assert main(["plan", "check", "--source", source]) == FAILED
    capsys.readouterr()
    for arguments in (
        ["sync", str(path)],
        ["new", "ieep", "--out", str(tmp_path / "nuovo.xlsx")],
        ["build", "--check", "--out", str(tmp_path / "libri")],
    ):
        assert main([*arguments, "--source", source]) == FAILED
        said = capsys.readouterr().err
        assert "righe:ieep.entrate/LIGURIA" in said, "the figure that fails"
        assert "--force uses the data as they are" in said
    assert path.read_bytes() == before
    assert not (tmp_path / "nuovo.xlsx").exists()
    assert main(["sync", str(path), "--source", source, "--force"]) == OK
    assert path.read_bytes() != before
    said = capsys.readouterr().out
    assert "id of its own" not in said
    file = Path(source) / "edition.toml"
    text = re.sub(r"(?m)^id = .*$", 'id = "piano-2021-2023"', file.read_text(encoding="utf-8"), count=1)
    file.write_text(text, encoding="utf-8")
    assert main(["sync", str(path), "--source", source, "--force"]) == OK
    said = capsys.readouterr().out
    assert f"give yours an id of its own (id in {file})" in said
    assert f"its checks fail: mend what `xl-perf plan check --source {source}` names" in said
    assert "belong to the edition" not in said, "what could not be installed is not advised"


def test_sync_shows_the_results_before_and_after(tmp_path, capsys):
    """Conto assicurativo of PIEMONTE with a target 10 days shorter: its score falls, and that of no other region."""
    path = Path(shutil.copy(EXAMPLES / "giacenza_esempio.xlsx", tmp_path / "giacenza.xlsx"))
    report = tmp_path / "sync.json"
    folder = amended_plan(tmp_path)
    table = folder / "tabella_a_giacenza.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith("PIEMONTE,"))
    name, first, target, *rest = lines[place].split(",")
    rest[2] = "prova"
    lines[place] = ",".join((name, first, str(int(target) - 10), *rest))
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = str(folder)
    assert (
        main(["sync", str(path), "--source", source, "--dry-run", "--force", "--report", str(report)]) == OK
    )
    said = capsys.readouterr().out
    assert "1 of 72 results would change" in said
    (file,) = json.loads(report.read_text(encoding="utf-8"))["files"]
    changed = {change["label"]: change for change in file["results_changed"]}
    assert list(changed) == ["PIEMONTE, Punteggio giacenza"]
    assert all(change["after"] < change["before"] for change in changed.values()), "a harder target"
    assert main(["sync", str(path), "--source", source, "--force"]) == OK
    for change in changed.values():
        assert stored(path, change["sheet"], change["cell"]) == change["after"]
