"""The address of a cluster that does the files of a batch."""

from __future__ import annotations

from xl_perf.errors import RecalcError

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
