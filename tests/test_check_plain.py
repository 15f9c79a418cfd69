"""The plain scorecard that a proof calculates: inputs and results of the one that is built to be filled in."""

from __future__ import annotations

import os

import pytest

from xl_perf.check.proof import prove
from xl_perf.check.reference import plain_scorecard
from xl_perf.contract import Species, read_inputs
from xl_perf.package import Package
from xl_perf.plan import load_edition
from xl_perf.recalc.calculate import calculating
from xl_perf.templates.build import build_scorecard

PLAN = load_edition()
FULL = os.environ.get("XL_PERF_FULL_TESTS") == "1"
STRUCTURES = [*(structure.code for structure in PLAN.regional()), PLAN.national]
"""With one office and with many, with and without DCM, Aosta that lacks lines, the nation."""
SAMPLE = ["VALLE D'AOSTA", "LOMBARDIA", "DCM ROMA", PLAN.national]


def places(inputs):
    found = {one.identity: (one.species, one.sheet, one.key, one.formula) for one in inputs.totals}
    for one in inputs.of(*Species):
        found[one.identity] = (one.species, one.sheet, one.key, one.name)
    return found


@pytest.mark.parametrize("structure", STRUCTURES if FULL else SAMPLE)
def test_a_plain_scorecard_has_the_places_and_gives_the_results_of_a_full_one(structure):
    """The full one spells its formulas with tables and names: all its results come from other formulas."""
    full = read_inputs(Package(build_scorecard(PLAN, structure, 3, example=True), "full.xlsx"))
    blank = plain_scorecard(PLAN, structure, 3)
    assert calculating(blank).open == {}, "a formula that the engine leaves to LibreOffice"
    plain = read_inputs(blank)
    mine, whole = places(plain), places(full)
    assert {identity: whole[identity] for identity in mine} == mine
    assert all(identity.row for identity in whole.keys() - mine.keys())  # rows that the example names
    results = {one.identity: one for one in full.totals if one.species is Species.RESULT}
    assert len(results) > 40
    proof = prove("full.xlsx", full, results, PLAN)
    assert proof.differences == []
    assert proof.overtyped == []
