"""Where facts go in a workbook: the cell of an identity, or a free row for one that the user named elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.contract.inputs import Input
from xl_perf.contract.model import Identity, Species

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.contract.inputs import Inputs, OpenRow
    from xl_perf.package import CellKey
    from xl_perf.values import CellValue


class Places:
    """The places of a workbook's inputs; free rows are given away as they are asked for.

    Attributes:
        names: names that the rows that were given away have to get: sheet, cell -> text.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.names: dict[tuple[str, CellKey], str] = {}
        self._cells = inputs.by_identity(*(species for species in Species if species is not Species.RESULT))
        self._given: dict[tuple[str, str], list[OpenRow]] = {}
        self._free: dict[str, list[OpenRow]] = {}
        for row in inputs.rows:
            if not row.name:
                self._free.setdefault(row.table, []).append(row)

    def known(self, identity: Identity) -> Input | None:
        """The input of an identity that the workbook has; of the year's where the workbook is for a year."""
        year = replace(identity, period=identity.period.partition("-")[0])
        return self._cells.get(identity) or self._cells.get(year)

    def find(self, identity: Identity, name: str = "") -> Input | None:
        """The place of a fact, in a free row where it is of a row that the workbook does not have yet; None for none.

        Args:
            identity: what the fact is.
            name: name of its row as the user wrote it.
        """
        found = self.known(identity)
        if found is not None or not identity.row or not name:
            return found
        row = self._row(identity, name)
        if row is None:
            return None
        species, key = row.cells[identity.item, identity.measure]
        return Input(identity, species, row.sheet, key, None, name=name)

    def _row(self, identity: Identity, name: str) -> OpenRow | None:
        """The row that a name was given, or the next free one that has the cell."""
        what = identity.item, identity.measure
        for table, free in self._free.items():
            given = self._given.setdefault((table, f"{identity.structure}:{identity.row}"), [])
            known = next((row for row in given if what in row.cells), None)
            if known is not None:
                return known
            row = next((row for row in free if what in row.cells), None)
            if row is not None:
                free.remove(row)
                given.append(row)
                self.names[row.sheet, row.key] = name
                return row
        return None


def carried(
    inputs: Iterable[Input], places: Places
) -> tuple[dict[str, dict[CellKey, CellValue]], list[Input]]:
    """The inputs of one workbook at the places of another.

    Args:
        inputs: what is carried; empty cells and formulas that users put into inputs are not.
        places: where it goes.

    Returns:
        Sheet -> cell -> value, names of rows included; and the inputs that the other workbook has no place for.
    """
    values: dict[str, dict[CellKey, CellValue]] = {}
    left = []
    for each in inputs:
        if each.value is None:
            continue
        at = None if each.formula else places.find(each.identity, each.name)
        if at is None:
            left.append(each)
        else:
            values.setdefault(at.sheet, {})[at.key] = each.value
    for (sheet, key), name in places.names.items():
        values.setdefault(sheet, {})[key] = name
    return values, left
