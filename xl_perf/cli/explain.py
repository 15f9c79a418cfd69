"""Say why a result of an official workbook is what it is, from the score down to inputs, targets and parameters.

  xl-perf explain scheda_liguria_2021_T3.xlsx --depth 3
  xl-perf explain scheda_liguria_2021_T3.xlsx 'Quadro!F20'
  xl-perf explain scheda_liguria_2021_T3.xlsx --html perche.html
  xl-perf explain scheda_liguria_2021_T3.xlsx --sheet --out scheda_spiegata.xlsx

The values are those that the file stores; where its formulas give another one now, the explanation says so.
Pages and sheets are in Italian. Exit status: 0 explained; 1 the file cannot be read, or has no such result; 2 wrong
usage.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import OK
from xl_perf.errors import UsageError
from xl_perf.language import terminal, tr

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="official workbook")
    parser.add_argument(
        "cell", nargs="?", default="", metavar="CELL", help="cell or defined name; the score by default"
    )
    parser.add_argument("--depth", type=int, metavar="N", help="levels to show; all by default")
    parser.add_argument("--cells", action="store_true", help="each line ends with its cell")
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help="write the whole tree with its numbers as JSON"
    )
    parser.add_argument("--html", metavar="FILE", type=Path, help="write a page whose levels open and close")
    parser.add_argument(
        "--sheet", action="store_true", help="add a sheet Spiegazione to a copy, named by --out"
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="the copy that gets the sheet")


def run(options: argparse.Namespace) -> int:
    """Explain and print or write."""
    if options.sheet != (options.out is not None):
        raise UsageError("--sheet and --out go together", expected="--sheet --out COPY.xlsx")
    if options.depth is not None and options.depth < 0:
        raise UsageError(f"a depth of {options.depth} levels", expected="0 or more")
    from xl_perf.explain.files import as_json, explain
    from xl_perf.explain.html import html
    from xl_perf.explain.sheet import with_sheet
    from xl_perf.explain.text import text
    from xl_perf.package import open_package, write_atomic

    package = open_package(options.file)
    is_page = options.html is not None or options.sheet
    with nullcontext() if is_page else terminal():
        explanation, step, _ = explain(package, options.cell, options.depth)
        said = text(explanation, cells=options.cells)
    title = f"{step.name}: perché {step.shown}"
    if options.json is not None:
        tree = json.dumps(as_json(explanation, step), indent=1, ensure_ascii=False)
        write_atomic(options.json, (tree + "\n").encode())
    if options.html is not None:
        write_atomic(options.html, html(explanation, title).encode())
    if options.sheet:
        write_atomic(options.out, with_sheet(package, explanation, title))
    written = [path for path in (options.json, options.html, options.out) if path is not None]
    for path in written:
        print(tr("written  {path}", path=path))
    if not written:
        print(said, end="")
    return OK
