"""Function calls as a workbook: arguments in cells, one formula each, and the results read back from any program."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

from xl_perf.package import Package
from xl_perf.values import CellError

SHEET = "Casi"
FIRST = 30
"""Column of the first argument; the results stand to its left."""


@dataclass(frozen=True)
class Place:
    """Where the result of a call stands: rows and columns from `row`, column 1."""

    row: int
    height: int
    width: int

    @property
    def single(self):
        return self.height == self.width == 1


def rows_of(value):
    """The rows of an argument or result: a cell is one row of one cell, a flat list a column."""
    if not isinstance(value, list):
        return [[value]]
    return [row if isinstance(row, list) else [row] for row in value]


class CaseBook:
    """A workbook that calls functions; `places` has a `Place` for each call, in their order."""

    def __init__(self):
        self._book = openpyxl.Workbook()
        self._sheet = self._book.active
        self._sheet.title = SHEET
        self._next = 1
        self.places = []

    def add(self, function, arguments, expected):
        """A call. Its arguments are in cells, one beside the other; an expected list makes an array formula
        of its size.
        """
        row, column = self._next, FIRST
        references, deepest = [], 1
        for argument in arguments:
            lines = rows_of(argument)
            for down, line in enumerate(lines):
                for right, value in enumerate(line):
                    self._put(row + down, column + right, value)
            first = f"{get_column_letter(column)}{row}"
            last = f"{get_column_letter(column + len(lines[0]) - 1)}{row + len(lines) - 1}"
            references.append(f"{first}:{last}" if isinstance(argument, list) else first)
            column += len(lines[0])
            deepest = max(deepest, len(lines))
        result = rows_of(expected)
        place = Place(row, len(result), len(result[0]))
        formula = f"={function}({','.join(references)})"
        if isinstance(expected, list):
            area = f"A{row}:{get_column_letter(place.width)}{row + place.height - 1}"
            self._sheet[f"A{row}"] = ArrayFormula(area, formula)
        else:
            self._sheet[f"A{row}"] = formula
        self.places.append(place)
        self._next += max(deepest, place.height) + 1

    def _put(self, row, column, value):
        if value is None or value == "":
            return
        cell = self._sheet.cell(row, column)
        cell.value = value
        if isinstance(value, CellError):
            cell.data_type = "e"
        elif isinstance(value, str):
            cell.data_type = "s"
        elif isinstance(value, dt.date):
            cell.number_format = "dd/mm/yyyy"

    def package(self):
        """The workbook as a package."""
        buffer = io.BytesIO()
        self._book.save(buffer)
        return Package(buffer.getvalue(), Path("casi.xlsx"))

    def results(self, value_at):
        """The result of each call: a cell, or rows where an array formula stands.

        Args:
            value_at: (row, column), both from 1 -> the value that a program shows there; None is empty.
        """
        found = []
        for place in self.places:
            rows = [
                [
                    "" if (value := value_at(place.row + down, 1 + right)) is None else value
                    for right in range(place.width)
                ]
                for down in range(place.height)
            ]
            found.append(rows)
        return found
