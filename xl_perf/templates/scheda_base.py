"""What the sheets of `scheda_territoriale.xlsx` share: the structure, its targets, and where results stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.templates import styles
from xl_perf.templates.model import Validation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Plan, Structure, Unit
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.book import Book
    from xl_perf.templates.parameters import Parameters

TREE = "scheda"
MONTHS_OF_QUARTER = "3"
"""Months of a quarter, as formulas write it."""

YES, NO = "sì", "no"

AMOUNT = Validation(
    "decimal",
    "Importo o quantità",
    "Numero dall'inizio dell'anno alla fine del trimestre, maggiore o uguale a zero. Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
PIECES = Validation(
    "whole",
    "Numero di pezzi",
    "Numero intero dall'inizio dell'anno alla fine del trimestre. Vuoto se non ancora disponibile.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)
DIRECTION = Validation(
    "list",
    "Verso",
    "1: è meglio un valore più alto. -1: è meglio un valore più basso.",
    "Scegliere 1 oppure -1.",
    source='"1,-1"',
)


def free_text(title: str, message: str) -> Validation:
    """A text of the user, up to 120 characters."""
    return Validation("textLength", title, message, "Al massimo 120 caratteri.", maximum=120)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the result of an objective stands: references to the cells of score and coverage, and what it is made of.

    `actual` and `goal` are empty where the objective has no single measure; `sheet` is where it is filled in.
    """

    score: str
    coverage: str
    sheet: str
    actual: str = ""
    goal: str = ""
    number_format: str = styles.GENERAL


@dataclass(frozen=True, slots=True)
class Filled:
    """What a sheet asks for: references of its input cells, their number (0: free rows), cells with remarks on the data."""

    sheet: str
    inputs: Sequence[str]
    expected: int
    remarks: Sequence[str] = ()


@dataclass(slots=True)
class Scorecard:
    """The scorecard being built.

    `quarter` refers to the cell with the number of the quarter, `number` is what it holds at first. `goals` and `annual` give, for each indicator that has a
    target, the reference to the target of the quarter and of the year.
    """

    book: Book
    region: Structure
    quarter: str
    number: int
    values: Parameters
    goals: dict[str, str] = field(default_factory=dict)
    annual: dict[str, str] = field(default_factory=dict)
    shares: dict[str, str] = field(default_factory=dict)
    """Indicator -> what share of a year the quarter is to reach, as a quotient of references."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    filled: list[Filled] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        """The edition."""
        return self.book.plan

    @property
    def offices(self) -> tuple[Structure, ...]:
        """The structures below the region or DCM, in the order of Tabella A."""
        return tuple(s for s in self.plan.structures_of() if s.parent == self.region.code)

    def has(self, indicator: str, period: str | None = None) -> bool:
        """Whether the plan sets a target of the structure for an indicator."""
        return has_target(self.plan, indicator, self.region.code, period)

    def example(self, low: float, high: float, *words: str) -> float:
        """A number between two others that always is the same for the same words."""
        return low + (high - low) * self.book.chance(self.region.code, *words)

    @property
    def part(self) -> float:
        """Share of the year that the quarter ends."""
        return self.number / 4

    @property
    def example_points(self) -> float:
        """Homogenised points of the example, such that IEEP, costs and production are about as the plan wants them."""
        target = {
            code: self.plan.target(code, self.region.code).value
            for code in ("ieep.totale", "redditivita.indice", "redditivita.costo_punto")
        }
        costs = target["ieep.totale"] * self.part / target["redditivita.indice"]
        return costs / target["redditivita.costo_punto"]

    def near(self, indicator: str, *words: str, period: str | None = None) -> float:
        """An example result around the target of an indicator."""
        goal = self.plan.target(indicator, self.region.code, period).value
        return goal * self.example(0.9, 1.14, indicator, *words)


def has_target(plan: Plan, indicator: str, structure: str, period: str | None = None) -> bool:
    """Whether the plan sets a target for a structure."""
    try:
        plan.target(indicator, structure, period)
    except PlanError:
        return False
    return True


def objectives(plan: Plan) -> list[tuple[Node, tuple[Node, ...]]]:
    """The perspectives with their objectives, in the order of the tree."""
    return [(node, plan.children(node.code)) for node in plan.children(TREE)]


def leaf_indicators(plan: Plan) -> list[str]:
    """The indicators that the tree weighs, in its order."""
    return [node.indicator for node in plan.nodes_of(TREE) if node.indicator is not None]


def unit_format(unit: Unit) -> str:
    """Number format of a unit; euro with cents are formats of their own."""
    return styles.UNIT_FORMATS[unit]
