"""Worked cases of the plan's systems: numbers typed into an official workbook, and what its cells then have to show.

`workbooks/<system>.toml` holds `[[caso]]` with the keys

- `sistema`: number of the system in the rules; `titolo`; `origine`: where the expected values come from (a page of the
  plan, a hand calculation, another program with its version; never our own run); `calcolo`: the calculation by hand;
- `modello`: the workbook, empty as it is handed out; `struttura` and `trimestre` for a scorecard other than the official one;
- `edizione`: id of the edition that the workbook is built from, where it is not the newest;
- `esempio = true` where the numbers are typed into the filled example instead;
- `dati` and `attesi`: cells with their `valore` (`""` is empty, errors are written as `#N/A`), and optionally `tolleranza`
  (relative to 1 or to the value, whichever is larger; 1e-9 when not given).

A cell is either `tabella`, `riga`, `colonna` (an Excel table; the text that stands in some column of the row, or the number of
the row from 1; the heading), or `foglio` with `etichetta` (the beginning of a text in the sheet: the first input to the
right of it, for results the first formula; `colonna`, a letter, names another one of the line), or `foglio` and `cella`.
"""

from __future__ import annotations

import io
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, range_boundaries

from tests.official import FOLDER as OFFICIAL
from xl_perf.package import Package
from xl_perf.plan import load_edition
from xl_perf.recalc import recalculate_package
from xl_perf.templates.build import build_scorecard, build_workbook, file_name
from xl_perf.values import CellError

FOLDER = Path(__file__).with_name("workbooks")
TOLERANCE = 1e-9
_KEYS = {"sistema", "titolo", "origine", "calcolo", "modello", "dati", "attesi"}
_OPTIONAL = {"struttura", "trimestre", "esempio", "edizione"}


class CaseError(Exception):
    """A case file is wrong."""


@dataclass(frozen=True)
class WorkbookCase:
    """A case as its file declares it."""

    system: str
    title: str
    origin: str
    working: str
    template: str
    structure: str
    quarter: int | None
    example: bool
    edition: str
    given: tuple[dict, ...]
    expected: tuple[dict, ...]

    def __str__(self):
        return f"{self.system} {self.template}: {self.title}"


def load_workbook_cases():
    """All cases, file by file.

    Raises:
        CaseError: a key that is unknown or missing, or a case without its calculation.
    """
    return [
        _case(entry, path.name)
        for path in sorted(FOLDER.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["caso"]
    ]


def _case(entry, where):
    unknown, missing = set(entry) - _KEYS - _OPTIONAL, _KEYS - set(entry)
    if unknown or missing:
        raise CaseError(f"{where}: unknown keys {sorted(unknown)}, missing keys {sorted(missing)}")
    if not (entry["origine"].strip() and entry["calcolo"].strip() and entry["attesi"]):
        raise CaseError(f"{where}: {entry['titolo']}: a case needs origin, calculation and results")
    return WorkbookCase(
        str(entry["sistema"]), entry["titolo"], entry["origine"], entry["calcolo"], entry["modello"],
        entry.get("struttura", ""), entry.get("trimestre"), entry.get("esempio", False),
        entry.get("edizione", ""),
        tuple(entry["dati"]), tuple(entry["attesi"]),
    )  # fmt: skip


class _Base:
    """A workbook before anything is typed in."""

    def __init__(self, data, name):
        self.package = Package(data, Path(name))
        self.values = load_workbook(io.BytesIO(data), data_only=True)
        self.formulas = load_workbook(io.BytesIO(data))

    def place(self, cell, *, typed):
        """Sheet and (row, column) of a cell of a case."""
        if "tabella" in cell:
            return self._in_table(cell)
        sheet = self.formulas[cell["foglio"]]
        if "cella" in cell:
            return sheet.title, coordinate_to_tuple(cell["cella"])
        for line in self.values[cell["foglio"]].iter_rows():
            for found in line:
                if str(found.value).startswith(cell["etichetta"]):
                    return sheet.title, self._beside(sheet, found.row, found.column, cell, typed=typed)
        raise CaseError(f"{cell['foglio']}: no text {cell['etichetta']!r}")

    def _beside(self, sheet, row, column, cell, *, typed):
        if "colonna" in cell:
            return coordinate_to_tuple(f"{cell['colonna']}{row}")
        for at in range(column + 1, sheet.max_column + 1):
            found = sheet.cell(row, at)
            if (not found.protection.locked) if typed else found.data_type == "f":
                return row, at
        raise CaseError(f"{sheet.title}: no cell beside {cell['etichetta']!r}")

    def _in_table(self, cell):
        for sheet in self.values:
            if cell["tabella"] in sheet.tables:
                left, top, right, bottom = range_boundaries(sheet.tables[cell["tabella"]].ref)
                heads = [sheet.cell(top, at).value for at in range(left, right + 1)]
                if cell["colonna"] not in heads:
                    raise CaseError(f"{cell['tabella']}: no column {cell['colonna']!r}")
                row = self._row(sheet, (left, top, right, bottom), cell)
                return sheet.title, (row, left + heads.index(cell["colonna"]))
        raise CaseError(f"no table {cell['tabella']!r}")

    @staticmethod
    def _row(sheet, bounds, cell):
        left, top, right, bottom = bounds
        if isinstance(cell["riga"], int):
            return top + cell["riga"]
        for at in range(left, right + 1):
            for row in range(top + 1, bottom + 1):
                if sheet.cell(row, at).value == cell["riga"]:
                    return row
        raise CaseError(f"{cell['tabella']}: no row {cell['riga']!r}")


@cache
def _base(template, structure, quarter, example, edition):
    plan = load_edition(edition) if edition else load_edition()
    if structure or quarter:
        own = structure or plan.model(template).structure
        data = build_scorecard(plan, own, quarter or 4, example=example)
    elif edition:
        data = build_workbook(plan, template, example=example)
    else:
        data = (OFFICIAL / file_name(template, example=example)).read_bytes()
    return _Base(data, f"{template}.xlsx")


def run(case):
    """Type in what a case gives, calculate.

    Returns:
        For each expected cell its place, the expected and the found value.

    Raises:
        CaseError: a cell that the workbook does not have, or a locked one among the inputs.
    """
    base = _base(case.template, case.structure, case.quarter, case.example, case.edition)
    typed = {}
    for cell in case.given:
        sheet, key = base.place(cell, typed=True)
        if base.formulas[sheet].cell(*key).protection.locked:
            raise CaseError(f"{case}: {cell} is locked")
        value = cell["valore"]
        typed.setdefault(sheet, {})[key] = None if value == "" else _value(value)
    result = recalculate_package(base.package, overrides=typed)
    if result.faults or result.kept:
        raise CaseError(f"{case}: not all formulas could be calculated: {result.faults or result.kept[0]}")
    found = []
    for cell in case.expected:
        sheet, key = base.place(cell, typed=False)
        stored = base.values[sheet].cell(*key).value
        value = result.changes.get(sheet, {}).get(key, _value(stored))
        found.append((cell, _value(cell["valore"]), "" if value is None else value))
    return found


def agrees(cell, expected, found):
    """Whether a result is what a case expects."""
    if isinstance(expected, bool | str) or not isinstance(found, int | float):
        return expected == found
    return abs(expected - found) <= cell.get("tolleranza", TOLERANCE) * max(1, abs(expected))


def _value(value):
    return CellError.parse(value) or value if isinstance(value, str) else value
