"""What an edition of the plan holds; `xl_perf.plan.model.Plan` finds values in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.plan.models import NO_ROLES, Roles

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from xl_perf.plan.entities import Act, Document, Indicator, Structure, System
    from xl_perf.plan.facts import (
        Actual,
        ActualItem,
        BandedRatio,
        Defect,
        Line,
        Parameter,
        Programme,
        Project,
        Reprint,
        SumRule,
        Target,
        Weight,
    )
    from xl_perf.plan.history import Revision
    from xl_perf.plan.measures import Equality, Measure
    from xl_perf.plan.models import ModelData
    from xl_perf.plan.nodes import Node, TargetRule
    from xl_perf.plan.reading.amendments import Amendment
    from xl_perf.plan.reading.descriptions import Description
    from xl_perf.plan.reading.outcomes import Part
    from xl_perf.plan.reading.same import SameNumber


@dataclass(frozen=True)
class PlanContent:
    """The data of an edition, as its files give them."""

    id: str
    title: str
    period: str
    """Year that the annual targets are for, e.g. `2021`."""
    valid_from: dt.date
    documents: Mapping[str, Document]
    acts: Mapping[str, Act]
    structures: Mapping[str, Structure]
    indicators: Mapping[str, Indicator]
    targets: tuple[Target, ...]
    actual_items: Mapping[str, ActualItem]
    actuals: tuple[Actual, ...]
    parameters: Mapping[str, Parameter]
    weights: tuple[Weight, ...]
    banded_ratios: tuple[BandedRatio, ...]
    defects: tuple[Defect, ...]
    data_hash: str
    """SHA-256 over the names and bytes of the edition's data files."""
    _index: Mapping[tuple[str, str, str], tuple[Target, ...]] = field(repr=False)
    """(indicator, structure, period) -> targets, oldest knowledge first."""
    systems: Mapping[str, System] = field(default_factory=dict)
    sums: tuple[SumRule, ...] = ()
    reprints: tuple[Reprint, ...] = ()
    lines: tuple[Line, ...] = ()
    projects: tuple[Project, ...] = ()
    nodes: tuple[Node, ...] = ()
    target_rules: tuple[TargetRule, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    programme: tuple[Programme, ...] = ()
    descriptions: tuple[Description, ...] = ()
    result_parts: tuple[Part, ...] = ()
    """What the published results of the objectives are made of."""
    same: tuple[SameNumber, ...] = ()
    """Numbers that the plan gives twice."""
    revisions: tuple[Revision, ...] = ()
    """What acts changed apart from targets, oldest first: the earlier version and the one that replaced it."""
    models: Mapping[str, ModelData] = field(default_factory=dict)
    roles: Roles = NO_ROLES
    """Codes by the part that they play in functions and checks."""
    measures: Mapping[tuple[str, str], Measure] = field(default_factory=dict)
    """(item, measure) -> what an input means."""
    equalities: tuple[Equality, ...] = ()
    """Facts that two workbooks ask for under different names."""

    def has_target(self, indicator: str, structure: str, period: str | None = None) -> bool:
        """Whether the plan sets a target for a structure; the edition's year when no period is given."""
        return bool(self._index.get((indicator, structure, period or self.period)))
