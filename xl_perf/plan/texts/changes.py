"""Texts of the `plan` command on changes and rules: two plans compared, amendments, targets that are rules."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from xl_perf.language import tr
from xl_perf.plan.diff import Change
from xl_perf.plan.items import section_name
from xl_perf.plan.texts.report import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.plan.diff import Difference, PlanDiff
    from xl_perf.plan.model import Plan, Target

_SIGN = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}
_NUMBERS = {
    Change.ADDED: "{number} added",
    Change.REMOVED: "{number} removed",
    Change.CHANGED: "{number} changed",
}
_SHOWN = 12
_WIDTH = 110


def format_diff(diff: PlanDiff, *, verbose: bool = False) -> str:
    """The differences as text.

    Args:
        diff: what `diff_plans` gave.
        verbose: list every difference; otherwise all that changed, and of what is new or gone the first ones.
    """
    lines = [f"{diff.first} -> {diff.second}", ""]
    for section, (old, new, same) in diff.counts.items():
        if not (old or new):
            continue
        found = diff.of(section)
        kinds = [tr(_NUMBERS[change], number=sum(d.change is change for d in found)) for change in Change]
        lines.append(
            tr(
                "{section}: {old} -> {new}; {same} alike, {kinds}",
                section=section_name(section),
                old=old,
                new=new,
                same=same,
                kinds=", ".join(kinds),
            )
        )
        lines += _differences(found, verbose)
        lines.append("")
    lines.append(tr("{differences} differences", differences=len(diff.differences)))
    return "\n".join(lines)


def _differences(found: tuple[Difference, ...], verbose: bool) -> Iterator[str]:
    ordered = sorted(found, key=lambda difference: list(_SIGN).index(difference.change), reverse=True)
    for change, group in groupby(ordered, key=lambda difference: difference.change):
        members = list(group)
        shown = members if verbose or change is Change.CHANGED else members[:_SHOWN]
        for difference in shown:
            yield from _difference(difference)
        if len(shown) < len(members):
            yield tr(
                "  {sign} and {members} more (--verbose lists them)",
                sign=_SIGN[change],
                members=len(members) - len(shown),
            )


def _difference(difference: Difference) -> Iterator[str]:
    title = f"  {difference.title}" if difference.title else ""
    yield _cut(f"  {_SIGN[difference.change]} {difference.key}{title}")
    if difference.change is Change.CHANGED:
        yield _cut(f"      {difference.old}")
        yield _cut(f"   -> {difference.new}")
    elif difference.title not in (text := difference.old or difference.new) or not difference.title:
        yield _cut(f"      {text}")


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def format_amendments(plan: Plan) -> str:
    """The record of the acts that amended the plan, with the targets that are known from each."""
    set_anew = {revision.new.act for revision in plan.revisions} | {t.act for t in _set_anew(plan)}
    recorded = [amendment.act for amendment in plan.amendments]
    others = sorted(set_anew - {*recorded}, key=lambda code: plan.acts[code].date)
    if not (recorded or others):
        return tr("{id}: no amendments recorded", id=plan.id)
    lines = []
    for code in dict.fromkeys([*recorded, *others]):
        record = [amendment for amendment in plan.amendments if amendment.act == code]
        lines += [f"{plan.acts[code].title}", ""]
        for part, group in groupby(record, key=lambda amendment: amendment.part):
            lines.append(part)
            for amendment in group:
                place = tr(", slide {slide}", slide=amendment.slide) if amendment.slide else ""
                said = amendment.change or tr("(no description)")
                lines.append(
                    f"  {amendment.order:>2}. {amendment.section}{place}: {said}  [{amendment.effect}]"
                )
                targets = [t for t in plan.targets if t.act == code and amendment.concerns(t.indicator)]
                if targets:
                    names = ", ".join(dict.fromkeys(target.indicator for target in targets))
                    lines.append(
                        tr(
                            "      {targets} targets known from the act: {names}",
                            targets=len(targets),
                            names=names,
                        )
                    )
                if amendment.note:
                    lines.append(f"      {amendment.note}")
            lines.append("")
        if changes := list(_dated_changes(plan, code)):
            lines += [tr("Changes known from the act:"), *changes, ""]
    lines.append(tr("{amendments} amendments", amendments=len(plan.amendments)))
    return "\n".join(lines)


def _set_anew(plan: Plan) -> Iterator[Target]:
    """Targets that took the place of an earlier one."""
    for found in plan._index.values():  # noqa: SLF001  # the loader's own order of knowledge
        yield from found[1:]


def _dated_changes(plan: Plan, act: str) -> Iterator[str]:
    """What an act changed whose earlier value is known, a line each."""
    for found in plan._index.values():  # noqa: SLF001
        for old, new in pairwise(found):
            if new.act == act:
                indicator = plan.indicators[new.indicator]
                values = (format_value(t.value, t.unit, indicator.decimals) for t in (old, new))
                yield f"  {new.indicator}, {new.structure}, {new.period}: {' -> '.join(values)}"
    for revision in plan.revisions:
        if revision.new.act == act:
            yield f"  {revision.kind} {revision.key}: {', '.join(revision.texts())}"


def format_rules(plan: Plan, targets: Sequence[Target]) -> str:
    """The rules beside some targets: how each follows, and the periods that have a rule and no number yet.

    Args:
        plan: the edition.
        targets: what the user looked for.

    Returns:
        Text; empty where no rule concerns the indicators and structures of the targets.
    """
    asked = {(target.indicator, target.structure) for target in targets}
    numbers = {(target.indicator, target.structure, target.period) for target in plan.targets}
    lines = []
    for rule in plan.target_rules:
        if (rule.indicator, rule.structure) not in asked:
            continue
        known = (rule.indicator, rule.structure, rule.period) in numbers
        lines.append(
            tr(
                "rule    {structure}  {title}, {period}: {text}{missing}",
                structure=rule.structure,
                title=plan.indicators[rule.indicator].title,
                period=rule.period,
                text=rule.text,
                missing="" if known else tr("  (no number yet)"),
            )
        )
        lines.append(
            tr(
                "        {rule}, from {base} {base_period}; source: {source}",
                rule=rule.rule,
                base=rule.base,
                base_period=rule.base_period,
                source=rule.source,
            )
        )
        lines += [tr("        note: {note}", note=rule.note)] if rule.note else []
    return "\n".join(lines)
