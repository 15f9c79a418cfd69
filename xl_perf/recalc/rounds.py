"""The two rounds of a batch: files with a part for LibreOffice wait for it, and one start of it does many."""

from __future__ import annotations

import itertools
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xl_perf.errors import RecalcError
from xl_perf.recalc.files import Office, recalc_file

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from xl_perf.recalc.model import FileReport, Options
    from xl_perf.recalc.worker import Worker

_MOST: Final = 24
"""Copies for one start of LibreOffice, and their bytes."""
_NUMBERS = itertools.count()
_BYTES: Final = 32 * 1024 * 1024


def in_rounds(
    todo: Mapping[Path, Path], options: Options, ahead: Worker | None = None
) -> Generator[tuple[Path, FileReport], None, None]:
    """Files with their reports, as they are done; when the generator is closed whoever works on a file is ended.

    Args:
        todo: files, with their paths below `options.out`.
        options: how.
        ahead: a worker process that was started ahead.

    Raises:
        RecalcError: the cluster that `options.executor` names cannot do them.
    """
    if options.executor:
        from xl_perf.recalc.dask_executor import in_cluster  # noqa: PLC0415 - an extra, rarely asked for

        yield from in_cluster(todo, options)
        return
    waiting: list[tuple[Path, Path]] = []
    folders: set[Path] = set()
    copies = Office(f"copies-{next(_NUMBERS)}") if options.office else None
    try:
        for path, report in _round(todo, options, lambda _: copies, ahead):
            if report.pending:
                waiting.append((path, Path(report.pending)))
                folders.add(waiting[-1][1].parents[1])
            else:
                yield path, report
        while waiting:
            group = _group(waiting)
            results, version = _results([copy for _, copy in group], options.seconds)
            of = {path: Office("", results.get(copy), version) for path, copy in group}
            yield from _round({path: todo[path] for path in of}, options, of.__getitem__, None)
            for copy in (*results.values(), *(copy for _, copy in group)):
                copy.unlink(missing_ok=True)
    finally:
        if folders:
            import shutil  # noqa: PLC0415 - where there are copies

            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)


def _round(
    todo: Mapping[Path, Path],
    options: Options,
    office: Callable[[Path], Office | None],
    ahead: Worker | None,
) -> Generator[tuple[Path, FileReport], None, None]:
    if not options.isolate:
        for path, relative in todo.items():
            yield path, recalc_file(path, options, relative=relative, office=office(path))
        return
    from xl_perf.recalc.pool import in_pool  # noqa: PLC0415
    from xl_perf.recalc.worker import Worker  # noqa: PLC0415

    workers = [] if ahead is None else [ahead]
    while len(workers) < min(options.jobs, len(todo)):
        workers.append(Worker(memory=options.memory))

    def do(worker: Worker, item: tuple[Path, Path]) -> FileReport:
        return worker.run(item[0], options, item[1], office(item[0]))

    with closing(in_pool(list(todo.items()), workers, do)) as done:
        for (path, _), report in done:
            yield path, report


def _group(waiting: list[tuple[Path, Path]]) -> list[tuple[Path, Path]]:
    """Files of those that wait, for one start of LibreOffice with one edition of the plan; they are taken out."""
    group: list[tuple[Path, Path]] = []
    size = 0
    edition = waiting[0][1].parent
    for item in list(waiting):
        if len(group) == _MOST or size > _BYTES:
            break
        if item[1].parent == edition:
            waiting.remove(item)
            group.append(item)
            size += item[1].stat().st_size
    return group


def _results(copies: list[Path], seconds: float) -> tuple[dict[Path, Path], str]:
    """What LibreOffice made of copies: all at once; those that it leaves out, one by one."""
    from xl_perf.recalc.office import office  # noqa: PLC0415 - where it is needed

    results: dict[Path, Path] = {}
    try:
        program = office()
        for some in (copies, *([copy] for copy in copies)):
            left = [copy for copy in some if copy not in results]
            if not left or (len(left) == len(copies) == 1 and some is not copies):
                continue
            try:
                results |= program.convert(left, seconds, copies[0].parent.name.removeprefix("edition-"))
            except RecalcError:  # it took too long: with one of them
                continue
    except RecalcError:
        return results, ""
    return results, program.version
