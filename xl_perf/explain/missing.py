"""What an indicator is still missing, as numbers with the text that a workbook would show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and how the workbook would show it."""

    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Driver:
    """The input that an indicator follows: what it is called, what it is, what it has to be for the target."""

    name: str
    value: Amount
    needed: Amount


@dataclass(frozen=True, slots=True)
class Band:
    """More practices to control, and the points that they give."""

    practices: int
    points: float


@dataclass(frozen=True, slots=True)
class Projection:
    """The actual at the end of the year, and its score against the target of the year."""

    value: Amount
    score: float


@dataclass(frozen=True, slots=True)
class Gap:
    """An indicator and what it is still missing.

    Attributes:
        name: what it is called.
        cell: cell of its score.
        item: what the plan calls that of which the actual is made; empty where it is made of nothing that was typed.
        unit: unit of actual and target; empty where the workbook does not say.
        actual: the actual.
        target: the target.
        direction: 1 where more is better, -1 where less is.
        score: the score.
        goal: the score of a target that is reached.
        missing: how far the actual is from the target, positive; 0 where the target is reached.
        best: the actual with which the score is the highest there is; None where none is, or bands decide.
        driver: the input that has to change; None where the indicator is no simple ratio.
        band: the smallest number of further practices that brings more points; None elsewhere.
        full: the smallest number of further practices for the target; None elsewhere and where no number does.
        left: practices still to control, of the controllo del processo; None elsewhere.
        annual: target of the year; None where the target is not one of a quarter.
        programme: projection by the quarterly programme.
        linear: projection by the share of the year that has passed.
    """

    name: str
    cell: str
    item: str
    unit: str
    actual: Amount
    target: Amount
    direction: float
    score: float
    goal: float
    missing: Amount
    best: Amount | None
    driver: Driver | None
    band: Band | None
    full: Band | None
    left: int | None
    annual: Amount | None
    programme: Projection | None
    linear: Projection | None

    @property
    def parts(self) -> tuple[str, str, str]:
        """What tells it from another of its name: the item, the sheet, which may be an area or a group, the cell."""
        sheet, _, cell = self.cell.rpartition("!")
        return self.item, sheet.strip("'"), cell


_PARTS = 3


def told_apart(gaps: list[Gap]) -> list[Gap]:
    """Indicators whose names are their own: those that share one have the first part beside it that differs."""
    for part in range(_PARTS):
        same = Counter(gap.name for gap in gaps)
        apart = Counter(name for name, _ in {(gap.name, gap.parts[part]) for gap in gaps})
        gaps = [
            replace(gap, name=f"{gap.name} ({gap.parts[part]})")
            if same[gap.name] > 1 < apart[gap.name] and gap.parts[part]
            else gap
            for gap in gaps
        ]
    return gaps
