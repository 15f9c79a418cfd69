"""Operands of comparisons that are looked up: Excel's rules still hold where the two sides are cells or numbers."""

from __future__ import annotations

import pytest

from tests.recalc_books import book, package_of
from xl_perf.recalc import recalculate_package
from xl_perf.recalc.calculate import our_functions
from xl_perf.recalc.jobs import read_model
from xl_perf.recalc.operands import plan
from xl_perf.recalc.probes import Probes, has_neighbours

# 0.1 + 0.2 is 0.30000000000000004: Excel compares 15 digits and finds it equal to 0.3
CELLS = {"A1": "=0.1+0.2", "A2": 0.3, "A3": "=1/3", "A4": 0.1, "A5": 0.2}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=A1=0.3", True),
        ("=0.3=A1", True),
        ("=A1=A2", True),
        ("=$A$1<>Foglio!A2", False),
        ("=IF(A1>A2,1,2)", 2.0),
        ("=A4+A5=A2", True),
        ("=A1=0", False),
        ("=(A1)=A2", True),
        ('=A3&"x"', "0.333333333333333x"),
        ("=LEN(A3)", 17.0),
    ],
)
def test_fifteen_digits_count_in_cells_and_numbers(formula: str, expected: object):
    found = recalculate_package(package_of(book({**CELLS, "C9": formula})))
    assert found.changes["Foglio"][9, 3] == expected


def test_each_formula_of_one_shape_looks_at_its_own_cells():
    cells = {"A1": 0.5, "A2": "=0.1+0.2", "A30": "=0.1+0.2+0.0001"}
    formulas = {f"B{row}": f"=A{row}=0.3" for row in (1, 2, 30)}
    found = recalculate_package(package_of(book({**cells, **formulas})))
    assert [found.changes["Foglio"][row, 2] for row in (1, 2, 30)] == [False, True, False]


def test_overrides_are_looked_up_too():
    package = package_of(book({"A1": 1.0, "B1": "=A1=0.3"}))
    found = recalculate_package(package, overrides={"Foglio": {(1, 1): 0.1 + 0.2}})
    assert found.changes["Foglio"][1, 2] is True


def test_values_that_are_kept_are_looked_up_too():
    package = package_of(book({"A1": "=RAND()", "B1": "=A1=0.3"}), {"Foglio": {"A1": 0.1 + 0.2}})
    assert recalculate_package(package).changes == {"Foglio": {(1, 2): True}}


@pytest.mark.parametrize(
    ("formula", "pairs", "calculated"),
    [
        ("=A1=2", 1, 0),
        ("=A1=0", 0, 0),
        ("=A1+1=2", 1, 1),
        ("=SUM(A1:A2)>B1", 1, 1),
        ("=IF(A1>1,A1<3,A2=B2)", 3, 0),
        ("=COUNT(A1:A2)<2", 0, 0),
        ("=COUNT(A1:A2)<1.5", 1, 1),
        ("=COUNT(A1)+COUNT(A2)<2", 1, 1),
    ],
)
def test_which_comparisons_need_the_engine(formula: str, pairs: int, calculated: int):
    (job,) = read_model(package_of(book({"C1": formula})), our_functions()).one_by_one()
    found = plan(job)
    assert (len(found.sides), len(found.calculated)) == (pairs, calculated)


def test_what_is_the_same_in_many_formulas_is_calculated_once():
    formulas = {f"B{row}": f"=A{row}<$D$1+$D$2" for row in range(1, 9)}
    model = read_model(package_of(book({**formulas, "D1": 0.1})), our_functions())
    probes = Probes("~", model.lowering)
    probes.add_plain(model.plain["Foglio"])
    assert len(probes.rows) == 1
    assert "'Foglio'!$D$1+'Foglio'!$D$2" in probes.rows[0]


def test_calculated_sides_keep_the_rows_of_their_formula():
    # 0.1 + 0.2 against 0.3: equal in 15 digits, in rows 2 and 12 only
    cells = {
        "A2": 0.1,
        "B2": 0.2,
        "C2": 0.3,
        "A12": 0.1,
        "B12": 0.2,
        "C12": 0.3,
        "A3": 0.1,
        "B3": 0.1,
        "C3": 0.3,
    }
    formulas = {f"D{row}": f"=A{row}+B{row}=C{row}*1" for row in (2, 3, 12)}
    found = recalculate_package(package_of(book({**cells, **formulas})))
    assert [found.changes["Foglio"][row, 4] for row in (2, 3, 12)] == [True, False, True]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([0.3, 0.1 + 0.2], True),
        ([0.3, 0.3], False),
        ([2.0, 2.0000000000000004], True),
        ([2.0000000000000004], True),  # 2 itself may not be among the numbers
        ([1.5, 2.5, 3.0], False),
        ([-0.3, -(0.1 + 0.2)], True),
        ([1e15, 1e15 + 1], True),
        ([0.0, -0.0, 1e-320], False),
    ],
)
def test_numbers_with_neighbours(numbers: list[float], expected: bool):
    assert has_neighbours(numbers) is expected


def test_formulas_whose_ranges_differ_in_size_are_not_of_one_shape():
    # INDEX with one position is #REF! in Excel for a table (kept), an element for a row
    cells = {"A1": 1, "B1": 2, "A2": 3, "B2": 4, "D1": "=INDEX(A1:B1,2)", "D2": "=INDEX(A1:B2,2)"}
    found = recalculate_package(package_of(book(cells)))
    assert found.changes["Foglio"] == {(1, 4): 2.0}
    assert [note.cell for note in found.kept] == ["D2"]
