"""LibreOffice as an independent calculator for tests: a private profile that recalculates every file on loading."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import openpyxl

from tests import programs
from xl_perf.package import open_package
from xl_perf.recalc.book import Book

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""
_CANARY = 12345.0

Values = dict[str, dict[tuple[int, int], Any]]


def find_soffice() -> str | None:
    """Path of LibreOffice's program, or None."""
    return programs.find("soffice", "libreoffice")


class LibreOffice:
    """LibreOffice with its own profile in a folder of the tests."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        self._runs = 0

    def version(self) -> str:
        """`LibreOffice 7.4.7.2 ...`."""
        return self._run("--version").strip()

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [
                self.program,
                f"-env:UserInstallation={(self.folder / 'profile').as_uri()}",
                "--headless",
                *arguments,
            ],
            capture_output=True,
            text=True,
            timeout=180,
            check=True,
        )
        return done.stdout + done.stderr

    def convert(self, paths: list[Path], target: str = "xlsx:Calc MS Excel 2007 XML") -> list[Path]:
        """Files as LibreOffice loads (recalculates) and writes them."""
        self._runs += 1
        out = self.folder / f"out{self._runs}"
        out.mkdir()
        self._run("--convert-to", target, "--outdir", str(out), *map(str, paths))
        suffix = target.partition(":")[0]
        return [out / f"{path.stem}.{suffix}" for path in paths]

    def recalculate(self, paths: list[Path]) -> list[Values]:
        """Values of all cells after LibreOffice recalculated the files, stored values or not.

        A canary file with a wrong stored value goes along: where it comes back unchanged nothing was recalculated.
        """
        self._runs += 1
        canary = self.folder / f"canary{self._runs}.xlsx"
        _write_canary(canary)
        *done, alive = self.convert([*paths, canary])
        assert _values(alive)["Foglio"][1, 2] == 4.0, "LibreOffice did not recalculate"
        return [_values(path) for path in done]


def _write_canary(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Foglio"
    book.active["A1"] = 2
    book.active["B1"] = "=A1*2"
    book.save(path)
    package = open_package(path)
    path.write_bytes(package.patch({"Foglio": {(1, 2): _CANARY}}))
    assert open_package(path).cells("Foglio")[1].value == _CANARY


def _values(path: Path) -> Values:
    package = open_package(path)
    return {
        info.name: {
            (cell.row, cell.column): cell.value for cell in package.cells(info.name) if cell.value is not None
        }
        for info in package.sheets
        if info.kind == "worksheet"
    }


_OURS = re.compile(
    r"(?i)\b(?:PERF|GIACENZA|DEFLUSSO|CONTROLLO_PROCESSO|COSTO_STANDARD|IEEP|OBIETTIVO)[A-Z_]*\("
)


def native_copy(source: Path, target: Path) -> Values:
    """Writes a copy in which calls of our functions stand as their stored values, all else is for LibreOffice.

    Returns:
        The stored values of the native formulas that the copy keeps.
    """
    from xl_perf.recalc.calculate import our_functions

    package = open_package(source)
    formulas = Book(package, our_functions())
    ours: Values = {}
    native: Values = {}
    for sheet, found in formulas.columns.items():
        for place, recipe in enumerate(found.recipes):
            values = ours if recipe.ours or _OURS.search(found.text(place)) else native
            values.setdefault(sheet, {})[found.keys[place]] = found.stored[place]
    stored = {
        info.name: {(cell.row, cell.column): cell.value for cell in package.cells(info.name)}
        for info in package.sheets
        if info.kind == "worksheet"
    }
    book = openpyxl.load_workbook(source)
    for sheet, cells in ours.items():
        found = formulas.columns[sheet]
        for key in cells:
            array = found.arrays.get(found.index[key])
            top, left, bottom, right = (*key, *key) if array is None else array.area
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    book[sheet].cell(row, column).value = _plain(stored[sheet].get((row, column)))
    book.save(target)
    return native


def _plain(value: Any) -> Any:
    if value == "":
        return '=""'  # an empty text that is stored would load as an empty cell
    return str(value) if isinstance(value, str) else value


def differences(source: Path, office: LibreOffice, tolerance: float = 1e-9) -> list[str]:
    """Native formulas of a recalculated workbook whose stored value LibreOffice does not confirm.

    Numbers agree to a relative tolerance; a dash `Foglio!A1: stored, LibreOffice's` for each that does not.
    """
    copy = office.folder / f"nativi_{source.name}"
    native = native_copy(source, copy)
    (found,) = office.recalculate([copy])
    wrong = []
    for sheet, cells in native.items():
        for (row, column), value in cells.items():
            other = found.get(sheet, {}).get((row, column))
            if not agree(value, other, tolerance):
                name = openpyxl.utils.get_column_letter(column)
                wrong.append(f"{sheet}!{name}{row}: stored {value!r}, LibreOffice {other!r}")
    return wrong


def agree(value: Any, other: Any, tolerance: float = 1e-9) -> bool:
    """True where two values are the same: numbers within the tolerance, "" and nothing alike, truth values as 0, 1."""
    if isinstance(value, (bool, int, float)) and isinstance(other, (bool, int, float)):
        return abs(value - other) <= tolerance * max(1.0, abs(value), abs(other))
    return (value or "") == (other or "")
