"""Names of central structures: short ones for narrow columns and charts, room for the long ones."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.plan.model import Structure

_CAPITALS = 0.84
"""Capitals that fit in the room of one digit."""


def short_name(structure: Structure) -> str:
    """The first alias of a structure, e.g. `DC Pensioni`; its own name in sentence case where it has none."""
    return structure.aliases[0] if structure.aliases else structure.code.capitalize()


def capitals_height(text: str, width: float) -> float:
    """Height in points of a row whose text in capitals wraps in a column of a width in characters."""
    return 13 * len(textwrap.wrap(text, max(int(width * _CAPITALS), 4))) + 5
