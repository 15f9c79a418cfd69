"""Recipes remembered across workbooks: the same results as without, also where tables, names or cells differ."""

from __future__ import annotations

import pytest

from xl_perf.plan import load_edition
from xl_perf.recalc.lower import Sheet
from xl_perf.recalc.memory import MEMORY, Memory
from xl_perf.templates.build import build_scorecard, build_workbook
from xl_perf.templates.kit.spelled import Asked, forget, number_of, recall, remember

REGIONS = ("UMBRIA", "MOLISE", "VALLE D'AOSTA", "DCM ROMA", "NAZIONALE")
"""Two offices, one, none; a DCM; the nation with other sheets."""


@pytest.fixture(scope="module")
def plain():
    plan, alone = load_edition(), {}
    for code in REGIONS:
        forget()
        MEMORY.forget()
        alone[code] = build_scorecard(plan, code, 3, example=True)
    return alone


@pytest.mark.parametrize("order", [REGIONS, REGIONS[::-1]])
def test_workbooks_one_after_the_other_are_those_built_alone(plain, order):
    plan = load_edition()
    for code in order:
        assert build_scorecard(plan, code, 3, example=True) == plain[code], code


def test_another_workbook_in_between_changes_nothing(plain):
    plan = load_edition()
    MEMORY.forget()
    alone = build_workbook(plan, "ieep", example=True)
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

    texts = ("A1", "A1", "A2", "A1")
    assert [memory.recipe("=Tetto", Scope(text), read)[0][0] for text in texts] == list(texts)
    assert made == ["A1", "A2", "A1"]


def sheet_of(texts):
    """A sheet's formulas, none of them shared."""
    formulas = [f"<f>{text}</f>".encode() for text in texts]
    return Sheet([b"A%d" % row for row in range(len(texts))], formulas, [], set(), {}, [])


def test_a_sheet_with_nearly_the_same_formulas_is_found_where_all_answers_hold():
    memory, sheet = Memory(), sheet_of([f"B{row}" for row in range(20)])
    memory.remember("key", sheet, {("name", "Tetto", None): "A1"})
    assert memory.sheet("key", Scope("A1"), sheet.names, sheet.formulas) == (sheet, [])
    one = [*sheet.formulas[:7], b"<f>C7</f>", *sheet.formulas[8:]]
    assert memory.sheet("key", Scope("A1"), sheet.names, one) == (sheet, [7])
    assert memory.sheet("key", Scope("A2"), sheet.names, sheet.formulas) is None
    assert memory.sheet("key", Scope("A1"), sheet.names, [b"<f>C7</f>"] * 20) is None
    assert memory.sheet("other", Scope("A1"), sheet.names, sheet.formulas) is None


def test_what_is_remembered_does_not_grow_without_end():
    memory = Memory()
    for number in range(100):
        memory.remember(number, sheet_of([f"B{row}" for row in range(2_000)]), {})
    assert len(memory) <= 80_000
    memory.remember("large", sheet_of(["B1"] * 10_001), {})
    assert memory.sheet("large", Scope(""), [b"A0"], [b""]) is None


class Asking:
    """A workbook with a name, a table and a key."""

    def __init__(self, name="Tetto", geometry="A1:C9", key="TORINO"):
        self.answers = name, geometry, key

    def name(self, _cell):
        return self.answers[0]

    def geometry(self, _sheet):
        return number_of(self.answers[1])

    def key_of(self, *_place):
        return "Struttura", self.answers[2], None


@pytest.mark.parametrize("other", [{"name": ""}, {"geometry": "A1:C8"}, {"key": "ASTI"}])
def test_a_formula_is_spelled_anew_where_an_answer_is_another_one(other):
    forget()
    place = ("Giacenza", 7, 3, "=B7*'Parametri'!$C$4")
    asked = Asked(
        {("Parametri", 4, 3): "Tetto"}, {"Parametri"}, {("tblA", 7, "", 7): ("Struttura", "TORINO", None)}
    )
    remember(place, "=[@Pervenuto]*Tetto", asked, Asking())
    assert recall(place, Asking()) == "=[@Pervenuto]*Tetto"
    assert recall(place, Asking(**other)) is None
    assert recall((*place[:3], "=B8"), Asking()) is None
