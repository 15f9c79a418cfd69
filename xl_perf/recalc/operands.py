"""Operands of comparisons and of texts: numbers, cells whose value is known anyway, and what the engine must calculate.

Almost every comparison is between a cell and a number, and what is more than that (`'Parametri'!$G$7+$G$8`) is mostly the
same for a whole column, so that little is left to calculate beside the formulas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from xl_perf.package.refs import MAX_ROW
from xl_perf.recalc.formula import parse_reference, quick_tokens, quote_sheet
from xl_perf.recalc.recipe import Moving, Operand, moved, render_pieces
from xl_perf.recalc.scope import builtin_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.formulas import Job

DIGITS: Final = re.compile(r"(?<=[A-Za-z$])\d+")
"""What the shape of a formula leaves out: the row numbers of its references."""

_PLAIN_CELL: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]*")
_OWN_SHEET: Final = "\0"


@dataclass(frozen=True, slots=True)
class InText:
    """A single cell of the formula's own sheet in a formula of a known shape: its column, which of the digits is its row."""

    column: int
    digits: int


@dataclass(frozen=True, slots=True)
class Calculated:
    """An operand of a formula of a known shape that the engine calculates.

    `fragments` are its text without the row numbers, of which `first` is the first of the formula's; a NUL stands for the
    prefix of the formula's sheet.
    """

    fragments: tuple[str, ...]
    first: int


Side: TypeAlias = "float | InText | Moving | Calculated | Operand"
"""How an operand's value is found: a number; a cell; a calculation, in a formula of a known shape or a rewritten one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The probes of a recipe: two sides that are compared, or one that becomes text and None."""

    sides: tuple[tuple[Side, Side | None], ...]

    @property
    def calculated(self) -> tuple[Calculated | Operand, ...]:
        """The operands that the engine must calculate."""
        return tuple(side for pair in self.sides for side in pair if isinstance(side, (Calculated, Operand)))


def literal(text: str) -> float | None:
    """The number that a text is, or None."""
    if text[:1] not in _NUMBER_STARTS:
        return None
    try:
        return float(text)
    except ValueError:
        return None


_NUMBER_STARTS: Final = frozenset("0123456789.")


def plan(job: Job) -> Planned:
    """Sorts the operands of a formula; the result serves every formula of the same recipe.

    Comparisons that cannot be near are left out: with 0, since what is not 0 is not 0 in 15 digits either, and of a
    whole number with a function that counts.
    """
    in_text = job.plain and job.home == job.key
    tokens = quick_tokens(job.text) if in_text else ()
    pairs: list[tuple[Side, Side | None]] = []
    for probe in job.recipe.probes:
        operands = (probe.left,) if probe.right is None else (probe.left, probe.right)
        sides = [_in_text(operand, tokens) if in_text else _of_pieces(operand) for operand in operands]
        if len(sides) == 1:
            pairs.append((sides[0], None))
        elif not (0.0 in sides or (in_text and all(_is_whole(operand, tokens) for operand in operands))):
            pairs.append((sides[0], sides[1]))
    return Planned(tuple(pairs))


_COUNTING: Final = frozenset(
    (
        "COUNT",
        "COUNTA",
        "COUNTBLANK",
        "COUNTIF",
        "COUNTIFS",
        "ROWS",
        "COLUMNS",
        "LEN",
        "MATCH",
        "YEAR",
        "MONTH",
        "DAY",
    )
)


def _is_whole(operand: Operand, tokens: Sequence[tuple[str, str]]) -> bool:
    """True for a whole number, and for a call that gives nothing else."""
    own = [token for token in tokens[operand.start : operand.end] if token[0] != "space"]
    if len(own) == 1:
        number = literal(own[0][1])
        return number is not None and number.is_integer()
    if own[0][0] != "call" or builtin_name(own[0][1][:-1]) not in _COUNTING:
        return False
    depth = 0
    for place, (kind, text) in enumerate(own):
        depth += (kind == "call" or text == "(") - (text == ")")
        if not depth:
            return place == len(own) - 1
    return False


def _in_text(operand: Operand, tokens: Sequence[tuple[str, str]]) -> Side:
    """How the value of an operand in the formula's own text is found."""
    own = [text for _, text in tokens[operand.start : operand.end] if not text.isspace()]
    before = len(DIGITS.findall("".join(text for _, text in tokens[: operand.start])))
    if len(own) == 1:
        number = literal(own[0])
        if number is not None:
            return number
        found = parse_reference(own[0]) if _PLAIN_CELL.fullmatch(own[0]) else None
        if found is not None:
            return InText(found.col1, before)
    fragments = [""]
    for kind, text in tokens[operand.start : operand.end]:
        if kind == "ref" and "!" not in text:
            fragments[-1] += _OWN_SHEET
        head, *rest = DIGITS.split(text)
        fragments[-1] += head
        fragments += rest
    return Calculated(tuple(fragments), before)


def _of_pieces(operand: Operand) -> Side:
    """How the value of a rewritten operand is found."""
    if len(operand.pieces) == 1:
        (piece,) = operand.pieces
        number = literal(piece) if isinstance(piece, str) else None
        if number is not None:
            return number
        if isinstance(piece, Moving) and piece.ref.single:
            return piece
    return operand


def text_of(side: Calculated | Operand, job: Job, digits: Sequence[str]) -> str:
    """The formula, for any sheet, that calculates an operand of a formula.

    Args:
        side: the operand.
        job: the formula.
        digits: what `DIGITS` finds in the formula's own text.
    """
    if isinstance(side, Operand):
        return render_pieces(side.pieces, job.row, job.column, job.home, own_sheet=job.sheet)
    parts = [side.fragments[0]]
    for number, fragment in zip(digits[side.first :], side.fragments[1:], strict=False):
        parts += (number, fragment)
    return "".join(parts).replace(_OWN_SHEET, quote_sheet(job.sheet))


def cell_of(side: InText | Moving, job: Job, digits: Sequence[str]) -> Place | None:
    """The cell that a side means in one formula; None where there is none.

    Args:
        side: the plan.
        job: the formula.
        digits: what `DIGITS` finds in the formula's own text.
    """
    if isinstance(side, InText):
        row = int(digits[side.digits])
        return (job.sheet, row, side.column) if 0 < row <= MAX_ROW else None
    area = moved(side, job.row, job.column, job.home)
    return None if area is None else (side.ref.sheet or job.sheet, area[0], area[1])
