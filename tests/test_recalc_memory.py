"""Recipes remembered across workbooks: the same results as without, also where tables, names or cells differ."""

from __future__ import annotations

import pytest

from xl_perf.plan import load_edition
from xl_perf.recalc.memory import Memory, workbooks_alike
from xl_perf.templates.build import build_scorecard, build_workbook

REGIONS = ("UMBRIA", "MOLISE", "VALLE D'AOSTA", "DCM ROMA", "NAZIONALE")
"""Two offices, one, none; a DCM; the nation with other sheets."""


@pytest.fixture(scope="module")
def plain():
    plan = load_edition()
    return {code: build_scorecard(plan, code, 3, example=True) for code in REGIONS}


@pytest.mark.parametrize("order", [REGIONS, REGIONS[::-1]])
def test_workbooks_one_after_the_other_are_those_built_alone(plain, order):
    plan = load_edition()
    with workbooks_alike():
        for code in order:
            assert build_scorecard(plan, code, 3, example=True) == plain[code], code


def test_another_workbook_in_between_changes_nothing(plain):
    plan = load_edition()
    alone = build_workbook(plan, "ieep", example=True)
    with workbooks_alike():
        assert build_scorecard(plan, "MOLISE", 3, example=True) == plain["MOLISE"]
        assert build_workbook(plan, "ieep", example=True) == alone
        assert build_scorecard(plan, "MOLISE", 3, example=True) == plain["MOLISE"]


class Scope:
    """A workbook with one name."""

    def __init__(self, text):
        self.text = text

    def name(self, _name, _sheet):
        return self.text


def test_a_recipe_is_made_anew_where_an_answer_is_another_one():
    memory, made = Memory(), []

    def read(scope):
        made.append(scope.name("Tetto", None))
        return made[-1], False

    assert [memory.recipe("=Tetto", Scope(text), read)[0] for text in ("A1", "A1", "A2", "A1")] == [
        "A1", "A1", "A2", "A1",
    ]  # fmt: skip
    assert made == ["A1", "A2", "A1"]


def test_nothing_is_remembered_afterwards():
    with workbooks_alike():
        assert Memory.current is not None
    assert Memory.current is None
