"""The `xl-perf` commands: each parses its arguments, calls one function of the library and prints its report.

Exit status: 0 all right; 1 a check failed, a file failed, is stale or has new errors; 2 wrong usage. The modules of a
command are imported when it runs, so that `xl-perf --version` starts at once.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import TYPE_CHECKING, Protocol

from xl_perf import __version__
from xl_perf.cli.outputs import refuse_outputs
from xl_perf.cli.parser import Parser
from xl_perf.errors import PerfError, UsageError
from xl_perf.language import choose, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

OK = 0
FAILED = 1
USAGE = 2
INTERRUPTED = 130

# command -> (module that defines it, one line of help)
COMMANDS = {
    "plan": ("plan", "check the plan's data, find a target with its source"),
    "edition": ("edition", "install editions of the plan that are not in the package, list and remove them"),
    "new": ("new", "make the scorecard of a region, or a copy of an official workbook"),
    "build": ("build", "build the official workbooks from the plan's data"),
    "recalc": ("recalc", "recalculate workbooks and write the values back, nothing else"),
    "check": ("check", "compare official workbooks with their template: what was overtyped or deleted"),
    "sync": ("sync", "reload the targets of existing workbooks from an edition of the plan"),
    "facts": ("facts", "list the facts of official workbooks, and what is implausible among them"),
    "load": ("load", "load facts into an official workbook from tables or other official workbooks"),
    "collect": ("collect", "check, prove and add up the scorecards of all structures"),
    "record": ("record", "record official workbooks in the archive"),
    "history": ("history", "what deliveries said of an item, and when"),
    "compare": ("compare", "what changed between two states of a workbook, and what it did to the score"),
    "explain": ("explain", "say why a result is what it is, down to inputs, targets and parameters"),
    "report": ("report", "make a page of a scorecard or of the nation, to read, send and print"),
    "relazione": ("relazione", "write the tables of results of a year with the evidence of every number"),
    "gap": ("gap", "say what each indicator is still missing, and where the year is going"),
    "reproduce": ("reproduce", "write a workbook as it was known on a day, and prove its scores"),
    "functions": ("functions", "list the spreadsheet functions, or describe one"),
    "relink": ("relink", "spell the functions in workbooks as a spreadsheet program finds them"),
    "addin": ("addin", "build an add-in for a spreadsheet program"),
    "completion": ("completion", "make a shell complete commands and options with the tab key"),
    "doctor": ("doctor", "check this machine: Python, packages, add-ins, and what to do"),
}


class Command(Protocol):
    """What a module of this package offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do the work and print its report; gives the exit status."""


def _command(name: str) -> Command:
    module: Command = importlib.import_module(f"xl_perf.cli.{COMMANDS[name][0]}")
    return module


def _overview() -> Parser:
    parser = Parser(
        prog="xl-perf",
        description="INPS performance plan in the spreadsheet.",
        epilog="commands:\n"
        + "\n".join(f"  {name:<10}  {text}" for name, (_, text) in COMMANDS.items())
        + "\n\n`xl-perf COMMAND --help` says more about each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"xl-perf {__version__}")
    parser.add_argument(
        "command", choices=tuple(COMMANDS), metavar="COMMAND", help="one of the commands below"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: arguments without the program's name; those of the process when None.

    Returns:
        The exit status.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A redirected Windows console has a code page without arrows and accents.
            stream.reconfigure(errors="replace")
    choose()
    if "_ARGCOMPLETE" in os.environ and argv is None:
        from xl_perf.cli.tab import answer

        answer(COMMANDS)
    overview = _overview()
    if not arguments:
        overview.print_help()
        return USAGE
    name = overview.parse_args(arguments[:1]).command
    try:
        command = _command(name)
        parser = Parser(
            prog=f"xl-perf {name}",
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.configure(parser)
        parser.translate()
        options = parser.parse_args(arguments[1:])
        refuse_outputs(name, options)
        return command.run(options)
    except PerfError as error:
        print(f"xl-perf {name}: {error}", file=sys.stderr)
        return USAGE if isinstance(error, UsageError) else FAILED
    except KeyboardInterrupt:
        print("\n" + tr("xl-perf {name}: interrupted", name=name), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except OSError as error:  # a report that cannot be written, a disk that is full
        print(f"xl-perf {name}: {error.filename}: {error.strerror}", file=sys.stderr)
        return FAILED
