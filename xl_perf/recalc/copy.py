"""The private calculation copy: a minimal workbook in memory that the engine reads instead of the user's file.

It holds values and rewritten formulas only: no styles, tables, names, links or macros. A formula that is not
given to the engine stands in it as its stored value, beside the references of the formula, so that the engine
knows who depends on what. Of an ordinary sheet the file's own bytes serve, and only formulas that must be
rewritten are exchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xl_perf.formula.refs import address, column_letters, quote_sheet
from xl_perf.package.sheetscan import FORMULA, PIECES
from xl_perf.recalc.bare import escape, zipped
from xl_perf.recalc.book import EMPTY, size
from xl_perf.recalc.recipe import Recipe, render
from xl_perf.recalc.surroundings import WITH_CELLS
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.recalc.book import Array, Book, Cell, Column
    from xl_perf.values import CellValue

_LOADABLE: Final = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))
SCRATCH_CELLS: Final = 256
"""Largest legacy array that is calculated on a sheet of its own, so that it fills its range as Excel does."""
_STRIDE: Final = 256
_PER_SHEET: Final = 64


def constant(row: int, column: int, value: CellValue) -> str:
    """The XML of a cell that holds a value."""
    where = f'<c r="{column_letters(column)}{row}"'
    if isinstance(value, bool):
        return f'{where} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (float, int)):
        return f"{where}><v>{value!r}</v></c>"
    if isinstance(value, CellError):
        return f'{where} t="e"><v>{value if value in _LOADABLE else "#VALUE!"}</v></c>'
    if value is None:
        return ""
    if not value:
        return f'{where}><f>""</f></c>'  # as a value the engine would take it for an empty cell
    return f'{where} t="str"><v xml:space="preserve">{escape(value)}</v></c>'


def literal(value: CellValue) -> str:
    """A value as it stands in a formula."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return str(value) if value in _LOADABLE else "#VALUE!"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return "0" if value is None else repr(value)


def kept_formula(recipe: Recipe, stored: CellValue, row: int, column: int) -> str:
    """A formula that gives its stored value and depends on what the real one names."""
    reads = ",".join(
        render((piece,), row, column, recipe.home, names=recipe.names) for piece in recipe.reads[:250]
    )
    return f"IF(TRUE,{literal(stored)},COUNTA({reads}))" if reads else literal(stored)


class CopyWriter:
    """Writes the copy of one workbook.

    Args:
        book: the workbook.
        reasons: the cells whose formulas are not given to the engine.
        rewritten: formulas that are given to it in another form than that of their recipe.

    Attributes:
        names: the sheets' names in the copy, by their own.
        scratch: where legacy arrays are calculated: their cells -> sheet and column (row 1).
    """

    def __init__(self, book: Book, reasons: Mapping[Cell, str], rewritten: Mapping[Cell, Recipe]) -> None:
        self.book = book
        self.reasons = reasons
        self.rewritten = rewritten
        self.names = {name: book.scope.aliases.get(name, name) for name in book.scope.sheets}
        self.scratch: dict[Cell, tuple[str, int]] = {}
        self._scratch_cells: dict[str, list[str]] = {}
        self._has_strings = False

    def write(self) -> bytes:
        """The copy as a stored (not deflated) .xlsx."""
        sheets: list[tuple[str, bytes]] = []
        for info in self.book.package.sheets:
            rows = self._rows(info.name) if info.kind in WITH_CELLS else b""
            sheets.append((self.names[info.name], rows))
        for name, cells in self._scratch_cells.items():
            sheets.append((name, f'<row r="1">{"".join(cells)}</row>'.encode()))
        return zipped(sheets, self.book.package.shared_strings if self._has_strings else [])

    def is_calculated(self, column: Column, place: int) -> bool:
        """Whether the engine is given a formula."""
        return (column.sheet, *column.keys[place]) not in self.reasons

    def _rows(self, sheet: str) -> bytes:
        column = self.book.columns.get(sheet)
        if column is None:
            scan = self.book.package.scan(sheet) if sheet in self._worksheets() else None
            if scan is None:
                return joined(self._constants(sheet, set())).encode()
            self._has_strings = True
            return scan.part.utf8[slice(*scan.inside)]
        arrays = any(self.is_calculated(column, place) for place in column.arrays)
        if column.scan is None or arrays:
            return joined(self._all_cells(column)).encode()
        self._has_strings = True
        return self._spliced(column)

    def _worksheets(self) -> set[str]:
        return {info.name for info in self.book.package.sheets if info.kind == "worksheet"}

    def _spliced(self, column: Column) -> bytes:
        """The rows of a sheet: its own bytes, but for formulas that the engine is not given as they stand."""
        scan = column.scan
        assert scan is not None
        others = [
            cell
            for cell in {**self.rewritten, **self.reasons}
            if cell[0] == column.sheet and cell[1:] in column.index
        ]
        elements = self._elements(column, scan.formulas)
        if elements is scan.formulas and not others:
            return scan.part.utf8[slice(*scan.inside)]
        pieces = scan.pieces.copy()
        pieces[FORMULA::PIECES] = elements
        for cell in others:
            place = column.index[cell[1:]]
            pieces[PIECES * place + FORMULA] = f"<f>{escape(self._text(column, place))}</f>".encode()
        return b"".join(pieces)

    def _text(self, column: Column, place: int) -> str:
        """What the engine is given for a formula."""
        key = column.keys[place]
        if not self.is_calculated(column, place):
            return kept_formula(self.book.own_recipe(column, place), column.stored[place], *key)
        recipe = self.rewritten.get((column.sheet, *key))
        return column.written(place) if recipe is None else recipe.at(*key)

    def _elements(self, column: Column, own: list[bytes]) -> list[bytes]:
        """The formula elements of a sheet in pieces; `own` as they are, where all serve so."""
        if column.before is not None and column.before.elements:
            return column.before.elements
        changed = {place for place, recipe in enumerate(column.recipes) if not recipe.plain} | column.own
        found = own.copy() if changed else own
        for place in changed:
            empty = column.recipes[place] is EMPTY
            found[place] = b"" if empty else f"<f>{escape(column.written(place))}</f>".encode()
        if column.before is not None and changed:
            column.before.elements.extend(found)
        return found

    # --- sheets whose cells are written anew

    def _constants(self, sheet: str, without: set[CellKey]) -> list[tuple[int, int, str]]:
        return [
            (cell.row, cell.column, constant(cell.row, cell.column, cell.value))
            for cell in self.book.package.cells(sheet)
            if cell.value is not None and (cell.row, cell.column) not in without
        ]

    def _all_cells(self, column: Column) -> list[tuple[int, int, str]]:
        """(row, column, XML) of all cells of a sheet."""
        places = [p for p, recipe in enumerate(column.recipes) if recipe is not EMPTY]
        without = {column.keys[place] for place in places}
        for place, array in column.arrays.items():
            if self.is_calculated(column, place):
                top, left, bottom, right = array.area
                without.update((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        written = self._constants(column.sheet, without)
        for place in places:
            written += self._formula_cells(column, place)
        return written

    def _formula_cells(self, column: Column, place: int) -> list[tuple[int, int, str]]:
        key = column.keys[place]
        array = column.arrays.get(place) if self.is_calculated(column, place) else None
        if array is None or array.kind != "array" or not 1 < size(array.area) <= SCRATCH_CELLS:
            return [(*key, f'<c r="{address(*key)}"><f>{escape(self._text(column, place))}</f></c>')]
        number = len(self.scratch)
        sheet = f"~{number // _PER_SHEET}"
        while self.book.scope.sheet(sheet) is not None:
            sheet += "~"
        at = number % _PER_SHEET * _STRIDE + 1
        self.scratch[column.sheet, *key] = sheet, at
        text = column.written(place, own_sheet=column.sheet)
        self._scratch_cells.setdefault(sheet, []).append(f'<c r="{address(1, at)}"><f>{escape(text)}</f></c>')
        return _array_cells(array, f"{quote_sheet(sheet)}{address(1, at)}")


def _array_cells(array: Array, anchor: str) -> list[tuple[int, int, str]]:
    """The cells of a legacy array: each takes its element; a row, column or single value repeats, the rest is #N/A."""
    top, left, bottom, right = array.area
    cells = []
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            i, j = row - top + 1, column - left + 1
            text = (
                f"IF(IFERROR(ROWS({anchor}#),0)=0,{anchor},IF(OR(AND(ROWS({anchor}#)>1,ROWS({anchor}#)<{i}),"
                f"AND(COLUMNS({anchor}#)>1,COLUMNS({anchor}#)<{j})),#N/A,"
                f"INDEX({anchor}#,IF(ROWS({anchor}#)=1,1,{i}),IF(COLUMNS({anchor}#)=1,1,{j}))))"
            )
            cells.append((row, column, f'<c r="{address(row, column)}"><f>{escape(text)}</f></c>'))
    return cells


def joined(cells: list[tuple[int, int, str]]) -> str:
    """Cells in rows, in order."""
    rows: dict[int, list[str]] = {}
    for row, _, xml in sorted(cells, key=lambda cell: cell[:2]):
        rows.setdefault(row, []).append(xml)
    return "".join(f'<row r="{row}">{"".join(found)}</row>' for row, found in rows.items())
