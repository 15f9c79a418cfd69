"""What an edition declares before any value: documents, acts, structures, systems, indicators."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xl_perf.errors import PlanError
from xl_perf.plan.model import (
    TERRITORY,
    Act,
    Document,
    Indicator,
    Parameter,
    Source,
    Structure,
    StructureKind,
    System,
    Weight,
)
from xl_perf.plan.names import Names
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    import datetime as dt

    from xl_perf.plan.reading.files import DataFiles

CENTRAL = "strutture_centrali.csv"
"""File of the central structures."""


@dataclass
class Edition:
    """What is declared before any table is read; the loader fills it file by file."""

    id: str
    title: str
    period: str
    valid_from: dt.date
    documents: dict[str, Document] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    structures: dict[str, Structure] = field(default_factory=dict)
    systems: dict[str, System] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    weights: list[Weight] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def source(self, text: str, where: str) -> Source:
        """A source written as `P21, Tabelle integrative, Tabella A`.

        Raises:
            PlanError: no place in the document, or an undeclared document.
        """
        document, comma, place = text.partition(", ")
        if not comma or not place.strip():
            raise PlanError(
                f"fonte {text!r}", where=where, expected='document and place, such as "P21, Tabella A"'
            )
        known(self.documents, document, "document", where)
        return Source(document, place.strip())

    def act(self, code: str, where: str) -> str:
        """Code of a declared act."""
        known(self.acts, code, "act", where, "declare it in edition.toml")
        return code

    def structure(self, name: str, where: str) -> str:
        """Code of a structure given by its code or an alias."""
        known(self._names, name, "structure", where, "declare it in strutture.csv")
        return self._names[name]

    def indicator(self, code: str, where: str) -> Indicator:
        """A declared indicator."""
        known(self.indicators, code, "indicator", where, "declare it in indicatori.toml")
        return self.indicators[code]

    @property
    def national(self) -> str:
        """Code of the structure that stands for the whole institute: what a table without `struttura` is about."""
        return next(s.code for s in self.structures.values() if s.kind is StructureKind.NATIONAL)

    def add_structure(self, structure: Structure, where: str) -> None:
        """Add a structure; its code and aliases must be new."""
        for name in (structure.code, *structure.aliases):
            if name in self._names:
                raise PlanError(f"structure name {name!r} appears twice", where=where)
            self._names[name] = structure.code
        self.structures[structure.code] = structure


def known(names: Any, name: str, what: str, where: str, remedy: str = "") -> None:
    """Refuse a name that is not declared; the message offers near ones.

    Raises:
        PlanError: unknown name.
    """
    if name in names:
        return
    import difflib  # noqa: PLC0415  (only for messages)

    near = difflib.get_close_matches(name, list(names), 3, 0.5)
    hint = f"for example {', '.join(near)}" if near else ""
    raise PlanError(f"unknown {what} {name!r}", where=where, expected=hint, remedy=remedy)


def unique(names: Any, name: str, what: str, where: str) -> None:
    """Refuse a name that is declared already: raises PlanError."""
    if name in names:
        raise PlanError(f"{what} {name!r} appears twice", where=where, remedy="keep one of them")


def read_edition(files: DataFiles) -> Edition:
    """edition.toml: identity of the edition, source documents, acts."""
    top = files.toml("edition.toml")
    edition = Edition(
        id=top.string("id"),
        title=top.string("titolo"),
        period=top.string("periodo"),
        valid_from=top.date("valida_dal"),
    )
    for record in top.records("documento"):
        code = record.string("id")
        unique(edition.documents, code, "document", record.where("id"))
        edition.documents[code] = Document(code, record.string("titolo"), record.integer("anno"))
        record.close()
    for record in top.records("atto"):
        code = record.string("id")
        unique(edition.acts, code, "act", record.where("id"))
        edition.acts[code] = Act(
            id=code,
            title=record.string("titolo"),
            date=record.date("data"),
            kind=record.string("tipo"),
            short=record.string("breve"),
        )
        record.close()
    top.close()
    for name, found in (("documento", edition.documents), ("atto", edition.acts)):
        if not found:
            raise PlanError(f"no [[{name}]]", where=top.where(), expected="at least one")
    return edition


def read_structures(files: DataFiles, edition: Edition) -> None:
    """strutture.csv, the hierarchy in the order of the plan's table, and strutture_centrali.csv after it, if there.

    Raises:
        PlanError: unknown or cyclic parent, no or several national rows, a name given twice, a structure of Tabella A
            among the central ones or the reverse.
    """
    table = files.csv("strutture.csv")
    rows = [(row, True) for row in table.rows]
    columns = ("struttura", "tipo", "superiore", "cluster", "alias", "atto", "fonte")
    table.require(columns)
    if CENTRAL in files.contents:
        central = files.csv(CENTRAL)
        central.require(columns)
        rows += [(row, False) for row in central.rows]
    for order, (row, territory) in enumerate(rows, 1):
        kind = choice(StructureKind, row.string("tipo"), row.where("tipo"))
        if (kind in TERRITORY) != territory:
            raise PlanError(
                f"a structure of tipo {kind.value!r}",
                where=row.where("tipo"),
                expected=f"structures of Tabella A in strutture.csv, central ones in {CENTRAL}",
            )
        edition.add_structure(
            Structure(
                code=row.string("struttura"),
                kind=kind,
                parent=row.string("superiore", "") or None,
                order=order,
                cluster=row.string("cluster", "") or None,
                aliases=tuple(alias for alias in row.string("alias", "").split("|") if alias),
                act=edition.act(row.string("atto"), row.where("atto")),
                source=edition.source(row.string("fonte"), row.where("fonte")),
            ),
            row.where("struttura"),
        )
    by_line = {row.cells["struttura"]: row.where("superiore") for row, _ in rows}
    _check_hierarchy(edition, by_line, table.where)
    Names.of(edition.structures.values(), table.where)  # refuses names that could mean two structures


def _check_hierarchy(edition: Edition, by_line: dict[str, str], where: str) -> None:
    tops = [s.code for s in edition.structures.values() if s.parent is None]
    nationals = [s.code for s in edition.structures.values() if s.kind is StructureKind.NATIONAL]
    if len(nationals) != 1 or tops != nationals:
        raise PlanError(
            f"structures without superiore: {', '.join(tops) or 'none'}; nazionale: {', '.join(nationals) or 'none'}",
            where=where,
            expected="exactly one structure without superiore, of tipo nazionale",
        )
    for code in edition.structures:
        path = [code]
        while (parent := edition.structures[path[-1]].parent) is not None:
            known(edition.structures, parent, "structure", by_line[path[-1]], "declare it in strutture.csv")
            if parent in path:
                raise PlanError(
                    f"the hierarchy runs in a circle: {' -> '.join((*path, parent))}", where=by_line[code]
                )
            path.append(parent)
