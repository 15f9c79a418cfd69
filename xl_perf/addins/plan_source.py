"""An edition of the plan as Python source, for front ends that cannot read the data files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan

_HEAD = '''\
"""An edition of the plan, made from its data files: what the functions look up, without the published results."""

import datetime as dt

from xl_perf.plan.model import *

'''


def plan_source(plan: Plan) -> str:
    """A module that holds `PLAN`, equal to the plan but for the published results and where values stand in the files.

    Args:
        plan: an edition.

    Returns:
        Source text; floats keep every bit.
    """
    lean = replace(
        plan,
        actuals=(),
        actual_items={},
        sums=(),
        defects=(),
        targets=tuple(replace(target, where="") for target in plan.targets),
        _index={},
    )
    names = {id(target): f"_TARGETS[{place}]" for place, target in enumerate(lean.targets)}
    by_key: dict[tuple[str, str, str], list[str]] = {}
    places = {id(target): names[id(kept)] for target, kept in zip(plan.targets, lean.targets, strict=True)}
    for key, found in plan._index.items():  # noqa: SLF001  # the loader's own order of knowledge
        by_key[key] = [places[id(target)] for target in found]
    index = ",\n".join(f"{key!r}: ({', '.join(found)},)" for key, found in sorted(by_key.items()))
    values = ",\n".join(
        f"{field.name}={_special(field.name) or _literal(getattr(lean, field.name))}"
        for field in fields(lean)
    )
    targets = ",\n".join(_literal(target) for target in lean.targets)
    return f"{_HEAD}_TARGETS = (\n{targets},\n)\n_INDEX = {{\n{index}\n}}\nPLAN = Plan(\n{values},\n)\n"


def _special(name: str) -> str:
    return {"targets": "_TARGETS", "_index": "_INDEX"}.get(name, "")


def _literal(value: object) -> str:
    """An expression that gives the value again."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if is_dataclass(value):
        return f"{type(value).__name__}({', '.join(_literal(getattr(value, f.name)) for f in fields(value))})"
    if isinstance(value, tuple):
        return f"({''.join(_literal(item) + ', ' for item in value)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, dt.date):
        return f"dt.date({value.year}, {value.month}, {value.day})"
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    raise TypeError(f"no literal for {type(value).__name__}")
