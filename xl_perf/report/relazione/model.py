"""What a Relazione holds: tables of numbers, each with its evidence, and what differs from the printed tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.entities import Unit


UNMEASURED: Final = (
    "Il piano stampa queste righe per l'anno prima; per quest'anno nessuna cartella ufficiale ne raccoglie il "
    "consuntivo, o nessun atto ne fissa l'obiettivo."
)
"""What is said of rows that have neither a workbook nor an act."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number was read.

    Attributes:
        source: the document and place that print it, or the delivered file.
        where: line of the data file, or cell.
        digest: SHA-256 of the delivered file, or of the data of the edition.
        received: when it was delivered; empty for printed numbers.
    """

    source: str
    where: str
    digest: str
    received: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a number comes from.

    Attributes:
        origins: what it was read from, or calculated of.
        formula: how it was calculated, with its numbers; empty for a number that was taken as it is.
        act: act that set the target, with its date; empty for other numbers.
    """

    origins: tuple[Origin, ...]
    formula: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a table.

    Attributes:
        value: the number; a fraction where the unit is percent.
        unit: its unit.
        decimals: decimals of the number that are shown; of a percentage those of the fraction.
        evidence: where it comes from.
        printed: what the source prints where `value` is another reading of it.
        defect: why it is read so; empty where it is not.
    """

    value: float
    unit: Unit
    decimals: int
    evidence: Evidence
    printed: float | None = None
    defect: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, and the number of its line in the list of evidence; 0 for an empty one."""

    shown: str
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what it is, how deep it stands, its cells."""

    code: str
    title: str
    level: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of results.

    Attributes:
        number: its place in the Relazione, from 1.
        role: the role of its rows in the edition.
        chapter: the plan's heading of the chapter.
        title: the plan's heading of the table; empty where it has none of its own.
        headings: of the rows, then of the columns.
        rows: the rows.
        words: of each column whether texts stand in it.
    """

    number: int
    role: str
    chapter: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    words: tuple[bool, ...]

    @property
    def heads(self) -> int:
        """Level of the rows that head others; -1 where all are alike."""
        levels = {row.level for row in self.rows}
        return min(levels) if len(levels) > 1 else -1


@dataclass(frozen=True, slots=True)
class Proof:
    """A line of the list of evidence.

    Its number, those of table, row and column, what is shown, where it comes from.
    """

    number: int
    table: int
    row: str
    column: str
    shown: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that the plan prints otherwise: number of the table, row, column, both texts, and why."""

    table: int
    row: str
    column: str
    printed: str
    shown: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the register: code, structure, title, output, period, realisation by quarter as shown."""

    code: str
    structure: str
    title: str
    output: str
    period: str
    quarters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the register under one heading."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Relazione:
    """The Relazione of a year.

    Attributes:
        year: the year.
        edition: title of the edition.
        act: the act that amended it last, with its date.
        fingerprint: SHA-256 of the edition's data.
        archive: what archive the facts are from; empty without one.
        made: when, in words.
        tables: the tables of results.
        proofs: the list of evidence.
        differences: what the plan prints otherwise.
        missing: table and row of numbers that nobody reported.
        unmeasured: table and row of numbers that no official workbook reports and no act sets -> their columns.
        lines: the register by lines of the CIV.
        guidelines: the register by linea guida gestionale.
    """

    year: int
    edition: str
    act: str
    fingerprint: str
    archive: str
    made: str
    tables: list[Table] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unmeasured: dict[str, list[str]] = field(default_factory=dict)
    lines: list[Group] = field(default_factory=list)
    guidelines: list[Group] = field(default_factory=list)


def joined(numbers: Sequence[Number], formula: str) -> Evidence:
    """The evidence of a number that was calculated of others."""
    parts = [number.evidence for number in numbers]
    origins = dict.fromkeys(origin for part in parts for origin in part.origins)
    acts = dict.fromkeys(part.act for part in parts if part.act)
    return Evidence(tuple(origins), formula, "; ".join(acts))
