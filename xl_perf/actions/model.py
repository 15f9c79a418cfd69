"""What actions give: proposals, answers, and what came of a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xl_perf.book.port import Write
    from xl_perf.values import CellValue


class Line(NamedTuple):
    """A line for readers: its text, its depth (0 for the outermost), the cell `Sheet!A1` that it is about, if any."""

    text: str
    level: int = 0
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an action would change; nothing is written yet.

    Attributes:
        title: name of the action, as menus and the list of steps have it.
        summary: one sentence.
        lines: every change, with its cell.
        remarks: what is not done, and why; what looks wrong.
        values: the cells and their new values.
    """

    title: str
    summary: str
    lines: tuple[Line, ...]
    remarks: tuple[Line, ...]
    values: tuple[Write, ...]


class Moved(NamedTuple):
    """A result at the top of the workbook that has another value than before."""

    cell: str
    label: str
    before: CellValue
    after: CellValue


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a proposal.

    Attributes:
        title: name of the action.
        summary: one sentence.
        results: results at the top of the workbook with another value than before.
        cells: number of cells written.
    """

    title: str
    summary: str
    results: tuple[Moved, ...]
    cells: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an action found out; nothing changes.

    Attributes:
        title: name of the action.
        summary: one sentence.
        lines: the findings, each with its cell.
        good: True where there is nothing to mend.
    """

    title: str
    summary: str
    lines: tuple[Line, ...]
    good: bool = True
