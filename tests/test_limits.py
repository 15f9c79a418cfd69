"""Limits: numbers ten or a hundred times too large or small, or with the wrong sign, are found; examples have
no finding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from tests.official import EXAMPLES
from xl_perf.contract import read_inputs
from xl_perf.contract.limits import findings
from xl_perf.contract.versions import TEMPLATE_VERSIONS
from xl_perf.package import Package, open_package
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


WITHOUT_FACTS = "valutazione_individuale"
"""It holds nothing but data of persons, which have no limits."""


def shares(inputs, plan):
    """Share of each kind of mistake that is found, every number mistyped by itself, and how many were tried.

    A fact is compared with facts of the same item and structure only, so the others are left out.
    """
    near = defaultdict(list)
    for one in inputs.found:
        near[one.identity.item, one.identity.structure].append(one)
    tried, found = Counter(), Counter()
    for one in inputs.of():
        if isinstance(one.value, bool) or not isinstance(one.value, int | float) or not one.value:
            continue
        around = near[one.identity.item, one.identity.structure]
        for name, change in MUTATIONS.items():
            mistyped = [replace(each, value=change(one.value)) if each is one else each for each in around]
            tried[name] += 1
            found[name] += bool(findings(replace(inputs, found=tuple(mistyped)), plan))
    return {name: found[name] / tried[name] for name in MUTATIONS}, min(tried.values())


@pytest.mark.parametrize(
    "name", [*(n for n in TEMPLATE_VERSIONS if n != WITHOUT_FACTS), "LIGURIA", "DCM ROMA"]
)
def test_mistyped_numbers_are_found(name, capsys):
    """Every fact of the example that is a number, mistyped in each way, by itself; the example has no finding."""
    plan = load_edition("piano-2021-2023")
    if name in TEMPLATE_VERSIONS:
        package = open_package(EXAMPLES / f"{name}_esempio.xlsx")
    else:
        package = Package(build_scorecard(plan, name, 3, example=True), name)
    inputs = read_inputs(package)
    assert findings(inputs, plan) == []
    found, tried = shares(inputs, plan)
    with capsys.disabled():
        print(f"\n{name}: {', '.join(f'{kind} {share:.0%}' for kind, share in found.items())} found")
    assert tried > 50
    assert min(found.values()) >= SHARE


def test_a_realisation_of_a_tenth_is_doubtful_and_none_is_not():
    """100% typed as 10%: hardly a project; 0% says that the output was missed."""
    plan = load_edition("piano-2021-2023")
    inputs = read_inputs(open_package(EXAMPLES / "progetti_esempio.xlsx"))
    one = next(each for each in inputs.of() if each.value == 1)
    for value, expected in ((0.1, 1), (0, 0), (0.15, 0), (1, 0), (1.1, 1)):
        found = findings(replace(inputs, found=(replace(one, value=value),)), plan)
        assert len(found) == expected, value


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
