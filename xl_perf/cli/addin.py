"""Build an add-in that brings the functions into a spreadsheet program.

libreoffice  xl_perf.oxt for LibreOffice Calc (7.4 and later): install it with Strumenti > Gestione estensioni
excel        xl_perf.xlam for Excel on Windows, with its settings file and LEGGIMI.txt, which says how to install it
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import OK
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("program", choices=("libreoffice", "excel"), help="the program to build for")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path(), help="where to write (default: here)"
    )
    parser.add_argument(
        "--updates",
        metavar="URL",
        default="",
        help="libreoffice: folder on a web server where LibreOffice looks for newer versions",
    )
    parser.add_argument(
        "--interpreter",
        metavar="PATH",
        help="excel: full path of python.exe for the settings file (default: on Windows the running Python)",
    )


def run(options: argparse.Namespace) -> int:
    """Build the add-in."""
    if options.program == "excel":
        return _excel(options)
    from xl_perf.addins.libreoffice import build

    print(build(options.out, options.updates))
    return OK


def _excel(options: argparse.Namespace) -> int:
    from xl_perf.addins.excel import build

    built = build(options.out, options.interpreter)
    print(built.addin)
    print(
        tr("{settings} (kept as it was)", settings=built.settings) if built.settings_kept else built.settings
    )
    print(built.guide)
    return OK
