"""Readable formulas: structured references, names of parameters, look-ups by a code; each row has the value
of its own text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.bench.plain import write_plain
from tests.official import EXAMPLES
from tests.recalc_books import add_table, book, package_of, reasons_of, values_of
from xl_perf.package import Package, open_package
from xl_perf.recalc import recalculate_package
from xl_perf.recalc.book import Book
from xl_perf.recalc.calculate import our_functions

if TYPE_CHECKING:
    from pathlib import Path

TITLES = ["Codice", "T4", "T5", "T6", "Esito"]
ROWS = 3


def table_of(formulas: list[str], **others: dict[str, Any]) -> Package:
    """A table `tblT1` at A3 with codes P1.., numbers 10 * row + 1, 2, 3 in T4, T5, T6, and a formula per row
    in Esito.
    """
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


def copy_of(package: Package, typed: tuple[tuple[str, int, int], ...] = ()) -> list[str]:
    """What the engine is given for the formulas of the first sheet."""
    column = Book(package, our_functions(), typed).columns["Foglio"]
    return [column.written(place) for place in range(len(column.keys))]


LOOKUP = 'INDEX(tblT1[T6],MATCH("P2",tblT1[Codice],0))'


def test_a_look_up_by_a_code_is_one_cell():
    assert copy_of(table_of([LOOKUP, "tblT1[[#This Row],[T4]]+Fascia3"])) == ["D5", "B5+D6"]


@pytest.mark.parametrize(
    "formula",
    [
        'INDEX(tblT1[T6],MATCH("P9",tblT1[Codice],0))',  # not there
        'INDEX(tblT1[T6],MATCH("P*",tblT1[Codice],0))',  # Excel takes * and ? for any letters
        'INDEX(tblT1[T6],MATCH("P2",tblT1[Codice],1))',  # sorted data
        'INDEX(tblT1[T6],MATCH("P2",tblT1[T4],0))',  # numbers
        'INDEX(tblT1[T6],MATCH("",tblT1[Codice],0))',  # no cell is the empty text
        "INDEX(tblT1[T6],MATCH(A4,tblT1[Codice],0))",
        "INDEX(tblT1[T6],2)",
    ],
)
def test_other_look_ups_are_left_to_the_engine(formula: str):
    assert "INDEX(" in copy_of(table_of([formula, LOOKUP]))[0]


def test_a_code_in_other_letters_is_found_and_the_first_of_two_counts():
    package = table_of(['INDEX(tblT1[T4],MATCH("città",tblT1[Codice],0))'] * ROWS)
    package = Package(package.patch({"Foglio": {(5, 1): "CITTÀ", (6, 1): "Città"}}), "libro.xlsx")
    assert values_of(recalculate_package(package))["E4"] == 11.0


def test_codes_that_are_typed_or_calculated_are_no_constants():
    package = table_of([LOOKUP, LOOKUP, LOOKUP])
    # P2 is typed into the third row, before which nothing is called so any more: T6 of that row, 23
    typed = {"Foglio": {(5, 1): "altro", (6, 1): "P2"}}
    assert values_of(recalculate_package(package, overrides=typed))["E4"] == 23.0
    assert "INDEX(" in copy_of(package, (("Foglio", 5, 1),))[0]
    assert values_of(recalculate_package(package))["E4"] == 13.0
    cells = dict(
        zip(("A3", "B3", "A4", "B4", "C1"), ("Codice", "T6", '="P"&1+1', 7, f"={LOOKUP}"), strict=True)
    )
    workbook = book(cells)
    add_table(workbook["Foglio"], "tblT1", "A3:B4", ["Codice", "T6"])
    assert values_of(recalculate_package(package_of(workbook)))["C1"] == 7.0


def test_the_next_workbook_of_the_template_has_its_own_codes():
    package = table_of([LOOKUP, LOOKUP, LOOKUP])
    assert values_of(recalculate_package(package))["E4"] == 13.0
    other = Package(package.patch({"Foglio": {(5, 1): "P7", (6, 1): "P2"}}), "libro.xlsx")
    assert values_of(recalculate_package(other))["E4"] == 23.0
    assert values_of(recalculate_package(package))["E4"] == 13.0
    # and where only a number differs, what was read of the first serves
    same = Package(package.patch({"Foglio": {(5, 4): 100.0}}), "libro.xlsx")
    first, second = (Book(one, our_functions()).columns["Foglio"] for one in (package, same))
    assert first.recipes is second.recipes
    assert values_of(recalculate_package(same))["E4"] == 100.0


def test_formulas_in_other_cells_are_not_taken_for_those_of_the_workbook_before():
    # the same text in B1, then in B2: of A1:A3 the cell in its own row counts
    cells = {"A1": 3, "A2": 5, "A3": 7}
    first, second = (package_of(book({**cells, f"B{row}": "=$A$1:$A$3*2"})) for row in (1, 2))
    assert values_of(recalculate_package(first))["B1"] == 6.0
    assert values_of(recalculate_package(second))["B2"] == 10.0


@pytest.mark.parametrize("name", ["scheda_territoriale", "strutture_centrali"])
def test_official_workbooks_have_the_values_of_plain_references(name: str, tmp_path: Path):
    path = tmp_path / "semplice.xlsx"
    assert write_plain(EXAMPLES / f"{name}_esempio.xlsx", path) > 1_000
    found = recalculate_package(open_package(path), office=False)
    assert (found.changed, found.kept, found.errors) == ((), (), ())
