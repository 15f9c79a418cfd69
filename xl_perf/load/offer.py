"""Facts that an official workbook offers to others, and the inputs of a workbook as a load leaves them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.contract import Identity, Inputs, Species
from xl_perf.errors import LoadError
from xl_perf.load.reading import Fact
from xl_perf.plan.choices import word_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.contract import Input
    from xl_perf.load.merge import Merged
    from xl_perf.plan.model import Plan
    from xl_perf.values import CellValue


def reported(official: Inputs, period: str, plan: Plan) -> Iterator[Fact]:
    """What an official workbook reports: its facts, and the sums and results that others ask for as facts."""
    others = {(other.item, other.measure) for other in plan.equalities}
    results = [
        total
        for total in official.totals
        if total.species is Species.RESULT or (total.identity.item, total.identity.measure) in others
    ]
    for each in (*official.of(), *results):
        value = each.value
        if (
            value is None
            or value == ""
            or isinstance(value, bool)
            or (
                each.formula
                and each.species is Species.FACT
                and (each.identity.item, each.identity.measure) not in others
            )
        ):
            continue
        one = each.identity
        fits = (
            Identity(one.item, one.measure, one.structure, period, one.row)
            if period and "-" not in one.period
            else one
        )
        yield Fact(fits, in_words(each, plan), f"{official.where}, {each.cell}", each.name, offered=True)


def in_words(each: Input, plan: Plan) -> CellValue:
    """The value of an input; the word of a choice that older files hold as a number."""
    one, value = each.identity, each.value
    declared = plan.measures.get((one.item, one.measure))
    if each.species is Species.SETTING and declared is None:
        words = plan.parameters[one.item].words if one.item in plan.parameters else ()
    else:
        words = declared.words if declared is not None else ()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return word_of(words, value) or value


def after_load(inputs: Inputs, merged: Merged) -> Inputs:
    """The inputs as they are after the load."""
    new = {match.input.identity: match.value for match in merged.filled}
    found = tuple(
        replace(each, value=new[each.identity]) if each.identity in new else each for each in inputs.found
    )
    return replace(inputs, found=found)


def refuse_other_edition(source: Inputs, inputs: Inputs) -> None:
    """Refuses facts of a workbook whose targets are of another edition: codes may mean other things there.

    Raises:
        LoadError: names both editions.
    """
    if (source.edition, source.fingerprint) != (inputs.edition, inputs.fingerprint):
        raise LoadError(
            f"the workbook is of the edition {source.edition} ({source.fingerprint[:12]})",
            where=source.where,
            expected=f"{inputs.edition} ({inputs.fingerprint[:12]}), the edition of {inputs.where}",
            remedy="bring both to one edition with `xl-perf sync`",
        )
