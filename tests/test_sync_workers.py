"""Sync in worker processes: the same results, limits on time, one bad file stops nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.official import FOLDER
from xl_perf.package import Package
from xl_perf.plan import load_edition
from xl_perf.sync import SyncFileReport, sync_paths

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("giacenza", "ieep", "controllo_processo")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three official workbooks with a wrong target each, and a broken file."""
    for name in NAMES:
        path = tmp_path / f"{name}.xlsx"
        shutil.copy(FOLDER / path.name, path)
        package = Package(path.read_bytes(), path)
        sheet, key = _a_target(package)
        path.write_bytes(package.patch({sheet: {key: 4711.0}}))
    (tmp_path / "rotto.xlsx").write_text("non uno zip", encoding="utf-8")
    return tmp_path


def _a_target(package: Package) -> tuple[str, tuple[int, int]]:
    from xl_perf.contract.tables import TableCells, read_map, target_rows

    column = read_map(package)[0]
    table = TableCells(package, column.table, (column.key_column, column.value_column))
    row = next(row for row, _ in target_rows(table, column))
    return table.table.sheet, table.key(row, column.value_column)


def _timeless(report: SyncFileReport, folder: Path) -> SyncFileReport:
    text = {name: getattr(report, name).replace(str(folder), "") for name in ("path", "failure", "written")}
    return replace(report, seconds=0.0, **text)


def test_workers_give_what_this_process_gives(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("altra") / "copia"
    shutil.copytree(folder, other)
    here = sync_paths([folder], load_edition())
    there = sync_paths([other], load_edition(), isolate=True, jobs=2)
    assert [_timeless(file, folder) for file in here.files] == [
        _timeless(file, other) for file in there.files
    ]
    assert [len(file.changed) for file in there.files] == [1, 1, 1, 0]
    assert "not a zip" in there.files[3].failure
    for name in NAMES:
        assert (folder / f"{name}.xlsx").read_bytes() == (other / f"{name}.xlsx").read_bytes()


def test_a_file_that_takes_too_long(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    report = sync_paths([folder], load_edition(), isolate=True, seconds=0.001)
    assert all("took longer than 0.001 seconds" in file.failure for file in report.files)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("isolate", [False, True])
def test_an_interruption(folder: Path, isolate: bool) -> None:
    def stop(_file: SyncFileReport, _done: int, _of: int) -> None:
        raise KeyboardInterrupt

    report = sync_paths([folder], load_edition(), isolate=isolate, on_progress=stop)
    assert report.interrupted
    assert len(report.files) == 1
    assert not list(folder.glob(".*"))
