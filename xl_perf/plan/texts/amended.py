"""Text of `xl-perf edition amend`: what an act sets, what follows, what is left to look at."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from xl_perf.plan.amending.files import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xl_perf.plan.amending.edition import Amended
    from xl_perf.plan.amending.ties import Following


def format_amended(amended: Amended, out: Path) -> str:
    """What the act sets and what follows, a line each, then where the edition is and whether its checks agree."""
    plan = amended.plan
    act = plan.latest_act
    lines = [f"{plan.id}: {plan.title}", f"{act.short}, known from {act.date:%d/%m/%Y}", "", "The act sets:"]
    lines += [
        f"  {s.kind} {_key(s.key)}{'' if s.field == 'valore' else f', {s.field}'}: {old or '(new)'} -> {s.value}"
        for s, old in amended.settings
    ]
    lines += _following(amended)
    lines += _quarters(amended)
    lines += _contradictions(amended.follows)
    if amended.to_look_at:
        lines += [
            "",
            "To look at, nothing changes it by itself:",
            *(f"  {text}" for text in amended.to_look_at),
        ]
    lines += ["", f"Written to {out} ({amended.plan.data_hash[:12]})"]
    if amended.failures:
        lines += ["", f"The checks find what those of the edition before did not: {len(amended.failures)}"]
        lines += [f"  {failure}" for failure in amended.failures]
        lines.append(f"  see `xl-perf plan check --source {out}`")
    elif amended.report.ok:
        lines.append("All checks of the amended edition agree.")
    else:
        lines.append("The checks find no more than those of the edition before, which fail too.")
    return "\n".join(lines)


def _key(key: str) -> str:
    return key.replace("|", ", ")


def _following(amended: Amended) -> Iterator[str]:
    follows = [f for f in amended.follows if f.given is None]
    if follows:
        how = "written with stato recovered" if amended.written else "NOT written: they keep their old values"
        yield from ("", f"Numbers that follow from that: {len(follows)}, {how}")
    for f in follows:
        yield f"  {f.datum[0]} {_key(f.datum[1])}: {number_text(f.old)} -> {number_text(f.new)} ({f.reason})"


def _quarters(amended: Amended) -> Iterator[str]:
    if amended.quarters:
        yield from ("", f"Targets of quarters that follow by the programme: {len(amended.quarters)}")
    for (indicator, structure), pairs in groupby(
        amended.quarters, key=lambda pair: (pair[1].indicator, pair[1].structure)
    ):
        parts = (
            f"{new.period.partition('-')[2]} {number_text(old.value)} -> {number_text(new.value)}"
            for old, new in pairs
        )
        yield f"  {indicator}, {structure}: {'; '.join(parts)}"


def _contradictions(follows: tuple[Following, ...]) -> Iterator[str]:
    found = [f for f in follows if f.given is not None]
    if found:
        yield from ("", f"Numbers that are set otherwise than the others ask for: {len(found)}")
    for f in found:
        assert f.given is not None
        yield (
            f"  {f.datum[0]} {_key(f.datum[1])}: set to {number_text(f.given)}, {f.reason} gives {number_text(f.new)}"
        )
