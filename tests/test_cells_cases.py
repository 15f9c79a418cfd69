"""The worked cases, called as cells hold them: empty as text and as nothing, ranges as lists, tuples and arrays."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.cases.loader import CaseError, agrees, load_cases, parse
from xl_perf import cells
from xl_perf.catalog import FUNCTIONS, Shape

CASES = load_cases()


def _changed(value, change):
    return [_changed(cell, change) for cell in value] if isinstance(value, list) else change(value)


def _tuples(value):
    return tuple(_tuples(cell) for cell in value) if isinstance(value, list) else value


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case):
    result = cells.call(FUNCTIONS[case.function], case.arguments)
    assert agrees(result, case.expected, case.tolerance), (
        f"{result!r}, expected {case.expected!r}: {case.origin}"
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_with_nothing_for_empty_and_tuples_for_ranges(case):
    arguments = [_tuples(_changed(a, lambda cell: None if cell == "" else cell)) for a in case.arguments]
    result = cells.call(FUNCTIONS[case.function], arguments)
    assert agrees(result, case.expected, case.tolerance), (
        f"{result!r}, expected {case.expected!r}: {case.origin}"
    )


NUMERIC = [
    case
    for case in CASES
    if any(isinstance(a, list) for a in case.arguments)
    and all(
        type(c) in (int, float) or c == ""
        for a in case.arguments
        for c in np.ravel(np.array(a, dtype=object))
    )
]


@pytest.mark.parametrize("case", NUMERIC, ids=str)
def test_case_with_arrays_for_ranges(case):
    assert len(NUMERIC) > 30
    arguments = [
        np.array(_changed(a, lambda cell: math.nan if cell == "" else cell), dtype=float)
        if isinstance(a, list)
        else a
        for a in case.arguments
    ]
    result = cells.call(FUNCTIONS[case.function], arguments)
    if isinstance(result, np.ndarray):
        result = _changed(
            result.tolist(), lambda cell: "" if isinstance(cell, float) and math.isnan(cell) else cell
        )
        if not isinstance(case.expected, list):
            ((result,),) = result
    elif isinstance(case.expected, list):
        assert FUNCTIONS[case.function].shape is Shape.ARRAY
    assert agrees(result, case.expected, case.tolerance), (
        f"{result!r}, expected {case.expected!r}: {case.origin}"
    )


def test_every_function_has_cases():
    assert {case.function for case in CASES} == set(FUNCTIONS)


@pytest.mark.parametrize("function", [f for f in FUNCTIONS.values() if not f.explains], ids=lambda f: f.name)
def test_every_argument_refuses_errors(function):
    """In each argument, ranges included: an error comes out as it is, and text or a boolean is #VALUE!
    (`[[rifiuti]]`).
    """
    seen = {str(case) for case in CASES}
    for argument in function.arguments:
        assert f"{function.name}: errore #REF! in {argument.name}" in seen, argument.name


def test_every_case_has_its_own_title():
    titles = [str(case) for case in CASES]
    assert sorted(set(titles)) == sorted(titles)


GOOD = """[[caso]]
funzione = "DEFLUSSO_INDEX"
titolo = "uno"
argomenti = [1, 1]
atteso = 1
origine = "a mano"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('origine = "a mano"\n', "", "missing keys .'origine'"),
        ('"a mano"', '" "', "needs its origin"),
        ('titolo = "uno"\n', "", "missing keys .'titolo'"),
        ("atteso = 1\n", 'atteso = 1\naltro = "x"\n', "unknown keys .'altro'"),
        ("DEFLUSSO_INDEX", "DEFLUSSO", "unknown function 'DEFLUSSO'"),
        ("[[caso]]", "[[casi]]", "unknown tables"),
    ],
)
def test_loader_refuses(old, new, message):
    assert len(parse(GOOD, "good")) == 1
    with pytest.raises(CaseError, match=message):
        parse(GOOD.replace(old, new), "bad")


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (1.0, 1.1),
        ("", 0),
        (0.0, ""),
        ([[1.0]], 1),
        (1.0, [[1]]),
        ([[1.0]], [[1], [2]]),
        ("#N/A", "x"),
        (1, 1),
    ],
)
def test_comparison_can_fail(actual, expected):
    assert not agrees(actual, expected, 1e-12)
