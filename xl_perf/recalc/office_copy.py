"""What LibreOffice is given and what is taken from it: only what the engine could not calculate, the rest as values."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

from xl_perf.errors import RecalcError
from xl_perf.formula.refs import address, column_letters, parse_reference, quote_sheet
from xl_perf.formula.tokens import FormulaError, tokenize
from xl_perf.formula.tree import parse
from xl_perf.package.scalars import same_value
from xl_perf.recalc import functions as table
from xl_perf.recalc.bare import escape, zipped
from xl_perf.recalc.book import EMPTY
from xl_perf.recalc.callbacks import EngineMade
from xl_perf.recalc.copy import constant, joined
from xl_perf.recalc.gates import areas
from xl_perf.recalc.lookups import is_nearest
from xl_perf.recalc.office_functions import COUNTING, LACKING, NEVER, OWN_WAY
from xl_perf.recalc.surroundings import WITH_CELLS
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package import Package
    from xl_perf.recalc.book import Cell, Column
    from xl_perf.recalc.run import Run
    from xl_perf.values import CellValue

CANARY: Final = "~~canary"
"""Sheet with a wrong stored value: where it comes back nothing was calculated."""
_CANARY_ROW: Final = b'<row r="1"><c r="A1"><f>1+1</f><v>0</v></c></row>'


def write_office_copy(run: Run, open_cells: Mapping[Cell, str], typed: Mapping[Cell, CellValue]) -> bytes:
    """A workbook that LibreOffice reads instead of the user's file.

    Args:
        run: the engine's values.
        open_cells: the formulas that LibreOffice is to calculate.
        typed: values typed in.
    """
    package = run.book.package
    sheets: list[tuple[str, bytes]] = []
    for info in package.sheets:
        cells = _cells(run, info.name, open_cells, typed) if info.kind in WITH_CELLS else []
        sheets.append((info.name, joined(cells).encode()))
    sheets.append((CANARY, _CANARY_ROW))
    within = f'<workbookPr date1904="{int(package.date1904)}"/><sheets/>{_names(run)}'
    return zipped(sheets, [], within=within, method=zipfile.ZIP_DEFLATED)


def _names(run: Run) -> str:
    """The defined names that formulas may use."""
    found = []
    for name in run.book.package.defined_names:
        text = None if name.function or name.name.lower().startswith("_xl") else _meaning(run, name.text)
        if text is None:
            continue
        scope = "" if name.scope is None else f' localSheetId="{name.scope}"'
        quoted = escape(name.name).replace('"', "&quot;")
        found.append(f'<definedName name="{quoted}"{scope}>{escape(text)}</definedName>')
    return f"<definedNames>{''.join(found)}</definedNames>" if found else ""


def _meaning(run: Run, text: str) -> str | None:
    """What a name stands for, in plain references; None where it is a broken one, or one to another workbook."""
    if "#REF" in text:
        return None
    if "[" not in text:
        return text
    try:
        tokens = tokenize(text)
        if any("[" in value for kind, value in tokens if kind != "table"):
            return None
        plain = _without_tables(run, CANARY, (1, 1), tokens)
    except FormulaError:
        return None
    return "".join(_absolute(value) if kind == "ref" else value for kind, value in tokenize(plain))


def _absolute(text: str) -> str:
    """A reference that means the same cells in whatever cell a name is used."""
    reference = parse_reference(text)
    if reference is None or reference.sheet is None:
        return text
    corners = ((reference.col1, reference.row1), (reference.col2, reference.row2))
    cells = ":".join(f"${column_letters(column)}${row}" for column, row in corners)
    return f"{quote_sheet(reference.sheet)}{cells}"


def _cells(
    run: Run, sheet: str, open_cells: Mapping[Cell, str], typed: Mapping[Cell, CellValue]
) -> list[tuple[int, int, str]]:
    column = run.book.columns.get(sheet)
    values: dict[tuple[int, int], CellValue] = {}
    for cell in run.book.package.cells(sheet):
        if cell.formula is None and cell.value is not None:
            values[cell.row, cell.column] = cell.value
    values |= {key[1:]: value for key, value in typed.items() if key[0] == sheet}
    for other, result in run.others.items():
        if other[0] == sheet:
            values[other[1:]] = None if isinstance(result, EngineMade) else result
    formulas: list[tuple[int, int, str]] = []
    for place, key in enumerate(() if column is None else column.keys):
        assert column is not None
        cell_key = (sheet, *key)
        text = _text(run, column, place) if cell_key in open_cells else None
        if text is None:
            if cell_key not in typed and column.recipes[place] is not EMPTY:
                found = run.columns[sheet][place]
                kept = cell_key in run.reasons or isinstance(found, EngineMade)
                values[key] = column.stored[place] if kept else found  # type: ignore[assignment]
            continue
        array = column.arrays.get(place)
        head = "<f>"
        if array is not None:
            top, left, bottom, right = array.area
            head = f'<f t="array" ref="{address(top, left)}:{address(bottom, right)}">'
            for r in range(top, bottom + 1):
                for c in range(left, right + 1):
                    values.pop((r, c), None)
        values.pop(key, None)
        formulas.append((*key, f'<c r="{address(*key)}">{head}{escape(text)}</f></c>'))
    return [(*key, constant(*key, value)) for key, value in values.items() if value is not None] + formulas


def _text(run: Run, column: Column, place: int) -> str | None:
    """The formula as LibreOffice reads it; None where it lacks what the formula needs."""
    from xl_perf.relink.spelling import Dialect, apply, mentions, respell  # noqa: PLC0415 - it knows our formulas

    array = column.arrays.get(place)
    if array is not None and array.kind != "array":
        return None
    text = column.text(place).lstrip(" ").removeprefix("=")
    try:
        tokens = tokenize(text)
        names = {table.plain_name(node.text) for node in parse(text).walk() if node.kind == "call"}
        if any(value == "#" for _, value in tokens) or names & (LACKING | NEVER):
            return None
        if any("[" in value for kind, value in tokens if kind in ("ref", "name", "call", "badref")):
            return None  # another workbook
        if any(kind == "table" for kind, _ in tokens):
            text = _without_tables(run, column.sheet, column.keys[place], tokens)
        if any(value == "@" for _, value in tokens):
            text = "".join(value for _, value in tokenize(text) if value != "@")
        if mentions(text):
            text = apply(text, respell(text, Dialect.CALC).edits)
    except FormulaError:
        return None
    return text


def _without_tables(run: Run, sheet: str, key: tuple[int, int], tokens: list[tuple[str, str]]) -> str:
    """The formula with plain references in the place of structured ones.

    Raises:
        FormulaError: one that means nothing.
    """
    from xl_perf.recalc.calls import CallWriter  # noqa: PLC0415 - few workbooks have structured references there
    from xl_perf.recalc.recipe import NotAdmittedError, render  # noqa: PLC0415

    writer = CallWriter(run.book.scope, sheet, key)
    try:
        return "".join(
            render((writer.table(value),), *key, key) if kind == "table" else value for kind, value in tokens
        )
    except NotAdmittedError as error:
        raise FormulaError(error.reason) from None


def take(
    run: Run, result: Package, open_cells: Mapping[Cell, str], *, sure: bool
) -> tuple[dict[Cell, str], dict[Cell, str]]:
    """Puts LibreOffice's values into the results.

    Args:
        run: the results.
        result: LibreOffice's workbook.
        open_cells: the formulas that were left to it.
        sure: take only what is Excel's as far as is known.

    Returns:
        The formulas whose values are LibreOffice's now, with the reason why they are not the engine's; and
        those that keep their values, with the reason.

    Raises:
        RecalcError: LibreOffice did not calculate.
    """
    if [cell.value for cell in result.cells(CANARY)] != [2.0]:
        raise RecalcError("LibreOffice did not calculate the copy")
    taken: dict[Cell, str] = {}
    refused: dict[Cell, str] = {}
    sheets: dict[str, dict[tuple[int, int], CellValue]] = {}
    for cell, reason in open_cells.items():
        sheet = cell[0]
        if sheet not in sheets:
            sheets[sheet] = {(found.row, found.column): found.value for found in result.cells(sheet)}
        found = run.book.find(cell)
        if found is None:
            continue
        column, place = found
        value = sheets[sheet].get(cell[1:])
        doubt = _doubt(run, column, place, value, sure=sure)
        if doubt:
            refused[cell] = reason or doubt
            continue
        taken[cell] = reason
        run.columns[sheet][place] = _as_stored(value, column.stored[place])
        array = column.arrays.get(place)
        if array is not None:
            top, left, bottom, right = array.area
            run.extents.pop(cell, None)
            for r in range(top, bottom + 1):
                for c in range(left, right + 1):
                    run.others[sheet, r, c] = sheets[sheet].get((r, c))
    for cell, through in run.dependents(refused).items():
        if taken.pop(cell, None) is not None:
            where = f"{through[0]}!{address(*through[1:])}"
            refused[cell] = open_cells[cell] or f"depends on {where}, which keeps its value"
    return taken, refused


def _as_stored(value: CellValue, stored: CellValue) -> CellValue:
    if isinstance(stored, bool) and value in (0.0, 1.0) and not isinstance(value, str):
        return bool(value)
    return 0.0 if value is None else value


def _doubt(run: Run, column: Column, place: int, value: CellValue, *, sure: bool) -> str:
    """Why a value of LibreOffice may not be Excel's; empty where it is, as far as is known."""
    if _text(run, column, place) is None:
        return "LibreOffice does not know a function"
    if isinstance(value, CellError) and not same_value(column.stored[place], value):
        if value == CellError.NAME:
            return "LibreOffice does not know a function"
        if value == CellError.VALUE or (sure and value not in (CellError.DIV0, CellError.NA)):
            return f"LibreOffice's {value} may stand for another error"
    nodes = [node for node in parse(column.text(place).lstrip(" =")).walk() if node.kind == "call"]
    calls = [(table.plain_name(node.text), node) for node in nodes]
    searches = any(name == "LOOKUP" or is_nearest(name, node.children) for name, node in calls)
    names = {name for name, _ in calls}
    if sure and (searches or not (isinstance(value, CellError) or _is_sure(run, column, place, names))):
        return "LibreOffice may calculate it in another way than Excel"
    return ""


def _is_sure(run: Run, column: Column, place: int, names: set[str]) -> bool:
    """True for a formula that LibreOffice calculates as Excel does, as far as is known."""
    if names & OWN_WAY:
        return False
    if names & COUNTING:
        for sheet, (top, left, bottom, right) in areas(run, column, place):
            if any(top <= r <= bottom and left <= c <= right for r, c in run.truths(sheet)):
                return False
    return True
