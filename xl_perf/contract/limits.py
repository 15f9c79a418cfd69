"""Whether facts are plausible: the limits of `dati.toml`, applied to the inputs of a workbook."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import Identity
from xl_perf.errors import PlanError
from xl_perf.language import it
from xl_perf.plan.measures import Form, Nature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.contract.inputs import Input, Inputs
    from xl_perf.plan.measures import Limit, Measure
    from xl_perf.plan.model import Plan


_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact that is hardly possible, or a pair that lacks a part.

    Attributes:
        input: the cell, its identity and value.
        expected: range in which the value would be plausible, in Italian.
        why: the limit and its numbers, in Italian.
    """

    input: Input
    expected: str
    why: str


def findings(inputs: Inputs, plan: Plan, previous: Mapping[Identity, float] | None = None) -> list[Finding]:
    """What is implausible among the facts of a workbook.

    Args:
        inputs: the inputs of the workbook.
        plan: its edition.
        previous: facts of the quarter before by identity, where they are known.
    """
    facts = {found.identity: found for found in inputs.of() if _number(found) is not None}
    found: list[Finding] = []
    lines = {line.code: line.value for line in plan.lines}
    for identity, fact in facts.items():
        measure = plan.measures.get((identity.item, identity.measure))
        if measure is not None:
            found.extend(_judged(fact, measure, _Around(facts, plan, previous or {}, lines)))
    return found


@dataclass(frozen=True, slots=True)
class _Around:
    """What a fact is compared with."""

    facts: Mapping[Identity, Input]
    plan: Plan
    previous: Mapping[Identity, float]
    lines: Mapping[str, float | None]

    def other(self, identity: Identity, measure: str) -> float | None:
        """The value of another measure of the same item."""
        other = Identity(identity.item, measure, identity.structure, identity.period, identity.row)
        return _number(self.facts[other]) if other in self.facts else None

    def target(self, identity: Identity) -> float | None:
        """The annual target of the item; of a line of the plan its number."""
        if identity.item in self.lines:
            return self.lines[identity.item]
        with contextlib.suppress(PlanError):
            return self.plan.target(
                identity.item, identity.structure, identity.period.partition("-")[0]
            ).value
        return None

    def share(self, identity: Identity, measure: Measure) -> float:
        """Share of the year that a period is: of flows the quarters that have passed, of all else the whole."""
        quarter = identity.period.partition("-T")[2]
        return int(quarter) / _QUARTERS if quarter and measure.nature is Nature.FLOW else 1.0


def _number(fact: Input) -> float | None:
    value = fact.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _judged(fact: Input, measure: Measure, around: _Around) -> Iterator[Finding]:
    value = _number(fact)
    assert value is not None
    if measure.whole and value != int(value):
        yield Finding(fact, it("un numero intero"), it("{0} si conta in unità intere", measure.title))
    if measure.pair and around.other(fact.identity, measure.pair) is None:
        yield Finding(
            fact,
            it("anche #{0}", measure.pair),
            it("{0} conta solo insieme a #{1}, che manca", measure.title, measure.pair),
        )
    for limit in measure.limits:
        finding = _limited(fact, value, measure, limit, around)
        if finding is not None:
            yield finding


def _limited(fact: Input, value: float, measure: Measure, limit: Limit, around: _Around) -> Finding | None:
    if limit.form is Form.SUM:
        return _summed(fact, limit, around)
    base, name = _base(fact.identity, measure, limit, around)
    if base is None or base == 0 or (limit.zero and value == 0):
        return None
    low, high = (None if end is None else end * base for end in (limit.low, limit.high))
    if low is not None and high is not None and low > high:
        low, high = high, low
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    numbers = f" ({name})" if name else ""
    return Finding(fact, _between(low, high), f"{measure.title}: {limit.text}{numbers}")


def _between(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return it("almeno {0} e al massimo {1}", _shown(low), _shown(high))
    return it("almeno {0}", _shown(low)) if low is not None else it("al massimo {0}", _shown(high or 0.0))


def _base(identity: Identity, measure: Measure, limit: Limit, around: _Around) -> tuple[float | None, str]:
    """What the ends of a limit are multiples of, and how it is said; empty where the limit says it itself."""
    if limit.form is Form.RANGE:
        return 1.0, ""
    if limit.form is Form.QUOTIENT:
        return _quotient(identity, limit, around)
    if limit.form is Form.MEASURE:
        other = around.other(identity, limit.measures[0])
        return other, "" if other is None else f"#{limit.measures[0]} {_shown(other)}"
    if limit.form is Form.PREVIOUS:
        before = around.previous.get(identity)
        return before, "" if before is None else it("trimestre precedente {0}", _shown(before))
    target = around.target(identity)
    if target is None:
        return None, ""
    whole = target * around.share(identity, measure)
    return whole, it("obiettivo {0}", _shown(whole))


def _quotient(identity: Identity, limit: Limit, around: _Around) -> tuple[float | None, str]:
    """The numerator at which an index would be on target."""
    target, other = around.target(identity), around.other(identity, limit.measures[0])
    if target is None or other is None:
        return None, ""
    factor = around.plan.parameter(limit.parameter) if limit.parameter else 1.0
    whole = target * other / factor
    numbers = _shown(target), limit.measures[0], _shown(other), _shown(whole)
    return whole, it("obiettivo {0} con #{1} {2}, cioè {3}", *numbers)


def _summed(fact: Input, limit: Limit, around: _Around) -> Finding | None:
    parts, wholes = (
        [around.other(fact.identity, name) for name in names] for names in (limit.measures, limit.wholes)
    )
    known = [part for part in parts if part is not None]
    ends = [end for end in wholes if end is not None]
    whole = math.fsum(ends)
    if len(ends) < len(wholes) or math.fsum(known) <= whole:
        return None
    shown = " + ".join(_shown(part) for part in known)
    return Finding(
        fact,
        it("al massimo {0}", _shown(whole)),
        it("{0}: {1} ({2}) supera {3}", limit.text, _shown(math.fsum(known)), shown, _shown(whole)),
    )


def _shown(value: float) -> str:
    """A number the Italian way, with thousands."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")
