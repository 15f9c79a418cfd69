"""What changed between two editions of the plan, or between an edition and its amendment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xl_perf.plan.items import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.plan.items import Items
    from xl_perf.plan.model import Plan


class Change(StrEnum):
    """How an item of the plan differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two plans.

    Attributes:
        section: kind of item: `acts`, `structures`, `indicators`, `targets` ...
        change: added, removed or changed.
        key: what tells the item from others of its kind, e.g. `giacenza.altre_aree, TORINO, 2021`.
        title: what it is called; empty where the key says it.
        old: what the first plan holds, as text; empty for what is new.
        new: what the second plan holds, as text; empty for what is gone.
    """

    section: str
    change: Change
    key: str
    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """All differences, section by section.

    `counts` says of each section how many items the first plan holds, the second, and how many both hold alike.
    """

    first: str
    second: str
    differences: tuple[Difference, ...]
    counts: Mapping[str, tuple[int, int, int]]

    def of(self, section: str) -> tuple[Difference, ...]:
        """The differences of one section."""
        return tuple(difference for difference in self.differences if difference.section == section)


def diff_plans(first: Plan, second: Plan) -> PlanDiff:
    """Compare two plans section by section: acts, structures, indicators, targets and all else that they hold.

    Targets and results are compared by indicator, structure and period, the newest knowledge of each plan; texts of
    sources and notes do not count.

    Args:
        first: the older plan.
        second: the newer plan.

    Returns:
        The differences in the order of the first plan, what is new last in each section.
    """
    differences: list[Difference] = []
    counts = {}
    for section, items in SECTIONS.items():
        old, new = items(first), items(second)
        same = sum(old[key].text == new[key].text for key in old.keys() & new.keys())
        counts[section] = (len(old), len(new), same)
        differences += _compare(section, old, new)
    return PlanDiff(first.id, second.id, tuple(differences), counts)


def _compare(section: str, old: Items, new: Items) -> Iterator[Difference]:
    for key, item in old.items():
        if key not in new:
            yield Difference(section, Change.REMOVED, key, item.title, item.text, "")
        elif new[key].text != item.text:
            yield Difference(section, Change.CHANGED, key, new[key].title, item.text, new[key].text)
    for key, item in new.items():
        if key not in old:
            yield Difference(section, Change.ADDED, key, item.title, "", item.text)
