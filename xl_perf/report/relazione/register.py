"""The register of Tabella D by lines of the CIV and by linea guida gestionale, realised quarter by quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan import civ
from xl_perf.report.relazione.model import Entry, Group
from xl_perf.report.words import share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.archive.store import Archive
    from xl_perf.plan.civ import Group as PlanGroup
    from xl_perf.plan.model import Plan, Project

QUARTERS = ("I", "II", "III", "IV")
_REALISATION = "realizzazione"


def by_line(plan: Plan, year: int, archive: Archive | None = None) -> list[Group]:
    """The register under each line of the CIV that its entries name; empty where the edition has none.

    Args:
        plan: the edition.
        year: the year.
        archive: where realisations are looked for.
    """
    if not civ.has_lines(plan) or not plan.projects:
        return []
    return list(_groups(plan, civ.by_line(plan), year, archive, "Nessuna linea del CIV indicata"))


def by_guideline(plan: Plan, year: int, archive: Archive | None = None) -> list[Group]:
    """The register under each linea guida gestionale; empty where the edition has no register. See `by_line`."""
    if not plan.projects:
        return []
    return list(_groups(plan, civ.by_guideline(plan), year, archive, "Nessuna linea guida indicata"))


def _groups(
    plan: Plan, groups: Iterable[PlanGroup], year: int, archive: Archive | None, without: str
) -> Iterable[Group]:
    known: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for project in group.projects:
            if project.code not in known:
                known[project.code] = _realised(plan, project, year, archive)
        title = " ".join(filter(None, (group.code, group.title))) or without
        yield Group(title, tuple(_entry(project, known[project.code]) for project in group.projects))


def _entry(project: Project, quarters: tuple[str, ...]) -> Entry:
    period = f"{project.start:%d/%m/%Y} - {project.end:%d/%m/%Y}"
    return Entry(project.code, project.structure, project.title, project.output, period, quarters)


def _realised(plan: Plan, project: Project, year: int, archive: Archive | None) -> tuple[str, ...]:
    """The realisation at the end of each quarter, as the newest delivery on it says.

    One on the whole year is the fourth's.
    """
    if archive is None:
        return ("",) * len(QUARTERS)
    newest: dict[str, tuple[object, float]] = {}
    for value in archive.values(project.code, measure=_REALISATION):
        if value.structure not in (plan.national, project.structure) or not isinstance(
            value.value, (int, float)
        ):
            continue
        period = f"{year}-T{len(QUARTERS)}" if value.period == str(year) else value.period
        if period not in newest or newest[period][0] < value.received:  # type: ignore[operator]
            newest[period] = value.received, float(value.value)
    found = (newest.get(f"{year}-T{number}") for number in range(1, len(QUARTERS) + 1))
    return tuple("" if one is None else share(one[1]) for one in found)
