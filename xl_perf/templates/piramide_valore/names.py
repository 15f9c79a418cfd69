"""Names that the sheets of `piramide_valore.xlsx` share, and where its tables stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.plan.model import Direction, Unit
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import STATE
from xl_perf.templates.kit.model import Column
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Indicator, Plan
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed, Row
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.kit.tree_order import TreeOrder

TEMPLATE = "piramide_valore"
WHOLE, MANAGEMENT, IMPACT, STRATEGY = "valore_pubblico", "gestionale", "istituzionale", "strategica"
INDICES = (MANAGEMENT, IMPACT, STRATEGY)
"""Roles of the three indices in the order of the arguments of VALORE_PUBBLICO."""
OBJECTIVES = "obiettivi"
"""Role of the obiettivi generali di ente."""
DISPOSALS = ("dismissione_unita", "dismissione_valore")
"""Roles of the two indicators of the disposal of real estate."""

S_TREE, S_ACTUALS, S_PROJECTS, S_WEIGHTS = "Piramide", "Consuntivi", "Progetti", "Pesi"
S_YEARS, S_YEAR, S_RULES = "Triennio", "Impatto e prospettive", "Regole"

SCORE, VERDICT, COVERAGE, WEIGHT, GOAL, ACTUAL = (
    "Punteggio",
    "Esito",
    "Copertura",
    "Peso in uso",
    "Obiettivo",
    "Consuntivo",
)
TITLE, KIND, UNIT = "Voce", "Tipo", "Unità"
BASELINE = "Baseline"
RULED = "Obiettivo da regola"
DONE = "Realizzazione"

KIND_WORDS = {
    NodeKind.NODE: "sintesi",
    NodeKind.GROUP: "gruppo",
    NodeKind.INDICATOR: "indicatore",
    NodeKind.PROJECT: "progetto",
}

_SHORT = {WHOLE: "Valore pubblico", MANAGEMENT: "Gestionale", IMPACT: "Istituzionale", STRATEGY: "Strategica"}
_LINK = re.compile(r" - | e |/")
"""What separates the first part of a long title from the rest."""


def nodes_of(plan: Plan) -> tuple[Node, ...]:
    """The nodes of an edition's pyramid: the tree that its obiettivi generali are part of.

    Raises:
        PlanError: the edition has no data for the workbook.
    """
    first = plan.model(TEMPLATE).codes(OBJECTIVES)[0]
    return plan.nodes_of(plan.node(first).tree)


def unit_format(unit: Unit, *, actual: bool = False) -> str:
    """Number format of a unit; measured days and grades have decimals."""
    if unit is Unit.POINTS or (unit is Unit.DAYS and actual):
        return styles.EURO_CENTS if unit is Unit.POINTS else styles.DAYS_1
    return styles.UNIT_FORMATS[unit]


@dataclass(slots=True)
class Pyramid:
    """The tree being built, and where the tables stand (known before any is written)."""

    book: Book
    values: Parameters
    nodes: Sequence[Node]
    weights: Placed = field(init=False)
    order: TreeOrder = field(init=False)
    tree: Placed = field(init=False)
    actuals: Placed = field(init=False)
    projects: Placed = field(init=False)
    years: Placed = field(init=False)
    impact: Placed = field(init=False)
    perspectives: Placed = field(init=False)
    rules: Placed = field(init=False)

    @property
    def plan(self) -> Plan:
        """The edition."""
        return self.book.plan

    @property
    def nation(self) -> str:
        """Code of the whole institute."""
        return nation(self.book.plan)

    @property
    def root(self) -> Node:
        """The top of the edition's tree: the valore pubblico, or the level below where the edition has none."""
        return next(node for node in self.nodes if node.parent is None)

    @property
    def indices(self) -> list[str]:
        """Codes of the indices that the edition has, as VALORE_PUBBLICO wants them."""
        return [self.book.data.role(role) for role in INDICES if self.book.data.has(role)]

    @property
    def objectives(self) -> tuple[str, ...]:
        """Codes of the obiettivi generali di ente."""
        return self.book.data.codes(OBJECTIVES)

    def is_whole(self, code: str) -> bool:
        """Whether a node is the valore pubblico over its three indices."""
        return self.plays(WHOLE, code) and len(self.indices) == len(INDICES)

    def plays(self, role: str, code: str) -> bool:
        """Whether a code plays a role in the edition."""
        return self.book.data.has(role) and code in self.book.data.codes(role)

    def below_role(self, role: str) -> tuple[Node, ...]:
        """The nodes directly below the node that plays a role; none where the edition has no such level."""
        return self.plan.children(self.book.data.role(role)) if self.book.data.has(role) else ()

    def children(self, code: str) -> tuple[Node, ...]:
        """The nodes below one, as VALORE_PUBBLICO wants them for the valore pubblico."""
        found = self.plan.children(code)
        order = self.indices
        return tuple(sorted(found, key=lambda n: order.index(n.code))) if self.is_whole(code) else found

    def parts(self) -> list[Node]:
        """What is shown node by node: the indices whose members are leaves, the obiettivi generali."""
        roles = [role for role in (IMPACT, MANAGEMENT) if self.book.data.has(role)]
        return [self.plan.node(code) for code in (*map(self.book.data.role, roles), *self.objectives)]

    def above(self, row: Row) -> list[str] | None:
        """The nodes above a part without the root; None for other nodes."""
        if row.item not in self.parts():
            return None
        found, node = [], row.item
        while node.parent not in (None, self.root.code):
            node = self.plan.node(node.parent)
            found.append(node.code)
        return found

    def short_title(self, node: Node) -> str:
        """A title for charts: a short name, the letter of an objective, the first words of a level."""
        role = next((role for role in _SHORT if self.plays(role, node.code)), "")
        if role:
            return _SHORT[role]
        if node.code in self.objectives:
            return node.code.rpartition(".")[2]
        if node in self.below_role(MANAGEMENT):
            return node.title.rpartition(" ")[2]
        return _LINK.split(node.title)[0]

    def home(self, node: Node) -> str:
        """The objective of a leaf, or the index that it belongs to."""
        above: Node | None = node
        while above is not None:
            if above.code in self.objectives or above.code in self.indices:
                return self.short_title(above)
            above = None if above.parent is None else self.plan.node(above.parent)
        return self.short_title(self.root)

    def home_of(self, indicator: str) -> str:
        """Where an indicator is measured, see `home`."""
        return self.home(next(node for node in self.nodes if node.indicator == indicator))

    def rule_code(self, indicator: str, period: str) -> str:
        """Key of a national rule in the cells of a workbook."""
        return f"{indicator}@{self.nation}@{period}"

    def below(self, code: str) -> int:
        """How many nodes are below one, at any depth; they follow it in the order of the tree."""
        return sum(1 + self.below(child.code) for child in self.plan.children(code))

    def depth(self, node: Node) -> int:
        """How far a node is from the root."""
        return 0 if node.parent is None else 1 + self.depth(self.plan.node(node.parent))

    def indicators(self) -> list[Indicator]:
        """The indicators of the leaves in the order of the tree."""
        return [self.plan.indicators[node.indicator] for node in self.nodes if node.indicator is not None]

    def group(self, indicator: str) -> str:
        """Role of the index that an indicator is a leaf of, or of the obiettivi generali."""
        found = (r for r in (IMPACT, MANAGEMENT) if any(n.indicator == indicator for n in self.below_role(r)))
        return next(found, OBJECTIVES)

    def group_of(self, role: str) -> list[Indicator]:
        """The indicators of a group in the order of the plan's tables."""
        return sorted((i for i in self.indicators() if self.group(i.code) == role), key=lambda i: i.order)

    def place(self, indicator: str) -> Placed:
        """The table with the target of an indicator."""
        group = self.group(indicator)
        if group == IMPACT:
            return self.impact
        return self.perspectives if group == MANAGEMENT else self.years

    def goal(self, indicator: str) -> str:
        """Reference to the plan's target of an indicator for the edition's year."""
        return self.place(indicator).cell(indicator, goal_heading(self.plan.period))

    def baseline(self, indicator: str, period: str) -> str:
        """Reference to the baseline of an indicator."""
        return self.place(indicator).cell(indicator, baseline_heading(period))

    def capped(self, function: str, actual: str, goal: str, indicator: str = "") -> str:
        """Formula of a deviation or score; empty for an empty actual or a target that is not defined yet."""
        direction = self.values.direction(indicator) if indicator else int(Direction.HIGHER)
        return formulas.complete(f"{function}({actual},{goal},{direction},{self.values.cap})", actual, goal)

    @property
    def disposal(self) -> str:
        """Code of the group that units and value of the disposal make up; empty where the edition has none."""
        codes = {self.book.data.role(role) for role in DISPOSALS if self.book.data.has(role)}
        found = {node.parent for node in self.nodes if node.indicator in codes}
        if len(codes) < len(DISPOSALS) or len(found) != 1:
            return ""
        parent = found.pop() or ""
        return parent if len(self.plan.children(parent)) == len(DISPOSALS) else ""


def goal_heading(period: str) -> str:
    """Heading of the targets of a year."""
    return f"Obiettivo {period}"


def baseline_heading(period: str) -> str:
    """Heading of the baselines of a year."""
    return f"Baseline {period}"


def text_heading(period: str) -> str:
    """Heading of the printed rules of a year."""
    return f"Regola {period}"


def ruled_heading(period: str) -> str:
    """Heading of the targets that follow from the rules of a year."""
    return f"Da regola {period}"


def state_column(group: str = "") -> Column:
    """Coverage in words; a sum of shares that falls short of 1 by a rounding error counts as complete."""

    def content(place: Place) -> object:
        coverage = place.here(COVERAGE)
        words = f'IF({coverage}<1-0.000000001,"parziale","completo")'
        return f'=IF({coverage}=0,"nessun dato",{words})'

    return Column(STATE, Kind.CHECK, 13, content, group=group)
