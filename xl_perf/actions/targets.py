"""Ricarica obiettivi: the targets of an edition into an official workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.actions.model import Line, Proposal
from xl_perf.actions.texts import RELOAD, counted, value_text
from xl_perf.book.port import Write
from xl_perf.contract.tables import read_metadata
from xl_perf.plan import edition_ids, load_edition
from xl_perf.sync.work import find_work

if TYPE_CHECKING:
    from xl_perf.package.content import Content
    from xl_perf.plan.model import Plan
    from xl_perf.sync.model import TargetChange


def plan_for(content: Content) -> Plan:
    """The edition whose targets a workbook gets: the newest one of the same period, else the newest.

    Raises:
        SyncError: not an official workbook.
        PlanError: an edition cannot be read.
    """
    named = read_metadata(content).text("edizione")
    ids = edition_ids()
    if named in ids:
        period = load_edition(named).period
        for edition in reversed(ids):
            plan = load_edition(edition)
            if plan.period == period:
                return plan
    return load_edition(ids[-1])


def reload_targets(content: Content, plan: Plan) -> Proposal:
    """What changes when a workbook gets the targets of an edition.

    Args:
        content: an official workbook.
        plan: the edition.

    Raises:
        SyncError: not an official workbook, or one that does not fit the edition.
    """
    work = find_work(content, read_metadata(content), plan)
    values = tuple(
        Write(sheet, *key, value) for sheet, cells in work.values.items() for key, value in cells.items()
    )
    act = plan.latest_act
    summary = (
        f"{counted(work.targets, 'obiettivo', 'obiettivi')} di «{plan.title}» ({act.short} del {act.date:%d/%m/%Y}):"
        f" {counted(len(work.changed), 'cambiato', 'cambiati')}"
    )
    if work.sources:
        summary += f", {counted(work.sources, 'fonte aggiornata', 'fonti aggiornate')}"
    metadata = [
        Line(f"Metadati, {one.key}: {value_text(one.old)} → {value_text(one.new)}") for one in work.metadata
    ]
    return Proposal(RELOAD, f"{summary}.", (*map(_line, work.changed), *metadata), (), values)


def _line(change: TargetChange) -> Line:
    name = " ".join(part for part in (change.indicator, change.structure, change.period) if part)
    cell = f"{change.sheet}!{change.cell}"
    return Line(
        f"{cell}, {name}: {value_text(change.old)} → {value_text(change.new)} {change.unit} ({change.act})",
        0,
        cell,
    )
