"""List the spreadsheet functions, or describe one of them with its arguments and its source in the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.cli import OK
from xl_perf.cli.as_json import add_json, write_json
from xl_perf.errors import UsageError
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse

    from xl_perf.catalog import Function


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="a function, e.g. PERF_SCORE")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the list, or one function."""
    from xl_perf.catalog import FUNCTIONS

    if options.name is None:
        width = max(map(len, FUNCTIONS))
        for function in FUNCTIONS.values():
            print(f"{function.name:<{width}}  {function.help}")
        write_json(options, list(map(_described, FUNCTIONS.values())))
        return OK
    function = FUNCTIONS.get(options.name.upper())  # type: ignore[assignment]
    if function is None:
        raise UsageError(f"unknown function {options.name!r}", expected=f"one of {', '.join(FUNCTIONS)}")
    arguments = "; ".join(f"[{a.name}]" if a.optional else a.name for a in function.arguments)
    print(f"{function.name}({arguments})\n  {function.help}\n")
    width = max((len(a.name) for a in function.arguments), default=0)
    for argument in function.arguments:
        print(f"  {argument.name:<{width}}  {argument.help}")
    print("\n" + tr("  source: {source}", source=function.source))
    write_json(options, _described(function))
    return OK


def _described(function: Function) -> dict[str, object]:
    return {
        "name": function.name,
        "category": function.category,
        "help": function.help,
        "arguments": [
            {
                "name": a.name,
                "optional": a.optional,
                "default": a.default_text,
                "unit": a.unit,
                "help": a.help,
            }
            for a in function.arguments
        ],
        "source": function.source,
    }
