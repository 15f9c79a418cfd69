"""Check the plan's data and find targets.

check     runs every check on the data and prints its figures; exit 1 on an unexplained difference
show      finds targets: `xl-perf plan show giacenza TORINO`
editions  lists the editions of the package
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.options import add_edition, load_plan

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="run all checks on the plan's data")
    check.add_argument("-v", "--verbose", action="store_true", help="list every figure compared")
    show = actions.add_parser("show", help="find targets with their source")
    show.add_argument("words", nargs="+", metavar="WORD", help="system, indicator or structure, in any order")
    for action in (check, show):
        add_edition(action)
    actions.add_parser("editions", help="list the editions of the package")


def run(options: argparse.Namespace) -> int:
    """Print what was asked for."""
    if options.action == "editions":
        return _editions()
    plan = load_plan(options)
    if options.action == "check":
        from xl_perf.plan.checks import run_checks
        from xl_perf.plan.report import format_checks

        report = run_checks(plan)
        print(format_checks(report, verbose=options.verbose))
        return OK if report.ok else FAILED
    from xl_perf.plan import find_targets
    from xl_perf.plan.report import format_targets

    print(format_targets(plan, find_targets(plan, *options.words)))
    return OK


def _editions() -> int:
    from xl_perf.plan import edition_ids, load_edition

    for edition in edition_ids():
        plan = load_edition(edition)
        print(f"{edition:<20} {plan.title}  ({plan.latest_act.short}, {plan.latest_act.date:%d/%m/%Y})")
    return OK
