"""Look-ups of the nearest value whose data are not sorted, or not of one kind, where engines and Excel part ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.excel.search import is_plain, is_sorted
from xl_perf.recalc.callbacks import EngineMade
from xl_perf.recalc.recipe import moved, named_sheet

if TYPE_CHECKING:
    from xl_perf.recalc.book import Cell
    from xl_perf.recalc.recipe import Area, Recipe
    from xl_perf.recalc.run import Run


def unsorted(run: Run, recipes: set[Recipe]) -> set[Cell]:
    """The cells of those look-ups among the formulas of some recipes."""
    known: dict[Any, bool] = {}
    found: set[Cell] = set()
    for column, place in run.book.cells(recipes):
        recipe, key = column.recipes[place], column.keys[place]
        for search in recipe.searches:
            area = moved(search.cells, *key, recipe.home)
            asked = named_sheet(search.cells) or column.sheet, area, search.function, search.falling
            if asked not in known:
                keys = None if area is None else _keys(run, asked[0], area, search.function)
                known[asked] = keys is not None and is_sorted(keys, falling=search.falling)
            wanted = None if search.wanted is None else moved(search.wanted, *key, recipe.home)
            if known[asked] and wanted is not None:
                assert search.wanted is not None
                cell = named_sheet(search.wanted) or column.sheet, *wanted[:2]
                if cell not in known:
                    value = run.value(cell)
                    known[cell] = not isinstance(value, EngineMade) and is_plain(value)
                doubtful = not known[cell]
            else:
                doubtful = not known[asked]
            if doubtful:
                found.add((column.sheet, *key))
    return found


def _keys(run: Run, sheet: str, area: Area, function: str) -> list[Any] | None:
    """What is looked through: the first row or column of a table, up to the last cell that the sheet uses."""
    top, left, bottom, right = area
    rows, columns = run.book.scope.used(sheet)
    if function == "HLOOKUP" or (function == "MATCH" and top == bottom):
        area = top, left, top, max(left, min(right, columns))
    elif function == "VLOOKUP" or left == right:
        area = top, left, max(top, min(bottom, rows)), left
    else:
        return None
    return [value for row in run.values(sheet, area) for value in row]
