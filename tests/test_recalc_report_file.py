"""The report of a batch is a complete JSON file at every moment, and one that is cut off can be gone on from."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hostile_files import good
from tests.recalc_books import book
from xl_perf.cli import main
from xl_perf.errors import WorkbookError
from xl_perf.recalc import CellNote, Change, FileReport, NewError, Options, RecalcReport, recalc_paths
from xl_perf.recalc import report_file as module
from xl_perf.recalc.model import EngineDifference
from xl_perf.recalc.report_file import ReportFile
from xl_perf.recalc.resume import read_earlier
from xl_perf.values import CellError

ROOT = Path(__file__).parents[1]
HERE = Options(isolate=False)
posix = pytest.mark.skipif(os.name == "nt", reason="permissions, links and signals of POSIX systems")
SAID = 'una "nota"\n\\ città'
FILES = (
    FileReport("a.xlsx", failure=SAID),
    FileReport(
        "città/b.xlsx",
        written=("b.xlsx",),
        formulas=3,
        changed=(
            Change(SAID, "A1", None, 1e300),
            Change(SAID, "A2", 0.1, CellError.NA),
            Change("Due", "B1", True, "😀"),
            Change("Due", "B2", 2**60, ""),
        ),
        stale=2,
        errors=(NewError("Due", "C1", CellError.DIV0, SAID),),
        kept=(CellNote("Due", "C2", SAID),),
        unknown_functions={SAID: 2},
        faults=(SAID,),
        notes=(SAID,),
        seconds=0.1234,
        engine="formualizer",
        engine_version="1",
        differences=(EngineDifference("Due", "C3", {"uno": 1.0, "due": "x"}),),
        stamp=(1, 2**60),
    ),
    FileReport("c.xlsx", earlier=True),
)


def read(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_it_is_a_whole_report_after_each_file(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    with ReportFile(path, HERE) as written:
        for number, file in enumerate(FILES):
            assert read(path) == RecalcReport(FILES[:number], HERE, interrupted=True).to_json()
            written.add(file)
        assert read(path) == RecalcReport(FILES, HERE, interrupted=True).to_json()
        last = RecalcReport((FileReport("0.xlsx"), *reversed(FILES), FILES[0]), HERE, seconds=1.5)
        written.finish(last)
        assert read(path) == last.to_json()
    assert os.listdir(tmp_path) == ["r.json"]  # noqa: PTH208


def test_a_file_of_which_something_else_is_said_at_the_end(tmp_path: Path) -> None:
    """What an earlier run did, and this one did not come to do again."""
    path = tmp_path / "r.json"
    with ReportFile(path, HERE, FILES) as written:
        assert read(path) == RecalcReport(FILES, HERE, interrupted=True).to_json()
        written.add(FileReport("a.xlsx", formulas=7))
        assert read_earlier(path, HERE)[os.path.abspath("a.xlsx")].formulas == 7  # noqa: PTH100
        last = RecalcReport((FILES[0], FileReport("città/b.xlsx", failure="not done"), FILES[2]), HERE)
        written.finish(last)
    assert read(path) == last.to_json()


def test_infinite_numbers(tmp_path: Path) -> None:
    file = FileReport("a.xlsx", changed=(Change("Uno", "A1", float("inf"), float("-inf")),))
    with ReportFile(tmp_path / "r.json", HERE) as written:
        written.add(file)
    assert read(tmp_path / "r.json")["files"] == [file.to_json()]


@posix
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    file = FileReport(os.fsdecode(b"\xff.xlsx"), failure=os.fsdecode(b"\xff"))
    with ReportFile(tmp_path / "r.json", HERE) as written:
        written.add(file)
    assert read(tmp_path / "r.json")["files"] == [file.to_json()]


def test_what_is_cut_off_anywhere_is_gone_on_from(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    with ReportFile(path, HERE) as written:
        start = path.read_bytes()
        ends = []
        for file in FILES:
            written.add(file)
            ends.append(path.stat().st_size)
    whole = path.read_bytes()
    body = start.index(module._FILES) + len(module._FILES) + 1
    seen = set()
    for size in range(body, len(whole) + 1):
        path.write_bytes(whole[:size])
        found = read_earlier(path, HERE)
        seen.add(len(found))
        assert len(found) >= sum(end <= size for end in ends)
        assert [file.path for file in found.values()] == [file.path for file in FILES[: len(found)]]
    assert seen == {0, 1, 2, 3}


def test_a_line_that_the_disk_lost_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    with ReportFile(path, HERE, FILES):
        lines = path.read_bytes().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if b"b.xlsx" in line)
    lines[place] = bytes(len(lines[place]) - 1) + b"\n"
    path.write_bytes(b"".join(lines))
    assert [Path(name).name for name in read_earlier(path, HERE)] == ["a.xlsx", "c.xlsx"]


def test_each_file_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written stays where it is: the work does not grow with the square of the batch."""
    path = tmp_path / "r.json"
    amounts = []
    write = module._write

    def counted(file: object, data: bytes) -> None:
        amounts.append(len(data))
        write(file, data)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_write", counted)
    with ReportFile(path, HERE) as written:
        for number in range(200):
            written.add(FileReport(f"{number:04}.xlsx"))
    assert sum(amounts) < 1.2 * path.stat().st_size


def test_a_disk_that_is_full_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.json"
    with ReportFile(path, HERE) as written:
        written.add(FILES[0])
        with monkeypatch.context() as patched:

            def half(file: object, data: bytes) -> None:
                file.write(data[: len(data) // 2])  # type: ignore[attr-defined]
                raise OSError(28, "No space left on device")

            patched.setattr(module, "_write", half)
            written.add(FILES[1])
            assert read(path) == RecalcReport(FILES[:1], HERE, interrupted=True).to_json()

            def full(*_: object) -> int:
                raise OSError(28, "No space left on device")

            patched.setattr(os, "write", full)
            with pytest.raises(WorkbookError, match=r"r\.json: the disk is full"):
                written.finish(RecalcReport(FILES, HERE))
        written.add(FILES[2])
        assert read(path)["files"] == [FILES[0].to_json(), FILES[2].to_json()]
        written.finish(RecalcReport(FILES, HERE))
    assert read(path) == RecalcReport(FILES, HERE).to_json()
    assert os.listdir(tmp_path) == ["r.json"]  # noqa: PTH208


@posix
def test_links_and_permissions_stay(tmp_path: Path) -> None:
    target = tmp_path / "vero.json"
    target.write_text("{}", encoding="utf-8")
    target.chmod(0o640)
    (tmp_path / "r.json").symlink_to(target)
    with ReportFile(tmp_path / "r.json", HERE) as written:
        written.add(FILES[0])
        assert len(read(target)["files"]) == 1  # type: ignore[arg-type]
        written.finish(RecalcReport((FILES[0],), HERE))
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert (tmp_path / "r.json").is_symlink()


@posix
def test_reports_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said before anything is done."""
    workbook = tmp_path / "a.xlsx"
    workbook.write_bytes(good())
    locked = tmp_path / "locked.json"
    locked.write_text("{}", encoding="utf-8")
    locked.chmod(0o444)
    for report, words in (
        (
            tmp_path / "manca" / "r.json",
            "the folder does not exist",
        ),
        (tmp_path, "this is a folder; expected a file"),
        (locked, "the file is read-only. Allow writing"),
        (Path("/dev/null"), "this is a device; expected a file"),
        (workbook / "r.json", "the file cannot be written (Not a directory)"),
    ):
        assert main(["recalc", str(workbook), "--report", str(report)]) == 1
        said = capsys.readouterr()
        assert f"{report}: {words}" in said.err
        assert said.out == ""
    assert workbook.read_bytes() == good()
    assert sorted(os.listdir(tmp_path)) == ["a.xlsx", "locked.json"]  # noqa: PTH208


def test_going_on_keeps_the_report_it_goes_on_from(tmp_path: Path) -> None:
    """Into the same file: what the earlier run did is never missing from it."""
    folder = tmp_path / "libri"
    folder.mkdir()
    for name in "abc":
        book({"A1": 1, "A2": "=A1+1"}).save(folder / f"{name}.xlsx")
    path = tmp_path / "r.json"
    with ReportFile(path, HERE) as written:
        recalc_paths([folder / "a.xlsx"], HERE, lambda file, _done, _of: written.add(file))
    earlier = read_earlier(path, HERE)
    with ReportFile(path, HERE, earlier.values()) as written:
        assert list(read_earlier(path, HERE)) == [str(folder / "a.xlsx")]
        report = recalc_paths([folder], HERE, lambda file, _done, _of: written.add(file), earlier)
        assert len(read(path)["files"]) == 3  # type: ignore[arg-type]
        written.finish(report)
    assert read(path) == report.to_json()
    assert [file.earlier for file in report.files] == [True, False, False]


@posix
def test_a_run_that_is_killed_leaves_a_report_to_go_on_from(tmp_path: Path) -> None:
    folder = tmp_path / "libri"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.xlsx").write_bytes(good())
    path = tmp_path / "r.json"
    command = [sys.executable, "-m", "xl_perf", "recalc", str(folder), "--report", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(5):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    time.sleep(1)  # its worker notices, and lets go of the file it has
    done = read_earlier(path, Options())
    assert 4 <= len(done) < 60  # the fifth line is printed before its file is in the report
    again = subprocess.run([*command, "--resume", str(path)], cwd=ROOT, capture_output=True, text=True)  # noqa: PLW1510
    assert again.returncode == 0, again.stdout + again.stderr
    assert f"{len(done)} done earlier" in again.stdout
    found = read(path)
    assert found["ok"]
    assert [file["path"] for file in found["files"]] == [str(p) for p in sorted(folder.glob("*.xlsx"))]  # type: ignore[attr-defined]
