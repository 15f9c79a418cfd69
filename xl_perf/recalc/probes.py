"""Finding the formulas in which a rule of Excel matters that the engine lacks.

Beside the formulas the copy calculates the operands of comparisons and the numbers that become text. Where two of
them are equal in 15 digits but not in all, or a text would show more than 15 digits, the formula is calculated again with
`xl_perf.recalc.excel_rules` in place of the engine's operators.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xl_perf.recalc.copy import escape
from xl_perf.recalc.excel_rules import same_digits
from xl_perf.recalc.formula import quick_tokens, quote_sheet
from xl_perf.recalc.recipe import render_pieces

if TYPE_CHECKING:
    from xl_perf.recalc.jobs import Job
    from xl_perf.recalc.recipe import Operand

_NEAR = 1e-14
_WHOLE = 1e15


@dataclass(slots=True)
class Probes:
    """The probes of one calculation copy, on a sheet of their own, one row each."""

    sheet: str
    rows: list[str] = field(default_factory=list)
    _asked: list[tuple[tuple[str, int, int], float | None, bool]] = field(default_factory=list)
    """Cell that each row is about, the literal that its operand is compared with, and whether it becomes text."""
    _certain: set[tuple[str, int, int]] = field(default_factory=set)

    def add(self, job: Job) -> None:
        """Adds the probes of a formula."""
        tokens = _qualified(job) if job.plain and job.home == job.key else None
        place = (job.sheet, job.row, job.column)
        for probe in job.recipe.probes:
            operands = [probe.left] if probe.right is None else [probe.left, probe.right]
            cells = [_text(job, operand, tokens) for operand in operands]
            literals = [_literal(text) for text in cells]
            literal = next((literal for literal in literals if literal is not None), None)
            if literal is not None:
                if probe.right is None and _needs_rule(literal):
                    self._certain.add(place)
                cells = [text for text, found in zip(cells, literals, strict=True) if found is None]
                if len(cells) != 1:
                    continue
            self._asked.append((place, literal, probe.right is None))
            row = len(self._asked)
            written = "".join(
                f'<c r="{letter}{row}"><f>{escape(text)}</f></c>'
                for letter, text in zip("AB", cells, strict=False)
            )
            self.rows.append(f'<row r="{row}">{written}</row>')

    def found(self, values: list[list[Any]]) -> set[tuple[str, int, int]]:
        """The formulas in which a rule matters.

        Args:
            values: what the engine calculated on the sheet, two columns.
        """
        matters = set(self._certain)
        for (place, literal, becomes_text), (left, second) in zip(self._asked, values, strict=True):
            right = literal if literal is not None else second
            if becomes_text:
                if _needs_rule(left):
                    matters.add(place)
            elif (
                type(left) is float
                and type(right) is float
                and left != right
                and abs(left - right) <= _NEAR * max(abs(left), abs(right))
                and same_digits(left) == same_digits(right)
            ):
                matters.add(place)
        return matters


def _needs_rule(value: object) -> bool:
    """True for a value whose text the engine writes in another way than Excel."""
    if type(value) is float:
        return not value.is_integer() or abs(value) >= _WHOLE
    return type(value) is bool


def _qualified(job: Job) -> list[str]:
    """Tokens of a formula, references with the sheet that they are on."""
    own = quote_sheet(job.sheet)
    return [
        own + text if kind == "ref" and "!" not in text else text for kind, text in quick_tokens(job.text)
    ]


def _text(job: Job, operand: Operand, tokens: list[str] | None) -> str:
    if tokens is not None:
        return "".join(tokens[operand.start : operand.end])
    return render_pieces(operand.pieces, job.row, job.column, job.home, own_sheet=job.sheet)


def _literal(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
