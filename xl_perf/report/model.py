"""What a page shows of one workbook: its score, what it is made of, and what has to be said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.explain.lines import Explanation


@dataclass(slots=True)
class Node:
    """A score: the whole, a perspective, an objective.

    Attributes:
        name: what it is called.
        code: code of the node in the plan; empty where the workbook does not say.
        cell: the cell of the score.
        score: the score; None where nothing was reported yet.
        weight: weight beside its neighbours, as the workbook uses it.
        share: part of the whole: product of the weights over what was reported; 0 where nothing was.
        points: what it adds to the whole or takes from it: share x (score - that of the target).
        shown: `points` rounded to hundredths so that each sum of a page is exact to the eye.
        actual: the actual as the workbook shows it; empty where the workbook has none beside the score.
        target: the target, likewise.
        coverage: reported weight of all weight, None where the workbook does not say.
        verdict: the workbook's own word, e.g. `▲ meglio dell'obiettivo`.
        why: the explanation, None for scores that were not explained.
        nodes: what it is made of.
        number: number of an objective in the order of the page, 0 for others.
    """

    name: str
    code: str
    cell: str
    score: float | None
    weight: float = 1.0
    share: float = 0.0
    points: float = 0.0
    shown: float = 0.0
    actual: str = ""
    target: str = ""
    coverage: float | None = None
    verdict: str = ""
    why: Explanation | None = None
    nodes: list[Node] = field(default_factory=list)
    number: int = 0

    @property
    def side(self) -> str:
        """`sopra`, `linea` or `sotto` by the mark of the workbook's verdict.

        `vuoto` where there is no score or no verdict.
        """
        sides = {"▲": "sopra", "●": "linea", "▼": "sotto"}
        return "vuoto" if self.score is None else sides.get(self.verdict[:1], "vuoto")

    def leaves(self) -> Iterator[Node]:
        """What is not made of other nodes, in order."""
        if not self.nodes:
            yield self
        for node in self.nodes:
            yield from node.leaves()


@dataclass(frozen=True, slots=True)
class Missing:
    """An indicator below its target.

    Attributes:
        name: what it is called.
        actual: the actual, as the workbook shows it.
        target: the target with its unit.
        missing: how much is missing, in the indicator's unit.
        driver: what has to change for that, in words; empty where the indicator is no simple ratio.
        year: where the year is going, in words; empty where it is not known.
        points: what the target would add to the whole; None where the indicator is not part of it by weights.
        cell: the cell of its score.
    """

    name: str
    actual: str
    target: str
    missing: str
    driver: str
    year: str
    points: float | None
    cell: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that has to be looked at: where, what, and what was expected."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that the plan does not print, or a number that the user has put in the place of the plan's."""

    what: str
    why: str


@dataclass(slots=True)
class File:
    """A file that a page was made of: path as it was given, SHA-256, what it is."""

    path: str
    digest: str
    what: str

    @property
    def name(self) -> str:
        """Its name, as readers elsewhere know it."""
        return PurePath(self.path).name


@dataclass(slots=True)
class Card:
    """A workbook with one score, as a page shows it.

    Attributes:
        structure: code of the structure.
        period: the period.
        template: name of the workbook.
        edition: title of the edition.
        act: the act that amended it last, with its date.
        fingerprint: SHA-256 of the edition's data.
        example: whether its numbers are invented.
        root: the score.
        goal: the score of a target that is reached.
        rest: what the contributions do not explain of the score, 0 where they do.
        missing: what is missing for the target, what would add most first; then, by the name of the sheet, in single
            offices and rows.
        findings: what has to be looked at.
        assumptions: what the plan does not print.
        sources: tables and slides of the numbers of the plan.
        file: the file.
    """

    structure: str
    period: str
    template: str
    edition: str
    act: str
    fingerprint: str
    example: bool
    root: Node
    goal: float
    rest: float
    file: File
    missing: list[Missing] = field(default_factory=list)
    parts: dict[str, list[Missing]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
