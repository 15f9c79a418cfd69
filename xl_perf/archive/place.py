"""Where an archive may lie: an SQLite file on a network share can be damaged by two writers."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_REMOTE = frozenset(
    ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ncpfs")
)
_DRIVE_REMOTE = 4
"""GetDriveType of Windows for a network drive."""


def is_remote(path: Path, mounts: Sequence[tuple[str, str]] | None = None) -> bool:
    """Whether a file would lie on a network share.

    Args:
        path: the file.
        mounts: mount points with their types; those of the machine when None.
    """
    whole = path.absolute()
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - of Windows alone

        return (
            str(whole).startswith("\\\\")
            or ctypes.windll.kernel32.GetDriveTypeW(whole.anchor) == _DRIVE_REMOTE
        )
    real = os.path.realpath(whole)
    best = max(
        (
            mount
            for mount in (_mounts() if mounts is None else mounts)
            if os.path.commonpath([mount[0], real]) == mount[0]
        ),
        key=lambda mount: len(mount[0]),
        default=("/", ""),
    )
    return best[1] in _REMOTE


def _mounts() -> list[tuple[str, str]]:
    with contextlib.suppress(OSError):
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
        return [
            (fields[1].replace("\\040", " "), fields[2])
            for fields in map(str.split, lines)
            if len(fields) > 2
        ]
    return []
