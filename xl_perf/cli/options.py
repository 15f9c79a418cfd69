"""Arguments that several commands share."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, UsageError
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from xl_perf.archive.store import Archive
    from xl_perf.plan.model import Plan


def add_workbooks(parser: argparse.ArgumentParser, what: str) -> None:
    """Let the user name workbooks.

    The shell of Windows does not look for `*.xlsx` itself, so folders stand for theirs.
    """
    parser.add_argument("files", nargs="+", metavar="PATH", type=Path, help=f"{what}, or folder of workbooks")


def workbooks(paths: Iterable[Path]) -> list[Path]:
    """The files that paths mean: a folder stands for the workbooks in it, anything else for itself.

    Raises:
        RecalcError: a folder without workbooks.
    """
    from xl_perf.recalc import find_workbooks

    found: list[Path] = []
    for path in paths:
        found += [file for file, _ in find_workbooks([path])] if path.is_dir() else [path]
    return found


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


def add_force(parser: argparse.ArgumentParser) -> None:
    """Let the user go on with data whose checks fail."""
    parser.add_argument("--force", action="store_true", help="use a --source whose checks fail")


def add_archive(parser: argparse.ArgumentParser) -> None:
    """Let the user name the archive."""
    parser.add_argument(
        "--archive",
        default="xl_perf_archivio.sqlite",
        metavar="URL",
        help="SQLite file, or the URL of a PostgreSQL database (default: xl_perf_archivio.sqlite here)",
    )


def open_archive(url: str, *, create: bool = False) -> Archive:
    """The archive of a command.

    Raises:
        UsageError: the packages of the extra `archivio` are not installed.
        ArchiveError: it cannot be opened.
    """
    try:
        from xl_perf.archive.store import Archive
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the archive needs the package {error.name}",
            remedy="install xl_perf with its extra: pip install '.[archivio]'",
        ) from None
    return Archive(url, create=create)


def day(text: str) -> dt.date:
    """A day as the command line gives it.

    Raises:
        argparse.ArgumentTypeError: anything else.
    """
    import argparse

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2021-07-31") from None


def period(text: str) -> str:
    """A year or a quarter as the command line gives it.

    Raises:
        argparse.ArgumentTypeError: anything else.
    """
    import argparse

    if not re.fullmatch(r"20[0-9]{2}(-T[1-4])?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no period; write 2021-T2 or 2021")
    return text


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

    A command that has `--force` writes workbooks: there a source whose checks fail is refused without it.

    Raises:
        UsageError: no such edition or directory.
        PlanError: data that does not hold, or whose checks fail.
    """
    from xl_perf.plan import load_directory, load_edition

    if options.source is not None:
        if not options.source.is_dir():
            raise UsageError(
                "no such directory of plan data",
                where=str(options.source),
                expected="one with an edition.toml",
            )
        plan = load_directory(options.source)
        if hasattr(options, "force") and not options.force:
            _refuse_failing(plan, options.source)
        return plan
    return load_edition(options.edition)


_LISTED = 8
"""Failed figures in a message; `xl-perf plan check` lists all."""


def _refuse_failing(plan: Plan, source: Path) -> None:
    """Refuses data whose checks fail.

    Raises:
        PlanError: lists the figures that do not agree.
    """
    from xl_perf.plan.checks import run_checks
    from xl_perf.plan.texts.report import format_value

    failed = [
        line
        for check in run_checks(plan).checks
        for line in (
            *(
                tr(
                    "{id}:{key} is {printed} in print and {computed} computed",
                    id=check.id,
                    key=figure.key,
                    printed=format_value(figure.printed, figure.unit, figure.decimals),
                    computed=format_value(figure.computed, figure.unit, figure.decimals),
                )
                for figure in check.failures
            ),
            *check.problems,
        )
    ]
    if failed:
        more = tr("; and {failed} more", failed=len(failed) - _LISTED) if len(failed) > _LISTED else ""
        raise PlanError(
            f"{len(failed)} figures of the plan's data do not agree: {'; '.join(failed[:_LISTED])}{more}",
            where=str(source),
            remedy=f"`xl-perf plan check --source {source}` says more; --force uses the data as they are",
        )
