"""A worker process of the batch: takes files from its standard input, gives reports on its standard output.

Messages are pickles between the two halves of one program on one machine: a process that can be ended when a file hangs
or kills the engine, without harm to the other files. Started by `xl_perf.recalc.batch`, never by hand.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Final

from xl_perf.recalc.model import FileReport

if TYPE_CHECKING:
    from pathlib import Path

    from xl_perf.recalc.model import Options

_START: Final = "from xl_perf.recalc.worker import serve; serve()"


def serve() -> None:
    """Runs in the worker: recalculates files until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, target = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write between the messages
    from xl_perf.recalc.files import recalc_file  # noqa: PLC0415 - after the output is safe

    while True:
        try:
            path, options, relative = pickle.load(source)  # noqa: S301 - from the parent process
        except EOFError:
            return
        pickle.dump(recalc_file(path, options, relative=relative), target, pickle.HIGHEST_PROTOCOL)
        target.flush()


class Worker:
    """The parent's end of a worker process; started when first used, started again after it was ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()

    def _running(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._closed:
                return None
            if self._process is None:
                environment = dict(os.environ)
                environment["PYTHONPATH"] = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # noqa: PTH109
                self._process = subprocess.Popen(  # noqa: S603 - this interpreter, a constant program
                    [sys.executable, "-P", "-c", _START],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                    creationflags=_CREATION_FLAGS,
                    start_new_session=True,
                )
            return self._process

    def run(self, path: Path, options: Options, relative: Path) -> FileReport:
        """Recalculates one file; a worker that dies or takes longer than `options.seconds` gives a failure."""
        process = self._running()
        if process is None:
            return FileReport(str(path), failure=f"{path}: not done, interrupted")
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(options.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump((path, options, relative), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            report: FileReport = pickle.load(process.stdout)  # noqa: S301 - from our own child
        except (EOFError, OSError, pickle.UnpicklingError):
            return FileReport(str(path), failure=self._lost(path, options, late=late.is_set()))
        finally:
            timer.cancel()
        return report

    def _lost(self, path: Path, options: Options, *, late: bool) -> str:
        interrupted = self._closed
        code = self._end()
        if interrupted:
            return f"{path}: not done, interrupted"
        if late:
            return (
                f"{path}: took longer than {options.seconds:g} seconds and was given up; raise the time limit"
            )
        return (
            f"{path}: the calculation process died (exit code {code}); the file may be damaged or too large"
        )

    def _end(self) -> int | None:
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        return process.wait()

    def close(self) -> None:
        """Ends the process, at once; a file that it was writing is the old or the new one, complete."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()

    def join(self) -> None:
        """Releases what the process held; call it when no `run` is under way."""
        self._closed = True
        self._end()


_CREATION_FLAGS: Final[int] = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""On Windows; like a new session elsewhere it keeps the interrupt key to the parent, which ends its workers."""
