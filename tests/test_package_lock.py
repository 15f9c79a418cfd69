"""One program at a time on a workbook: locks of spreadsheet programs, of another xl-perf, of the dead."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.recalc_books import book
from xl_perf.errors import WorkbookError
from xl_perf.package import clean_leftovers, exclusive, lock, write_atomic
from xl_perf.recalc import Options, recalc_file

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name == "nt", reason="locks of POSIX systems")

HOLDER = """
import sys
from xl_perf.package import exclusive
with exclusive(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "libro.xlsx"
    book({"A1": 1, "A2": "=A1+1"}).save(path)
    return path


def _holder(target: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(target)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"held"
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()


def test_a_second_run_is_refused_and_the_dead_hold_nothing(target: Path) -> None:
    before = target.read_bytes()
    process = _holder(target)
    try:
        assert "another xl-perf is working on the file" in recalc_file(target).failure
        assert target.read_bytes() == before
        assert recalc_file(target, Options(check=True)).stale  # looking is no harm
    finally:
        _end(process)
    assert recalc_file(target).ok
    assert os.listdir(target.parent) == ["libro.xlsx"]  # noqa: PTH208


@posix
def test_sync_is_refused_too(target: Path) -> None:
    from xl_perf.plan import load_edition
    from xl_perf.sync import sync_file

    process = _holder(target)
    try:
        with pytest.raises(WorkbookError, match="another xl-perf"):
            sync_file(target, load_edition())
    finally:
        _end(process)


@posix
def test_a_link_and_its_target_are_one_file(target: Path) -> None:
    link = target.with_name("link.xlsx")
    link.symlink_to(target)
    with exclusive(link), pytest.raises(WorkbookError, match="another xl-perf"), exclusive(target):
        pass


@posix
def test_a_file_replaced_between_opening_and_holding_is_refused(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def slow(path: object, flags: int, *more: int) -> int:
        descriptor = real(path, flags, *more)
        monkeypatch.undo()
        write_atomic(target, b"di un altro")
        return descriptor

    monkeypatch.setattr(os, "open", slow)
    with pytest.raises(WorkbookError, match="another xl-perf"), exclusive(target):
        pass


@posix
def test_a_file_system_without_locks_is_no_obstacle(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import fcntl

    def fail(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(fcntl, "flock", fail)
    assert recalc_file(target).ok


def test_owner_files_of_spreadsheet_programs(target: Path) -> None:
    for name in ("~$libro.xlsx", ".~lock.libro.xlsx#"):
        owner = target.with_name(name)
        owner.write_bytes(b"\4Anna" if name.startswith("~") else b",Anna,pc,;")
        before = target.read_bytes()
        assert "the file is open in" in recalc_file(target).failure
        assert target.read_bytes() == before
        owner.unlink()


@posix
def test_leftovers_of_the_dead_go_and_those_in_use_stay(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = {
        "dead": f".libro.xlsx.xl-perf-{dead.pid}-abcd.tmp",
        "old": f".libro.xlsx.xl-perf-{os.getpid()}-0ld0.tmp",
        "fresh": f".libro.xlsx.xl-perf-{os.getpid()}-abcd.tmp",
        "held": f".libro.xlsx.xl-perf-{dead.pid}-he1d.tmp",
        "strange": ".libro.xlsx.xl-perf-x-abcd.tmp",
    }
    for name in names.values():
        (tmp_path / name).write_bytes(b"x")
    past = time.time() - 3600
    os.utime(tmp_path / names["old"], (past, past))
    (tmp_path / "libro.xlsx").write_bytes(b"x")
    (tmp_path / ".libro.xlsx.tmp").write_bytes(b"somebody else's")
    descriptor = os.open(tmp_path / names["held"], os.O_RDONLY)
    try:
        lock.hold_temporary(descriptor)
        removed = clean_leftovers([tmp_path, tmp_path / "manca"])
    finally:
        os.close(descriptor)
    assert {path.name for path in removed} == {names["dead"], names["old"], names["strange"]}
    assert (tmp_path / names["fresh"]).exists()
    assert (tmp_path / names["held"]).exists()
    assert (tmp_path / ".libro.xlsx.tmp").exists()


@posix
def test_a_leftover_that_is_a_link_or_a_pipe_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "altro"
    secret.write_bytes(b"x")
    (tmp_path / ".a.xlsx.xl-perf-1x-a.tmp").symlink_to(secret)
    os.mkfifo(tmp_path / ".a.xlsx.xl-perf-2x-b.tmp")
    clean_leftovers([tmp_path])
    assert secret.exists()


def test_the_beside_lock_of_windows(target: Path) -> None:
    """The way of Windows, whose lock file the system deletes; here it is deleted by hand."""
    descriptor = lock._hold_beside(target, target)
    assert descriptor is not None
    try:
        with pytest.raises(WorkbookError, match="another xl-perf"):
            lock._hold_beside(target, target)
    finally:
        os.close(descriptor)
