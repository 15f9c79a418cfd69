"""Two engines over one workbook: where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xl_perf.formula.refs import address, parse_reference
from xl_perf.recalc.model import EngineDifference
from xl_perf.values import CellError

if TYPE_CHECKING:
    from xl_perf.package import Package
    from xl_perf.package.model import CellKey
    from xl_perf.recalc.model import Calculation
    from xl_perf.values import CellValue

TOLERANCE: Final = 1e-9
"""Relative difference of two numbers that counts as none; LibreOffice gives 15 digits, and rounds sums near 0."""


def compare(package: Package, first: Calculation, second: Calculation) -> tuple[EngineDifference, ...]:
    """The cells to which two calculations of one workbook give different values, in tab and reading order.

    A cell that one of them keeps, and one that depends on the clock, is passed over. Any error is as good as another:
    LibreOffice has kinds of its own.
    """
    passed = {(note.sheet, note.cell) for found in (first, second) for note in found.kept}
    passed |= first.volatile | second.volatile
    found = []
    for info in package.sheets:
        ours, others = first.changes.get(info.name, {}), second.changes.get(info.name, {})
        if not ours and not others:
            continue
        stored: dict[CellKey, CellValue] = {
            (cell.row, cell.column): cell.value for cell in package.cells(info.name)
        }
        covered = _kept_areas(package, info.name, passed)
        for key in sorted({*ours, *others}):
            left, right = ours.get(key, stored.get(key)), others.get(key, stored.get(key))
            cell = address(*key)
            if (info.name, cell) not in passed and key not in covered and not alike(left, right):
                found.append(EngineDifference(info.name, cell, {first.engine: left, second.engine: right}))
    return tuple(found)


def _kept_areas(package: Package, sheet: str, passed: set[tuple[str, str]]) -> set[CellKey]:
    """Cells of array formulas that are passed over."""
    covered: set[CellKey] = set()
    for cell in package.cells(sheet):
        if cell.formula is None or cell.formula.kind != "array" or cell.formula.ref is None:
            continue
        area = parse_reference(cell.formula.ref)
        if area is not None and (sheet, address(cell.row, cell.column)) in passed:
            covered.update(
                (row, column)
                for row in range(area.row1, area.row2 + 1)
                for column in range(area.col1, area.col2 + 1)
            )
    return covered


def alike(left: CellValue, right: CellValue) -> bool:
    """True where two values are the same for a reader: numbers to `TOLERANCE`, truth values as 0 and 1."""
    if isinstance(left, CellError) or isinstance(right, CellError):
        return isinstance(left, CellError) and isinstance(right, CellError)
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return abs(left - right) <= TOLERANCE * max(abs(left), abs(right), 1e-3)
    return (left or "") == (right or "")
