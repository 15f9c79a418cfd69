"""Every input of the official workbooks, what may be typed into it, and the workbooks with other inputs,
recalculated.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass
from functools import cache

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from tests.loaded_book import LoadedBook
from tests.official import FOLDER
from xl_perf.package import open_package
from xl_perf.plan import load_edition
from xl_perf.templates.build import BUILDERS, example_of, file_name
from xl_perf.values import CellError

SAMPLES = 3 if os.environ.get("XL_PERF_FULL_TESTS") else 1
"""Cells of a column of inputs that are tried."""


@dataclass(frozen=True)
class Input:
    """An unlocked cell: where it is, the heading of its column or the label of its row, what it accepts."""

    sheet: str
    key: tuple[int, int]
    table: str
    heading: str
    kind: str
    """decimal, whole, list, textLength; empty where anything may be typed in."""
    low: float | None = None
    high: float | None = None
    choices: tuple[object, ...] = ()
    label: str = ""
    """What the first cell of its row in the table says."""

    @property
    def names(self):
        """The words by which a remark may name it."""
        return tuple(filter(None, (self.heading, self.label)))

    @property
    def cell(self):
        return f"{get_column_letter(self.key[1])}{self.key[0]}"

    @property
    def column(self):
        """What it is sampled by: its column of a table, or itself."""
        return self.sheet, self.table, self.heading if self.table else self.cell

    @property
    def row(self):
        """The row of its table that it stands in."""
        return self.sheet, self.table, self.key[0]

    def __str__(self):
        return f"{self.sheet}!{self.cell} ({self.table or 'no table'}, {self.heading})"


def references(text):
    """Sheet and cells of a reference such as `'Fasce'!$B$5:$B$9`."""
    sheet, _, cells = text.rpartition("!")
    left, top, right, bottom = range_boundaries(cells.replace("$", ""))
    name = sheet.strip("'").replace("''", "'")
    return [(name, (row, column)) for row in range(top, bottom + 1) for column in range(left, right + 1)]


class Official:
    """An official workbook: formulas, stored values, inputs, and what its template says of them."""

    def __init__(self, template, *, example):
        self.template, self.example = template, example
        self.path = FOLDER / file_name(template, example=example)
        self.package = open_package(self.path)
        self.formulas = load_workbook(self.path)
        stored = load_workbook(self.path, data_only=True)
        self.values = {
            (sheet.title, (cell.row, cell.column)): _value(cell)
            for sheet in stored
            for line in sheet.iter_rows()
            for cell in line
            if cell.value is not None
        }
        plan = load_edition()
        book = BUILDERS[template](plan, example_of(plan) if example else None)
        self.informative = {
            (sheet, coordinate_to_tuple(cell)): reason for (sheet, cell), reason in book.informative.items()
        }
        self.listed = set()
        """Cells that other inputs are chosen from."""
        self.inputs = list(self._inputs())
        self._calculated = {}
        self._loaded = LoadedBook(self.package)
        self.locked = {
            (sheet.title, (cell.row, cell.column)): bool(cell.font.italic)
            for sheet in self.formulas
            for line in sheet.iter_rows()
            for cell in line
            if cell.data_type == "f" and sheet.title != "Metadati"
        }
        """Formulas: place -> whether it is a check (in italics), not a result."""
        self.scores = [at for scores, _ in book.scores for at in references(scores) if at in self.locked]
        self.coverage = [
            at for _, coverage in book.scores if coverage for at in references(coverage) if at in self.locked
        ]

    def _inputs(self):
        for sheet in self.formulas:
            areas = {name: range_boundaries(sheet.tables[name].ref) for name in sheet.tables}
            accepts = [
                (range_boundaries(str(part)), rule)
                for rule in sheet.data_validations.dataValidation
                for part in rule.sqref.ranges
            ]
            merged = {
                (row, column)
                for part in sheet.merged_cells.ranges
                for row in range(part.min_row, part.max_row + 1)
                for column in range(part.min_col, part.max_col + 1)
                if (row, column) != (part.min_row, part.min_col)
            }
            for line in sheet.iter_rows():
                for cell in line:
                    if cell.protection.locked or (cell.row, cell.column) in merged:
                        continue
                    yield self._input(sheet, cell, areas, accepts)

    def _input(self, sheet, cell, areas, accepts):
        row, column = cell.row, cell.column
        table = next(
            (
                name
                for name, (left, top, right, bottom) in areas.items()
                if left <= column <= right and top < row <= bottom
            ),
            "",
        )
        label = ""
        if table:
            heading = str(sheet.cell(areas[table][1], column).value)
            label = sheet.cell(row, areas[table][0]).value
            label = label if isinstance(label, str) and not label.startswith("=") else ""
        else:
            left = (sheet.cell(row, at).value for at in range(column - 1, 0, -1))
            heading = next((str(value) for value in left if isinstance(value, str)), "")
        rule = next(
            (
                rule
                for (left, top, right, bottom), rule in accepts
                if left <= column <= right and top <= row <= bottom
            ),
            None,
        )
        if rule is None:
            return Input(sheet.title, (row, column), table, heading, "", label=label)
        choices = tuple(self._choices(rule.formula1)) if rule.type == "list" else ()
        low, high = (None, None) if choices else (_number(rule.formula1), _number(rule.formula2))
        return Input(sheet.title, (row, column), table, heading, rule.type, low, high, choices, label)

    def _choices(self, source):
        if source.startswith('"'):
            return [
                _number(text) if _number(text) is not None else text for text in source.strip('"').split(",")
            ]
        names = self.formulas.defined_names
        reference = names[source].attr_text if source in names else source
        self.listed.update(references(reference))
        return [self.values.get(at) for at in references(reference)]

    def sampled(self):
        """The inputs of each column that are tried: those of full rows first, in an order that never changes."""
        groups, full = {}, Counter()
        for entry in self.inputs:
            groups.setdefault(entry.column, []).append(entry)
            full[entry.sheet, entry.table, entry.key[0]] += (entry.sheet, entry.key) in self.values

        def order(entry):
            filled = (entry.sheet, entry.key) in self.values
            row = full[entry.sheet, entry.table, entry.key[0]]
            return not filled, -row, hashlib.sha256(str(entry).encode()).digest()

        return [entry for group in groups.values() for entry in sorted(group, key=order)[:SAMPLES]]

    def selectors(self):
        """The cells from which one picks what is shown or compared: lists outside tables."""
        return [entry for entry in self.inputs if entry.kind == "list" and not entry.table]

    def calculated(self, changes):
        """Values after typing in: (sheet, (row, column)) -> value; only formulas whose value changed.

        Args:
            changes: `Input` -> value, None to clear it.
        """
        return self.recalculated({(entry.sheet, entry.key): value for entry, value in changes.items()})

    def recalculated(self, changes):
        """Values after some cells were set, locked ones included; see `calculated`."""
        asked = tuple((at, str(type(value)), value) for at, value in changes.items())
        if asked not in self._calculated:
            result = self._loaded.ask(changes)
            assert not result.faults, result.faults
            assert not result.kept, (self.template, result.kept[0])
            self._calculated[asked] = {
                (sheet, key): value for sheet, cells in result.changes.items() for key, value in cells.items()
            }
        return self._calculated[asked]

    def forget(self):
        """Forgets what was calculated, so that it is asked again."""
        self._calculated.clear()

    def rows(self, table):
        """Rows of a table: heading -> stored value."""
        sheet, (left, top, right, bottom) = self._bounds(table)
        heads = [self.values.get((sheet, (top, at))) for at in range(left, right + 1)]
        return [
            dict(
                zip(
                    heads, (self.values.get((sheet, (row, at))) for at in range(left, right + 1)), strict=True
                )
            )
            for row in range(top + 1, bottom + 1)
        ]

    def cells_of(self, table, heading, key):
        """Place, stored value and key of each cell of a column of a table."""
        sheet, (left, top, right, bottom) = self._bounds(table)
        columns = {self.values.get((sheet, (top, at))): at for at in range(left, right + 1)}
        return [
            (
                (sheet, (row, columns[heading])),
                self.values.get((sheet, (row, columns[heading]))),
                self.values.get((sheet, (row, columns[key]))),
            )
            for row in range(top + 1, bottom + 1)
        ]

    def _bounds(self, table):
        for sheet in self.formulas:
            if table in sheet.tables:
                return sheet.title, range_boundaries(sheet.tables[table].ref)
        raise AssertionError(f"{self.template}: no table {table}")

    def under(self, heading):
        """The cells with a number in the columns of that heading, of all tables."""
        found = []
        for sheet in self.formulas:
            for table in sheet.tables.values():
                left, top, right, bottom = range_boundaries(table.ref)
                columns = [at for at in range(left, right + 1) if sheet.cell(top, at).value == heading]
                cells = ((sheet.title, (row, at)) for row in range(top + 1, bottom + 1) for at in columns)
                found += [at for at in cells if isinstance(self.values.get(at), (int, float))]
        return found

    def extremes(self, entry):
        """Zero and a hundred times what a number is, where that may be typed in."""
        held = self.values.get((entry.sheet, entry.key))
        raw = [0, held * 100] if isinstance(held, (int, float)) else []
        low = -1e15 if entry.low is None else entry.low
        high = 1e15 if entry.high is None else entry.high
        return [value for value in raw if low <= value <= high]

    def picks(self):
        """Other choices of each selector, one at a time."""
        return [
            ((entry.sheet, entry.key), choice) for entry in self.selectors() for choice in self.others(entry)
        ]

    def some(self, entry):
        """Some of the other valid values of an input, from the first to the last; all of them in a full run."""
        found = self.others(entry)
        return found if SAMPLES > 1 else [*found[:: max(1, len(found) // 3)]][:4]

    def others(self, entry):
        """Valid values of an input other than the one it has."""
        held = self.values.get((entry.sheet, entry.key))
        if entry.kind == "list":
            return [choice for choice in entry.choices if choice != held and choice is not None]
        if entry.kind == "textLength":
            return ["altro nome"]
        if isinstance(held, (int, float)):
            raw = [held * 1.25, held * 0.5, held + 1, held - 1]
        else:
            raw = [1.0, 0.4, 60.0, 1500.0]
        wanted = [round(value) if entry.kind == "whole" else value for value in raw]
        low = -1e15 if entry.low is None else entry.low
        high = 1e15 if entry.high is None else entry.high
        return [value for value in dict.fromkeys(wanted) if low <= value <= high and value != held]


@cache
def official(template, *, example=True):
    """The workbook of a template, read once."""
    return Official(template, example=example)


def is_error(value):
    return isinstance(value, CellError)


def _value(cell):
    return CellError.parse(cell.value) if cell.data_type == "e" else cell.value


def _number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
