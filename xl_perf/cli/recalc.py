"""Recalculate workbooks and write the results back as the stored values of their formulas.

Files and folders (searched for .xlsx and .xlsm). Nothing but the values of formula cells changes; each file is
replaced whole, or not at all. A formula that cannot be calculated keeps its value and is reported.

A file that is open in Excel or LibreOffice, or on which another xl-perf works, is refused. After an interruption
--resume goes on from the report: what was done and did not change since is not done again.

Errors that a workbook stores already are listed every time. Those in the template's cells of an official workbook make
the command fail until their cause is mended; those on a user's own sheets, and #N/D of what is not defined yet, do not.

Exit status: 0 all right; 1 a file failed, has errors, is stale (--check) or the engines differ (--verify); 2
wrong usage; 130 interrupted.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, INTERRUPTED, OK
from xl_perf.cli.options import add_jobs
from xl_perf.cli.progress import progress
from xl_perf.cli.recalc_said import describe, summary, where

if TYPE_CHECKING:
    import argparse
    from contextlib import AbstractContextManager

    from xl_perf.recalc.model import FileReport, Options, RecalcReport
    from xl_perf.recalc.report_file import ReportFile
    from xl_perf.recalc.resume import Earlier
    from xl_perf.recalc.worker import Worker

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
        help="keep the values of formulas that the engine cannot be trusted with; LibreOffice does them "
        "where it is installed",
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
    from xl_perf.recalc.dask_executor import scheduler_address

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
        print(summary(report))
        if report.ok:
            print(where(report))
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
            show(describe(file, shown, check=options.check), done, total)
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
