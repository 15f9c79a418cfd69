"""What a workbook package is made of, as far as calculation and patching need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from xl_perf.values import CellValue

CellKey: TypeAlias = tuple[int, int]
"""(row, column), both from 1."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused; generous for real workbooks, small for bombs."""

    file_bytes: int = 256 * 1024 * 1024
    inflated_bytes: int = 1024 * 1024 * 1024
    part_bytes: int = 512 * 1024 * 1024
    entries: int = 20_000
    ratio: int = 1_000
    """Largest inflated/deflated ratio of one part above 16 MiB."""
    cells: int = 5_000_000


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet of the workbook in tab order.

    `kind` is worksheet, chartsheet, dialogsheet, macrosheet, or other (modules of old Excel, which have no part).
    """

    name: str
    part: str
    index: int
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A defined name; `scope` is the index of its sheet, None for the workbook."""

    name: str
    text: str
    scope: int | None
    hidden: bool = False
    function: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An Excel table; `ref` is (first row, first column, last row, last column), header and totals included."""

    name: str
    sheet: str
    part: str
    ref: tuple[int, int, int, int]
    columns: tuple[str, ...]
    header_rows: int = 1
    totals_rows: int = 0


@dataclass(frozen=True, slots=True)
class CalcProperties:
    """How a workbook asks to be calculated; `calc_id` is None where the file does not say which engine saved it."""

    calc_id: int | None = None
    full_on_load: bool = False
    iterate: bool = False
    mode: str = "auto"
    full_precision: bool = True


class Formula(NamedTuple):
    """A cell's formula element.

    `text` is without the leading `=`, entities resolved; it is empty in the other cells of a shared formula, which
    have the `shared` index alone. `kind` is normal, shared, array or dataTable; `ref` is the range of a shared or array
    formula; `dynamic` is True where the cell metadata mark a dynamic array (`cm`).
    """

    text: str
    kind: str = "normal"
    ref: str | None = None
    shared: int | None = None
    dynamic: bool = False
    always: bool = False


class Cell(NamedTuple):
    """A cell as the sheet part holds it; `value` is the stored (cached) value, None where there is none."""

    row: int
    column: int
    value: CellValue
    formula: Formula | None = None
    style: int = 0
    rich: bool = False
    """Whether value metadata (`vm`) say more than the value: rich data types, #SPILL! and other newer errors."""
