"""What the plan prints comes out of the functions: IEEP variations, standard-cost indices, totals of Tabella B."""

from __future__ import annotations

import pytest

from tests.cases.loader import PRINTED_ERRORS, agrees, cost_cases, ieep_cases, variation_cases
from xl_perf import functions
from xl_perf.plan import load_edition

PLAN = load_edition()
VARIATIONS = variation_cases(PLAN)
COSTS = cost_cases(PLAN)
TOTALS = ieep_cases(PLAN)


@pytest.mark.parametrize("case", VARIATIONS + COSTS + TOTALS, ids=str)
def test_published(case):
    result = getattr(functions, case.function)(*case.arguments)
    assert agrees(result, case.expected, case.tolerance), (
        f"{result!r}, printed {case.expected!r}: {case.origin}"
    )


def test_all_of_them():
    # P20 prints 27 rows for 2019; P21 15 for 2020; 23 regions and metropolitan directions; 23 and the national column
    assert (len(VARIATIONS), len(COSTS), len(TOTALS)) == (27 + 15, 23, 23 + 1)


@pytest.mark.parametrize(("key", "error"), PRINTED_ERRORS.items(), ids=str)
def test_printed_errors_are_errors(key, error):
    printed, right, _ = error
    (case,) = [c for c in VARIATIONS if c.title == f"variazione stampata di {key[0]} {key[1]}"]
    result = functions.PERF_SCOSTAMENTO(*case.arguments)
    assert not agrees(result, printed, case.tolerance)
    assert agrees(result, right, case.tolerance)


def test_printed_errors_are_those_that_the_plan_data_knows():
    keys = [key for defect in PLAN.defects for key in defect.values if key.startswith("variazioni:ieep.")]
    known = {tuple(key.removeprefix("variazioni:").split("/")[:2]) for key in keys}
    assert known == set(PRINTED_ERRORS)


def test_names_and_keywords():
    assert functions.PERF_SCORE(consuntivo=27, obiettivo=30, verso=-1) == 110.0
    with pytest.raises(TypeError):
        functions.PERF_SCORE(27)
    with pytest.raises(TypeError):
        functions.PERF_SCORE(27, 30, altro=1)
