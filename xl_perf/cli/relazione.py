"""Write the tables of results of a year as the plan prints them, with the evidence of every number.

  xl-perf relazione --anno 2020 --out relazione_2020.docx
  xl-perf relazione --anno 2021 --archive xl_perf_archivio.sqlite --out relazione_2021.html

A number is that of the newest delivery on the year in the archive; where no delivery says it, the one that
the plan's documents print. Calculated are results, variations and percentages; what the documents print
otherwise is listed with the reason. Rows that the plan prints and no workbook reports stand there without a
number, and are listed too. The list of evidence names for each number the file with its SHA-256,
cell, formula, and the act of the target. The register of Tabella D follows, by lines of the CIV and by linea
guida gestionale, with its quarters.

Exit status: 0 written; 1 a number is missing (it is listed), or the archive cannot be read; 2 wrong usage.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.options import open_archive
from xl_perf.cli.progress import count
from xl_perf.errors import UsageError
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse

    from xl_perf.plan.model import Plan
    from xl_perf.report.relazione.model import Relazione

_KINDS = (".docx", ".html")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--anno", required=True, type=int, metavar="2021", help="year of the results")
    parser.add_argument(
        "--out", required=True, metavar="FILE", type=Path, help="the document: .docx or .html"
    )
    parser.add_argument(
        "--archive", metavar="URL", help="archive of the deliveries: SQLite file, or URL of a database"
    )
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help="write tables, evidence and differences as JSON"
    )
    parser.add_argument(
        "--edition", metavar="ID", help="edition of the year (default: the newest whose targets are of it)"
    )


def run(options: argparse.Namespace) -> int:
    """Gather, write, print what was found."""
    if options.out.suffix.lower() not in _KINDS:
        raise UsageError(
            f"{options.out.name} says no kind of document", where="--out", expected=".docx or .html"
        )
    from xl_perf.package import write_atomic
    from xl_perf.report.relazione.build import relazione

    plan = _edition(options)
    if options.archive is None:
        found = relazione(plan, options.anno)
    else:
        with open_archive(options.archive) as archive:
            found = relazione(plan, options.anno, archive, where=archive.address)
    write_atomic(options.out, _written(found, options.out))
    if options.json is not None:
        write_atomic(options.json, (json.dumps(asdict(found), indent=1, ensure_ascii=False) + "\n").encode())
    for one in found.differences:
        print(
            tr(
                "differs  table {table}, {row}, {column}: printed {printed}, here {shown}",
                table=one.table, row=one.row, column=one.column, printed=one.printed, shown=one.shown,
            )
        )  # fmt: skip
    for text in found.missing:
        print(tr("missing  {text}", text=text))
    for row, columns in found.unmeasured.items():
        print(tr("no place {row}: {columns}", row=row, columns=", ".join(columns)))
    print(tr("written  {path}", path=options.out))
    print(
        tr(
            "{year}: {tables}, {numbers} with evidence, {differences} from print, {missing} missing",
            year=options.anno, tables=count(len(found.tables), "table"), numbers=count(len(found.proofs), "number"),
            differences=count(len(found.differences), "difference"), missing=len(found.missing),
        )
    )  # fmt: skip
    return FAILED if found.missing else OK


def _edition(options: argparse.Namespace) -> Plan:
    """The edition of a year: the one that was named, else the newest whose targets are of it.

    Raises:
        UsageError: there is none.
    """
    from xl_perf.plan import load_edition
    from xl_perf.plan.library import edition_ids

    if options.edition is not None:
        return load_edition(options.edition)
    found = [plan for plan in map(load_edition, edition_ids()) if plan.period == str(options.anno)]
    if not found:
        raise UsageError(
            f"no edition has targets of {options.anno}",
            where="--anno",
            expected="a year of `xl-perf edition list`",
        )
    return max(found, key=lambda plan: plan.latest_act.date)


def _written(found: Relazione, path: Path) -> bytes:
    if path.suffix.lower() == ".html":
        from xl_perf.report.relazione.html import html

        return html(found).encode()
    try:
        from xl_perf.report.relazione.word import docx
    except ModuleNotFoundError as error:
        raise UsageError(
            f"a .docx needs the package {error.name}",
            remedy="install xl_perf with its extra: pip install '.[relazione]', or write .html",
        ) from None
    return docx(found)
