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


# table_total: 0 total = 1 section (2, 3 details) - 4 section (5 detail)
PARENTS = (-1, 0, 1, 1, 0, 4)
SIGNS = (1, 1, 1, 1, -1, 1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([99, 99, 10, 20, 99, 5], 25),  # details: 10 + 20 - 5
        ([NAN, NAN, 10, NAN, NAN, NAN], 10),
        ([NAN, 30, NAN, NAN, NAN, 5], 25),  # subtotal in place of its details
        ([NAN, 30, 10, NAN, NAN, 5], 5),  # one detail reported: the subtotal does not count
        ([25, NAN, NAN, NAN, NAN, NAN], 25),
        ([NAN, NAN, NAN, NAN, 5, NAN], -5),
        ([NAN, NAN, 0, NAN, NAN, NAN], 0),
    ],
)
def test_table_total(values, expected):
    assert efficiency.table_total(values, PARENTS, SIGNS) == expected


def test_table_total_of_nothing():
    assert math.isnan(efficiency.table_total([NAN] * 6, PARENTS, SIGNS))


RULES = (process.BandRule(((1, 50.0, 0.0), (2, math.inf, 1.0)), 1),) * 4


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
    detail = process.control_detail((due, controlled, 0, 0, 0, 0), RULES, 100)
    assert detail[0].ratio == pytest.approx(percent / 100, abs=1e-15)


def test_half_a_hundredth_of_percent_is_exact_for_large_counts():
    # 50% and half a hundredth of percent: 0.50005 * 2e15 controlled of 2e15; one less rounds down
    due = 2_000_000_000_000_000
    half = due // 20_000 * 10_001
    assert process.control_detail((due, half, 0, 0, 0, 0), RULES, 100)[0].ratio == 0.5001
    assert process.control_detail((due, half - 1, 0, 0, 0, 0), RULES, 100)[0].ratio == 0.5
    assert process.control_detail((due, half - 1, 0, 0, 0, 0), RULES, 100)[0].band == 1
    assert process.control_detail((due, half, 0, 0, 0, 0), RULES, 100)[0].band == 2


def test_ratio_that_floats_would_round_up():
    controlled, due = 1897772969880532.0, 5458860836705112.0
    exact = math.floor(Fraction(int(controlled), int(due)) * 10_000 + Fraction(1, 2))
    assert exact == 3476
    detail = process.control_detail((due, controlled, 0.0, 0.0, 0.0, 0.0), RULES, 100)
    assert detail[0].ratio == 0.3476


def test_rules_must_be_four():
    with pytest.raises(ComputeError, match="3 band rules for 4 ratios"):
        process.control_detail((1, 1, 0, 0, 0, 0), RULES[:3], 100)
