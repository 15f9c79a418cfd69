"""The worked cases of the plan's systems: numbers typed into an official workbook, and what its cells must show then.

The files are `tests/cases/workbooks/<system>.toml` of the source; an installed package carries them along. They hold
`[[caso]]` with the keys

- `sistema`: number of the system in systems.toml; `titolo`; `origine`: where the expected values come from (a
  page of the plan, a hand calculation, another program with its version; never our own run); `calcolo`: the
  calculation by hand;
- `modello`: the workbook, empty as it is handed out; `struttura` and `trimestre` for a scorecard other than
  the official one;
- `edizione`: id of the edition that the workbook is built from, where it is not the one of systems.toml;
- `esempio = true` where the numbers are typed into the filled example instead;
- `dati` and `attesi`: cells with their `valore` (`""` is empty, errors are written as `#N/A`), and optionally
  `tolleranza` (relative to 1 or to the value, whichever is larger; 1e-9 when not given).

A cell is either `tabella`, `riga`, `colonna` (an Excel table; the text that stands in some column of the row,
or the number of the row from 1; the heading), or `foglio` with `etichetta` (the beginning of a text in the
sheet: the first input to the right of it, for results the first formula; `colonna`, a letter, names another
one of the line), or `foglio` and `cella`.
"""

from __future__ import annotations

import io
import tomllib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf.errors import PlanError
from xl_perf.package import Package
from xl_perf.plan import load_edition
from xl_perf.recalc import recalculate_package
from xl_perf.templates.build import build_scorecard, build_workbook
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from openpyxl.worksheet.worksheet import Worksheet

    Cell = Mapping[str, Any]
    """A cell as a case file names it."""
    Key = tuple[str, tuple[int, int]]
    """Sheet, and row with column."""

TOLERANCE = 1e-9
_HERE = Path(__file__)
_FOLDERS = (_HERE.with_name("cases"), _HERE.parents[2] / "tests" / "cases" / "workbooks")
"""Where an installed package and a source checkout have the case files."""
_KEYS = {"sistema", "titolo", "origine", "calcolo", "modello", "dati", "attesi"}
_OPTIONAL = {"struttura", "trimestre", "esempio", "edizione"}


class CaseError(Exception):
    """A case file is wrong."""


@dataclass(frozen=True, slots=True)
class WorkbookCase:
    """A case as its file declares it."""

    system: int
    title: str
    origin: str
    working: str
    template: str
    structure: str
    quarter: int | None
    example: bool
    edition: str
    given: tuple[Cell, ...]
    expected: tuple[Cell, ...]

    def __str__(self) -> str:
        """System and title."""
        return f"{self.system}: {self.title}"


def load_workbook_cases() -> tuple[WorkbookCase, ...]:
    """All cases, file by file.

    Raises:
        PlanError: the case files are not there.
        CaseError: a key that is unknown or missing, or a case without its calculation.
    """
    folder = next((path for path in _FOLDERS if path.is_dir()), None)
    if folder is None:
        raise PlanError("the worked cases of the workbooks are not there", where=str(_FOLDERS[-1]))
    return tuple(
        _case(entry, path.name)
        for path in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["caso"]
    )


def _case(entry: Mapping[str, Any], where: str) -> WorkbookCase:
    unknown, missing = set(entry) - _KEYS - _OPTIONAL, _KEYS - set(entry)
    if unknown or missing:
        raise CaseError(f"{where}: unknown keys {sorted(unknown)}, missing keys {sorted(missing)}")
    if not (entry["origine"].strip() and entry["calcolo"].strip() and entry["attesi"]):
        raise CaseError(f"{where}: {entry['titolo']}: a case needs origin, calculation and results")
    return WorkbookCase(
        entry["sistema"], entry["titolo"], entry["origine"], entry["calcolo"], entry["modello"],
        entry.get("struttura", ""), entry.get("trimestre"), entry.get("esempio", False),
        entry.get("edizione", ""),
        tuple(entry["dati"]), tuple(entry["attesi"]),
    )  # fmt: skip


class _Base:
    """A workbook before anything is typed in."""

    def __init__(self, data: bytes, name: str) -> None:
        from openpyxl import load_workbook  # noqa: PLC0415  # only to run cases

        self.package = Package(data, Path(name))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl would not write again
            self.values = load_workbook(io.BytesIO(data), data_only=True)
            self.formulas = load_workbook(io.BytesIO(data))

    def place(self, cell: Cell, *, typed: bool) -> Key:
        """Sheet and (row, column) of a cell of a case."""
        from openpyxl.utils import coordinate_to_tuple  # noqa: PLC0415  # only to run cases

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

    def _beside(self, sheet: Worksheet, row: int, column: int, cell: Cell, *, typed: bool) -> tuple[int, int]:
        from openpyxl.utils import coordinate_to_tuple  # noqa: PLC0415  # only to run cases

        if "colonna" in cell:
            place: tuple[int, int] = coordinate_to_tuple(f"{cell['colonna']}{row}")
            return place
        for at in range(column + 1, sheet.max_column + 1):
            found = sheet.cell(row, at)
            if (not found.protection.locked) if typed else found.data_type == "f":
                return row, at
        raise CaseError(f"{sheet.title}: no cell beside {cell['etichetta']!r}")

    def _in_table(self, cell: Cell) -> Key:
        from openpyxl.utils import range_boundaries  # noqa: PLC0415  # only to run cases

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
    def _row(sheet: Worksheet, bounds: tuple[int, int, int, int], cell: Cell) -> int:
        left, top, right, bottom = bounds
        if isinstance(cell["riga"], int):
            return top + int(cell["riga"])
        # the code of a row says which it is, before columns that name other rows
        for at in sorted(range(left, right + 1), key=lambda at: sheet.cell(top, at).value != "Codice"):
            for row in range(top + 1, bottom + 1):
                if sheet.cell(row, at).value == cell["riga"]:
                    return row
        raise CaseError(f"{cell['tabella']}: no row {cell['riga']!r}")


class Runner:
    """Runs cases; a workbook is built once, whatever the number of its cases.

    Args:
        edition: id of the edition that workbooks are built from where a case names none.
        official: gives the bytes of an official workbook (template, example) where it is built already; None builds it.
    """

    def __init__(self, edition: str, official: Callable[[str, bool], bytes] | None = None) -> None:
        self._edition = edition
        self._official = official
        self._bases: dict[tuple[object, ...], _Base] = {}

    def run(self, case: WorkbookCase) -> list[tuple[Cell, object, object]]:
        """Type in what a case gives, calculate.

        Returns:
            For each expected cell its place, the expected and the found value.

        Raises:
            CaseError: a cell that the workbook does not have, a locked one among the inputs, or a formula
                that cannot be calculated.
        """
        base = self._base(case)
        typed: dict[str, dict[tuple[int, int], Any]] = {}
        for cell in case.given:
            sheet, key = base.place(cell, typed=True)
            if base.formulas[sheet].cell(*key).protection.locked:
                raise CaseError(f"{case}: {cell} is locked")
            value = cell["valore"]
            typed.setdefault(sheet, {})[key] = None if value == "" else _value(value)
        result = recalculate_package(base.package, overrides=typed)
        if result.faults or result.kept:
            raise CaseError(
                f"{case}: not all formulas could be calculated: {result.faults or result.kept[0]}"
            )
        found = []
        for cell in case.expected:
            sheet, key = base.place(cell, typed=False)
            stored = base.values[sheet].cell(*key).value
            value = result.changes.get(sheet, {}).get(key, _value(stored))
            found.append((cell, _value(cell["valore"]), "" if value is None else value))
        return found

    def wrong(self, case: WorkbookCase) -> Iterator[str]:
        """What a case shows otherwise than expected, a line each; nothing where all agrees."""
        try:
            results = self.run(case)
        except CaseError as error:
            yield str(error)
            return
        for cell, expected, found in results:
            if not agrees(cell, expected, found):
                place = ", ".join(str(cell[key]) for key in cell if key not in ("valore", "tolleranza"))
                yield f"{case}: {place}: expected {expected!r}, found {found!r}"

    def _base(self, case: WorkbookCase) -> _Base:
        key = (case.template, case.structure, case.quarter, case.example, case.edition)
        if key not in self._bases:
            self._bases[key] = _Base(self._data(case), f"{case.template}.xlsx")
        return self._bases[key]

    def _data(self, case: WorkbookCase) -> bytes:
        plan = load_edition(case.edition or self._edition)
        if case.structure or case.quarter:
            own = case.structure or plan.model(case.template).structure
            return build_scorecard(plan, own, case.quarter or 4, example=case.example)
        if self._official is not None and not case.edition:
            return self._official(case.template, case.example)
        return build_workbook(plan, case.template, example=case.example)


def results(edition: str, cases: Iterable[WorkbookCase]) -> dict[int, list[tuple[str, ...]]]:
    """Number of a system -> what each of its cases shows otherwise than expected; nothing where it comes out.

    Args:
        edition: id of the edition that workbooks are built from.
        cases: which to run.
    """
    runner, found = Runner(edition), dict[int, list[tuple[str, ...]]]()
    for case in cases:
        found.setdefault(case.system, []).append(tuple(runner.wrong(case)))
    return found


def agrees(cell: Cell, expected: object, found: object) -> bool:
    """Whether a result is what a case expects."""
    if isinstance(expected, bool | str) or not isinstance(found, int | float):
        return expected == found
    assert isinstance(expected, int | float)
    return bool(abs(expected - found) <= cell.get("tolleranza", TOLERANCE) * max(1, abs(expected)))


def _value(value: Any) -> Any:
    return CellError.parse(value) or value if isinstance(value, str) else value
