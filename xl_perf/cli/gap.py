"""Say what each indicator of an official workbook lacks for its target, in its own unit, and where the year is going.

  xl-perf gap scheda_liguria_2021_T3.xlsx
  xl-perf gap giacenza.xlsx --below --json mancante.json

For a ratio also the input that has to change, the others as they are; for the controllo del processo
produttivo the further practices to control; for targets of a quarter the year's end by the programme of the
plan and in proportion to the quarters that have passed. Exit status: 0 said; 1 the file cannot be read; 2
wrong usage.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import OK
from xl_perf.language import terminal, tr

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="official workbook")
    parser.add_argument("--below", action="store_true", help="only indicators that are below the target")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the numbers as JSON")


def run(options: argparse.Namespace) -> int:
    """Read and print or write."""
    from xl_perf.explain.gap import gaps
    from xl_perf.explain.gap_text import said_of
    from xl_perf.package import open_package, write_atomic

    found = [gap for gap in gaps(open_package(options.file)) if not options.below or gap.missing.value > 0]
    if options.json is not None:
        said = json.dumps([asdict(gap) for gap in found], indent=1, ensure_ascii=False)
        write_atomic(options.json, (said + "\n").encode())
    else:
        with terminal():
            for gap in found:
                print(said_of(gap))
    below = sum(gap.missing.value > 0 for gap in found)
    print(
        tr(
            "{file}: {found} indicators, {below} below the target",
            file=options.file,
            found=len(found),
            below=below,
        )
    )
    return OK
