"""The address of a cluster that does the files of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import RecalcError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from xl_perf.recalc.model import FileReport, Options

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
    todo: Mapping[Path, Path], options: Options
) -> Generator[tuple[Path, FileReport], None, None]:
    """Files with their reports, as the cluster that `options.executor` names does them.

    Raises:
        RecalcError: the cluster cannot do them.
    """
    from xl_perf.recalc.dask_executor import in_cluster  # noqa: PLC0415 - an extra, rarely asked for

    return in_cluster(todo, options)
