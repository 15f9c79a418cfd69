"""Comparisons of columns with a text: the quick way says what Excel does."""

from __future__ import annotations

import pytest

from xl_perf.excel.values import compare, equal_to_text, mapped
from xl_perf.values import CellError

COLUMN = [["TORINO"], ["Torino"], ["torino "], [None], [""], [0.0], [True], [CellError.NA], ["CITTÀ"], ["ß"]]


@pytest.mark.parametrize(
    ("text", "equal"),
    [
        ("torino", [True, True, False, False, False, False, False, "#N/A", False, False]),
        ("", [False, False, False, True, True, False, False, "#N/A", False, False]),
        ("città", [False, False, False, False, False, False, False, "#N/A", True, False]),
        ("ss", [False, False, False, False, False, False, False, "#N/A", False, False]),
        ("TRUE", [False, False, False, False, False, False, False, "#N/A", False, False]),
        ("0", [False, False, False, False, False, False, False, "#N/A", False, False]),
    ],
)
def test_a_column_beside_a_text(text, equal):
    """Excel's `=`: case does not count, accents and blanks do, an empty cell is an empty text; other kinds differ."""
    assert equal_to_text(COLUMN, text, wanted=True) == [[value] for value in equal]
    assert equal_to_text(COLUMN, text, wanted=False) == [
        [value if isinstance(value, str) else not value] for value in equal
    ]


@pytest.mark.parametrize("text", ["torino", "", "città", "ss"])
@pytest.mark.parametrize("sign", ["=", "<>"])
def test_it_is_what_element_by_element_comparing_gives(text, sign):
    slow = mapped(lambda a, b: compare(sign, a, b), (COLUMN, text))
    assert equal_to_text(COLUMN, text, wanted=sign == "=") == slow
