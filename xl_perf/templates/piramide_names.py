"""Names that the sheets of `piramide_valore.xlsx` share, and where its tables stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates import formulas, styles
from xl_perf.templates.columns import STATE
from xl_perf.templates.model import Column
from xl_perf.templates.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Indicator, Plan
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.book import Book
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.parameters import Parameters

TREE, ROOT = "piramide", "piramide.valore_pubblico"
MANAGEMENT, IMPACT, STRATEGY = "piramide.gestionale", "piramide.istituzionale", "piramide.strategica"
INDICES = (MANAGEMENT, IMPACT, STRATEGY)
"""The three indices in the order of the arguments of VALORE_PUBBLICO."""
OBJECTIVES = tuple(f"piramide.{letter}" for letter in "ABCDEFGHI")
NATION = "NAZIONALE"
REALISATION = "progetti.realizzazione"
SYSTEMS = ("impatto", "gestionale", "obiettivi")

S_TREE, S_ACTUALS, S_PROJECTS, S_WEIGHTS = "Piramide", "Consuntivi", "Progetti", "Pesi"
S_YEARS, S_YEAR, S_RULES, S_OLD = "Triennio", "Impatto e prospettive", "Regole", "Edizione 2020-2022"

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

_SHORT = {
    ROOT: "Valore pubblico",
    MANAGEMENT: "Gestionale",
    IMPACT: "Istituzionale",
    STRATEGY: "Strategica",
    "piramide.area_governo": "Processi di governo",
    "piramide.area_assetti": "Assetti organizzativi",
    "piramide.area_strumentali": "Risorse strumentali",
    "piramide.area_evasione": "Contrasto all'evasione",
    "piramide.area_servizi": "Miglioramento servizi",
}


def short_title(node: Node) -> str:
    """A title for charts: a short name, the letter of an objective, the last word of a perspective."""
    if node.code in OBJECTIVES:
        return node.code.rpartition(".")[2]
    return _SHORT.get(node.code, node.title.rpartition(" ")[2])


def unit_format(unit: Unit, *, actual: bool = False) -> str:
    """Number format of a unit; measured days and grades have decimals."""
    if unit is Unit.POINTS or (unit is Unit.DAYS and actual):
        return styles.EURO_CENTS if unit is Unit.POINTS else styles.DAYS_1
    return styles.UNIT_FORMATS[unit]


def rule_code(indicator: str, period: str) -> str:
    """Key of a national rule in the cells of a workbook."""
    return f"{indicator}@{NATION}@{period}"


@dataclass(slots=True)
class Pyramid:
    """The tree being built, and where the tables stand (known before any is written)."""

    book: Book
    values: Parameters
    nodes: Sequence[Node]
    weights: Placed = field(init=False)
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

    def children(self, code: str) -> tuple[Node, ...]:
        """The nodes below one, as VALORE_PUBBLICO wants them for the root."""
        found = self.plan.children(code)
        return tuple(sorted(found, key=lambda n: INDICES.index(n.code))) if code == ROOT else found

    def below(self, code: str) -> int:
        """How many nodes are below one, at any depth; they follow it in the order of the tree."""
        return sum(1 + self.below(child.code) for child in self.plan.children(code))

    def depth(self, node: Node) -> int:
        """How far a node is from the root."""
        return 0 if node.parent is None else 1 + self.depth(self.plan.node(node.parent))

    def block(self, code: str, heading: str) -> str:
        """Absolute reference to the cells of a node's children in a column of the weights."""
        members = self.children(code)
        first = self.weights.cell(members[0].code, heading)
        return f"{first}:{self.weights.cell(members[-1].code, heading).split('!')[1]}"

    def indicators(self) -> list[Indicator]:
        """The indicators of the leaves in the order of the tree."""
        return [self.plan.indicators[node.indicator] for node in self.nodes if node.indicator is not None]

    def place(self, indicator: str) -> Placed:
        """The table with the target of an indicator."""
        tables = {"impatto": self.impact, "gestionale": self.perspectives, "obiettivi": self.years}
        return tables[self.plan.indicators[indicator].system]

    def goal(self, indicator: str) -> str:
        """Reference to the plan's target of an indicator for the edition's year."""
        return self.place(indicator).cell(indicator, goal_heading(self.plan.period))

    def baseline(self, indicator: str, period: str) -> str:
        """Reference to the baseline of an indicator."""
        return self.place(indicator).cell(indicator, baseline_heading(period))

    def capped(self, function: str, actual: str, goal: str, indicator: str) -> str:
        """Formula of a deviation or score; empty for an empty actual."""
        call = f"{function}({actual},{goal},{self.values.direction(indicator)},{self.values.cap})"
        return formulas.unless_empty(call, actual)


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
