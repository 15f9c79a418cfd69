"""Builds the tree from a cell to the inputs, targets and parameters that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import FUNCTIONS
from xl_perf.explain.book import Place, Workbook
from xl_perf.explain.evaluate import Evaluator
from xl_perf.explain.formats import Formats
from xl_perf.explain.model import ASIDE, Branch, Step
from xl_perf.explain.names import Names
from xl_perf.explain.roles import Role, Roles
from xl_perf.explain.simplify import Simplifier, function_of, single
from xl_perf.explain.standard import UnknownError
from xl_perf.explain.words import Words, weighs
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.formula.tree import Node
    from xl_perf.package.content import Content
    from xl_perf.values import CellValue

_DEEPEST = 200
"""Cells that follow one another at most: longer chains are circles."""

_SWITCHES = (1, -1, 0)
"""Numbers that workbooks let people type as words."""
_CHOSEN = frozenset((Role.INPUT, Role.SETTING))


class Explainer:
    """Explains cells of one workbook; a cell is looked at once.

    Args:
        package: the workbook.
    """

    def __init__(self, package: Content) -> None:
        self.package = package
        self.book = Workbook(package)
        self.names = Names(self.book)
        self.roles = Roles(package)
        self.formats = Formats(package)
        self.simplify = Simplifier(self.book)
        self.words = Words(self.book, self.names, self.simplify.evaluate)
        self._unlocked = package.unlocked
        self._steps: dict[Place, Step] = {}
        self._open: set[Place] = set()

    def __call__(self, place: Place) -> Step:
        """The tree of a cell."""
        found = self._steps.get(place)
        if found is None:
            found = self._steps[place] = self._step(place)
        return found

    def _step(self, place: Place) -> Step:
        at, formula, passed = self._origin(place)
        role = self._role(at, formula)
        name, origin = self.names(place), self.names(at)
        cell = self.book.cell(at)
        value = None if cell is None else cell.value
        step = Step(
            at, name, origin, value, self.formats.text(value, self._style(place)), role,
            formula if role not in ASIDE or formula is not None else None,
        )  # fmt: skip
        step.source = self.roles.source(at)
        step.alternative = role is Role.SETTING and passed
        step.overtyped = formula is not None and self._style(at) in self._unlocked
        word = self._word(at, value)
        if word is not None:
            step.shown, step.role, step.formula = word.shown, word.role, None
            return step
        if formula is None or at in self._open or len(self._open) > _DEEPEST:
            step.formula = None
            return step
        self._open.add(at)
        step.sentence = self.words.sentence(formula, at, name)
        self._grow(step, formula)
        self._open.discard(at)
        return step

    def _word(self, at: Place, value: CellValue) -> Step | None:
        """The cell whose word a formula has the number for: `più alto` for 1, `no` for 0; None for other formulas."""
        tree = self.book.formula(at) if value in _SWITCHES else None
        parts = (
            () if tree is None else [part for part in tree.walk() if part.kind in ("ref", "name", "table")]
        )
        areas = [self.book.area(part, at) for part in parts]
        places = {next(iter(area.places())) for area in areas if area is not None and area.single}
        if len(places) != 1 or not all(area is not None and area.single for area in areas):
            return None
        found = self(places.pop())
        is_word = isinstance(found.value, str) and found.value and not isinstance(found.value, CellError)
        return found if is_word and found.is_leaf and found.role in _CHOSEN else None

    def _origin(self, place: Place) -> tuple[Place, Node | None, bool]:
        """Where the value of a cell comes from, its simplified formula, and whether cells passed it on."""
        at, seen = place, {place}
        while True:
            tree = self.book.formula(at)
            formula = None if tree is None else self.simplify(tree, at)
            onward = None if formula is None else single(formula)
            if onward is None or onward in seen:
                return at, formula, at != place
            seen.add(onward)
            at = onward

    def _role(self, place: Place, formula: Node | None) -> Role:
        cell = self.book.cell(place)
        role = self.roles.role(place, is_formula=formula is not None)
        if role is not Role.CONSTANT:
            return role
        is_input = not self.book.is_calculated(place) if cell is None else cell.style in self._unlocked
        return Role.INPUT if is_input else role

    def _style(self, place: Place) -> int:
        cell = self.book.cell(place)
        return 0 if cell is None else cell.style

    # --- what a step is made of

    def _grow(self, step: Step, formula: Node) -> None:
        weights = self._weights(formula, step.place)
        needed, plain = self._arguments(formula, step.place)
        seen: set[Place] = set()
        for place in self._places(formula, step.place):
            if place in seen:
                continue
            seen.add(place)
            part = self(place)
            weight = self(weights[place]) if place in weights else None
            is_aside = (
                place in weights.values()
                or (place in plain and part.is_leaf)
                or (place not in needed and ((part.role in ASIDE and part.is_leaf) or self._is_aside(part)))
            )
            step.branches.append(Branch(place, part, weight, is_aside))
            if _is_empty(part.value) and not is_aside:
                step.blank.append(part.name)
            elif weight is not None and weight.value == 0:
                step.unused.append(part.name)

        left_out = self.simplify.passed_over.get(step.place, ())
        step.blank += [self.names(cell) for cell in left_out if _is_empty(self.book.value(cell))]
        self._tell_apart(step)

    def _tell_apart(self, step: Step) -> None:
        """Names of parts that are the same get the sheet, or the code of the row, behind the row's name."""
        same: dict[str, dict[Place, Step]] = {}
        for branch in step.shown_branches:
            same.setdefault(str(branch.step.name), {})[branch.step.place] = branch.step
        for parts in same.values():
            sheets = {place.sheet for place in parts}
            for place, part in parts.items() if len(parts) > 1 else ():
                more = place.sheet if len(sheets) == len(parts) else self.names.code(place)
                if not part.name.row.endswith(f"({more})"):
                    part.name = part.name._replace(row=f"{part.name.row} ({more})".strip())

    def _arguments(self, node: Node, home: Place) -> tuple[set[Place], set[Place]]:
        """The cells of a function's arguments: those that are always lines, those that are parameters.

        What a function cannot do without is a line, whatever it is; a number of the plan that may be left out
        is a parameter.
        """
        function = FUNCTIONS.get(function_of(node))
        needed: set[Place] = set()
        plain: set[Place] = set()
        for argument, child in zip(
            () if function is None else function.arguments, node.children, strict=False
        ):
            if child is not None and (argument.plan or not argument.optional):
                (plain if argument.plan else needed).update(self._places(child, home))
        return needed, plain - needed

    def _is_aside(self, step: Step) -> bool:
        """Whether a formula is made of parameters alone: the number of a weight in use, a direction."""
        return (
            step.formula is not None and bool(step.branches) and all(branch.aside for branch in step.branches)
        )

    def _places(self, node: Node, home: Place) -> Iterable[Place]:
        """The cells of a simplified formula in the order of reading."""
        for part in node.walk():
            if part.kind in ("ref", "name", "table"):
                area = self.book.area(part, home)
                if area is not None:
                    yield from area.places()

    def _weights(self, node: Node, home: Place) -> dict[Place, Place]:
        """Cell of a value -> cell of its weight, for functions that weigh a range by a range."""
        name = function_of(node)
        found: dict[Place, Place] = {}
        for weight, value in weighs(name).items() if name in FUNCTIONS else ():
            if max(weight, value) >= len(node.children):
                continue
            places = [list(self._places(node.children[k] or node, home)) for k in (value, weight)]
            if len(places[0]) == len(places[1]):
                found.update(zip(*places, strict=True))
        return found


def _is_empty(value: CellValue) -> bool:
    return value is None or (value == "" and not isinstance(value, CellError))


def recomputed(step: Step, explainer: Explainer) -> CellValue:
    """The value of a step from the leaves of its tree alone.

    Args:
        step: the step.
        explainer: what made it.

    Raises:
        UnknownError: a formula holds something that is not known here, or names a cell that is not in the tree.
    """
    values: dict[Place, CellValue] = {}

    def value_of(one: Step) -> CellValue:
        if one.formula is None:
            return one.value
        if one.place not in values:
            parts = {branch.cell: branch.step for branch in one.branches}

            def cell(place: Place) -> CellValue:
                if place not in parts:
                    raise UnknownError(f"{place} is not in the tree")
                return value_of(parts[place])

            found = Evaluator(explainer.book, cell)(one.formula, one.place)
            if isinstance(found, list):
                raise UnknownError("a range")
            values[one.place] = found
        return values[one.place]

    return value_of(step)
