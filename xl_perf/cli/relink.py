"""Spell the functions in the formulas of workbooks as a spreadsheet program finds them.

excel   PERF_SCORE(...)                  classic add-in of Excel, and the official workbooks
office  _xldudf_XLPERF_PERF_SCORE(...)   Office.js add-in (Excel for the web, Mac, Windows)
calc    XLPERF.PERF_SCORE(...)           LibreOffice Calc; single cells become IF(ISBLANK(A1),"",(A1)), because Calc
                                         hands an empty cell to an add-in as the number 0
lambda  PERF_SCORE(...)                  Excel 365 and 2024 without add-in: the functions go into the workbook
                                         as defined names (the other spellings take them out); formulas with
                                         functions that no
                                         LAMBDA can calculate, such as OBIETTIVO, are held at their values

Only the texts of formulas change: cached values and everything else in the file stay. Exit 1 when a file failed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.as_json import add_json, write_json
from xl_perf.language import tr, translated

if TYPE_CHECKING:
    import argparse

    from xl_perf.relink import FileReport

_PROGRAMS = ("excel", "office", "calc", "lambda")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", type=Path, help="workbooks, or folders with workbooks"
    )
    parser.add_argument("--to", required=True, choices=_PROGRAMS, help="whose spelling")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="write the results there, leave the files alone"
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing; say what would change")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Relink the workbooks and print a line for each."""
    from xl_perf.relink import Dialect, relink_paths

    reports = relink_paths(options.paths, Dialect(options.to), out=options.out, dry_run=options.dry_run)
    for report in reports:
        _print(report, dry_run=options.dry_run)
    write_json(options, reports)
    failed = sum(1 for report in reports if report.error)
    changed = sum(report.formulas for report in reports)
    print(
        tr(
            "{reports} files, {changed} formulas {state}, {failed} failed",
            reports=len(reports),
            changed=changed,
            state=tr("to change") if options.dry_run else tr("changed"),
            failed=failed,
        )
    )
    return FAILED if failed else OK


def _print(report: FileReport, *, dry_run: bool) -> None:
    if report.error:
        print(tr("failed   {error}", error=translated(report.error)), file=sys.stderr)
        return
    calls = ", ".join(f"{name} {count}" for name, count in sorted(report.calls.items()))
    state = (
        tr(
            "{formulas} formulas would be changed" if dry_run else "{formulas} formulas were changed",
            formulas=report.formulas,
        )
        if report.formulas
        else tr("no formulas to change" if report.names or report.held else "nothing to change")
    )
    state += _lambdas(report)
    target = f" -> {report.written}" if report.written not in (None, report.path) else ""
    print(
        tr("ok       {path}{target}: {state}", path=report.path, target=target, state=state)
        + (tr(" (calls: {calls})", calls=calls) if calls else "")
    )
    for formula in report.left:
        print(tr("         no LAMBDA calculates it, left as it is: {formula}", formula=formula))
    for formula in report.unread:
        print(tr("         not read, left as it is: {formula}", formula=formula))


def _lambdas(report: FileReport) -> str:
    """What happened to the LAMBDA functions and the formulas that they leave out; empty where nothing did."""
    found = []
    if report.names:
        found.append(
            tr(
                "{names} LAMBDA functions put in"
                if report.names > 0
                else "{names} LAMBDA functions taken out",
                names=abs(report.names),
            )
        )
    if report.held:
        found.append(
            tr(
                "{held} formulas held at their values" if report.held > 0 else "{held} formulas freed again",
                held=abs(report.held),
            )
        )
    return "".join(f", {text}" for text in found)
