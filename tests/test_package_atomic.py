"""A file is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.package_files import sheet_xml, workbook_of
from xl_perf.errors import WorkbookError
from xl_perf.package import FileStamp, check_lock, open_package, write_atomic

posix = pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX systems")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "libro.xlsx"
    path.write_bytes(b"old")
    return path


def _leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if ".xl-perf-" in path.name]


def test_replaces_the_content(target: Path) -> None:
    written = write_atomic(target, b"new content", expected_stat=FileStamp.of(target.stat()))
    assert target.read_bytes() == b"new content"
    assert (written.path, written.size, written.through_link, written.hard_links) == (target, 11, False, 0)
    assert os.listdir(target.parent) == ["libro.xlsx"]  # noqa: PTH208 - hidden files count


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_keeps_permissions(target: Path, mode: int) -> None:
    target.chmod(mode)
    write_atomic(target, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == mode


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root may give files away")
def test_keeps_the_owner(target: Path) -> None:
    os.chown(target, 12345, 23456)
    write_atomic(target, b"new")
    assert (target.stat().st_uid, target.stat().st_gid) == (12345, 23456)


@posix
def test_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_atomic(tmp_path / "nuovo.xlsx", b"new")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "nuovo.xlsx").stat().st_mode) == 0o640


def test_refuses_a_file_that_changed_since(target: Path) -> None:
    stamp = FileStamp.of(target.stat())
    target.write_bytes(b"newer version")
    with pytest.raises(WorkbookError, match="changed by somebody else"):
        write_atomic(target, b"new", expected_stat=stamp)
    assert target.read_bytes() == b"newer version"


def test_refuses_a_file_that_is_gone(target: Path) -> None:
    stamp = FileStamp.of(target.stat())
    target.unlink()
    with pytest.raises(WorkbookError, match="gone"):
        write_atomic(target, b"new", expected_stat=stamp)
    assert not target.exists()


def test_stamp_of_a_package_is_that_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "libro.xlsx"
    path.write_bytes(workbook_of(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')))
    package = open_package(path)
    assert package.stamp is not None
    write_atomic(path, package.patch({"Foglio1": {(1, 1): 2}}), expected_stat=package.stamp)
    assert open_package(path).cells("Foglio1")[0].value == 2.0
    with pytest.raises(WorkbookError, match="changed"):
        write_atomic(path, b"again", expected_stat=package.stamp)


def test_refuses_a_read_only_file_even_for_root(target: Path) -> None:
    target.chmod(0o444)
    with pytest.raises(WorkbookError, match="read-only"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(target.parent) == ["libro.xlsx"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("~$libro.xlsx", b"\x0bMario Rossi" + b" " * 43, "Excel (Mario Rossi)"),
        (".~lock.libro.xlsx#", b",anna,pc7,29.09.2021 12:00,file:///home;", "LibreOffice (anna)"),
        ("~$libro.xlsx", b"", "open in Excel"),
        ("~$libro.xlsx", b"\xff\xfe\xfd", "open in Excel"),
    ],
)
def test_refuses_a_file_that_is_open(target: Path, name: str, content: bytes, words: str) -> None:
    (target.parent / name).write_bytes(content)
    for action in (lambda: check_lock(target), lambda: write_atomic(target, b"new")):
        with pytest.raises(WorkbookError) as caught:
            action()
        assert words in str(caught.value)
        assert name in str(caught.value)
    assert target.read_bytes() == b"old"


@posix
def test_owner_file_beside_the_target_of_a_link(target: Path, tmp_path: Path) -> None:
    folder = tmp_path / "altra"
    folder.mkdir()
    link = folder / "link.xlsx"
    link.symlink_to(target)
    check_lock(link)
    (target.parent / "~$libro.xlsx").write_bytes(b"")
    with pytest.raises(WorkbookError, match="open in Excel"):
        check_lock(link)


@posix
def test_owner_file_that_is_a_pipe_is_not_read(target: Path) -> None:
    os.mkfifo(target.parent / "~$libro.xlsx")
    with pytest.raises(WorkbookError, match="open in Excel"):
        check_lock(target)


@posix
def test_link_stays_and_its_target_is_replaced(target: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to("libro.xlsx")
    written = write_atomic(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert (written.path, written.through_link) == (target, True)


@posix
def test_other_names_keep_the_old_content(target: Path, tmp_path: Path) -> None:
    other = tmp_path / "altro nome.xlsx"
    other.hardlink_to(target)
    assert write_atomic(target, b"new").hard_links == 1
    assert (target.read_bytes(), other.read_bytes()) == (b"new", b"old")


def test_folder_and_missing_folder(tmp_path: Path) -> None:
    (tmp_path / "cartella.xlsx").mkdir()
    with pytest.raises(WorkbookError, match="a folder"):
        write_atomic(tmp_path / "cartella.xlsx", b"new")
    with pytest.raises(WorkbookError, match="folder does not exist"):
        write_atomic(tmp_path / "manca" / "libro.xlsx", b"new")


@pytest.mark.parametrize(
    ("step", "number", "words"),
    [
        ("fsync", errno.ENOSPC, "disk is full"),
        ("fsync", errno.EIO, "cannot be written"),
        ("replace", errno.EACCES, "no permission"),
        ("open", errno.EROFS, "disk is read-only"),
    ],
)
def test_failures_leave_the_original(
    target: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, words: str
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    owner = Path if step == "replace" else os
    monkeypatch.setattr(owner, step, fail)
    with pytest.raises(WorkbookError, match=words) as caught:
        write_atomic(target, b"new")
    assert "original was not changed" in str(caught.value).lower()
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert not _leftovers(target.parent)


def test_interrupt_leaves_the_original(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert not _leftovers(target.parent)


def test_file_replaced_while_writing(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def meddle(descriptor: int) -> None:
        real(descriptor)
        target.write_bytes(b"saved by somebody")

    monkeypatch.setattr(os, "fsync", meddle)
    with pytest.raises(WorkbookError, match="changed by somebody else"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"saved by somebody"


def test_file_made_by_somebody_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "nuovo.xlsx"
    real = os.fsync

    def meddle(descriptor: int) -> None:
        real(descriptor)
        target.write_bytes(b"saved by somebody")

    monkeypatch.setattr(os, "fsync", meddle)
    with pytest.raises(WorkbookError, match="changed by somebody else"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"saved by somebody"


@posix
def test_keeps_extended_attributes(target: Path) -> None:
    try:
        os.setxattr(target, "user.nota", b"x")
    except (AttributeError, OSError):
        pytest.skip("the file system has no extended attributes")
    write_atomic(target, b"new")
    assert os.getxattr(target, "user.nota") == b"x"


KILLED = """
import os, signal, sys
from pathlib import Path
from xl_perf.package import write_atomic
real = os.fsync
def die(descriptor):
    real(descriptor)
    os.kill(os.getpid(), signal.SIGKILL)
os.fsync = die
write_atomic(Path(sys.argv[1]), b"new" * 1000)
"""


@posix
def test_killed_run_leaves_the_original_and_the_next_run_cleans_up(target: Path) -> None:
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(target)], cwd=root, check=False, capture_output=True
    )
    assert done.returncode == -9, done.stderr
    assert target.read_bytes() == b"old"
    assert len(_leftovers(target.parent)) == 1
    write_atomic(target, b"next")
    assert target.read_bytes() == b"next"
    assert not _leftovers(target.parent)


@posix
def test_temporary_file_of_a_running_process_stays(target: Path) -> None:
    running = target.parent / f".libro.xlsx.xl-perf-{os.getpid()}-abcd.tmp"
    running.write_bytes(b"in the making")
    write_atomic(target, b"new")
    assert running.exists()
