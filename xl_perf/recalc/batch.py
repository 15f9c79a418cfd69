"""Many workbooks, one after the other or side by side; one bad file never stops the rest."""

from __future__ import annotations

import os
import queue
import threading
import time
from typing import TYPE_CHECKING, TypeAlias

from xl_perf.errors import PerfError
from xl_perf.recalc.files import find_workbooks, recalc_file
from xl_perf.recalc.model import FileReport, Options, RecalcReport
from xl_perf.recalc.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    Progress: TypeAlias = Callable[[FileReport, int, int], None]

_POLL: float = 0.2


def recalc_paths(
    paths: Iterable[str | Path], options: Options | None = None, on_progress: Progress | None = None
) -> RecalcReport:
    """Recalculates files and folders.

    Args:
        paths: workbooks, and folders that are searched through (`find_workbooks`).
        options: how; the defaults of `Options` when None.
        on_progress: called in this thread after each file with its report, the number of files done and of all; first
            for the paths that lead to no file.

    Returns:
        One report for each file, in the order in which they were found, whatever the order in which they were done. A
        path that does not exist and a folder without workbooks have a report with a failure. After an interruption
        (Ctrl-C) the report says so, and which files were not done.
    """
    options = options or Options()
    start = time.perf_counter()
    failures: list[FileReport] = []
    found: dict[Path, Path] = {}
    order: list[Path | FileReport] = []
    seen: set[str] = set()
    for path in paths:
        try:
            for file, relative in find_workbooks([path]):
                if os.path.realpath(file) not in seen:
                    seen.add(os.path.realpath(file))
                    found[file] = relative
                    order.append(file)
        except (PerfError, OSError) as error:
            failures.append(FileReport(str(path), failure=str(error)))
            order.append(failures[-1])
    for failure in failures:
        if on_progress is not None:
            on_progress(failure, 0, len(found))
    reports, interrupted = _run(found, options, on_progress)
    files = tuple(reports[item] if not isinstance(item, FileReport) else item for item in order)
    return RecalcReport(files, options.check, interrupted, time.perf_counter() - start)


def _run(
    found: dict[Path, Path], options: Options, on_progress: Progress | None
) -> tuple[dict[Path, FileReport], bool]:
    reports: dict[Path, FileReport] = {}
    clashes = _clashes(found, options)
    todo = {path: relative for path, relative in found.items() if path not in clashes}
    interrupted = False
    produce = _in_workers(todo, options) if options.isolate else _in_this_process(todo, options)
    try:
        for path, message in clashes.items():
            reports[path] = FileReport(str(path), failure=message)
            if on_progress is not None:
                on_progress(reports[path], len(reports), len(found))
        for path, report in produce:
            reports[path] = report
            if on_progress is not None:
                on_progress(report, len(reports), len(found))
    except KeyboardInterrupt:
        interrupted = True
    finally:
        produce.close()
    for path in found:
        if path not in reports:
            reports[path] = FileReport(str(path), failure=f"{path}: not done, interrupted")
    return reports, interrupted


def _clashes(found: dict[Path, Path], options: Options) -> dict[Path, str]:
    """Files that would overwrite another one's result in the output folder."""
    if options.out is None:
        return {}
    taken: dict[str, Path] = {}
    clashes = {}
    for path, relative in found.items():
        first = taken.setdefault(str(relative).casefold(), path)
        if first is not path:
            clashes[path] = f"{path}: its result would overwrite that of {first}; give the files apart"
    return clashes


def _in_this_process(
    todo: dict[Path, Path], options: Options
) -> Generator[tuple[Path, FileReport], None, None]:
    for path, relative in todo.items():
        yield path, recalc_file(path, options, relative=relative)


def _in_workers(todo: dict[Path, Path], options: Options) -> Generator[tuple[Path, FileReport], None, None]:
    """Reports as the workers finish; one thread of this process waits for each worker."""
    waiting = iter(list(todo.items()))
    lock = threading.Lock()
    done: queue.SimpleQueue[tuple[Path, FileReport] | BaseException] = queue.SimpleQueue()
    workers = [Worker() for _ in range(max(1, min(options.jobs, len(todo))))]
    stopped = threading.Event()

    def serve(worker: Worker) -> None:
        try:
            while not stopped.is_set():
                with lock:
                    item = next(waiting, None)
                if item is None:
                    return
                path, relative = item
                done.put((path, worker.run(path, options, relative)))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            done.put(error)

    threads = [threading.Thread(target=serve, args=(worker,), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        for _ in todo:
            while True:
                try:
                    item = done.get(timeout=_POLL)
                    break
                except queue.Empty:
                    continue
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        for worker in workers:
            worker.close()
        for thread in threads:
            thread.join()
        for worker in workers:
            worker.join()
