"""Reading the formulas of a workbook: which of them go in columns, and how the others are calculated."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from xl_perf.package.shapes import SHAPES
from xl_perf.recalc.formula import parse_reference
from xl_perf.recalc.formulas import Job, Model, Plain
from xl_perf.recalc.lower import Lowering, lower
from xl_perf.recalc.recipe import Recipe
from xl_perf.recalc.scope import Scope, spelled
from xl_perf.recalc.shared import SHARED, spelled_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.package import Package
    from xl_perf.package.model import Cell, Formula
    from xl_perf.package.sheetscan import SheetScan

_SCRATCH_CELLS: Final = 256
"""Largest legacy array that is calculated on a sheet of its own, so that it fills its range as Excel does."""
_SCRATCH_STRIDE: Final = 256
_SCRATCH_PER_SHEET: Final = 64


def _hidden_rows(package: Package) -> bool:
    pattern = re.compile(rb"<(?:\w+:)?row\b[^>]*\s(?:hidden|zeroHeight)=[\"'](?:1|true)")
    return any(
        pattern.search(package.read(info.part)) is not None
        for info in package.sheets
        if info.kind == "worksheet"
    )


def read_model(package: Package, functions: Mapping[str, str]) -> Model:
    """Reads and lowers all formulas of a workbook.

    Args:
        package: the workbook.
        functions: our functions, canonical name -> shape.
    """
    sheets = [info.name for info in package.sheets]
    scope = Scope.of(sheets, package.defined_names, package.tables, functions)
    scope.has_hidden_rows = cache(lambda: _hidden_rows(package))
    for info in package.sheets:
        scope.last_rows[info.name] = package.last_row(info.name) if info.kind in WITH_CELLS else 0
    model = Model(package, scope, Lowering(scope))
    for info in package.sheets:
        scan = package.scan(info.name) if info.kind == "worksheet" else None
        if scan is not None:
            _read_scan(model, info.name, scan)
        elif info.kind == "worksheet":
            _read_sheet(model, info.name, package.formula_cells(info.name))
        elif info.kind in WITH_CELLS:
            for cell in package.formula_cells(info.name):
                model.singles.append(_kept(info.name, cell, "cell of a macro or dialog sheet"))
    _collect_spellings(model)
    return model


WITH_CELLS: Final = frozenset(("worksheet", "macrosheet", "dialogsheet"))


def _kept(sheet: str, cell: Cell, reason: str) -> Job:
    home = (cell.row, cell.column)
    area = _area(cell.formula) if cell.formula is not None else None
    return Job(
        sheet,
        *home,
        cell.value,
        Recipe(reason=reason),
        plain=False,
        text="",
        home=home,
        area=area,
        reason=reason,
    )


def _area(formula: Formula) -> tuple[int, int, int, int] | None:
    if formula.kind == "shared" or formula.ref is None:
        return None
    ref = parse_reference(formula.ref)
    return None if ref is None else (ref.row1, ref.col1, ref.row2, ref.col2)


def _read_scan(model: Model, sheet: str, scan: SheetScan) -> None:
    """Reads the formulas of a sheet that is known in columns; those of one shape have one recipe."""
    shapes = scan.shapes
    groups: list[dict[int, str]] = []
    spelled: dict[int, str] = {}
    sharing = {shape for shape in set(shapes) if SHARED in shape[: shape.index(b">")]}
    if sharing:
        groups = spelled_out(scan, [place for place, shape in enumerate(shapes) if shape in sharing])
        spelled = {place: text for group in groups for place, text in group.items()}
        shapes = shapes.copy()
        for place, text in spelled.items():
            shapes[place] = SHAPES[text.encode("utf-8", "surrogatepass")]
    known: dict[bytes, Recipe | None] = {}
    for shape, place in dict(zip(shapes, range(len(shapes)), strict=True)).items():
        written = spelled.get(place)
        known[shape] = None
        if written is None:
            formula = scan.formula(place)
            written = formula.text if formula.kind == "normal" else ""
        if written:
            recipe, plain = model.lowering.recipe(written, sheet, scan.keys[place], array=False)
            known[shape] = recipe if plain and not recipe.reason else None
    recipes = list(map(known.__getitem__, shapes))
    for place in scan.escaped:
        recipes[place] = None
    if None in known.values() or scan.escaped:
        for group in groups:  # the cells of a shared formula stay together
            if any(recipes[place] is None for place in group):
                for place in group:
                    recipes[place] = None
        others = [place for place, recipe in enumerate(recipes) if recipe is None]
        places: Sequence[int] = [place for place, recipe in enumerate(recipes) if recipe is not None]
        _read_sheet(model, sheet, [scan.cell(place) for place in others])
    else:
        places = range(len(scan))
    if places:
        model.plain[sheet] = Plain(sheet, scan, recipes, places, spelled)


def _read_sheet(model: Model, sheet: str, cells: list[Cell]) -> None:
    masters: dict[int, tuple[Cell, Recipe, bool]] = {}
    shared: list[Cell] = []
    recipe_of = model.lowering.recipe
    for cell in cells:
        formula = cell.formula
        if formula is None or is_empty(formula):
            continue
        key = (cell.row, cell.column)
        if formula.kind == "normal":
            recipe, plain = recipe_of(formula.text, sheet, key, array=False)
            model.singles.append(
                Job(sheet, *key, cell.value, recipe, plain, formula.text, key, reason=recipe.reason)
            )
        elif formula.kind == "shared":
            shared.append(cell)
            if formula.text and formula.shared is not None:
                masters.setdefault(formula.shared, (cell, *_master(model, sheet, cell)))
        elif formula.kind == "array":
            model.singles.append(_array_job(model, sheet, cell))
        else:
            model.singles.append(_kept(sheet, cell, "data table (what-if analysis)"))
    for cell in shared:
        model.singles.append(_shared_job(model, sheet, cell, masters))


def is_empty(formula: Formula) -> bool:
    """True for the formula element without text that Excel leaves in the cells of an array's range."""
    return formula.kind == "normal" and not formula.text


def _master(model: Model, sheet: str, cell: Cell) -> tuple[Recipe, bool]:
    assert cell.formula is not None
    recipe = lower(cell.formula.text, model.scope, sheet, (cell.row, cell.column), array=False)
    return recipe, recipe.plain


def _shared_job(
    model: Model, sheet: str, cell: Cell, masters: Mapping[int, tuple[Cell, Recipe, bool]]
) -> Job:
    formula = cell.formula
    assert formula is not None
    key = (cell.row, cell.column)
    found = masters.get(formula.shared) if formula.shared is not None else None
    if found is None or (formula.text and found[0].formula is not formula):
        if not formula.text:
            return _kept(sheet, cell, "shared formula without its first cell")
        recipe, plain = model.lowering.recipe(formula.text, sheet, key, array=False)
        return Job(sheet, *key, cell.value, recipe, plain, formula.text, key, reason=recipe.reason)
    master, recipe, plain = found
    assert master.formula is not None
    home = (master.row, master.column)
    return Job(sheet, *key, cell.value, recipe, plain, master.formula.text, home, reason=recipe.reason)


def _array_job(model: Model, sheet: str, cell: Cell) -> Job:
    formula = cell.formula
    assert formula is not None
    key = (cell.row, cell.column)
    area = _area(formula)
    alone = area is not None and size(area) == 1 and not formula.dynamic
    recipe = lower(formula.text, model.scope, sheet, key, array=True, first=alone)
    if area is None or area[:2] != key:
        return _kept(sheet, cell, "array formula without its range")
    kind = "dynamic" if formula.dynamic else "array"
    job = Job(sheet, *key, cell.value, recipe, False, formula.text, key, kind, area, recipe.reason)
    if kind == "array" and not recipe.reason and 1 < size(area) <= _SCRATCH_CELLS:
        number, model.arrays = model.arrays, model.arrays + 1
        job.scratch = f"~{number // _SCRATCH_PER_SHEET}"
        while model.scope.sheet(job.scratch) is not None:
            job.scratch += "~"
        job.scratch_column = number % _SCRATCH_PER_SHEET * _SCRATCH_STRIDE + 1
    return job


def size(area: tuple[int, int, int, int]) -> int:
    """Number of cells of an area (first row, first column, last row, last column)."""
    return (area[2] - area[0] + 1) * (area[3] - area[1] + 1)


def _collect_spellings(model: Model) -> None:
    for recipe in model.recipes():
        for name in recipe.calls_ours:
            canonical = spelled(name, model.scope.functions)
            if canonical is not None:
                model.spellings.setdefault(name.upper(), canonical)
