"""Make a workbook to fill in: the scorecard of a region or DCM, or a copy of any official workbook.

  xl-perf new scheda --struttura PIEMONTE --trimestre 3
  xl-perf new scheda --struttura TUTTE --trimestre 3 --out schede/
  xl-perf new giacenza --out giacenza_2021.xlsx
  xl-perf new ieep --for calc
  xl-perf new scheda --struttura PIEMONTE --for lambda

A scorecard holds the targets of its structure and of its offices; the quarter stays a cell that can be changed. A file
that is there already is never overwritten without --force.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import OK
from xl_perf.cli.options import add_edition, load_plan
from xl_perf.cli.progress import progress
from xl_perf.errors import UsageError, WorkbookError
from xl_perf.language import tr, translated
from xl_perf.templates import TEMPLATE_VERSIONS

if TYPE_CHECKING:
    import argparse

    from xl_perf.plan.model import Plan

SCORECARD, SHORT = "scheda_territoriale", "scheda"
ALL = "TUTTE"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "model",
        choices=(SHORT, *TEMPLATE_VERSIONS),
        metavar="MODEL",
        help=f"{SHORT}, or one of: {', '.join(TEMPLATE_VERSIONS)}",
    )
    parser.add_argument(
        "--struttura", metavar="NAME", help=f"region or DCM of a scorecard; {ALL} makes one for each of them"
    )
    parser.add_argument(
        "--trimestre", type=int, choices=(1, 2, 3, 4), help="quarter of a scorecard's results (default: 4)"
    )
    parser.add_argument("--out", metavar="PATH", type=Path, help="file to write; a folder for several")
    parser.add_argument(
        "--for",
        dest="program",
        choices=("excel", "office", "calc", "lambda"),
        default="excel",
        help="program whose spelling of the functions the formulas get (default: excel; see `xl-perf relink --help`)",
    )
    parser.add_argument(
        "--from",
        dest="old",
        metavar="OLD.xlsx",
        type=Path,
        help="carry over what was typed into this workbook: of the first template version, another "
        "edition or the quarter before",
    )
    parser.add_argument("--example", action="store_true", help="fill it with example data")
    parser.add_argument(
        "--force",
        action="store_true",
        help="overwrite a file that is there already; use a --source whose checks fail",
    )
    add_edition(parser)


def run(options: argparse.Namespace) -> int:
    """Build and write."""
    from xl_perf.templates.build import build_scorecard, build_workbook
    from xl_perf.templates.kit.pause import collector_paused

    plan = load_plan(options)
    if options.old is not None:
        return _carried(plan, options)
    if options.model not in (SHORT, SCORECARD):
        if options.struttura or options.trimestre:
            raise UsageError(
                f"{options.model} is one workbook for every structure and quarter",
                expected=f"--struttura and --trimestre with `xl-perf new {SHORT}` only",
            )
        path = options.out or Path(f"{options.model}.xlsx")
        path = path / f"{options.model}.xlsx" if path.is_dir() else path
        _refuse(path, force=options.force)
        print(
            _write(path, build_workbook(plan, options.model, example=options.example), options.program, plan)
        )
        return OK
    quarter = options.trimestre or 4
    targets = _targets(plan, options, quarter)
    with collector_paused() as after, progress("new") as show:
        for number, (structure, path) in enumerate(targets, 1):
            data = build_scorecard(plan, structure, quarter, example=options.example)
            show(_write(path, data, options.program, plan), number, len(targets))
            after()
    return OK


def _carried(plan: Plan, options: argparse.Namespace) -> int:
    """A fresh workbook with what was typed into another one; says what stays behind.

    Raises:
        UsageError: the file is of another workbook, or would be overwritten.
    """
    from xl_perf.contract.version1 import read_any
    from xl_perf.load.carry import carry
    from xl_perf.package import Package, open_package
    from xl_perf.templates.build import unfilled

    model = SCORECARD if options.model == SHORT else options.model
    old = open_package(options.old)
    source = read_any(old)
    if source.template != model:
        raise UsageError(
            f"the file is of the workbook {source.template}", where=str(options.old), expected=model
        )
    structure = plan.structure(options.struttura).code if options.struttura else source.structure
    quarter = options.trimestre or int(source.period.partition("-T")[2] or 0)
    name = scorecard_name(plan, structure, quarter) if model == SCORECARD else f"{model}.xlsx"
    path = options.out or Path(name)
    path = path / name if path.is_dir() else path
    if path.exists() and path.samefile(options.old):
        raise UsageError(
            "the old file is never overwritten", where=str(path), remedy="give another name with --out"
        )
    _refuse(path, force=options.force)
    fresh = unfilled(plan, model, structure=structure, quarter=quarter)
    done = carry(old, Package(fresh.data, path), plan)
    for line in done.left:
        print(tr("left     {line}", line=translated(line)))
    print(_write(path, fresh.finished(done.data), options.program, plan))
    print(
        tr(
            "{values:,} cells carried over from {old}, {left:,} left behind",
            values=done.values,
            old=options.old,
            left=len(done.left),
        )
    )
    return OK


def _targets(plan: Plan, options: argparse.Namespace, quarter: int) -> list[tuple[str, Path]]:
    """The structures with the files of their scorecards; none of the files is there, or all may be overwritten.

    Raises:
        UsageError: no scorecards in the edition, no or an unknown structure.
        WorkbookError: a file that is there already.
    """
    plan.model(SCORECARD)
    if not options.struttura:
        names = ", ".join(s.code for s in plan.regional())
        raise UsageError(
            "a scorecard is for one structure", expected=f"--struttura with {ALL} or one of: {names}"
        )
    several = options.struttura.upper() == ALL
    codes = [s.code for s in plan.regional()] if several else [plan.structure(options.struttura).code]
    folder = options.out if options.out is not None and (several or options.out.is_dir()) else None
    found = []
    for code in codes:
        name = scorecard_name(plan, code, quarter)
        path = folder / name if folder is not None else options.out or Path(name)
        _refuse(path, force=options.force)
        found.append((code, path))
    return found


def scorecard_name(plan: Plan, code: str, quarter: int) -> str:
    """Name of a scorecard's file: `VALLE D'AOSTA` -> `scheda_valle_d_aosta_2021_T3.xlsx`."""
    text = unicodedata.normalize("NFKD", code).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return f"{SHORT}_{plain}_{plan.period}_T{quarter}.xlsx"


def _refuse(path: Path, *, force: bool) -> None:
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            "a workbook is written as .xlsx", where=str(path), expected="a name that ends in .xlsx"
        )
    if path.exists() and not force:
        raise WorkbookError(
            "the file is there already", where=str(path), remedy="choose another name, or --force"
        )


def _write(path: Path, data: bytes, program: str, plan: Plan) -> str:
    """Write a workbook in the spelling of a program (LAMBDA: with the plan's numbers); gives the path that it has."""
    from xl_perf.catalog import binding
    from xl_perf.package import Package, write_atomic

    if program != "excel":  # the spelling in which workbooks are built
        from xl_perf.relink import Dialect, relink_package

        with binding.use(plan):
            data = relink_package(Package(data, path), Dialect(program)).data
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkbookError(
            f"the folder cannot be made ({error.strerror})", where=str(path.parent)
        ) from error
    return str(write_atomic(path, data).path)
