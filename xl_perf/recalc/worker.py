"""A worker process of a batch: takes files from its standard input, gives reports on its standard output.

Messages are pickles between the two halves of one program on one machine: a process that can be ended when a file hangs
or kills the engine, without harm to the other files. Started by `xl_perf.recalc.batch`, never by hand.
"""

from __future__ import annotations

import contextlib
import copyreg
import gc
import importlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final

from xl_perf.recalc.model import EXHAUSTED, MEMORY, FileReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xl_perf.recalc.files import Office
    from xl_perf.recalc.model import Options

_START: Final = "from xl_perf.recalc.worker import serve; serve()"
_COLLECT: Final = 100_000, 20, 20
"""When Python looks for garbage: calculating makes many objects, of which next to none refer in circles."""
_DIED: Final = "the calculation process died"
_RECALC: Final = "xl_perf.recalc.files:recalc_file"
_NEEDED: Final = (
    "xl_perf.recalc.files",
    "xl_perf.package.workbook",
    "xl_perf.recalc.calculate",
    "xl_perf.recalc.stored",
    "xl_perf.catalog",
    "xl_perf.cells",
    "xl_perf.package.patch",
    "xl_perf.package.atomic",
)
"""What a file's calculation imports; a worker does so while its first file is looked for."""


def _read_only(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(content)


copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))  # the plan holds some


def serve() -> None:
    """Runs in the worker: does files until the input ends.

    The first message is (task as `module:function`, its first arguments, bytes of memory, modules to import
    at once); each one after it the further arguments of one call, by position and by name. The answers are
    what the calls return. When the parent ends, the process does, in the
    middle of a file too: nobody may work on a file that somebody else is about to be given.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, target = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write between the messages
    try:
        task, shared, memory, needed = pickle.load(source)  # noqa: S301 - from the parent process
        _limit_memory(memory)
        calls: queue.SimpleQueue[tuple[tuple[Any, ...], dict[str, Any]]] = queue.SimpleQueue()
        threading.Thread(target=_receive, args=(source, calls), daemon=True).start()
        gc.disable()  # what is imported stays
        for module in needed:
            with contextlib.suppress(Exception):  # the file that needs it says so
                importlib.import_module(module)
        module, _, name = task.partition(":")
        run = getattr(importlib.import_module(module), name)  # after the output is safe
        gc.freeze()
        gc.set_threshold(*_COLLECT)
        gc.enable()
        while True:
            arguments, named = calls.get()
            pickle.dump(run(*shared, *arguments, **named), target, pickle.HIGHEST_PROTOCOL)
            target.flush()
    except EOFError:
        return


def _receive(source: IO[bytes], calls: queue.SimpleQueue[tuple[tuple[Any, ...], dict[str, Any]]]) -> None:
    while True:
        try:
            calls.put(pickle.load(source))  # noqa: S301 - from the parent process
        except BaseException:  # noqa: BLE001 - the parent is gone, or is no parent of ours
            os._exit(0)


def _limit_memory(most: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


class Lost(Exception):  # noqa: N818 - what happened to a file, not a mistake of ours
    """The worker gave no answer; the message says why."""


class Process:
    """The parent's end of a worker process; started when first used, started again after it was ended.

    Args:
        task: `module:function` that the worker calls for each file.
        shared: its first arguments, sent once.
        memory: bytes of address space that it may take, where the system can say so (not on Windows).
        needed: modules that it imports before its first call.
        folder: where its relative paths begin, if there is such a folder; this process's own when empty.
    """

    def __init__(
        self,
        task: str,
        shared: tuple[Any, ...] = (),
        *,
        memory: int = MEMORY,
        needed: tuple[str, ...] = (),
        folder: str = "",
    ) -> None:
        self._folder = folder
        self._hello = pickle.dumps((task, shared, memory, needed), pickle.HIGHEST_PROTOCOL)
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
                    cwd=self._folder if os.path.isdir(self._folder) else None,  # noqa: PTH112
                    creationflags=_CREATION_FLAGS,
                    start_new_session=True,
                )
                assert self._process.stdin is not None
                with contextlib.suppress(OSError):  # it died at once: the first file will say so
                    self._process.stdin.write(self._hello)
                    self._process.stdin.flush()
            return self._process

    def start(self) -> None:
        """Starts the process ahead of its first call, to get ready meanwhile."""
        self._running()

    def call(self, seconds: float, /, *arguments: Any, **named: Any) -> Any:
        """One call in the worker.

        Args:
            seconds: longest time; a worker that takes longer is ended.
            arguments: arguments after the shared ones.
            named: further arguments.

        Raises:
            Lost: the worker died, took too long or was closed.
        """
        process = self._running()
        if process is None:
            raise Lost("not done, interrupted")
        assert process.stdin is not None
        assert process.stdout is not None
        answered = late = False
        deciding = threading.Lock()

        def end() -> None:
            nonlocal late
            with deciding:
                late = not answered
                if late:
                    _kill(process)

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump((arguments, named), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            return pickle.load(process.stdout)  # noqa: S301 - from our own child
        except (EOFError, OSError, pickle.UnpicklingError):
            raise Lost(self._lost(seconds, late=late)) from None
        finally:
            timer.cancel()
            with deciding:
                answered = True
            if late:  # perhaps when the answer was on its way: the next call gets another process
                self._end()

    def _lost(self, seconds: float, *, late: bool) -> str:
        interrupted = self._closed
        code = self._end()
        if interrupted:
            return "not done, interrupted"
        if late:
            return f"took longer than {seconds:g} seconds and was given up; raise the time limit"
        return f"{_DIED} (exit code {code}); the file may be damaged or too large"

    def _end(self) -> int | None:
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return None
        _kill(process)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return process.wait()

    def close(self) -> None:
        """Ends the process, at once; a file that it was writing is the old or the new one, complete."""
        self._closed = True
        process = self._process
        if process is not None:
            _kill(process)

    def join(self) -> None:
        """Releases what the process held; call it when no `call` is under way."""
        self._closed = True
        self._end()


class Worker(Process):
    """A worker process that recalculates files."""

    def __init__(self, *, memory: int = MEMORY, folder: str = "") -> None:
        super().__init__(_RECALC, memory=memory, needed=_NEEDED, folder=folder)
        self._used = False

    def run(self, path: Path, options: Options, relative: Path, office: Office | None = None) -> FileReport:
        """Recalculates one file; a worker that dies or takes longer than `options.seconds` gives a failure.

        A worker that ran out of memory or died does no other file; where it had done some before, which may
        have left it little memory, a new one tries again.
        """
        while True:
            used, self._used = self._used, True
            try:
                report: FileReport = self.call(
                    options.seconds, path, options, relative=relative, office=office
                )
            except Lost as lost:
                report = FileReport(str(path), failure=f"{path}: {lost}")
                lost_it = str(lost).startswith(_DIED)
            else:
                lost_it = report.failure.endswith(EXHAUSTED)
            if not lost_it:
                return report
            self._end()
            self._used = False
            if not used:
                return report


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a worker and what it started (the worker leads a process group of its own)."""
    group: Callable[[int, int], None] | None = getattr(os, "killpg", None)
    if group is not None and process.poll() is None:
        with contextlib.suppress(OSError):
            group(process.pid, signal.SIGKILL)
            return
    process.kill()


_CREATION_FLAGS: Final[int] = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""On Windows; like a new session elsewhere it keeps the interrupt key to the parent, which ends its workers."""
