"""The register of projects seen from the lines of the CIV and the linee guida gestionali that it carries out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.plan.model import Plan, Project
    from xl_perf.plan.reading.descriptions import Description

MACRO, GUIDELINE = "linee_civ", "linee_guida"
"""Roles of the systems below which the macro lines and the linee guida are described."""
LINES = "linee"
"""Aspect of a macro line whose value is the number of its lines."""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the register under one heading.

    Attributes:
        code: `2021_IS.3`, or the number of a linea guida; empty where the register prints none.
        title: of the linea guida; empty for a line of the CIV, which the plan only numbers.
        projects: the entries, in the order of the register.
    """

    code: str
    title: str
    projects: tuple[Project, ...]


def has_lines(plan: Plan) -> bool:
    """Whether the edition describes macro lines of the CIV."""
    return bool(_counted(plan))


def macro_lines(plan: Plan) -> tuple[Description, ...]:
    """The macro lines with the number of their lines, in the order of the plan.

    Raises:
        PlanError: the edition describes none.
    """
    found = _counted(plan)
    if not found:
        raise PlanError("the edition has no lines of the CIV", where=plan.id)
    return found


def by_line(plan: Plan) -> tuple[Group, ...]:
    """The entries of the register under each line of the CIV that they name, by macro line and number.

    An entry that names several lines stands under each of them; those that name none come last.
    """
    order = [letters_of(macro.subject) for macro in macro_lines(plan)]
    found: dict[str, list[Project]] = defaultdict(list)
    for project in plan.projects:
        for code in project.objectives or ("",):
            found[code].append(project)

    def place(code: str) -> tuple[int, int]:
        letters, number = split(code)
        return (order.index(letters) if letters in order else len(order), number)

    return tuple(Group(code, "", tuple(found[code])) for code in sorted(found, key=place))


def by_guideline(plan: Plan) -> tuple[Group, ...]:
    """The entries of the register under the linea guida gestionale whose name their text begins with."""
    guidelines = _described(plan, GUIDELINE)
    found: dict[str, list[Project]] = {d.subject: [] for d in guidelines}
    without: list[Project] = []
    for project in plan.projects:
        text = project.guideline.casefold()
        fits = [d.subject for d in guidelines if text.startswith(d.title.casefold())]
        (found[fits[0]] if fits else without).append(project)
    titles = {d.subject: d.title for d in guidelines}
    groups = [Group(code.partition(".")[2], titles[code], tuple(found[code])) for code in found]
    return tuple([*groups, Group("", "", tuple(without))] if without else groups)


def split(code: str) -> tuple[str, int]:
    """Letters and number of a line: `2021_IS.3` is IS, 3; ("", 0) for what is no code of a line."""
    letters, _, number = code.rpartition("_")[2].partition(".")
    return (letters, int(number)) if number.isdigit() else ("", 0)


def figures(plan: Plan) -> Iterator[Figure]:
    """Number of lines that the plan prints for each macro line against the highest number in the register."""
    printed = {letters_of(macro.subject): macro for macro in _counted(plan)}
    if not printed:
        return
    used = [split(code) for project in plan.projects for code in project.objectives]
    for letters, macro in printed.items():
        highest = max((number for group, number in used if group == letters), default=0)
        count = macro.value or 0
        label = f"{letters}: lines of the CIV, highest number in the register"
        yield Figure(macro.subject, label, count, max(count, highest), 0)
    strange = [letters for letters, _ in used if letters not in printed]
    yield Figure("macro", "Lines of the register that belong to no macro line", 0, len(strange), 0)


def letters_of(subject: str) -> str:
    """Letters of a macro line: `civ.is` is IS."""
    return subject.rpartition(".")[2].upper()


def _counted(plan: Plan) -> tuple[Description, ...]:
    """The macro lines whose number of lines the edition gives."""
    return tuple(d for d in _described(plan, MACRO) if d.aspect == LINES)


def _described(plan: Plan, role: str) -> list[Description]:
    """What is described below the system of a role; nothing where the edition does not fill it."""
    beginnings = tuple(f"{code}." for code in plan.codes(role))
    return [d for d in plan.descriptions if d.subject.startswith(beginnings)]
