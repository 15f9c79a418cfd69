"""Pyodide, the Python of the Office.js add-in: had through npm when the add-in is built, checked, unpacked."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

import platformdirs

from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

VERSION = "314.0.7"
DIGEST = "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
"""Of the package's file, as the registry publishes it (`npm view pyodide@314.0.7 dist.integrity`)."""
FILE = f"pyodide-{VERSION}.tgz"
SHIPPED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
_LOCK = "pyodide-lock.json"
_NEEDED = "the Office.js add-in is built with Node.js 20 or later"
_MINUTES = 10


def unpacked(folder: Path, given: Path | None = None) -> Path:
    """The files of Pyodide that the page needs, and a lock file without packages.

    Args:
        folder: where to.
        given: the package's file, `pyodide-314.0.7.tgz`; asked of npm when None, and kept in the user's cache.

    Returns:
        The folder.

    Raises:
        PerfError: it cannot be had, or is not the file that it should be.
    """
    path = given or _cached()
    _check(path)
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path) as archive:
        for name in (*SHIPPED, _LOCK):
            member = archive.extractfile(f"package/{name}")
            assert member is not None
            (folder / name).write_bytes(member.read())
    lock = json.loads((folder / _LOCK).read_text(encoding="utf-8"))
    (folder / _LOCK).write_text(json.dumps({**lock, "packages": {}}), encoding="utf-8")
    return folder


def run(arguments: Sequence[str | Path]) -> None:
    """Runs one of Node.js' programs.

    Raises:
        PerfError: it is not there, or fails.
    """
    program = shutil.which(str(arguments[0]))
    if program is None:
        raise PerfError(
            f"there is no program {arguments[0]}",
            expected=_NEEDED,
            remedy="install Node.js, or put it on the path",
        )
    done = subprocess.run(  # noqa: S603  # found on the path, our own arguments
        [program, *map(str, arguments[1:])],
        capture_output=True,
        text=True,
        timeout=60 * _MINUTES,
        check=False,
    )
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise PerfError(f"{arguments[0]} fails: {last}", expected=_NEEDED)


def _cached() -> Path:
    folder = platformdirs.user_cache_path("xl_perf", appauthor=False)
    path = folder / FILE
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        run(["npm", "pack", "--silent", "--pack-destination", folder, f"pyodide@{VERSION}"])
    return path


def _check(path: Path) -> None:
    try:
        digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    except OSError as error:
        raise PerfError(f"the file cannot be read ({error.strerror})", where=str(path)) from error
    if f"sha512-{digest}" != DIGEST:
        raise PerfError(
            "this is not the file of Pyodide that belongs to this version of xl_perf",
            where=str(path),
            expected=f"{FILE} with the checksum {DIGEST}",
            remedy="delete it, and get it again with `npm pack`",
        )
