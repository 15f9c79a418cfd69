"""The actions on a document of Calc, without dialogs: what the dialogs show, and what macros and tests call."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf.actions.applying import apply, restore
from xl_perf.actions.checking import check
from xl_perf.actions.facts import load_facts
from xl_perf.actions.reasons import explain_cell, what_is_missing
from xl_perf.actions.targets import plan_for, reload_targets
from xl_perf.book.calc import CalcBook
from xl_perf.book.notes import FolderNotes
from xl_perf.contract.edition import plan_of
from xl_perf.errors import SyncError
from xl_perf.language import ITALIAN, VARIABLE
from xl_perf.load.sources import read_tables
from xl_perf.plan import data_folder, use_whole
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.actions.model import Answer, Applied, Proposal

os.environ[VARIABLE] = ITALIAN  # errors that name others take their texts from here


class Steps:
    """The actions on one document.

    Args:
        document: the UNO object, `com.sun.star.sheet.SpreadsheetDocument`.
    """

    def __init__(self, document: Any) -> None:
        use_whole()
        self.book = CalcBook(document)
        self.notes = FolderNotes(data_folder() / "ripristino")

    def check(self) -> Answer:
        """Controlla."""
        return check(self.book.read())

    def explain(self, cell: str) -> Answer:
        """Spiega la cella; the score where no cell is named."""
        return explain_cell(self.book.read(), cell)

    def missing(self) -> Answer:
        """Che cosa manca."""
        return what_is_missing(self.book.read())

    def reload(self) -> Proposal:
        """Ricarica obiettivi."""
        content = self.book.read()
        return reload_targets(content, plan_for(content))

    def load(
        self, files: Sequence[str], documents: Sequence[Any] = (), *, overwrite: bool = False
    ) -> Proposal:
        """Carica dati, from csv files and other documents of Calc."""
        content = self.book.read()
        plan = plan_of(content)
        if plan is None:
            raise SyncError("this is not an official workbook", where=content.where)
        tables = [table for file in files for table in read_tables(Path(file))]
        others = [CalcBook(document).read() for document in documents]
        return load_facts(content, plan, tables, others, overwrite=overwrite)

    def restore(self) -> Proposal:
        """Ripristina."""
        return restore(self.book, self.notes)

    def apply(self, proposal: Proposal) -> Applied:
        """Writes a proposal, as one step that can be undone."""
        return apply(self.book, proposal, self.notes)


def answer(document: Any, action: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """What an action gives, as plain data: `check`, `missing`, `explain`, `cells`.

    `reload`, `load`, `restore` also write.

    Args:
        document: the document.
        action: one of these.
        options: `cell` to explain, `file` to load; `write` false only proposes.
    """
    steps = Steps(document)
    if action == "cells":
        return _cells(steps.book)
    if action in ("check", "missing"):
        return asdict(getattr(steps, action)())
    if action == "explain":
        return asdict(steps.explain(options.get("cell", "")))
    proposal = steps.load([options["file"]]) if action == "load" else getattr(steps, action)()
    said = {"proposal": asdict(proposal)}
    if options.get("write", True):
        said["applied"] = asdict(steps.apply(proposal))
    return said


def _cells(book: CalcBook) -> dict[str, Any]:
    """Sheet -> `row,column` -> value; an error as its text in a list."""
    content = book.read()
    return {
        info.name: {
            f"{cell.row},{cell.column}": [str(cell.value)]
            if isinstance(cell.value, CellError)
            else cell.value
            for cell in content.cells(info.name)
            if cell.value is not None and cell.value != ""
        }
        for info in content.sheets
    }
