"""Functions over long arrays: calculated in blocks, with the results of single cells."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import arrays, call, quick
from xl_perf.values import CellError

ACTUAL = [45.0, 80.0, math.nan, 60.0, math.inf, 10.0, 50.0, 50.0, -50.0, 1.0]
TARGET = [50.0, 50.0, 50.0, 0.0, 50.0, math.nan, -1.0, 50.0, 50.0, 1e-320]


@pytest.mark.parametrize("block", [1, 3, 4, 100])
@pytest.mark.parametrize("clean", [True, False])
def test_blocks_give_what_single_cells_give(block: int, clean: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arrays, "_BLOCK", block)
    function = FUNCTIONS["PERF_SCORE"]
    # errors come first, last, and after blocks of plain numbers
    actual = [45.0] * 6 + ([] if clean else ACTUAL) + [30.0] * 3
    target = [50.0] * 6 + ([] if clean else TARGET) + [40.0] * 3
    found = call(function, (np.array(actual), np.array(target), -1.0, 0.5))
    cells = [
        call(function, (a, t, -1.0, 0.5)) for a, t in zip(*(_cells(x) for x in (actual, target)), strict=True)
    ]
    assert found.dtype == (np.float64 if clean else object)
    for mine, one in zip(found.tolist(), cells, strict=True):
        assert (mine == one and type(mine) is type(one)) or (math.isnan(mine) and one == "")


def test_blocks_keep_the_shape(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arrays, "_BLOCK", 3)
    actual = np.arange(1.0, 9.0).reshape(4, 2)
    found = call(FUNCTIONS["DEFLUSSO_INDEX"], (actual, np.full((4, 2), 2.0)))
    assert found.tolist() == (actual / 2).tolist()
    column = call(FUNCTIONS["DEFLUSSO_INDEX"], (actual, np.array([[1.0], [2.0], [4.0], [8.0]])))
    assert column.tolist() == [[1.0, 2.0], [1.5, 2.0], [1.25, 1.5], [0.875, 1.0]]


@pytest.mark.parametrize("name", ["PERF_SCORE", "PERF_SCOSTAMENTO", "DEFLUSSO_INDEX", "GIACENZA_INDEX"])
def test_the_shortcut_gives_the_same_or_leaves_it(name: str):
    function = FUNCTIONS[name]
    shortcut = quick(function)
    assert shortcut is not None
    pieces = [45.0, 0.0, -1.0, 1e308, math.inf, math.nan, None, True, "x", CellError.NA]
    decided = 0
    for first in pieces:
        for second in pieces:
            found = shortcut((first, second))
            if found is not None:
                decided += 1
                assert found == call(function, (first, second))
    assert decided
    assert shortcut((45.0,)) is None
    assert shortcut((45.0,) * 9) is None


def test_functions_of_ranges_and_keys_have_no_shortcut():
    assert quick(FUNCTIONS["PERF_SINTESI"]) is None
    assert quick(FUNCTIONS["OBIETTIVO"]) is None


def _cells(numbers: list[float]) -> list[float | None]:
    return [None if math.isnan(number) else number for number in numbers]
