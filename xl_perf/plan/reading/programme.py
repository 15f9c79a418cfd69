"""The quarterly programme: shares of the annual targets that each quarter is to reach, and the targets they give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Programme
from xl_perf.plan.reading.declarations import unique
from xl_perf.plan.reading.store import common

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xl_perf.plan.history import Revision
    from xl_perf.plan.model import Act, Target
    from xl_perf.plan.reading.records import Record
    from xl_perf.plan.reading.store import Tables


def read_programme(tables: Tables, record: Record) -> None:
    """One `[[programma]]`: the shares of the quarters for some indicators, added to `tables.programme`.

    Raises:
        PlanError: an unknown indicator, no or an unusable share, a period that is not of the edition's year, or two
            shares for one indicator and quarter.
    """
    shared = common(tables, record)
    shares = record.mapping("quote")
    if not shares:
        raise PlanError("no quote", where=record.where("quote"), expected='"2021-T1" = 0.25 ...')
    for period, share in shares.items():
        if not period.startswith(f"{tables.edition.period}-"):
            raise PlanError(
                f"period {period!r}", where=record.where("quote"), expected=f"{tables.edition.period}-T1 ..."
            )
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
            raise PlanError(
                f"share {share!r}", where=record.where("quote"), expected="a fraction above 0, up to 1"
            )
    told = {f"{part.indicator}, {part.period}" for part in tables.programme}
    for code in record.strings("indicatori"):
        indicator = tables.edition.indicator(code, record.where("indicatori")).code
        for period, share in shares.items():
            key = f"{indicator}, {period}"
            unique(told, key, "programme", record.where("indicatori"))
            told.add(key)
            tables.programme.append(
                Programme(
                    indicator, period, float(share), shared.source, shared.act, shared.status, shared.note
                )
            )
    record.close()


def add_quarters(tables: Tables, revisions: Sequence[Revision]) -> None:
    """Add the targets of the quarters: share * annual target, anew from each act that set the one or the other.

    Args:
        tables: the tables, with the shares of the newest act.
        revisions: earlier shares among what acts changed.
    """
    annual: dict[str, dict[str, list[Target]]] = {}
    for target in sorted(tables.targets, key=lambda target: target.known_from):
        if target.period == tables.edition.period:
            annual.setdefault(target.indicator, {}).setdefault(target.structure, []).append(target)
    earlier: dict[str, list[Programme]] = {}
    for revision in revisions:
        if isinstance(revision.old, Programme):
            earlier.setdefault(revision.key, []).append(revision.old)
    for part in tables.programme:
        shares = [*earlier.get(f"{part.indicator}|{part.period}", ()), part]
        for targets in annual.get(part.indicator, {}).values():
            tables.targets += _quarters(tables.edition.acts, shares, targets)


def _quarters(
    acts: Mapping[str, Act], shares: Sequence[Programme], targets: Sequence[Target]
) -> Iterator[Target]:
    """The targets of a quarter of one structure, one for each day from which a share or annual target is known."""
    days = {acts[share.act].date: share.act for share in shares} | {t.known_from: t.act for t in targets}
    for day in sorted(days):
        share = next((share for share in reversed(shares) if acts[share.act].date <= day), None)
        target = next((target for target in reversed(targets) if target.known_from <= day), None)
        if share is not None and target is not None:
            yield replace(
                target,
                period=share.period,
                value=share.share * target.value,
                source=share.source,
                act=days[day],
                known_from=day,
                status=share.status,
                note=share.note,
            )
