"""The worked cases of the plan's systems come out in the official workbooks."""

from __future__ import annotations

import warnings

import pytest

from tests.official import FOLDER
from xl_perf.coverage import edition
from xl_perf.coverage.workbook_cases import Runner, load_workbook_cases
from xl_perf.templates.build import file_name

CASES = load_workbook_cases()


def _official(template, example):
    return (FOLDER / file_name(template, example=example)).read_bytes()


RUNNER = Runner(edition(), _official)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case):
    assert list(RUNNER.wrong(case)) == []


def test_nothing_is_said_of_extensions_that_a_reader_does_not_know():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(Runner(edition(), _official).wrong(CASES[0])) == []


def test_titles_are_unique():
    assert len({str(case) for case in CASES}) == len(CASES)
