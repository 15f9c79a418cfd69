"""The tree of an explanation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.explain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.explain.book import Place
    from xl_perf.explain.names import Name
    from xl_perf.explain.roles import Source
    from xl_perf.formula.tree import Node
    from xl_perf.values import CellValue

LEAVES = frozenset((Role.INPUT, Role.TARGET, Role.PARAMETER, Role.WEIGHT, Role.SETTING, Role.CONSTANT))
"""Roles in which a tree may end."""
ASIDE = frozenset((Role.PARAMETER, Role.WEIGHT, Role.SETTING, Role.CONSTANT))
"""Roles of leaves that are said once at the end."""


@dataclass(slots=True)
class Step:
    """A cell of the explanation; cells that only pass a value on are one with where it comes from.

    Attributes:
        place: where the value comes from: the last cell of those that pass it on.
        name: what it is called where it is used.
        origin: what it is called where it comes from.
        value: the stored value.
        shown: the value as the cell shows it.
        role: what the cell is.
        formula: its formula as far as it counts; None for a leaf.
        sentence: how it comes about, in words.
        source: where a number of the plan comes from.
        alternative: a number of the user that takes the place of the plan's.
        branches: what it is made of, in the order of the formula.
        blank: names of empty cells that its formula leaves out.
    """

    place: Place
    name: Name
    origin: Name
    value: CellValue
    shown: str
    role: Role
    formula: Node | None = None
    sentence: str = ""
    source: Source | None = None
    alternative: bool = False
    overtyped: bool = False
    """A formula in a cell that is there for an input."""
    branches: list[Branch] = field(default_factory=list)
    blank: list[Name] = field(default_factory=list)
    unused: list[Name] = field(default_factory=list)
    """Names of what has no weight."""

    @property
    def is_leaf(self) -> bool:
        """True where it is made of nothing else."""
        return self.formula is None

    @property
    def shown_branches(self) -> list[Branch]:
        """The branches that readers see as lines of their own."""
        return [branch for branch in self.branches if not branch.aside]

    def walk(self) -> Iterator[Step]:
        """The step and all below it, each once, weights and parameters included."""
        seen: set[int] = set()
        todo = [self]
        while todo:
            step = todo.pop()
            if id(step) in seen:
                continue
            seen.add(id(step))
            yield step
            todo += [branch.step for branch in reversed(step.branches)]


@dataclass(slots=True)
class Branch:
    """A step as part of another one.

    Attributes:
        cell: the cell that the formula names.
        step: what stands there.
        weight: the step of its weight; None where it has none.
        aside: parameters and weights, which are not lines of their own.
    """

    cell: Place
    step: Step
    weight: Step | None = None
    aside: bool = False
