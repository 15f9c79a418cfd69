"""Input made to hurt: each ends with an error or a result, in bounded time and memory.

Every case is so large that anything quadratic would take minutes; the run of the whole file is what bounds the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.package_files import HEAD, MAIN, sheet_xml, workbook_of
from xl_perf.errors import WorkbookError
from xl_perf.package import CellKey, Limits, Package

if TYPE_CHECKING:
    from xl_perf.values import CellValue

MANY = 200_000
BLANKS = " " * 2_000_000


def _package(sheet: str, strings: str | None = None, limits: Limits | None = None) -> Package:
    return Package(workbook_of(sheet, strings=strings), limits=limits)


def _attributes(count: int) -> str:
    return "".join(f' a{n}="1"' for n in range(count))


@pytest.mark.parametrize("place", ["worksheet", "row", "c", "f"])
def test_very_many_attributes(place: str) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><f>1</f><v>2</v></c></row>')
    xml = xml.replace(f"<{place} ", f"<{place} {_attributes(MANY)[1:]} ").replace(
        f"<{place}>", f"<{place}{_attributes(MANY)}>"
    )
    package = _package(xml)
    assert [cell.value for cell in package.cells("Foglio1")] == [2.0]
    assert b"<v>3</v>" in Package(package.patch({"Foglio1": {(1, 1): 3}})).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "content",
    [
        f"{BLANKS}<x/>",
        f'<row r="1">{BLANKS}<x/>{BLANKS}</row>',
        f'<row r="1"><c r="A1">{BLANKS}<x/></c></row>',
        f'<row r="1"><c{BLANKS}r="A1"><f>1</f></c></row>',
        f'<row{BLANKS}r="1"/>',
        BLANKS,
    ],
    ids=["sheetData", "row", "cell", "tag", "row tag", "nothing"],
)
def test_very_many_blanks(content: str) -> None:
    package = _package(sheet_xml(content))
    cells = package.cells("Foglio1")
    changes = {(cell.row, cell.column): 5.0 for cell in cells} | {(3, 3): 1.0}
    patched = package.patch({"Foglio1": changes}, insert=True)
    assert {(c.row, c.column): c.value for c in Package(patched).cells("Foglio1")} == changes


def test_deep_nesting() -> None:
    deep = "<x>" * MANY + "</x>" * MANY
    assert _package(sheet_xml(f'<row r="1">{deep}</row>')).cells("Foglio1") == []
    with pytest.raises(WorkbookError, match="malformed"):
        _package(sheet_xml("<row>" * MANY)).cells("Foglio1")


def test_deep_nesting_with_texts() -> None:
    deep = "<x>a" * 50_000 + "</x>" * 50_000
    sheet = sheet_xml(f'<row r="1"><c r="A1" t="inlineStr"><!-- --><is><t>b</t>{deep}</is></c></row>')
    package = _package(sheet, f'{HEAD}<sst xmlns="{MAIN}"><!-- --><si><t>c</t>{deep}</si></sst>')
    assert [cell.value for cell in package.cells("Foglio1")] == ["b"]
    assert package.shared_strings == ["c"]


def test_rich_text_with_very_many_hints() -> None:
    hints = '<rPh sb="0" eb="0"/>' * MANY
    items = f"<si><t>a</t>{hints}</si>"
    sheet = sheet_xml(
        f'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>b</t>{hints}</is></c></row>'
    )
    package = _package(sheet, f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>')
    assert [cell.value for cell in package.cells("Foglio1")] == ["a", "b"]


def test_very_many_references_in_a_text() -> None:
    cell = f'<c r="A1" t="str"><v>{"&#38;" * MANY}</v></c>'
    assert _package(sheet_xml(f'<row r="1">{cell}</row>')).cells("Foglio1")[0].value == "&" * MANY


def test_formula_of_a_million_characters() -> None:
    formula = "(" * 500_000 + ")" * 500_000
    cell = _package(sheet_xml(f'<row r="1"><c r="A1"><f>{formula}</f></c></row>')).cells("Foglio1")[0]
    assert cell.formula is not None
    assert cell.formula.text == formula


def test_declared_dimension_costs_nothing() -> None:
    xml = sheet_xml("").replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    assert _package(xml).cells("Foglio1") == []


def test_very_many_arrays_and_texts() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><f t="array" ref="A{n}">1</f></c><c r="B{n}" t="s"><v>0</v></c></row>'
        for n in range(1, 20_001)
    )
    package = _package(sheet_xml(rows), f'{HEAD}<sst xmlns="{MAIN}"><si><t>x</t></si></sst>')
    texts: dict[CellKey, CellValue] = {(n, 1 + n % 2): "y" for n in range(1, 20_001)}
    assert len(Package(package.patch({"Foglio1": texts})).cells("Foglio1")) == 40_000
    Package(package.replace_formulas_by_values({"Foglio1": {(n, 1): n for n in range(1, 20_001)}}))


def test_very_many_cells_in_one_row() -> None:
    package = _package(sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>'))
    values: dict[CellKey, CellValue] = {(1, column): column for column in range(1, 16_384)}
    assert len(Package(package.patch({"Foglio1": values}, insert=True)).cells("Foglio1")) == 16_384


def test_limit_of_cells_stops_early() -> None:
    row = '<row r="1">' + '<c r="A1"/>' * MANY + "</row>"
    with pytest.raises(WorkbookError, match="too many cells"):
        _package(sheet_xml(row), limits=Limits(cells=1000)).cells("Foglio1")


def test_very_many_shared_strings_that_nobody_uses() -> None:
    items = "<si><t>a</t></si>" * MANY
    package = _package(sheet_xml(""), f'{HEAD}<sst xmlns="{MAIN}">{items}{BLANKS}</sst>')
    assert len(package.shared_strings) == MANY


def test_very_many_sheets_of_one_part() -> None:
    """Sheets that share a part are read one by one, never copied beyond the limits."""
    names = tuple(f"S{n}" for n in range(300))
    package = Package(workbook_of(*[sheet_xml("")] * 300, names=names))
    assert all(package.cells(name) == [] for name in names)


def test_names_that_lead_elsewhere_are_not_followed() -> None:
    parts = workbook_of(
        sheet_xml(""), rels='<Relationship Id="x" Type="t/externalLink" Target="file:///etc/passwd"/>'
    )
    assert Package(parts).relationships("xl/workbook.xml")["x"].target == "xl/file:/etc/passwd"
