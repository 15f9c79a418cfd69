"""One file of a batch on a Dask cluster: what runs on the machines of the cluster."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import threading
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from xl_perf import __version__
from xl_perf.errors import RecalcError
from xl_perf.recalc import engine
from xl_perf.recalc.files import stamp_of
from xl_perf.recalc.model import FileReport
from xl_perf.recalc.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from xl_perf.recalc.model import Options

_SAME_TIME: Final = 2_000_000_000
"""Nanoseconds within which two systems may tell the time of change of one file: some keep even seconds only."""


class Task(NamedTuple):
    """A file to do, as the machines of a cluster are told it."""

    batch: str
    path: Path
    """Absolute."""
    relative: Path
    stamp: tuple[int, int] | None
    """Size and time of change as the batch sees them."""
    options: Options
    """`out` is absolute."""
    versions: dict[str, str]


class _Processes:
    """The worker processes of one Dask worker: one for each of its tasks, kept for the next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[tuple[int, Worker]] = []
        self._busy: list[tuple[str, Worker]] = []
        self._ended: set[str] = set()

    @contextlib.contextmanager
    def one(self, batch: str, memory: int) -> Iterator[Worker | None]:
        """A process for one file; None when the batch was ended."""
        with self._lock:
            if batch in self._ended:
                worker = None
            else:
                fits = next((found for found in self._idle if found[0] == memory), None)
                if fits is None:
                    worker = Worker(memory=memory)
                else:
                    self._idle.remove(fits)
                    worker = fits[1]
                self._busy.append((batch, worker))
        try:
            yield worker
        finally:
            if worker is not None:
                with self._lock:
                    self._busy.remove((batch, worker))
                    if batch not in self._ended:
                        self._idle.append((memory, worker))

    def end(self, batch: str) -> None:
        """Ends the processes that work for a batch, and those that do nothing."""
        with self._lock:
            self._ended.add(batch)
            busy = [worker for of, worker in self._busy if of == batch]
            idle, self._idle = self._idle, []
        for worker in busy:
            worker.close()
        for _, worker in idle:
            worker.join()


_PROCESSES = _Processes()


def run_task(task: Task) -> FileReport:
    """Does a file; what a Dask worker calls."""
    path = str(task.path)
    host = platform.node()
    here = versions()
    if here != task.versions:
        return FileReport(path, failure=f"{path}: {mismatch(host, here, task.versions)}")
    if task.options.out is not None and not task.options.out.is_dir():
        error = RecalcError(
            f"the folder for the results does not exist on {host}, a machine of the Dask cluster",
            where=str(task.options.out),
            remedy="share it under the same path, or leave out --executor",
        )
        return FileReport(path, failure=f"{path}: {error}")
    if not _is_same(stamp_of(path), task.stamp):
        found = (
            "is another one, or was changed since the batch began (by a worker that was lost, perhaps)"
            if os.path.lexists(path)
            else "does not exist"
        )
        error = RecalcError(
            f"on {host}, a machine of the Dask cluster, the file under this path {found}",
            where=path,
            remedy="share the folder with all machines of the cluster under the same path and run the "
            "command again, or leave out --executor",
        )
        return FileReport(path, failure=str(error))
    with _PROCESSES.one(task.batch, task.options.memory) as worker:
        if worker is None:
            return FileReport(path, failure=f"{path}: not done, interrupted")
        return worker.run(task.path, task.options, task.relative)


def _is_same(here: tuple[int, int] | None, there: tuple[int, int] | None) -> bool:
    if here is None or there is None:
        return here == there  # a link that leads nowhere: the reader says so
    return here[0] == there[0] and abs(here[1] - there[1]) <= _SAME_TIME


def end_batch(batch: str) -> None:
    """Ends what a Dask worker does for a batch."""
    _PROCESSES.end(batch)


def introduce(out: str) -> dict[str, Any]:
    """What a Dask worker is, and whether it sees a file."""
    return {"host": platform.node(), "versions": versions(), "sees": not out or os.path.lexists(out)}


@functools.cache
def versions() -> dict[str, str]:
    """What must be the same on all machines."""
    return {
        "system": "Windows" if os.name == "nt" else "POSIX",
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "xl_perf": __version__,
        engine.NAME: engine.version(),
    }


def mismatch(host: str, there: Mapping[str, str], here: Mapping[str, str]) -> RecalcError:
    """The error for a machine that has other versions than this one."""
    other = [
        f"{name} {there.get(name, '')} where this one has {here[name]}"
        for name in here
        if there.get(name) != here[name]
    ]
    return RecalcError(
        f"the Dask worker on {host} has {', '.join(other)}",
        remedy="install the same versions on all machines of the cluster, and start its workers again",
    )
