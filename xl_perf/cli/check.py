"""Compare official workbooks with the template that they were made from, and say what is not as it should be.

Files and folders. The template of the edition, structure and quarter that a workbook names is built in memory; every
formula, target, weight and input is held against it: overtyped results, changed formulas, deleted rows, texts
where numbers belong, names that do not exist, errors. A user's own sheets, notes, sorted rows, rows below
tables and functions in the spelling of another program are no findings. Nothing is written but the report.

Exit status: 0 nothing found; 1 something found, or a file that cannot be compared; 2 wrong usage; 130 interrupted.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, INTERRUPTED, OK
from xl_perf.cli.progress import cell_text, count
from xl_perf.language import tr, translated

if TYPE_CHECKING:
    import argparse

    from xl_perf.check.model import CheckReport, FileReport, Finding

SHOWN = 40
"""Findings of one file on the terminal; the report has all."""
LONGEST = 60
"""Characters of a value or formula on the terminal."""
_WIDTH = 160
"""Columns of the table where the output is no terminal."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", type=Path, help="workbook, or folder of workbooks"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write a JSON report")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every finding")


def run(options: argparse.Namespace) -> int:
    """Check, print one table and a summary."""
    from xl_perf.check import check_paths

    report = check_paths(options.paths)
    _print(report, None if options.verbose else SHOWN)
    if options.json is not None:
        options.json.write_text(
            json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    if report.interrupted:
        return INTERRUPTED
    return OK if report.ok else FAILED


def _print(report: CheckReport, shown: int | None) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _WIDTH)
    if report.findings:
        table = Table(show_lines=False)
        for heading in ("file", "cell", "finding", "holds", "expected"):
            table.add_column(tr(heading), overflow="fold")
        for file in report.files:
            for finding in file.findings[:shown]:
                table.add_row(Path(file.path).name, *_cells(finding))
            if shown is not None and len(file.findings) > shown:
                more = tr("... and {findings:,} more", findings=len(file.findings) - shown)
                table.add_row(Path(file.path).name, "", more, "", tr("-v or --json lists all"))
        console.print(table)
    for file in report.files:
        console.print(_line(file), soft_wrap=True)
        for note in file.notes:
            console.print(tr("        note: {note}", note=translated(note)), soft_wrap=True)
    console.print(_summary(report), soft_wrap=True)


def _cells(finding: Finding) -> tuple[str, str, str, str]:
    place = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
    expected = "" if finding.expected is None else _short(finding.expected)
    note = translated(finding.note.removeprefix("expected "))
    return (
        place,
        translated(str(finding.kind)),
        _short(finding.found),
        "; ".join(filter(None, (expected, note))),
    )


def _short(value: object) -> str:
    text = value if isinstance(value, str) and value.startswith("=") else cell_text(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _line(file: FileReport) -> str:
    if file.failure:
        return tr("FAILED  {failure}", failure=translated(file.failure))
    if file.skipped:
        return tr("skipped {path}: {skipped}", path=file.path, skipped=translated(file.skipped))
    state = tr("FOUND") if file.findings else tr("ok")
    of = " ".join(filter(None, (file.template, file.structure, file.period, file.edition)))
    return f"{state:<7} {file.path}: {of}, {count(file.formulas, 'formula')}, {count(len(file.findings), 'finding')}"


def _summary(report: CheckReport) -> str:
    parts = [count(len(report.files), "file"), count(report.findings, "finding")]
    failed = sum(bool(file.failure) for file in report.files)
    if failed:
        parts.append(tr("{failed:,} could not be compared", failed=failed))
    text = tr("{parts} in {seconds:.1f} s", parts=", ".join(parts), seconds=report.seconds)
    return tr("{text}; interrupted", text=text) if report.interrupted else text
