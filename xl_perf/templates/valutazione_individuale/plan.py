"""What the plan evaluates of people: purposes with their weights, parts of the group objectives, categories, levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.titles import weight_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.plan.models import ModelData

_PARTS = ("giacenza", "deflusso", "qualita")
"""Parts of the group objectives that the workbook can measure; the roles begin with `gruppo_`."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose of the evaluation: its title and the nodes of its weights, with and without position."""

    title: str
    with_position: str
    without_position: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an edition says of individual performance, by the part that its codes play.

    Attributes:
        purposes: the main one first.
        dimensions: indicators of group, contribution and skills; PERF_INDIVIDUALE takes the weights in this order.
        group_node: node of the weights of the group objectives.
        group_parts: part of the group objectives -> its indicator, in the order of the weights.
        area_node: node of the weights of the areas of giacenza.
        base: parameter of the base of the indices of giacenza.
        flow_target: parameter of the target of deflusso; empty where deflusso is no group objective.
        levels: parameters of the coefficients of the TEP, in the order of the levels.
        categories: nodes of the weights of dirigenti, professionisti ...
        measures: indicators that the categories are evaluated by, in the order of their weights.
        merit: parameters of the years in the high band: consecutive, not consecutive; empty where the plan has none.
    """

    purposes: Sequence[Purpose]
    dimensions: Sequence[str]
    group_node: str
    group_parts: Mapping[str, str]
    area_node: str
    base: str
    flow_target: str
    levels: Sequence[str]
    categories: Sequence[str]
    measures: Sequence[str]
    merit: Sequence[str]

    @property
    def nodes(self) -> list[str]:
        """Every node whose weights the workbook shows."""
        purposes = (node for p in self.purposes for node in (p.with_position, p.without_position))
        return list(dict.fromkeys([self.group_node, self.area_node, *purposes, *self.categories]))


def evaluation_of(plan: Plan, data: ModelData) -> Evaluation:
    """What an edition says of individual performance.

    Raises:
        PlanError: a role is not filled, or the members of a node are not what its part in the workbook asks for.
    """
    with_position, without = data.codes("pesi_con_po"), data.codes("pesi_senza_po")
    dimensions = data.codes("dimensioni")
    if len(with_position) != len(without) or len(dimensions) != 3:
        raise PlanError(
            "the roles of the purposes do not fit each other",
            where=data.where,
            expected="as many pesi_con_po as pesi_senza_po, three dimensioni",
        )
    for node in (*with_position, *without):
        _expect(plan, data, node, dimensions)
    parts = {data.role(f"gruppo_{part}"): part for part in _PARTS if data.has(f"gruppo_{part}")}
    group = data.role("pesi_gruppo")
    members = members_of(plan, group)
    _expect(plan, data, group, [member for member in members if member in parts])
    categories = data.codes("categorie")
    measures = members_of(plan, categories[0])
    for node in categories:
        _expect(plan, data, node, measures)
    return Evaluation(
        purposes=[
            Purpose(weight_title(plan, one).partition(",")[0], one, other)
            for one, other in zip(with_position, without, strict=True)
        ],
        dimensions=dimensions,
        group_node=group,
        group_parts={parts[member]: member for member in members},
        area_node=data.role("pesi_aree"),
        base=data.role("base_giacenza"),
        flow_target=data.role("obiettivo_deflusso") if "deflusso" in parts.values() else "",
        levels=data.codes("livelli_tep"),
        categories=categories,
        measures=measures,
        merit=data.codes("anni_merito") if data.has("anni_merito") else (),
    )


def members_of(plan: Plan, node: str) -> list[str]:
    """The indicators that share the weights of a node, in their order."""
    found = []
    for weight in plan.weights_of(node):
        known = weight.member in plan.indicators
        found.append(weight.member if known else plan.node(weight.member).indicator or "")
    return found


def _expect(plan: Plan, data: ModelData, node: str, wanted: Sequence[str]) -> None:
    found = members_of(plan, node)
    if list(found) != list(wanted):
        raise PlanError(
            f"the weights of {node!r} are those of {', '.join(found)}",
            where=data.where,
            expected=f"{', '.join(wanted) or 'known parts'}, in this order",
        )
