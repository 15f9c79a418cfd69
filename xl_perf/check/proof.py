"""Proof of a file: its facts and settings in a fresh workbook of its edition must give its own results."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from xl_perf.check.reference import plain_scorecard, reference
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.model import OWN, QUARTER
from xl_perf.contract.places import Places, carried
from xl_perf.errors import WorkbookError
from xl_perf.package import Package
from xl_perf.package.scalars import same_value
from xl_perf.templates.scheda_territoriale.workbook import TEMPLATE as SCORECARD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.contract import Identity, Input, Inputs
    from xl_perf.plan.model import Plan
    from xl_perf.values import CellValue

_ROUNDING = 1e-9
"""Share of a result up to which programs may add up otherwise, and store fewer digits."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A result of a file that its own facts do not give: something was overtyped.

    `nodes` are the results in which the difference begins: all below them agree.
    """

    path: str
    identity: Identity
    cell: str
    file: CellValue
    facts: CellValue
    begins: bool


class Proof(NamedTuple):
    """What the proof of a file finds.

    `overtyped`: results that are formulas of the workbook and values in the file. `differences`: results that
    the facts of the file do not give. `settings`: choices that are not the plan's.
    """

    overtyped: list[Input]
    differences: list[Difference]
    settings: list[Input]


def prove(path: str, inputs: Inputs, results: Mapping[Identity, Input], plan: Plan) -> Proof:
    """Holds the results of a file against those that its own facts and settings give.

    Args:
        path: the file, for messages.
        inputs: its inputs.
        results: the results that it declares.
        plan: its edition.

    Raises:
        WorkbookError: the fresh workbook lacks a place for something that the file holds.
        RecalcError: the fresh workbook cannot be calculated.
    """
    from xl_perf.recalc import recalculate_package  # noqa: PLC0415 - loads the engine

    text = inputs.period.partition("-T")[2]
    if text and not text.isdecimal():
        raise WorkbookError(f"there is no quarter {text!r}", where=path, expected="1, 2, 3 or 4")
    quarter = int(text or 0)
    if inputs.template == SCORECARD:
        fresh = plain_scorecard(plan, inputs.structure, quarter)
    else:
        fresh = reference(plan, inputs.template, inputs.structure, quarter).package
    own = read_inputs(fresh)
    given = inputs.of(Species.FACT, Species.SETTING, Species.TEXT)
    values, left = carried(given, Places(own))
    if left:
        raise WorkbookError(
            f"{left[0].identity} has no place in a fresh workbook", where=f"{path}, {left[0].cell}"
        )
    filled = Package(fresh.patch(values, insert=True), fresh.path)
    calculation = recalculate_package(filled, plan=plan)
    period = {own.period: inputs.period}  # the fresh one's quarter may be what it was given

    def same(identity: Identity) -> Identity:
        return replace(identity, period=period.get(identity.period, identity.period))

    proven: dict[Identity, CellValue] = {
        same(total.identity): calculation.changes.get(total.sheet, {}).get(total.key, total.value)
        for total in own.totals
        if total.species is Species.RESULT
    }
    different = [
        identity
        for identity, result in results.items()
        if identity in proven and not _same(result.value, proven[identity])
    ]
    parents = {node.code: node.parent for node in plan.nodes}
    above = {(code, one.measure) for one in different for code in _above(one.item, parents)}
    differences = [
        Difference(
            path,
            identity,
            results[identity].cell,
            results[identity].value,
            proven[identity],
            begins=(identity.item, identity.measure) not in above,
        )
        for identity in different
    ]
    made = {same(total.identity) for total in own.totals if total.species is Species.RESULT and total.formula}
    overtyped = [result for identity, result in results.items() if identity in made and not result.formula]
    planned = {same(one.identity): one.value for one in own.of(Species.SETTING)}
    chosen = [
        one
        for one in inputs.of(Species.SETTING)
        if one.identity.measure != QUARTER
        and (planned.get(one.identity) is not None or one.identity.measure.startswith(OWN))
        and not _same(one.value, planned.get(one.identity))
    ]
    return Proof(overtyped, differences, chosen)


def _same(value: CellValue, other: CellValue) -> bool:
    """Whether two values are the same; nothing and an empty text are, and numbers that only rounding separates."""
    if _is_number(value) and _is_number(other):
        return math.isclose(value, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
    return same_value(None if value == "" else value, None if other == "" else other)


def _is_number(value: CellValue) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _above(item: str, parents: Mapping[str, str | None]) -> list[str]:
    """The nodes above a node."""
    found = []
    seen = parents.get(item)
    while seen is not None:
        found.append(seen)
        seen = parents.get(seen)
    return found
