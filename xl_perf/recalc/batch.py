"""Many workbooks, one after the other or side by side; one bad file never stops the rest."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TypeAlias

from xl_perf.errors import PerfError
from xl_perf.package import clean_leftovers
from xl_perf.recalc.changes import Spool, spooled
from xl_perf.recalc.files import find_workbooks
from xl_perf.recalc.model import FileReport, Options, RecalcReport
from xl_perf.recalc.rounds import in_rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from xl_perf.recalc.resume import Earlier
    from xl_perf.recalc.worker import Worker

    Progress: TypeAlias = Callable[[FileReport, int, int], None]


def recalc_paths(
    paths: Iterable[str | Path],
    options: Options | None = None,
    on_progress: Progress | None = None,
    earlier: Earlier | None = None,
    ahead: Worker | None = None,
) -> RecalcReport:
    """Recalculates files and folders.

    Args:
        paths: workbooks, and folders that are searched through (`find_workbooks`).
        options: how; the defaults of `Options` when None.
        on_progress: called in this thread after each file with its report, the number of files done and of all; first
            for the paths that lead to no file.
        earlier: reports of an earlier run (`xl_perf.recalc.resume.read_earlier`): a file that it did and that did not
            change since is not done again, and has that report.
        ahead: a worker process that was started ahead (`Worker.start`), to be used first; the batch ends it.

    Returns:
        One report for each file, in the order in which they were found, whatever the order in which they were done. A
        path that does not exist and a folder without workbooks have a report with a failure. After an interruption
        (Ctrl-C) the report says so, and which files were not done.

    Raises:
        RecalcError: the cluster that `options.executor` names cannot be reached or cannot do the files.
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
                real = os.path.realpath(file)
                if real not in seen:
                    seen.add(real)
                    found[file] = relative
                    order.append(file)
        except (PerfError, OSError) as error:
            failures.append(FileReport(str(path), failure=str(error)))
            order.append(failures[-1])
    for failure in failures:
        if on_progress is not None:
            on_progress(failure, 0, len(found))
    reports, interrupted = _run(found, options, on_progress, earlier or {}, ahead)
    files = tuple(reports[item] if not isinstance(item, FileReport) else item for item in order)
    return RecalcReport(files, options, interrupted, time.perf_counter() - start)


def _run(
    found: dict[Path, Path],
    options: Options,
    on_progress: Progress | None,
    earlier: Earlier,
    ahead: Worker | None,
) -> tuple[dict[Path, FileReport], bool]:
    reports: dict[Path, FileReport] = {}
    clashes = _clashes(found, options)
    if earlier:
        from xl_perf.recalc.resume import is_done  # noqa: PLC0415 - where one is gone on from

        for path in found:
            before = earlier.get(os.path.abspath(path))  # noqa: PTH100 - links stay
            if path not in clashes and is_done(before):
                assert before is not None
                reports[path] = before
    todo = {path: relative for path, relative in found.items() if path not in clashes and path not in reports}
    if not options.check:
        clean_leftovers(
            (path if options.out is None else options.out / relative).parent
            for path, relative in todo.items()
        )
    interrupted = False
    spool = Spool()
    produce = in_rounds(todo, options, ahead)
    try:
        for path, message in clashes.items():
            reports[path] = FileReport(str(path), failure=message)
            if on_progress is not None:
                on_progress(reports[path], len(reports), len(found))
        for path, found_out in produce:
            reports[path] = report = spooled(found_out, spool)
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
