"""Reading a file whole, and saying what it is when it is not a workbook that can be worked on."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = (".xlsx", ".xlsm", ".xltx", ".xltm")
"""Names that a workbook may have."""

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "open it in Excel and save it as .xlsx"


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells one version of a file from another: device, inode, size and time of change in ns."""

    device: int
    inode: int
    size: int
    modified: int

    @classmethod
    def of(cls, found: os.stat_result) -> FileStamp:
        """The stamp of a stat result."""
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def describe_kind(mode: int) -> str:
    """What a thing that is no regular file is, from its mode bits."""
    for test, name in (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    ):
        if test(mode):
            return name
    return "not a regular file"


def read_file(path: Path, limit: int) -> tuple[bytes, FileStamp]:
    """The bytes of a regular file and its stamp; symbolic links are followed, a pipe is never waited for.

    Raises:
        WorkbookError: missing, not readable, a folder, pipe or device, larger than limit bytes, or changed
            while it was read.
    """
    where = str(path)
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):
            raise WorkbookError(
                f"this is {describe_kind(before.st_mode)}", where=where, expected="a workbook file"
            )
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            opened = os.fstat(file.fileno())
            if not stat.S_ISREG(opened.st_mode):
                raise WorkbookError(
                    f"this is {describe_kind(opened.st_mode)}", where=where, expected="a workbook file"
                )
            if opened.st_size > limit:
                raise WorkbookError(
                    f"the file is too large ({opened.st_size:,} bytes)",
                    where=where,
                    expected=f"at most {limit:,}",
                )
            data = file.read(limit + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise _unreadable(error, where) from error
    stamp = FileStamp.of(after)
    if FileStamp.of(opened) != stamp or len(data) != stamp.size:
        raise WorkbookError("the file changed while it was read", where=where, remedy="try again")
    return data, stamp


def _unreadable(error: OSError, where: str) -> WorkbookError:
    if error.errno == errno.ENOENT:
        return WorkbookError("there is no such file", where=where)
    if error.errno in (errno.EACCES, errno.EPERM):
        return WorkbookError("no permission to read the file", where=where, remedy="check its permissions")
    if error.errno == errno.ELOOP:
        return WorkbookError("the symbolic link leads to itself", where=where)
    if error.errno == errno.ENAMETOOLONG:
        return WorkbookError("the name is too long", where=where)
    return WorkbookError(f"the file cannot be read ({error.strerror or error})", where=where)


def check_name(path: Path) -> None:
    """Refuses names that no workbook has.

    Raises:
        WorkbookError: an extension other than .xlsx, .xlsm, .xltx or .xltm.
    """
    extension = path.suffix.lower()
    if extension in EXTENSIONS:
        return
    what = f"the extension {extension!r} is not a workbook's" if extension else "the name has no extension"
    remedy = _SAVE_AS if extension in (".xls", ".xlsb", ".ods", ".csv", ".xlt") else ""
    raise WorkbookError(what, where=str(path), expected="a .xlsx or .xlsm file", remedy=remedy)


def check_content(data: bytes, where: str) -> None:
    """Tells what a file is that is no zip at all; the zip itself is judged by the archive.

    Raises:
        WorkbookError: empty, old .xls, encrypted, HTML, XML, PDF, text or anything that is not a zip.
    """
    if data.startswith(b"PK\x03\x04"):
        return
    if not data:
        raise WorkbookError("the file is empty (0 bytes)", where=where, remedy="take it from a backup")
    if data.startswith(_OLE2):
        _refuse_ole2(data, where)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    expected = "an Excel workbook (.xlsx, .xlsm)"
    if data.startswith(b"PK\x05\x06"):
        raise WorkbookError("the file is an empty zip", where=where, expected=expected)
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<meta")) or b"<html" in head:
        raise WorkbookError(
            "the file is a web page, not a workbook", where=where, expected=expected, remedy=_SAVE_AS
        )
    if head.startswith(b"<"):
        raise WorkbookError("the file is a single XML text", where=where, expected=expected, remedy=_SAVE_AS)
    if head.startswith(b"%pdf"):
        raise WorkbookError("the file is a PDF", where=where, expected=expected)
    if not data.strip(b"\0"):
        raise WorkbookError("the file holds only zero bytes", where=where, remedy="take it from a backup")
    raise WorkbookError("the file is not a zip, so not a workbook", where=where, expected=expected)


def _refuse_ole2(data: bytes, where: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise WorkbookError(
            "the file is encrypted with a password",
            where=where,
            remedy="open it in Excel and save it without password",
        )
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        raise WorkbookError(
            "the file is in the old .xls format",
            where=where,
            expected="a .xlsx or .xlsm file",
            remedy=_SAVE_AS,
        )
    raise WorkbookError("the file is an old Office document", where=where, expected="a .xlsx or .xlsm file")
