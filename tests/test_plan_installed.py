"""Editions in the user's data folder: installed whole or not at all, found everywhere, never mixed with
others of their id.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from xl_perf.addins.libreoffice import payload
from xl_perf.addins.plan_source import plan_source
from xl_perf.cli import FAILED, OK, USAGE, main
from xl_perf.errors import PlanError, UnknownNameError
from xl_perf.plan import edition_ids, library, load_directory, load_edition
from xl_perf.plan.installed import install, remove

TESTS = Path(__file__).parent
ROOT = TESTS.parent
AMENDED = "piano-2021-2023-cda-200-2021"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """A data folder of its own."""
    folder = tmp_path / "dati"
    monkeypatch.setenv(library.VARIABLE, str(folder))
    library.forget()
    yield folder
    library.forget()


@pytest.fixture
def toy(tmp_path):
    return Path(shutil.copytree(TESTS / "toy_plan", tmp_path / "toy"))


@pytest.fixture
def amended(tmp_path):
    """The plan of 2021 with an id of its own and a target of TORINO from 150 to 140 days by an act of November."""
    folder = Path(shutil.copytree(ROOT / "xl_perf/plan/editions/piano-2021-2023", tmp_path / "emendato"))
    toml = (folder / "edition.toml").read_text(encoding="utf-8")
    act = (
        '\n[[atto]]\nid = "cda-200-2021"\ntitolo = "Delibera di prova"\ndata = 2021-11-15\ntipo = "aggiornamento"\n'
        'breve = "CdA 200/2021"\n'
    )
    text = toml.replace('id = "piano-2021-2023"', f'id = "{AMENDED}"', 1) + act
    (folder / "edition.toml").write_text(text, encoding="utf-8")
    head = "indicatore,struttura,periodo,valore,unita,atto,fonte,nota\n"
    row = 'giacenza.conto_assicurativo,TORINO,2021,140,giorni,cda-200-2021,"P21, Tabella A",\n'
    (folder / "modifiche.csv").write_text(head + row, encoding="utf-8")
    return folder


def change(folder):
    """Other data under the same id: 30 days become 29."""
    table = folder / "tabella_a.csv"
    table.write_text(table.read_text().replace("ALFA,30,100", "ALFA,31,100"))


def put(folder, **options):
    return install(folder, as_source=plan_source, **options)


def test_installed_edition_is_there(toy):
    assert "piano-giocattolo" not in edition_ids()
    entry = put(toy)
    assert entry.installed
    assert edition_ids()[-1] == "piano-giocattolo"  # valid from 2030
    plan = load_edition("piano-giocattolo")
    assert plan.data_hash == load_directory(toy).data_hash
    assert plan.target("giacenza.pensioni", "BETA").value == 31
    assert load_edition() is plan
    assert load_edition("piano-giocattolo", plan.data_hash) is plan


def test_nothing_is_left_over(toy, data):
    entry = put(toy)
    names = {path.name for path in (data / "edizioni").iterdir()}
    assert names == {"piano-giocattolo.json", entry.folder.name, f"{entry.folder.name}.py"}
    remove("piano-giocattolo")
    assert list((data / "edizioni").iterdir()) == []
    assert "piano-giocattolo" not in edition_ids()


def test_the_same_data_twice(toy):
    assert put(toy) == put(toy)


def test_other_data_need_replace(toy, data):
    put(toy)
    old = load_edition("piano-giocattolo")
    change(toy)
    with pytest.raises(PlanError, match=r"other data is installed.*--replace"):
        put(toy)
    assert load_edition("piano-giocattolo") is old
    put(toy, replace=True)
    plan = load_edition("piano-giocattolo")
    assert plan.target("giacenza.pensioni", "ALFA").value == 31
    assert len(list((data / "edizioni").iterdir())) == 3


def test_fingerprint_that_is_not_there(toy):
    put(toy)
    old = load_edition("piano-giocattolo").data_hash
    change(toy)
    put(toy, replace=True)
    with pytest.raises(PlanError, match=r"has other data.*xl-perf edition install DIR"):
        load_edition("piano-giocattolo", old)


def test_unknown_edition_says_how_to_get_it():
    with pytest.raises(
        UnknownNameError, match=r"unknown edition 'piano-2022'.*`xl-perf edition install DIR`"
    ):
        load_edition("piano-2022", "00" * 32)


def test_id_of_the_package(tmp_path):
    copy = Path(shutil.copytree(ROOT / "xl_perf/plan/editions/piano-2020-2022", tmp_path / "copia"))
    put(copy)  # the same data: nothing is mixed
    assert not next(entry for entry in library.entries() if entry.id == "piano-2020-2022").installed
    remove("piano-2020-2022")
    text = (copy / "edition.toml").read_text(encoding="utf-8")
    (copy / "edition.toml").write_text(text + "\n# altro\n", encoding="utf-8")
    with pytest.raises(PlanError, match=r"the package holds an edition piano-2020-2022 with other data"):
        put(copy, replace=True)


def test_package_and_data_folder_disagree(tmp_path, data):
    """A later package may bring an id that somebody installed with other data."""
    copy = Path(shutil.copytree(ROOT / "xl_perf/plan/editions/piano-2020-2022", tmp_path / "copia"))
    put(copy)
    index = data / "edizioni" / "piano-2020-2022.json"
    values = json.loads(index.read_text(encoding="utf-8"))
    index.write_text(json.dumps(values | {"impronta": "0" * 64}), encoding="utf-8")
    library.forget()
    with pytest.raises(PlanError, match=r"two editions piano-2020-2022 with different data"):
        load_edition("piano-2020-2022")
    remove("piano-2020-2022")
    assert load_edition("piano-2020-2022").id == "piano-2020-2022"


def test_checks_have_to_agree(toy, capsys):
    table = toy / "tabella_b.csv"
    table.write_text(table.read_text().replace("ieep.totale,990", "ieep.totale,989"))
    assert main(["edition", "install", str(toy)]) == FAILED
    error = capsys.readouterr().err
    assert "checks of the edition fail" in error
    assert "--force installs it as it is" in error
    assert "piano-giocattolo" not in edition_ids()
    assert main(["edition", "install", str(toy), "--force"]) == OK
    assert "its checks fail" in capsys.readouterr().out
    assert main(["edition", "list"]) == OK
    assert "installed, checks fail" in capsys.readouterr().out


def test_data_that_do_not_load_are_not_installed(toy):
    (toy / "pesi.csv").unlink()
    with pytest.raises(PlanError, match=r"pesi\.csv"):
        put(toy)
    assert "piano-giocattolo" not in edition_ids()


@pytest.mark.parametrize("name", ["../fuori", "Piano 2030", "", "con/barra"])
def test_id_that_is_no_file_name(toy, name):
    text = (toy / "edition.toml").read_text(encoding="utf-8")
    (toy / "edition.toml").write_text(text.replace("piano-giocattolo", name), encoding="utf-8")
    with pytest.raises(PlanError):
        put(toy)


def test_files_changed_afterwards(toy):
    entry = put(toy)
    change(entry.folder)
    library.forget()
    with pytest.raises(PlanError, match=r"not those that were installed.*--replace"):
        load_edition("piano-giocattolo")


def test_unreadable_index_is_no_edition(toy, data):
    put(toy)
    (data / "edizioni" / "piano-giocattolo.json").write_text("{", encoding="utf-8")
    library.forget()
    assert "piano-giocattolo" not in edition_ids()
    put(toy)
    assert "piano-giocattolo" in edition_ids()


def test_folder_that_cannot_be_written(toy, data):
    data.write_text("una file, non una cartella")
    with pytest.raises(PlanError, match="cannot be written"):
        put(toy)


def test_newest_is_not_the_last_of_the_alphabet(toy, amended):
    """Valid from the same day as the plan of 2021, amended in November: newer than it, older than the plan of 2030."""
    put(amended)
    assert edition_ids()[-2:] == ("piano-2021-2023", AMENDED)
    put(toy)
    assert edition_ids()[-2:] == (AMENDED, "piano-giocattolo")
    text = (toy / "edition.toml").read_text(encoding="utf-8")
    (toy / "edition.toml").write_text(text.replace("2030-01-10", "2019-01-10"), encoding="utf-8")
    put(toy, replace=True)
    assert edition_ids()[0] == "piano-giocattolo"


def test_commands_find_it(amended, capsys):
    assert main(["edition", "install", str(amended)]) == OK
    assert f"{AMENDED} installed" in capsys.readouterr().out
    assert main(["plan", "show", "conto_assicurativo", "TORINO", "--edition", AMENDED]) == OK
    out = capsys.readouterr().out
    assert "150 giorni  (replaced by a later act)" in out
    assert "140 giorni" in out
    assert main(["plan", "diff", "piano-2021-2023", AMENDED]) == OK
    assert "giacenza.conto_assicurativo, TORINO, 2021" in capsys.readouterr().out
    assert main(["plan", "editions"]) == OK
    assert AMENDED in capsys.readouterr().out
    assert main(["edition", "list"]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].split()[:2] == [AMENDED, "installed"]
    assert main(["edition", "remove", AMENDED]) == OK
    assert main(["edition", "remove", AMENDED]) == USAGE
    assert main(["edition", "install", str(amended / "manca")]) == USAGE


FUNCTION = """
from xl_perf.functions import OBIETTIVO
args = ("giacenza.conto_assicurativo", "TORINO")
print(OBIETTIVO(*args), OBIETTIVO(*args, None, None, "piano-2021-2023"), OBIETTIVO(*args, None, None, "EDITION"))
""".replace("EDITION", AMENDED)


def test_functions_find_it(amended):
    put(amended)
    done = subprocess.run([sys.executable, "-c", FUNCTION], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["140.0", "150.0", "140.0"]
    remove(AMENDED)
    done = subprocess.run([sys.executable, "-c", FUNCTION], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["150.0", "150.0", "#N/A"]


CALC = """
import sys
sys.path.insert(0, sys.argv[1])
from xl_perf.plan import data_folder, edition_ids, load_edition
from xl_perf_calc import bridge
call = lambda edition: bridge.call("OBIETTIVO", ("giacenza.conto_assicurativo", "D.C.M. Roma", None, None, edition))
torino = bridge.call("OBIETTIVO", ("giacenza.conto_assicurativo", "TORINO", None, None, None))
print(data_folder()); print(*edition_ids()); print(torino, call("piano-2021-2023") == call(None))
"""


def calc(folder, **variables):
    """What the Calc add-in's Python says, which has neither packages nor the reader of the data files."""
    for name, source in payload():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    import os

    environment = {**os.environ, **variables}
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "-S", "-c", CALC, str(folder / "pythonpath")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_calc_add_in_finds_it(amended, tmp_path, data):
    put(amended)
    folder, ids, values = calc(tmp_path / "oxt")
    assert folder == str(data)
    assert ids.split() == [*library.package_ids(), AMENDED]
    assert values == "((140.0,),) True"
    assert calc(tmp_path / "oxt", XL_PERF_DATA=str(tmp_path / "niente"))[2] == "((150.0,),) True"


def test_add_in_holds_the_editions_of_the_package_only(amended):
    before = dict(payload())
    put(amended)
    assert dict(payload()) == before


def test_data_folder_of_this_machine_is_the_same_in_calc(tmp_path, monkeypatch):
    monkeypatch.delenv(library.VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    library.forget()
    assert calc(tmp_path / "oxt", XL_PERF_DATA="")[0] == str(library.data_folder())
    monkeypatch.delenv("XDG_DATA_HOME")
    assert calc(tmp_path / "oxt", XL_PERF_DATA="")[0] == str(library.data_folder())


PROMISED = {  # what platformdirs promises of the two systems that these tests do not run on
    "win32": ("LOCALAPPDATA", "C:/Users/rossi/AppData/Local", "C:/Users/rossi/AppData/Local/xl_perf"),
    "darwin": ("HOME", "/Users/rossi", "/Users/rossi/Library/Application Support/xl_perf"),
}


@pytest.mark.parametrize("system", PROMISED)
def test_data_folder_of_other_systems_in_calc(system, tmp_path, monkeypatch):
    import importlib.util

    variable, value, expected = PROMISED[system]
    monkeypatch.delenv(library.VARIABLE)
    monkeypatch.setenv(variable, value)
    (tmp_path / "xl_perf_calc").mkdir()
    (tmp_path / "xl_perf_calc" / "__init__.py").write_text("")
    (tmp_path / "xl_perf_calc" / "plan_data.py").write_text("EDITIONS = {}\n")
    monkeypatch.syspath_prepend(tmp_path)
    path = ROOT / "udfs/libreoffice/editions.py"
    spec = importlib.util.spec_from_file_location("calc_editions_of_a_test", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.sys, "platform", system)
    assert module.data_folder().as_posix() == expected
    for name in [name for name in sys.modules if name.startswith("xl_perf_calc")]:
        monkeypatch.delitem(sys.modules, name)
