"""Text of `xl-perf edition amend`: what an act sets, what follows, what is left to look at."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from xl_perf.language import tr, translated
from xl_perf.plan.texts.report import format_digits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xl_perf.plan.amending.edition import Amended, Setting
    from xl_perf.plan.amending.ties import Following


def format_amended(amended: Amended, out: Path) -> str:
    """What the act sets and what follows, a line each, then where the edition is and whether its checks agree."""
    plan = amended.plan
    act = plan.latest_act
    lines = [
        f"{plan.id}: {plan.title}",
        tr("{short}, known from {date:%d/%m/%Y}", short=act.short, date=act.date),
        "",
        tr("The act sets:"),
    ]
    lines += [_setting(setting, old) for setting, old in amended.settings]
    lines += _following(amended)
    lines += _quarters(amended)
    lines += _contradictions(amended.follows)
    if amended.to_look_at:
        lines += [
            "",
            tr("To look at, nothing changes it by itself:"),
            *(f"  {translated(text)}" for text in amended.to_look_at),
        ]
    lines += ["", tr("Written to {out} ({data_hash})", out=out, data_hash=amended.plan.data_hash[:12])]
    if amended.failures:
        lines += [
            "",
            tr(
                "The checks find what those of the edition before did not: {failures}",
                failures=len(amended.failures),
            ),
        ]
        lines += [f"  {failure}" for failure in amended.failures]
        lines.append(tr("  see `xl-perf plan check --source {out}`", out=out))
    elif amended.report.ok:
        lines.append(tr("All checks of the amended edition agree."))
    else:
        lines.append(tr("The checks find no more than those of the edition before, which fail too."))
    return "\n".join(lines)


def _setting(setting: Setting, old: str) -> str:
    field = "" if setting.field == "valore" else f", {setting.field}"
    before, after = (
        format_digits(float(text)) if text and setting.numeric else text for text in (old, setting.value)
    )
    return f"  {setting.kind} {_key(setting.key)}{field}: {before or tr('(new)')} -> {after}"


def _key(key: str) -> str:
    return key.replace("|", ", ")


def _following(amended: Amended) -> Iterator[str]:
    follows = [f for f in amended.follows if f.given is None]
    if follows:
        how = tr(
            "written with stato recovered" if amended.written else "NOT written: they keep their old values"
        )
        yield from ("", tr("Numbers that follow from that: {follows}, {how}", follows=len(follows), how=how))
    for f in follows:
        yield (
            f"  {f.datum[0]} {_key(f.datum[1])}: {format_digits(f.old)} -> {format_digits(f.new)} "
            f"({translated(f.reason)})"
        )


def _quarters(amended: Amended) -> Iterator[str]:
    if amended.quarters:
        yield from (
            "",
            tr(
                "Targets of quarters that follow by the programme: {quarters}", quarters=len(amended.quarters)
            ),
        )
    for (indicator, structure), pairs in groupby(
        amended.quarters, key=lambda pair: (pair[1].indicator, pair[1].structure)
    ):
        parts = (
            f"{new.period.partition('-')[2]} {format_digits(old.value)} -> {format_digits(new.value)}"
            for old, new in pairs
        )
        yield f"  {indicator}, {structure}: {'; '.join(parts)}"


def _contradictions(follows: tuple[Following, ...]) -> Iterator[str]:
    found = [f for f in follows if f.given is not None]
    if found:
        yield from (
            "",
            tr("Numbers that are set otherwise than the others ask for: {found}", found=len(found)),
        )
    for f in found:
        assert f.given is not None
        yield (
            tr(
                "  {datum} {datum2}: set to {given}, {reason} gives {new}",
                datum=f.datum[0],
                datum2=_key(f.datum[1]),
                given=format_digits(f.given),
                reason=translated(f.reason),
                new=format_digits(f.new),
            )
        )
