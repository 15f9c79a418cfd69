"""The files of a batch on a Dask cluster.

Each is a task, done by an isolated worker process of the machine that runs it.

No bytes of workbooks travel: the machines of the cluster reach them under the same paths as this one, in a
shared folder, and write the results there as `recalc` does here. A cluster is asked first whether it can do
that: the same versions, the same kind of system, the same folder for the results.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import queue
import threading
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xl_perf.errors import RecalcError
from xl_perf.recalc.dask_task import Task, end_batch, introduce, mismatch, run_task, versions
from xl_perf.recalc.executor import scheduler_address
from xl_perf.recalc.files import stamp_of
from xl_perf.recalc.model import FileReport

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from concurrent.futures import Future

    from xl_perf.recalc.model import Options

CONNECT: Final = 10.0
"""Seconds in which scheduler and workers must answer at the start."""
PATIENCE: Final = 60.0
"""Seconds without any worker, or without the scheduler, after which the files that are left are given up."""
_POLL: Final = 0.2
_LOOK: Final = 2.0


def in_cluster(todo: Mapping[Path, Path], options: Options) -> Generator[tuple[Path, FileReport], None, None]:
    """Files with their reports, as the cluster does them; when the generator is closed nobody works on a file any more.

    Args:
        todo: files, with their paths below `options.out`.
        options: how; `executor` says where.

    Raises:
        RecalcError: no Dask, no scheduler, no workers, or workers that cannot do the files.
    """
    if not todo:
        return
    where = options.executor
    batch = uuid.uuid4().hex
    out = None if options.out is None else Path(os.path.abspath(options.out))  # noqa: PTH100 - links stay
    there = options._replace(out=out, executor="", jobs=1)
    with _quiet(), _client(where, batch) as client:
        _ask(client, where, out)
        executor = client.get_executor(pure=False)
        mine = versions()
        done: queue.SimpleQueue[Future[FileReport]] = queue.SimpleQueue()
        pending: dict[Future[FileReport], Path] = {}
        for path, relative in todo.items():
            absolute = Path(os.path.abspath(path))  # noqa: PTH100 - links stay
            future = executor.submit(run_task, Task(batch, absolute, relative, stamp_of(path), there, mine))
            pending[future] = path
            future.add_done_callback(done.put)
        watch = _Watch(client)
        while pending:
            try:
                future = done.get(
                    timeout=_POLL
                )  # without end it would keep the interrupt key from this thread
            except queue.Empty:
                lost = watch.look()
                if lost:
                    for path in pending.values():
                        yield path, FileReport(str(path), failure=f"{path}: not done, {lost} ({where})")
                    return
                continue
            path = pending.pop(future)
            yield path, _as_given(_report(future, path, where), path, options, out)


@contextlib.contextmanager
def _client(where: str, batch: str) -> Iterator[Any]:
    client = _connect(where)
    try:
        yield client
    finally:
        _leave(client, batch)


def _connect(where: str) -> Any:
    address = scheduler_address(where)
    try:
        distributed: Any = importlib.import_module("distributed")  # an extra
    except ImportError as error:
        raise RecalcError(
            "the package dask.distributed is not installed",
            where=f"--executor {where}",
            remedy="install xl_perf with its extra: pip install '.[dask]'",
        ) from error
    try:
        return _within(
            CONNECT + 2, lambda: distributed.Client(address, timeout=CONNECT, set_as_default=False)
        )
    except OSError as error:  # a name that is not known, nobody there, somebody who speaks another language
        raise RecalcError(
            f"no Dask scheduler answers within {CONNECT:g} seconds",
            where=where,
            remedy="start it (dask scheduler --port PORT), or check address, network and firewall; "
            "scheduler and this machine need the same version of dask.distributed",
        ) from error


def _within(seconds: float, do: Callable[[], Any]) -> Any:
    """The result of a call in a thread of its own.

    Raises:
        TimeoutError: it took too long, and goes on.
        Exception: whatever it raised.
    """
    found: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def call() -> None:
        try:
            found.put((do(), None))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            found.put((None, error))

    threading.Thread(target=call, daemon=True).start()
    try:
        result, error = found.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result


def _ask(client: Any, where: str, out: Path | None) -> None:
    """Asks all workers whether they can do the files."""
    probe = ""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        probe = str(out / f".xl-perf-{uuid.uuid4().hex}")
        Path(probe).touch()
    try:
        _within(CONNECT + 2, lambda: client.wait_for_workers(1, timeout=CONNECT))
        answers: dict[str, Any] = _within(PATIENCE, lambda: client.run(introduce, probe, on_error="return"))
    except TimeoutError as error:
        raise RecalcError(
            "the Dask cluster has no workers that answer",
            where=where,
            remedy="start some (dask worker HOST:PORT), each in a Python that has xl_perf",
        ) from error
    finally:
        if probe:
            Path(probe).unlink(missing_ok=True)
    mine = versions()
    for address, answer in answers.items():
        if isinstance(answer, BaseException):
            raise RecalcError(
                f"the Dask worker at {address} cannot run xl_perf ({type(answer).__name__}: {answer})",
                where=where,
                remedy="install the same version of xl_perf on all machines of the cluster, and start "
                "its workers again",
            )
        if answer["versions"] != mine:
            found = mismatch(answer["host"], answer["versions"], mine)
            raise RecalcError(found.what, where=where, remedy=found.remedy)
        if not answer["sees"]:
            raise RecalcError(
                f"{answer['host']}, a machine of the Dask cluster, does not see this folder for the results",
                where=str(out),
                remedy="share it with all machines of the cluster under the same path, or leave out --executor",
            )


class _Watch:
    """Notices when scheduler or workers are gone for good."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._looked = self._well = time.monotonic()

    def look(self) -> str:
        """What is lost, or nothing."""
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return ""
        lost = "the Dask scheduler is lost"
        if self._client.status == "running":
            with contextlib.suppress(OSError, TimeoutError):
                if _within(CONNECT, self._client.nthreads):
                    self._well = now
                lost = "no worker of the Dask cluster is left"
        self._looked = time.monotonic()
        return lost if now - self._well > PATIENCE else ""


def _report(future: Future[FileReport], path: Path, where: str) -> FileReport:
    from concurrent.futures import CancelledError  # noqa: PLC0415

    lost: type[Exception] = importlib.import_module("distributed").KilledWorker
    try:
        return future.result()
    except CancelledError:
        what = f"not done, the Dask scheduler gave it up or is lost ({where})"
    except lost:
        what = (
            "the Dask workers that did it were lost, one after the other; look at their logs, they may have too "
            "little memory"
        )
    except Exception as error:  # noqa: BLE001 - one file never stops the rest
        what = f"the Dask cluster failed ({type(error).__name__}: {error})"
    return FileReport(str(path), failure=f"{path}: {what}")


def _as_given(report: FileReport, path: Path, options: Options, out: Path | None) -> FileReport:
    """A report in which files are named as the batch was given them, not by absolute paths."""
    absolute = os.path.abspath(path)  # noqa: PTH100 - links stay
    names = {absolute: str(path)}
    for folder, given in ((os.path.dirname(absolute), path.parent), (out, options.out)):  # noqa: PTH120
        for written in report.written:
            if folder is not None and given is not None and Path(written).is_relative_to(folder):
                names[written] = str(given / Path(written).relative_to(folder))
    failure = report.failure
    for name in sorted(names, key=len, reverse=True):
        failure = failure.replace(name, names[name])
    return report._replace(
        path=str(path),
        written=tuple(names.get(name, name) for name in report.written),
        failure=failure,
    )


def _leave(client: Any, batch: str) -> None:
    """Cancels what was not done, ends what is being done, leaves the cluster; one that is gone does not hold us up."""

    def leave() -> None:
        if client.status == "running":
            with contextlib.suppress(Exception):
                client.cancel(list(client.futures), force=True)
            with contextlib.suppress(Exception):
                client.run(end_batch, batch, on_error="ignore")
        with contextlib.suppress(Exception):
            client.close(timeout=1)

    with contextlib.suppress(TimeoutError):
        _within(CONNECT, leave)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps Dask's log of this side from the terminal: what matters of it is in the reports."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
