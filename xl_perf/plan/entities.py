"""What an edition declares: acts, documents, structures, systems, indicators, and the words they are told apart by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


class Direction(IntEnum):
    """Whether more of an indicator is better (giorni di giacenza: less; IEEP: more)."""

    HIGHER = 1
    LOWER = -1


class Status(StrEnum):
    """How a value is known: printed in the plan, recovered from printed numbers, or assumed."""

    PUBLISHED = "published"
    RECOVERED = "recovered"
    ASSUMED = "assumed"


class Unit(StrEnum):
    """Unit of a value. Percentages are stored as fractions: 5,47% is 0.0547."""

    DAYS = "giorni"
    EURO = "euro"
    PERCENT = "percentuale"
    RATIO = "rapporto"
    POINTS = "punti"
    INDEX = "numero indice"
    PIECES = "pezzi"
    PEOPLE = "persone"
    """Heads or full-time equivalents."""


class StructureKind(StrEnum):
    """Level of a structure in the hierarchy."""

    NATIONAL = "nazionale"
    REGION = "regione"
    DCM = "dcm"
    OFFICE = "sede"
    BRANCH = "filiale metropolitana"
    GENERAL = "direzione generale"
    CENTRAL = "direzione centrale"
    COORDINATION = "coordinamento generale"
    CENTRAL_OFFICE = "ufficio centrale"
    CENTRAL_PROJECT = "struttura di progetto"


TERRITORY = (
    StructureKind.NATIONAL,
    StructureKind.REGION,
    StructureKind.DCM,
    StructureKind.OFFICE,
    StructureKind.BRANCH,
)
"""Kinds of the structures of Tabella A; the others are the central ones."""


@dataclass(frozen=True, slots=True)
class Act:
    """A resolution that adopted or amended the plan (e.g. deliberazione CdA 133 of 29 Sept 2021)."""

    id: str
    title: str
    date: dt.date
    kind: str
    short: str
    """Short Italian form for a cell, e.g. `CdA 31/2021`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A source document, e.g. P21."""

    id: str
    title: str
    year: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is printed: document and slide or table."""

    document: str
    place: str

    def __str__(self) -> str:
        return f"{self.document}, {self.place}"


@dataclass(frozen=True, slots=True)
class Structure:
    """An organisational unit; `code` is its name as the plan's tables print it."""

    code: str
    kind: StructureKind
    parent: str | None
    order: int
    cluster: str | None = None
    aliases: tuple[str, ...] = ()
    act: str = ""
    source: Source | None = None

    @property
    def is_regional(self) -> bool:
        """True for the 20 regions and 3 DCM."""
        return self.kind in (StructureKind.REGION, StructureKind.DCM)


@dataclass(frozen=True, slots=True)
class System:
    """A measurement system of the plan (giacenza, ieep ...) and the kinds of structures that it sets targets for."""

    code: str
    title: str
    order: int
    coverage: tuple[StructureKind, ...] = ()
    """Kinds of structures of which every one has exactly one target per indicator; empty: no targets at all."""
    additive: bool = False
    """True where the national value is the sum over the regions and DCM."""
    free: bool = False
    """True where targets are set only for what the plan prints: none is required, any structure may have one."""
    excluded: tuple[str, ...] = ()
    """Codes of structures of the covered kinds to which the plan gives no target."""
    tolerance: str | None = None
    """Code of the parameter that says how far printed sums may be off; None: not at all."""

    def covers(self, structure: Structure) -> bool:
        """Whether the structure has exactly one target per indicator."""
        return structure.kind in self.coverage and structure.code not in self.excluded


@dataclass(frozen=True, slots=True)
class Indicator:
    """A declared measure of the plan.

    `parent`, `sign` and `level` describe rows of a table that add up (Tabella B): a row's value is the sum over its
    children of sign * value; rows that add up to nothing have no parent.
    """

    code: str
    title: str
    system: str
    unit: Unit
    direction: Direction
    function: str
    """Spreadsheet function that measures or scores it (catalogue name)."""
    decimals: int
    order: int
    source: Source
    parent: str | None = None
    sign: int = 1
    level: int = 0
    short: str = ""
    """Short Italian heading for narrow columns; empty when the title serves."""
    total: bool = False
    """True where the plan prints the national value as the total of the structures that have one."""
    act: str = ""
    """Act that gave it another title; empty for the title of the first data."""
