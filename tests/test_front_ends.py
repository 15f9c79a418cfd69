"""One truth table: docs/matrice.md is what the front ends give, and its judge can say no."""

from __future__ import annotations

import os

import pytest

from tests.cases.loader import Case
from tests.front_ends import FRONT_ENDS, PAGE, FrontEnd, outcomes, page
from xl_perf.catalog import FUNCTIONS
from xl_perf.values import CellError

CHANGED = "the table is out of date: python -m tests.front_ends --write"


@pytest.fixture(scope="module")
def results():
    lacking = [f"{front_end.name}: {front_end.missing()}" for front_end in FRONT_ENDS if front_end.missing()]
    if lacking and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail("; ".join(lacking))
    if lacking:
        pytest.skip("; ".join(lacking))
    return [(front_end, outcomes(front_end)) for front_end in FRONT_ENDS]


@pytest.mark.libreoffice
def test_no_front_end_differs_without_a_reason(results):
    wrong = [line for _, found in results for outcome in found.values() for line in outcome.wrong]
    assert wrong == []


@pytest.mark.libreoffice
def test_matrix_is_current(results):
    assert PAGE.read_text(encoding="utf-8") == page(results), CHANGED


@pytest.mark.libreoffice
def test_every_difference_is_seen(results):
    """A difference that no case shows any more has to go."""
    for front_end, found in results:
        seen = set().union(*(outcome.letters for outcome in found.values()))
        assert seen == {difference.letter for difference in front_end.differences}, front_end.name


def test_every_function_has_a_row():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line.split("`")[1] for line in lines if line.startswith("| `")] == list(FUNCTIONS), CHANGED


# The judge


def _outcome(result, expected, differences=(), arguments=(1,)):
    case = Case("DEFLUSSO_INDEX", "uno", arguments, expected, "a mano")
    front_end = FrontEnd("prova", lambda _cases: [result], str, differences)
    return outcomes(front_end, [case])["DEFLUSSO_INDEX"]


def test_another_number_differs():
    assert _outcome([[1.0]], 1).text == "uguale"
    assert _outcome([[1.1]], 1).text == "**diverso**"
    assert _outcome([[""]], 0).text == "**diverso**"
    assert _outcome([["kept"]], 1).text == "**diverso**"
    assert _outcome(None, 1).text == "non offerta"


def test_a_reason_covers_only_what_it_names():
    calc = next(front_end for front_end in FRONT_ENDS if front_end.name == "LibreOffice Calc").differences
    in_range = ([[CellError.NA], [2]], 1)
    expected = [[CellError.NA], [2]]
    assert _outcome([["Err:504"], ["Err:504"]], expected, calc, in_range).text == "uguale, salvo b"
    assert _outcome([["Err:504"], [3.0]], expected, calc, in_range).text == "**diverso**"
    # TRUE as 1: the result of the number, and no other
    assert _outcome([[0.5]], CellError.VALUE, calc, (True, 2)).text == "uguale, salvo c"
    assert _outcome([[0.6]], CellError.VALUE, calc, (True, 2)).text == "**diverso**"
    assert _outcome([[CellError.NUM]], CellError.NA, calc, (CellError.NA, 2)).text == "**diverso**"
