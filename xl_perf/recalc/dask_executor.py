"""The files of a batch on a Dask cluster: each is a task, done by a worker process of the machine that runs it.

No bytes of workbooks travel: the machines reach them under the same paths as this one, in a shared folder, and write
the results there as `recalc` does here. A machine that cannot do that says so of each file that it is given.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import platform
import queue
import re
import threading
import time
import uuid
from concurrent.futures import CancelledError, Future
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from xl_perf import __version__
from xl_perf.errors import RecalcError
from xl_perf.recalc import engine
from xl_perf.recalc.files import stamp_of
from xl_perf.recalc.model import FileReport, Options
from xl_perf.recalc.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

CONNECT: Final = 10.0
"""Seconds in which scheduler and workers must answer."""
PATIENCE: Final = 60.0
"""Seconds without any worker, or without the scheduler, after which the files that are left are given up."""
_LOOK: Final = 2.0
_SAME_TIME: Final = 2_000_000_000
"""Nanoseconds within which two systems may tell the time of change of one file: some keep even seconds only."""
_SHARE: Final = (
    "share the folder with all machines of the cluster under the same path, or leave out --executor"
)
_WORKERS: Final[dict[tuple[str, int], Worker]] = {}
"""On a machine of the cluster: the process of a batch for each thread of its Dask worker."""
_ENDED: Final[set[str]] = set()
_LOCK: Final = threading.Lock()


class Task(NamedTuple):
    """A file to do: relative paths are in `folder`, `stamp` is what this machine sees, `probe` lies beside results."""

    batch: str
    folder: str
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
    batch, folder, here, well, lost = uuid.uuid4().hex, str(Path.cwd()), versions(), time.monotonic(), ""
    done: queue.SimpleQueue[Future[FileReport]] = queue.SimpleQueue()
    pending: dict[Future[FileReport], Path] = {}
    with contextlib.ExitStack() as stack:
        client, probe = _connected(options.executor), ""
        stack.callback(_leave, client, batch)
        if options.out is not None:
            options.out.mkdir(parents=True, exist_ok=True)
            probe = stack.enter_context(
                NamedTemporaryFile(dir=options.out.absolute(), prefix=".xl-perf-")
            ).name
        there, executor = options._replace(executor="", jobs=1), client.get_executor(pure=False)
        for path, relative in todo.items():
            task = Task(batch, folder, path, relative, stamp_of(path), there, here, probe)
            pending[future := executor.submit(run_task, task)] = path
            future.add_done_callback(done.put)
        while pending and (not lost or time.monotonic() - well < PATIENCE):
            try:
                future = done.get(timeout=_LOOK)  # without end it would keep the interrupt key from us
                yield (path := pending.pop(future)), _report(future, path, options.executor)
            except queue.Empty:
                lost = _lost(client)
                well = well if lost else time.monotonic()
        for path in pending.values():
            yield path, _failed(path, f"not done, {lost} ({options.executor})")


def _connected(where: str) -> Any:
    """A client of the cluster."""
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).disabled = True  # what matters of it is in the reports
    address, client = scheduler_address(where), None
    what = f"no Dask scheduler answers within {CONNECT:g} seconds"
    remedy = "start it (dask scheduler --port PORT), or check address, network and firewall"
    try:
        connect = importlib.import_module("distributed").Client  # an extra
        client = _within(CONNECT + 2, lambda: connect(address, timeout=CONNECT, set_as_default=False))
        what = "the Dask cluster has no workers that answer"
        remedy = "start some (dask worker HOST:PORT), each in a Python that has xl_perf"
        client.wait_for_workers(1, timeout=CONNECT)
    except ImportError as error:
        what, remedy = (
            "the package dask.distributed is not installed",
            "install xl_perf with its extra: pip install '.[dask]'",
        )
        raise RecalcError(what, where=f"--executor {where}", remedy=remedy) from error
    except OSError as error:  # a name that is not known, nobody there, somebody who speaks another language
        _leave(client, "")
        raise RecalcError(what, where=where, remedy=remedy) from error
    return client


def _leave(client: Any, batch: str) -> None:
    """Cancels what was not done, and ends what is being done; a cluster that is gone does not hold us up."""
    with contextlib.suppress(Exception):
        client.cancel(list(client.futures), force=True)
    with contextlib.suppress(Exception):
        client.run(end_batch, batch, on_error="ignore")
    with contextlib.suppress(Exception):
        client.close(timeout=1)


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
    found = re.fullmatch(r"dask://(.+:[1-9][0-9]{0,4})/?", executor)
    if found is None:
        expected = "dask://HOST:PORT of a Dask scheduler"
        raise RecalcError("this is no executor", where=executor or "(empty)", expected=expected)
    return f"tcp://{found[1]}"


def _lost(client: Any) -> str:
    """What is lost at the moment, or nothing."""
    with contextlib.suppress(OSError):
        if client.status == "running":
            return "" if client.nthreads() else "no worker of the Dask cluster is left"
    return "the Dask scheduler is lost"


def _report(future: Future[FileReport], path: Path, where: str) -> FileReport:
    try:
        return future.result()
    except CancelledError:
        return _failed(path, f"not done, the Dask scheduler gave it up or is lost ({where})")
    except Exception as error:  # noqa: BLE001 - one file never stops the rest
        if type(error).__name__ == "KilledWorker":
            return _failed(
                path,
                "the Dask workers that did it were lost, one after the other; they may have too little memory",
            )
        return _failed(path, f"the Dask cluster failed ({type(error).__name__}: {error})")


def _failed(path: Path, what: str, remedy: str = "", where: str = "") -> FileReport:
    return FileReport(str(path), failure=f"{path}: {RecalcError(what, where=where, remedy=remedy)}")


def run_task(task: Task) -> FileReport:
    """Does a file; what a Dask worker calls."""
    host, (size, changed) = platform.node(), stamp_of(Path(task.folder, task.path)) or (-1, 0)
    before, then = task.stamp or (-1, 0)  # a link that leads nowhere: the reader says so
    others = [
        f"{name} {have} where this one has {task.versions[name]}"
        for name, have in versions().items()
        if have != task.versions[name]
    ]
    if others:
        remedy = "install the same versions on all machines of the cluster, and start its workers again"
        return _failed(task.path, f"the Dask worker on {host} has {', '.join(others)}", remedy)
    if task.probe and not os.path.lexists(task.probe):
        what = f"{host}, a machine of the Dask cluster, does not see this folder for the results"
        return _failed(task.path, what, _SHARE, str(task.options.out))
    if size != before or abs(changed - then) > _SAME_TIME:
        gone = "does not exist" if size < 0 else "is another one, or was changed since the batch began"
        return _failed(
            task.path, f"on {host}, a machine of the Dask cluster, the file under this path {gone}", _SHARE
        )
    key = task.batch, threading.get_ident()
    with _LOCK:
        for old in [old for old in _WORKERS if old[1] == key[1] and old != key]:
            _WORKERS.pop(old).join()
        worker = _WORKERS.setdefault(key, Worker(memory=task.options.memory, folder=task.folder))
        if task.batch in _ENDED:
            worker.close()
    return worker.run(task.path, task.options, task.relative)


def end_batch(batch: str) -> None:
    """Ends what a Dask worker does for a batch."""
    with _LOCK:
        _ENDED.add(batch)
        for worker in [worker for (of, _), worker in _WORKERS.items() if of == batch]:
            worker.close()


def versions() -> dict[str, str]:
    """What must be the same on all machines."""
    system, python = "Windows" if os.name == "nt" else "POSIX", platform.python_version().rpartition(".")[0]
    return {"system": system, "Python": python, "xl_perf": __version__, engine.NAME: engine.version()}
