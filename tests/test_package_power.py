"""Power loss, a full disk, missing permissions: the workbook is the old or the new one, complete."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.recalc_books import book
from xl_perf.errors import WorkbookError
from xl_perf.package import atomic, open_package, write_atomic
from xl_perf.recalc import Options, recalc_file, recalc_paths

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX systems")

OLD = b"old" * 700_000
NEW = b"new" * 900_000
"""More than one chunk, so that the write is cut in its middle."""

KILLED = """
import os, signal, sys
from pathlib import Path
from xl_perf.package import atomic
left = int(sys.argv[3])
def die(step):
    global left
    if step == sys.argv[2]:
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
atomic.reached = die
atomic.write_atomic(Path(sys.argv[1]), b"new" * 900_000)
"""


def _killed_at(target: Path, step: str, times: int = 0) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(target), step, str(times)],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL, (step, done.stderr)


@posix
@pytest.mark.parametrize(
    ("step", "times"), [*((step, 0) for step in atomic.STEPS), ("part written", 1), ("part written", 2)]
)
def test_killed_at_every_step(tmp_path: Path, step: str, times: int) -> None:
    target = tmp_path / "libro.xlsx"
    target.write_bytes(OLD)
    _killed_at(target, step, times)
    after = atomic.STEPS.index(step) >= atomic.STEPS.index("replaced")
    assert target.read_bytes() == (NEW if after else OLD)
    write_atomic(target, b"next")
    assert target.read_bytes() == b"next"
    assert os.listdir(tmp_path) == ["libro.xlsx"]  # noqa: PTH208


@posix
@pytest.mark.parametrize("step", atomic.STEPS)
def test_killed_while_making_a_new_file(tmp_path: Path, step: str) -> None:
    target = tmp_path / "nuovo.xlsx"
    _killed_at(target, step)
    if target.exists():
        assert target.read_bytes() == NEW
    write_atomic(target, b"next")
    assert os.listdir(tmp_path) == ["nuovo.xlsx"]  # noqa: PTH208


def test_the_steps_are_those_of_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(atomic, "reached", seen.append)
    target = tmp_path / "libro.xlsx"
    target.write_bytes(OLD)
    write_atomic(target, b"x")
    assert tuple(seen) == atomic.STEPS


WORKER_KILLED = """
import os, signal, sys
from xl_perf.package import atomic
def die(step):
    if step == "part written":
        os.kill(os.getpid(), signal.SIGKILL)
atomic.reached = die
from xl_perf.recalc import recalc_file
recalc_file(sys.argv[1])
"""


@posix
def test_what_a_killed_recalc_leaves_is_cleaned_even_where_nothing_changes(tmp_path: Path) -> None:
    path, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for file in (path, other):
        book({"A1": 1, "A2": "=A1+1"}).save(file)
    before = path.read_bytes()
    done = subprocess.run([sys.executable, "-c", WORKER_KILLED, str(path)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert len(list(tmp_path.glob(".a.xlsx.*.tmp"))) == 1
    recalc_file(other)
    atomic._cleaned.clear()
    assert recalc_paths([other], Options(isolate=False)).ok  # changes nothing, cleans all the same
    assert sorted(os.listdir(tmp_path)) == ["a.xlsx", "b.xlsx"]  # noqa: PTH208


@posix
def test_disk_full_at_every_byte_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "libro.xlsx"
    target.write_bytes(OLD)
    real = os.write
    for room in (0, 1, 1024 * 1024, len(NEW) - 1):
        left = [room]

        def write(descriptor: int, data: memoryview, left: list[int] = left) -> int:
            taken = min(left[0], len(data))
            if not taken:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            left[0] -= taken
            return real(descriptor, data[:taken])

        monkeypatch.setattr(os, "write", write)
        with pytest.raises(WorkbookError, match="disk is full"):
            write_atomic(target, NEW)
        monkeypatch.undo()
        assert target.read_bytes() == OLD
        assert os.listdir(tmp_path) == ["libro.xlsx"]  # noqa: PTH208


@posix
def test_a_real_limit_of_the_system(tmp_path: Path) -> None:
    """A file size limit stops the write in its middle, as a full disk does."""
    target = tmp_path / "libro.xlsx"
    target.write_bytes(b"old")
    program = (
        "import resource, signal, sys; from pathlib import Path; from xl_perf.package import write_atomic;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000));"
        "write_atomic(Path(sys.argv[1]), b'new' * 900_000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(target)], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "cannot be written (File too large)" in done.stderr
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["libro.xlsx"]  # noqa: PTH208


STEPS_OF_THE_SYSTEM = ("open", "write", "fchmod", "fsync", "replace")


@posix
@pytest.mark.parametrize("call", STEPS_OF_THE_SYSTEM)
@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO]
)
def test_any_call_of_the_system_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    target = tmp_path / "libro.xlsx"
    target.write_bytes(b"old")

    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    owner = Path if call == "replace" else os
    monkeypatch.setattr(owner, call, fail)
    with pytest.raises(WorkbookError) as caught:
        write_atomic(target, b"new")
    monkeypatch.undo()
    assert str(target) in str(caught.value)
    assert "the original was not changed" in str(caught.value).lower()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["libro.xlsx"]  # noqa: PTH208


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "protetta"
    folder.mkdir()
    path = folder / "a.xlsx"
    book({"A1": 1, "A2": "=A1+1"}).save(path)
    before = path.read_bytes()
    folder.chmod(0o500)
    try:
        assert "no permission" in recalc_file(path).failure
        assert recalc_file(path, Options(out=tmp_path / "fuori")).ok
    finally:
        folder.chmod(0o700)
    assert path.read_bytes() == before


@posix
def test_read_only_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book({"A1": 1, "A2": "=A1+1"}).save(path)
    path.chmod(0o444)
    before = path.read_bytes()
    assert "read-only" in recalc_file(path).failure
    assert path.read_bytes() == before
    assert open_package(path).cells("Foglio")[1].value is None
