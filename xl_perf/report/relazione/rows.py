"""What the rows of the tables are: their names and notes in print, level, unit and direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xl_perf.plan.entities import Direction, Unit

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan

_ROW: Final = "riga_risultati"
"""Aspect of the descriptions that hold the printed names of rows."""


class Rows:
    """The rows of an edition's tables of results.

    Args:
        plan: the edition.
        year: the year.
    """

    def __init__(self, plan: Plan, year: int) -> None:
        self.plan = plan
        self._year = year
        self._nodes = {node.code: node for node in plan.nodes}
        self._words = {(one.subject, one.aspect): one.text for one in plan.descriptions}

    def codes(self, code: str) -> tuple[str, ...]:
        """The row itself, and what measures it."""
        node = self._nodes.get(code)
        return (code, node.indicator) if node is not None and node.indicator else (code,)

    def is_result(self, code: str) -> bool:
        """Whether a row is a node that other nodes give the result of."""
        return code in self._nodes and not self._nodes[code].indicator

    def is_node(self, code: str) -> bool:
        """Whether a row is a node of a tree."""
        return code in self._nodes

    def is_stock(self, code: str) -> bool:
        """Whether its actual is a stock in days: the stock against what came in, over the days of the year."""
        found = (self.plan.indicators.get(one) for one in self.codes(code))
        return any(one is not None and one.function == "GIACENZA_INDEX" for one in found)

    def title(self, code: str) -> str:
        """What the plan calls a row: as its table of results prints it, else as it is called elsewhere."""
        if (code, _ROW) in self._words:
            return self._words[code, _ROW]
        if code in self._nodes:
            return self._nodes[code].title
        if code in self.plan.actual_items:
            return (
                self.plan.actual_items[code]
                .title.removesuffix(f", risultato {self._year}")
                .removesuffix(f", {self._year}")
            )
        return self.plan.indicators[code].title

    def text(self, code: str, aspect: str) -> str:
        """What the table prints of a row in words, empty where nothing."""
        return self._words.get((code, aspect), "")

    def level(self, code: str) -> int:
        """How deep a row stands below its heading."""
        if code in self._nodes:
            return int(bool(self._nodes[code].indicator))
        if code in self.plan.actual_items:
            item = self.plan.actual_items[code]
            return item.level or int(item.system == "obiettivi")
        return self.plan.indicators[code].level

    def unit(self, code: str) -> Unit:
        """Unit of its numbers."""
        for one in reversed(self.codes(code)):
            if one in self.plan.indicators:
                return self.plan.indicators[one].unit
            if one in self.plan.actual_items:
                return self.plan.actual_items[one].unit
        return Unit.PIECES

    def direction(self, code: str) -> Direction:
        """Whether more is better."""
        for one in reversed(self.codes(code)):
            if one in self.plan.indicators:
                return self.plan.indicators[one].direction
            if one in self.plan.actual_items:
                return self.plan.actual_items[one].direction
        return Direction.HIGHER
