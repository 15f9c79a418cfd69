"""Limits: numbers ten or a hundred times too large or small, or with the wrong sign, are found; examples have no finding."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from xl_perf.contract import read_inputs
from xl_perf.contract.limits import findings
from xl_perf.package import Package
from xl_perf.plan import load_edition
from xl_perf.templates.build import build_scorecard

MUTATIONS = {
    "x 10": lambda value: value * 10,
    "x 100": lambda value: value * 100,
    "/ 10": lambda value: value / 10,
    "/ 100": lambda value: value / 100,
    "sign": lambda value: -value,
}
SHARE = 0.75
"""Share of each kind of mistake that has to be found."""


@pytest.mark.parametrize("structure", ["LIGURIA", "DCM ROMA"])
def test_mistyped_numbers_are_found(structure, capsys):
    """Every fact of the example that is a number, mistyped in each way, by itself."""
    plan = load_edition()
    inputs = read_inputs(Package(build_scorecard(plan, structure, 3, example=True), structure))
    assert findings(inputs, plan) == []
    tried, found = Counter(), Counter()
    for place, one in enumerate(inputs.found):
        if one not in inputs.of() or not isinstance(one.value, int | float) or not one.value:
            continue
        for name, change in MUTATIONS.items():
            mistyped = list(inputs.found)
            mistyped[place] = replace(one, value=change(one.value))
            tried[name] += 1
            found[name] += bool(findings(replace(inputs, found=tuple(mistyped)), plan))
    shares = {name: found[name] / tried[name] for name in MUTATIONS}
    with capsys.disabled():
        print(f"\n{structure}: {', '.join(f'{name} {share:.0%}' for name, share in shares.items())} found")
    assert min(tried.values()) > 250
    assert min(shares.values()) >= SHARE


def test_a_finding_says_cell_value_range_and_reason():
    """GENOVA has 1,000 received in 360 days: a giacenza of a hundred times its target is not plausible."""
    plan = load_edition()
    inputs = read_inputs(Package(build_scorecard(plan, "LIGURIA", 3), "LIGURIA"))
    place = {
        (one.identity.item, one.identity.measure, one.identity.structure): at
        for at, one in enumerate(inputs.found)
    }
    found, item = list(inputs.found), "giacenza.prestazioni_servizi"
    goal = plan.target(item, "GENOVA").value
    for measure, value in (
        ("pervenuto", 36_000),
        ("giacenza", goal * 36_000 / plan.parameter("giacenza.base") * 100),
    ):
        at = place[item, measure, "GENOVA"]
        found[at] = replace(found[at], value=value)
    (one,) = findings(replace(inputs, found=tuple(found)), plan)
    assert one.input.identity.measure == "giacenza"
    assert one.input.cell.startswith("Giacenza!")
    assert "al massimo" in one.expected
    assert "#pervenuto 36.000" in one.why
