"""The worked cases of the plan's systems come out in the official workbooks."""

from __future__ import annotations

import pytest

from tests.official import FOLDER
from xl_perf.coverage import edition
from xl_perf.coverage.workbook_cases import Runner, load_workbook_cases
from xl_perf.templates.build import file_name

CASES = load_workbook_cases()
RUNNER = Runner(
    edition(), lambda template, example: (FOLDER / file_name(template, example=example)).read_bytes()
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case):
    assert list(RUNNER.wrong(case)) == []


def test_titles_are_unique():
    assert len({str(case) for case in CASES}) == len(CASES)
