"""Only values change: in generated workbooks, in those of other programs, in the official ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from tests.official import FOLDER
from tests.package_files import raw_entries
from tests.strategies import Sheet, sheets
from xl_perf.package import Package
from xl_perf.package.refs import parse_range
from xl_perf.recalc import recalculate_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.package import CellKey
    from xl_perf.recalc import Calculation

ROOT = Path(__file__).parents[1]
OTHERS = sorted(
    path for path in (ROOT / "tests" / "data").iterdir() if path.suffix in (".xlsx", ".xlsm", ".xltx")
)
OFFICIAL = sorted(FOLDER.glob("*.xlsx"))
MAIN = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)


def recalculated(package: Package, **options: object) -> tuple[bytes, Calculation]:
    found = recalculate_package(package, **options)
    return package.patch(found.changes, spill=found.spill), found


def check_only_values(old: bytes, new: bytes, found: Calculation) -> None:
    """Fails where anything but values of formulas (and of the cells that they fill) differs."""
    before, after = raw_entries(old), raw_entries(new)
    assert list(before) == list(after)
    package = Package(old)
    sheets_by_part = {info.part: info.name for info in package.sheets}
    changed = [name for name in before if before[name] != after[name]]
    assert {sheets_by_part[part] for part in changed} == {*found.changes, *found.spill}
    for part in changed:
        name = sheets_by_part[part]
        _check_sheet(_read(old, part), _read(new, part), _results(package, name, found))


def _read(data: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part)


def _results(package: Package, sheet: str, found: Calculation) -> set[CellKey]:
    """Cells that hold results: formulas, and what arrays fill before or after."""
    results: set[CellKey] = set()
    refs = list(found.spill.get(sheet, {}).values())
    for cell in package.cells(sheet):
        if cell.formula is not None:
            results.add((cell.row, cell.column))
            if cell.formula.kind == "array" and cell.formula.ref:
                refs.append(cell.formula.ref)
    for ref in refs:
        top, left, bottom, right = parse_range(ref, "test")
        results.update((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
    return results


def _check_sheet(old: bytes, new: bytes, results: set[CellKey]) -> None:
    """The trees are equal once the values of result cells are taken out, in both; so is every byte outside of cells."""
    trees = []
    for xml in (old, new):
        root = ET.fromstring(xml)
        for parent, cell in list(_cells(root)):
            key = parse_range(cell.get("r", ""), "test")[:2]
            if key not in results:
                continue
            for child in list(cell):
                if child.tag in [space + tag for space in MAIN for tag in ("v", "is")]:
                    cell.remove(child)
                elif child.tag.endswith("}f"):
                    child.attrib.pop("ref", None) if child.get("t") == "array" else None
                child.tail = None
            for name in ("t", "vm"):
                cell.attrib.pop(name, None)
            is_bare = not len(cell) and set(cell.attrib) == {"r"}
            if is_bare:  # a spilled cell that came or went
                parent.remove(cell)
            cell.text = cell.text if cell.text and cell.text.strip() else None
        for data in root.iter():
            if data.tag.endswith("}sheetData"):
                for row in list(data):
                    if not len(row) and set(row.attrib) <= {"r"}:
                        data.remove(row)
        trees.append(ET.tostring(root))
    assert trees[0] == trees[1]
    for mark in (b"sheetData>", b"sheetData/>"):
        if mark in old:
            assert old.partition(mark)[0] == new.partition(mark)[0]
            assert old.rpartition(mark)[2] == new.rpartition(mark)[2]


def _cells(root: ET.Element) -> Iterator[tuple[ET.Element, ET.Element]]:
    for row in root.iter():
        if row.tag in [space + "row" for space in MAIN]:
            for cell in row:
                if cell.tag in [space + "c" for space in MAIN]:
                    yield row, cell


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets())
def test_generated_workbooks(sheet: Sheet) -> None:
    """Values are what Python's whole numbers say; nothing else changes; a second run changes nothing."""
    package = Package(sheet.data)
    new, found = recalculated(package)
    check_only_values(sheet.data, new, found)
    values = {(cell.row, cell.column): cell.value for cell in Package(new).cells("Foglio1")}
    assert {key: values[key] for key in sheet.expected} == sheet.expected
    assert not found.kept
    again, second = recalculated(Package(new))
    assert again == new
    assert not second.changed


@pytest.mark.parametrize("path", [*OTHERS, *OFFICIAL], ids=lambda path: path.stem)
@pytest.mark.parametrize("number", [0, -17.25])
def test_workbooks_of_other_programs_and_official_ones(path: Path, number: float) -> None:
    """As they are and with an input changed: the first number of each sheet."""
    package = Package(path.read_bytes(), path)
    new, found = recalculated(package)
    check_only_values(package.data, new, found)
    inputs = _inputs(Package(new))
    changed = Package(
        Package(new).patch({sheet: dict.fromkeys(keys, number) for sheet, keys in inputs.items()})
    )
    newer, found = recalculated(changed)
    check_only_values(changed.data, newer, found)
    again, second = recalculated(Package(newer))
    assert again == newer
    assert not second.changed


def _inputs(package: Package) -> Mapping[str, list[CellKey]]:
    """The first number on each sheet."""
    found: dict[str, list[CellKey]] = {}
    for info in package.sheets:
        for cell in package.cells(info.name):
            if isinstance(cell.value, float) and cell.formula is None:
                found[info.name] = [(cell.row, cell.column)]
                break
    return found


def test_values_in_workbooks_of_other_programs() -> None:
    """Worked by hand from the rows of `tests/data/make.py`; less is better: 100 + (40 - 30.5) / 40 * 100 = 123.75."""
    expected = {
        (2, 6): 192.5, (3, 6): 192.5 / 4 - 195 / 4, (4, 6): "entro", (5, 6): False, (8, 6): 61.0, (10, 6): 385.0,
        (11, 6): 64.17, (13, 6): 30.5 * 40 + 52.25 * 45 + 61 * 60 + 48.75 * 50, (7, 6): "Sedi: 4 <tutte> & 'altre'",
    }  # fmt: skip
    for path in OTHERS:
        package = Package(path.read_bytes(), path)
        sheet = package.sheets[0].name
        new, found = recalculated(package)
        values = {(cell.row, cell.column): cell.value for cell in Package(new).cells(sheet)}
        assert {key: values[key] for key in expected} == expected, path.name
        day = 44468 - (1462 if "1904" in path.name else 0)  # 29 September 2021
        assert values[9, 6] == day
        if path.name.startswith(("openpyxl", "xlsxwriter")):
            assert values[2, 7] == 123.75
            assert [values[row, 8] for row in range(2, 6)] == [-9.5, 7.25, 1.0, -1.25]
        if path.name.startswith("xlsxwriter"):
            assert [values[row, 10] for row in range(2, 6)] == [30.5, 48.75, 52.25, 61.0]
            table = {(c.row, c.column): c.value for c in Package(new).cells("Tabella")}
            assert (table[2, 3], table[3, 3]) == (4.0, 10.0)
        reasons = {note.reason.lower() for note in found.kept}
        assert reasons <= {"function not known: non_esiste", "data table (what-if analysis)"}, path.name


def test_every_program_is_there() -> None:
    names = " ".join(path.name for path in OTHERS)
    assert all(program in names for program in ("openpyxl", "xlsxwriter", "libreoffice"))
