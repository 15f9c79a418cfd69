"""Formulas that templates write, calculated: the edges of what they tell apart."""

from __future__ import annotations

import pytest

from tests.recalc_books import calculated
from xl_perf.templates.kit.formulas import BETTER, NEAR, WORSE, verdict


@pytest.mark.parametrize(
    ("score", "words"),
    [
        # a band of 2 points around 100: 98 and 102 themselves are in line with the target
        (102, NEAR),
        (102.0001, BETTER),
        (98, NEAR),
        (97.9999, WORSE),
        (100, NEAR),
        (0, WORSE),
        (None, ""),
    ],
)
def test_the_edges_of_the_band_are_in_line(score: float | None, words: str):
    assert calculated({"A1": score, "A2": 2, "A3": 100, "B1": verdict("A1", "A2", "A3")}) == {"B1": words}
