"""Many workbooks at once: files and folders, one report each, a bad file never stops the rest."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import PerfError, WorkbookError
from xl_perf.package import exclusive, open_package, write_atomic
from xl_perf.package.intake import EXTENSIONS
from xl_perf.relink.parts import relink_package

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.relink.spelling import Dialect


@dataclass(frozen=True, slots=True)
class FileReport:
    """What happened to a file: `formulas` changed, `calls` of each function, what could not be read, or an error.

    `names` LAMBDA functions went into the workbook (out of it: negative), `held` formulas that no LAMBDA
    calculates were held at their values (freed: negative), those in `left` could not be.

    `written` is where the result went; None where nothing was written (nothing to change, dry run, error).
    """

    path: Path
    formulas: int = 0
    guards: int = 0
    calls: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    written: Path | None = None
    error: str = ""
    names: int = 0
    held: int = 0
    left: tuple[str, ...] = ()


def relink_paths(
    paths: Iterable[Path], dialect: Dialect, *, out: Path | None = None, dry_run: bool = False
) -> tuple[FileReport, ...]:
    """Spells our functions in workbooks as a dialect has them.

    Args:
        paths: workbooks, and folders in which all workbooks are taken.
        dialect: whose spelling.
        out: folder for the results (folders keep their shape in it, unchanged files are copied); None replaces
            the files themselves.
        dry_run: True to write nothing.

    Returns:
        A report for each file, in the order of the paths; never raises for a bad file.
    """
    reports: list[FileReport] = []
    taken: dict[Path, Path] = {}
    for path, inside in _files(paths):
        target = path if out is None else out / inside
        try:
            if inside == Path():
                raise WorkbookError(
                    "the folder has no workbooks", where=str(path), expected=", ".join(EXTENSIONS)
                )
            if taken.setdefault(target.absolute(), path) != path:
                raise WorkbookError(
                    f"{taken[target.absolute()]} is written to {target} too",
                    where=str(path),
                    remedy="use one output folder for each",
                )
            reports.append(_relink(path, target, dialect, dry_run=dry_run))
        except PerfError as error:
            reports.append(FileReport(path, error=str(error)))
        except RecursionError:
            reports.append(FileReport(path, error=f"{path}: the file is nested too deeply"))
    return tuple(reports)


def _files(paths: Iterable[Path]) -> Iterable[tuple[Path, Path]]:
    """(file, its place below an output folder); an empty place for a folder without workbooks."""
    seen: set[Path] = set()
    for path in paths:
        found = [path]
        if path.is_dir():
            found = sorted(
                file
                for file in path.rglob("*")
                if file.suffix.lower() in EXTENSIONS
                and not file.name.startswith(("~$", "."))
                and file.is_file()
            )
            if not found:
                yield path, Path()
        for file in found:
            if file.absolute() not in seen:
                seen.add(file.absolute())
                yield file, file.relative_to(path) if path.is_dir() else Path(file.name)


def _relink(path: Path, target: Path, dialect: Dialect, *, dry_run: bool) -> FileReport:
    with exclusive(path) if target == path and not dry_run else nullcontext():
        package = open_package(path)
        result = relink_package(package, dialect)
        written = None
        if not dry_run and (result.data is not package.data or target != path):
            if target != path:
                _make_folder(target.parent)
            write_atomic(target, result.data, expected_stat=package.stamp if target == path else None)
            written = target
    return FileReport(
        path,
        result.formulas,
        result.guards,
        dict(result.calls),
        tuple(result.unread),
        written,
        names=result.names,
        held=result.held,
        left=tuple(result.left),
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkbookError(f"the folder cannot be made ({error.strerror})", where=str(folder)) from error
