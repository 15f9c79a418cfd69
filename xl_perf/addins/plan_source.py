"""An edition of the plan as Python source, for front ends that cannot read the data files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan

_KEPT = (
    *("id", "title", "period", "valid_from", "documents", "acts", "structures", "indicators", "targets"),
    *("parameters", "weights", "banded_ratios", "data_hash", "systems", "models", "roles", "nodes", "_index"),
)
"""What functions look up. Published results, registers, records and texts are for the actions, which
ask for the whole edition."""

_HEAD = '''\
"""An edition of the plan, made from its data files: what the functions look up; `whole` gives all of it."""

import datetime as dt
from dataclasses import replace

{imports}

'''
_TAIL = '''\


def whole():
    """The edition with its published results, registers and texts."""
    scope = {{"dt": dt, **globals()}}
    exec(_REST_IMPORTS, scope)
    return replace(PLAN, **eval(_REST, scope))


_REST_IMPORTS = {imports!r}
_REST = {rest!r}
'''


def plan_modules(plan: Plan) -> list[str]:
    """The modules that define what the source of a plan is made of."""
    return sorted({kind.__module__ for source in (_lean(plan), _rest(plan)) for kind in source.kinds})


def plan_source(plan: Plan) -> str:
    """A module that holds `PLAN`, equal to the plan but for the published results and where values stand in the files.

    Its function `whole` gives the plan with the rest; what that is made of is read when it is called first.

    Args:
        plan: an edition.

    Returns:
        Source text; floats keep every bit.
    """
    lean, rest = _lean(plan), _rest(plan)
    tail = _TAIL.format(imports=rest.imports(), rest=rest.body)
    return f"{_HEAD.format(imports=lean.imports())}{lean.body}{tail}"


@dataclass(slots=True)
class _Source:
    """Source text under way, and the classes that it uses."""

    body: str = ""
    kinds: set[type] = field(default_factory=set)

    def imports(self) -> str:
        """The imports of the classes."""
        names = sorted((kind.__module__, kind.__name__) for kind in self.kinds)
        return "\n".join(f"from {module} import {name}" for module, name in names)

    def literal(self, value: object) -> str:
        """An expression that gives the value again."""
        if isinstance(value, Enum):
            self.kinds.add(type(value))
            return f"{type(value).__name__}.{value.name}"
        if is_dataclass(value):
            self.kinds.add(type(value))
            given = [
                ("" if f.default is f.default_factory is MISSING else f"{f.name}=")
                + self.literal(getattr(value, f.name))
                for f in fields(value)
                if _says(value, f)
            ]
            return f"{type(value).__name__}({', '.join(given)})"
        if isinstance(value, tuple):
            return f"({''.join(self.literal(item) + ', ' for item in value)})"
        if isinstance(value, (set, frozenset)):
            return f"frozenset(({''.join(sorted(self.literal(item) + ', ' for item in value))}))"
        if isinstance(value, Mapping):
            items = (f"{self.literal(key)}: {self.literal(item)}" for key, item in value.items())
            return f"{{{', '.join(items)}}}"
        if isinstance(value, dt.date):
            return f"dt.date({value.year}, {value.month}, {value.day})"
        if value is None or isinstance(value, (bool, int, float, str)):
            return repr(value)
        raise TypeError(f"no literal for {type(value).__name__}")


def _says(value: object, field_of: Field[object]) -> bool:
    """Whether a field differs from its default and has to be given."""
    return field_of.default is MISSING or getattr(value, field_of.name) != field_of.default


def _lean(plan: Plan) -> _Source:
    """The source of a plan without what no function looks up."""
    source = _Source()
    targets = [replace(target, where="") for target in plan.targets]
    places = {id(target): f"_TARGETS[{place}]" for place, target in enumerate(plan.targets)}
    by_key = sorted(plan._index.items())  # noqa: SLF001  # the loader's own order of knowledge
    index = ",\n".join(
        f"{key!r}: ({', '.join(places[id(target)] for target in found)},)" for key, found in by_key
    )
    special = {"targets": "_TARGETS", "_index": "_INDEX"}
    for left_out in {f.name for f in fields(plan)} - {*_KEPT}:
        special[left_out] = "{}" if isinstance(getattr(plan, left_out), Mapping) else "()"
    lines = [f"{f.name}={special.get(f.name) or source.literal(getattr(plan, f.name))}" for f in fields(plan)]
    body = ",\n".join(source.literal(target) for target in targets)
    source.kinds.add(type(plan))
    values = ",\n".join(lines)
    source.body = f"_TARGETS = (\n{body},\n)\n_INDEX = {{\n{index}\n}}\nPLAN = Plan(\n{values},\n)\n"
    return source


def _rest(plan: Plan) -> _Source:
    """The source of a dictionary with all that the lean plan leaves out."""
    source = _Source()
    left_out = [f.name for f in fields(plan) if f.name not in _KEPT]
    source.body = (
        "{" + ", ".join(f"{name!r}: {source.literal(getattr(plan, name))}" for name in left_out) + "}"
    )
    return source
