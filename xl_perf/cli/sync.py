"""Reload the targets of existing workbooks from an edition of the plan, then recalculate them.

Only target cells, the texts that name their source and the metadata change; inputs and the user's own sheets stay. A
workbook that does not fit the edition is refused as a whole and left as it was.

Exit status: 0 all right; 1 a file was refused, failed or has new errors; 2 wrong usage.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, INTERRUPTED, OK
from xl_perf.cli.options import add_edition, add_force, add_jobs, load_plan
from xl_perf.cli.progress import cell_text, count, progress, to_open
from xl_perf.errors import PerfError
from xl_perf.language import tr, translated

if TYPE_CHECKING:
    import argparse

    from xl_perf.plan.model import Plan
    from xl_perf.sync.model import ResultChange, SyncFileReport, SyncReport, TargetChange

LONGEST = 60
"""Characters of a metadata text on the terminal; the report has all."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", type=Path, help="workbook, or folder of workbooks"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="write results there, leave the originals alone"
    )
    parser.add_argument("--report", metavar="FILE", type=Path, help="write a JSON report")
    add_jobs(parser)
    add_edition(parser)
    add_force(parser)


def run(options: argparse.Namespace) -> int:
    """Reload, print every changed target and a summary."""
    from xl_perf.sync import sync_paths

    plan = load_plan(options)
    print(
        tr(
            "targets of {id}: {title} ({short}, {date:%d/%m/%Y})",
            id=plan.id,
            title=plan.title,
            short=plan.latest_act.short,
            date=plan.latest_act.date,
        )
    )
    with progress("sync") as show:
        report = sync_paths(
            options.paths,
            plan,
            dry_run=options.dry_run,
            out=options.out,
            jobs=options.jobs,
            isolate=True,
            on_progress=lambda file, done, total: show(_describe(file, dry_run=options.dry_run), done, total),
        )
    print(_summary(report))
    for line in (_where(report), _hint(report, plan, options)):
        if line:
            print(line)
    if options.report is not None:
        # a name that the system could not decode holds half characters: JSON escapes them as Python does
        text = json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n"
        options.report.write_bytes(text.encode("utf-8", "backslashreplace"))
    if report.interrupted:
        return INTERRUPTED
    return OK if report.ok else FAILED


def _describe(file: SyncFileReport, *, dry_run: bool) -> str:
    if file.failure:
        return tr("FAILED  {failure}", failure=translated(file.failure))
    if file.skipped:
        return tr("skipped {path}: {skipped}", path=file.path, skipped=translated(file.skipped))
    number = len(file.changed)
    state = tr("ERRORS") if file.errors else tr("ok")
    lines = [
        (
            tr(
                "{state:<7} {path}: {number:,} of {targets} would change, {formula_values} with them, {seconds:.2f} s"
                if dry_run
                else "{state:<7} {path}: {number:,} of {targets} changed, {formula_values} with them, {seconds:.2f} s",
                state=state,
                path=file.path,
                number=number,
                targets=count(file.targets, "target"),
                formula_values=count(file.recalculated, "formula value"),
                seconds=file.seconds,
            )
        )
    ]
    lines += [f"        {_change(change)}" for change in file.changed]
    if file.results:
        lines.append(
            tr(
                "        {results_changed:,} of {results} would change"
                if dry_run
                else "        {results_changed:,} of {results} changed",
                results_changed=len(file.results_changed),
                results=count(file.results, "result"),
            )
        )
    lines += [f"        {_result(change)}" for change in file.results_changed]
    lines += [
        f"        {change.key}: {_short(change.old)} -> {_short(change.new)}" for change in file.metadata
    ]
    lines += [
        tr("        error {sheet}!{cell}: {error}", sheet=e.sheet, cell=e.cell, error=e.error)
        for e in file.errors
    ]
    lines += [
        tr("        kept {sheet}!{cell}: {reason}", sheet=k.sheet, cell=k.cell, reason=translated(k.reason))
        for k in file.kept
    ]
    lines += [tr("        note: {note}", note=translated(note)) for note in file.notes]
    if file.written and file.written != file.path:
        lines.append(tr("        written {written}", written=file.written))
    return "\n".join(lines)


def _short(value: object) -> str:
    text = cell_text(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]}...'"


def _change(change: TargetChange) -> str:
    name = " ".join(part for part in (change.indicator, change.structure, change.period) if part)
    return (
        f"{change.sheet}!{change.cell} {name}: {cell_text(change.old)} -> {cell_text(change.new)} {change.unit}"
        f" ({change.act}; {change.source})"
    )


def _result(change: ResultChange) -> str:
    before, after = (
        tr("{0:.2f}", value) if isinstance(value, float) else cell_text(value)
        for value in (change.before, change.after)
    )
    return tr(
        "result {sheet}!{cell} {label}: {before} -> {after}",
        sheet=change.sheet,
        cell=change.cell,
        label=change.label,
        before=before,
        after=after,
    )


def _where(report: SyncReport) -> str:
    """Which file to open; nothing where nothing was written."""
    return to_open([file.written for file in report.files if file.written])


def _hint(report: SyncReport, plan: Plan, options: argparse.Namespace) -> str:
    """What to do so that other commands calculate with a source that is not installed."""
    if options.source is None or not any(file.written for file in report.files):
        return ""
    from xl_perf.plan import load_edition

    try:
        load_edition(plan.id, plan.data_hash)
    except PerfError:
        return _before(plan, options) or tr(
            "these workbooks belong to the edition {id} now; other commands need it on this machine: "
            "xl-perf edition install {source}",
            id=plan.id,
            source=options.source,
        )
    return ""


def _before(plan: Plan, options: argparse.Namespace) -> str:
    """What has to be done to a source before it can be installed, a line each; empty for nothing."""
    from xl_perf.plan.checks import run_checks
    from xl_perf.plan.library import package_ids

    lines = []
    if plan.id in package_ids():
        lines.append(
            tr(
                "the package holds an edition {id} with other data: give yours an id of its own (id in {file}), "
                "install it (xl-perf edition install {source}) and reload the workbooks again",
                id=plan.id,
                file=options.source / "edition.toml",
                source=options.source,
            )
        )
    if any(check.status == "failed" for check in run_checks(plan).checks):
        lines.append(
            tr(
                "its checks fail: mend what `xl-perf plan check --source {source}` names before it is installed",
                source=options.source,
            )
        )
    return "\n".join(lines)


def _summary(report: SyncReport) -> str:
    targets = count(report.changed, "target")
    parts = [
        count(len(report.files), "file"),
        tr("{targets} would change" if report.dry_run else "{targets} changed", targets=targets),
    ]
    if report.failed:
        parts.append(tr("{failed:,} refused or failed", failed=len(report.failed)))
    text = tr("{parts} in {seconds:.1f} s", parts=", ".join(parts), seconds=report.seconds)
    if report.dry_run:
        text += tr("; nothing was written")
    if report.interrupted:
        text += tr("; interrupted: what is not listed above was not touched")
    return text
