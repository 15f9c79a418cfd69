"""Whole arrays against single cells: every function that takes arrays in one go, on numbers that try to slip
through.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.arrays import CASES
from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import call
from xl_perf.values import CellError

VECTORISED = [function for function in FUNCTIONS.values() if function.vectorised]
EACH = pytest.mark.parametrize("function", VECTORISED, ids=lambda function: function.name)
TINY, SMALL, HUGE, LARGEST = 5e-324, 2.2250738585072014e-308, 1e308, 1.7976931348623157e308
ODD = [math.nan, math.inf, -math.inf, 0.0, -0.0, TINY, -TINY, SMALL, HUGE, -HUGE, LARGEST, -1.0, 1.0, 50.0]
PLAIN = {"verso": 1.0, "tetto": 0.5, "punteggio": 110.0, "peso_entrate": 0.5, "peso_prestazioni": 0.5}
"""A number in the domain for arguments in whose domain 50 is not."""


def expected(function, row):
    return call(
        function, [None if isinstance(value, float) and math.isnan(value) else value for value in row]
    )


def assert_cells(function, columns, result, shape):
    """Each result is, to the bit, what the function gives for the cells of its row."""
    assert isinstance(result, np.ndarray)
    assert result.shape == shape
    rows = zip(*(np.broadcast_to(column, shape).ravel().tolist() for column in columns), strict=True)
    wanted = [expected(function, row) for row in rows]
    assert result.dtype == (object if any(isinstance(cell, CellError) for cell in wanted) else np.float64)
    for mine, cell in zip(result.ravel().tolist(), wanted, strict=True):
        if cell == "":
            assert isinstance(mine, float)
            assert math.isnan(mine)
        else:
            assert type(mine) is type(cell)
            assert mine == cell
            assert not isinstance(mine, float) or mine.hex() == cell.hex()


def usual(function):
    return [PLAIN.get(argument.name, 50.0) for argument in function.arguments]


def test_the_benchmark_has_them_all():
    assert [case.name for case in CASES] == [function.name for function in VECTORISED]


@EACH
def test_every_pair_of_odd_numbers(function):
    """Each argument against each other one, the rest in the domain."""
    for first, second in itertools.combinations(range(len(function.arguments)), 2):
        pairs = list(itertools.product(ODD, ODD))
        columns = [np.full(len(pairs), number) for number in usual(function)]
        columns[first][:], columns[second][:] = zip(*pairs, strict=True)
        assert_cells(function, columns, call(function, columns), (len(pairs),))


@EACH
def test_single_numbers_beside_arrays(function):
    single = [number for number in ODD if math.isfinite(number)]
    for place in range(len(function.arguments)):
        for other in range(len(function.arguments)):
            if other == place:
                continue
            for number in single:
                given_ = usual(function)
                given_[place], given_[other] = np.array([*ODD, 60.0]), number
                assert_cells(function, given_, call(function, given_), (len(ODD) + 1,))


def cells_of(argument):
    domain = {
        "verso": st.sampled_from([1.0, -1.0]),
        "tetto": st.floats(0, 2),
        "punteggio": st.floats(50, 150),
        "peso_entrate": st.just(0.5),
        "peso_prestazioni": st.just(0.5),
    }
    good = domain.get(argument.name, st.one_of(st.floats(1, 1e6), st.integers(1, 1000).map(float)))
    return good, st.one_of(good, st.sampled_from(ODD), st.floats())


@EACH
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_arrays_of_all_kinds(function, data):
    """Good numbers with some odd ones anywhere, single numbers for some arguments, one or two dimensions."""
    height = data.draw(st.integers(1, 17))
    shape = data.draw(st.sampled_from([(height,), (height, 2), (1, height)]))
    count = math.prod(shape)
    columns = []
    for argument in function.arguments:
        good, any_ = cells_of(argument)
        if columns and data.draw(st.booleans()):
            columns.append(data.draw(good))
            continue
        column = np.array(data.draw(st.lists(good, min_size=count, max_size=count)))
        for place in data.draw(st.lists(st.integers(0, count - 1), max_size=3)):
            column[place] = data.draw(any_)
        columns.append(column.reshape(shape))
    before = [np.copy(column) for column in columns]
    result = call(function, columns)
    assert_cells(function, columns, result, shape)
    for column, copy in zip(columns, before, strict=True):
        np.testing.assert_array_equal(column, copy)


@EACH
def test_numbers_that_the_result_does_not_show(function):
    """A large array with one number out of place in it or none: nothing hides among the many."""
    count = 10_007
    rng = np.random.default_rng(5)
    good = [rng.uniform(60, 90, count) for _ in function.arguments]
    for place, argument in enumerate(function.arguments):
        if argument.name in PLAIN and argument.name != "punteggio":
            good[place][:] = PLAIN[argument.name]
    clean = call(function, good)
    assert clean.dtype == np.float64
    np.testing.assert_array_equal(clean, function.compute(*good) + 0.0)
    for place in range(len(good)):
        for number in (math.nan, math.inf, -math.inf, -1.0, 0.0, -0.0):
            at = int(rng.integers(count))
            columns = [column.copy() if other == place else column for other, column in enumerate(good)]
            columns[place][at] = number
            result = call(function, columns)
            wanted = expected(function, [column[at].item() for column in columns])
            assert result[at] == wanted or (wanted == "" and math.isnan(result[at]))
            others = np.arange(count) != at
            np.testing.assert_array_equal(result[others].astype(np.float64), clean[others])


def test_negative_zero_never_comes_out():
    ours = call(FUNCTIONS["PERF_SCOSTAMENTO"], (np.full(10, 50.0), np.full(10, 50.0), -1.0, 0.5))
    assert not np.signbit(ours).any()
    assert not np.signbit(call(FUNCTIONS["DEFLUSSO_INDEX"], (np.full(10, -0.0), np.full(10, 2.0)))).any()


def test_results_keep_the_shape():
    actual = np.arange(1.0, 9.0).reshape(4, 2)
    found = call(FUNCTIONS["DEFLUSSO_INDEX"], (actual, np.full((4, 2), 2.0)))
    assert found.tolist() == (actual / 2).tolist()
    column = call(FUNCTIONS["DEFLUSSO_INDEX"], (actual, np.array([[1.0], [2.0], [4.0], [8.0]])))
    assert column.tolist() == [[1.0, 2.0], [1.5, 2.0], [1.25, 1.5], [0.875, 1.0]]


def test_single_zero_under_arrays_is_no_exception():
    one = np.array([1.0, 2.0])
    for given_ in ((one, 10.0, 300.0, 0.0), (one, 0.0, 300.0, 1000.0), (3.0, 0.0, one, 1000.0)):
        assert call(FUNCTIONS["DISMISSIONE_INDEX"], given_).tolist() == [CellError.DIV0] * 2


def test_other_kinds_of_arrays():
    deflusso = FUNCTIONS["DEFLUSSO_INDEX"]
    wanted = [[0.5, 1.0], [1.5, 2.0]]
    plain = np.array([[1.0, 2.0], [3.0, 4.0]])
    for array in (
        plain.view(np.matrix),
        plain.astype(">f8"),
        plain.astype(np.float32),
        plain.astype(np.uint8),
        np.asfortranarray(plain),
        np.repeat(plain, 2, axis=1)[:, ::2],
        np.ma.masked_array(plain, mask=False),
    ):
        assert call(deflusso, (array, 2.0)).tolist() == wanted
    read_only = plain.copy()
    read_only.flags.writeable = False
    assert call(deflusso, (read_only, 2.0)).tolist() == wanted
    strided = np.arange(20.0)[::2]
    assert call(deflusso, (strided, np.full(20, 2.0)[::-2])).tolist() == (strided / 2).tolist()
