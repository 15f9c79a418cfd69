"""PERF_SPIEGA explains every function, in Italian, and never says more than the function itself."""

from __future__ import annotations

import re

import pytest

from tests.cases.loader import load_cases
from xl_perf import cells
from xl_perf.catalog import FUNCTIONS, Shape
from xl_perf.catalog.explain import ENTRIES
from xl_perf.catalog.numerals import number, percent, truth
from xl_perf.functions import PERF_SPIEGA
from xl_perf.values import EMPTY, CellError

(EXPLAIN,) = ENTRIES
OTHERS = [function for function in FUNCTIONS.values() if not function.explains]
CASES = [case for case in load_cases() if not FUNCTIONS[case.function].explains]


def test_every_function_has_its_formula():
    assert [function.name for function in OTHERS if not function.formula] == []


def test_there_is_room_for_the_arguments_of_every_function():
    assert len(EXPLAIN.arguments) - 1 == max(len(function.arguments) for function in OTHERS)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_case_is_explained(case):
    """The line names function, arguments and source; errors and empty results come out as they are."""
    function = FUNCTIONS[case.function]
    result = cells.call(function, case.arguments)
    line = PERF_SPIEGA(case.function, *case.arguments)
    if isinstance(result, list) and function.shape is not Shape.ARRAY:
        assert line == CellError.VALUE
    elif isinstance(result, CellError):
        assert line == result
    elif result == EMPTY or (isinstance(result, list) and result[0][0] == EMPTY):
        assert line == EMPTY
    elif isinstance(result, list) and isinstance(result[0][0], CellError):
        assert isinstance(line, (str, CellError))
    else:
        assert line.startswith(f"{case.function} = ")
        assert " Fonte: " in line
        assert line.endswith(".")
        assert "\n" not in line
        assert function.formula in line
        for argument in function.arguments:
            assert re.search(rf"\b{argument.name} ", line), argument.name
        assert not re.search(r"\b(None|nan|inf|True|False)\b", line), line


def test_more_cells_than_are_listed():
    line = PERF_SPIEGA("IEEP_TOTALE", [[1]] * 26 + [[None]])
    assert "voci (27 celle, 26 rilevate)" in line


def test_the_source_of_a_target_that_comes_with_it():
    """A row of a table from the target to its column Fonte, other texts between; 100 x (1 + 3/30) = 110."""
    source = "P21, Tabelle integrative, Tabella A; CdA 31/2021"
    line = PERF_SPIEGA("PERF_SCORE", 27, [[30, "giorni", None, source]], -1)
    assert line.startswith("PERF_SCORE = 110")
    assert f"obiettivo 30 (fonte: {source}); verso -1" in line
    assert PERF_SPIEGA("PERF_SCORE", 27, [[30, 31, source]], -1) == CellError.VALUE
    assert PERF_SPIEGA("PERF_SCORE", 27, [[CellError.NA, source]], -1) == CellError.VALUE
    assert PERF_SPIEGA("PERF_SCORE", 27, [[30], [source]], -1) == CellError.VALUE


@pytest.mark.parametrize("name", ["PERF_SCORE", " perf_score ", "=PERF_SCORE", "PERF_SCORE()"])
def test_spellings_of_a_name(name):
    assert PERF_SPIEGA(name, 27, 30, -1).startswith("PERF_SCORE = 110")


def test_name_as_a_range():
    assert PERF_SPIEGA([["PERF_SCORE"]], 27, 30).startswith("PERF_SCORE = 90")
    assert PERF_SPIEGA([["PERF_SCORE"], ["X"]], 27, 30) == CellError.VALUE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0000001, "-1E-07"),
        (1.5e20, "1,5E+20"),
        (10957463637, "10.957.463.637"),
        (0.5, "0,5"),
        (-1234.125, "-1.234,125"),
        (1 / 3, "0,333333"),
        (999999999999999, "999.999.999.999.999"),
    ],
)
def test_numbers(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.105, "10,50%"), (-0.00001, "0,00%"), (-0.25, "-25,00%"), (12.5, "1.250,00%")],
)
def test_percentages(value, text):
    assert percent(value) == text


def test_truth_values():
    assert [truth(value=True), truth(value=False)] == ["VERO", "FALSO"]
