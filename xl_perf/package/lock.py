"""One xl-perf at a time on a file, and what killed runs left is cleaned."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xl_perf.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARK: Final = ".xl-perf-"
"""Stands in the names of temporary files between the name of the workbook and the number of the process."""
_FRESH: Final = 60
"""Seconds in which a temporary file may belong to a process that has only just made it."""
_NO_LOCKS: Final = frozenset(
    (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.EBADF)
)


def check_lock(path: str | Path) -> None:
    """Refuses a workbook that somebody has open in Excel or LibreOffice.

    Raises:
        WorkbookError: an owner file (`~$name`, `.~lock.name#`) is beside it; names who holds it where it says so.
    """
    path = Path(path)
    for place in dict.fromkeys((path, Path(os.path.realpath(path)))):
        for program, name in (("Excel", f"~${place.name}"), ("LibreOffice", f".~lock.{place.name}#")):
            owner = place.with_name(name)
            if os.path.lexists(owner):
                who = _owner(owner)
                raise WorkbookError(
                    f"the file is open in {program}" + (f" ({who})" if who else ""),
                    where=str(path),
                    remedy=f"close it there; if nobody has it open, delete {owner}",
                )


def _owner(path: Path) -> str:
    """The user's name in an owner file, or nothing."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as file:
            raw = file.read(300)
    except OSError:
        return ""
    if path.name.startswith("~$"):
        text = raw[1 : 1 + raw[0]].decode("latin-1") if raw and raw[0] <= 54 else ""
    else:
        text = " ".join(raw.decode("utf-8", "replace").split(",")[1:2])
    return "".join(letter for letter in text if letter.isprintable()).strip()


@contextlib.contextmanager
def exclusive(path: str | Path) -> Iterator[None]:
    """Holds a workbook for this process while it is read, calculated and replaced.

    The system keeps the lock and lets it go when the process ends, however it ends: on POSIX systems it lies on the
    workbook itself, on Windows on a file beside it that goes with the process. Where the file system has no locks the
    stamp of the version that was read still keeps one run from overwriting what another one wrote.

    Args:
        path: the workbook; a symbolic link is followed. A path that leads to no file is left to the reader's message.

    Raises:
        WorkbookError: open in Excel or LibreOffice (`check_lock`), or held by another xl-perf.
    """
    check_lock(path)
    target = Path(os.path.realpath(path))
    if not target.is_file():
        yield
        return
    descriptor = _hold_beside(target, path) if os.name == "nt" else _hold(target, path)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _held(path: str | Path) -> WorkbookError:
    return WorkbookError(
        "another xl-perf is working on the file", where=str(path), remedy="wait until it is done"
    )


def _hold(target: Path, path: str | Path) -> int | None:
    fcntl: Any = importlib.import_module("fcntl")
    for mode in (os.O_RDWR, os.O_RDONLY):  # some network systems lock only what is open for writing
        try:
            descriptor = os.open(target, mode | os.O_CLOEXEC | os.O_NONBLOCK)
            break
        except OSError:
            continue
    else:
        return None  # it cannot be read: the reader says why
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise _held(path) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            os.close(descriptor)
            if error.errno == errno.EACCES:
                raise _held(path) from None
            raise
    with contextlib.suppress(FileNotFoundError):
        if os.path.samestat(target.stat(), os.fstat(descriptor)):
            return descriptor
    os.close(descriptor)  # replaced since it was opened: its holder has only just let it go
    raise _held(path)


def _hold_beside(target: Path, path: str | Path) -> int | None:
    """On Windows: a file beside the workbook that the system deletes when its only handle is closed."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_TEMPORARY", 0) | getattr(os, "O_NOINHERIT", 0)
    try:
        return os.open(target.with_name(f".{target.name}{MARK}lock"), flags)
    except (FileExistsError, PermissionError):
        raise _held(path) from None
    except OSError:
        return None


def hold_temporary(descriptor: int) -> None:
    """Marks a temporary file as in use for as long as it is open, so that no other run takes it for a leftover."""
    if os.name != "nt":
        fcntl: Any = importlib.import_module("fcntl")
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def clean_leftovers(folders: Iterable[str | Path]) -> list[Path]:
    """Removes temporary files that killed runs left in folders; those of runs under way stay.

    Returns:
        The files that were removed. What cannot be listed or removed is passed over.
    """
    removed = []
    for folder in dict.fromkeys(os.path.realpath(folder) for folder in folders):
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _is_temporary(entry.name)]
            removed += [path for name in names if _remove(path := Path(folder, name))]
    return removed


def _is_temporary(name: str) -> bool:
    return name.startswith(".") and MARK in name and name.endswith(".tmp")


def _remove(path: Path) -> bool:
    process = path.name.rpartition(MARK)[2].partition("-")[0]
    try:
        is_old = time.time() - path.lstat().st_mtime > _FRESH
        if (_is_running(process) and not is_old) or _is_held(path):
            return False
        path.unlink()
    except OSError:
        return False
    return True


def _is_held(path: Path) -> bool:
    """True where a process has the temporary file open (on Windows removing it fails then)."""
    if os.name == "nt":
        return False
    fcntl: Any = importlib.import_module("fcntl")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _is_running(process: str) -> bool:
    """True where a process of this number runs on this machine."""
    if not process.isdecimal():
        return False
    if os.name == "nt":  # signal 0 would end the process there; files in use cannot be removed anyway
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
