"""Columns of a table as they are laid out: what is printed first, and as wide as headings and words need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.templates.kit import metrics, styles
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.kit.model import Column, TableSpec

_CODES = ("Codice", "Riga")
_TRUST = ("Copertura", "Stato")
"""Beginnings of the headings of checks that are printed: how far a result can be trusted."""
_REMARK = 56.0
"""Width of a column of remarks, whose formulas name the cells of their row."""
_LONG = 30.0
_SOURCE = 100.0
"""Width up to which a source stands on one line; it is not printed."""
_LEAST, _PERCENT = 6.0, 11.0
"""Least width of a column; of one with percentages of two decimals, which has to hold 100,00% in bold."""


def off_paper(column: Column) -> bool:
    """Whether a column stands at the right of the table, outside what is printed: codes and sources."""
    if column.paper is not None:
        return not column.paper
    return column.kind is Kind.SOURCE or column.heading.startswith(_CODES)


def printed(column: Column) -> bool:
    """Whether the printed part of a table has to reach as far as a column; of checks only those of trust."""
    if off_paper(column):
        return False
    return column.paper is True or column.kind is not Kind.CHECK or column.heading.startswith(_TRUST)


def ordered(spec: TableSpec) -> TableSpec:
    """The table with its codes and sources at the right end.

    The first column, which names the rows, stays the first.
    """
    first, *others = spec.columns
    inside = [column for column in others if not off_paper(column)]
    return replace(spec, columns=[first, *inside, *(column for column in others if off_paper(column))])


def wide_enough(column: Column, texts: Sequence[str], *, filters: bool) -> float:
    """Width of a column: what it declares, and no word of its heading or of its texts broken."""
    words = max((metrics.word_points(text) for text in texts), default=0.0)
    head = metrics.word_points(column.heading, bold=True) + (metrics.BUTTON if filters else 0.0)
    needed = max(head, words + (0.0 if column.align == "center" else metrics.INDENT))
    remark = column.kind is Kind.CHECK and column.judged_by == column.heading and column.width >= _LONG
    if column.kind is Kind.SOURCE and column.paper is None:
        line = max((metrics.text_points(text) for text in texts), default=0.0) + metrics.INDENT
        least = _LEAST if texts else column.width
        return min(max(metrics.characters(max(needed, line)) + 0.7, least), _SOURCE)
    least = _PERCENT if column.number_format == styles.PERCENT else _LEAST
    return max(_REMARK if remark else column.width, least, round(metrics.characters(needed) + 0.2, 1))
