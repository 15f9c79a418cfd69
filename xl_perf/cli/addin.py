"""Build an add-in that brings the functions into a spreadsheet program.

libreoffice  xl_perf.oxt for LibreOffice Calc (7.4 and later): install it with Strumenti > Gestione estensioni
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import OK

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("program", choices=("libreoffice",), help="the program to build for")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path(), help="where to write (default: here)"
    )


def run(options: argparse.Namespace) -> int:
    """Build the add-in."""
    from xl_perf.addins.libreoffice import build

    print(build(options.out))
    return OK
