"""The shortcut for calls with numbers only."""

from __future__ import annotations

import math

import pytest

from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import call, quick
from xl_perf.values import CellError


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
