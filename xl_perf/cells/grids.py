"""Ranges: the rectangle of cells that an argument is, and the size to which several broadcast."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xl_perf.cells.convert import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True)
class Grid:
    """Cells of an argument: rows, dimensions it came with (0: one cell), whether it was a numpy array."""

    rows: list[list[object]]
    columns: int
    dimensions: int
    array: bool = False

    @property
    def single(self) -> bool:
        """True for one cell."""
        return len(self.rows) == 1 and self.columns == 1

    def at(self, row: int, column: int) -> object:
        """The cell that stands at a place of the broadcast result."""
        cells = self.rows[row if len(self.rows) > 1 else 0]
        return cells[column if self.columns > 1 else 0]


def as_array(value: object) -> Any:
    """The numpy array that an argument is (or offers to be, like a series), else None."""
    numpy = sys.modules.get("numpy")
    if numpy is None or type(value) in PLAIN or isinstance(value, (list, tuple, numpy.generic)):
        return None
    return numpy.asanyarray(value) if hasattr(value, "__array__") else None


def grid_of(value: object) -> Grid | None:
    """The cells of an argument; None where it is no rectangle of rows and columns."""
    array = as_array(value)
    if array is not None:
        if array.ndim > 2:
            return None
        cells = array.astype(f"{array.dtype.kind}8[us]") if array.dtype.kind in "mM" else array
        value = cells.tolist()
        if array.ndim == 0:
            return Grid([[unmark(value)]], 1, 0)
    if not isinstance(value, (list, tuple)):
        return Grid([[value]], 1, 0)
    nested = [isinstance(row, (list, tuple)) for row in value]
    if any(nested) and not all(nested):
        return None
    rows = [list(row) if any(nested) else [row] for row in value]
    widths = {len(row) for row in rows} or {array.shape[-1] if array is not None and array.ndim > 1 else 1}
    if len(widths) > 1:
        return None
    width = widths.pop()
    if array is not None:
        return Grid([[unmark(cell) for cell in row] for row in rows], width, array.ndim, array=True)
    if not rows or width == 0:
        rows, width = [[None]], 1  # a range without cells: nothing reported
    return Grid(rows, width, 2 if any(nested) else 1)


def unmark(cell: object) -> object:
    """NaN in an array means empty."""
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def common_size(sizes: Iterable[int]) -> int | None:
    """The size to which sizes broadcast, None if they do not fit."""
    wide = {size for size in sizes if size != 1}
    if len(wide) > 1:
        return None
    return wide.pop() if wide else 1
