"""The files of a batch on a Dask cluster: each is a task, done by a worker process of the machine that runs it.

No bytes of workbooks travel: the machines reach them under the same paths as this one, in a shared folder, and write
the results there as `recalc` does here. A machine that cannot do that says so of each file that it is given.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import os
import platform
import queue
import threading
import time
import uuid
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from xl_perf import __version__
from xl_perf.errors import RecalcError
from xl_perf.recalc import engine
from xl_perf.recalc.files import stamp_of
from xl_perf.recalc.model import FileReport, Options
from xl_perf.recalc.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

CONNECT: Final = 10.0
"""Seconds in which scheduler and workers must answer at the start."""
PATIENCE: Final = 60.0
"""Seconds without any worker, or without the scheduler, after which the files that are left are given up."""
_LOOK: Final = 2.0
_SCHEME: Final = "dask://"
_SAME_TIME: Final = 2_000_000_000
"""Nanoseconds within which two systems may tell the time of change of one file: some keep even seconds only."""
_INSTALL: Final = "install the same versions on all machines of the cluster, and start its workers again"
_SHARE: Final = (
    "share the folder with all machines of the cluster under the same path, or leave out --executor"
)
_WORKERS: Final[dict[int, tuple[str, Worker]]] = {}
"""On a machine of the cluster: the process that each thread of its Dask worker has for a batch."""
_ENDED: Final[set[str]] = set()
_LOCK: Final = threading.Lock()


class Task(NamedTuple):
    """A file to do; paths are absolute, `stamp` is what this machine sees, `probe` a file in the results' folder."""

    batch: str
    path: Path
    relative: Path
    stamp: tuple[int, int] | None
    options: Options
    versions: dict[str, str]
    probe: str = ""


def in_cluster(todo: Mapping[Path, Path], options: Options) -> Generator[tuple[Path, FileReport], None, None]:
    """Files with their reports, as the cluster does them; when it is closed nobody works on a file any more.

    Args:
        todo: files, with their paths below `options.out`.
        options: how; `executor` says where.

    Raises:
        RecalcError: no Dask, no scheduler or no workers.
    """
    if not todo:
        return
    where, batch, well, lost = options.executor, uuid.uuid4().hex, time.monotonic(), ""
    done: queue.SimpleQueue[Future[FileReport]] = queue.SimpleQueue()
    with _client(where, batch) as client, _probe(options.out) as probe:
        out = Path(probe).parent if probe else None
        there, executor = options._replace(out=out, executor="", jobs=1), client.get_executor(pure=False)
        pending: dict[Future[FileReport], Path] = {}
        for path, relative in todo.items():
            task = Task(batch, _absolute(path), relative, stamp_of(path), there, versions(), probe)
            pending[future := executor.submit(run_task, task)] = path
            future.add_done_callback(done.put)
        while pending and (not lost or time.monotonic() - well < PATIENCE):
            try:
                future = done.get(timeout=_LOOK)  # without end it would keep the interrupt key from us
            except queue.Empty:
                lost = _lost(client)
                well = well if lost else time.monotonic()
            else:
                path = pending.pop(future)
                yield path, _as_given(_report(future, path, where), path, options.out)
        for path in pending.values():
            yield path, FileReport(str(path), failure=f"{path}: not done, {lost} ({where})")


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links stay


@contextlib.contextmanager
def _probe(out: Path | None) -> Iterator[str]:
    """A file in the folder for the results, which the machines see that share it."""
    probe = None if out is None else _absolute(out) / f".xl-perf-{uuid.uuid4().hex}"
    try:
        if probe is not None:
            probe.parent.mkdir(parents=True, exist_ok=True)
            probe.touch()
        yield str(probe or "")
    finally:
        if probe is not None:
            probe.unlink(missing_ok=True)


@contextlib.contextmanager
def _client(where: str, batch: str) -> Iterator[Any]:
    """A connection to the cluster; at its end what was not done is cancelled, and what is being done ended."""
    address, client = scheduler_address(where), None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).disabled = True  # what matters of it is in the reports
    try:
        connect = importlib.import_module("distributed").Client  # an extra
        client = _within(CONNECT + 2, lambda: connect(address, timeout=CONNECT, set_as_default=False))
        _within(CONNECT + 2, lambda: client.wait_for_workers(1, timeout=CONNECT))
    except ImportError as error:
        raise RecalcError(
            "the package dask.distributed is not installed",
            where=f"--executor {where}",
            remedy="install xl_perf with its extra: pip install '.[dask]'",
        ) from error
    except OSError as error:  # a name that is not known, nobody there, somebody who speaks another language
        what = f"no Dask scheduler answers within {CONNECT:g} seconds"
        remedy = "start it (dask scheduler --port PORT), or check address, network and firewall"
        if client is not None:
            what = "the Dask cluster has no workers that answer"
            remedy = "start some (dask worker HOST:PORT), each in a Python that has xl_perf"
            _leave(client, batch)
        raise RecalcError(what, where=where, remedy=remedy) from error
    try:
        yield client
    finally:
        _leave(client, batch)


def _leave(client: Any, batch: str) -> None:
    """Cancels what was not done, and ends what is being done; a cluster that is gone does not hold us up."""

    def leave() -> None:
        with contextlib.suppress(Exception):
            client.cancel(list(client.futures), force=True)
        with contextlib.suppress(Exception):
            client.run(end_batch, batch, on_error="ignore")
        client.close(timeout=1)

    with contextlib.suppress(Exception):
        _within(CONNECT, leave)


def _within(seconds: float, do: Callable[[], Any]) -> Any:
    """The result of a call in a thread of its own, which goes on after a `TimeoutError`."""
    found: Future[Any] = Future()

    def call() -> None:
        try:
            found.set_result(do())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            found.set_exception(error)

    threading.Thread(target=call, daemon=True).start()
    return found.result(seconds)


def scheduler_address(executor: str) -> str:
    """The address of a Dask scheduler, as Dask writes it, from that of an executor, `dask://HOST:PORT`.

    Raises:
        RecalcError: it is none.
    """
    host, _, port = executor.removeprefix(_SCHEME).rstrip("/").rpartition(":")
    if not executor.startswith(_SCHEME) or not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise RecalcError(
            "this is no executor",
            where=executor or "(empty)",
            expected=f"{_SCHEME}HOST:PORT of a Dask scheduler",
        )
    return f"tcp://{host}:{port}"


def _lost(client: Any) -> str:
    """What is lost at the moment, or nothing."""
    with contextlib.suppress(OSError):
        if client.status == "running":
            return "" if _within(CONNECT, client.nthreads) else "no worker of the Dask cluster is left"
    return "the Dask scheduler is lost"


def _report(future: Future[FileReport], path: Path, where: str) -> FileReport:
    try:
        return future.result()
    except CancelledError:
        what = f"not done, the Dask scheduler gave it up or is lost ({where})"
    except Exception as error:  # noqa: BLE001 - one file never stops the rest
        what = f"the Dask cluster failed ({type(error).__name__}: {error})"
        if type(error).__name__ == "KilledWorker":
            what = (
                "the Dask workers that did it were lost, one after the other; they may have too little memory"
            )
    return FileReport(str(path), failure=f"{path}: {what}")


def _as_given(report: FileReport, path: Path, out: Path | None) -> FileReport:
    """A report in which files are named as the batch was given them, not by absolute paths."""

    def named(text: str) -> str:
        for folder in (path.parent, out):
            if folder is not None:
                text = text.replace(str(_absolute(folder) / "x")[:-1], str(folder / "x")[:-1])
        return text

    written = tuple(map(named, report.written))
    return report._replace(path=str(path), written=written, failure=named(report.failure))


def run_task(task: Task) -> FileReport:
    """Does a file; what a Dask worker calls."""
    path, host, here, stamp = str(task.path), platform.node(), versions(), stamp_of(task.path)
    what, where, remedy = "", path, _SHARE
    if here != task.versions:
        differing = [name for name in here if here[name] != task.versions.get(name)]
        have = ", ".join(
            f"{name} {here[name]} where this one has {task.versions.get(name, '')}" for name in differing
        )
        what, remedy = f"the Dask worker on {host} has {have}", _INSTALL
    elif task.probe and not os.path.lexists(task.probe):
        where = str(task.options.out)
        what = f"{host}, a machine of the Dask cluster, does not see this folder for the results"
    elif not _is_same(stamp, task.stamp):
        gone = "does not exist" if stamp is None else "is another one, or was changed since the batch began"
        what = f"on {host}, a machine of the Dask cluster, the file under this path {gone}"
    if what:
        error = RecalcError(what, where=where, remedy=remedy)
        return FileReport(path, failure=str(error) if where == path else f"{path}: {error}")
    thread = threading.get_ident()
    with _LOCK:
        of, worker = _WORKERS.get(thread, ("", None))
        if worker is not None and of != task.batch:
            worker.join()
        if worker is None or of != task.batch:
            worker = Worker(memory=task.options.memory)
            _WORKERS[thread] = task.batch, worker
        if task.batch in _ENDED:
            worker.close()
    return worker.run(task.path, task.options, task.relative)


def _is_same(here: tuple[int, int] | None, there: tuple[int, int] | None) -> bool:
    if here is None or there is None:
        return here == there  # a link that leads nowhere: the reader says so
    return here[0] == there[0] and abs(here[1] - there[1]) <= _SAME_TIME


def end_batch(batch: str) -> None:
    """Ends what a Dask worker does for a batch."""
    with _LOCK:
        _ENDED.add(batch)
        for of, worker in _WORKERS.values():
            if of == batch:
                worker.close()


@functools.cache
def versions() -> dict[str, str]:
    """What must be the same on all machines."""
    system, python = "Windows" if os.name == "nt" else "POSIX", platform.python_version().rpartition(".")[0]
    return {"system": system, "Python": python, "xl_perf": __version__, engine.NAME: engine.version()}
