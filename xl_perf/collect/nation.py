"""The facts of the nation: those of the structures, added up as each measure allows."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from xl_perf.collect.model import Witness
from xl_perf.load.reading import Fact
from xl_perf.package.scalars import same_value
from xl_perf.plan.entities import Unit
from xl_perf.plan.measures import Nature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xl_perf.collect.model import Collection, Delivery
    from xl_perf.contract import Identity, Input
    from xl_perf.plan.measures import Measure
    from xl_perf.plan.model import Plan

_ADDITIVE = (Unit.EURO, Unit.PIECES, Unit.POINTS, Unit.PEOPLE)
"""Units of fixed facts that add up: budgets do, directions and coefficients do not."""
Reported = tuple["Delivery", "Input"]


def adds_up(measure: Measure) -> bool:
    """Whether the values of structures may be added."""
    if measure.nature is Nature.FIXED:
        return measure.unit in _ADDITIVE
    return measure.nature in (Nature.FLOW, Nature.STOCK)


class Nation:
    """The facts of the accepted deliveries, as a workbook of a larger structure asks for them.

    Args:
        collection: the deliveries; what cannot be added up, and what two report differently, is noted in it.
        plan: the edition.
    """

    def __init__(self, collection: Collection, plan: Plan) -> None:
        self.collection = collection
        self.plan = plan
        self._by_name: dict[tuple[str, str, str], list[Reported]] = defaultdict(list)
        for delivery in collection.deliveries:
            for fact in delivery.inputs.of():
                if fact.value is not None:
                    one = fact.identity
                    self._by_name[one.item, one.measure, one.row].append((delivery, fact))
        self._said: set[object] = set()

    def facts(self, wanted: Iterable[Identity]) -> Iterator[Fact]:
        """The facts that a workbook asks for: those of its structures themselves, else the sums over the structures below.

        Args:
            wanted: identities of the workbook's inputs.
        """
        for identity in wanted:
            reported = self._by_name.get((identity.item, identity.measure, identity.row), [])
            own = [(d, f) for d, f in reported if f.identity.structure == identity.structure]
            if own:
                delivery, fact = self._one(identity, own)
                yield Fact(identity, fact.value, f"{delivery.path}, {fact.cell}")
                continue
            measure = self.plan.measures.get((identity.item, identity.measure))
            if measure is None or not adds_up(measure):
                continue
            below = [(d, f) for d, f in reported if self._is_below(f.identity.structure, identity.structure)]
            values = list(self._numbers(below, measure))
            if values:
                yield Fact(identity, math.fsum(values), f"somma di {len(values)}")

    def _is_below(self, structure: str, above: str) -> bool:
        """Whether a structure is part of another."""
        seen = self.plan.structures.get(structure)
        while seen is not None and seen.parent is not None:
            if seen.parent == above:
                return True
            seen = self.plan.structures.get(seen.parent)
        return False

    def _numbers(self, reported: Sequence[Reported], measure: Measure) -> Iterator[float]:
        """The values that count: numbers, and of pairs only those that have both parts."""
        for delivery, fact in reported:
            value = fact.value
            if isinstance(value, bool) or not isinstance(value, int | float):
                self._note(f"{delivery.path}, {fact.cell}: {value!r} non è un numero e non entra nella somma")
            elif measure.pair and not self._has(delivery, fact.identity, measure.pair):
                self._note(
                    f"{delivery.path}, {fact.cell}: senza #{measure.pair} il dato non entra nella somma"
                )
            else:
                yield float(value)

    def _has(self, delivery: Delivery, identity: Identity, measure: str) -> bool:
        reported = self._by_name.get((identity.item, measure, identity.row), [])
        return any(d is delivery and f.identity.structure == identity.structure for d, f in reported)

    def _one(self, identity: Identity, own: Sequence[Reported]) -> Reported:
        """The one that counts where several structures report the same line: who works it."""
        owner = next((line.structure for line in self.plan.lines if line.code == identity.item), None)
        taken = next(((d, f) for d, f in own if d.structure == owner), own[0])
        for delivery, fact in own:
            key = identity, delivery.path
            if not same_value(fact.value, taken[1].value) and key not in self._said:
                self._said.add(key)
                self.collection.witnesses.append(
                    Witness(identity, taken[1], taken[0].path, fact, delivery.path)
                )
        return taken

    def _note(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self.collection.left.append(text)
