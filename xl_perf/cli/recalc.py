"""Recalculate workbooks and write the results back as the stored values of their formulas.

Files and folders (searched for .xlsx and .xlsm). Nothing but the values of formula cells changes; each file is
replaced whole, or not at all. A formula that cannot be calculated keeps its value and is reported.

A file that is open in Excel or LibreOffice, or on which another xl-perf works, is refused. After an interruption
--resume goes on from the report: what was done and did not change since is not done again.

Errors that a workbook stores already are listed every time. Those in the template's cells of an official workbook make
the command fail until their cause is mended; those on a user's own sheets, and #N/D of what is not defined yet, do not.

Exit status: 0 all right; 1 a file failed, has errors, is stale (--check) or the engines differ (--verify); 2 wrong usage;
130 interrupted.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xl_perf.cli import FAILED, INTERRUPTED, OK
from xl_perf.cli.options import add_jobs
from xl_perf.cli.progress import cell_text, count, progress, to_open

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from xl_perf.recalc.model import (
        CellNote,
        Change,
        EngineDifference,
        FileReport,
        NewError,
        Options,
        RecalcReport,
    )
    from xl_perf.recalc.report_file import ReportFile
    from xl_perf.recalc.resume import Earlier
    from xl_perf.recalc.worker import Worker

_Row = TypeVar("_Row")

ENGINES = ("formualizer", "libreoffice")
SHOWN = 10
"""Cells listed for one file on the terminal; the report has all."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", type=Path, help="workbook, or folder of workbooks"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when stored values are stale"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="write results there, leave the originals alone"
    )
    parser.add_argument(
        "--values", action="store_true", help="also write NAME.valori.xlsx with formulas replaced by values"
    )
    parser.add_argument("--report", metavar="FILE", type=Path, help="write a JSON report")
    parser.add_argument(
        "--resume", metavar="REPORT", type=Path, help="go on from the report of an earlier, interrupted run"
    )
    parser.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="who calculates (libreoffice must be installed)"
    )
    parser.add_argument(
        "--verify", action="store_true", help="calculate with both engines; where they differ write nothing"
    )
    parser.add_argument(
        "--no-office",
        action="store_true",
        help="keep the values of formulas that the engine cannot be trusted with; LibreOffice does them where it is installed",
    )
    add_jobs(parser)
    parser.add_argument(
        "--executor",
        metavar="dask://HOST:PORT",
        type=_executor,
        help="let a Dask cluster do the files, which it must reach under the same paths; it decides how many at a time",
    )
    parser.add_argument(
        "--seconds", metavar="N", type=_seconds, default=300.0, help="longest time for one file (300)"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="list every cell")


def _executor(text: str) -> str:
    import argparse

    from xl_perf.errors import RecalcError
    from xl_perf.recalc.executor import scheduler_address

    try:
        scheduler_address(text)
    except RecalcError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _seconds(text: str) -> float:
    import argparse

    number = float(text)
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError("more than 0")
    return number


def run(options: argparse.Namespace) -> int:
    """Recalculate, print one block a file and a summary."""
    if options.executor:
        return _run(options, None)
    from xl_perf.recalc.worker import Worker

    ahead = Worker()
    ahead.start()  # it gets ready while this process does
    try:
        return _run(options, ahead)
    finally:
        ahead.join()


def _run(options: argparse.Namespace, ahead: Worker | None) -> int:
    from xl_perf.recalc import Options

    settings = Options(
        check=options.check,
        values=options.values,
        out=options.out,
        jobs=options.jobs,
        seconds=options.seconds,
        engine=options.engine,
        verify=options.verify,
        office=not options.no_office,
        executor=options.executor or "",
    )
    if not options.executor and (options.verify or options.engine != ENGINES[0]):
        _need_office()
    earlier: Earlier = {}
    if options.resume is not None:
        from xl_perf.recalc.resume import read_earlier

        earlier = read_earlier(options.resume, settings)
    with _report_file(options.report, settings, earlier) as written:
        report = _recalc(options, settings, earlier, written, ahead)
        print(_summary(report))
        if report.ok:
            print(_where(report))
        if written is not None:
            written.finish(report)
    if report.interrupted:
        return INTERRUPTED
    return OK if report.ok else FAILED


def _recalc(
    options: argparse.Namespace,
    settings: Options,
    earlier: Earlier,
    written: ReportFile | None,
    ahead: Worker | None,
) -> RecalcReport:
    from xl_perf.recalc import recalc_paths

    shown = None if options.verbose else SHOWN
    with progress("recalc") as show:

        def on_progress(file: FileReport, done: int, total: int) -> None:
            show(_describe(file, shown, check=options.check), done, total)
            if written is not None:
                written.add(file)

        return recalc_paths(options.paths, settings, on_progress, earlier, ahead)


def _report_file(
    path: Path | None, settings: Options, earlier: Earlier
) -> AbstractContextManager[ReportFile | None]:
    if path is None:
        return nullcontext()
    from xl_perf.recalc.report_file import ReportFile

    return ReportFile(path, settings, earlier.values())


def _need_office() -> None:
    from xl_perf.errors import RecalcError
    from xl_perf.recalc.office import find_office

    if find_office() is None:
        raise RecalcError(
            "LibreOffice is not installed (no program soffice)",
            remedy="install it, or leave out --engine and --verify",
        )


def _describe(file: FileReport, shown: int | None, *, check: bool) -> str:
    if file.failure:
        return f"FAILED  {file.failure}"
    verb = "stale" if check else "changed"
    number = file.stale if check else len(file.changed)
    state = "ERRORS" if file.errors or file.stored else ("STALE" if check and file.stale else "ok")
    if file.differences:
        state = "DIFFERS"
    elif file.earlier:
        state = "earlier"
    lines = [
        f"{state:<7} {file.path}: {count(file.formulas, 'formula')}, {number:,} {verb}, {file.seconds:.2f} s"
    ]
    if check and file.stale:
        lines += _listed("stale", file.changed, _change, shown)
    elif shown is None:
        lines += _listed("changed", file.changed, _change, None)
    lines += _listed("error", _roots_first(file.errors), _error, shown)
    lines += _listed("error stored before", _roots_first(file.stored), _error, shown)
    lines += _listed("own error stored before", _roots_first(file.own), _error, shown)
    lines += _listed("differs", file.differences, _difference, shown)
    lines += _listed("kept", file.kept, _note, shown)
    if file.office:
        lines.append(
            f"        by LibreOffice: {count(len(file.office), 'formula')} that the engine is not trusted with"
        )
        lines += _listed("LibreOffice", file.office, _note, None) if shown is None else []
    lines += [
        f"        unknown function {name} in {count(n, 'cell')}" for name, n in file.unknown_functions.items()
    ]
    lines += [f"        note: {note}" for note in file.notes]
    lines += [f"        written {path}" for path in file.written if path != file.path]
    return "\n".join(lines)


def _change(found: Change) -> str:
    return f"{found.sheet}!{found.cell}: {cell_text(found.old)} -> {cell_text(found.new)}"


def _error(found: NewError) -> str:
    return f"{found.sheet}!{found.cell}: {found.error}" + (f" ({found.reason})" if found.reason else "")


def _roots_first(errors: Sequence[NewError]) -> list[NewError]:
    """The errors that come from no other one first."""
    return sorted(errors, key=lambda error: "from " in error.reason)


def _note(found: CellNote) -> str:
    return f"{found.sheet}!{found.cell}: {found.reason}"


def _difference(found: EngineDifference) -> str:
    values = ", ".join(f"{engine} {cell_text(value)}" for engine, value in found.values.items())
    return f"{found.sheet}!{found.cell}: {values}"


def _listed(label: str, found: Sequence[_Row], say: Callable[[_Row], str], shown: int | None) -> list[str]:
    lines = [f"        {label} {say(row)}" for row in found[:shown]]
    if shown is not None and len(found) > shown:
        lines.append(f"        ... and {len(found) - shown:,} more; -v or --report lists all")
    return lines


def _where(report: RecalcReport) -> str:
    """What is true of the files, and which one to open."""
    if report.check:
        return to_open([file.path for file in report.files], "every stored value is what its formula gives; ")
    written = [path for file in report.files for path in file.written]
    return to_open(written) or "every value was current, nothing was written"


def _summary(report: RecalcReport) -> str:
    files = report.files
    parts = [
        count(len(files), "file"),
        count(sum(file.formulas for file in files), "formula"),
        f"{sum(len(file.changed) for file in files):,} changed",
    ]
    for number, text in (
        (sum(len(file.kept) for file in files), "kept"),
        (sum(len(file.office) for file in files), "by LibreOffice"),
        (sum(len(file.errors) for file in files), "new errors"),
        (sum(len(file.stored) for file in files), "errors stored before"),
        (sum(len(file.own) for file in files), "errors stored before that are no findings"),
        (len(report.stale) if report.check else 0, "files stale"),
        (sum(len(file.differences) for file in files), "cells on which the engines differ"),
        (sum(file.earlier for file in files), "done earlier"),
        (len(report.failed), "failed"),
    ):
        if number:
            parts.append(f"{number:,} {text}")
    text = f"{', '.join(parts)} in {report.seconds:.1f} s"
    if report.interrupted:
        text += "; interrupted: what is not listed as ok above was not touched"
    return text
