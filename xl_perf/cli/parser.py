"""The parser of the commands: its help and its errors in the language of the commands."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from xl_perf.language import ENGLISH, language, tr, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADINGS = ("positional arguments:", "options:", "usage: ")
_REQUIRED = "the following arguments are required"
_USAGE = 2


class Parser(argparse.ArgumentParser):
    """A parser that says in Italian what it is told in English."""

    _translated = False

    def format_usage(self) -> str:
        """The line of usage."""
        self.translate()
        return _headed(super().format_usage())

    def format_help(self) -> str:
        """The help; the texts of all arguments are translated first."""
        self.translate()
        return _headed(super().format_help())

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong with it, and leave with 2."""
        head, colon, rest = message.partition(": ")
        name = head.removeprefix("argument ")
        if colon and name != head:
            said = tr("argument {name}: {message}", name=translated(name), message=translated(rest))
        elif head == _REQUIRED:
            said = translated(f"{head}: {', '.join(map(translated, rest.split(', ')))}")
        else:
            said = translated(message)
        self.exit(
            _USAGE, self.format_usage() + tr("{prog}: error: {message}\n", prog=self.prog, message=said)
        )

    def translate(self) -> None:
        """Translate the texts of the arguments, once; those of a command's own commands when they are asked for."""
        if language() == ENGLISH or self._translated:
            return
        self._translated = True
        self.description = paragraphs(self.description or "") or None
        self.epilog = "\n".join(map(_entry, (self.epilog or "").split("\n"))) or None
        for action in self._actions:
            for one in (action, *_choices(action)):
                if one.help is not None and one.help is not argparse.SUPPRESS:
                    one.help = translated(one.help)
                if isinstance(one.metavar, str):
                    one.metavar = translated(one.metavar)
                elif one.metavar is not None:
                    one.metavar = tuple(map(translated, one.metavar))


def _choices(action: argparse.Action) -> Iterator[argparse.Action]:
    """The actions that stand for the parsers of a command's own commands."""
    if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - argparse has no public name for it
        yield from action._choices_actions  # noqa: SLF001 - nor for this


def paragraphs(text: str) -> str:
    """A help text, paragraph by paragraph; examples, which the catalogue does not have, as they are."""
    return "\n\n".join(map(translated, text.strip("\n").split("\n\n")))


def _entry(line: str) -> str:
    """A line of the list of commands: its name stays."""
    head, gap, rest = line.rpartition("  ")
    return head + gap + translated(rest)


def _headed(text: str) -> str:
    """Argparse's own words, which stand alone on their lines or at the beginning."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        for heading in _HEADINGS:
            if line == heading or (heading.endswith(" ") and line.startswith(heading)):
                lines[place] = tr(heading) + line[len(heading) :]
    return "\n".join(lines)
