"""LibreOffice opens what was patched, and what LibreOffice wrote can be patched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.package_files import erase_values, raw_entries, sheet_xml, workbook_of
from xl_perf.package import CellKey, Package, open_package
from xl_perf.values import CellError, CellValue

if TYPE_CHECKING:
    from pathlib import Path

    from tests.libreoffice import LibreOffice

pytestmark = pytest.mark.libreoffice

CHANGES: dict[CellKey, CellValue] = {
    (1, 1): 2.5, (1, 2): ' è <&> "x" _x0041_ ', (1, 3): True, (1, 4): CellError.DIV0, (2, 1): 1e-7, (3, 2): "a\nb",
    (7, 5): "in una riga nuova", (7, 2): 123456789.125,
}  # fmt: skip


def _values(path: Path) -> dict[CellKey, CellValue]:
    package = open_package(path)
    return {
        (cell.row, cell.column): cell.value
        for cell in package.cells(package.sheets[0].name)
        if cell.value is not None
    }


def test_libreoffice_reads_patched_constants(office: LibreOffice, tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>prima</t></is></c><c r="C1"/></row><row r="3"/>'
    path = tmp_path / "libro.xlsx"
    path.write_bytes(Package(workbook_of(sheet_xml(rows))).patch({"Foglio1": CHANGES}, insert=True))
    assert _values(path) == CHANGES
    # LibreOffice stores a constant error as a formula, so its value is compared as text
    found = {
        key: str(value) if key == (1, 4) else value
        for key, value in _values(office.convert([path])[0]).items()
    }
    assert found == CHANGES


def test_file_of_libreoffice_is_patched_and_frozen(office: LibreOffice, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Dati"
    for row in range(1, 6):
        sheet.append([row, f"=A{row}*2", f'="voce "&A{row}', f"=A{row}>2", f"testo {row}"])
    sheet["F1"] = "=SUM(B1:B5)"
    book.save(tmp_path / "libro.xlsx")
    (path,) = office.convert([tmp_path / "libro.xlsx"])
    package = open_package(path)
    assert package.application.startswith("LibreOffice")
    # 2 + 4 + 6 + 8 + 10
    assert _values(path)[1, 6] == 30
    new = package.patch({"Dati": {(1, 2): 99.0, (2, 3): "altro", (3, 4): False, (5, 5): "nuovo"}})
    before, after = raw_entries(package.data), raw_entries(new)
    part = package.sheet("Dati").part
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {part}
    assert erase_values(package.read(part)) == erase_values(Package(new).read(part))
    copy = tmp_path / "copia.xlsx"
    copy.write_bytes(Package(new).replace_formulas_by_values())
    assert not any(cell.formula for cell in open_package(copy).cells("Dati"))
    found = _values(office.convert([copy])[0])
    assert found == _values(copy)
    assert (found[1, 2], found[2, 3], found[3, 4], found[5, 5], found[1, 6]) == (
        99,
        "altro",
        False,
        "nuovo",
        30,
    )
