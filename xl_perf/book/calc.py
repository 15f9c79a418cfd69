"""An open workbook in LibreOffice Calc, over UNO.

Knows the document's interfaces and imports nothing of LibreOffice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.book.calc_text import error_of, excel_text
from xl_perf.book.snapshot import Grid, Snapshot, Style
from xl_perf.errors import WorkbookError
from xl_perf.package.model import DefinedName, Table
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xl_perf.book.port import Write

_ERRORS = 4
"""Flag of `queryFormulaCells` for cells with errors."""
_LOGICAL = 1024
_ENGLISH = ("", "en")


class CalcBook:
    """A spreadsheet document.

    Args:
        document: the UNO object, `com.sun.star.sheet.SpreadsheetDocument`.
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self.where: str = document.URL or document.Title
        self._formats: dict[int, str] = {}

    def read(self) -> Snapshot:
        """What the document holds now."""
        names = [sheet.Name for sheet in self.document.Sheets]
        return Snapshot(
            self.where, names, self._grid, sorted(self._tables(names), key=_order), [*self._names()]
        )

    def write(self, values: Sequence[Write], title: str) -> Snapshot:
        """Puts values into cells as one step that can be undone; Calc calculates the rest.

        Raises:
            WorkbookError: a sheet is protected by a password. Nothing was changed.
        """
        sheets = {name: self.document.Sheets.getByName(name) for name in {value.sheet for value in values}}
        undo = self.document.UndoManager
        done = False
        undo.enterUndoContext(title)
        self.document.addActionLock()
        try:
            _refuse_closed(sheets.values())
            for sheet, row, column, value in values:
                _put(sheets[sheet].getCellByPosition(column - 1, row - 1), value)
            done = True
        finally:
            self.document.removeActionLock()
            undo.leaveUndoContext()
            if not done and title in undo.getAllUndoActionTitles()[:1]:
                undo.undo()
        self.document.calculate()
        return self.read()

    def _grid(self, name: str) -> Grid:
        sheet = self.document.Sheets.getByName(name)
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        area = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        values = [list(row) for row in area.getDataArray()]
        for found in sheet.queryFormulaCells(_ERRORS):
            at = found.RangeAddress
            for row in range(at.StartRow, at.EndRow + 1):
                for column in range(at.StartColumn, at.EndColumn + 1):
                    values[row][column] = error_of(sheet.getCellByPosition(column, row).getError())
        formulas = [[_formula(text) for text in row] for row in area.getFormulaArray()]
        return Grid(1, 1, values, formulas, [*self._styles(sheet)])

    def _styles(self, sheet: Any) -> Iterator[tuple[tuple[int, int, int, int], Style]]:
        """The styles of a sheet by the areas that have them."""
        for ranges in sheet.getUniqueCellFormatRanges():
            first = ranges.getByIndex(0)
            style = Style(not first.CellProtection.IsLocked, self._format(first.NumberFormat))
            for at in ranges.RangeAddresses:
                yield (at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1), style

    def _format(self, key: int) -> str:
        """A number format in English; empty for the general one."""
        if key not in self._formats:
            found = self.document.NumberFormats.getByKey(key)
            text = "" if found.Type & _LOGICAL or key % 5000 == 0 else str(found.FormatString)
            if found.Locale.Language not in _ENGLISH:
                text = text.translate(str.maketrans(",.", ".,"))
            self._formats[key] = text
        return self._formats[key]

    def _tables(self, names: Sequence[str]) -> Iterator[Table]:
        """The database ranges, which Calc makes of the tables of a file."""
        for found in self.document.DatabaseRanges:
            at = found.DataArea
            if found.Name.startswith("__") or not found.ContainsHeader:
                continue
            sheet = self.document.Sheets.getByIndex(at.Sheet)
            head = sheet.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.StartRow)
            yield Table(
                found.Name,
                names[at.Sheet],
                "",
                (at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1),
                tuple(_heading(value) for value in head.getDataArray()[0]),
                1,
                int(found.TotalsRow),
            )

    def _names(self) -> Iterator[DefinedName]:
        for found in self.document.NamedRanges:
            yield DefinedName(found.Name, excel_text(found.Content), None)
        for place, sheet in enumerate(self.document.Sheets):
            for found in sheet.NamedRanges:
                yield DefinedName(found.Name, excel_text(found.Content), place)


def _refuse_closed(sheets: Iterable[Any]) -> None:
    """Refuses sheets with a password: only an attempt with an empty one shows it."""
    for sheet in sheets:
        if not sheet.isProtected():
            continue
        try:
            sheet.unprotect("")
        except Exception as error:  # UNO's own, which nothing here knows
            raise WorkbookError(
                "the sheet is protected with a password",
                where=sheet.Name,
                remedy="take the protection away, or ask whoever set it",
            ) from error
        sheet.protect("")


def _order(table: Table) -> tuple[str, tuple[int, int, int, int]]:
    return table.sheet, table.ref


def _heading(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _formula(text: str) -> str:
    """A formula in Excel's English.

    Empty for the content of other cells, formulas over several cells without braces.
    """
    text = text[1:-1] if text[:2] == "{=" else text
    return excel_text(text) if text[:1] == "=" and len(text) > 1 else ""  # a text that is "=" alone is none


def _put(cell: Any, value: object) -> None:
    if value is None:
        cell.setFormula("")
    elif isinstance(value, (int, float)):
        cell.setValue(float(value))
    elif isinstance(value, CellError):
        raise WorkbookError(f"an error value {value} is no input")
    else:
        cell.setString(str(value))
