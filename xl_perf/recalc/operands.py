"""Operands of comparisons and texts that need no calculation: literals, and single cells whose value is known anyway.

Almost every probe compares a cell with a number. Where both sides are of that kind, the values are looked up among the
results instead of being calculated once more beside the formulas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from xl_perf.package.refs import MAX_ROW
from xl_perf.recalc.formula import parse_reference, quick_tokens
from xl_perf.recalc.recipe import Moving, Operand, Probe, moved

if TYPE_CHECKING:
    from xl_perf.recalc.dependents import Place
    from xl_perf.recalc.jobs import Job

DIGITS: Final = re.compile(r"(?<=[A-Za-z$])\d+")
"""What the shape of a formula leaves out: the row numbers of its references."""

_PLAIN_CELL: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class InText:
    """A single cell of the formula's own sheet in a formula of a known shape: its column, which of the digits is its row."""

    column: int
    digits: int


Plan: TypeAlias = "float | InText | Moving"
"""How an operand's value is found: a number, or a cell."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The probes of a recipe: those that are looked up, and those that the engine must calculate."""

    looked_up: tuple[tuple[Plan, Plan | None], ...]
    """Two sides that are compared, or one that becomes text and None."""
    calculated: tuple[Probe, ...]


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
    """Sorts the probes of a formula; the result serves every formula of the same recipe.

    A comparison with 0 is left out: what is not 0 is not 0 in 15 digits either.
    """
    in_text = job.plain and job.home == job.key
    tokens = [text for _, text in quick_tokens(job.text)] if in_text else []
    looked_up: list[tuple[Plan, Plan | None]] = []
    calculated: list[Probe] = []
    for probe in job.recipe.probes:
        operands = [probe.left] if probe.right is None else [probe.left, probe.right]
        sides = [_in_text(operand, tokens) if in_text else _of_pieces(operand) for operand in operands]
        if probe.right is not None and 0.0 in [side for side in sides if isinstance(side, float)]:
            continue
        if None in sides:
            calculated.append(probe)
        else:
            left, *right = (side for side in sides if side is not None)
            looked_up.append((left, right[0] if right else None))
    return Planned(tuple(looked_up), tuple(calculated))


def _in_text(operand: Operand, tokens: list[str]) -> Plan | None:
    """The plan of an operand in the formula's own text, or None where it must be calculated."""
    own = [token for token in tokens[operand.start : operand.end] if not token.isspace()]
    if len(own) != 1:
        return None
    number = literal(own[0])
    if number is not None:
        return number
    found = parse_reference(own[0]) if _PLAIN_CELL.fullmatch(own[0]) else None
    if found is None:
        return None
    return InText(found.col1, len(DIGITS.findall("".join(tokens[: operand.start]))))


def _of_pieces(operand: Operand) -> Plan | None:
    """The plan of a rewritten operand, or None where it must be calculated."""
    if len(operand.pieces) != 1:
        return None
    (piece,) = operand.pieces
    if isinstance(piece, str):
        return literal(piece)
    return piece if isinstance(piece, Moving) and piece.ref.single else None


def cell_of(side: InText | Moving, job: Job, digits: list[str]) -> Place | None:
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
