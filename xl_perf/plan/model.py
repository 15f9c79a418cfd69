"""An edition of the plan: frozen, typed, every value with its unit and its origin, and how values are found in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, TargetNotFoundError, UnknownNameError
from xl_perf.plan import history
from xl_perf.plan.content import PlanContent
from xl_perf.plan.entities import (
    TERRITORY,
    Act,
    Direction,
    Document,
    Indicator,
    Source,
    Status,
    Structure,
    StructureKind,
    System,
    Unit,
)
from xl_perf.plan.facts import (
    Actual,
    ActualItem,
    Band,
    BandedRatio,
    Defect,
    Line,
    Parameter,
    Programme,
    Project,
    ProjectKind,
    Reprint,
    SumRule,
    Target,
    Weight,
)
from xl_perf.plan.models import DOCUMENTS
from xl_perf.plan.names import Names

if TYPE_CHECKING:
    import datetime as dt

    from xl_perf.plan.models import ModelData
    from xl_perf.plan.nodes import Node, TargetRule

__all__ = [
    "TERRITORY",
    "Act",
    "Actual",
    "ActualItem",
    "Band",
    "BandedRatio",
    "Defect",
    "Direction",
    "Document",
    "Indicator",
    "Line",
    "Parameter",
    "Plan",
    "Programme",
    "Project",
    "ProjectKind",
    "Reprint",
    "Source",
    "Status",
    "Structure",
    "StructureKind",
    "SumRule",
    "System",
    "Target",
    "Unit",
    "Weight",
]


@dataclass(frozen=True)
class Plan(PlanContent):
    """A validated edition of the plan. Build it with `xl_perf.plan.load_edition`."""

    @property
    def latest_act(self) -> Act:
        """The act that amended the plan last."""
        return max(self.acts.values(), key=lambda act: act.date)

    def as_known_on(self, date: dt.date) -> Plan:
        """The plan as it was known on a date (see `plan.history`); what acts set later is not in it.

        Raises:
            PlanError: the date is before the first act.
        """
        return history.as_known_on(self, date)

    def target(
        self, indicator: str, structure: str, period: str | None = None, known_on: dt.date | None = None
    ) -> Target:
        """The target for a period as it was known on a date.

        Args:
            indicator: code of the indicator.
            structure: code of the structure.
            period: period of the target; the edition's year when None.
            known_on: date of knowledge; the newest when None.

        Raises:
            TargetNotFoundError: unknown indicator, structure or period, or nothing known yet on that date.
        """
        period = period or self.period
        found = self._index.get((indicator, structure, period), ())
        if known_on is not None:
            known = tuple(target for target in found if target.known_from <= known_on)
            if found and not known:
                raise TargetNotFoundError(
                    f"the target {indicator} for {structure}, {period} was not known on {known_on:%Y-%m-%d}",
                    where=self.id,
                    expected=f"a date from {found[0].known_from:%Y-%m-%d} on",
                )
            found = known
        if not found:
            raise self._not_found(indicator, structure, period)
        return found[-1]

    def _not_found(self, indicator: str, structure: str, period: str) -> TargetNotFoundError:
        if indicator not in self.indicators:
            what = f"unknown indicator {indicator!r}"
        elif structure not in self.structures:
            what = f"unknown structure {structure!r}"
        else:
            periods = sorted({p for (i, s, p) in self._index if (i, s) == (indicator, structure)})
            what = f"no target {indicator} for {structure} in period {period}"
            if periods:
                what += f" (there are: {', '.join(periods)})"
        return TargetNotFoundError(
            what, where=self.id, remedy="see `xl-perf plan show` for what the edition holds"
        )

    @cached_property
    def national(self) -> str:
        """Code of the structure that stands for the whole institute."""
        return next(s.code for s in self.structures.values() if s.kind is StructureKind.NATIONAL)

    def role(self, name: str) -> str:
        """The code that plays a role in functions and checks.

        Raises:
            PlanError: the edition does not fill the role, or fills it with several codes.
        """
        return self.roles.role(name)

    def codes(self, role: str) -> tuple[str, ...]:
        """All codes that play a role in functions and checks; none where the edition does not fill it."""
        return self.roles.roles.get(role, ())

    def role_parameter(self, role: str) -> float:
        """Value of the parameter that plays a role.

        Raises:
            PlanError: the edition does not fill the role, or with something that is no parameter.
        """
        return self.parameter(self.role(role))

    def model(self, name: str) -> ModelData:
        """What an official workbook takes from the edition.

        Raises:
            UnknownNameError: the edition has no data for that workbook.
        """
        if name not in self.models:
            there = f"one of: {', '.join(sorted(self.models.keys() - DOCUMENTS))}" if self.models else ""
            raise UnknownNameError(
                f"the edition has no data for the workbook {name}", where=self.id, expected=there
            )
        return self.models[name]

    def indicators_of(self, system: str) -> tuple[Indicator, ...]:
        """The indicators of a measurement system in the order of the plan's table."""
        found = [each for each in self.indicators.values() if each.system == system]
        return tuple(sorted(found, key=lambda each: each.order))

    def nodes_of(self, tree: str) -> tuple[Node, ...]:
        """The nodes of a weighted tree, a parent before its children.

        Raises:
            PlanError: no tree of that name.
        """
        found = tuple(node for node in self.nodes if node.tree == tree)
        if not found:
            raise PlanError(f"no tree {tree!r}", where=self.id)
        return found

    def node(self, code: str) -> Node:
        """The node of a code.

        Raises:
            PlanError: no node of that code.
        """
        found = next((node for node in self.nodes if node.code == code), None)
        if found is None:
            raise PlanError(f"unknown node {code!r}", where=self.id)
        return found

    def children(self, code: str) -> tuple[Node, ...]:
        """The nodes directly below a node, in their order; none below a leaf."""
        return tuple(node for node in self.nodes if node.parent == code)

    def rule(self, indicator: str, structure: str, period: str) -> TargetRule | None:
        """The rule that sets a target; None where the plan has none."""
        key = (indicator, structure, period)
        return next((r for r in self.target_rules if (r.indicator, r.structure, r.period) == key), None)

    def lines_of(self, system: str) -> tuple[Line, ...]:
        """The lines of a measurement system in the order of its files."""
        return tuple(line for line in self.lines if line.system == system)

    def structures_of(self, *kinds: StructureKind) -> tuple[Structure, ...]:
        """The structures of some kinds (those of Tabella A when none is given), in the order of the plan."""
        wanted = kinds or TERRITORY
        return tuple(sorted((s for s in self.structures.values() if s.kind in wanted), key=lambda s: s.order))

    def central(self) -> tuple[Structure, ...]:
        """The central structures below the Direzione generale, in the order of strutture_centrali.csv."""
        return self.structures_of(*(k for k in StructureKind if k not in (*TERRITORY, StructureKind.GENERAL)))

    def projects_of(self, structure: str) -> tuple[Project, ...]:
        """The projects and strategic activities of a structure, in the order of the register."""
        return tuple(project for project in self.projects if project.structure == structure)

    def regional(self) -> tuple[Structure, ...]:
        """The 20 regions and 3 DCM in the order of Tabella A."""
        return tuple(s for s in self.structures_of() if s.is_regional)

    def parameter(self, code: str) -> float:
        """Value of a parameter.

        Raises:
            PlanError: no parameter of that code.
        """
        if code not in self.parameters:
            raise PlanError(f"unknown parameter {code!r}", where=self.id)
        return self.parameters[code].value

    def weights_of(self, node: str) -> tuple[Weight, ...]:
        """The weights of a node in the order of the data; they sum to 1.

        Raises:
            PlanError: no weights for that node.
        """
        found = tuple(weight for weight in self.weights if weight.node == node)
        if not found:
            raise PlanError(f"no weights for {node!r}", where=self.id)
        return found

    @cached_property
    def names(self) -> Names:
        """The names of the structures as people write them."""
        return Names.of(self.structures.values())

    def structure(self, name: str) -> Structure:
        """The structure of a name: code or alias, without regard to case, accents and signs (see `plan.names`).

        Raises:
            UnknownNameError: no structure of that name; the message offers the nearest ones.
        """
        return self.structures[self.names.code(name, self.id)]

    def actual(
        self,
        item: str,
        period: str,
        measure: str = "consuntivo",
        structure: str | None = None,
        document: str | None = None,
    ) -> Actual:
        """A published result.

        Args:
            item: code of the item.
            period: year of the result.
            measure: what was published of it (see `Actual`).
            structure: code of the structure; the whole institute when None.
            document: document that printed it; the newest that did when None (values are restated).

        Raises:
            PlanError: nothing published under that key.
        """
        structure = structure or self.national
        key = (item, period, measure, structure)
        found = [
            each
            for each in self.actuals
            if (each.item, each.period, each.measure, each.structure) == key
            and document in (None, each.source.document)
        ]
        if not found:
            by = f" in {document}" if document else ""
            raise PlanError(f"no published {measure} of {item} for {structure}, {period}{by}", where=self.id)
        return max(found, key=lambda actual: self.documents[actual.source.document].year)
