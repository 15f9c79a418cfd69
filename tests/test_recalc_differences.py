"""Every known difference between the engine and Excel is handled as its entry says."""

from __future__ import annotations

import math

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.engine_differences import KNOWN_DIFFERENCES, Difference, Handling
from tests.recalc_books import book, package_of, reasons_of, values_of
from xl_perf.recalc import recalculate_package

STORED = 4711.0


def calculate(case: Difference):
    formula = ArrayFormula("Z9", case.formula) if case.array else case.formula
    package = package_of(
        book({**case.cells, "Z9": formula, "Z10": "=Z9"}), {"Foglio": {"Z9": STORED, "Z10": STORED}}
    )
    return recalculate_package(package)


def agrees(value: object, excel: object) -> bool:
    if isinstance(value, float) and isinstance(excel, (int, float)) and not isinstance(excel, bool):
        return math.isclose(value, excel, rel_tol=1e-15)
    return type(value) is type(excel) and value == excel


@pytest.mark.parametrize("case", KNOWN_DIFFERENCES, ids=lambda case: case.formula)
def test_handled_as_the_table_says(case: Difference):
    found = calculate(case)
    if case.handling is Handling.KEPT:
        assert {"Z9", "Z10"} <= reasons_of(found).keys()
        assert not {"Z9", "Z10"} & values_of(found).keys()
    elif case.handling is Handling.RIGHT:
        assert agrees(values_of(found)["Z9"], case.excel), values_of(found)
        assert not reasons_of(found)
    else:
        assert not agrees(values_of(found)["Z9"], case.excel), "the engine agrees by now: move the entry"


def test_every_handling_occurs():
    assert {case.handling for case in KNOWN_DIFFERENCES} == set(Handling)
