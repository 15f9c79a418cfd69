"""Reloading the targets of workbook files."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xl_perf.contract.results import results
from xl_perf.contract.tables import TableCells, is_official, read_map, read_metadata, target_rows
from xl_perf.errors import PerfError, SyncError
from xl_perf.package import check_lock, clean_leftovers, exclusive, open_package, write_atomic
from xl_perf.package.refs import cell_name
from xl_perf.package.scalars import in_15_digits, same_value
from xl_perf.plan.describe import TargetCell, TargetMap, describe_source
from xl_perf.sync.match import Matcher
from xl_perf.sync.model import MetadataChange, ResultChange, SyncFileReport, SyncReport, TargetChange

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from xl_perf.contract.results import Result
    from xl_perf.contract.tables import Metadata
    from xl_perf.package import CellKey, Limits, Package
    from xl_perf.plan.model import Plan
    from xl_perf.recalc import Calculation
    from xl_perf.values import CellValue


@dataclass(slots=True)
class _Work:
    """What a workbook needs, found before anything is written."""

    values: dict[str, dict[CellKey, CellValue]] = field(default_factory=lambda: defaultdict(dict))
    changed: list[TargetChange] = field(default_factory=list)
    metadata: list[MetadataChange] = field(default_factory=list)
    targets: int = 0
    sources: int = 0


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
    if out is None:
        check_lock(path)
    with exclusive(path) if out is None and not dry_run else nullcontext():
        package = open_package(path, limits)
        metadata = read_metadata(package)
        work = _find_work(package, metadata, plan)
        top = results(package)
        calculation = recalculate_package(
            package, overrides=work.values, milliseconds=milliseconds, plan=plan
        )
        written = (
            "" if dry_run else _write(package, work, calculation, Path(out) if out is not None else None)
        )
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


def _find_work(package: Package, metadata: Metadata, plan: Plan) -> _Work:
    """Everything that changes.

    Raises:
        SyncError: the workbook does not fit the edition.
    """
    work = _Work()
    matcher = Matcher(plan, package.where, metadata.text("struttura"))
    sources: dict[tuple[str, CellKey], list[TargetCell]] = {}
    tables: dict[str, TableCells] = {}
    for column in read_map(package):
        headings = [column.key_column, column.value_column, *filter(None, [column.source_column])]
        table = TableCells(package, column.table, tuple(headings))
        table = tables.setdefault(table.table.name, table)
        rows = list(target_rows(table, column))
        found = matcher.look_up(column, [code for _, code in rows])
        for row, code in rows:
            if code in found:
                _compare(work, table, column, row, found[code])
                if column.source_column:
                    place = table.table.name, table.key(row, column.source_column)
                    sources.setdefault(place, []).append(found[code])
    matcher.check()
    for (name, key), cells in sources.items():
        _compare_source(work, tables[name], key, describe_source(cells))
    _compare_metadata(work, metadata, plan)
    return work


def _compare(work: _Work, table: TableCells, column: TargetMap, row: int, target: TargetCell) -> None:
    key = table.key(row, column.value_column)
    cell = table.sheet.cell(key)
    old = None if cell is None else cell.value
    work.targets += 1
    if cell is not None and cell.formula is not None:
        raise SyncError(
            "the target cell holds a formula",
            where=f"{table.where}, {cell_name(key)}",
            expected="a number of the plan",
            remedy="put the number back, or take the official workbook again",
        )
    if same_value(old, target.value) or in_15_digits(old, target.value):
        return
    work.values[table.table.sheet][key] = target.value
    work.changed.append(
        TargetChange(
            table.table.sheet,
            cell_name(key),
            table.table.name,
            target.indicator,
            target.structure,
            target.period,
            target.what,
            old,
            target.value,
            target.unit,
            target.act_short,
            str(target.source),
            str(target.status),
        )
    )


def _compare_source(work: _Work, table: TableCells, key: CellKey, text: str) -> None:
    cell = table.sheet.cell(key)
    if not same_value(None if cell is None else cell.value, text):
        work.values[table.table.sheet][key] = text
        work.sources += 1


def _compare_metadata(work: _Work, metadata: Metadata, plan: Plan) -> None:
    act = plan.latest_act
    news = {
        "edizione": plan.id,
        "titolo_edizione": plan.title,
        "atto": act.title,
        "atto_breve": act.short,
        "data_atto": f"{act.date:%Y-%m-%d}",
        "impronta_dati": plan.data_hash,
    }
    for key, new in news.items():
        if key not in metadata.places:
            raise SyncError(f"the metadata have no key {key!r}", where=metadata.where)
        old = metadata.values[key]
        if not same_value(old, new):
            work.values[metadata.sheet][metadata.places[key]] = new
            work.metadata.append(MetadataChange(key, old, new))


def _result_changes(top: Iterable[Result], calculation: Calculation) -> Iterator[ResultChange]:
    """The results that get another value."""
    for result in top:
        changes = calculation.changes.get(result.sheet, {})
        if result.key in changes:
            after = changes[result.key]
            yield ResultChange(result.sheet, cell_name(result.key), result.label, result.value, after)


def _write(package: Package, work: _Work, calculation: Calculation, out: Path | None) -> str:
    """Writes the file where something changed, or elsewhere; gives its path, empty where nothing was written."""
    changes: dict[str, dict[CellKey, CellValue]] = {}
    for part in (calculation.changes, work.values):
        for sheet, cells in part.items():
            changes.setdefault(sheet, {}).update(cells)
    if out is None and not any(changes.values()) and not any(calculation.spill.values()):
        return ""
    data = package.patch(changes, spill=calculation.spill, insert=True, stale=calculation.old_values or None)
    if out is None:
        return str(write_atomic(package.path, data, expected_stat=package.stamp).path)
    in_place = out.exists() and out.samefile(package.path)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SyncError(f"the folder cannot be made ({error.strerror})", where=str(out.parent)) from error
    return str(write_atomic(out, data, expected_stat=package.stamp if in_place else None).path)
