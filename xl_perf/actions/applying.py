"""A proposal written into a workbook, and the way back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from xl_perf.actions.model import Applied, Line, Moved, Proposal
from xl_perf.actions.texts import RESTORE, counted, value_text
from xl_perf.book.port import Write
from xl_perf.contract.results import results
from xl_perf.errors import WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.package.scalars import same_value
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.book.port import Book, Notes
    from xl_perf.package.content import Content
    from xl_perf.values import CellValue


def apply(book: Book, proposal: Proposal, notes: Notes) -> Applied:
    """Writes a proposal, and keeps what `restore` puts back.

    Args:
        book: the workbook that the proposal was made for.
        proposal: what is written.
        notes: where the values from before are kept.

    Raises:
        WorkbookError: the workbook cannot be written. Nothing was changed.
        RecalcError: the formulas cannot be calculated. Nothing was changed.
    """
    before = book.read()
    kept = [[*one[:3], _packed(_value(before, one)), _packed(one.value)] for one in proposal.values]
    tops = results(before)
    after = book.write(proposal.values, f"XL_PERF: {proposal.title}")
    notes.keep(book.where, json.dumps({"azione": proposal.title, "celle": kept}, ensure_ascii=False))
    moved = tuple(_moved(before, after))
    summary = f"{counted(len(proposal.values), 'cella scritta', 'celle scritte')}"
    if tops:
        summary += f"; {counted(len(moved), 'risultato cambiato', 'risultati cambiati')} su {len(tops)}"
    return Applied(proposal.title, f"{summary}.", moved, len(proposal.values))


def restore(book: Book, notes: Notes) -> Proposal:
    """What puts back the values from before the last action; cells that were changed since stay.

    Raises:
        WorkbookError: nothing is kept for the workbook.
    """
    text = notes.kept(book.where)
    if not text:
        raise WorkbookError(
            "there is nothing to restore",
            where=book.where,
            expected="an action of XL_PERF that changed cells of this workbook",
        )
    note = json.loads(text)
    content = book.read()
    lines, remarks, values = [], [], []
    for sheet, row, column, old, new in note["celle"]:
        one = Write(sheet, row, column, _unpacked(old))
        cell, now = f"{sheet}!{cell_name((row, column))}", _value(content, one)
        if not same_value(now, _unpacked(new)):
            remarks.append(Line(f"{cell} è stata cambiata dopo e resta {value_text(now)}", 0, cell))
            continue
        values.append(one)
        lines.append(Line(f"{cell}: {value_text(now)} → {value_text(one.value)}", 0, cell))
    summary = f"Torna com'era prima di «{note['azione']}»: {counted(len(values), 'cella', 'celle')}."
    return Proposal(RESTORE, summary, tuple(lines), tuple(remarks), tuple(values))


def _value(content: Content, at: Write) -> CellValue:
    data = content.sheet_data(at.sheet)
    place = data.index.get((at.row, at.column))
    return None if place is None else data.cells[place].value


def _moved(before: Content, after: Content) -> Iterator[Moved]:
    now = {(result.sheet, result.key): result.value for result in results(after)}
    for result in results(before):
        value = now.get((result.sheet, result.key), result.value)
        if not same_value(value or None, result.value or None):
            yield Moved(f"{result.sheet}!{cell_name(result.key)}", result.label, result.value, value)


def _packed(value: CellValue) -> CellValue | dict[str, str]:
    return {"errore": str(value)} if isinstance(value, CellError) else value


def _unpacked(value: CellValue | dict[str, str]) -> CellValue:
    return CellError.parse(value["errore"]) if isinstance(value, dict) else value
