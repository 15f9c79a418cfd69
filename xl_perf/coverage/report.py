"""The coverage as a table of text."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from xl_perf.language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.coverage import SystemCoverage

_HEADINGS = ("", "system", "data rows", "functions", "cases", "workbook: sheets")
_RIGHT = (0, 2, 4)
"""Columns of numbers."""
_EMPTY = "MISSING"


def format_coverage(found: Sequence[SystemCoverage]) -> str:
    """One line for each system, then what is missing.

    Args:
        found: what `measure` gave.
    """
    rows = [tuple(map(tr, _HEADINGS)), *(_row(coverage) for coverage in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS) - 1)]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if place in _RIGHT else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        lines.append("  ".join((*cells, row[-1])).rstrip())
    missing = [coverage for coverage in found if coverage.missing]
    lines.append("")
    lines += [f"{c.entry.number} {c.entry.title}: {gap}" for c in missing for gap in c.missing]
    lines.append(
        tr("{systems} systems, {whole} complete", systems=len(found), whole=len(found) - len(missing))
    )
    return "\n".join(lines)


def _row(coverage: SystemCoverage) -> tuple[str, ...]:
    functions = ", ".join(coverage.functions)
    return (
        str(coverage.entry.number),
        coverage.entry.title,
        str(coverage.rows) if coverage.rows else tr(_EMPTY),
        functions or tr(_EMPTY),
        _cases(coverage) or tr(_EMPTY),
        _sheets(coverage.sheets) or coverage.entry.command or tr(_EMPTY),
    )


def _cases(coverage: SystemCoverage) -> str:
    """How many cases of its own it has, or how many figures the checks compare."""
    if coverage.cases:
        return str(coverage.cases)
    return tr("{checked} checked", checked=coverage.checked) if coverage.checked else ""


def _sheets(places: Sequence[str]) -> str:
    split = [place.split(": ", 1) for place in places]
    return "; ".join(
        f"{workbook}: {', '.join(sheet for _, sheet in group)}"
        for workbook, group in groupby(split, key=lambda pair: pair[0])
    )
