"""What changed between two states of a workbook, and what each change did to its score.

  xl-perf compare scheda_luglio.xlsx scheda_settembre.xlsx
  xl-perf compare 2021-T2 2021-T3 --struttura LIGURIA
  xl-perf compare 2021-07-31 2021-09-30 --struttura LIGURIA --period 2021-T2

A and B are files; or quarters or days of the archive, with --struttura. The contributions add up to the difference of
the scores.

Exit status: 0 compared; 1 a state is not there; 2 wrong usage.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf.cli import OK
from xl_perf.cli.history import end_of
from xl_perf.cli.options import add_archive, open_archive, period
from xl_perf.cli.progress import cell_text
from xl_perf.errors import ArchiveError
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse

    from xl_perf.archive.compare import Comparison
    from xl_perf.package import Package

_ROUNDING = 1e-9
"""A difference of scores that the digits which a program keeps explain."""
_QUARTER, _DAY = re.compile(r"20[0-9]{2}-T[1-4]"), re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("first", metavar="A", help="file, quarter or day")
    parser.add_argument("second", metavar="B", help="file, quarter or day")
    parser.add_argument("--struttura", metavar="NAME", help="structure, for quarters and days of the archive")
    parser.add_argument("--period", type=period, metavar="2021-T3", help="period, for days of the archive")
    parser.add_argument(
        "--modello",
        default="scheda_territoriale",
        metavar="NAME",
        help="workbook, for quarters and days of the archive",
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the comparison as JSON")
    add_archive(parser)


def run(options: argparse.Namespace) -> int:
    """Compare and print."""
    from xl_perf.archive.compare import compare

    found = compare(_state(options.first, options), _state(options.second, options))
    for change in found.facts:
        print(
            tr(
                "fact     {identity} {before} -> {after}  ({cell})",
                identity=str(change.identity).removesuffix(" / ") + ":",
                before=cell_text(change.before),
                after=cell_text(change.after),
                cell=change.cell,
            )
        )
    for number in found.plan:
        print(
            tr(
                "plan     {key}: {before} -> {after}  ({cell})",
                key=number.key,
                before=cell_text(number.before),
                after=cell_text(number.after),
                cell=number.cell,
            )
        )
    for change in found.scores:
        print(
            tr(
                "result   {item} {measure} {before} -> {after}",
                item=change.identity.item,
                measure=change.identity.measure,
                before=cell_text(change.before),
                after=cell_text(change.after),
            )
        )
    for part in sorted(found.contributions, key=lambda part: -abs(part.points)):
        if part.node:
            text = "points   {points:+.4f}  weights of {node}: {items}"
            print(tr(text, points=part.points, node=part.node, items=part.item))
        else:
            print(tr("points   {points:+.4f}  {item}", points=part.points, item=part.item))
    if found.rest and abs(found.rest) > _ROUNDING:
        print(tr("points   {rest:+.4f}  formulas, and tables of another edition", rest=found.rest))
    print(tr("score    {before} -> {after}", before=cell_text(found.before), after=cell_text(found.after)))
    if options.json is not None:
        options.json.write_text(
            json.dumps(_json(found), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return OK


def _state(text: str, options: argparse.Namespace) -> Package:
    """A file, or the delivery of the archive that a quarter or a day means."""
    from xl_perf.package import Package, open_package
    from xl_perf.plan import load_edition

    if not (_QUARTER.fullmatch(text) or _DAY.fullmatch(text)):
        if not Path(text).exists():
            raise ArchiveError(
                f"{text!r} is no file, quarter or day",
                expected="the path of a workbook, 2021-T3 or 2021-07-31",
            )
        return open_package(text)
    if not options.struttura or (_DAY.fullmatch(text) and not options.period):
        raise ArchiveError(f"whose {text}?", expected="--struttura, and for days --period too")
    structure = load_edition().structure(options.struttura).code
    with open_archive(options.archive) as archive:
        if _QUARTER.fullmatch(text):
            name, data = archive.delivery(structure, text, options.modello)
        else:
            name, data = archive.delivery(
                structure, options.period, options.modello, end_of(dt.date.fromisoformat(text))
            )
    return Package(data, Path(name))


def _json(found: Comparison) -> dict[str, Any]:
    def of(change: Any) -> dict[str, Any]:
        return {
            "identity": str(change.identity),
            "before": change.before,
            "after": change.after,
            "cell": change.cell,
        }

    return {
        "before": found.before,
        "after": found.after,
        "facts": [of(change) for change in found.facts],
        "plan": [asdict(number) for number in found.plan],
        "results": [of(change) for change in found.scores],
        "contributions": [{"item": part.item, "points": part.points} for part in found.contributions],
        "rest": found.rest,
    }
