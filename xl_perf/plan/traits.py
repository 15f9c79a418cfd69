"""What an indicator is, as numbers in cells: its direction, its sign and level in a table whose rows add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, TargetNotFoundError
from xl_perf.plan.model import Status
from xl_perf.plan.shown import TargetCell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.plan.model import Indicator, Line, Plan

TRAIT = "caratteristica"
"""The kind of key in `tblObiettivi`."""
DIRECTION, SIGN, LEVEL, SIGN_IN_ALL = "verso", "segno", "livello", "segno nel totale"


def ancestry(plan: Plan, indicator: Indicator) -> list[Indicator]:
    """An indicator and the rows of its table that it adds up to, the nearest first."""
    found = [indicator]
    while found[-1].parent:
        found.append(plan.indicators[found[-1].parent])
    return found


def item_of_line(plan: Plan, line: Line) -> Indicator:
    """The row of a table that a line repeats; its code ends with the row's.

    Raises:
        PlanError: no indicator's code ends the line's.
    """
    codes = [code for code in plan.indicators if line.code.endswith(f".{code}")]
    if not codes:
        raise PlanError(
            f"the line {line.code!r} repeats no indicator",
            where=plan.id,
            expected="a code that ends with an indicator's",
        )
    return plan.indicators[max(codes, key=len)]


def level(plan: Plan, indicator: Indicator) -> int | None:
    """How deep a row stands in a table that adds up: 0 the sections, 1 their parts; None for the total."""
    above = [row.code for row in ancestry(plan, indicator)[1:]]
    total = plan.codes("totale_ieep")
    return None if indicator.code in total else len([code for code in above if code not in total])


def sign_in_all(plan: Plan, indicator: Indicator) -> int:
    """1, or -1 for what the total subtracts (interessi legali), however deep the row stands."""
    sign = 1
    for row in ancestry(plan, indicator):
        sign *= row.sign
    return sign


_FIELDS: Mapping[str, Callable[[Plan, Indicator], int | None]] = {
    DIRECTION: lambda _, indicator: int(indicator.direction),
    SIGN: lambda plan, indicator: None if level(plan, indicator) is None else indicator.sign,
    LEVEL: level,
    SIGN_IN_ALL: sign_in_all,
}


def of_trait(plan: Plan, field: str, _period: str, code: str) -> TargetCell:
    """A trait as a cell shows it.

    Args:
        plan: the edition.
        field: `verso` (1, or -1 where lower is better), `segno`, `livello` or `segno nel totale`.
        code: an indicator, or a line that repeats one.

    Raises:
        TargetNotFoundError: no such indicator or line.
        PlanError: no such trait.
    """
    if field not in _FIELDS:
        raise PlanError(f"unknown trait {field!r}", where=plan.id, expected=f"one of {', '.join(_FIELDS)}")
    indicator = plan.indicators.get(code)
    if indicator is None:
        line = next((line for line in plan.lines if line.code == code), None)
        if line is None:
            raise TargetNotFoundError(f"no indicator or line {code!r}", where=plan.id)
        indicator = item_of_line(plan, line)
    return TargetCell(
        code, "", "", f"{field} di «{indicator.title}»", _FIELDS[field](plan, indicator), "", indicator.source, "", "",
        Status.PUBLISHED,
    )  # fmt: skip
