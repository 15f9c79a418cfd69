"""Rewritten formulas with their moving parts left open, and their text in one cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from xl_perf.package.refs import MAX_COLUMN, MAX_ROW, column_letters
from xl_perf.recalc import functions as table
from xl_perf.recalc.formula import Ref, quote_sheet
from xl_perf.recalc.scope import ThisRow


class NotAdmittedError(Exception):
    """The formula holds something the engine cannot be trusted with; the message is the reason."""

    def __init__(self, reason: str, function: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.function = function


@dataclass(frozen=True, slots=True)
class Moving:
    """A reference that moves with the cell: from the formula's own cell, or (in a defined name) from A1."""

    ref: Ref
    in_name: bool = False
    spell_out: bool = False
    intersect: bool = False
    """Only its cell in the row or column of the formula counts (implicit intersection)."""


Piece: TypeAlias = "str | Moving | ThisRow"


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of an operation: its pieces, and its tokens in the file's own text."""

    pieces: tuple[Piece, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Probe:
    """Two sides that are compared, or (`right` None) one that becomes text."""

    left: Operand
    right: Operand | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """A formula rewritten for the engine, or the reason why it is not."""

    pieces: tuple[Piece, ...] = ()
    reads: tuple[Moving | ThisRow, ...] = ()
    functions: frozenset[str] = frozenset()
    reason: str = ""
    unknown: str = ""
    plain: bool = False
    """The file's own text serves as it is."""
    ours: bool = False
    calls_ours: frozenset[str] = frozenset()
    """Our functions by the spelling that the pieces hold."""
    adds: bool = False
    """The last operation is an addition or subtraction."""
    text: str | None = None
    """The formula, where no part of it moves."""
    probes: tuple[Probe, ...] = ()

    @property
    def runtime_references(self) -> bool:
        """True where the precedents are known only when it is calculated."""
        return bool(self.functions & table.RUNTIME_REFERENCES)


def render_reference(ref: Ref, down: int, right: int, prefix: str, *, spell_out: bool = False) -> str:
    """Text of a reference moved by rows and columns (wrapping at the edges of the grid, as defined names do)."""
    row1, col1, row2, col2 = _corners(ref, down, right)
    if ref.single:
        return f"{prefix}{column_letters(col1)}{row1}"
    if ref.whole and not spell_out:
        if ref.whole == "columns":
            return f"{prefix}{column_letters(col1)}:{column_letters(col2)}"
        return f"{prefix}{row1}:{row2}"
    return f"{prefix}{column_letters(col1)}{row1}:{column_letters(col2)}{row2}"


def moved(
    piece: Moving | ThisRow, row: int, column: int, home: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """Rows and columns (first row, first column, last row, last column) that a piece means in a cell.

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


def _corners(ref: Ref, down: int, right: int) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column of a reference that moved."""
    abs_row1, abs_col1, abs_row2, abs_col2 = ref.absolute
    row1 = ref.row1 if abs_row1 else (ref.row1 - 1 + down) % MAX_ROW + 1
    row2 = ref.row2 if abs_row2 else (ref.row2 - 1 + down) % MAX_ROW + 1
    col1 = ref.col1 if abs_col1 else (ref.col1 - 1 + right) % MAX_COLUMN + 1
    col2 = ref.col2 if abs_col2 else (ref.col2 - 1 + right) % MAX_COLUMN + 1
    return min(row1, row2), min(col1, col2), max(row1, row2), max(col1, col2)


def _crossed(area: tuple[int, int, int, int], row: int, column: int) -> tuple[int, int, int, int] | None:
    """The cell of a range in the row or column of a formula; None where there is none."""
    row1, col1, row2, col2 = area
    if row1 == row2 and col1 == col2:
        return area
    if col1 == col2 and row1 <= row <= row2:
        return row, col1, row, col1
    if row1 == row2 and col1 <= column <= col2:
        return row1, column, row1, column
    return None


def render(recipe: Recipe, row: int, column: int, home: tuple[int, int], *, own_sheet: str = "") -> str:
    """The formula (without `=`) of one cell.

    Args:
        recipe: from `lower`.
        row: row of the cell.
        column: column of the cell.
        home: the cell whose text the formula is.
        own_sheet: name of the formula's sheet, where the formula is calculated on another one.
    """
    if recipe.text is not None and not own_sheet:
        return recipe.text
    return render_pieces(recipe.pieces, row, column, home, own_sheet=own_sheet)


def render_pieces(
    pieces: tuple[Piece, ...], row: int, column: int, home: tuple[int, int], *, own_sheet: str = ""
) -> str:
    """The text of pieces in one cell; arguments as for `render`."""
    own = quote_sheet(own_sheet) if own_sheet else ""
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, ThisRow):
            if piece.row1 <= row <= piece.row2:
                end = f":{column_letters(piece.col2)}{row}" if piece.col2 != piece.col1 else ""
                parts.append(f"{quote_sheet(piece.sheet)}{column_letters(piece.col1)}{row}{end}")
            else:
                parts.append("#VALUE!")
        else:
            ref = piece.ref
            down, right = (row - 1, column - 1) if piece.in_name else (row - home[0], column - home[1])
            prefix = quote_sheet(ref.sheet) if ref.sheet is not None else own
            if piece.intersect:
                crossed = _crossed(_corners(ref, down, right), row, column)
                cell = None if crossed is None else f"{prefix}{column_letters(crossed[1])}{crossed[0]}"
                parts.append(cell or "#VALUE!")
                continue
            parts.append(render_reference(ref, down, right, prefix, spell_out=piece.spell_out))
    return "".join(parts)
