"""What a command over many files shows while it runs: a bar on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xl_perf.language import ITALIAN, counted, language, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function `show(line, done, total)` for each finished file.

    On a terminal the lines scroll above a bar; elsewhere (a log, a pipe) they are printed as they come.

    Args:
        title: what is being done, in one or two words.
    """
    if not sys.stdout.isatty():
        yield lambda line, _done, _total: print(line, flush=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(highlight=False, markup=False, soft_wrap=True)
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(line: str, done: int, total: int) -> None:
            console.print(line)
            bar.update(task, completed=done, total=total)

        yield show


def cell_text(value: object) -> str:
    """A cell value as a message shows it: text in quotes, an empty cell named, a number with Excel's 15 digits."""
    if value is None or value == "":
        return tr("(empty)")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        shown = f"{value:.15g}"
        return shown.replace(".", ",") if language() == ITALIAN else shown
    if isinstance(value, str) and not value.startswith("#"):
        return repr(value)
    return str(value)


def to_open(files: Sequence[str], more: str = "") -> str:
    """The line that a command over files ends with: which one to open.

    Args:
        files: those that can be opened; none gives an empty text.
        more: what is true of them, in words.
    """
    if not files:
        return ""
    others = tr(" (or one of {files:,} others)", files=len(files) - 1) if len(files) > 1 else ""
    return tr("{more}open {file}{others}", more=more, file=files[0], others=others)


count = counted
"""A count with its noun: `1 file`, `3 files`."""
