"""`xl-perf collect` and `record`: what is done with files and folders that are not as they should be."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from xl_perf.cli import FAILED, OK, USAGE, main
from xl_perf.contract import Species, read_inputs
from xl_perf.package import open_package
from xl_perf.package.addsheet import add_sheet
from xl_perf.plan import load_edition
from xl_perf.templates.build import build_scorecard, build_workbook

PERIOD = "2021-T3"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    plan, home = load_edition(), tmp_path_factory.mktemp("consegne")
    (home / "molise.xlsx").write_bytes(build_scorecard(plan, "MOLISE", 3, example=True))
    (home / "persone.xlsx").write_bytes(build_workbook(plan, "valutazione_individuale", example=True))
    return home


@pytest.fixture
def folder(home, tmp_path):
    """A folder with the one delivery."""
    folder = tmp_path / "consegne"
    folder.mkdir()
    shutil.copy(home / "molise.xlsx", folder / "molise.xlsx")
    return folder


def collect(tmp_path, *paths, options=(), out=None):
    report = tmp_path / "report.json"
    status = main(
        ["collect", *map(str, paths), "--period", PERIOD, "--out", str(out or tmp_path / "out"), "--json", str(report),
         *options]
    )  # fmt: skip
    return status, json.loads(report.read_text(encoding="utf-8")) if report.exists() else None


def rewritten(path, change):
    """Changes the parts of a file: name -> bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def names_of(path):
    """Texts of the cells of the persons' sheets that users fill in."""
    return {
        one.value for one in read_inputs(open_package(path)).of(Species.PERSON) if isinstance(one.value, str)
    }


def test_a_workbook_of_persons_is_refused_and_its_sheets_are_not_read(home, folder, tmp_path):
    """Every sheet but Metadati is damaged: whoever read one of them would say so."""
    names = names_of(home / "persone.xlsx")
    assert len(names) > 10
    path = shutil.copy(home / "persone.xlsx", folder / "persone.xlsx")
    package = open_package(path)
    sheets = [info.part for info in package.sheets if info.name != "Metadati"]
    rewritten(path, lambda parts: parts.update(dict.fromkeys(sheets, b"<worksheet><no xml")))
    status, report = collect(tmp_path, folder)
    assert status == FAILED
    assert [one["path"] for one in report["refusals"]] == [str(path)]
    assert "scorecards are collected" in report["refusals"][0]["why"]
    assert [one["structure"] for one in report["deliveries"]] == ["MOLISE"]


def test_a_sheet_of_persons_in_a_scorecard_is_not_read(home, folder, tmp_path):
    """Somebody put the evaluations into the scorecard: no name of it goes anywhere."""
    path, name = folder / "molise.xlsx", "Mariagrazia Quattrocchi"
    path.write_bytes(add_sheet(open_package(path), "Persone", [[name, 98.5]], [30, 10]))
    assert "Persone" in [info.name for info in open_package(path).sheets]
    assert any(cell.value == name for cell in open_package(path).cells("Persone"))
    status, report = collect(tmp_path, folder)
    assert status == OK
    assert len(report["deliveries"]) == 1
    surname = name.split()[1].encode()
    assert surname not in (tmp_path / "report.json").read_bytes()
    for written in (tmp_path / "out").iterdir():
        with zipfile.ZipFile(written) as archive:
            assert not any(surname in archive.read(part) for part in archive.namelist()), written


def test_two_files_of_a_structure_leave_it_missing(folder, tmp_path, capsys):
    shutil.copy(folder / "molise.xlsx", folder / "molise_2.xlsx")
    status, report = collect(tmp_path, folder)
    assert status == FAILED
    assert "MOLISE" in report["missing"]
    assert len(report["missing"]) == 23
    assert "0 of 23 structures, 2021-T3; missing: " in capsys.readouterr().out


def test_the_same_file_given_twice_is_one_delivery(folder, tmp_path):
    path = folder / "molise.xlsx"
    status, report = collect(tmp_path, path, folder, folder / ".." / folder.name / "molise.xlsx")
    assert status == OK
    assert len(report["deliveries"]) == 1


def test_take_names_the_file_in_any_way(folder, tmp_path, monkeypatch):
    shutil.copy(folder / "molise.xlsx", folder / "molise_2.xlsx")
    monkeypatch.chdir(tmp_path)
    _, report = collect(tmp_path, folder, options=["--take", "consegne/../consegne/molise_2.xlsx"])
    assert [Path(one["path"]).name for one in report["deliveries"]] == ["molise_2.xlsx"]


def test_take_of_a_file_that_is_not_there(folder, tmp_path, capsys):
    status, report = collect(tmp_path, folder, options=["--take", "altro.xlsx"])
    assert status == USAGE
    assert report is None
    assert "not among those" in capsys.readouterr().err


def test_what_collect_wrote_is_no_delivery(folder, tmp_path):
    """The results go into the folder of the deliveries, and it is collected once more."""
    for _ in range(2):
        status, report = collect(tmp_path, folder, out=folder)
        assert status == OK
        assert len(report["deliveries"]) == 1
        assert report["refusals"] == []


@pytest.mark.parametrize("lock", ["~$molise.xlsx", ".~lock.molise.xlsx#"])
def test_a_delivery_that_somebody_has_open_is_read_as_it_is_saved(folder, tmp_path, lock):
    (folder / lock).write_bytes(b"\x05mario" + b" " * 159)
    (folder / "molise.xlsx").chmod(0o400)
    status, report = collect(tmp_path, folder)
    assert status == OK
    assert len(report["deliveries"]) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vuoto.xlsx", b""),
        ("testo.xlsx", b"struttura;voce\n"),
        ("vecchio.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("dati.csv", b"a;b\n1;2\n"),
        ("tronco.xlsx", None),
    ],
)
def test_files_that_are_no_workbooks(home, folder, tmp_path, name, content):
    path = folder / name
    path.write_bytes((home / "molise.xlsx").read_bytes()[:60_000] if content is None else content)
    status, report = collect(tmp_path, folder / "molise.xlsx", path)
    assert status == FAILED
    assert [one["path"] for one in report["refusals"]] == [str(path)]
    assert len(report["deliveries"]) == 1


def test_a_file_that_swells(home, folder, tmp_path):
    """A part of 64 MB of one letter, some 64 KB in the file."""
    path = shutil.copy(home / "molise.xlsx", folder / "grande.xlsx")
    rewritten(path, lambda parts: parts.update({"xl/worksheets/sheet1.xml": b" " * 64_000_000}))
    status, report = collect(tmp_path, folder / "molise.xlsx", path)
    assert status == FAILED
    assert [one["path"] for one in report["refusals"]] == [str(path)]


def test_a_folder_that_cannot_be_made(folder, tmp_path, capsys):
    (tmp_path / "datei").write_text("no folder", encoding="utf-8")
    status, _ = collect(tmp_path, folder, out=tmp_path / "datei" / "out")
    assert status == FAILED
    assert "cannot be made" in capsys.readouterr().err


def test_a_folder_without_workbooks_and_a_path_to_nothing(tmp_path, capsys):
    (tmp_path / "leer").mkdir()
    assert collect(tmp_path, tmp_path / "leer")[0] == FAILED
    assert collect(tmp_path, tmp_path / "nichts.xlsx")[0] == FAILED
    assert "nichts.xlsx" in capsys.readouterr().out


def test_record_passes_over_the_quadratura(folder, tmp_path, capsys):
    pytest.importorskip("sqlalchemy", reason="the extra archivio (SQLAlchemy) is not installed")
    assert collect(tmp_path, folder)[0] == OK
    capsys.readouterr()
    assert main(["record", str(tmp_path / "out"), "--archive", str(tmp_path / "a.sqlite")]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines].count("skipped") == 1
    assert [line.split()[0] for line in lines].count("recorded") == 5
    assert any(line.startswith("skipped") and "quadratura.xlsx" in line for line in lines)


def test_a_report_that_cannot_be_written(folder, tmp_path, capsys):
    report = tmp_path / "nirgends" / "report.json"
    arguments = [str(folder), "--period", PERIOD, "--out", str(tmp_path / "out"), "--json", str(report)]
    assert main(["collect", *arguments]) == FAILED
    assert str(report) in capsys.readouterr().err
