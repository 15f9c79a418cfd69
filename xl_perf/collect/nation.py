"""The facts of the nation: those of the structures, added up as each measure allows."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from xl_perf.collect.model import Witness
from xl_perf.contract import Species
from xl_perf.contract.model import OWN
from xl_perf.language import it
from xl_perf.load.reading import Fact
from xl_perf.package.scalars import same_value
from xl_perf.plan.entities import Unit
from xl_perf.plan.measures import Nature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xl_perf.collect.model import Collection, Delivery
    from xl_perf.contract import Identity, Input
    from xl_perf.plan.measures import Measure
    from xl_perf.plan.model import Plan

_ADDITIVE = (Unit.EURO, Unit.PIECES, Unit.POINTS, Unit.PEOPLE)
"""Units of fixed facts that add up: budgets do, directions and coefficients do not."""
Reported = tuple["Delivery", "Input"]
_QUARTER = "-T"
"""What periods of quarters have in their name."""
_Name = tuple[str, str, str]
"""Item, measure, row."""


def adds_up(measure: Measure) -> bool:
    """Whether the values of structures may be added."""
    if measure.nature is Nature.FIXED:
        return measure.unit in _ADDITIVE
    return measure.nature in (Nature.FLOW, Nature.STOCK)


class Nation:
    """The facts of the accepted deliveries, as a workbook of a larger structure asks for them.

    A fact that nobody types, because a delivered file calculates it, counts where the larger workbook asks
    for it: points of production from products, the target of a share, the score of an objective.

    Args:
        collection: the deliveries; what cannot be added up, and what two report differently, is noted in it.
        plan: the edition.
    """

    def __init__(self, collection: Collection, plan: Plan) -> None:
        self.collection = collection
        self.plan = plan
        self._typed = _by_name((d, _reported(d, collection.period)) for d in collection.deliveries)
        self._made = _by_name((d, _calculated(d)) for d in collection.deliveries)
        self._pairs = _pairs(plan.measures)
        self._there = {
            (delivery.path, item, measure, fact.identity.structure, row)
            for (item, measure, row), found in self._typed.items()
            for delivery, fact in found
        }
        self._choices = [
            {(s.identity.item, s.identity.measure): s.value for s in d.inputs.of(Species.SETTING)}
            for d in collection.deliveries
        ]
        self._said: set[object] = set()

    def facts(self, wanted: Iterable[Identity]) -> Iterator[Fact]:
        """The facts that a workbook asks for: those of its structures, else the sums over the structures below.

        Args:
            wanted: identities of the workbook's inputs.
        """
        for identity in wanted:
            name = identity.item, identity.measure, identity.row
            typed = self._typed.get(name, [])
            fact = self._own(identity, typed)
            if fact is None:
                fact = self._sum(identity, typed) if typed else self._sum(identity, self._made.get(name, []))
            if fact is None:
                fact = self._own(identity, self._made.get(name, []))
            if fact is not None:
                yield fact

    def settings(self, wanted: Iterable[Identity]) -> Iterator[Fact]:
        """The choices that stand for a number of the plan and that every delivered file has made in the same way.

        Args:
            wanted: identities of the workbook's settings.
        """
        for identity in wanted:
            if not identity.measure.startswith(OWN) or not self._choices:
                continue
            values = {made.get((identity.item, identity.measure)) for made in self._choices}
            value = values.pop()
            if not values and value is not None:
                yield Fact(identity, value, "scelta di tutte le strutture")

    def _own(self, identity: Identity, reported: Sequence[Reported]) -> Fact | None:
        own = [(d, f) for d, f in reported if f.identity.structure == identity.structure]
        if not own:
            return None
        delivery, fact = self._one(identity, own)
        return Fact(identity, fact.value, f"{delivery.path}, {fact.cell}")

    def _sum(self, identity: Identity, reported: Sequence[Reported]) -> Fact | None:
        measure = self.plan.measures.get((identity.item, identity.measure))
        if measure is None or not adds_up(measure):
            return None
        below = [(d, f) for d, f in reported if self._is_below(f.identity.structure, identity.structure)]
        values = list(self._numbers(below, measure))
        return Fact(identity, math.fsum(values), f"somma di {len(values)}") if values else None

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
        partners = self._pairs.get((measure.item, measure.measure), ())
        for delivery, fact in reported:
            value = fact.value
            lacking = next((p for p in partners if not self._has(delivery, fact.identity, p)), "")
            if isinstance(value, bool) or not isinstance(value, int | float):
                self._note(
                    it(
                        "{0}, {1}: {2} non è un numero e non entra nella somma",
                        delivery.path,
                        fact.cell,
                        repr(value),
                    )
                )
            elif lacking:
                self._note(
                    it(
                        "{0}, {1}: senza #{2} il dato non entra nella somma",
                        delivery.path,
                        fact.cell,
                        lacking,
                    )
                )
            else:
                yield float(value)

    def _has(self, delivery: Delivery, identity: Identity, measure: str) -> bool:
        return (delivery.path, identity.item, measure, identity.structure, identity.row) in self._there

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


def _by_name(found: Iterable[tuple[Delivery, Iterable[Input]]]) -> dict[_Name, list[Reported]]:
    """The facts that have a value, by item, measure and row."""
    names: dict[_Name, list[Reported]] = defaultdict(list)
    for delivery, facts in found:
        for fact in facts:
            if fact.value not in (None, ""):
                one = fact.identity
                names[one.item, one.measure, one.row].append((delivery, fact))
    return names


def _reported(delivery: Delivery, period: str) -> Iterator[Input]:
    """The facts of a file; not the scores of quarters before, which it keeps beside its own."""
    for fact in delivery.inputs.of():
        if _QUARTER not in fact.identity.period or fact.identity.period == period:
            yield fact


def _calculated(delivery: Delivery) -> Iterator[Input]:
    """Sums and results of a file; of sums over its offices only the file's own structure counts."""
    for total in delivery.inputs.totals:
        if total.species is Species.RESULT or total.identity.structure == delivery.structure:
            yield total


def _pairs(measures: Mapping[tuple[str, str], Measure]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The measures that count only together, each with the others: an office counts with both parts or not at all."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (item, name), measure in measures.items():
        if measure.pair:
            found[item, name].add(measure.pair)
            found[item, measure.pair].add(name)
    return {key: tuple(sorted(names)) for key, names in found.items()}
