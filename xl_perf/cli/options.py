"""Arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from xl_perf.plan.model import Plan


def add_edition(parser: argparse.ArgumentParser) -> None:
    """Let the user name the edition of the plan: one that is there, or a directory of data files."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--edition", metavar="ID", help="edition of the package, or installed (default: the newest)"
    )
    group.add_argument(
        "--source",
        metavar="DIR",
        type=Path,
        help="directory with data files of the same schema, e.g. an amendment",
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Let the user say how many files are worked on at the same time."""
    parser.add_argument(
        "--jobs", metavar="N", type=_jobs, default=1, help="files calculated at the same time"
    )


def _jobs(text: str) -> int:
    import argparse

    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def load_plan(options: argparse.Namespace) -> Plan:
    """The plan that `--edition` or `--source` names.

    Raises:
        UsageError: no such edition or directory.
        PlanError: data that does not hold.
    """
    from xl_perf.plan import load_directory, load_edition

    if options.source is not None:
        if not options.source.is_dir():
            raise UsageError(
                "no such directory of plan data",
                where=str(options.source),
                expected="one with an edition.toml",
            )
        return load_directory(options.source)
    return load_edition(options.edition)
