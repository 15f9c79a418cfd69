"""Replacing a file so that it is always either the old or the new one, complete."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.intake import FileStamp, describe_kind
from xl_perf.package.lock import MARK, check_lock, clean_leftovers, hold_temporary

if TYPE_CHECKING:
    from collections.abc import Iterable

STEPS = (
    "started", "checked", "cleaned", "temporary made", "part written", "written", "dressed", "flushed", "checked again",
    "replaced", "folder flushed",
)  # fmt: skip
"""The moments of a write, in order, as `reached` names them."""
_CHUNK = 1024 * 1024
_LONGEST = 60
"""Letters of the workbook's name in that of its temporary file, so that a long name stays within 255 bytes."""


_cleaned: set[Path] = set()


def reached(step: str) -> None:
    """Called at each of `STEPS`; does nothing. Tests put something in its place that ends the process there."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the file that was replaced or made.

    `path` is the target of the symbolic link where `through_link` is True. `hard_links` counts the other names that
    the old file had: they keep the old content, since the new file takes only this name.
    """

    path: Path
    size: int
    through_link: bool = False
    hard_links: int = 0


def write_atomic(
    path: str | Path, data: bytes | Iterable[bytes], *, expected_stat: FileStamp | None = None
) -> Written:
    """Replaces a file by new content, or makes it: after a crash at any moment it is the old or the new one.

    The content goes to a temporary file in the same folder, with the permissions, owner and extended attributes of
    the old file as far as the user may set them; it is flushed to the disk, then takes the old file's name. The time
    of change is that of writing. A symbolic link stays and its target is replaced.

    Args:
        path: the file to replace or make; its folder must exist.
        data: the new content, whole or piece by piece.
        expected_stat: the stamp of the version that was read (`Package.stamp`): where the file has another one
            since, or is gone, nothing is written.

    Raises:
        WorkbookError: open elsewhere, changed since it was read, read-only, not a regular file, no permission, disk
            full; the original is untouched and no temporary file stays.
    """
    where = str(path)
    target = Path(os.path.realpath(path))
    reached("started")
    try:
        check_lock(path)
        old = _old_file(target, where, expected_stat)
        reached("checked")
        if target.parent not in _cleaned:  # once for a folder: it may hold thousands of files
            clean_leftovers([target.parent])
            _cleaned.add(target.parent)
        reached("cleaned")
        temporary = target.with_name(
            f".{target.name[:_LONGEST]}{MARK}{os.getpid()}-{os.urandom(4).hex()}.tmp"
        )
        try:
            pieces = (data,) if isinstance(data, bytes) else data
            size = _write_temporary(temporary, pieces, target, old)
            _old_file(target, where, FileStamp.of(old) if old else None, must_be_new=old is None)
            reached("checked again")
            temporary.replace(target)
            reached("replaced")
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
        _flush_folder(target.parent)
        reached("folder flushed")
    except OSError as error:
        raise _failed(error, where) from error
    links = old.st_nlink - 1 if old else 0
    return Written(target, size, through_link=Path(path).is_symlink(), hard_links=links)


def _old_file(
    target: Path, where: str, expected: FileStamp | None, *, must_be_new: bool = False
) -> os.stat_result | None:
    try:
        found = target.stat()
    except FileNotFoundError:
        if expected is not None:
            raise WorkbookError("the file is gone since it was read", where=where) from None
        return None
    if must_be_new or (expected is not None and FileStamp.of(found) != expected):
        raise WorkbookError(
            "the file was changed by somebody else since it was read",
            where=where,
            remedy="run the command again",
        )
    if not stat.S_ISREG(found.st_mode):
        raise WorkbookError(f"this is {describe_kind(found.st_mode)}", where=where, expected="a file")
    if not found.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise WorkbookError(
            "the file is read-only", where=where, remedy="allow writing, or write to another folder"
        )
    return found


def _write_temporary(
    temporary: Path, pieces: Iterable[bytes], target: Path, old: os.stat_result | None
) -> int:
    """Writes the new file, with what belongs to the old one; gives its size."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o600 if old else 0o666)
    try:
        hold_temporary(descriptor)
        reached("temporary made")
        size = 0
        for piece in pieces:
            view = memoryview(piece)
            while view:
                written = os.write(descriptor, view[:_CHUNK])
                view, size = view[written:], size + written
                reached("part written")
        reached("written")
        if old is not None:
            _copy_ownership(descriptor, temporary, old)
            _copy_attributes(descriptor, target)
        reached("dressed")
        os.fsync(descriptor)
        reached("flushed")
    finally:
        os.close(descriptor)
    return size


def _copy_ownership(descriptor: int, temporary: Path, old: os.stat_result) -> None:
    """Owner first, then permissions (a change of owner clears some of them)."""
    if hasattr(os, "fchown"):
        for user, group in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
            with contextlib.suppress(OSError):
                os.fchown(descriptor, user, group)
                break
        os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    else:
        temporary.chmod(stat.S_IMODE(old.st_mode))


def _copy_attributes(descriptor: int, target: Path) -> None:
    """Extended attributes, access lists among them, where the system has them and lets the user set them."""
    if not hasattr(os, "listxattr"):
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(target):
            with contextlib.suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(target, name))


def _flush_folder(folder: Path) -> None:
    """Makes the rename last; not every system can open a folder, and then there is nothing to flush."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _failed(error: OSError, where: str) -> WorkbookError:
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "no permission to replace the file",
        errno.EPERM: "no permission to replace the file",
        errno.ENOENT: "the folder does not exist",
        errno.ENAMETOOLONG: "the name is too long",
    }
    what = reasons.get(error.errno or 0, f"the file cannot be written ({error.strerror or error})")
    return WorkbookError(what, where=where, remedy="the original was not changed")
