"""Checking workbook files: read, compared, reported; one bad file never stops the others."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.check.content import check_content
from xl_perf.check.model import CheckReport, FileReport
from xl_perf.contract.tables import is_official
from xl_perf.errors import PerfError
from xl_perf.package import open_package
from xl_perf.recalc import find_workbooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xl_perf.package import Limits


def check_paths(
    paths: Iterable[str | Path],
    *,
    limits: Limits | None = None,
    on_progress: Callable[[FileReport, int, int], None] | None = None,
) -> CheckReport:
    """Compares workbooks with their templates; one bad file never stops the others. Nothing is written.

    Args:
        paths: files, and folders that are searched through; in folders, workbooks that are no official ones are passed
            over and reported as skipped.
        limits: what a file may cost.
        on_progress: called after each file with its report, the number of files done and of all.

    Returns:
        A report with one entry for each file, and for each path that leads to none, in the order in which
        they were found.
    """
    start = time.perf_counter()
    reports: list[FileReport] = []
    interrupted = False
    try:
        items = list(_files(paths))
        for path, named in items:
            reports.append(_guarded(path, limits, named=named))
            if on_progress is not None:
                on_progress(reports[-1], len(reports), len(items))
    except KeyboardInterrupt:
        interrupted = True
    return CheckReport(tuple(reports), interrupted, time.perf_counter() - start)


def _files(paths: Iterable[str | Path]) -> Iterator[tuple[Path, bool]]:
    """(file, whether it was named by itself); a path that leads to no workbook stands for itself."""
    seen: set[Path] = set()
    for given in map(Path, paths):
        try:
            found = [path for path, _ in find_workbooks([given])]
        except PerfError:
            found = [given]
        for path in found:
            if path not in seen:
                seen.add(path)
                yield path, path == given


def _guarded(path: Path, limits: Limits | None, *, named: bool) -> FileReport:
    start = time.perf_counter()
    if named and path.is_dir():
        return FileReport(str(path), failure=f"{path}: the folder holds no workbooks")
    try:
        package = open_package(path, limits)
        if not named and not is_official(package):
            return FileReport(str(path), skipped="not an official workbook")
        report = check_content(package)
    except PerfError as error:
        report = FileReport(str(path), failure=str(error) if error.where else f"{path}: {error}")
    except MemoryError:
        report = FileReport(str(path), failure=f"{path}: more memory than a file may take")
    except Exception as error:  # noqa: BLE001 - no file stops the others
        report = FileReport(str(path), failure=f"{path}: {type(error).__name__}: {error}")
    return replace(report, path=str(path), seconds=time.perf_counter() - start)


def check_file(path: str | Path, limits: Limits | None = None) -> FileReport:
    """Compares one workbook with its template.

    Raises:
        WorkbookError: the file cannot be read.
        SyncError: not an official workbook, or one of another version.
        PlanError: this machine does not have its edition.
    """
    return check_content(open_package(path, limits))
