"""Carica dati: facts of tables and other workbooks into an official workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.actions.model import Line, Proposal
from xl_perf.actions.texts import LOAD, counted, value_text
from xl_perf.book.port import Write
from xl_perf.contract import read_inputs
from xl_perf.contract.limits import findings
from xl_perf.contract.tables import is_official
from xl_perf.load.merge import merge
from xl_perf.load.offer import after_load, refuse_other_edition, reported
from xl_perf.load.reading import read_facts
from xl_perf.load.sources import Line as Row
from xl_perf.load.sources import Table, table_of
from xl_perf.load.vocabulary import Names, Vocabulary
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.contract import Inputs
    from xl_perf.load.merge import Match, Merged
    from xl_perf.load.reading import Fact, Unread
    from xl_perf.package.content import Content
    from xl_perf.plan.model import Plan
    from xl_perf.values import CellValue


def load_facts(
    content: Content,
    plan: Plan,
    tables: Sequence[Table] = (),
    others: Sequence[Content] = (),
    *,
    overwrite: bool = False,
) -> Proposal:
    """What facts change in a workbook.

    Args:
        content: an official workbook.
        plan: its edition.
        tables: tables of facts, as `xl_perf.load.sources.read_tables` gives them.
        others: other workbooks: official ones give their facts, others the tables on their sheets.
        overwrite: cells that hold another value get the new one.

    Raises:
        SyncError: not an official workbook.
        LoadError: another official workbook is of another edition.
    """
    inputs = read_inputs(content)
    merged = merge(_facts(plan, inputs, tables, others), inputs, plan.equalities, overwrite=overwrite)
    values = [Write(match.input.sheet, *match.input.key, match.value) for match in merged.filled]
    values += [Write(sheet, *key, name) for (sheet, key), name in merged.names.items()]
    doubts = [
        Line(
            f"{one.input.cell}: {value_text(one.input.value)}, atteso {one.expected}. {one.why}",
            0,
            one.input.cell,
        )
        for one in findings(after_load(inputs, merged), plan)
    ]
    summary = (
        f"{counted(len(merged.filled), 'cella da riempire', 'celle da riempire')},"
        f" {counted(len(merged.equal), 'già uguale', 'già uguali')},"
        f" {counted(len(merged.conflicts), 'in conflitto', 'in conflitto')},"
        f" {counted(len(merged.unread), 'riga non caricata', 'righe non caricate')}."
    )
    return Proposal(
        LOAD, summary, tuple(map(_line, merged.filled)), (*_remarks(merged), *doubts), tuple(values)
    )


def tables_of(content: Content) -> list[Table]:
    """The tables on the sheets of a workbook that is no official one."""
    found = []
    for info in content.sheets:
        rows: dict[int, dict[int, CellValue]] = {}
        for cell in content.cells(info.name):
            if cell.value is not None and not isinstance(cell.value, CellError) and cell.value != "":
                rows.setdefault(cell.row, {})[cell.column] = cell.value
        width = max((max(row) for row in rows.values()), default=0)
        lines = [
            Row(number, tuple(_plain(row.get(column)) for column in range(1, width + 1)))
            for number, row in sorted(rows.items())
        ]
        table = table_of(f"{content.where}, {info.name}", lines)
        if table is not None:
            found.append(table)
    return found


def _plain(value: CellValue) -> float | str | None:
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).upper()
    return value.strip() or None if isinstance(value, str) else float(value)


def _facts(
    plan: Plan, inputs: Inputs, tables: Sequence[Table], others: Sequence[Content]
) -> Iterator[Fact | Unread]:
    words = Vocabulary(plan, inputs, Names())
    for other in others:
        if is_official(other):
            source = read_inputs(other)
            refuse_other_edition(source, inputs)
            yield from reported(source, "", plan)
        else:
            for table in tables_of(other):
                yield from read_facts(table, words, inputs.period)
    for table in tables:
        yield from read_facts(table, words, inputs.period)


def _line(match: Match) -> Line:
    old = "" if match.input.value is None else f"{value_text(match.input.value)} → "
    cell = match.input.cell
    return Line(
        f"{cell}, {match.input.identity}: {old}{value_text(match.value)} ({match.fact.place})", 0, cell
    )


def _remarks(merged: Merged) -> Iterator[Line]:
    for match in merged.conflicts:
        cell = match.input.cell
        yield Line(
            f"{cell} contiene {value_text(match.input.value)} e resta così; {match.fact.place} dice "
            f"{value_text(match.value)}",
            0,
            cell,
        )
    yield from (Line(str(unread)) for unread in merged.unread)
    if merged.others:
        yield Line(f"{counted(merged.others, 'dato di altri file', 'dati di altri file')}: non servono qui")
