"""Check this machine: Python, packages, engine, plan data, LibreOffice, Excel's add-in.

Each line says ok, warning or problem, what was found and what to do. Exit status: 0 no problem; 1 a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.as_json import add_json, write_json

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--excel",
        action="store_true",
        help="only Excel and its add-in, in the Python that comes with it for example",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the findings."""
    from xl_perf.doctor import CHECKS, OF_EXCEL, Level, examine, format_findings, here

    findings = examine(here(), OF_EXCEL if options.excel else CHECKS)
    print(format_findings(findings))
    write_json(options, findings)
    return FAILED if any(finding.level is Level.PROBLEM for finding in findings) else OK
