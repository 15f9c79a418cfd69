"""Facts against the inputs of a workbook: what fills a cell, what is there already, what conflicts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xl_perf.contract import Identity, Species
from xl_perf.contract.places import Places
from xl_perf.load.reading import Fact, Unread
from xl_perf.package.scalars import same_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xl_perf.contract import Input, Inputs
    from xl_perf.package import CellKey
    from xl_perf.plan.measures import Equality
    from xl_perf.values import CellValue


@dataclass(frozen=True, slots=True)
class Match:
    """A fact and the cell that it is for."""

    fact: Fact
    input: Input

    @property
    def value(self) -> CellValue:
        """The value that goes into the cell."""
        return self.fact.value


@dataclass(slots=True)
class Merged:
    """What facts do to a workbook.

    Attributes:
        filled: empty cells that get a value, and with `replace` those that get another.
        equal: cells that hold the value already.
        conflicts: cells that hold another value and keep it.
        unread: rows and values that are not loaded, each with the reason.
        names: names of rows that were free: sheet, cell -> text.
        others: how many facts of other workbooks this one does not ask for.
        totals: facts of sums that the workbook calculates: compared after the recalculation, never written.
    """

    filled: list[Match] = field(default_factory=list)
    equal: list[Match] = field(default_factory=list)
    conflicts: list[Match] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    totals: list[Match] = field(default_factory=list)
    names: dict[tuple[str, CellKey], str] = field(default_factory=dict)
    others: int = 0


def merge(
    found: Iterable[Fact | Unread], inputs: Inputs, equalities: Iterable[Equality], *, overwrite: bool
) -> Merged:
    """What facts do to a workbook; nothing is written.

    Args:
        found: what was read from the sources, in order.
        inputs: the inputs of the workbook.
        equalities: other names of facts.
        overwrite: cells that hold another value get the new one.
    """
    merged = Merged()
    places = Places(inputs)
    totals = {total.identity: total for total in inputs.totals if total.species is not Species.RESULT}
    own = {total.identity for total in inputs.totals if total.species is Species.RESULT and total.formula}
    taken: dict[tuple[str, CellKey], Fact] = {}
    others = tuple(equalities)
    for each in found:
        if isinstance(each, Unread):
            merged.unread.append(each)
            continue
        known = False
        for fact in _named(each, others):
            if (
                fact.offered and fact.identity in own
            ):  # the workbook calculates it: the score of its own quarter
                known = True
                continue
            at = places.find(fact.identity, fact.name)
            total = _total(fact.identity, totals) if at is None else None
            known = known or at is not None or total is not None
            if total is not None:
                merged.totals.append(Match(fact, total))
            elif at is not None and _is_new(fact, at, taken, merged):
                _compare(Match(fact, at), merged, overwrite=overwrite)
        if not known and each.offered:
            merged.others += 1
        elif not known:
            merged.unread.append(Unread(each.place, str(each.identity), "is no fact of this workbook"))
    merged.names = places.names
    return merged


def _named(fact: Fact, equalities: Iterable[Equality]) -> Iterator[Fact]:
    """A fact under each of its names."""
    yield fact
    one = fact.identity
    for other in equalities:
        if (other.item, other.measure) == (one.item, one.measure) and other.structure in ("", one.structure):
            structure = other.other_structure or one.structure
            yield replace(
                fact, identity=Identity(other.other_item, other.other_measure, structure, one.period, one.row)
            )


def _total(identity: Identity, totals: Mapping[Identity, Input]) -> Input | None:
    """The sum that a workbook calculates of an identity; that of the year where the workbook is for a year."""
    year = replace(identity, period=identity.period.partition("-")[0])
    return totals.get(identity) or totals.get(year)


def _is_new(fact: Fact, at: Input, taken: dict[tuple[str, CellKey], Fact], merged: Merged) -> bool:
    """Whether a cell gets its fact for the first time; the same value again is no harm, another one is refused."""
    first = taken.setdefault((at.sheet, at.key), fact)
    if first is fact:
        return True
    if not same_value(first.value, fact.value):
        text = f"{fact.identity} = {fact.value}"
        merged.unread.append(
            Unread(fact.place, text, f"two values of one fact: {first.value} stands in {first.place}")
        )
        merged.filled[:] = [match for match in merged.filled if match.fact is not first]
        merged.conflicts[:] = [match for match in merged.conflicts if match.fact is not first]
    return False


def _compare(match: Match, merged: Merged, *, overwrite: bool) -> None:
    cell, value = match.input, match.fact.value
    if cell.formula:
        merged.unread.append(
            Unread(
                match.fact.place,
                str(value),
                f"the cell {cell.cell} holds a formula: put a number there again",
            )
        )
    elif same_value(cell.value, value):
        merged.equal.append(match)
    elif cell.value is None or overwrite:
        merged.filled.append(match)
    else:
        merged.conflicts.append(match)
