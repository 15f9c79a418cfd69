"""A PostgreSQL server of the tests' own, where the machine has its programs: started once, on a socket in a
folder of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests import programs

if TYPE_CHECKING:
    from collections.abc import Iterator

_USER = "postgres"


def missing() -> str:
    """What the machine lacks; empty where nothing."""
    return "" if _folder() else "PostgreSQL (initdb, postgres) is not on this machine"


def _folder() -> Path | None:
    """Where its programs are: in the PATH, or where Debian keeps them."""
    if os.environ.get("XL_PERF_NO_PROGRAMS") == "1" or os.name != "posix":
        return None
    found = programs.find("initdb")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """URL of a database on a server that is started for the time of the context."""
    folder = _folder()
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="pg"))
    as_user = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(home, _USER)
    home.chmod(0o755)
    data = home / "data"
    _run([*as_user, folder / "initdb", "-D", data, "-U", "prova", "-A", "trust", "-E", "UTF8"])
    options = f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off"
    control = [*as_user, folder / "pg_ctl", "-D", data, "-w"]
    _run([*control, "-o", options, "-l", home / "log", "start"])
    try:
        yield f"postgresql+psycopg://prova@/postgres?host={home}"
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[object]) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, cwd="/", timeout=120)
