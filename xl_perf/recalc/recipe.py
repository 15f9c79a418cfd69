"""Rewritten formulas with their moving parts left open, and their text in one cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xl_perf.formula.refs import MAX_COLUMN, MAX_ROW, Ref, address, column_letters, quote_sheet
from xl_perf.formula.tables import ThisRow

if TYPE_CHECKING:
    from collections.abc import Mapping

Area: TypeAlias = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


class NotAdmittedError(Exception):
    """The formula holds something the engine cannot be trusted with; the message is the reason."""

    def __init__(self, reason: str, function: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.function = function


class Moving(NamedTuple):
    """A reference that moves with the cell: from the formula's own cell, or (in a defined name) from A1."""

    ref: Ref
    in_name: bool = False
    spell_out: bool = False
    intersect: bool = False
    """Only its cell in the row or column of the formula counts (implicit intersection)."""


Piece: TypeAlias = "str | Moving | ThisRow"


class Search(NamedTuple):
    """A look-up of the nearest value that is left to the engine, which is right where its data are sorted."""

    function: str
    cells: Moving | ThisRow
    """The keys, or the table that they are the first row or column of."""
    wanted: Moving | ThisRow | None
    """The cell that is looked up, where it is one."""
    falling: bool


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """A formula rewritten for the engine, or the reason why it is not.

    Attributes:
        pieces: its text, with the references that move.
        reads: the references.
        functions: the built-in functions that it calls, without the prefixes of files.
        ours: our functions that it calls: by the spelling that the pieces hold.
        calls: the same by canonical name, with the arguments that are there.
        reason: why it is not given to the engine; empty where it is.
        unknown: the function that is not known.
        plain: the file's own text serves as it is.
        local: it depends on which cells of this one workbook are used.
        marks: what may matter for its value beyond its text (`xl_perf.recalc.marks`).
        literals: numbers that cells are compared with.
        searches: look-ups of the nearest value.
    """

    pieces: tuple[Piece, ...] = ()
    reads: tuple[Moving | ThisRow, ...] = ()
    functions: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()
    calls: frozenset[tuple[str, tuple[bool, ...]]] = frozenset()
    reason: str = ""
    unknown: str = ""
    plain: bool = False
    local: bool = False
    reusable: bool = True
    """It serves other cells with the same text; not so where the text does not say which table it means."""
    marks: frozenset[str] = frozenset()
    literals: frozenset[float] = frozenset()
    searches: tuple[Search, ...] = ()
    home: tuple[int, int] = (1, 1)
    """The cell whose text was rewritten."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names in the copy of sheets that have another one there."""

    def at(self, row: int, column: int, own_sheet: str = "") -> str:
        """The formula (without `=`) in a cell that shares it with `home`; see `render`."""
        return render(self.pieces, row, column, self.home, own_sheet=own_sheet, names=self.names)


def moved(piece: Moving | ThisRow, row: int, column: int, home: tuple[int, int]) -> Area | None:
    """Rows and columns that a piece means in a cell.

    Args:
        piece: the reference.
        row: row of the cell.
        column: column of the cell.
        home: the cell whose text the formula is (the master of a shared formula, else the cell itself).

    Returns:
        None for `ThisRow` outside the rows of its table, and for an intersection that is empty.
    """
    if isinstance(piece, ThisRow):
        return (row, piece.col1, row, piece.col2) if piece.row1 <= row <= piece.row2 else None
    down, right = (row - 1, column - 1) if piece.in_name else (row - home[0], column - home[1])
    area = _corners(piece.ref, down, right)
    return _crossed(area, row, column) if piece.intersect else area


def named_sheet(piece: Moving | ThisRow) -> str:
    """The sheet that a piece names, empty where it is the formula's own."""
    return piece.sheet if isinstance(piece, ThisRow) else piece.ref.sheet or ""


def _corners(ref: Ref, down: int, right: int) -> Area:
    """The corners of a reference that moved (wrapping at the edges of the grid, as defined names do)."""
    abs_row1, abs_col1, abs_row2, abs_col2 = ref.absolute
    row1 = ref.row1 if abs_row1 else (ref.row1 - 1 + down) % MAX_ROW + 1
    row2 = ref.row2 if abs_row2 else (ref.row2 - 1 + down) % MAX_ROW + 1
    col1 = ref.col1 if abs_col1 else (ref.col1 - 1 + right) % MAX_COLUMN + 1
    col2 = ref.col2 if abs_col2 else (ref.col2 - 1 + right) % MAX_COLUMN + 1
    return min(row1, row2), min(col1, col2), max(row1, row2), max(col1, col2)


def _crossed(area: Area, row: int, column: int) -> Area | None:
    """The cell of a range in the row or column of a formula; None where there is none."""
    row1, col1, row2, col2 = area
    if row1 == row2 and col1 == col2:
        return area
    if col1 == col2 and row1 <= row <= row2:
        return row, col1, row, col1
    if row1 == row2 and col1 <= column <= col2:
        return row1, column, row1, column
    return None


def _written(piece: Moving, row: int, column: int, home: tuple[int, int], prefix: str) -> str:
    ref = piece.ref
    area = moved(piece, row, column, home)
    if area is None:
        return "#VALUE!"
    row1, col1, row2, col2 = area
    if ref.single or piece.intersect:
        return f"{prefix}{address(row1, col1)}"
    if ref.whole and not piece.spell_out:
        if ref.whole == "columns":
            return f"{prefix}{column_letters(col1)}:{column_letters(col2)}"
        return f"{prefix}{row1}:{row2}"
    return f"{prefix}{address(row1, col1)}:{address(row2, col2)}"


def render(
    pieces: tuple[Piece, ...],
    row: int,
    column: int,
    home: tuple[int, int],
    *,
    own_sheet: str = "",
    names: Mapping[str, str] | None = None,
) -> str:
    """The text of pieces in one cell.

    Args:
        pieces: those of a recipe.
        row: row of the cell.
        column: column of the cell.
        home: the cell whose text the formula is.
        own_sheet: name of the formula's sheet, where the formula is calculated on another one.
        names: other names of sheets.
    """
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
            continue
        sheet = named_sheet(piece) or own_sheet
        prefix = quote_sheet((names or {}).get(sheet, sheet)) if sheet else ""
        if isinstance(piece, ThisRow):
            if piece.row1 <= row <= piece.row2:
                end = f":{address(row, piece.col2)}" if piece.col2 != piece.col1 else ""
                parts.append(f"{prefix}{address(row, piece.col1)}{end}")
            else:
                parts.append("#VALUE!")
        else:
            parts.append(_written(piece, row, column, home, prefix))
    return "".join(parts)
