"""What changed between two states of a workbook, and what each change did to its score."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xl_perf.contract import Species, read_inputs
from xl_perf.contract.model import OWN
from xl_perf.contract.places import Places
from xl_perf.contract.targets import read_targets
from xl_perf.errors import ArchiveError
from xl_perf.package.refs import parse_cell
from xl_perf.package.scalars import same_in_15_digits, same_value
from xl_perf.recalc import recalculate_package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.contract import Identity, Input, Inputs
    from xl_perf.package import CellKey, Package
    from xl_perf.values import CellValue

    _Key = tuple[str, str, str, str, str]
    _Cell = tuple[str, tuple[str, CellKey] | None, CellValue]

SCORE = "punteggio"
_SPECIES = (Species.FACT, Species.SETTING, Species.TEXT)


@dataclass(frozen=True, slots=True)
class Change:
    """An input or a result that is another one: its identity, both values, the cell in the second workbook."""

    identity: Identity
    before: CellValue
    after: CellValue
    cell: str


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A number of the plan that is another one: its key in the workbook's table, both values, the second's cell."""

    key: str
    before: CellValue
    after: CellValue
    cell: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """What changes that are made together did to the score, in the order of the workbook.

    Attributes:
        items: whose changes they are; several where only all of them together give a score.
        points: what they did to the score.
        node: the node of which they are the weights; empty where they are others.
    """

    items: tuple[str, ...]
    points: float
    node: str = ""

    @property
    def item(self) -> str:
        """The items as one text."""
        return ", ".join(self.items)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a workbook.

    Attributes:
        facts: facts and settings that changed.
        scores: results that changed.
        before: score of the first state; None where it has none.
        after: score of the second state.
        contributions: their sum with `rest` is after - before, exactly.
        rest: what comes neither from inputs nor from numbers of the plan: formulas, tables of another edition.
        plan: targets, weights and parameters that changed.
    """

    facts: tuple[Change, ...]
    scores: tuple[Change, ...]
    before: float | None
    after: float | None
    contributions: tuple[Contribution, ...]
    rest: float | None
    plan: tuple[PlanChange, ...] = ()


def compare(first: Package, second: Package) -> Comparison:
    """What changed from one workbook to another of the same kind and structure.

    Args:
        first: the earlier one.
        second: the later one.

    Raises:
        SyncError: one is no official workbook.
        ArchiveError: they are of different kinds or structures.
        RecalcError: the first one cannot be calculated with the inputs of the second.
    """
    old, new = read_inputs(first), read_inputs(second)
    if (old.template, old.structure) != (new.template, new.structure):
        raise ArchiveError(
            f"{old.template} of {old.structure} and {new.template} of {new.structure} cannot be compared",
            where=f"{first.where}, {second.where}",
            expected="two workbooks of one kind and structure",
        )
    facts = tuple(_changes(_timeless(old, *_SPECIES), _timeless(new, *_SPECIES)))
    results = [_timeless_results(each) for each in (old, new)]
    top = _top(results[0], old.structure)
    before, after = _score(top), _score(_top(results[1], new.structure))
    numbers = [_plan_numbers(each) for each in (first, second)]
    plan = {
        key: PlanChange(key[2], one[0], numbers[1][key][0], numbers[1][key][1])
        for key, one in numbers[0].items()
        if key in numbers[1] and not _same(one[0], numbers[1][key][0])
    }
    contributions: tuple[Contribution, ...] = ()
    rest = None
    if top is not None and before is not None and after is not None:
        contributions = tuple(_contributions(first, _groups(old, facts, plan, numbers[0]), top, before))
        rest = after - before - sum(each.points for each in contributions)
    return Comparison(
        facts, tuple(_changes(*results)), before, after, contributions, rest, tuple(plan.values())
    )


def _timeless(inputs: Inputs, *species: Species) -> dict[Identity, Input]:
    """Inputs by identity, the period of the file left out: two quarters are compared item by item."""
    return {
        replace(
            each.identity, period="" if each.identity.period == inputs.period else each.identity.period
        ): each
        for each in inputs.of(*species)
    }


def _timeless_results(inputs: Inputs) -> dict[Identity, Input]:
    return {
        replace(total.identity, period=""): total
        for total in inputs.totals
        if total.species is Species.RESULT
    }


def _changes(old: Mapping[Identity, Input], new: Mapping[Identity, Input]) -> list[Change]:
    found = []
    for identity in [*new, *(one for one in old if one not in new)]:
        before = old[identity].value if identity in old else None
        after = new[identity].value if identity in new else None
        if not _same(before, after):
            found.append(Change(identity, before, after, (new.get(identity) or old[identity]).cell))
    return found


def _same(before: CellValue, after: CellValue) -> bool:
    """Whether a value is the other one, as far as a program that keeps 15 digits of a number can tell."""
    return same_value(before, after) or same_in_15_digits(before, after) or same_in_15_digits(after, before)


def _top(results: Mapping[Identity, Input], structure: str) -> Input | None:
    """The score of the whole: the one highest in the tree, of the file's own structure where it has one."""
    scores = [(one, each) for one, each in results.items() if one.measure == SCORE]
    scores.sort(key=lambda pair: (pair[0].structure != structure, pair[0].item.count(".")))
    return scores[0][1] if scores else None


def _score(top: Input | None) -> float | None:
    value = None if top is None else top.value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _plan_numbers(package: Package) -> dict[_Key, tuple[CellValue, str]]:
    """Targets, weights and parameters: table, column, key and the rest of the key -> value and cell."""
    return {
        (one["tabella"], one["colonna"], one["chiave"], one["fissa"], one["periodo"]): (
            one["testo"] if one["numero"] is None else one["numero"],
            one["cella"],
        )
        for one in read_targets(package)
    }


def _groups(
    inputs: Inputs,
    facts: tuple[Change, ...],
    plan: Mapping[_Key, PlanChange],
    numbers: Mapping[_Key, tuple[CellValue, str]],
) -> dict[tuple[str, str], list[_Cell]]:
    """Changes that are made together, as cells of the first workbook: those of an item, then those of the plan."""
    places = Places(inputs)
    groups: dict[tuple[str, str], list[_Cell]] = defaultdict(list)
    for change in facts:
        node = _weighed(change.identity)
        at = _place(change, inputs, places)
        where = None if at is None else (at.sheet, at.key)
        groups["" if node else change.identity.item, node].append((change.identity.item, where, change.after))
    for key, one in plan.items():
        sheet, _, cell = numbers[key][1].rpartition("!")
        groups[one.key, ""].append((one.key, (sheet, parse_cell(cell)), one.after))
    return groups


def _contributions(
    package: Package, groups: Mapping[tuple[str, str], list[_Cell]], top: Input, before: float
) -> list[Contribution]:
    """Points that the changes of each item bring, one item after the other on top of the first workbook.

    Own weights of one node are one change: they make sense together alone, as they have to sum to 1. Any other
    changes after which the score is no number are made together with the next ones, until it is one, and are
    named together; their points are never given to the last one.
    """
    values: dict[str, dict[CellKey, CellValue]] = {}
    found, last = [], before
    waiting: list[str] = []
    for (_, node), changes in groups.items():
        for _, where, value in changes:
            if where is not None:
                values.setdefault(where[0], {})[where[1]] = value
        calculation = recalculate_package(package, overrides=values)
        now = calculation.changes.get(top.sheet, {}).get(top.key, top.value)
        items = list(dict.fromkeys(item for item, *_ in changes))
        together = tuple(dict.fromkeys([*waiting, *items]))
        if isinstance(now, bool) or not isinstance(now, int | float):
            waiting = list(together)
            continue
        if not _same(last, now):
            found.append(Contribution(together, float(now) - last, "" if waiting else node))
            last = float(now)
        waiting = []
    return found


def _weighed(identity: Identity) -> str:
    """The node of which a setting is an own weight; empty for all others."""
    own, _, node = identity.measure.partition(" ")
    return node if own == OWN else ""


def _place(change: Change, inputs: Inputs, places: Places) -> Input | None:
    one = change.identity
    return places.find(replace(one, period=one.period or inputs.period), one.row)
