"""Make a page of a scorecard, or of the nation: one HTML file that explains itself, to read, send and print.

  xl-perf report scheda_liguria_2021_T3.xlsx --out liguria.html
  xl-perf report scheda_liguria_2021_T*.xlsx --out liguria.html --pdf
  xl-perf report nazione consegne --out istituto.html

One structure gives its own page; its other quarters, as files or from --archive, give the trend. Several structures, or
the national scorecard that `xl-perf collect` writes, give the page of the nation with ranking and all scores. The page
needs no network and no script. --pdf prints it beside, with Edge, Chrome or Chromium, else LibreOffice; explanations
that are closed are not printed (--open opens them).

Exit status: 0 written; 1 a file cannot be read, or no program prints; 2 wrong usage.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.options import add_workbooks, open_archive, workbooks
from xl_perf.cli.progress import count
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_workbooks(parser, "scorecard")
    parser.add_argument("--out", required=True, metavar="FILE", type=Path, help="the page, an .html file")
    parser.add_argument(
        "--pdf", action="store_true", help="print the page too, to a .pdf file of the same name"
    )
    parser.add_argument("--open", action="store_true", help="explanations are open already, and printed")
    parser.add_argument(
        "--archive", metavar="URL", help="archive in which older quarters are looked for: SQLite file, or URL"
    )


def run(options: argparse.Namespace) -> int:
    """Read, write, print where it is."""
    from xl_perf.package import write_atomic
    from xl_perf.report.browser import write_pdf
    from xl_perf.report.files import read_files
    from xl_perf.report.page import html, page

    files = read_files(workbooks(options.files))
    if options.archive is None:
        shown = page(files, opened=options.open)
    else:
        with open_archive(options.archive) as archive:
            shown = page(files, archive=archive, opened=options.open)
    for text in files.failed:
        print(tr("FAILED   {text}", text=text), file=sys.stderr)
    only_pdf = options.out.suffix.lower() == ".pdf"
    if not only_pdf:
        write_atomic(options.out, html(shown).encode())
        print(tr("written  {path}", path=options.out))
    if options.pdf:
        path = options.out if only_pdf else options.out.with_suffix(".pdf")
        program = write_pdf(lambda plain: html(shown, plain=plain), path)
        print(tr("written  {out} ({name})", out=path, name=program))
    findings = len(shown.findings) + sum(len(card.findings) for card in shown.cards)
    print(f"{shown.heading}, {shown.period}: {count(len(shown.files), 'file')}, {count(findings, 'finding')}")
    return FAILED if files.failed else OK
