"""Names: parts of the common parameters; the structure for the whole institute, short names and room for long ones."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import StructureKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.plan.model import Plan, Structure

CAP, CENTRE, BAND = "tetto", "punteggio_obiettivo", "banda"
"""Parts of the parameters that every workbook shows."""

_CAPITALS = 0.84
"""Capitals that fit in the room of one digit."""


def nation(plan: Plan) -> str:
    """Code of the row that stands for the whole institute.

    Raises:
        PlanError: the edition has none.
    """
    for structure in plan.structures_of():
        if structure.kind is StructureKind.NATIONAL:
            return structure.code
    raise PlanError("no structure stands for the whole institute", where=plan.id)


def in_order(plan: Plan, codes: Iterable[str]) -> list[str]:
    """Structures in the one order that every sheet has, that of the plan; the whole institute last."""
    return sorted(
        dict.fromkeys(codes),
        key=lambda code: (plan.structures[code].kind is StructureKind.NATIONAL, plan.structures[code].order),
    )


def short_name(structure: Structure) -> str:
    """The first alias of a structure, e.g. `DC Pensioni`; its own name in sentence case where it has none."""
    return structure.aliases[0] if structure.aliases else structure.code.capitalize()


def capitals_height(text: str, width: float) -> float:
    """Height in points of a row whose text in capitals wraps in a column of a width in characters."""
    return 13 * len(textwrap.wrap(text, max(int(width * _CAPITALS), 4))) + 5
