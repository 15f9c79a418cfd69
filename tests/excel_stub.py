"""A stand-in for xlwings' objects over a workbook file, as its documentation describes them; calculated by
our own engine.

It has nothing that `xlwings` has not (`test_book_excel` compares), gives dates as datetime, errors as None
unless `err_to_str`, "mixed" as None, and refuses to write into protected sheets, as Excel does.
"""

from __future__ import annotations

import datetime as dt

from xl_perf.package import open_package
from xl_perf.package.refs import range_name
from xl_perf.recalc import recalculate_package
from xl_perf.values import CellError

EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001


class App:
    def __init__(self, book):
        self._book = book

    def calculate(self):
        calculation = recalculate_package(self._book.package, overrides=self._book.entered)
        for sheet, formulas in self._book.formulas.items():
            stored = self._book.package.cells(sheet)
            self._book.grids[sheet].update(
                {
                    (cell.row, cell.column): cell.value
                    for cell in stored
                    if (cell.row, cell.column) in formulas
                }
            )
        for changes in (calculation.changes, self._book.entered):
            for sheet, cells in changes.items():
                self._book.grids[sheet].update(cells)


class Book:
    def __init__(self, path):
        self.package = open_package(path)
        self.fullname = str(path)
        self.app = App(self)
        self.sheets = Sheets([Sheet(self, info.name) for info in self.package.sheets])
        self.names = [Name(self.package, name) for name in self.package.defined_names]
        self.entered = {}
        self.formulas = {}
        self.styles = {}
        self.grids = {}
        for info in self.package.sheets:
            cells = self.package.cells(info.name)
            self.grids[info.name] = {(cell.row, cell.column): cell.value for cell in cells}
            self.styles[info.name] = {(cell.row, cell.column): cell.style for cell in cells}
            self.formulas[info.name] = {
                (cell.row, cell.column): f"={cell.formula.text}" for cell in cells if cell.formula is not None
            }


class Sheets(list):
    def __getitem__(self, name):
        return next(sheet for sheet in self if sheet.name == name)


class Name:
    def __init__(self, package, name):
        scope = "" if name.scope is None else f"'{package.sheets[name.scope].name}'!"
        self.name = f"{scope}{name.name}"
        self.refers_to = f"={name.text}"


class Protection:
    AllowSorting = True
    AllowFormattingCells = AllowFormattingColumns = AllowFormattingRows = False
    AllowInsertingColumns = AllowInsertingRows = AllowInsertingHyperlinks = False
    AllowDeletingColumns = AllowDeletingRows = AllowFiltering = AllowUsingPivotTables = False


class SheetApi:
    """Excel's own `Worksheet`."""

    ProtectDrawingObjects = True
    ProtectScenarios = False

    def __init__(self, name):
        self.Name = name
        self.ProtectContents = True
        self.Protection = Protection()
        self.log = []
        self.password = False

    def Unprotect(self):
        if not self.password:
            self.ProtectContents = False

    def Protect(self, **options):
        self.ProtectContents = True
        self.log.append(options)


class Sheet:
    def __init__(self, book, name):
        self.book = book
        self.name = name
        self.api = SheetApi(name)

    @property
    def tables(self):
        return [Table(self, table) for table in self.book.package.tables if table.sheet == self.name]

    @property
    def used_range(self):
        keys = self.book.grids[self.name]
        return Range(
            self,
            (
                min(row for row, _ in keys), min(column for _, column in keys),
                max(row for row, _ in keys), max(column for _, column in keys),
            ),
        )  # fmt: skip

    def range(self, first, last=None):
        return Range(self, (*first, *(last or first)))


class Table:
    def __init__(self, sheet, table):
        top, left, _, right = table.ref
        self.name = table.name
        self.range = Range(sheet, table.ref)
        self.header_row_range = Range(sheet, (top, left, top, right)) if table.header_rows else None
        self.show_totals = bool(table.totals_rows)


class RangeApi:
    """Excel's own `Range`."""

    def __init__(self, area):
        book, name = area.sheet.book, area.sheet.name
        states = {book.styles[name].get(key, 0) not in book.package.unlocked for key in area.places()}
        self.Locked = states.pop() if len(states) == 1 else None


class Range:
    def __init__(self, sheet, ref, **options):
        self.sheet = sheet
        self._ref = ref
        self._options = options
        self.row, self.column = ref[:2]
        self.shape = ref[2] - ref[0] + 1, ref[3] - ref[1] + 1

    @property
    def address(self):
        return range_name(self._ref)

    @property
    def api(self):
        return RangeApi(self)

    @property
    def last_cell(self):
        return Range(self.sheet, (*self._ref[2:], *self._ref[2:]))

    def places(self):
        top, left, bottom, right = self._ref
        return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    @property
    def number_format(self):
        book = self.sheet.book
        codes = {self._code(book.styles[self.sheet.name].get(key, 0)) for key in self.places()}
        return codes.pop() if len(codes) == 1 else None

    def _code(self, style):
        return self.sheet.book.package.number_formats.get(style, "") or "General"

    def options(self, convert=None, **options):
        assert convert is None
        return Range(self.sheet, self._ref, **options)

    @property
    def formula(self):
        book, name = self.sheet.book, self.sheet.name
        rows = self._rows(lambda key: book.formulas[name].get(key) or _shown(book.grids[name].get(key)))
        return rows[0][0] if self.shape == (1, 1) else tuple(map(tuple, rows))

    @property
    def value(self):
        rows = self._rows(self._value)
        if self._options.get("ndim") == 2:
            return rows
        if self._options.get("ndim") == 1:
            assert 1 in self.shape
            return [value for row in rows for value in row]
        raise AssertionError("say how many dimensions")

    @value.setter
    def value(self, value):
        if self.sheet.api.ProtectContents:
            raise RuntimeError("the sheet is protected")
        book, name = self.sheet.book, self.sheet.name
        assert self.shape == (1, 1)
        book.grids[name][self._ref[:2]] = value
        book.entered.setdefault(name, {})[self._ref[:2]] = value

    def _value(self, key):
        book, name = self.sheet.book, self.sheet.name
        value = book.grids[name].get(key)
        if isinstance(value, CellError):
            return str(value) if self._options.get("err_to_str") else None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return value
        code = self._code(book.styles[name].get(key, 0)).lower()
        if "yy" in code and "dd" in code:
            return EPOCH + dt.timedelta(days=value)
        whole = self._options.get("numbers") is int and float(value).is_integer()
        return int(value) if whole else float(value)

    def _rows(self, of):
        top, left, bottom, right = self._ref
        return [[of((row, column)) for column in range(left, right + 1)] for row in range(top, bottom + 1)]


def _shown(value):
    """A constant as `Range.formula` shows it."""
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) and not value.is_integer() else str(value)
