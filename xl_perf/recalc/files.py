"""Recalculating files: find them, calculate, patch the values into them."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from xl_perf.errors import PerfError, RecalcError
from xl_perf.package.lock import exclusive
from xl_perf.recalc.changes import packed
from xl_perf.recalc.model import ENGINES, EXHAUSTED, Calculation, EngineDifference, FileReport, Options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.package import Package

SUFFIXES: Final = (".xlsx", ".xlsm")
_VALUES: Final = ".valori"


def find_workbooks(paths: Iterable[str | Path]) -> list[tuple[Path, Path]]:
    """The workbooks that paths mean, each once, in the order given and sorted inside folders.

    Args:
        paths: files, and folders that are searched through; a file that is named twice is taken once. Lock
            files (`~$name`), hidden files and folders, and copies written by `--values` are passed over in
            folders.

    Returns:
        (file, its path relative to what was given) for each; a file that was named is taken whatever its name.

    Raises:
        RecalcError: a path that does not exist, or a folder without workbooks.
    """
    found: dict[str, tuple[Path, Path]] = {}
    for given in paths:
        path = Path(given)
        if not path.is_dir():
            if not os.path.lexists(path):
                raise RecalcError(
                    "there is no such file or folder", where=str(path), remedy="check the path that was given"
                )
            found.setdefault(os.path.realpath(path), (path, Path(path.name)))
            continue
        inside = sorted(file for file in _walk(path) if not file.stem.endswith(_VALUES))
        if not inside:
            raise RecalcError(
                "the folder holds no workbooks", where=str(path), expected=" or ".join(SUFFIXES)
            )
        for file in inside:
            found.setdefault(os.path.realpath(file), (file, file.relative_to(path)))
    return list(found.values())


def _walk(folder: Path) -> Iterable[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.lower().endswith(SUFFIXES) and not name.startswith(("~$", ".")):
                yield Path(root, name)


class Office(NamedTuple):
    """How the part of a file goes that is left to LibreOffice, in a batch that starts it once for many files.

    First round: `copies` names the batch's folder for copies that LibreOffice is to calculate, one for each
    of the plan's editions in it. Second round: `result` is what it made of the copy, None where it failed,
    and `version` its version.
    """

    copies: str = ""
    result: Path | None = None
    version: str = ""


def recalc_file(
    path: str | Path,
    options: Options | None = None,
    *,
    relative: Path | None = None,
    office: Office | None = None,
) -> FileReport:
    """Recalculates one workbook and writes the values into it (or elsewhere, as the options say).

    The file is replaced atomically, and only where a value changed; nothing but the values of formula cells changes.

    Args:
        path: the workbook.
        options: how; the defaults of `Options` when None.
        relative: its path below `options.out`; the file's name when None.
        office: the round of a batch; None to start LibreOffice for this file, where it is needed.

    Returns:
        The report; after the first round of a batch it may be `pending`, and nothing was written. A file that
        cannot be read, calculated or written has a `failure`, and is as it was.
    """
    options = options or Options()
    path = Path(path)
    start = time.perf_counter()
    try:
        return _recalculated(path, options, relative or Path(path.name), start, office)
    except PerfError as error:
        message = str(error) if error.where else f"{path}: {error}"
        return FileReport(str(path), failure=message, seconds=time.perf_counter() - start)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except MemoryError:
        message = f"{path}: {EXHAUSTED}"
        return FileReport(str(path), failure=message, seconds=time.perf_counter() - start)
    except BaseException as error:  # noqa: BLE001 - a panic of the engine is no Exception; no file stops the rest
        message = f"{path}: {type(error).__name__}: {error}"
        return FileReport(str(path), failure=message, seconds=time.perf_counter() - start)


def _recalculated(
    path: Path, options: Options, relative: Path, start: float, office: Office | None
) -> FileReport:
    """What `recalc_file` does."""
    from xl_perf.package.workbook import open_package  # noqa: PLC0415 - so that a batch starts at once
    from xl_perf.recalc.stored import stored_errors  # noqa: PLC0415

    with _held(path, options):
        package = open_package(path, options.limits)
        calculation = _calculate(package, options, office)
        if isinstance(calculation, str):
            return FileReport(str(path), pending=calculation)
        differences = _verify(package, calculation, options)
        written = () if options.check or differences else _write(package, calculation, options, relative)
        stored = stored_errors(package, calculation.changes)
    report = _report(path, calculation, written, differences, time.perf_counter() - start)
    return packed(report._replace(stored=stored.template, own=stored.own))


def _held(path: Path, options: Options) -> contextlib.AbstractContextManager[None]:
    """The file held for this process where it is to be replaced."""
    return contextlib.nullcontext() if options.check or options.out is not None else exclusive(path)


def _calculate(package: Package, options: Options, office: Office | None) -> Calculation | str:
    """The calculation; in the first round of a batch perhaps the path of a copy that waits for LibreOffice."""
    from xl_perf.package.workbook import open_package  # noqa: PLC0415 - so that a batch starts at once
    from xl_perf.recalc.calculate import calculating, recalculate_package  # noqa: PLC0415

    milliseconds = int(options.seconds * 1000)
    if options.engine != ENGINES[0] or not options.office or office is None:
        return recalculate_package(
            package, milliseconds=milliseconds, engine=options.engine, office=options.office
        )
    state = calculating(package, milliseconds=milliseconds)
    if not office.copies and office.result is None:
        if state.open:
            state.notes.append("LibreOffice could not calculate the formulas that are left to it")
        return state.finished()
    if office.result is not None:
        return state.finished(open_package(office.result), office.version)
    from xl_perf.recalc.office import find_office  # noqa: PLC0415 - where it is needed

    if not state.open or find_office() is None:
        return state.finished()
    from xl_perf.recalc.office import folder_for  # noqa: PLC0415

    folder = folder_for(os.getppid() if options.isolate else os.getpid(), office.copies, state.edition)
    copy = folder / f"{os.getpid()}-{time.monotonic_ns()}.xlsx"
    copy.write_bytes(state.office_copy())
    return str(copy)


def _verify(package: Package, calculation: Calculation, options: Options) -> tuple[EngineDifference, ...]:
    """The cells on which the other engine disagrees, where the options ask for it."""
    if not options.verify or not calculation.formulas:
        return ()
    from xl_perf.recalc.calculate import recalculate_package  # noqa: PLC0415
    from xl_perf.recalc.verify import compare  # noqa: PLC0415 - rarely asked for

    other = next(name for name in ENGINES if name != calculation.engine)
    milliseconds = int(options.seconds * 1000)
    return compare(
        package,
        calculation,
        recalculate_package(package, milliseconds=milliseconds, engine=other, office=False),
    )


def stamp_of(path: str | Path) -> tuple[int, int] | None:
    """Size and time of change (ns) of a file; None where there is none."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _report(
    path: Path,
    calculation: Calculation,
    written: tuple[str, ...],
    differences: tuple[EngineDifference, ...],
    seconds: float,
) -> FileReport:
    same = {name: getattr(calculation, name) for name in _SAME}
    return FileReport(
        str(path), written, **same | {"stale": len(calculation.stale)},
        seconds=seconds, differences=differences, stamp=stamp_of(path),
    )  # fmt: skip


_SAME: Final = [name for name in Calculation._fields if name in FileReport._fields]
"""What a file's report says as its calculation does."""


def _write(package: Package, calculation: Calculation, options: Options, relative: Path) -> tuple[str, ...]:
    """Writes the results; gives the paths of the files that were written."""
    from xl_perf.package.atomic import write_atomic  # noqa: PLC0415 - so that a batch starts at once

    written: list[str] = []
    target = package.path if options.out is None else options.out / relative
    if options.out is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    in_place = options.out is None or (target.exists() and target.samefile(package.path))
    changed = bool(calculation.changes or calculation.spill)
    if changed or not in_place:
        data = package.data
        if changed:
            data = package.patch(calculation.changes, spill=calculation.spill, stale=calculation.old_values)
        write_atomic(target, data, expected_stat=package.stamp if in_place else None)
        written.append(str(target))
    if options.values:
        copy = target.with_name(f"{target.stem}{_VALUES}.xlsx")
        write_atomic(copy, package.replace_formulas_by_values(calculation.changes, spill=calculation.spill))
        written.append(str(copy))
    return tuple(written)
