"""The worked cases of the plan's systems come out in the official workbooks."""

from __future__ import annotations

import pytest

from tests.cases.workbook_cases import agrees, load_workbook_cases, run

CASES = load_workbook_cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case):
    wrong = [
        (cell, expected, found) for cell, expected, found in run(case) if not agrees(cell, expected, found)
    ]
    assert wrong == []


def test_titles_are_unique():
    assert len({str(case) for case in CASES}) == len(CASES)
