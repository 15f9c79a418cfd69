"""The edition in use: what is left out has its value, in every way that a function is called."""

from __future__ import annotations

import dataclasses
import threading

import pytest

from tests.case_book import SHEET, CaseBook
from xl_perf.catalog import FUNCTIONS, binding
from xl_perf.cells import call, quick
from xl_perf.functions import GIACENZA_INDEX, PERF_SCORE
from xl_perf.plan import load_edition
from xl_perf.recalc import recalculate_package


@pytest.fixture(scope="module")
def other():
    """The newest edition with a base of 365 days and a cap of 40%."""
    plan = load_edition()
    changed = {"giacenza.base": 365, "tetto_scostamento": 0.4}
    parameters = {
        code: dataclasses.replace(parameter, value=changed.get(code, parameter.value))
        for code, parameter in plan.parameters.items()
    }
    return dataclasses.replace(plan, parameters=parameters)


def test_it_ends_with_the_block_whatever_happens(other):
    def failing():
        with binding.use(other):
            assert GIACENZA_INDEX(1, 1) == 365
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert GIACENZA_INDEX(1, 1) == 360


def test_blocks_nest(other):
    with binding.use(other):
        with binding.use(load_edition("piano-2021-2023")):
            assert GIACENZA_INDEX(1, 1) == 360
        assert GIACENZA_INDEX(1, 1) == 365


def test_another_thread_is_not_concerned(other):
    found = []
    with binding.use(other):
        thread = threading.Thread(target=lambda: found.append(GIACENZA_INDEX(1, 1)))
        thread.start()
        thread.join()
    assert found == [360]


def test_its_id_means_itself(other):
    with binding.use(other):
        assert binding.edition() is binding.edition(other.id) is other
        assert binding.edition("piano-2020-2022").id == "piano-2020-2022"


def test_shortcut_for_numbers(other):
    run = quick(FUNCTIONS["PERF_SCORE"])
    assert run((2.0, 1.0)) == 150
    with binding.use(other):
        assert run((2.0, 1.0)) == 140
    assert run((2.0, 1.0)) == 150


def test_recalculation(other):
    book = CaseBook()
    book.add("PERF_SCORE", (2, 1), 150)
    book.add("PERF_SCORE", (2, 1, 1, 0.3), 130)
    package = book.package()

    def values():
        changes = recalculate_package(package).changes[SHEET]
        return [rows[0][0] for rows in book.results(lambda row, column: changes.get((row, column)))]

    assert values() == [150, 130]
    with binding.use(other):
        assert values() == [140, 130]
        assert PERF_SCORE([2, ""], 1) == [[140], [""]]


def test_all_functions_can_do_without_the_newest(other):
    """No number is remembered from one edition to the next."""
    older = load_edition("piano-2020-2022")
    examples = [(f, [2.0] * f.required) for f in FUNCTIONS.values() if not f.explains]
    before = [call(function, args) for function, args in examples]
    for plan in (older, other):
        with binding.use(plan):
            for function, args in examples:
                call(function, args)
    assert [call(function, args) for function, args in examples] == before
