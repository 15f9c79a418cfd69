"""Recalculate workbooks and write the results back as the stored values of their formulas.

Files and folders (searched for .xlsx and .xlsm). Nothing but the values of formula cells changes; each file is
replaced whole, or not at all. A formula that cannot be calculated keeps its value and is reported.

Exit status: 0 all right; 1 a file failed, has new errors or, with --check, is stale; 2 wrong usage.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, INTERRUPTED, OK
from xl_perf.cli.progress import cell_text, count, progress

if TYPE_CHECKING:
    import argparse

    from xl_perf.recalc.model import FileReport, RecalcReport

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
        "--jobs", metavar="N", type=_jobs, default=1, help="files calculated at the same time"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="list every cell")


def _jobs(text: str) -> int:
    import argparse

    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def run(options: argparse.Namespace) -> int:
    """Recalculate, print one block a file and a summary."""
    from xl_perf.recalc import Options, recalc_paths

    settings = Options(check=options.check, values=options.values, out=options.out, jobs=options.jobs)
    shown = None if options.verbose else SHOWN
    with progress("recalc") as show:
        report = recalc_paths(
            options.paths,
            settings,
            lambda file, done, total: show(_describe(file, shown, check=options.check), done, total),
        )
    print(_summary(report))
    if options.report is not None:
        options.report.write_text(
            json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    if report.interrupted:
        return INTERRUPTED
    return OK if report.ok else FAILED


def _describe(file: FileReport, shown: int | None, *, check: bool) -> str:
    if file.failure:
        return f"FAILED  {file.failure}"
    verb = "stale" if check else "changed"
    number = file.stale if check else len(file.changed)
    state = "ERRORS" if file.errors else ("STALE" if check and file.stale else "ok")
    lines = [
        f"{state:<7} {file.path}: {count(file.formulas, 'formula')}, {number:,} {verb}, {file.seconds:.2f} s"
    ]
    changes = [f"{c.sheet}!{c.cell}: {cell_text(c.old)} -> {cell_text(c.new)}" for c in file.changed]
    if check and file.stale:
        lines += _listed("stale", changes, shown)
    elif shown is None:
        lines += _listed("changed", changes, None)
    errors = [f"{e.sheet}!{e.cell}: {e.error}" + (f" ({e.reason})" if e.reason else "") for e in file.errors]
    lines += _listed("error", errors, shown)
    lines += _listed("kept", [f"{k.sheet}!{k.cell}: {k.reason}" for k in file.kept], shown)
    lines += [
        f"        unknown function {name} in {count(n, 'cell')}" for name, n in file.unknown_functions.items()
    ]
    lines += [f"        note: {note}" for note in file.notes]
    lines += [f"        written {path}" for path in file.written if path != file.path]
    return "\n".join(lines)


def _listed(label: str, texts: list[str], shown: int | None) -> list[str]:
    lines = [f"        {label} {text}" for text in texts[:shown]]
    if shown is not None and len(texts) > shown:
        lines.append(f"        ... and {len(texts) - shown:,} more; -v or --report lists all")
    return lines


def _summary(report: RecalcReport) -> str:
    files = report.files
    parts = [
        count(len(files), "file"),
        count(sum(file.formulas for file in files), "formula"),
        f"{sum(len(file.changed) for file in files):,} changed",
    ]
    for number, text in (
        (sum(len(file.kept) for file in files), "kept"),
        (sum(len(file.errors) for file in files), "new errors"),
        (len(report.stale) if report.check else 0, "files stale"),
        (len(report.failed), "failed"),
    ):
        if number:
            parts.append(f"{number:,} {text}")
    text = f"{', '.join(parts)} in {report.seconds:.1f} s"
    if report.interrupted:
        text += "; interrupted: what is not listed as ok above was not touched"
    return text
