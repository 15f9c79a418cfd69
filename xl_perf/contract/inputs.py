"""The inputs of an official workbook, each with its identity and its cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.contract.model import (
    Identity,
    Species,
)
from xl_perf.package.refs import cell_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package import CellKey
    from xl_perf.values import CellValue


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a workbook.

    Attributes:
        identity: what it is.
        species: a fact, a setting, of a person, a text.
        sheet: name of the sheet.
        key: row and column of the cell.
        value: what the cell holds; None where it is empty.
        formula: True where somebody put a formula into the cell.
        name: in open rows, the name that the user gave the row.
    """

    identity: Identity
    species: Species
    sheet: str
    key: CellKey
    value: CellValue
    formula: bool = False
    name: str = ""

    @property
    def cell(self) -> str:
        """The cell as users name it, e.g. `Giacenza!C7`."""
        return f"{self.sheet}!{cell_name(self.key)}"


@dataclass(slots=True)
class OpenRow:
    """A row of a table that the user names.

    Attributes:
        table: name of the table.
        sheet: name of its sheet.
        key: place of the cell with the name.
        name: what stands there; empty for a row that is free.
        cells: what the cells of the row are, structure and row left open, and where they stand.
    """

    table: str
    sheet: str
    key: CellKey
    name: str
    cells: dict[tuple[str, str], tuple[Species, CellKey]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a workbook.

    Attributes:
        where: the file, for messages.
        template: name of the workbook, e.g. `giacenza`.
        version: version of the template.
        edition: id of the edition.
        fingerprint: SHA-256 of the edition's data.
        act: the last act in short.
        structure: structure that the file is for.
        period: period that the file is for.
        found: the inputs, in the order of `tblDati`.
        rows: the rows that users name, free ones too.
        totals: cells of the same columns that formulas fill: sums over offices, read to be compared, never written.
    """

    where: str
    template: str
    version: str
    edition: str
    fingerprint: str
    act: str
    structure: str
    period: str
    found: tuple[Input, ...]
    totals: tuple[Input, ...] = ()
    rows: tuple[OpenRow, ...] = ()

    def of(self, *species: Species) -> tuple[Input, ...]:
        """The inputs of some species, all facts when none is given."""
        wanted = species or (Species.FACT,)
        return tuple(found for found in self.found if found.species in wanted)

    def by_identity(self, *species: Species) -> Mapping[Identity, Input]:
        """Identity -> input; see `of`."""
        return {found.identity: found for found in self.of(*species)}
