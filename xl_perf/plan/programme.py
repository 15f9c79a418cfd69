"""The quarterly programme: shares of the annual targets that each quarter is to reach, and the targets they give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.declarations import unique
from xl_perf.plan.model import Programme
from xl_perf.plan.store import common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Target
    from xl_perf.plan.records import Record
    from xl_perf.plan.store import Tables


def read_programme(tables: Tables, record: Record) -> tuple[Programme, ...]:
    """One `[[programma]]`: the shares of the quarters for some indicators.

    Returns:
        The shares, indicator by indicator in the order of the quarters; they are in `tables.programme` too.

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
    parts = []
    for code in record.strings("indicatori"):
        indicator = tables.edition.indicator(code, record.where("indicatori")).code
        for period, share in shares.items():
            key = f"{indicator}, {period}"
            unique(told, key, "programme", record.where("indicatori"))
            told.add(key)
            parts.append(
                Programme(
                    indicator, period, float(share), shared.source, shared.act, shared.status, shared.note
                )
            )
    record.close()
    tables.programme += parts
    return tuple(parts)


def add_quarters(tables: Tables, parts: Sequence[Programme]) -> None:
    """Add the targets of the quarters: share * annual target, for every structure and every act that set one."""
    edition = tables.edition
    annual: dict[str, list[Target]] = {part.indicator: [] for part in parts}
    for target in tables.targets:
        if target.period == edition.period and target.indicator in annual:
            annual[target.indicator].append(target)
    for part in parts:
        for target in annual[part.indicator]:
            act = max((target.act, part.act), key=lambda name: edition.acts[name].date)
            tables.targets.append(
                replace(
                    target,
                    period=part.period,
                    value=part.share * target.value,
                    source=part.source,
                    act=act,
                    known_from=edition.acts[act].date,
                    status=part.status,
                    note=part.note,
                )
            )
