"""What a file's report says of single cells, packed: a batch keeps the reports of all its files until its end.

A workbook has thousands of changed cells, and each as an object of its own would cost more to send from the worker
process and to keep than to calculate. Here they are columns in one piece of bytes, read back when somebody looks at
them; the `Spool` of a batch keeps what exceeds a few MiB in a temporary file.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Sequence
from functools import partial
from typing import IO, TYPE_CHECKING, Any, ClassVar, TypeVar

from xl_perf.recalc.model import CELL_ROWS, CellNote, Change, NewError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xl_perf.recalc.model import FileReport

_Row = TypeVar("_Row", Change, CellNote, NewError)


class Packed(Sequence[_Row]):
    """An immutable sequence of rows, each about a cell of a sheet; equal to a tuple or list of the same rows.

    Args:
        kind: the class of the rows.
        length: how many.
        data: pickled columns, one for each field of the rows, or what reads them.
    """

    __slots__ = ("_data", "_kind", "_length")

    def __init__(self, kind: type[_Row], length: int, data: bytes | Callable[[], bytes]) -> None:
        self._kind: type[Any] = kind
        self._length = length
        self._data = data

    @classmethod
    def of(cls, kind: type[_Row], rows: Iterable[_Row]) -> Packed[_Row]:
        """Packs rows, in their order; what is packed already is given back."""
        return rows if isinstance(rows, cls) else cls.of_columns(kind, list(zip(*rows, strict=True)))

    @classmethod
    def of_columns(cls, kind: type[_Row], columns: Sequence[Sequence[Any]]) -> Packed[_Row]:
        """Packs rows by their columns, all of one length; no columns for no rows."""
        data = pickle.dumps(columns, pickle.HIGHEST_PROTOCOL) if columns else b""
        return cls(kind, len(columns[0]) if columns else 0, data)

    @property
    def data(self) -> bytes:
        """The pickled columns."""
        return self._data if isinstance(self._data, bytes) else self._data()

    def spooled(self, spool: Spool) -> Packed[_Row]:
        """The same rows, their bytes kept by a spool."""
        return Packed(self._kind, self._length, spool.keep(self.data))

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[_Row]:
        data = self.data
        # made by `of_columns` in this program, in a worker of it at the farthest
        return map(self._kind._make, zip(*pickle.loads(data), strict=True)) if data else iter(())  # noqa: S301

    def __getitem__(self, wanted: Any) -> Any:
        return tuple(self)[wanted]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Packed, tuple, list)):
            return NotImplemented
        return tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Packed({list(self)!r})"

    def __reduce__(self) -> tuple[type[Packed[_Row]], tuple[type[_Row], int, bytes]]:
        return Packed, (self._kind, self._length, self.data)


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

    def keep(self, data: bytes) -> bytes | Callable[[], bytes]:
        """Takes bytes in; gives them, or what reads them."""
        with self._lock:
            if self._held + len(data) <= self.LIMIT or not data:
                self._held += len(data)
                return data
            try:
                if self._file is None:
                    import tempfile  # noqa: PLC0415 - large batches only
                    import weakref  # noqa: PLC0415

                    self._file = tempfile.TemporaryFile(prefix="xl-perf-")  # noqa: SIM115
                    weakref.finalize(self, self._file.close)  # with the last report that is in it
                self._file.seek(self._end)
                self._file.write(data)
                self._file.flush()
            except OSError:
                return data
            self._end += len(data)
            return partial(self._read, self._end - len(data), len(data))

    def _read(self, start: int, size: int) -> bytes:
        with self._lock:
            assert self._file is not None
            self._file.seek(start)
            return self._file.read(size)


def packed(report: FileReport) -> FileReport:
    """A file's report with its cells packed."""
    rows: Any = {name: Packed.of(kind, getattr(report, name)) for name, kind in CELL_ROWS.items()}
    return report._replace(**rows)


def spooled(report: FileReport, spool: Spool) -> FileReport:
    """A file's report with its cells kept by a spool."""
    rows: Any = {name: getattr(packed(report), name).spooled(spool) for name in CELL_ROWS}
    return report._replace(**rows)
