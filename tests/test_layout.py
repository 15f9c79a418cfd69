"""Structure of the official workbooks as readers, auditors and screen readers need it; `python -m
tests.layout` measures all of it.
"""

from __future__ import annotations

import warnings

import pytest

from tests.layout import lint
from tests.official import WORKBOOKS

NEVER = (
    "hidden", "freeze", "index", "header", "blank", "validation", "chart", "style", "print", "title",
    "banner", "error", "document",
)  # fmt: skip
ALLOWED = {"merged": 7, "numtext": 1, "volatile": 1}
"""Findings of a kind that one workbook may have, see docs/decisions/0016-sheets-and-paper.md; the numbers
only get smaller.
"""


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_structure_of_sheets(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, found = lint.check(str(path))
    assert {kind: found[kind] for kind in NEVER if found[kind]} == {}
    assert {kind: found[kind] for kind, most in ALLOWED.items() if len(found[kind]) > most} == {}
