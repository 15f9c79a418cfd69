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
_LINES, _MOST = 2, 150.0
"""Lines that the texts of a column beside the printed ones take, up to a width."""
_SOURCE = 100.0
"""Width up to which a source stands on one line; it is not printed."""
_WRAPPED = 24.0
"""Width down to which a column of longer texts may be narrowed."""
_LEAST, _PERCENT = 6.0, 11.0
"""Least width of a column; of one with percentages of two decimals, which has to hold 100,00% in bold."""


def is_printed(column: Column) -> bool:
    """Whether a column is printed: no codes and sources; of checks those that say how far to trust a result."""
    if column.paper is not None:
        return column.paper
    if column.kind is Kind.CHECK:
        return column.heading.startswith(_TRUST)
    return column.kind is not Kind.SOURCE and not column.heading.startswith(_CODES)


def ordered(spec: TableSpec) -> TableSpec:
    """The table with what is not printed at its right end: inputs, checks, then codes and sources.

    The first column, which names the rows, stays the first.
    """
    columns = [replace(c, paper=False) if c.heading in spec.aside else c for c in spec.columns]
    first, *others = columns
    return replace(spec, columns=[first, *sorted(others, key=_place)])


def _place(column: Column) -> int:
    if is_printed(column):
        return 0
    return {Kind.INPUT: 1, Kind.CHECK: 2}.get(column.kind, 3)


def narrowest(column: Column, texts: Sequence[str], *, filters: bool) -> float:
    """Width down to which a column gives way: texts may wrap, numbers and what users type may not."""
    wide = wide_enough(column, texts, filters=filters)
    if column.kind is Kind.INPUT or not (texts or column.align == "wrap"):
        return wide
    words = max((metrics.word_points(text) for text in texts), default=0.0) + metrics.INDENT
    head = metrics.word_points(column.heading, bold=True) + (metrics.BUTTON if filters else 0.0)
    return min(wide, max(_WRAPPED, round(metrics.characters(max(words, head)) + 0.2, 1)))


def wide_enough(column: Column, texts: Sequence[str], *, filters: bool) -> float:
    """Width of a column: what it declares, and no word of its heading or of its texts broken."""
    words = max((metrics.word_points(text) for text in texts), default=0.0)
    head = metrics.word_points(column.heading, bold=True) + (metrics.BUTTON if filters else 0.0)
    needed = max(head, words + (0.0 if column.align == "center" else metrics.INDENT))
    remark = column.kind is Kind.CHECK and column.judged_by == column.heading and column.width >= _LONG
    if texts and not is_printed(column) and column.kind is not Kind.SOURCE:
        line = max(metrics.text_points(text) for text in texts) + metrics.INDENT
        line = line if metrics.characters(line) <= _SOURCE else line / _LINES * 1.15 + metrics.INDENT
        return min(max(metrics.characters(max(needed, line)) + 1.2, column.width), _MOST)
    if column.kind is Kind.SOURCE and column.paper is None:
        line = max((metrics.text_points(text) for text in texts), default=0.0) + metrics.INDENT
        least = _LEAST if texts else column.width
        return min(max(metrics.characters(max(needed, line)) + 1.2, least), _SOURCE)
    least = _PERCENT if column.number_format == styles.PERCENT else _LEAST
    return max(_REMARK if remark else column.width, least, round(metrics.characters(needed) + 0.2, 1))
