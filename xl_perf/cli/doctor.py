"""Check this machine: Python, packages, engine, plan data, LibreOffice, Excel's add-in; exit 1 where there is a problem.

Each line says ok, warning or problem, what was found and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK

if TYPE_CHECKING:
    import argparse


def configure(_parser: argparse.ArgumentParser) -> None:
    """There are no arguments."""


def run(_options: argparse.Namespace) -> int:
    """Print the findings."""
    from xl_perf.doctor import Level, examine, format_findings, here

    findings = examine(here())
    print(format_findings(findings))
    return FAILED if any(finding.level is Level.PROBLEM for finding in findings) else OK
