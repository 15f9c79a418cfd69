"""Formulas of a file rewritten for the engine: names inlined, table references resolved, intersection made explicit.

A `Recipe` is a rewritten formula with its moving parts left open, so that one reading serves all cells of a shared
formula and all rows of a table column. A formula that cannot be trusted to the engine has a reason instead.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from xl_perf.package.shapes import SHAPES
from xl_perf.recalc.areas import areas_of
from xl_perf.recalc.calls import CallWriter
from xl_perf.recalc.formula import FormulaError, Node, parse, tokenize
from xl_perf.recalc.operands import plan
from xl_perf.recalc.recipe import NotAdmittedError, Recipe

if TYPE_CHECKING:
    from collections.abc import Hashable

    from xl_perf.recalc.areas import Area
    from xl_perf.recalc.expressions import Context
    from xl_perf.recalc.formulas import Job
    from xl_perf.recalc.operands import Planned
    from xl_perf.recalc.recipe import Piece
    from xl_perf.recalc.scope import Scope


def lower(
    text: str,
    scope: Scope,
    sheet: str,
    cell: tuple[int, int],
    *,
    array: bool,
    exact: bool = False,
    first: bool = False,
) -> Recipe:
    """Rewrites a formula for the engine.

    Args:
        text: the formula as the file holds it, without `=`.
        scope: the workbook.
        sheet: name of the formula's sheet.
        cell: row and column of the formula (for table references without a table's name).
        array: the formula is an array formula, legacy or dynamic.
        first: only the first element of its result counts.
        exact: write comparisons and texts of numbers, and a last addition or subtraction that rounding may have left
            beside 0, so that they follow Excel's rules.

    Returns:
        The recipe; its `reason` is not empty where the formula is not admitted.
    """
    writer = CallWriter(scope, sheet, cell, exact=exact)
    try:
        tree = parse(text)
        adds = tree.kind == "binary" and tree.text in "+-"
        if exact and adds:
            _write_snapped(writer, tree, array=array)
        elif writer.write(tree, "A" if array else "V") and (first or not array):
            writer.first_of(0)
    except NotAdmittedError as error:
        functions = frozenset(writer.functions)
        return Recipe(functions=functions, reason=error.reason, unknown=error.function)
    except (FormulaError, RecursionError) as error:
        return Recipe(reason=f"formula cannot be read: {error}")
    pieces = tuple(writer.out)
    still = all(isinstance(piece, str) for piece in pieces)
    return Recipe(
        pieces=pieces,
        reads=tuple(writer.reads),
        functions=frozenset(writer.functions),
        plain=writer.plain,
        ours=bool(writer.calls_ours),
        calls_ours=frozenset(writer.calls_ours),
        adds=adds,
        probes=tuple(writer.probes),
        text="".join(piece for piece in pieces if isinstance(piece, str)) if still else None,
    )


_NEGLIGIBLE: Final = "8.881784197001252E-16"
"""2^-50: a sum this small beside its terms is what rounding left of 0."""


def _write_snapped(writer: CallWriter, tree: Node, *, array: bool) -> None:
    context: Context = "A" if array else "V"
    sides: list[list[Piece]] = []
    for child in tree.children:
        assert child is not None
        outer, writer.out = writer.out, []
        writer.write(child, context)
        sides.append(writer.out)
        writer.out = outer
    left, right = sides
    writer.plain = False
    total: list[Piece] = ["((", *left, ")", tree.text, "(", *right, "))"]
    bound: list[Piece] = ["(ABS(", *left, ")+ABS(", *right, f"))*{_NEGLIGIBLE}/2"]
    writer.out += ["IF(ABS", *total, "<", *bound, ",0,", *total, ")"]


@dataclass(slots=True)
class _Known:
    """Recipes of the workbooks that have the same sheets, names and tables."""

    shapes: dict[tuple[bytes, bool], Recipe] = field(default_factory=dict)
    texts: dict[tuple[str, str, bool], Recipe] = field(default_factory=dict)
    plans: dict[tuple[Recipe, bool], Planned] = field(default_factory=dict)
    areas: dict[Recipe, tuple[Area, ...]] = field(default_factory=dict)
    recipes: set[Recipe] = field(default_factory=set)
    """All of them: what is said of a recipe is kept beside it."""


class Lowering:
    """Lowers the formulas of one workbook, reading formulas of one shape or one text only once.

    The workbooks of a batch are copies of few templates: what was read in one serves the next where both have the same
    sheets, names and tables.
    """

    _recent: ClassVar[OrderedDict[Hashable, _Known]] = OrderedDict()
    _workbooks: ClassVar[int] = 8
    """How many templates are remembered, and how many recipes of each."""
    _recipes: ClassVar[int] = 1_000

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._own = _Known()
        recent = self._recent
        mark = scope.fingerprint()
        self._shared = recent.setdefault(mark, _Known())
        recent.move_to_end(mark)
        if len(recent) > self._workbooks:
            recent.popitem(last=False)

    def recipe(self, text: str, sheet: str, cell: tuple[int, int], *, array: bool) -> tuple[Recipe, bool]:
        """The recipe of a formula, and whether the formula's own text serves as it is."""
        shape = (SHAPES[text.encode("utf-8", "surrogatepass")], array)
        known = self._shared.shapes.get(shape) or self._own.shapes.get(shape)
        if known is not None:
            return known, True
        key = (sheet, text, array)
        found = self._shared.texts.get(key) or self._own.texts.get(key)
        if found is None:
            found = lower(text, self.scope, sheet, cell, array=array)
            keep = self._place_for(found)
            keep.recipes.add(found)
            if found.plain and not found.reason:
                keep.shapes[shape] = found
                return found, True
            if "[" not in text or not _names_no_table(text):
                keep.texts[key] = found
        return found, False

    def plan(self, job: Job) -> Planned:
        """The plan of a formula's probes (`xl_perf.recalc.operands`)."""
        plans = self._beside(job.recipe).plans
        key = job.recipe, job.plain and job.home == job.key
        if key not in plans:
            plans[key] = plan(job)
        return plans[key]

    def areas(self, job: Job) -> tuple[Area, ...]:
        """The references of a formula whose own text serves (`xl_perf.recalc.areas`)."""
        areas = self._beside(job.recipe).areas
        if job.recipe not in areas:
            areas[job.recipe] = areas_of(job.text, self.scope)
        return areas[job.recipe]

    def _beside(self, recipe: Recipe) -> _Known:
        return self._shared if recipe in self._shared.recipes else self._own

    def _place_for(self, recipe: Recipe) -> _Known:
        """Where a recipe is kept: with the template, unless hidden rows decide about it or there are many."""
        shared = self._shared
        is_own = recipe.functions & _HIDDEN_ROWS or len(shared.recipes) >= self._recipes
        return self._own if is_own else shared


_HIDDEN_ROWS: Final = frozenset(("SUBTOTAL", "AGGREGATE"))
"""Functions whose admission depends on the rows of the file, not on its template alone."""


def _names_no_table(text: str) -> bool:
    """True where a reference does not name its table: it is the one that holds the cell, which the text does not tell."""
    try:
        return any(kind == "table" and token.startswith("[") for kind, token in tokenize(text))
    except FormulaError:
        return True
