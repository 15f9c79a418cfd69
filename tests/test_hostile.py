"""Hostile and broken files through the whole batch: a clear message or a result, bounded time and memory, no harm."""

from __future__ import annotations

import os
import re
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.hostile_files import good, hostile_files, with_formula
from xl_perf.package import intake, open_package
from xl_perf.recalc import Options, RecalcReport, recalc_file, recalc_paths, recalculate_package
from xl_perf.recalc import functions as table

if TYPE_CHECKING:
    from pathlib import Path

GIBI = 1024**3
LIMITS = Options(seconds=60.0, jobs=2, memory=2 * GIBI)
posix = pytest.mark.skipif(os.name == "nt", reason="files of POSIX systems")


@pytest.fixture(scope="module")
def batch(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, RecalcReport, dict[str, tuple[bytes, str]]]:
    """All the files in one folder, recalculated once in two workers."""
    folder = tmp_path_factory.mktemp("ostili")
    files = hostile_files()
    for number, (content, _) in enumerate(files.values()):
        (folder / f"{number:03}.xlsx").write_bytes(content)
    return folder, recalc_paths([folder], LIMITS), files


CASES = list(enumerate(hostile_files()))


@pytest.mark.parametrize(("number", "name"), CASES, ids=[name for _, name in CASES])
def test_each_ends_with_a_clear_message_or_a_result(
    batch: tuple[Path, RecalcReport, dict[str, tuple[bytes, str]]], number: int, name: str
) -> None:
    folder, report, files = batch
    content, words = files[name]
    found = report.files[number]
    path = folder / f"{number:03}.xlsx"
    assert found.path == str(path)
    if words:
        assert re.search(words, found.failure), found.failure
        assert str(path) in found.failure
        assert path.read_bytes() == content
        assert not found.written
    else:
        assert not found.failure
        values = {(cell.row, cell.column): cell.value for cell in open_package(path).cells("Foglio1")}
        assert values[1, 2] == 31.0


def test_nothing_else_is_left_in_the_folder(
    batch: tuple[Path, RecalcReport, dict[str, tuple[bytes, str]]],
) -> None:
    folder, report, files = batch
    assert len(report.files) == len(files)
    assert sorted(os.listdir(folder)) == [f"{number:03}.xlsx" for number in range(len(files))]  # noqa: PTH208


@posix
def test_things_that_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "cartella.xlsx").mkdir()
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "giro.xlsx").symlink_to(tmp_path / "giro.xlsx")
    (tmp_path / "nulla.xlsx").symlink_to(tmp_path / "manca")
    (tmp_path / "dispositivo.xlsx").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "presa.xlsx"))
        report = recalc_paths(
            [
                tmp_path / f"{name}.xlsx"
                for name in ("cartella", "pipe", "giro", "nulla", "dispositivo", "presa")
            ],
            Options(seconds=20),
        )
    words = ["no workbooks", "a pipe", "leads to itself", "no such file", "a device", "a socket"]
    for file, expected in zip(report.files, words, strict=True):
        assert expected in file.failure, file.failure


@posix
def test_a_link_to_a_workbook_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "vero").mkdir()
    path = tmp_path / "vero" / "a.xlsx"
    path.write_bytes(good())
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    assert recalc_file(link).ok
    assert link.is_symlink()
    assert open_package(path).cells("Foglio1")[1].value == 31.0


def test_a_file_replaced_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(good())
    real = intake.os.fstat
    calls = []

    def meddle(descriptor: int) -> os.stat_result:
        if calls:
            path.write_bytes(good() + b"\0" * 100)
            time.sleep(0.01)
        calls.append(descriptor)
        return real(descriptor)

    monkeypatch.setattr(intake.os, "fstat", meddle)
    failure = recalc_file(path, Options(check=True)).failure
    assert "changed while it was read" in failure


OUTSIDE = [
    'WEBSERVICE("http://127.0.0.1:9/")',
    '_xlfn.WEBSERVICE("http://127.0.0.1:9/")',
    'CALL("Kernel32","GetTickCount","J")',
    'REGISTER("Kernel32","GetTickCount","J")',
    'REGISTER.ID("Kernel32","GetTickCount")',
    'RTD("x",,"y")',
    'EXEC("calc")',
    'EVALUATE("1+1")',
    '_xlfn.IMAGE("http://127.0.0.1:9/")',
    '_xlfn.FILTERXML("&lt;a/&gt;","/a")',
    '_xlfn.STOCKHISTORY("X",1)',
    "cmd|' /c calc'!A0",
    "[1]Foglio1!A1",
    "'[altro.xlsx]Foglio1'!A1",
    "'http://127.0.0.1:9/[x.xlsx]Foglio1'!A1",
    'INDIRECT("&apos;[altro.xlsx]Foglio1&apos;!A1")',
    'HYPERLINK("http://127.0.0.1:9/",WEBSERVICE("x"))',
    'IF(FALSE,WEBSERVICE("x"),7)',
]


@pytest.mark.parametrize("formula", OUTSIDE)
def test_nothing_outside_the_workbook_is_reached(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stored value (7) stays; no socket is opened and no program started."""
    from xl_perf.package import Package

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("reached outside")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("subprocess.Popen", refuse)
    found = recalculate_package(Package(with_formula(formula)))
    assert [change.cell for change in found.changed] == ["B1"]
    assert [note.cell for note in found.kept] == ["C1"]


def test_the_names_that_are_never_run() -> None:
    for name in ("WEBSERVICE", "CALL", "REGISTER", "REGISTER.ID", "RTD", "DDE", "EXEC", "EVALUATE"):
        assert name in table.DISTRUSTED
        assert name not in table.SIGNATURES
