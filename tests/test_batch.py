"""Large batches: bad files among good ones, and an interruption from the keyboard."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hostile_files import CELLS, good, hostile_files
from tests.package_files import parts_of, sheet_xml, zip_of
from xl_perf.cli import main
from xl_perf.package import open_package

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
BAD = 50


def value_of(path: Path) -> object:
    return next(
        cell.value for cell in open_package(path).cells("Foglio1") if (cell.row, cell.column) == (1, 2)
    )


def test_a_thousand_files_with_fifty_bad_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "regioni"
    bad = [
        (name, content)
        for name, (content, words) in hostile_files().items()
        if words and len(content) < 10_000
    ]
    contents: dict[Path, bytes] = {}
    for number in range(1000):
        path = folder / f"{number // 100}" / f"{number:04}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        contents[path] = bad[number // 20 % len(bad)][1] if number % 20 == 7 else good()
        path.write_bytes(contents[path])
    other = folder / "note.txt"
    other.write_text("non toccare", encoding="utf-8")
    report = tmp_path / "rapporto.json"

    assert main(["recalc", str(folder), "--jobs", "2", "--report", str(report)]) == 1

    said = capsys.readouterr().out
    assert "1,000 files" in said
    assert "50 failed" in said
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    assert [file["path"] for file in files] == [str(path) for path in contents]
    failed = {file["path"] for file in files if file["failure"]}
    assert len(failed) == BAD
    for path, content in contents.items():
        if str(path) in failed:
            assert path.read_bytes() == content
        else:
            assert value_of(path) == 31.0
    assert {path for path in folder.rglob("*") if path.is_file()} == {*contents, other}
    assert other.read_text(encoding="utf-8") == "non toccare"


SLOW = 4000


@posix
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_interrupt_key_leaves_no_half_file_and_says_what_was_done(tmp_path: Path, jobs: int) -> None:
    folder = tmp_path / "libri"
    folder.mkdir()
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><f>SUM(A{n - 1},1)</f><v>0</v></c></row>' for n in range(2, SLOW)
    )
    old = zip_of(parts_of(sheet_xml(CELLS + rows)))
    for number in range(40):
        (folder / f"{number:02}.xlsx").write_bytes(old)
    report = tmp_path / "r.json"
    command = [
        sys.executable,
        "-m",
        "xl_perf",
        "recalc",
        str(folder),
        "--jobs",
        str(jobs),
        "--report",
        str(report),
    ]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a test run in the background of a shell passes on that the interrupt key is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first.startswith("ok")
    process.send_signal(signal.SIGINT)
    said, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert "interrupted" in said
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    assert len(files) == 40
    done = [file["path"] for file in files if not file["failure"]]
    assert 0 < len(done) < 40
    assert all(value_of(Path(path)) == 31.0 for path in done)
    assert all(
        file["failure"].endswith("not done, interrupted") for file in files if file["path"] not in done
    )
    for path in folder.iterdir():
        if path.suffix == ".xlsx":
            assert path.read_bytes() == old or value_of(path) == 31.0
    # what was being written when its worker was ended is cleaned by the next run, which goes on
    again = subprocess.run(
        [*command, "--resume", str(report)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stdout + again.stderr
    assert f"{len(done)} done earlier" in again.stdout
    assert sorted(os.listdir(folder)) == [f"{number:02}.xlsx" for number in range(40)]  # noqa: PTH208
    assert all(value_of(path) == 31.0 for path in folder.iterdir())


@posix
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """Nobody is left behind to write into the folder."""
    for number in range(30):
        (tmp_path / f"{number:02}.xlsx").write_bytes(good())
    process = subprocess.Popen(
        [sys.executable, "-m", "xl_perf", "recalc", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    children = list(Path("/proc").glob(f"{process.pid}/task/*/children"))  # a thread starts each worker
    if not children:
        process.kill()
        process.communicate()
        pytest.skip("the system does not list the children of a process")
    workers = [worker for thread in children for worker in thread.read_text().split()]
    process.kill()
    process.communicate()
    assert workers
    deadline = time.monotonic() + 30
    while any(_is_alive(worker) for worker in workers):
        assert time.monotonic() < deadline, "a worker outlives its parent"
        time.sleep(0.05)


def _is_alive(process: str) -> bool:
    status = Path(f"/proc/{process}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
