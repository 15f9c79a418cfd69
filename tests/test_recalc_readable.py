"""Readable formulas: structured references, names of parameters, look-ups by a code; each row has the value of its own text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.recalc_books import add_table, book, package_of, reasons_of, values_of
from xl_perf.recalc import recalculate_package

if TYPE_CHECKING:
    from xl_perf.package import Package

TITLES = ["Codice", "T4", "T5", "T6", "Esito"]
ROWS = 3


def table_of(formulas: list[str], **others: dict[str, Any]) -> Package:
    """A table `tblT1` at A3 with codes P1.., numbers 10 * row + 1, 2, 3 in T4, T5, T6, and a formula per row in Esito."""
    cells: dict[str, Any] = dict(zip(("A3", "B3", "C3", "D3", "E3"), TITLES, strict=True))
    for place, formula in enumerate(formulas):
        row = 4 + place
        cells |= {f"A{row}": f"P{place + 1}", f"B{row}": 10 * place + 1, f"C{row}": 10 * place + 2}
        cells |= {f"D{row}": 10 * place + 3, f"E{row}": f"={formula}"}
    workbook = book(cells, **others)
    add_table(workbook["Foglio"], "tblT1", f"A3:E{3 + len(formulas)}", TITLES)
    for number in range(1, 4):
        workbook.defined_names[f"Fascia{number}"] = DefinedName(
            f"Fascia{number}", attr_text=f"Foglio!$D${3 + number}"
        )
    return package_of(workbook)


@pytest.mark.parametrize(
    ("formulas", "values"),
    [
        # the number in the heading goes up with the row: T4 of the first row, T5 of the second, T6 of the third
        ([f"tblT1[[#This Row],[T{4 + place}]]" for place in range(ROWS)], [1.0, 12.0, 23.0]),
        # so does the one in the name: D4, D5, D6
        ([f"Fascia{1 + place}*2" for place in range(ROWS)], [6.0, 26.0, 46.0]),
        # and the one in the code that is looked for: T6 of the rows P1, P2, P3
        (
            [f'INDEX(tblT1[T6],MATCH("P{1 + place}",tblT1[Codice],0))' for place in range(ROWS)],
            [3.0, 13.0, 23.0],
        ),
        # numbers with an exponent are no rows: 1 > 1E1 no, 11 > 1E2 no, 21 > 1E3 no; then yes where it goes down
        ([f"IF(B{4 + place}>1E{1 + place},1,0)" for place in range(ROWS)], [0.0, 0.0, 0.0]),
        ([f"B{4 + place}*1E{place}" for place in range(ROWS)], [1.0, 110.0, 2100.0]),
        # one text in all rows: each has its own row
        (["tblT1[[#This Row],[T4]]+tblT1[[#This Row],[T6]]"] * ROWS, [4.0, 24.0, 44.0]),
        (["SUM(tblT1[[#This Row],[T4]:[T6]])"] * ROWS, [6.0, 36.0, 66.0]),
        (["tblT1[[#This Row],[T4]]/SUM(tblT1[T4])*33"] * ROWS, [1.0, 11.0, 21.0]),
    ],
)
def test_each_row_has_the_value_of_its_own_text(formulas: list[str], values: list[float]):
    found = recalculate_package(table_of(formulas))
    assert not reasons_of(found)
    assert [values_of(found)[f"E{4 + place}"] for place in range(ROWS)] == values
