"""What a shell is answered when the tab key is pressed."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

from xl_perf.cli.parser import Parser
from xl_perf.language import translated

if TYPE_CHECKING:
    from collections.abc import Mapping


def answer(commands: Mapping[str, tuple[str, str]]) -> None:
    """Give the shell what may stand at the place of the cursor, and leave the process.

    Only the command that the line names is imported.

    Args:
        commands: command -> module, line of help.
    """
    import argcomplete

    typed = os.environ.get("COMP_LINE", "").split()
    parser = Parser(prog="xl-perf")
    parser.add_argument("--version", action="store_true")
    parsers = parser.add_subparsers()
    for name, (module, text) in commands.items():
        own = parsers.add_parser(name, help=translated(text))
        if name in typed:
            importlib.import_module(f"xl_perf.cli.{module}").configure(own)
            own.translate()
    argcomplete.autocomplete(parser)
