"""Numbers of the plan that stand for arguments left out: those of the edition in use.

The edition in use is the newest one, or within `use(plan)` that plan.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xl_perf.plan.model import Indicator, Plan

    Value = TypeVar("Value")

WEIGHT_TOLERANCE = 1e-9
"""How far a sum of weights may be from 1 or 100: noise of floats, not a number of the plan."""

_IN_USE: ContextVar[Plan | None] = ContextVar("edition in use", default=None)
_REMEMBERED = 8
"""Editions of which what has been read is kept."""


def edition(name: str | None = None) -> Plan:
    """The edition of an id, the one in use when None.

    Raises:
        PlanError: unknown edition.
    """
    used = _IN_USE.get()
    return used if used is not None and name in (None, used.id) else _loaded(name)


@lru_cache(maxsize=_REMEMBERED)
def _loaded(name: str | None) -> Plan:
    from xl_perf.plan import load_edition, when_forgotten  # noqa: PLC0415  # the plan is loaded on first use

    when_forgotten(_loaded.cache_clear)
    return load_edition(name)


@contextmanager
def use(plan: Plan) -> Iterator[None]:
    """Within it, arguments left out have the value of this edition, and targets are looked up there."""
    token = _IN_USE.set(plan)
    try:
        yield
    finally:
        _IN_USE.reset(token)


def of_edition(read: Callable[[Plan], Value]) -> Callable[[], Value]:
    """A function that gives what `read` finds in the edition in use, read once for each edition."""
    found: dict[int, tuple[Plan, Value]] = {}

    @wraps(read)
    def value() -> Value:
        plan = _IN_USE.get() or _loaded(None)
        held = found.get(id(plan))
        if held is None:
            if len(found) >= _REMEMBERED:
                found.clear()
            held = found[id(plan)] = plan, read(plan)  # the plan is held too: its id stays its own
        return held[1]

    return value


def parameter(role: str) -> Callable[[], float]:
    """A function that gives the parameter of a role in the edition in use; it raises PlanError where there is none."""
    return of_edition(lambda plan: float(plan.role_parameter(role)))


def constant(number: float) -> Callable[[], float]:
    """A function that gives a default that is a convention, not a number of the plan."""
    return lambda: number


def weight(node: str, member: str) -> Callable[[], float]:
    """A function that gives a weight of the edition in use by the roles of the node and of its member.

    It raises PlanError where there is none.
    """
    return of_edition(lambda plan: weights_in(plan, plan.role(node), (plan.role(member),))[0])


def weights_in(plan: Plan, node: str, members: Any) -> tuple[float, ...]:
    """Weights of the members of a node, in the order asked for.

    Raises:
        PlanError: the edition has no such node, or not these members.
    """
    found = {given.member: given.value for given in plan.weights_of(node)}
    missing = [member for member in members if member not in found]
    if missing:
        raise PlanError(f"no weight of {', '.join(missing)} in the node {node!r}", where=plan.id)
    return tuple(found[member] for member in members)


@of_edition
def public_value_weights(plan: Plan) -> tuple[float, ...]:
    """Weights of the indices of the valore pubblico: gestionale, istituzionale, strategica."""
    indices = [plan.role(name) for name in ("gestionale", "istituzionale", "strategica")]
    return weights_in(plan, plan.role("valore_pubblico"), indices)


@of_edition
def cost_weights(plan: Plan) -> tuple[float, ...]:
    """Weights of the standard-cost indicators in the order of the plan's table."""
    weights = {given.member: given.value for given in plan.weights_of(plan.role("pesi_costi"))}
    codes = (row.code for row in _table(plan, plan.role("indice_costi")))
    return tuple(weights[code] for code in codes if code in weights)


@of_edition
def ieep_signs(plan: Plan) -> tuple[float, ...]:
    """Sign of each row of the IEEP table, how it counts in the row that it is part of; NaN for the total."""
    total = plan.role("totale_ieep")
    return tuple(math.nan if row.code == total else float(row.sign) for row in _table(plan, total))


@of_edition
def ieep_levels(plan: Plan) -> tuple[float, ...]:
    """Level of each row of the IEEP table: 0 the sections, 1 their parts, and so on; NaN for the total.

    Raises:
        PlanError: a row does not stand below the one that it is part of.
    """
    total = plan.role("totale_ieep")
    levels: dict[str | None, int] = {None: -1, total: -1}
    found = []
    for row in _table(plan, total):
        if row.parent not in levels:
            raise PlanError(f"{row.code} stands above {row.parent}, which it is part of", where=plan.id)
        found.append(math.nan if row.code == total else float(levels[row.parent] + 1))
        levels.setdefault(row.code, levels[row.parent] + 1)
    return tuple(found)


def _table(plan: Plan, code: str) -> tuple[Indicator, ...]:
    """The rows of the table that an indicator stands in, in their order."""
    return plan.indicators_of(plan.indicators[code].system)


@of_edition
def bands(plan: Plan) -> tuple[tuple[float, float, float], ...]:
    """Bands of the controllo del processo, a row each: number of the ratio, upper end (%, NaN: open), points."""
    if not plan.banded_ratios:
        raise PlanError("the edition has no bands of the controllo del processo", where=plan.id)
    return tuple(
        (float(place), math.nan if band.upper is None else float(band.upper), float(band.points))
        for place, ratio in enumerate(plan.banded_ratios, 1)
        for band in ratio.bands
    )
