"""What a cell can hold, and what each thing becomes; ranges, arrays, broadcasting."""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_perf import cells
from xl_perf.catalog import FUNCTIONS, Shape
from xl_perf.cells.convert import date_in
from xl_perf.values import CellError

DEFLUSSO = FUNCTIONS["DEFLUSSO_INDEX"]
SCORE = FUNCTIONS["PERF_SCORE"]


def ratio(value):
    """The value itself, as a number in a cell: value / 1."""
    return cells.call(DEFLUSSO, (value, 1))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3.0),
        (3.5, 3.5),
        (np.float64(3.5), 3.5),
        (np.float32(3.5), 3.5),
        (np.int64(3), 3.0),
        (np.uint8(3), 3.0),
        (Decimal("3.25"), 3.25),
        (Fraction(13, 4), 3.25),
        (np.array(3.5), 3.5),
        (-0.0, 0.0),
        (None, ""),
        ("", ""),
        (" \t\u00a0", ""),
        (np.array(math.nan), ""),
        ("12", CellError.VALUE),
        ("12,5", CellError.VALUE),
        ("1.234", CellError.VALUE),
        ("#abc", CellError.VALUE),
        (True, CellError.VALUE),
        (False, CellError.VALUE),
        (np.bool_(True), CellError.VALUE),
        (1 + 2j, CellError.VALUE),
        (object(), CellError.VALUE),
        (b"3", CellError.VALUE),
        ({"a": 1}, CellError.VALUE),
        (math.nan, CellError.NUM),
        (np.float64("nan"), CellError.NUM),
        (math.inf, CellError.NUM),
        (-math.inf, CellError.NUM),
        (Decimal("NaN"), CellError.NUM),
        (Decimal("sNaN"), CellError.NUM),
        (Decimal("1e999"), CellError.NUM),
        (10**400, CellError.NUM),
        ("#N/A", CellError.NA),
        ("#N/D", CellError.NA),
        (" #VALORE! ", CellError.VALUE),
        (CellError.SPILL, CellError.SPILL),
        # serial numbers as Excel shows them for these dates
        (dt.date(1900, 1, 1), 1.0),
        (dt.date(1900, 2, 28), 59.0),
        (dt.date(1900, 3, 1), 61.0),
        (dt.date(2021, 3, 24), 44279.0),
        (dt.datetime(2021, 3, 24, 12), 44279.5),  # noqa: DTZ001  # cells know no time zones
        (dt.datetime(2021, 3, 24, 12, tzinfo=dt.UTC), 44279.5),
        (np.datetime64("2021-03-24"), 44279.0),
        (np.datetime64("2021-03-24T12:00:00.000000000"), 44279.5),
        (np.datetime64("NaT", "s"), ""),
        (dt.time(6), 0.25),
        (dt.timedelta(days=2, hours=12), 2.5),
        (dt.date(1899, 12, 31), CellError.NUM),
    ],
    ids=lambda value: type(value).__name__ if type(value) is object else repr(value),
)
def test_one_cell(value, expected):
    result = ratio(value)
    assert type(result) is type(expected)
    assert result == expected
    assert math.copysign(1, result) > 0 if isinstance(result, float) else True


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((), CellError.VALUE),
        ((1,), CellError.VALUE),
        ((1, 2, 3), CellError.VALUE),
        ((1e308, 1e-10), CellError.NUM),
        ((5e-324, 1e308), 0.0),
    ],
)
def test_number_of_arguments_and_range_of_numbers(args, expected):
    assert cells.call(DEFLUSSO, args) == expected


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("IEEP_REALIZZAZIONE", (1e308, 1e-10, -1e308, 1e-10)),  # inf - inf
        ("CONTROLLO_PROCESSO", (1, 1, 0, 0, 1e308, 0)),
        ("PERF_SINTESI", ([1e308, 1e308], [50, 50])),
        ("IEEP_TOTALE", ([1e308] * 27,)),
        ("GIACENZA_INDEX", (1e308, 1, 360)),
    ],
)
def test_beyond_the_range_of_numbers(name, args):
    assert cells.call(FUNCTIONS[name], args) is CellError.NUM


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, dt.date(1900, 1, 1)),
        (59, dt.date(1900, 2, 28)),
        (61, dt.date(1900, 3, 1)),
        (44279.99, dt.date(2021, 3, 24)),
        (2958465, dt.date(9999, 12, 31)),
        (2958466, CellError.NUM),
        (0.5, CellError.NUM),
        (dt.datetime(2021, 3, 24, 23, 59, tzinfo=dt.UTC), dt.date(2021, 3, 24)),
        ("2021-03-24", CellError.VALUE),
        (" ", None),
    ],
)
def test_days(number, expected):
    # Excel: 1 is 1 January 1900, 61 is 1 March 1900 (it counts a 29 February), 2958465 is 31 December 9999
    assert date_in(number) == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (([1, 2], 2), [[0.5], [1.0]]),
        (((1, 2), 2), [[0.5], [1.0]]),
        (([[1, 2]], 2), [[0.5, 1.0]]),
        (([1, 2], [[1, 2]]), [[1.0, 0.5], [2.0, 1.0]]),
        (([[1, 2]], [[1], [2]]), [[1.0, 2.0], [0.5, 1.0]]),
        (([[1, 2], [3, 4]], [[1, 2]]), [[1.0, 1.0], [3.0, 2.0]]),
        (([[1, 2], [3, 4]], [[1], [2]]), [[1.0, 2.0], [1.5, 2.0]]),
        (([[4]], [2]), 2.0),
        (([], 2), ""),
        (([[]], 2), ""),
        (([1, 2, 3], [1, 2]), CellError.VALUE),
        (([[1, 2]], [[1, 2, 3]]), CellError.VALUE),
        (([[1, 2], [3]], 2), CellError.VALUE),
        (([[1, 2], 3], 2), CellError.VALUE),
        (([[[1]]], 2), CellError.VALUE),
        (
            ([1, "x", None, CellError.REF, True, math.nan], 2),
            [[0.5], ["#VALUE!"], [""], ["#REF!"], ["#VALUE!"], ["#NUM!"]],
        ),
    ],
    ids=lambda value: type(value).__name__ if type(value) is object else repr(value),
)
def test_ranges(args, expected):
    assert cells.call(DEFLUSSO, args) == expected


def facts_of(array):
    """What two equal arrays have in common: kind, shape, and each element by its type, any NaN as one text."""
    elements = [(type(e), "nan" if isinstance(e, float) and math.isnan(e) else e) for e in array.flat]
    return type(array), array.dtype, array.shape, elements


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((np.array([1.0, math.nan]), 2), [0.5, math.nan]),
        ((np.array([1, 2]), 2), [0.5, 1.0]),
        ((np.array([[1.0, 2.0]]), 2), [[0.5, 1.0]]),
        ((np.array([1.0, 2.0]), np.array([[1.0, 2.0]])), [[1.0, 0.5], [2.0, 1.0]]),
        ((np.array([1.0, 2.0]), [2, 4]), [0.5, 0.5]),
        ((np.array([1.0, 2.0]), [[2], [4]]), [[0.5], [0.5]]),
        ((np.array([]), 2), []),
        ((np.array([4.0]), 2), [2.0]),
        ((np.ma.masked_array([1.0, 2.0], mask=[False, True]), 2), [0.5, math.nan]),
        ((np.array(["2021-03-24", "NaT"], dtype="datetime64[ns]"), 1), [44279.0, math.nan]),
        ((np.array([1.0, 2.0]), ""), [math.nan, math.nan]),
        ((np.array([1.0, math.inf, -1.0]), 2), np.array([0.5, CellError.NUM, CellError.NUM], dtype=object)),
        ((np.array([1.0, 2.0]), np.array([0.0, 1.0])), np.array([CellError.DIV0, 2.0], dtype=object)),
        (
            (np.array([1.0, math.nan]), np.array([0.0, 0.0])),
            np.array([CellError.DIV0, math.nan], dtype=object),
        ),
        ((np.array([True, False]), 2), np.array([CellError.VALUE, CellError.VALUE], dtype=object)),
        (
            (np.array([1.0, "x", None], dtype=object), 2),
            np.array([0.5, CellError.VALUE, math.nan], dtype=object),
        ),
        ((np.array([1.0, 2.0]), CellError.REF), np.array([CellError.REF, CellError.REF], dtype=object)),
        ((np.array([1e308, 1.0]), 1e-10), np.array([CellError.NUM, 1e10], dtype=object)),
    ],
    ids=lambda value: type(value).__name__ if type(value) is object else repr(value),
)
def test_arrays(args, expected):
    assert facts_of(cells.call(DEFLUSSO, args)) == facts_of(np.asarray(expected))


@pytest.mark.parametrize(
    "args",
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0])),
        (np.zeros((2, 2, 2)), 1),
        (np.zeros((2, 2)), np.zeros(3)),
    ],
)
def test_arrays_that_do_not_fit(args):
    assert cells.call(DEFLUSSO, args) is CellError.VALUE


def test_arguments_are_left_as_they_were():
    actual = np.array([1.0, math.nan])
    target = np.array([math.nan, 2.0])
    direction = np.array([math.nan, -1.0])
    before = [column.copy() for column in (actual, target, direction)]
    cells.call(SCORE, (actual, target, direction))
    for column, copy in zip((actual, target, direction), before, strict=True):
        np.testing.assert_array_equal(column, copy)


ELEMENTWISE = [f for f in FUNCTIONS.values() if f.shape is Shape.ELEMENTWISE]
NUMBER = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 30.0, 100.0, math.inf, 1e308, 5e-324]),
    st.floats(0, 1e6),
    st.floats(allow_nan=False),
    st.integers(0, 1000).map(float),
)


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_arrays_and_cells_give_the_same_bits(function, data):
    height = data.draw(st.integers(1, 6))
    tables = {a.name: data.draw(st.sampled_from([None, [[1.0], [0.0], [0.0]]])) for a in function.arguments}
    rows = [
        [tables[a.name] if a.whole else data.draw(NUMBER) for a in function.arguments] for _ in range(height)
    ]
    columns = [
        tables[argument.name] if argument.whole else np.array([math.nan if v is None else v for v in column])
        for argument, column in zip(function.arguments, zip(*rows, strict=True), strict=True)
    ]
    result = cells.call(function, columns)
    assert result.shape == (height,)
    for row, value in zip(rows, result.tolist(), strict=True):
        expected = cells.call(function, row)
        if expected == "":
            assert isinstance(value, float)
            assert math.isnan(value)
        else:
            assert type(value) is type(expected)
            assert value == expected
            assert not isinstance(value, float) or value.hex() == expected.hex()


ANYTHING = st.one_of(
    NUMBER,
    st.booleans(),
    st.text(max_size=5),
    st.sampled_from([CellError.NA, CellError.REF]),
    st.dates(),
    st.integers(),
)
RANGE = st.one_of(
    ANYTHING,
    st.lists(ANYTHING, max_size=4),
    st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(ANYTHING, min_size=n, max_size=n), max_size=3)),
    st.lists(st.lists(ANYTHING, max_size=2), max_size=3),
)


def _leaves(value):
    return [leaf for cell in value for leaf in _leaves(cell)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_nothing_that_cells_hold_raises_and_results_are_cell_values(function, data):
    count = data.draw(st.integers(function.required, len(function.arguments)))
    result = cells.call(function, [data.draw(RANGE) for _ in range(count)])
    for leaf in _leaves(result):
        assert type(leaf) in (float, bool, CellError) or leaf == ""
        assert not isinstance(leaf, float) or math.isfinite(leaf)


def test_without_numpy():
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from xl_perf.functions import PERF_SCORE, PERF_SINTESI, CONTROLLO_PROCESSO, OBIETTIVO\n"
        "assert PERF_SCORE([[27], [33]], 30, -1) == [[110.0], [90.0]]\n"
        "assert PERF_SINTESI([[1, 3]], [[0.5, 0.5]]) == 2.0\n"
        "assert CONTROLLO_PROCESSO(100, 100, 0, 0, 0, 0) == 24.0\n"
        "assert OBIETTIVO('giacenza.altre_aree', 'TORINO') == 66.0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_cheap_import():
    code = (
        "import sys, xl_perf.functions, xl_perf.cells\n"
        "heavy = {'numpy', 'openpyxl', 'formualizer', 'xlwings', 'csv', 'tomllib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
