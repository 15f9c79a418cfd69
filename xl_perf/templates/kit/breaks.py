"""Where the pages of a long sheet end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


FILLED = 0.4
"""Share of a page that is left for the next one where a page ends with a table."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows after which no page may end, and those after which it had better: ends of tables, rows above charts."""

    closed: set[int]
    ends: set[int]


def filled(heights: Sequence[float], room: float, again: float) -> tuple[int, float]:
    """Pages that are filled one after the other, and the share of the last one."""
    pages, used = 1, 0.0
    for height in heights:
        if used + height > room:
            pages, used = pages + 1, again
        used += height
    return pages, used / room


def divided(heights: Sequence[float], room: float, again: float, rows: Rows) -> Iterator[int]:
    """Rows after which pages end; each page but the first repeats `again` points of headings."""
    rest = sum(heights)
    start, first = 0, True
    while rest + (0 if first else again) > room:
        space = room - (0 if first else again)
        pages = math.ceil(rest / (room - again))
        goal, used, best, end = rest / max(pages, 1), 0.0, 0, 0
        for row in range(start, len(heights)):
            used += heights[row]
            if used > space:
                break
            if row + 1 not in rows.closed and (
                used - heights[row] < goal or best == 0 or row + 1 in rows.ends
            ):
                best = row + 1
                enough = used >= space / 2 and rest - used >= FILLED * room
                end = best if best in rows.ends and enough else end
        best = end or best
        if best <= start:
            return
        yield best
        rest -= sum(heights[start:best])
        start, first = best, False
