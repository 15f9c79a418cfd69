"""Tables of the official workbooks as tests read them, and workbooks with other inputs, recalculated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from xl_perf.package import open_package
from xl_perf.recalc import recalculate_package

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BETTER, NEAR, WORSE = "▲ meglio", "● in linea", "▼ sotto"


def stored(cell: Any) -> Any:
    """The stored value; None of a cell without one."""
    return None if cell.value == "" else cell.value


class Tables:
    """The tables of a workbook with stored values; an empty text counts as None."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path, data_only=True)

    def place(self, name: str) -> tuple[Any, list[str], int, int, int]:
        """Sheet, headings, first column, row of the headings and last row of a table."""
        for sheet in self.book:
            if name in sheet.tables:
                left, top, right, bottom = range_boundaries(sheet.tables[name].ref)
                heads = [sheet.cell(top, column).value for column in range(left, right + 1)]
                return sheet, heads, left, top, bottom
        raise AssertionError(f"{self.path.name}: no table {name}")

    def rows(self, name: str, key: str | None = None) -> dict[Any, dict[str, Any]]:
        """Rows by the value in the column `key` (the first column when None): heading -> value."""
        sheet, heads, left, top, bottom = self.place(name)
        found = {}
        for number in range(top + 1, bottom + 1):
            cells = (stored(sheet.cell(number, left + i)) for i in range(len(heads)))
            row = dict(zip(heads, cells, strict=True))
            found[row[key or heads[0]]] = row
        return found

    def cell(self, name: str, code: object, heading: str, key: str | None = None) -> tuple[str, int, int]:
        """Sheet, row and column of a cell of a table."""
        sheet, heads, left, top, bottom = self.place(name)
        at = left + heads.index(key or heads[0])
        row = next(n for n in range(top + 1, bottom + 1) if sheet.cell(n, at).value == code)
        return sheet.title, row, left + heads.index(heading)


def filled(tables: Tables, path: Path, cells: Mapping[tuple[str, int, int], object]) -> Tables:
    """The workbook with other values in some cells (sheet, row, column), recalculated, written to `path`."""
    places: dict[str, dict[tuple[int, int], object]] = {}
    for (sheet, row, column), value in cells.items():
        places.setdefault(sheet, {})[row, column] = value
    path.write_bytes(open_package(tables.path).patch(places))
    package = open_package(path)
    path.write_bytes(package.patch(recalculate_package(package).changes))
    return Tables(path)


def score(actual: float, target: float, direction: int = 1) -> float:
    """Rules of the plan: deviation capped at half of the target, 100 = target."""
    return 100 * (1 + max(-0.5, min(0.5, (actual - target) / target * direction)))


def verdict(points: float | None) -> str | None:
    """The score in words, within one point of 100 in line (assumed band)."""
    if points is None:
        return None
    return BETTER if points > 101 else WORSE if points < 99 else NEAR


def mean(pairs: list[tuple[float | None, float]]) -> tuple[float | None, float]:
    """Weighted mean of the known values, and the share of the weights that is known."""
    known = [(value, weight) for value, weight in pairs if value is not None]
    total = sum(weight for _, weight in known)
    points = sum(value * weight for value, weight in known) / total if total else None
    return points, total / sum(weight for _, weight in pairs)
