"""Check the plan's data and find targets.

check       runs every check on the data and prints its figures; exit 1 on an unexplained difference
show        finds targets, parameters, weights, bands, programmes, trees: `xl-perf plan show giacenza TORINO`
diff        what changed between two editions, or an edition and a directory of data files
amendments  what the acts that amended the plan changed
civ         the register of projects by lines of the CIV, or by linea guida gestionale
about       what the plan says in words: composition of an index, purpose of an indicator, courses, roles
coverage    systems of the plan against data, functions, workbooks and worked cases; exit 1 while something is missing
editions    lists the editions that are there, the newest last
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.as_json import add_json, plain, write_json
from xl_perf.cli.options import add_edition, load_plan
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse
    import datetime as dt
    from collections.abc import Sequence

    from xl_perf.plan.checks import CheckReport
    from xl_perf.plan.model import Plan, Target


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="run all checks on the plan's data")
    check.add_argument("-v", "--verbose", action="store_true", help="list every figure compared")
    show = actions.add_parser("show", help="find targets and all else that acts change, with their source")
    show.add_argument(
        "words",
        nargs="+",
        metavar="WORD",
        help="system, indicator, structure, parameter, node ..., in any order",
    )
    show.add_argument(
        "--known-on", metavar="DATE", type=_day, help="as the plan was known on that day, e.g. 2021-09-28"
    )
    amendments = actions.add_parser("amendments", help="what the acts that amended the plan changed")
    civ = actions.add_parser("civ", help="the register of projects by lines of the CIV or linee guida")
    civ.add_argument("line", nargs="?", default="", metavar="LINE", help="e.g. IS.3, IS, or a linea guida")
    civ.add_argument("--guidelines", action="store_true", help="by linea guida gestionale")
    about = actions.add_parser("about", help="what the plan says in words of an indicator, a course, a role")
    about.add_argument("words", nargs="+", metavar="WORD", help="part of a code, a title or an aspect")
    diff = actions.add_parser("diff", help="what changed between two editions")
    for name in ("first", "second"):
        diff.add_argument(name, metavar=name.upper(), help="id of an edition, or a directory of data files")
    diff.add_argument("-v", "--verbose", action="store_true", help="list everything that is new or gone")
    coverage = actions.add_parser(
        "coverage", help="systems of the plan against data, functions, workbooks and cases"
    )
    about.add_argument("--known-on", metavar="DATE", type=_day, help="as the plan was known on that day")
    for action in (check, show, amendments, civ, about):
        add_edition(action)
    editions = actions.add_parser("editions", help="list the editions that are there")
    for action in (check, show, amendments, civ, about, diff, coverage, editions):
        add_json(action)


def _day(text: str) -> dt.date:
    import argparse
    import datetime as dt

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2021-09-28") from None


def run(options: argparse.Namespace) -> int:
    """Print what was asked for."""
    alone = {"editions": _editions, "coverage": _coverage}
    if options.action in alone:
        return alone[options.action](options)
    if options.action == "diff":
        return _diff(options)
    plan = load_plan(options)
    if getattr(options, "known_on", None) is not None:
        plan = plan.as_known_on(options.known_on)
    if options.action == "check":
        from xl_perf.plan.checks import run_checks
        from xl_perf.plan.texts.report import format_checks

        report = run_checks(plan)
        print(format_checks(report, verbose=options.verbose))
        write_json(options, _checked(report))
        return OK if report.ok else FAILED
    if options.action == "civ":
        from xl_perf.plan.texts.words import civ_groups, format_civ

        print(format_civ(plan, options.line, guidelines=options.guidelines))
        write_json(options, civ_groups(plan, options.line, guidelines=options.guidelines))
        return OK
    if options.action == "about":
        from xl_perf.plan.texts.words import find_descriptions, format_descriptions

        print(format_descriptions(plan, *options.words))
        write_json(options, find_descriptions(plan, *options.words))
        return OK
    if options.action == "amendments":
        from xl_perf.plan.texts.changes import format_amendments

        print(format_amendments(plan))
        write_json(options, plan.amendments)
        return OK
    return _show(plan, options)


def _show(plan: Plan, options: argparse.Namespace) -> int:
    """Targets with their rules, then what else acts change; an error where the words find neither."""
    from xl_perf.errors import PlanError
    from xl_perf.plan import find_targets
    from xl_perf.plan.items import find_items, format_items
    from xl_perf.plan.texts.changes import format_rules
    from xl_perf.plan.texts.report import format_targets

    items = find_items(plan, *options.words)
    targets: Sequence[Target] = ()
    try:
        targets = find_targets(plan, *options.words)
    except PlanError:
        if not items:
            raise
    texts = [format_targets(plan, targets), format_rules(plan, targets)] if targets else []
    print("\n\n".join(filter(None, [*texts, format_items(plan, items)])))
    facts = {id(item.fact): item.fact for _, _, item in items}
    write_json(options, [*targets, *facts.values()])
    return OK


def _checked(report: CheckReport) -> dict[str, object]:
    """The checks with what they compared."""
    return {
        "edition": report.plan,
        "data": report.data_hash,
        "ok": report.ok,
        "checks": [
            {
                "id": check.id,
                "title": check.title,
                "status": check.status,
                "lacking": check.lacking,
                "problems": check.problems,
                "figures": [{**plain(figure), "agrees": figure.agrees} for figure in check.figures],
            }
            for check in report.checks
        ],
    }


def _diff(options: argparse.Namespace) -> int:
    from pathlib import Path

    from xl_perf.plan import edition_ids, load_directory, load_edition
    from xl_perf.plan.diff import diff_plans
    from xl_perf.plan.texts.changes import format_diff

    plans = [
        load_directory(Path(name))
        if name not in edition_ids() and Path(name).is_dir()
        else load_edition(name)
        for name in (options.first, options.second)
    ]
    found = diff_plans(*plans)
    print(format_diff(found, verbose=options.verbose))
    write_json(options, found)
    return OK


def _coverage(options: argparse.Namespace) -> int:
    import sys

    from xl_perf.coverage import edition, measure
    from xl_perf.coverage.report import format_coverage
    from xl_perf.coverage.sheets import read_sheets
    from xl_perf.coverage.workbook_cases import load_workbook_cases, results
    from xl_perf.plan import load_edition

    plan, cases = load_edition(edition()), load_workbook_cases()
    print(
        tr("running {cases} worked cases in the workbooks, some minutes", cases=len(cases)), file=sys.stderr
    )
    found = measure(plan, read_sheets(plan), results(plan.id, cases))
    print(format_coverage(found))
    write_json(options, [{**plain(coverage), "missing": coverage.missing} for coverage in found])
    return FAILED if any(coverage.missing for coverage in found) else OK


def _editions(options: argparse.Namespace) -> int:
    from xl_perf.plan.library import entries

    for entry in entries():
        print(f"{entry.id:<20} {entry.title}  ({entry.act}, {entry.amended:%d/%m/%Y})")
    write_json(options, entries())
    return OK
