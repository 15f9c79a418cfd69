"""Bytes of a batch's reports, kept in memory up to a few MiB, then in a temporary file."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from typing import IO


class Spool:
    """Bytes kept in memory up to a few MiB, then in a temporary file that the system deletes with the process.

    Where no such file can be written they stay in memory.
    """

    LIMIT: ClassVar[int] = 4 * 1024 * 1024

    def __init__(self) -> None:
        self._held = 0
        self._end = 0
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()

    def keep(self, data: bytes) -> bytes | Place:
        """Takes bytes in; gives them, or the place where they are kept."""
        with self._lock:
            if self._held + len(data) <= self.LIMIT or not data:
                self._held += len(data)
                return data
            try:
                if self._file is None:
                    import tempfile  # noqa: PLC0415 - large batches only
                    import weakref  # noqa: PLC0415

                    self._file = tempfile.TemporaryFile(prefix="xl-perf-", buffering=0)  # noqa: SIM115
                    weakref.finalize(self, self._file.close)  # with the last report that is in it
                self._file.seek(self._end)
                self._write(data)
            except OSError:
                return data
            place = Place(self, self._end, len(data))
            self._end += len(data)
            return place

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def read(self, start: int, size: int) -> bytes:
        """Bytes of the file."""
        with self._lock:
            assert self._file is not None
            self._file.seek(start)
            data = b""
            while len(data) < size:
                more = self._file.read(size - len(data))
                if not more:
                    raise OSError("the temporary file with the changed cells is cut off")
                data += more
            return data


class Place:
    """Where a spool keeps some bytes."""

    __slots__ = ("_size", "_spool", "_start")

    def __init__(self, spool: Spool, start: int, size: int) -> None:
        self._spool = spool
        self._start = start
        self._size = size

    def read(self) -> bytes:
        """The bytes."""
        return self._spool.read(self._start, self._size)
