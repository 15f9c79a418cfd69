"""Build the official workbooks and their filled examples from the plan's data.

The result is deterministic: the same data give the same files. `--check` builds in memory and compares with the
files that are there; it exits 1 when one of them is not current. Workbooks that the edition has no data for are listed
and left out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.as_json import add_json, write_json
from xl_perf.cli.options import add_edition, add_force, load_plan
from xl_perf.language import tr, translated

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("workbooks"),
        help="where to write (default: workbooks)",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; say which files are not current")
    add_json(parser)
    add_edition(parser)
    add_force(parser)


def run(options: argparse.Namespace) -> int:
    """Build, or compare."""
    from xl_perf.templates.build import build_all, check_all

    plan = load_plan(options)
    if options.check:
        differences = check_all(options.out, plan)
        for difference in differences:
            print(translated(difference))
        state = tr("not current") if differences else tr("current")
        print(tr("{out}: {state} with {id}", out=options.out, state=state, id=plan.id))
        write_json(options, {"edition": plan.id, "differences": differences})
        return FAILED if differences else OK
    report = build_all(options.out, plan)
    for built in report.files:
        print(
            tr(
                "{path}  {formulas} formulas  {sheets} sheets",
                path=built.path,
                formulas=built.formulas,
                sheets=built.sheets,
            )
        )
    for template, reason in report.lacking.items():
        print(tr("{template}: not built, {reason}", template=template, reason=translated(reason)))
    write_json(options, report)
    if not report.files:
        print(tr("{id}: no workbook has data in this edition", id=plan.id), file=sys.stderr)
        return FAILED
    return OK
