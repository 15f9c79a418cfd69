"""Recalculating files and folders: what is written, what is left alone, what is reported."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from tests.package_files import erase_values, raw_entries
from tests.recalc_books import book
from xl_perf.errors import RecalcError
from xl_perf.package import open_package
from xl_perf.recalc import FileReport, Options, find_workbooks, recalc_file, recalc_paths
from xl_perf.recalc.model import EXHAUSTED
from xl_perf.recalc.worker import Worker

HERE = Options(isolate=False)
CELLS = {"A1": 30, "A2": 40, "A3": "=PERF_SCORE(A1,A2,-1)", "A4": "=A3*2", "A5": '="x"&A1'}


def save(path: Path, cells: dict[str, object] | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    book(cells or CELLS).save(path)
    return path


def stored(path: Path) -> dict[tuple[int, int], object]:
    return {(cell.row, cell.column): cell.value for cell in open_package(path).cells("Foglio")}


def test_values_are_written_and_nothing_else(tmp_path: Path):
    path = save(tmp_path / "a.xlsx")
    before = path.read_bytes()
    report = recalc_file(path)
    assert report.ok
    assert report.written == (str(path),)
    assert stored(path)[3, 1] == 125.0
    assert stored(path)[5, 1] == "x30"
    old, new = raw_entries(before), raw_entries(path.read_bytes())
    assert list(old) == list(new)
    changed = [name for name in old if old[name] != new[name]]
    assert changed == ["xl/worksheets/sheet1.xml"]
    sheets = [
        open_package_bytes(data).read("xl/worksheets/sheet1.xml") for data in (before, path.read_bytes())
    ]
    assert erase_values(sheets[0]) == erase_values(sheets[1])


def open_package_bytes(data: bytes):
    from xl_perf.package import Package

    return Package(data)


def test_a_second_run_changes_no_byte_and_writes_nothing(tmp_path: Path):
    path = save(tmp_path / "a.xlsx")
    recalc_file(path)
    content, times = path.read_bytes(), path.stat().st_mtime_ns
    again = recalc_file(path)
    assert again.written == ()
    assert not again.changed
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, times)


def test_check_writes_nothing_and_lists_what_is_stale(tmp_path: Path):
    path = save(tmp_path / "a.xlsx")
    content = path.read_bytes()
    report = recalc_paths([path], Options(check=True, isolate=False))
    assert path.read_bytes() == content
    assert not report.ok
    assert [change.cell for change in report.files[0].changed] == ["A3", "A4", "A5"]
    recalc_file(path)
    assert recalc_paths([path], Options(check=True, isolate=False)).ok


def test_a_copy_of_values_for_recipients(tmp_path: Path):
    path = save(tmp_path / "a.xlsx")
    report = recalc_file(path, Options(values=True))
    copy = tmp_path / "a.valori.xlsx"
    assert report.written == (str(path), str(copy))
    cells = open_package(copy).cells("Foglio")
    assert all(cell.formula is None for cell in cells)
    assert {(cell.row, cell.column): cell.value for cell in cells} == stored(path)
    assert find_workbooks([tmp_path]) == [(path, Path("a.xlsx"))]  # copies are not taken for workbooks


def test_out_mirrors_the_folder_and_leaves_the_originals(tmp_path: Path):
    first, second = save(tmp_path / "in" / "a.xlsx"), save(tmp_path / "in" / "nord" / "b.xlsm")
    contents = first.read_bytes(), second.read_bytes()
    out = tmp_path / "fuori"
    report = recalc_paths([tmp_path / "in"], Options(out=out, isolate=False))
    assert [Path(file.path) for file in report.files] == [first, second]
    assert (first.read_bytes(), second.read_bytes()) == contents
    assert stored(out / "a.xlsx")[3, 1] == 125.0
    assert (out / "nord" / "b.xlsm").exists() or report.files[1].failure


def test_results_that_would_overwrite_one_another_are_refused(tmp_path: Path):
    first, second = save(tmp_path / "x" / "a.xlsx"), save(tmp_path / "y" / "a.xlsx")
    report = recalc_paths([first, second], Options(out=tmp_path / "fuori", isolate=False))
    assert not report.files[0].failure
    assert "would overwrite" in report.files[1].failure


def test_folders_are_searched_and_lock_files_passed_over(tmp_path: Path):
    for name in ("b.xlsx", "sub/a.XLSX", "a.xlsm"):
        save(tmp_path / name)
    for name in ("~$b.xlsx", ".nascosto.xlsx", "nota.txt", ".git/c.xlsx", "b.valori.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = [relative.as_posix() for _, relative in find_workbooks([tmp_path, tmp_path / "b.xlsx"])]
    assert found == ["a.xlsm", "b.xlsx", "sub/a.XLSX"]


def test_paths_that_hold_nothing(tmp_path: Path):
    with pytest.raises(RecalcError, match="holds no workbooks"):
        find_workbooks([tmp_path])
    with pytest.raises(RecalcError, match="no such file or folder"):
        find_workbooks([tmp_path / "manca.xlsx"])
    good = save(tmp_path / "buoni" / "a.xlsx")
    (tmp_path / "vuota").mkdir()
    report = recalc_paths([tmp_path / "vuota", good, tmp_path / "manca.xlsx"], HERE)
    assert [bool(file.failure) for file in report.files] == [True, False, True]
    assert "holds no workbooks" in report.files[0].failure
    assert not report.ok


@pytest.mark.parametrize("isolate", [False, True])
def test_one_bad_file_stops_nothing(tmp_path: Path, isolate: bool):
    save(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_text("non uno zip")
    save(tmp_path / "c.xlsx")
    seen: list[tuple[str, int, int]] = []
    report = recalc_paths(
        [tmp_path],
        Options(jobs=2, isolate=isolate),
        lambda file, done, of: seen.append((file.path, done, of)),
    )
    assert [Path(file.path).name for file in report.files] == ["a.xlsx", "b.xlsx", "c.xlsx"]
    assert [file.ok for file in report.files] == [True, False, True]
    assert str(tmp_path / "b.xlsx") in report.files[1].failure
    assert (tmp_path / "b.xlsx").read_text() == "non uno zip"
    assert stored(tmp_path / "c.xlsx")[3, 1] == 125.0
    assert sorted(done for _, done, _ in seen) == [1, 2, 3]
    assert {of for *_, of in seen} == {3}


def test_new_errors_make_the_report_not_ok(tmp_path: Path):
    report = recalc_paths([save(tmp_path / "a.xlsx", {"A1": "=1/0"})], HERE)
    assert not report.files[0].failure
    assert [(error.cell, str(error.error)) for error in report.files[0].errors] == [("A1", "#DIV/0!")]
    assert not report.ok


def test_open_elsewhere_is_refused(tmp_path: Path):
    path = save(tmp_path / "a.xlsx")
    content = path.read_bytes()
    (tmp_path / "~$a.xlsx").write_bytes(b"\x04Anna")
    assert "open in Excel" in recalc_file(path).failure
    assert path.read_bytes() == content


def test_report_as_json(tmp_path: Path):
    path = save(tmp_path / "a.xlsx", CELLS | {"B1": "=NOSUCH(1)", "B2": "=1/0", "B3": "=TRUE", "B4": "=NA()"})
    report = recalc_paths([path], HERE)
    found = json.loads(json.dumps(report.to_json(), allow_nan=False))
    (file,) = found["files"]
    assert file["formulas"] == 7
    assert file["unknown_functions"] == {"NOSUCH": 1}
    assert file["kept"] == [{"sheet": "Foglio", "cell": "B1", "reason": "function not known: NOSUCH"}]
    assert file["errors"][0] == {"sheet": "Foglio", "cell": "B2", "error": "#DIV/0!", "reason": ""}
    assert file["engine"] == "formualizer"
    assert file["engine_version"].startswith("0.13.")
    assert {"sheet": "Foglio", "cell": "B3", "old": None, "new": True} in file["changed"]
    assert file["seconds"] >= 0


def test_an_unexpected_failure_is_reported_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class PanicException(BaseException):
        """As the engine's, which is no Exception."""

    def panic(*_: object, **__: object) -> None:
        raise PanicException("rotto")

    monkeypatch.setattr("xl_perf.recalc.calculate.recalculate_package", panic)
    path = save(tmp_path / "a.xlsx")
    assert recalc_file(path).failure == f"{path}: PanicException: rotto"


def test_interruption_says_what_was_done(tmp_path: Path):
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        save(tmp_path / name)

    def stop(file: FileReport, done: int, of: int) -> None:
        raise KeyboardInterrupt

    for isolate in (False, True):
        report = recalc_paths([tmp_path], Options(isolate=isolate), stop)
        assert report.interrupted
        assert not report.ok
        assert [file.failure.endswith("not done, interrupted") for file in report.files] == [
            False,
            True,
            True,
        ]
    assert not list(tmp_path.glob(".*.tmp"))


# -- worker processes -------------------------------------------------------------------------------------------------


def test_a_worker_that_hangs_is_ended_and_the_rest_goes_on(tmp_path: Path):
    path = save(tmp_path / "a.xlsx")
    worker = Worker()
    try:
        late = worker.run(path, Options(seconds=0.001), Path("a.xlsx"))
        assert "took longer than 0.001 seconds" in late.failure
        assert worker.run(path, Options(), Path("a.xlsx")).ok
    finally:
        worker.join()


def test_a_worker_that_dies_is_reported_and_replaced(tmp_path: Path):
    path = save(tmp_path / "a.xlsx")
    worker = Worker()
    try:
        process = worker._running()
        assert process is not None
        process.kill()
        process.wait()
        assert "process died" in worker.run(path, Options(), Path("a.xlsx")).failure
        assert worker.run(path, Options(), Path("a.xlsx")).ok
    finally:
        worker.join()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_worker_that_takes_too_much_memory_is_reported():
    from xl_perf.recalc.worker import Lost, Process

    mebi = 1024 * 1024
    small, large = (Process("builtins:bytearray", memory=size * mebi) for size in (512, 2048))
    try:
        assert len(small.call(30.0, mebi)) == mebi
        with pytest.raises(Lost, match="process died"):
            small.call(30.0, 600 * mebi)
        assert len(large.call(30.0, 600 * mebi)) == 600 * mebi
    finally:
        small.join()
        large.join()


def test_a_file_that_needs_too_much_memory_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("xl_perf.recalc.files._calculate", full)
    path = save(tmp_path / "a.xlsx")
    assert "more memory than a file may take" in recalc_file(path).failure


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_worker_that_ran_out_of_memory_is_replaced_and_the_file_tried_again(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("xl_perf.recalc.worker._RECALC", "tests.hungry:recalc_file")
    worker = Worker(memory=1024 * 1024 * 1024)
    names = [*"abcdefghij", "grande", *"klmn"]
    try:
        reports = [worker.run(Path(f"{name}.xlsx"), Options(), Path(f"{name}.xlsx")) for name in names]
    finally:
        worker.join()
    assert [Path(report.path).stem for report in reports if not report.ok] == ["grande"]
    assert EXHAUSTED in reports[names.index("grande")].failure
    processes = list(dict.fromkeys(report.engine for report in reports if report.ok))
    assert 2 < len(processes) < len(names) - 1  # a new one now and then, not for each file


def test_workers_leave_no_processes_behind(tmp_path: Path):
    for number in range(4):
        shutil.copy(save(tmp_path / "a.xlsx"), tmp_path / f"b{number}.xlsx")
    assert recalc_paths([tmp_path], Options(jobs=3)).ok
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
    pytest.fail("a worker process is still there")


def test_a_file_named_twice_is_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = save(tmp_path / "a.xlsx")
    (tmp_path / "altro.xlsx").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    report = recalc_paths([path, "a.xlsx", tmp_path, "altro.xlsx"], HERE)
    assert [file.path for file in report.files] == [str(path)]


def test_a_blocked_spill_is_stored_as_excel_stores_it_and_stays(tmp_path: Path):
    from tests.test_recalc_values import DYNAMIC, dynamic

    rows = DYNAMIC.replace('<c r="A3"><v>3</v></c>', '<c r="A3"><v>3</v></c><c r="C3"><v>7</v></c>')
    path = tmp_path / "a.xlsx"
    path.write_bytes(dynamic(rows).data)
    assert not recalc_file(path).failure
    content = path.read_bytes()
    assert not recalc_file(path).changed
    assert path.read_bytes() == content


def test_a_file_that_somebody_saved_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from xl_perf.recalc import calculate

    path = save(tmp_path / "a.xlsx")
    original = calculate.recalculate_package

    def slow(package: object, **options: object) -> object:
        path.write_bytes(b"la versione nuova")
        return original(package, **options)

    monkeypatch.setattr(calculate, "recalculate_package", slow)
    assert "changed by somebody else" in recalc_file(path).failure
    assert path.read_bytes() == b"la versione nuova"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_results_that_go_to_the_same_file_by_another_way_are_as_careful(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """`--out` that is a link to the folder of the workbook: what somebody saved meanwhile is not overwritten either."""
    from xl_perf.recalc import calculate

    folder = tmp_path / "qui"
    folder.mkdir()
    path = save(folder / "a.xlsx")
    (tmp_path / "là").symlink_to(folder)
    original = calculate.recalculate_package

    def slow(package: object, **options: object) -> object:
        found = original(package, **options)
        path.write_bytes(b"la versione nuova")
        return found

    monkeypatch.setattr(calculate, "recalculate_package", slow)
    assert "changed by somebody else" in recalc_file(path, Options(out=tmp_path / "là")).failure
    assert path.read_bytes() == b"la versione nuova"
