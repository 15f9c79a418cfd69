"""The private calculation copy: a minimal workbook in memory that the engine reads instead of the user's file.

It holds values and rewritten formulas only: no styles, strings part, tables, names, links or macros. Cells that are not
to be calculated stand in it as the constants that the file stored.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xl_perf.recalc import functions as table
from xl_perf.recalc.formula import address, column_letters, parse_reference, quote_sheet
from xl_perf.recalc.lower import Lowering, Recipe, lower, render
from xl_perf.recalc.scope import Scope
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.package import Package
    from xl_perf.package.model import Cell, CellKey, Formula
    from xl_perf.values import CellValue

_SCRATCH_CELLS: Final = 256
"""Largest legacy array that is calculated on a sheet of its own, so that it fills its range as Excel does."""
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PRIVATE: Final = 0xF700
"""Control characters, which XML cannot hold, travel through the engine as private ones from here on."""
_LOADABLE: Final = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))


@dataclass(slots=True)
class Job:
    """A formula cell and how it is calculated."""

    sheet: str
    row: int
    column: int
    stored: CellValue
    recipe: Recipe
    plain: bool
    """The file's own text serves."""
    text: str
    home: tuple[int, int]
    kind: str = "normal"
    """normal, array (legacy, fills `area`) or dynamic (spills from its cell)."""
    area: tuple[int, int, int, int] | None = None
    reason: str = ""
    """Why it keeps its stored value; empty where it is calculated."""
    followers: bool = True
    """Cells that depend on it keep theirs too."""
    scratch: str = ""

    @property
    def key(self) -> CellKey:
        """(row, column)."""
        return self.row, self.column

    def formula(self, *, snap: bool, scope: Scope) -> str:
        """What the engine calculates, without `=`."""
        if snap:
            recipe = lower(self.text, scope, self.sheet, self.home, array=self.kind != "normal", snap=True)
            return render(recipe, self.row, self.column, self.home)
        if self.plain and self.home == (self.row, self.column):
            return self.text
        return render(self.recipe, self.row, self.column, self.home)


@dataclass(slots=True)
class Model:
    """All formulas of a workbook, ready to be calculated."""

    package: Package
    scope: Scope
    lowering: Lowering
    jobs: list[Job] = field(default_factory=list)
    spellings: dict[str, str] = field(default_factory=dict)
    """Our functions as the formulas spell them -> canonical name."""

    def by_cell(self) -> dict[tuple[str, int, int], Job]:
        """Jobs by sheet, row and column."""
        return {(job.sheet, job.row, job.column): job for job in self.jobs}


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
    scope.has_hidden_rows = lambda: _hidden_rows(package)
    model = Model(package, scope, Lowering(scope))
    for info in package.sheets:
        cells = package.cells(info.name) if info.kind in _WITH_CELLS else []
        scope.last_rows[info.name] = max((cell.row for cell in cells[-1:]), default=0)
    for info in package.sheets:
        if info.kind == "worksheet":
            _read_sheet(model, info.name, package.cells(info.name))
        elif info.kind in _WITH_CELLS:
            for cell in package.cells(info.name):
                if cell.formula is not None:
                    model.jobs.append(_kept(info.name, cell, "cell of a macro or dialog sheet"))
    _collect_spellings(model)
    return model


_WITH_CELLS: Final = frozenset(("worksheet", "macrosheet", "dialogsheet"))


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


def _read_sheet(model: Model, sheet: str, cells: list[Cell]) -> None:
    masters: dict[int, tuple[Cell, Recipe, bool]] = {}
    shared: list[Cell] = []
    recipe_of = model.lowering.recipe
    for cell in cells:
        formula = cell.formula
        if formula is None:
            continue
        key = (cell.row, cell.column)
        if formula.kind == "normal":
            recipe, plain = recipe_of(formula.text, sheet, key, array=False)
            model.jobs.append(
                Job(sheet, *key, cell.value, recipe, plain, formula.text, key, reason=recipe.reason)
            )
        elif formula.kind == "shared":
            shared.append(cell)
            if formula.text and formula.shared is not None:
                masters.setdefault(formula.shared, (cell, *_master(model, sheet, cell)))
        elif formula.kind == "array":
            model.jobs.append(_array_job(model, sheet, cell))
        else:
            model.jobs.append(_kept(sheet, cell, "data table (what-if analysis)"))
    for cell in shared:
        model.jobs.append(_shared_job(model, sheet, cell, masters))


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
    recipe = lower(formula.text, model.scope, sheet, key, array=True)
    area = _area(formula)
    if area is None or area[:2] != key:
        return _kept(sheet, cell, "array formula without its range")
    kind = "dynamic" if formula.dynamic else "array"
    job = Job(sheet, *key, cell.value, recipe, False, formula.text, key, kind, area, recipe.reason)  # noqa: FBT003
    if kind == "array" and not recipe.reason and _size(area) <= _SCRATCH_CELLS:
        job.scratch = f"~{len(model.jobs)}"
    return job


def _size(area: tuple[int, int, int, int]) -> int:
    return (area[2] - area[0] + 1) * (area[3] - area[1] + 1)


def _collect_spellings(model: Model) -> None:
    from xl_perf.recalc.scope import spelled  # noqa: PLC0415

    for recipe in {id(job.recipe): job.recipe for job in model.jobs}.values():
        for name in recipe.calls_ours:
            canonical = spelled(name, model.scope.functions)
            if canonical is not None:
                model.spellings.setdefault(name.upper(), canonical)


# -- writing ----------------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Text for an XML element; control characters become private ones that `unescape_private` turns back."""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "\r" in text:
        text = text.replace("\r", "&#13;")
    return _CONTROL.sub(lambda found: chr(_PRIVATE + (ord(found[0]) & 0xFF)), text)


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
    return f'{where} t="str"><v xml:space="preserve">{escape(value)}</v></c>'


@dataclass(slots=True)
class CopyOptions:
    """What differs from the file in one calculation.

    `overrides` are other values for cells; `frozen` are formula cells that stand as constants; `snap` are formulas whose
    last sum is cleared of rounding.
    """

    overrides: Mapping[str, Mapping[CellKey, CellValue]] = field(default_factory=dict)
    frozen: frozenset[tuple[str, int, int]] = frozenset()
    snap: frozenset[tuple[str, int, int]] = frozenset()


def write_copy(model: Model, options: CopyOptions) -> bytes:
    """The calculation copy as a stored (not deflated) .xlsx."""
    scratch: list[tuple[str, str]] = []
    by_sheet: dict[str, list[Job]] = {}
    for job in model.jobs:
        by_sheet.setdefault(job.sheet, []).append(job)
    parts: list[tuple[str, str]] = []
    for info in model.package.sheets:
        cells = model.package.cells(info.name) if info.kind in _WITH_CELLS else []
        written = _sheet_cells(model, cells, by_sheet.get(info.name, []), options, scratch, info.name)
        parts.append((info.name, _rows(written)))
    parts += scratch
    return _zip(parts)


def _sheet_cells(
    model: Model,
    cells: Iterable[Cell],
    jobs: list[Job],
    options: CopyOptions,
    scratch: list[tuple[str, str]],
    sheet: str,
) -> list[tuple[int, int, str]]:
    """(row, column, XML) of all cells of a sheet, in order."""
    overrides = dict(options.overrides.get(sheet, {}))
    children = _children(jobs)
    written: list[tuple[int, int, str]] = []
    for cell in cells:
        key = (cell.row, cell.column)
        if key in overrides or cell.formula is not None or key in children or cell.value is None:
            continue
        written.append((*key, constant(*key, cell.value)))
    formulas = {job.key for job in jobs}
    written += [(*key, constant(*key, value)) for key, value in overrides.items() if key not in formulas]
    for job in jobs:
        written += _job_cells(model, job, options, scratch)
    written.sort(key=lambda item: item[:2])
    return written


def _children(jobs: list[Job]) -> set[CellKey]:
    """Cells that hold results of array formulas, which the copy calculates anew."""
    found: set[CellKey] = set()
    for job in jobs:
        if job.area is not None and not job.reason:
            top, left, bottom, right = job.area
            found.update((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            found.discard(job.key)
    return found


def _job_cells(
    model: Model, job: Job, options: CopyOptions, scratch: list[tuple[str, str]]
) -> list[tuple[int, int, str]]:
    place = (job.sheet, job.row, job.column)
    if job.reason or place in options.frozen:
        return [(*job.key, constant(*job.key, job.stored))] if job.stored is not None else []
    snap = place in options.snap
    text = job.formula(snap=snap, scope=model.scope)
    if not job.scratch:
        return [(*job.key, f'<c r="{address(*job.key)}"><f>{escape(text)}</f></c>')]
    text = render(job.recipe, job.row, job.column, job.home, own_sheet=job.sheet)
    scratch.append((job.scratch, f'<row r="1"><c r="A1"><f>{escape(text)}</f></c></row>'))
    return _array_cells(job)


def _array_cells(job: Job) -> list[tuple[int, int, str]]:
    """The cells of a legacy array: each takes its element; a row, column or single value repeats, the rest is #N/A."""
    assert job.area is not None
    top, left, bottom, right = job.area
    anchor = f"{quote_sheet(job.scratch)}A1"
    if _size(job.area) == 1:
        return [(top, left, f'<c r="{address(top, left)}"><f>{anchor}</f></c>')]
    cells = []
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            i, j = row - top + 1, column - left + 1
            text = (
                f"IF(ISERROR(ROWS({anchor}#)),{anchor},IF(OR(AND(ROWS({anchor}#)>1,ROWS({anchor}#)<{i}),"
                f"AND(COLUMNS({anchor}#)>1,COLUMNS({anchor}#)<{j})),#N/A,"
                f"INDEX({anchor}#,IF(ROWS({anchor}#)=1,1,{i}),IF(COLUMNS({anchor}#)=1,1,{j}))))"
            )
            cells.append((row, column, f'<c r="{address(row, column)}"><f>{escape(text)}</f></c>'))
    return cells


def _rows(written: list[tuple[int, int, str]]) -> str:
    out: list[str] = []
    current = 0
    for row, _, xml in written:
        if row != current:
            if current:
                out.append("</row>")
            out.append(f'<row r="{row}">')
            current = row
        out.append(xml)
    if current:
        out.append("</row>")
    return "".join(out)


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _zip(sheets: list[tuple[str, str]]) -> bytes:
    types = [
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    ]
    relations = [f'<Relationships xmlns="{_PACKAGE}/relationships">']
    book = [f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>']
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number, (name, rows) in enumerate(sheets, start=1):
            part = f"worksheets/sheet{number}.xml"
            types.append(f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.worksheet+xml"/>')
            relations.append(f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="{part}"/>')
            quoted = escape(name).replace('"', "&quot;")
            book.append(f'<sheet name="{quoted}" sheetId="{number}" r:id="r{number}"/>')
            archive.writestr(
                f"xl/{part}", f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            )
        archive.writestr("[Content_Types].xml", _HEAD + "".join(types) + "</Types>")
        archive.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr("xl/workbook.xml", _HEAD + "".join(book) + "</sheets></workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", _HEAD + "".join(relations) + "</Relationships>")
    return buffer.getvalue()


_PRIVATE_CHARACTERS: Final = re.compile("[\uf700-\uf71f\uf7fe\uf7ff]")


def unescape_private(text: str) -> str:
    """A text from the engine with its control characters back."""

    def back(found: re.Match[str]) -> str:
        code = ord(found[0]) - _PRIVATE
        return chr(code if code < 0x20 else 0xFF00 + code)

    return _PRIVATE_CHARACTERS.sub(back, text)


def trusted_names() -> frozenset[str]:
    """Names of the built-in functions that are calculated."""
    return frozenset(table.SIGNATURES)
