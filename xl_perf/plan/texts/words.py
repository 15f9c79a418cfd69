"""The texts of `xl-perf plan civ` and `xl-perf plan about`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.language import counted, tr
from xl_perf.plan.civ import Group, by_guideline, by_line, letters_of, macro_lines, split
from xl_perf.plan.find import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.plan.reading.descriptions import Description


def format_civ(plan: Plan, line: str = "", *, guidelines: bool = False) -> str:
    """The register by lines of the CIV, or by linea guida gestionale.

    Args:
        plan: the edition.
        line: a line (`2021_IS.3`, `IS.3`), a macro line (`IS`) or the number of a linea guida; all when empty.
        guidelines: group by linea guida.

    Raises:
        PlanError: the register has no such line.
    """
    wanted = civ_groups(plan, line, guidelines=guidelines)
    parts = [] if guidelines or line else [_overview(plan, wanted)]
    parts += ["\n".join(_group(group, detail=bool(line))) for group in wanted]
    return "\n".join(parts)


def civ_groups(plan: Plan, line: str = "", *, guidelines: bool = False) -> list[Group]:
    """The groups of the register that `format_civ` shows.

    Raises:
        PlanError: the register has no such line.
    """
    groups = by_guideline(plan) if guidelines else by_line(plan)
    wanted = [group for group in groups if not line or _is(group, line)]
    if not wanted:
        there = ", ".join(group.code for group in groups if group.code)
        raise PlanError(f"no line {line!r} in the register", where=plan.id, expected=f"one of {there}")
    return wanted


def find_descriptions(plan: Plan, *words: str) -> list[Description]:
    """The descriptions whose subject, title or aspect holds every word.

    Raises:
        PlanError: nothing found.
    """
    wanted = [fold(word) for word in words]
    found = [
        d
        for d in plan.descriptions
        if all(word in fold(f"{d.subject} {d.title} {d.aspect}") for word in wanted)
    ]
    if not found:
        raise PlanError(f"no description of {' '.join(words)!r}", where=plan.id)
    return found


def format_descriptions(plan: Plan, *words: str) -> str:
    """What the plan says in words: the descriptions that `find_descriptions` finds.

    Raises:
        PlanError: nothing found.
    """
    found = find_descriptions(plan, *words)
    lines: list[str] = []
    for subject in dict.fromkeys(d.subject for d in found):
        own = [d for d in found if d.subject == subject]
        lines.append(f"{subject}  {own[0].title}")
        for entry in own:
            value = "" if entry.value is None else f" [{entry.value:g} {entry.unit}]"
            lines.append(f"    {entry.aspect}{value}: {entry.text}")
            lines.append(
                tr(
                    "        source: {source}; act: {short}",
                    source=entry.source,
                    short=plan.acts[entry.act].short,
                )
            )
            if entry.note:
                lines.append(tr("        note: {note}", note=entry.note))
    return "\n".join(lines)


def _is(group: Group, line: str) -> bool:
    wanted = line.upper()
    return wanted in (group.code, group.code.rpartition("_")[2], split(group.code)[0])


def _overview(plan: Plan, groups: Sequence[Group]) -> str:
    rows = []
    for macro in macro_lines(plan):
        used = [group for group in groups if split(group.code)[0] == letters_of(macro.subject)]
        rows.append(
            tr(
                "{title}: {value:.0f} lines, {used} in the register",
                title=macro.title,
                value=macro.value,
                used=len(used),
            )
        )
    return "\n".join([*rows, ""])


def _group(group: Group, *, detail: bool) -> list[str]:
    owners = list(dict.fromkeys(project.structure for project in group.projects))
    heading = " ".join(part for part in (group.code, group.title) if part) or tr("no line printed")
    entries, structures = counted(len(group.projects), "entry", "entries"), counted(len(owners), "structure")
    lines = [
        tr("{heading}: {entries} of {structures}", heading=heading, entries=entries, structures=structures)
    ]
    if not detail:
        return [*lines, f"    {'; '.join(owners)}"]
    for project in group.projects:
        lines += [
            f"    {project.code}  {project.structure}",
            f"        {project.title}",
            tr("        output: {output}", output=project.output),
        ]
    return lines
