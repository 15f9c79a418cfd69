"""Lines of the plan that are no targets: pieces between two structures, chapters of spending, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Line, Status, Unit
from xl_perf.plan.reading.declarations import known, unique
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles, Row

PREFIX = "righe_"
_NEEDED = ("sistema", "codice", "titolo", "unita", "fonte", "atto", "stato")
_OPTIONAL = ("superiore", "struttura", "controparte", "valore", "nota")


def line_files(files: DataFiles) -> tuple[str, ...]:
    """Names of the files of lines in a directory, sorted: `righe_*.csv`."""
    return tuple(sorted(name for name in files.contents if name.startswith(PREFIX) and name.endswith(".csv")))


def read_lines(files: DataFiles, edition: Edition) -> tuple[Line, ...]:
    """The lines of all `righe_*.csv`, in the order of the files and of their rows.

    Raises:
        PlanError: an unknown system, structure, unit, act or parent; a code that appears twice or is not of its system;
            lines that are part of each other.
    """
    found: dict[str, Line] = {}
    for name in line_files(files):
        table = files.csv(name)
        table.require(_NEEDED, _OPTIONAL)
        for row in table.rows:
            line = _line(edition, row, len(found) + 1)
            unique(found, line.code, "line", row.where("codice"))
            found[line.code] = line
    for line in found.values():
        _check_parents(found, line)
    return tuple(found.values())


def _line(edition: Edition, row: Row, order: int) -> Line:
    system, code = row.string("sistema"), row.string("codice")
    known(edition.systems, system, "system", row.where("sistema"), "declare it as [[sistema]]")
    if not code.startswith(f"{system}."):
        raise PlanError(f"line {code!r}", where=row.where("codice"), expected=f"a code below {system}.")
    return Line(
        system=system,
        code=code,
        title=row.string("titolo"),
        structure=_structure(edition, row, "struttura"),
        counterpart=_structure(edition, row, "controparte"),
        value=row.number("valore") if row.cells.get("valore") else None,
        unit=choice(Unit, row.string("unita"), row.where("unita")),
        source=edition.source(row.string("fonte"), row.where("fonte")),
        act=edition.act(row.string("atto"), row.where("atto")),
        status=choice(Status, row.string("stato"), row.where("stato")),
        note=row.string("nota", ""),
        parent=row.string("superiore", "") or None,
        order=order,
        where=row.where("valore" if "valore" in row.cells else "codice"),
    )


def _structure(edition: Edition, row: Row, column: str) -> str | None:
    name = row.string(column, "")
    return edition.structure(name, row.where(column)) if name else None


def _check_parents(lines: dict[str, Line], line: Line) -> None:
    path = [line.code]
    while (parent := lines[path[-1]].parent) is not None:
        known(lines, parent, "line", lines[path[-1]].where)
        if parent in path:
            raise PlanError(f"lines run in a circle: {' -> '.join((*path, parent))}", where=line.where)
        path.append(parent)
