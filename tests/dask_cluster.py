"""A Dask cluster on this machine, of processes of its own: a scheduler and two workers, whose files do as
they are named.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FILES = '''
"""In place of recalc_file: workbooks whose names say what they do to the process that calculates them."""

import os
import signal
import time
from pathlib import Path

from xl_perf.recalc import files


def recalc_file(path, options, relative, office=None):
    name = Path(path).name
    note = Path(path).with_name(f".{name}.{os.getpid()}")
    if name.startswith("hangs"):
        note.touch()
        time.sleep(600)
    if name.startswith("slow"):
        time.sleep(1)
    if name.startswith("dies"):
        os._exit(9)
    again = list(note.parent.glob(f".{name}.*"))
    if name.startswith("z_loses_worker") or (name.startswith("loses_once") and not again):
        note.touch()
        time.sleep(1)  # until the reports of the files before it have been fetched
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
    return files.recalc_file(path, options, relative=relative, office=office)
'''
PRELOAD = """
from xl_perf.recalc import worker

worker._RECALC = "files_by_name:recalc_file"
"""


def need_dask() -> None:
    """Skips where dask.distributed is missing; fails if XL_PERF_FULL_TESTS=1 asks for all tests."""
    if importlib.util.find_spec("distributed") is None:
        if os.environ.get("XL_PERF_FULL_TESTS") == "1":
            pytest.fail("dask.distributed is not installed, and XL_PERF_FULL_TESTS=1 asks for all tests")
        pytest.skip("dask.distributed is not installed")


class Cluster:
    """The processes of a cluster; `executor` is its address for xl-perf."""

    def __init__(self, folder: Path) -> None:
        need_dask()
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        (folder / "files_by_name.py").write_text(FILES, encoding="utf-8")
        (folder / "preload.py").write_text(PRELOAD, encoding="utf-8")
        self._about = folder / "scheduler.json"
        self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self._about)
        )
        address = str(self._waited_for()["address"])
        self.executor = address.replace("tcp://", "dask://")

    def _start(self, program: str, *arguments: str) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(self.folder)]),
            "PYTHONWARNINGS": "ignore",
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2",
        }
        with (self.folder / f"{program}-{len(self.processes)}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *arguments],
                    cwd=self.folder,
                    env=environment,
                    stdout=log,
                    stderr=log,
                )
            )

    def _waited_for(self) -> dict[str, object]:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError, ValueError):
                found: dict[str, object] = json.loads(self._about.read_text(encoding="utf-8"))
                return found
            assert self.processes[0].poll() is None, self.logs()
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.05)

    def add_worker(self, *arguments: str) -> None:
        """One more worker, of one thread; a nanny starts it again when it is lost."""
        self._start(
            "dask_worker", "--scheduler-file", str(self._about), "--host", "127.0.0.1", "--nthreads", "1",
            "--local-directory", str(self.folder / "local"), "--preload", str(self.folder / "preload.py"), *arguments,
        )  # fmt: skip

    def logs(self) -> str:
        """What its processes said."""
        return "\n".join(path.read_text(encoding="utf-8") for path in self.folder.glob("*.log"))

    def close(self) -> None:
        """Ends its processes."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster for a while."""
    found = Cluster(folder)
    try:
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        found.close()
