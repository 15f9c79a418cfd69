"""registro_*.csv: the register of projects and strategic activities (Tabella D)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import TERRITORY, Project, ProjectKind, Status
from xl_perf.plan.reading.declarations import unique
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles, Row

_PREFIX = "registro_"
_NEEDED = ("codice", "tipo", "struttura", "descrizione", "inizio", "fine", "output", "fonte", "atto", "stato")
_OPTIONAL = ("obiettivi_civ", "obiettivo_generale", "linea_guida", "programma", "obiettivo_ente", "nota")


def register_files(files: DataFiles) -> tuple[str, ...]:
    """Names of the files that hold registers, sorted: `registro_*.csv`."""
    return tuple(
        sorted(name for name in files.contents if name.startswith(_PREFIX) and name.endswith(".csv"))
    )


def read_projects(files: DataFiles, edition: Edition) -> tuple[Project, ...]:
    """The entries of every register, file by file, in the order of their rows.

    Raises:
        PlanError: a code that appears twice, an unknown or territorial structure, an unknown kind, a date that is none
            or an end before the start, a project without programme or an activity with one.
    """
    projects: dict[str, Project] = {}
    for name in register_files(files):
        table = files.csv(name)
        table.require(_NEEDED, _OPTIONAL)
        for row in table.rows:
            project = _project(edition, row, len(projects) + 1)
            unique(projects, project.code, "project", row.where("codice"))
            projects[project.code] = project
    return tuple(projects.values())


def _project(edition: Edition, row: Row, order: int) -> Project:
    structure = edition.structure(row.string("struttura"), row.where("struttura"))
    if edition.structures[structure].kind in TERRITORY:
        raise PlanError(
            f"a project of {structure!r}", where=row.where("struttura"), expected="a central structure"
        )
    kind = choice(ProjectKind, row.string("tipo"), row.where("tipo"))
    programme = row.string("programma", "")
    if (kind is ProjectKind.PROJECT) != bool(programme):
        raise PlanError(
            f"programma {programme!r} of an entry of tipo {kind.value}",
            where=row.where("programma"),
            expected="the programma operativo of a PR, none for an AS",
        )
    start, end = _day(row, "inizio"), _day(row, "fine")
    if end < start:
        raise PlanError(f"from {start} to {end}", where=row.where("fine"), expected="an end after the start")
    objectives = tuple(code for code in row.string("obiettivi_civ", "").split("|") if code)
    return Project(
        code=row.string("codice"),
        kind=kind,
        structure=structure,
        objectives=objectives,
        general=row.string("obiettivo_generale", ""),
        guideline=row.string("linea_guida", ""),
        programme=programme,
        title=row.string("descrizione"),
        start=start,
        end=end,
        output=row.string("output"),
        source=edition.source(row.string("fonte"), row.where("fonte")),
        act=edition.act(row.string("atto"), row.where("atto")),
        status=choice(Status, row.string("stato"), row.where("stato")),
        order=order,
        valued=row.string("obiettivo_ente", ""),
        note=row.string("nota", ""),
        where=row.where("codice"),
    )


def _day(row: Row, column: str) -> dt.date:
    text = row.string(column)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise PlanError(
            f"{text!r} is no date", where=row.where(column), expected="a date such as 2021-12-31"
        ) from None
