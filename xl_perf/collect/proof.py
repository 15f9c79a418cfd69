"""Proof of a file: its facts and settings in a fresh workbook of its edition must give its own results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.check.reference import reference
from xl_perf.collect.model import Difference
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.places import Places, carried
from xl_perf.errors import WorkbookError
from xl_perf.package.scalars import same_value
from xl_perf.recalc import recalculate_package

if TYPE_CHECKING:
    from xl_perf.collect.model import Delivery
    from xl_perf.contract import Identity
    from xl_perf.plan.model import Plan
    from xl_perf.values import CellValue


def prove(delivery: Delivery, plan: Plan) -> list[Difference]:
    """The results of a file that its own facts do not give.

    Args:
        delivery: the file.
        plan: its edition.

    Raises:
        WorkbookError: the fresh workbook lacks a place for something that the file holds.
        RecalcError: the fresh workbook cannot be calculated.
    """
    inputs = delivery.inputs
    quarter = int(inputs.period.partition("-T")[2] or 0)
    fresh = reference(plan, inputs.template, inputs.structure, quarter).package
    places = read_inputs(fresh)
    values, left = carried(inputs.of(Species.FACT, Species.SETTING, Species.TEXT), Places(places))
    if left:
        raise WorkbookError(
            f"{left[0].identity} has no place in a fresh workbook", where=f"{inputs.where}, {left[0].cell}"
        )
    calculation = recalculate_package(fresh, overrides=values)
    proven: dict[Identity, CellValue] = {
        total.identity: calculation.changes.get(total.sheet, {}).get(total.key, total.value)
        for total in places.totals
        if total.species is Species.RESULT
    }
    different = {
        identity
        for identity, own in delivery.results.items()
        if identity in proven and not same_value(own.value, proven[identity])
    }
    return [
        Difference(
            delivery.path,
            identity,
            delivery.results[identity].cell,
            delivery.results[identity].value,
            proven[identity],
            begins=not any(_is_above(identity, other) for other in different),
        )
        for identity in delivery.results
        if identity in different
    ]


def _is_above(identity: Identity, other: Identity) -> bool:
    """Whether a node of a tree is above another: codes of nodes begin with that of the node above."""
    return other.item.startswith(f"{identity.item}.") and other.measure == identity.measure
