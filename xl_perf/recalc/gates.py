"""Which results may not be taken: what the engine says of itself and errors that Excel may not have."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xl_perf.excel.language import UnsureError, text_number
from xl_perf.recalc import functions as table
from xl_perf.recalc.book import size
from xl_perf.recalc.callbacks import UNSURE, EngineMade
from xl_perf.recalc.look import error_cells
from xl_perf.recalc.recipe import Moving, moved, named_sheet
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.recalc.book import Cell, Column
    from xl_perf.recalc.recipe import Area, Recipe
    from xl_perf.recalc.run import Run

LARGEST: Final = 20_000
"""Cells of one formula's ranges that are looked through."""


def close_gates(run: Run) -> None:
    """Notes the formulas whose results are not Excel's, or may not be."""
    _engine_made(run)
    errors: dict[str, dict[tuple[int, int], object]] = {}
    for at in error_cells(run):
        errors.setdefault(at[0], {})[at[1:]] = run.value(at)
    for sheet, column in run.book.columns.items():
        values = run.columns[sheet]
        for place in [place for place, value in enumerate(values) if type(value) is CellError]:
            cell, recipe, value = (sheet, *column.keys[place]), column.recipes[place], values[place]
            assert isinstance(value, CellError)
            if cell in run.reasons or recipe.ours or (place in column.arrays and value == CellError.SPILL):
                continue
            if _explained(run, column, place, value, errors):
                continue
            reason = f"the engine gives {value} where Excel may give a value"
            if "INDIRECT" in recipe.functions:
                reason = "INDIRECT of a text that is no plain reference"
            run.reasons[cell] = reason
    _arrays(run)
    _spills(run)
    _faulty(run)


def _engine_made(run: Run) -> None:
    for sheet, values in run.columns.items():
        if EngineMade not in set(map(type, values)):
            continue
        for place, value in enumerate(values):
            if isinstance(value, EngineMade):
                cell = (sheet, *run.book.columns[sheet].keys[place])
                run.reasons.setdefault(cell, _reason(run, value))


def _reason(run: Run, value: EngineMade) -> str:
    if value.kind == "Circ":
        return "circular reference"
    if value.kind == UNSURE and run.faults.unsure:
        return min(run.faults.unsure.values())
    return f"the engine gives an error that Excel does not have ({value.kind})"


def areas(run: Run, column: Column, place: int) -> Iterator[tuple[str, Area]]:
    """The cells that a formula names: sheet, and first row, first column, last row, last column."""
    recipe = run.book.own_recipe(column, place)
    for piece in recipe.reads:
        area = moved(piece, *column.keys[place], recipe.home)
        if area is not None:
            yield named_sheet(piece) or column.sheet, area


def _explained(
    run: Run, column: Column, place: int, error: CellError, errors: dict[str, dict[tuple[int, int], object]]
) -> bool:
    """True where an error is the formula's own as Excel sees it: handed on, written in it, or a text in arithmetic."""
    recipe = column.recipes[place]
    for piece in recipe.pieces:
        if isinstance(piece, str):
            if str(error) in piece:
                return True
        elif not recipe.plain and moved(piece, *column.keys[place], recipe.home) is None:
            return True
    own = _OWN_ERRORS.get(error)
    if own is not None and (recipe.functions & own or (error == CellError.DIV0 and _divides(recipe))):
        return True
    if error == CellError.NUM and "rules" in recipe.marks and recipe.functions <= table.OWN | _HANDING_ON:
        return True
    if error == CellError.VALUE and "rules" in recipe.marks and recipe.functions <= table.OWN | _HANDING_ON:
        return True
    most = LARGEST if recipe.functions & {"SUMPRODUCT"} or place in column.arrays else 1
    for sheet, (top, left, bottom, right) in areas(run, column, place):
        inside = errors.get(sheet, {})
        if (bottom - top + 1) * (right - left + 1) < len(inside):
            keys = ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
            if any(inside.get(key) == error for key in keys):
                return True
        elif any(top <= r <= bottom and left <= c <= right and e == error for (r, c), e in inside.items()):
            return True
        if (
            error == CellError.VALUE
            and not recipe.functions & table.ARRAY_RESULT
            and (bottom - top + 1) * (right - left + 1) <= most
        ):
            cells = ((sheet, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
            if any(_is_word(run, at) for at in cells):
                return True
    return False


def _divides(recipe: Recipe) -> bool:
    return any(isinstance(piece, str) and "/" in piece for piece in recipe.pieces)


def _is_word(run: Run, cell: Cell) -> bool:
    """True for a text that no Excel takes for a number or a truth value."""
    value, language = run.value(cell), run.book.language
    if not isinstance(value, str) or isinstance(value, CellError):
        return False
    if value.upper() in ("TRUE", "FALSE", language.true, language.false):
        return False
    try:
        return text_number(value, language) is None
    except UnsureError:
        return False


def _arrays(run: Run) -> None:
    """Keeps array formulas whose result does not have the size of their range, and those of whole rows or columns."""
    for sheet, column in run.book.columns.items():
        for place, array in column.arrays.items():
            cell = (sheet, *column.keys[place])
            if cell in run.reasons:
                continue
            extent = run.extents.get(cell, array.area)
            if array.kind == "array" and extent != array.area:
                run.reasons[cell] = "array formula whose result does not have the size of its range"
            reads = column.recipes[place].reads
            whole = any(isinstance(piece, Moving) and _is_whole(piece) for piece in reads)
            if array.kind == "dynamic" and extent != array.area and whole and size(array.area) > LARGEST // 2:
                run.reasons[cell] = "array of whole rows or columns"
            if any(isinstance(run.others.get(other), EngineMade) for other in run.filled(cell)):
                run.reasons.setdefault(cell, "the engine cannot calculate all elements of the array")


def _spills(run: Run) -> None:
    """Keeps what reads `A1#` where nothing spills from A1: Excel gives #REF!, or takes an older array's range."""
    for column, place in run.book.cells({r for r in run.book.recipes() if "spills" in r.marks}):
        recipe = column.recipes[place]
        for piece, after in pairwise(recipe.pieces):
            if isinstance(piece, str) or not (isinstance(after, str) and after.startswith("#")):
                continue
            area = moved(piece, *column.keys[place], recipe.home)
            anchor = None if area is None else run.book.find((named_sheet(piece) or column.sheet, *area[:2]))
            array = None if anchor is None else anchor[0].arrays.get(anchor[1])
            if array is None or array.kind != "dynamic":
                cell = (column.sheet, *column.keys[place])
                run.reasons.setdefault(cell, "reference to a spilled range of a cell that does not spill")


def _is_whole(piece: Moving) -> bool:
    ref = piece.ref
    edges = (ref.row1 == 1 and all(ref.absolute[::2])) or (ref.col1 == 1 and all(ref.absolute[1::2]))
    return bool(ref.whole) or (edges and not ref.single)


def _faulty(run: Run) -> None:
    """Keeps the cells whose functions raised exceptions."""
    if not run.faults.by_function:
        return
    from xl_perf.catalog import FUNCTIONS  # noqa: PLC0415 - where something failed
    from xl_perf.formula.spelling import spelled  # noqa: PLC0415

    for cell, column, place in list(run.formulas()):
        for spelling in column.recipes[place].ours:
            message = run.faults.by_function.get(spelled(spelling, FUNCTIONS) or "")
            if message and run.columns[cell[0]][place] == CellError.VALUE:
                run.reasons.setdefault(cell, f"{spelling} failed: {message}")


def contradicts(run: Run, column: Column, place: int, differing: set[Cell]) -> bool:
    """True for arithmetic with numbers that clearly does not give its stored value: the file was changed since Excel.

    Only sums and products of cells that hold numbers count, which the engine and Excel calculate alike, and
    none of which is itself among the `differing` ones.
    """
    recipe, stored, value = column.recipes[place], column.stored[place], run.columns[column.sheet][place]
    if place in column.arrays or not recipe.functions <= _CERTAIN or recipe.marks - {"adds", "coerces"}:
        return False
    if type(stored) is not float or type(value) is not float or not recipe.reads:
        return False
    most = max(abs(stored), abs(value))
    if any('"' in piece or "#" in piece for piece in recipe.pieces if isinstance(piece, str)):
        return False
    for sheet, area in areas(run, column, place):
        top, left, bottom, right = area
        if (bottom - top + 1) * (right - left + 1) > LARGEST:
            return False
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                found = NOTHING if (sheet, r, c) in differing else run.value((sheet, r, c))
                if type(found) is float:
                    most = max(most, abs(found))
                elif found is not None:
                    return False
    return (
        abs(stored - value) > _CLEARLY * max(abs(stored), abs(value)) and abs(stored - value) > _NOISE * most
    )


_OWN_ERRORS: Final = {
    CellError.DIV0: table.names(
        """
        AVERAGE AVERAGEIF AVERAGEIFS MOD QUOTIENT STDEV STDEV.S VAR VAR.S CORREL SLOPE INTERCEPT RSQ PEARSON
        """
    ),
    CellError.NUM: table.names("SQRT LN LOG10 LARGE SMALL FACT"),
    CellError.NA: table.names("NA MATCH VLOOKUP HLOOKUP XLOOKUP XMATCH LOOKUP RANK RANK.EQ RANK.AVG"),
}
"""Errors that functions give of their own, as Excel does."""
_HANDING_ON: Final = table.LISTS | {"IF", "ROUND", "SUMPRODUCT", "INDEX", "ROWS", "COLUMNS"}
"""Functions that hand the error of an argument on."""
NOTHING: Final = ""
_CERTAIN: Final = frozenset(("SUM", "PRODUCT", "AVERAGE", "MIN", "MAX"))
_CLEARLY: Final = 1e-6
_NOISE: Final = 1e-9
"""Part of the numbers that a formula reads which no order of operations leaves."""
