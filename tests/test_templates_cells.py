"""Cells made the quick way are those that openpyxl makes."""

from __future__ import annotations

import datetime as dt

import pytest
from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError

from xl_perf.templates.kit.cells import put

VALUES = [
    "Totale",
    "=A1*2",
    "=",
    "#N/A",
    "",
    "x" * 40_000,
    1,
    2.5,
    True,
    None,
    dt.date(2021, 7, 1),
    dt.time(8, 30),
]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("before", [None, "was here"])
def test_a_cell_is_what_openpyxl_makes(value, before):
    sheet = Workbook().active
    for column in (1, 2):
        if before is not None:
            sheet.cell(3, column, before)
    quick, plain = put(sheet, 3, 1, value), sheet.cell(3, 2, value)
    assert (quick.value, quick.data_type, quick.number_format) == (
        plain.value,
        plain.data_type,
        plain.number_format,
    )
    assert (quick.coordinate, sheet["A3"], sheet.max_row, quick.has_style) == (
        "A3",
        quick,
        3,
        plain.has_style,
    )
    quick.number_format = "0.0"
    assert (quick.number_format, plain.number_format != "0.0") == ("0.0", True)


def test_characters_that_no_sheet_holds_are_refused():
    with pytest.raises(IllegalCharacterError):
        put(Workbook().active, 1, 1, "a\x01b")
