"""Reloading the targets of workbook files."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xl_perf.book.file import opened, write_values
from xl_perf.contract.results import results
from xl_perf.contract.tables import is_official, read_metadata
from xl_perf.errors import PerfError
from xl_perf.package import check_lock, clean_leftovers, open_package
from xl_perf.package.refs import cell_name
from xl_perf.sync.model import ResultChange, SyncFileReport, SyncReport
from xl_perf.sync.work import find_work

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from xl_perf.contract.results import Result
    from xl_perf.package import Limits
    from xl_perf.plan.model import Plan
    from xl_perf.recalc import Calculation


def sync_file(
    path: str | Path,
    plan: Plan,
    *,
    dry_run: bool = False,
    out: str | Path | None = None,
    limits: Limits | None = None,
    milliseconds: int | None = None,
) -> SyncFileReport:
    """Brings the targets of an official workbook to an edition, then recalculates it.

    Target cells, the texts that name their source and the metadata change, and the values of formulas; nothing else.
    Where nothing changes the file is not written.

    Args:
        path: the workbook.
        plan: the edition.
        dry_run: find out what would change, write nothing.
        out: file to write instead of the workbook itself; its folder is made.
        limits: what the file may cost; the defaults of the package reader when None.
        milliseconds: longest time for one run of the engine; None for no limit.

    Raises:
        SyncError: not an official workbook, an unknown template version, tables or columns renamed, codes that do not
            match the edition. Nothing was changed.
        WorkbookError: the file cannot be read or written, is open elsewhere, or changed meanwhile.
        RecalcError: the formulas cannot be calculated. Nothing was changed.
    """
    from xl_perf.recalc import recalculate_package  # noqa: PLC0415 - loads the engine

    start = time.perf_counter()
    target = None if out is None else Path(out)
    if target is None:
        check_lock(path)  # a dry run refuses what the run would
    with opened(Path(path), target, limits, reading=dry_run) as package:
        metadata = read_metadata(package)
        work = find_work(package, metadata, plan)
        top = results(package)
        calculation = recalculate_package(
            package, overrides=work.values, milliseconds=milliseconds, plan=plan
        )
        written = "" if dry_run else write_values(package, work.values, calculation, target)
    return SyncFileReport(
        path=str(path),
        template=metadata.text("modello"),
        edition_before=metadata.text("edizione"),
        edition=plan.id,
        act=plan.latest_act.short,
        targets=work.targets,
        changed=tuple(work.changed),
        metadata=tuple(work.metadata),
        sources=work.sources,
        formulas=calculation.formulas,
        recalculated=len(calculation.changed),
        results=len(top),
        results_changed=tuple(_result_changes(top, calculation)),
        errors=calculation.errors,
        kept=calculation.kept,
        written=written,
        notes=calculation.notes,
        seconds=time.perf_counter() - start,
    )


def sync_paths(
    paths: Iterable[str | Path],
    plan: Plan,
    *,
    dry_run: bool = False,
    out: str | Path | None = None,
    limits: Limits | None = None,
    on_progress: Callable[[SyncFileReport, int, int], None] | None = None,
    jobs: int = 1,
    seconds: float = 300.0,
    isolate: bool = False,
) -> SyncReport:
    """Brings the targets of workbooks to an edition; one bad file never stops the rest.

    Args:
        paths: files, and folders that are searched through; in folders, workbooks that are no official ones are
            passed over and reported as skipped.
        plan: the edition.
        dry_run: find out what would change, write nothing.
        out: folder for the results, which keep their places below the folders given; None writes in place.
        limits: what a file may cost.
        on_progress: called after each file with its report, the number of files done and of all.
        jobs: worker processes.
        seconds: longest time for one file; a worker that takes longer is ended.
        isolate: do the files in worker processes with limits on time and memory, so that a file that hangs or kills the
            engine harms no other; False does them in this process, one after the other.

    Returns:
        A report with one entry for each file, and for each path that leads to none, in the order in which they were
        found, whatever the order in which they were done.
    """
    start = time.perf_counter()
    reports: dict[Path, SyncFileReport] = {}
    interrupted = False
    items: list[_Item] = []
    try:
        for given, path, relative in _files(paths):
            items.append(_Item(path, Path(out) / relative if out is not None else None, given == path))
        if not dry_run:
            clean_leftovers((item.out or item.path).parent for item in items)
        settings = {"dry_run": dry_run, "limits": limits, "seconds": seconds}
        done = _in_workers(items, plan, settings, jobs) if isolate else _here(items, plan, settings)
        with closing(done):
            for item, report in done:
                reports[item.path] = report
                if on_progress is not None:
                    on_progress(report, len(reports), len(items))
    except KeyboardInterrupt:
        interrupted = True
    taken = time.perf_counter() - start
    files = tuple(reports[item.path] for item in items if item.path in reports)
    return SyncReport(files, plan.id, plan.latest_act.short, dry_run, interrupted, taken)


class _Item(NamedTuple):
    """A file to do: where its result goes (None: in place), and whether it was named by itself."""

    path: Path
    out: Path | None
    named: bool


def _here(
    items: list[_Item], plan: Plan, settings: dict[str, Any]
) -> Generator[tuple[_Item, SyncFileReport], None, None]:
    for item in items:
        yield item, guarded(plan, item.path, item.out, named=item.named, **settings)


def _in_workers(
    items: list[_Item], plan: Plan, settings: dict[str, Any], jobs: int
) -> Generator[tuple[_Item, SyncFileReport], None, None]:
    from xl_perf.recalc.pool import in_pool  # noqa: PLC0415
    from xl_perf.recalc.worker import Lost, Process  # noqa: PLC0415

    def do(worker: Process, item: _Item) -> SyncFileReport:
        try:
            report: SyncFileReport = worker.call(
                settings["seconds"], item.path, item.out, named=item.named, **settings
            )
        except Lost as lost:
            return SyncFileReport(str(item.path), failure=f"{item.path}: {lost}", edition=plan.id)
        return report

    workers = [Process("xl_perf.sync.files:guarded", (plan,)) for _ in range(max(1, min(jobs, len(items))))]
    return in_pool(items, workers, do)


def _files(paths: Iterable[str | Path]) -> Iterable[tuple[Path, Path, Path]]:
    """(path given, file, its place below the folder given); a path without workbooks stands for itself."""
    from xl_perf.recalc import find_workbooks  # noqa: PLC0415

    seen: set[Path] = set()
    for given in map(Path, paths):
        try:
            found = find_workbooks([given])
        except PerfError:
            found = [(given, Path(given.name))]
        for path, relative in found:
            if path not in seen:
                seen.add(path)
                yield given, path, relative


def guarded(
    plan: Plan,
    path: Path,
    out: Path | None,
    *,
    dry_run: bool,
    limits: Limits | None,
    seconds: float,
    named: bool,
) -> SyncFileReport:
    """`sync_file` with every failure as a report; what the worker processes call."""
    start = time.perf_counter()
    if named and path.is_dir():
        return SyncFileReport(str(path), failure=f"{path}: the folder holds no workbooks", edition=plan.id)
    try:
        if not named and not is_official(open_package(path, limits)):
            return SyncFileReport(str(path), skipped="not an official workbook")
        milliseconds = int(seconds * 1000)
        return sync_file(path, plan, dry_run=dry_run, out=out, limits=limits, milliseconds=milliseconds)
    except PerfError as error:
        failure = str(error) if error.where else f"{path}: {error}"
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except MemoryError:
        failure = f"{path}: more memory than a file may take; the file is too large"
    except BaseException as error:  # noqa: BLE001 - a panic of the engine is no Exception; no file stops the rest
        failure = f"{path}: {type(error).__name__}: {error}"
    return SyncFileReport(str(path), failure=failure, edition=plan.id, seconds=time.perf_counter() - start)


def _result_changes(top: Iterable[Result], calculation: Calculation) -> Iterator[ResultChange]:
    """The results that get another value."""
    for result in top:
        changes = calculation.changes.get(result.sheet, {})
        if result.key in changes:
            after = changes[result.key]
            yield ResultChange(result.sheet, cell_name(result.key), result.label, result.value, after)
