"""Formulas of a file rewritten for the engine, each text and each shape once.

A formula that cannot be trusted to the engine has a reason instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from xl_perf.formula.shapes import SHAPES, row_numbers
from xl_perf.formula.tokens import FormulaError
from xl_perf.recalc.calls import CallWriter
from xl_perf.recalc.memory import MEMORY
from xl_perf.recalc.recipe import NotAdmittedError, Recipe
from xl_perf.recalc.references import parsed

if TYPE_CHECKING:
    from collections.abc import Hashable

    from xl_perf.formula.scope import Scope
    from xl_perf.formula.tree import Node
    from xl_perf.package.model import CellKey
    from xl_perf.recalc.memory import Answers
    from xl_perf.recalc.recipe import Piece
    from xl_perf.recalc.references import Context


def lower(
    text: str,
    scope: Scope,
    sheet: str,
    cell: tuple[int, int],
    *,
    array: bool = False,
    first: bool = False,
    careful: bool = False,
) -> Recipe:
    """Rewrites a formula for the engine.

    Args:
        text: the formula as the file holds it; some writers leave its `=` before it.
        scope: the workbook.
        sheet: name of the formula's sheet.
        cell: row and column of the formula.
        array: the formula is an array formula, legacy or dynamic.
        first: only the first element of its result counts.
        careful: write everything by Excel's rules that may matter for some values of the cells that it reads.

    Returns:
        The recipe; its `reason` is not empty where the formula is not admitted.
    """
    return _lowered(text, scope, sheet, cell, array=array, first=first, careful=careful)[0]


def _lowered(
    text: str, scope: Scope, sheet: str, cell: tuple[int, int], *, array: bool, first: bool, careful: bool
) -> tuple[Recipe, bool]:
    """The recipe, and whether it serves this cell alone."""
    writer = CallWriter(scope, sheet, cell, careful=careful)
    reason = unknown = ""
    tree = None
    try:
        body = text.lstrip(" ").removeprefix("=")
        tree = parsed(body)
        adds = tree.kind == "binary" and tree.text in "+-"
        if adds:
            writer.marks.add("adds")
        writer.plain = body == text
        if careful and adds:
            _write_snapped(writer, tree, array=array)
        elif writer.write(tree, "A" if array else "V") and (first or not array):
            writer.first_of(0)
    except NotAdmittedError as error:
        reason, unknown = error.reason, error.function
    except (FormulaError, RecursionError) as error:
        reason = f"formula cannot be read: {error}"
    recipe = Recipe(
        pieces=() if reason else tuple(writer.out),
        reads=tuple(writer.reads) if tree is None or not reason else tuple(dict.fromkeys(writer.named(tree))),
        functions=frozenset(writer.functions),
        ours=frozenset(writer.ours),
        calls=frozenset(writer.calls),
        reason=reason,
        unknown=unknown,
        plain=writer.plain and not reason,
        local=writer.local,
        marks=frozenset(writer.marks),
        literals=frozenset(writer.literals),
        searches=tuple(writer.searches),
        reusable=not writer.by_cell,
        home=cell,
        names=scope.aliases,
    )
    return recipe, writer.by_cell


NEGLIGIBLE: Final = "8.881784197001252E-16"
"""2^-50: a sum this small beside its terms is what rounding left of 0."""


def _write_snapped(writer: CallWriter, tree: Node, *, array: bool) -> None:
    context: Context = "A" if array else "V"
    sides: list[list[Piece]] = []
    for child in tree.children:
        assert child is not None
        outer, writer.out = writer.out, []
        writer.write_number(child, context)
        sides.append(writer.out)
        writer.out = outer
    left, right = sides
    writer.plain = False
    total: list[Piece] = ["((", *left, ")", tree.text, "(", *right, "))"]
    bound: list[Piece] = ["(ABS(", *left, ")+ABS(", *right, f"))*{NEGLIGIBLE}/2"]
    writer.out += ["IF(ABS", *total, "<", *bound, ",0,", *total, ")"]


class Sheet(NamedTuple):
    """The formulas of a sheet, as the last workbook had them; `elements` are those of the copy, once it was written."""

    names: list[bytes]
    formulas: list[bytes]
    recipes: list[Recipe]
    own: set[int]
    masters: dict[int, tuple[str, CellKey]]
    elements: list[bytes]


class Lowering:
    """Lowers the formulas of one workbook, reading formulas of one shape only once.

    The workbooks of a batch are copies of few templates: what was read in one serves the next where both give the same
    answers to what was asked (`xl_perf.recalc.memory`).
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._kind = MEMORY.kind(scope)
        self._shapes: dict[bytes, Recipe] = {}
        """Of formulas whose own text serves, whatever the row."""
        self._moved: dict[Hashable, Recipe] = {}
        """Of the others, by shape and by how far each reference is from the cell."""
        self._answers: dict[int, tuple[Recipe, Answers]] = {}
        """What recipes rely on, by their identity."""

    def before(self, sheet: str, names: list[bytes], formulas: list[bytes]) -> tuple[Sheet, list[int]] | None:
        """What was read of a sheet in a workbook alike, and the places of the few formulas that differ."""
        found = MEMORY.sheet((sheet, self._kind), self.scope, names, formulas)
        return None if found is None or (found[0].masters and found[1]) else found

    def remember(self, sheet: str, known: Sheet) -> None:
        """Keeps the formulas of a sheet for the next workbook."""
        made = [self._answers[key] for key in {id(recipe) for recipe in known.recipes} & self._answers.keys()]
        answers = {asked: answer for _, each in made for asked, answer in each.items()}
        MEMORY.remember((sheet, self._kind), known, answers)

    def fresh(self, text: str, sheet: str, cell: CellKey, *, careful: bool = False) -> tuple[Recipe, bool]:
        """The recipe of the formula in a cell, made of its own text, and whether it serves this cell alone."""

        def read(scope: Scope) -> tuple[Recipe, bool]:
            return _lowered(text, scope, sheet, cell, array=False, first=False, careful=careful)

        found, answers = MEMORY.recipe((text, sheet, cell, careful, self._kind), self.scope, read)
        self._answers[id(found[0])] = found[0], answers  # kept, so that no other has its identity
        return found

    def recipe(self, text: str, sheet: str, cell: tuple[int, int], *, careful: bool = False) -> Recipe:
        """The recipe of an ordinary formula."""
        encoded = text.encode("utf-8", "surrogatepass")
        shape = SHAPES[encoded]
        known = None if careful else self._shapes.get(shape)
        if known is not None:
            return known
        key = (careful, sheet, shape, cell[1], *row_numbers(encoded, cell[0]))
        known = self._moved.get(key)
        if known is not None:
            return known
        found, by_cell = self.fresh(text, sheet, cell, careful=careful)
        if found.plain and not careful:
            self._shapes[shape] = found
        elif not by_cell:
            self._moved[key] = found
        return found
