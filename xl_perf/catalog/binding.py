"""Numbers of the plan that functions are bound to, read from the newest edition on first use."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from xl_perf.compute.process import BandRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan

WEIGHT_TOLERANCE = 1e-9
"""How far a sum of weights may be from 1 or 100: noise of floats, not a number of the plan."""


@lru_cache(maxsize=8)
def edition(name: str | None = None) -> Plan:
    """An edition of the package, the newest when None."""
    from xl_perf.plan import load_edition  # noqa: PLC0415  # the plan is loaded on first use

    return load_edition(name)


def parameter(code: str) -> Callable[[], float]:
    """A function that gives a parameter of the plan."""

    @cache
    def value() -> float:
        return edition().parameter(code)

    return value


def constant(number: float) -> Callable[[], float]:
    """A function that gives a default that is a convention, not a number of the plan."""
    return lambda: number


@cache
def section_weights() -> tuple[float, float]:
    """Weights of the two sections of the IEEP: entrate, prestazioni."""
    weights = {weight.member: weight.value for weight in edition().weights_of("ieep")}
    return weights["ieep.entrate"], weights["ieep.prestazioni"]


@cache
def public_value_weights() -> tuple[float, ...]:
    """Weights of the indices of the valore pubblico: gestionale, istituzionale, strategica."""
    weights = {weight.member: weight.value for weight in edition().weights_of("piramide.valore_pubblico")}
    return tuple(weights[f"piramide.{name}"] for name in ("gestionale", "istituzionale", "strategica"))


@cache
def cost_weights() -> tuple[float, ...]:
    """Weights of the standard-cost indicators in the order of the plan's table."""
    weights = {weight.member: weight.value for weight in edition().weights_of("costi_standard")}
    codes = (indicator.code for indicator in edition().indicators_of("costi_standard"))
    return tuple(weights[code] for code in codes if code in weights)


@cache
def ieep_rows() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Rows of the IEEP table: position of the parent of each (-1: none), and its sign."""
    rows = edition().indicators_of("ieep")
    position = {row.code: number for number, row in enumerate(rows)}
    parents = tuple(-1 if row.parent is None else position[row.parent] for row in rows)
    return parents, tuple(row.sign for row in rows)


@cache
def band_rules() -> tuple[BandRule, ...]:
    """Bands of the ratios of the controllo del processo produttivo, in the order of the plan."""
    return tuple(
        BandRule(
            tuple(
                (band.number, math.inf if band.upper is None else band.upper, band.points)
                for band in ratio.bands
            ),
            ratio.undefined,
        )
        for ratio in edition().banded_ratios
    )


@cache
def percent_steps() -> int:
    """Steps in one percent to which the ratios are rounded before their band is looked for."""
    return int(10 ** edition().parameter("controllo_processo.decimali"))
