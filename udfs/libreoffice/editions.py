"""Editions of the plan inside the Calc add-in: the same `Plan` as `xl_perf.plan` loads, from modules made at build time.

Takes the place of `xl_perf.plan` in the extension, whose Python may be too old for the data files' reader.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING

from xl_perf_calc.plan_data import EDITIONS  # type: ignore[import-not-found]  # made at build time

from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan

__all__ = ["edition_ids", "load_edition"]


def edition_ids() -> tuple[str, ...]:
    """Ids of the editions in the extension, sorted, so that the newest is last."""
    return tuple(sorted(EDITIONS))


@cache
def load_edition(edition: str | None = None) -> Plan:
    """An edition, loaded once per process.

    Args:
        edition: id of the edition; the newest when None.

    Raises:
        PlanError: unknown edition.
    """
    name = edition_ids()[-1] if edition is None else edition
    if name not in EDITIONS:
        raise PlanError(f"unknown edition {name!r}", expected=f"one of {', '.join(edition_ids())}")
    plan: Plan = importlib.import_module(f"xl_perf_calc.plan_data.{EDITIONS[name]}").PLAN
    return plan
