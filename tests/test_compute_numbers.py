"""Compute functions called directly: their own exceptions, with the figures in the message."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from xl_perf.compute import deviation, efficiency, ops, process, synthesis
from xl_perf.compute.faults import ComputeError, Fault

NAN = math.nan


def test_sum_of_weights_is_in_the_message():
    with pytest.raises(ComputeError, match=r"sum to 1\.25, neither 1 nor 100") as caught:
        synthesis.weighted_mean([1.0, 2.0], [0.75, 0.5], 0, 1e-9)
    assert caught.value.fault is Fault.DOMAIN


@pytest.mark.parametrize("total", [1 + 5e-10, 1 - 5e-10, 100 + 5e-8, 100 - 5e-8])
def test_noise_in_the_sum_of_weights_is_accepted(total):
    assert synthesis.weighted_mean([4.0, 4.0], [total / 2, total / 2], 0, 1e-9) == 4.0


@pytest.mark.parametrize("total", [1 + 2e-9, 1 - 2e-9, 100 + 2e-7, 100 - 2e-7, 0.0, 10.0])
def test_more_than_noise_is_refused(total):
    with pytest.raises(ComputeError, match="neither 1 nor 100"):
        synthesis.weighted_mean([4.0, 4.0], [total / 2, total / 2], 0, 1e-9)


def test_counts_that_differ():
    with pytest.raises(ComputeError, match="2 values but 1 weights") as caught:
        synthesis.coverage([1.0, 2.0], [1.0], 1e-9)
    assert caught.value.fault is Fault.SHAPE


def test_synthesis_takes_arrays():
    # by hand: (0.5 * 1 + 0.3 * 2) / 0.8
    got = synthesis.weighted_mean(np.array([1.0, 2.0, NAN]), np.array([0.5, 0.3, 0.2]), 0, 1e-9)
    assert got == pytest.approx(1.375, rel=1e-15)


def test_elementwise_takes_arrays():
    got = deviation.score(np.array([80.0, 120.0, 400.0]), 100.0, np.array([1.0, -1.0, 1.0]), 0.5)
    assert got.tolist() == [80.0, 80.0, 150.0]
    assert process.stock_index(np.array([50.0]), 600.0, 360.0).tolist() == [pytest.approx(30.0)]


def test_sum_out_of_range():
    with pytest.raises(ComputeError, match="beyond the range"):
        ops.total([1e308, 1e308])
    with pytest.raises(ComputeError, match="beyond the range"):
        ops.total([math.inf, -math.inf])


@pytest.mark.parametrize(("value", "expected"), [(-1.0, 0.0), (0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (7.0, 1.0)])
def test_clip(value, expected):
    assert ops.clip(value, 0.0, 1.0) == expected
    assert ops.clip(np.array([value]), 0.0, 1.0).tolist() == [expected]


# table_total: total, last; section 0 (details 1, 2), minus section 3 (detail 4)
LEVELS = (0, 1, 1, 0, 1, NAN)
SIGNS = (1, 1, 1, -1, 1, NAN)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([99, 10, 20, 99, 5, 99], 25),  # details: 10 + 20 - 5
        ([NAN, 10, NAN, NAN, NAN, NAN], 10),
        ([30, NAN, NAN, NAN, 5, NAN], 25),  # subtotal in place of its details
        ([30, 10, NAN, NAN, 5, NAN], 5),  # one detail reported: the subtotal does not count
        ([NAN, NAN, NAN, NAN, NAN, 25], 25),
        ([NAN, NAN, NAN, 5, NAN, NAN], -5),
        ([NAN, 0, NAN, NAN, NAN, NAN], 0),
    ],
)
def test_table_total(values, expected):
    assert efficiency.table_total(values, SIGNS, LEVELS) == expected
    # the total may stand first, or be the row that all others are below
    first = [[row[-1], *row[:-1]] for row in (values, SIGNS, LEVELS)]
    assert efficiency.table_total(*first) == expected
    deeper = [1, *SIGNS[:-1]], [0, *(level + 1 for level in LEVELS[:-1])]
    assert efficiency.table_total(first[0], *deeper) == expected


def test_table_total_without_a_row_of_the_total():
    assert efficiency.table_total([30, NAN, NAN, NAN, 5], SIGNS[:-1], LEVELS[:-1]) == 25


def test_table_total_of_nothing():
    assert math.isnan(efficiency.table_total([NAN] * 6, SIGNS, LEVELS))


RULES = process.ControlRule((((50.0, 0.0), (math.inf, 1.0)),) * 4, 100, clean=True)


@pytest.mark.parametrize(
    ("controlled", "due", "percent"),
    [
        (1, 3, 33.33),
        (2, 3, 66.67),
        (1, 800, 0.13),  # 0.125 exactly: half goes up
        (1, 20000, 0.01),  # 0.005
        (1, 20001, 0.0),
        (12345678901234567, 24691357802469134, 50.0),
        (9007199254740993, 9007199254740993, 100.0),
    ],
)
def test_ratios_round_half_up_exactly(controlled, due, percent):
    detail = process.control_detail((due, controlled, 0, 0, 0, 0), RULES)
    assert detail[0].ratio == pytest.approx(percent / 100, abs=1e-15)


def test_half_a_hundredth_of_percent_is_exact_for_large_counts():
    # 50% and half a hundredth of percent: 0.50005 * 2e15 controlled of 2e15; one less rounds down
    due = 2_000_000_000_000_000
    half = due // 20_000 * 10_001
    assert process.control_detail((due, half, 0, 0, 0, 0), RULES)[0].ratio == 0.5001
    assert process.control_detail((due, half - 1, 0, 0, 0, 0), RULES)[0].ratio == 0.5
    assert process.control_detail((due, half - 1, 0, 0, 0, 0), RULES)[0].band == 1
    assert process.control_detail((due, half, 0, 0, 0, 0), RULES)[0].band == 2


def test_ratio_that_floats_would_round_up():
    controlled, due = 1897772969880532.0, 5458860836705112.0
    exact = math.floor(Fraction(int(controlled), int(due)) * 10_000 + Fraction(1, 2))
    assert exact == 3476
    detail = process.control_detail((due, controlled, 0.0, 0.0, 0.0, 0.0), RULES)
    assert detail[0].ratio == 0.3476


TABLE = [[1, 50, 0], [1, NAN, 1], [2, NAN, 1], [3, NAN, 1], [NAN, NAN, NAN], [4, NAN, 1]]


@pytest.mark.parametrize(
    ("table", "clean", "fault"),
    [
        ([*TABLE, [5, NAN, 1]], 1, Fault.DOMAIN),
        ([*TABLE, [1.5, NAN, 1]], 1, Fault.DOMAIN),
        ([*TABLE, [4, 10, NAN]], 1, Fault.MISSING),
        ([*TABLE, [NAN, 10, 1]], 1, Fault.MISSING),
        ([row[:2] for row in TABLE], 1, Fault.SHAPE),
        (TABLE, 2, Fault.DOMAIN),
    ],
)
def test_tables_of_bands_that_are_refused(table, clean, fault):
    assert process.control_rule(TABLE, 100, 1).bands[0] == ((50, 0), (math.inf, 1))
    with pytest.raises(ComputeError) as caught:
        process.control_rule(table, 100, clean)
    assert caught.value.fault is fault


@pytest.mark.parametrize("controlled", [0, 6])
def test_a_ratio_without_bands(controlled):
    lacking = process.control_rule(TABLE[:-1], 100, 1)
    with pytest.raises(ComputeError, match="no bands") as caught:
        process.control_points((10, controlled, 0, 0, 0, 0), lacking)
    assert caught.value.fault is Fault.MISSING


def test_a_ratio_beyond_all_bands():
    closed = process.ControlRule((((50.0, 0.0),), *RULES.bands[1:]), 100, clean=True)
    assert process.control_points((10, 5, 0, 0, 0, 0), closed) == 2
    with pytest.raises(ComputeError, match=r"no band holds 60\.0%") as caught:
        process.control_points((10, 6, 0, 0, 0, 0), closed)
    assert caught.value.fault is Fault.MISSING
