"""Where the files of a batch are done: in worker processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from xl_perf.errors import RecalcError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from xl_perf.recalc.model import FileReport, Options
    from xl_perf.recalc.worker import Worker

_SCHEME = "dask://"


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


def in_executor(
    todo: Mapping[Path, Path], options: Options, ahead: Worker | None = None
) -> Generator[tuple[Path, FileReport], None, None]:
    """Files with their reports, as they are done; when the generator is closed whoever works on a file is ended.

    Args:
        todo: files, with their paths below `options.out`.
        options: how.
        ahead: a worker process that was started ahead.

    Raises:
        RecalcError: the cluster that `options.executor` names cannot do them.
    """
    if not options.executor:
        return _in_workers(todo, options, ahead)
    from xl_perf.recalc.dask_executor import in_cluster  # noqa: PLC0415 - an extra, rarely asked for

    return in_cluster(todo, options)


def _in_workers(
    todo: Mapping[Path, Path], options: Options, ahead: Worker | None
) -> Generator[tuple[Path, FileReport], None, None]:
    from xl_perf.recalc.pool import in_pool  # noqa: PLC0415
    from xl_perf.recalc.worker import Worker  # noqa: PLC0415

    workers = [] if ahead is None else [ahead]
    while len(workers) < min(options.jobs, len(todo)):
        workers.append(Worker(memory=options.memory))
    done = in_pool(list(todo.items()), workers, lambda worker, item: worker.run(item[0], options, item[1]))
    with contextlib.closing(done):
        for (path, _), report in done:
            yield path, report
