"""Rectangles in which the values of many cells are fetched."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from xl_perf.package.model import CellKey
    from xl_perf.recalc.recipe import Area


def blocks(keys: Collection[CellKey]) -> list[Area]:
    """Rectangles (first row, first column, last row, last column) that cover cells without much waste."""
    if not keys:
        return []
    columns = [column for _, column in keys]
    area = (min(keys)[0], min(columns), max(keys)[0], max(columns))
    if (area[2] - area[0] + 1) * (area[3] - area[1] + 1) <= 4 * len(keys) + 256:
        return [area]
    keys = sorted(keys)
    columns = [column for _, column in keys]
    if area[0] == area[2]:
        gaps = [(right - left, place) for place, (left, right) in enumerate(itertools.pairwise(columns), 1)]
    else:
        gaps = [
            (below[0] - above[0], place) for place, (above, below) in enumerate(itertools.pairwise(keys), 1)
        ]
    gap, cut = max(gaps)
    if gap <= 1:
        if area[0] == area[2]:
            return [area]
        cut = next(place for place, key in enumerate(keys) if key[0] >= (area[0] + area[2] + 1) // 2)
    return blocks(keys[:cut]) + blocks(keys[cut:])
