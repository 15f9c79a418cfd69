"""Spiega la cella and Che cosa manca: why a result is what it is, and what it takes for 100."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.actions.model import Answer, Line
from xl_perf.actions.texts import EXPLAIN, GAP, counted
from xl_perf.explain.files import explain
from xl_perf.explain.gap import gaps
from xl_perf.explain.gap_text import said_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.explain.missing import Gap
    from xl_perf.package.content import Content


def explain_cell(content: Content, cell: str = "", depth: int | None = None) -> Answer:
    """Why a cell holds what it holds, down to facts and numbers of the plan.

    Args:
        content: the workbook.
        cell: the cell, `Quadro!F13` or a defined name; empty for the score.
        depth: levels that are shown; None for all.

    Raises:
        WorkbookError: no such cell, or it is empty.
    """
    explanation, step, _ = explain(content, cell, depth)
    lines = [Line(line.text(), line.level, (line.cells or ("",))[0]) for line in explanation.root.flat()]
    if explanation.parameters:
        lines.append(Line("Parametri, pesi e scelte"))
        lines += [
            Line(line.text(), line.level + 1, (line.cells or ("",))[0])
            for one in explanation.parameters
            for line in one.flat()
        ]
    lines += [Line(remark) for remark in explanation.remarks]
    return Answer(
        EXPLAIN, f"{step.name} = {step.shown} ({step.place})", tuple(lines), not explanation.remarks
    )


def what_is_missing(content: Content) -> Answer:
    """What each indicator is missing for 100, in its own unit.

    Args:
        content: the workbook.
    """
    found = gaps(content)
    below = sum(gap.missing.value > 0 for gap in found)
    summary = f"{counted(len(found), 'indicatore', 'indicatori')} con consuntivo e obiettivo, {number_below(below)}."
    return Answer(GAP, summary, tuple(line for gap in found for line in _lines(gap)), not below)


def number_below(below: int) -> str:
    """How many are below 100."""
    return "nessuno sotto 100" if not below else f"{below} sotto 100"


def _lines(gap: Gap) -> Iterator[Line]:
    for text in said_of(gap).splitlines():
        yield Line(text.strip(), 1 if text.startswith(" ") else 0, gap.cell)
