"""The actions of the add-in's ribbon on the workbook that is open in Excel: a text to confirm, then the writing.

VBA calls these functions over xlwings' COM server. Each answers a text: the first line is the number of cells that
would change, the others are what a message box shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings as xw

from xl_perf.actions import texts
from xl_perf.actions.applying import apply, restore
from xl_perf.actions.targets import plan_for, reload_targets
from xl_perf.book.excel import ExcelBook
from xl_perf.book.notes import FolderNotes
from xl_perf.errors import PerfError
from xl_perf.plan.library import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.actions.model import Proposal

_LONGEST = 850
"""Characters of a message: a box shows some 1,000."""
_proposed: list[tuple[str, Proposal]] = []
"""The workbook and the proposal that `ricarica` or `ripristina` showed last."""


def ricarica(workbook: Any) -> str:
    """Ricarica obiettivi: what would change.

    Args:
        workbook: Excel's own `Workbook`.
    """
    return _propose(workbook, lambda book: reload_targets(content := book.read(), plan_for(content)))


def ripristina(workbook: Any) -> str:
    """Ripristina: what would come back."""
    return _propose(workbook, lambda book: restore(book, _notes()))


def scrivi(workbook: Any) -> str:
    """Writes what was shown last for this workbook; says what came of it."""
    book = _book(workbook)
    shown = _proposed.pop() if _proposed else None
    if shown is None or shown[0] != book.where:
        return "0\nNon c'è niente da scrivere in questa cartella: ripetere l'azione."
    try:
        done = apply(book, shown[1], _notes())
    except PerfError as error:
        return f"0\n{texts.failure(error)}"
    moved = [
        f"{one.label}: {texts.value_text(one.before)} -> {texts.value_text(one.after)}"
        for one in done.results
    ]
    return f"{done.cells}\n{_short([f'{done.title}: {done.summary}', '', *moved])}"


def _propose(workbook: Any, make: Callable[[ExcelBook], Proposal]) -> str:
    book = _book(workbook)
    _proposed.clear()
    try:
        proposal = make(book)
    except PerfError as error:
        return f"0\n{texts.failure(error)}"
    if proposal.values:
        _proposed.append((book.where, proposal))
    lines = [line.text for line in (*proposal.lines, *proposal.remarks)]
    return f"{len(proposal.values)}\n{_short([f'{proposal.title}: {proposal.summary}', '', *lines])}"


def _book(workbook: Any) -> ExcelBook:
    from xlwings._xlwindows import Book  # noqa: PLC0415  # Windows only

    impl: Any = Book
    return ExcelBook(xw.Book(impl=impl(xl=workbook)))


def _notes() -> FolderNotes:
    return FolderNotes(data_folder() / "ripristino")


def _short(lines: Sequence[str]) -> str:
    """As many lines as a message box shows, and how many there are more; VBA's box knows Windows' characters only."""
    kept: list[str] = []
    for place, line in enumerate(map(_plain, lines)):
        if sum(map(len, kept)) + len(line) > _LONGEST:
            return "\n".join([*kept, f"... e altre {len(lines) - place} righe"])
        kept.append(line)
    return "\n".join(kept).rstrip()


def _plain(line: str) -> str:
    return line.replace("→", "->").encode("cp1252", "ignore").decode("cp1252")
