"""The report of a batch as a JSON file that is complete at every moment and costs each file of the batch once.

While the batch runs, the file is the report of an interrupted run that holds what is done so far: each
workbook is a line of its own, written over the last few bytes, which close the document, together with new
ones. A process that is killed in the middle of that leaves a last line that is cut off; `read_report` takes
the lines before it. At the end the lines are put into the order of the batch, in a file that takes the
report's name when it is complete.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final, Self

from xl_perf.package.atomic import write_atomic
from xl_perf.recalc.model import RecalcReport

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from xl_perf.recalc.model import FileReport, Options

_FILES: Final = b'  "files": ['
"""The line after which each line is a workbook."""
_FIRST: Final = b"\n    "
_NEXT: Final = b",\n    "
_END: Final = b"\n  ]\n}\n"


class ReportFile:
    """The report of a batch, written as its files are done; a context manager that lets the file go.

    Args:
        path: where; a report that is there is replaced.
        options: those of the batch.
        earlier: what an earlier run did, and this one goes on from.

    Raises:
        WorkbookError: the report cannot be written there.
    """

    FLUSHED: ClassVar[float] = 5.0
    """Seconds after which what was written is flushed to the disk."""

    def __init__(self, path: Path, options: Options, earlier: Iterable[FileReport] = ()) -> None:
        self._path = path
        self._lines: dict[str, tuple[FileReport, int, int]] = {}
        self._flushed = time.monotonic()
        self._file: IO[bytes] | None = None
        self._end = 0
        start = RecalcReport((), options, interrupted=True)
        self._replace(_head(start), ((file, encoded(file)) for file in earlier))
        self._file = path.open("r+b", buffering=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def add(self, file: FileReport) -> None:
        """One more file is done.

        Where it cannot be written (a full disk) the batch goes on, and `finish` tries again.
        """
        assert self._file is not None
        line = encoded(file)
        between = _NEXT if self._lines else _FIRST
        try:
            self._file.seek(self._end)
            _write(self._file, between + line + _END)
            if time.monotonic() - self._flushed > self.FLUSHED:
                os.fsync(self._file.fileno())
                self._flushed = time.monotonic()
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(self._end)
                self._file.seek(self._end)
                self._file.write(_END)
            return
        self._lines[file.path] = (file, self._end + len(between), len(line))
        self._end += len(between) + len(line)

    def finish(self, report: RecalcReport) -> None:
        """The report of the batch as a whole; the file is the one before or this one, complete.

        Raises:
            WorkbookError: it cannot be written.
        """
        self._replace(_head(report), ((file, self._line(file)) for file in report.files))

    def _line(self, file: FileReport) -> bytes:
        known, start, size = self._lines.get(file.path, (None, 0, 0))
        if known is not file or self._file is None:
            return encoded(file)
        self._file.seek(start)
        line = self._file.read(size)
        return line if len(line) == size else encoded(file)

    def _replace(self, head: bytes, lines: Iterable[tuple[FileReport, bytes]]) -> None:
        """Puts a new file in the place of the report."""
        lines_of: dict[str, tuple[FileReport, int, int]] = {}

        def chunks() -> Generator[bytes, None, None]:
            yield head
            at = len(head)
            for file, line in lines:
                between = _NEXT if lines_of else _FIRST
                yield between
                yield line
                lines_of[file.path] = (file, at + len(between), len(line))
                at += len(between) + len(line)
            self._end = at
            yield _END
            self._close()  # Windows replaces no file that is open

        write_atomic(self._path, chunks())
        self._lines = lines_of


def encoded(file: FileReport) -> bytes:
    """`FileReport.to_json` as JSON text on one line."""
    # a name that the system could not decode holds half characters: JSON escapes them as Python does
    return json.dumps(file.to_json(), ensure_ascii=False).encode("utf-8", "backslashreplace")


def _head(report: RecalcReport) -> bytes:
    lines = [
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n"
        for name, value in report.head_json().items()
    ]
    return ("{\n" + "".join(lines)).encode("utf-8", "backslashreplace") + _FILES


def _write(file: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def read_report(path: Path) -> Iterator[Any]:
    """A report that `ReportFile` wrote, or the JSON of a `RecalcReport`; one that is cut off as far as it goes.

    Yields:
        What it says of the batch, then what it says of each file, read one after the other.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no JSON.
        TypeError, KeyError: it is the JSON of something else.
    """
    with path.open("rb") as file:
        head = []
        for line in file:
            if line.rstrip() == _FILES:
                break
            head.append(line)
        else:
            report = json.loads(b"".join(head))
            yield report
            yield from report["files"]
            return
        yield json.loads(b"".join(head).rstrip().removesuffix(b",") + b"}")
        for line in file:
            with contextlib.suppress(ValueError):  # the end, or a line that was cut off
                yield json.loads(line.strip().removesuffix(b","))
