"""A formula as far as it counts in one cell: the branch that is taken, the cells that are picked, no guards.

The result is a tree again, of numbers, texts, references with their sheet, operators and calls; it gives the
same value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.catalog import FUNCTIONS
from xl_perf.excel.values import flat
from xl_perf.explain.book import Area, Place
from xl_perf.explain.evaluate import Evaluator
from xl_perf.explain.standard import UnknownError, criteria
from xl_perf.formula.refs import Ref
from xl_perf.formula.spelling import builtin_name, spelled
from xl_perf.formula.tree import Node
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.explain.book import Workbook

_MASKS = frozenset(("=", "<>", "<", ">", "<=", ">="))
_CONSTANTS = frozenset(("number", "text", "bool", "error"))
_ALL = (True, True, True, True)


def reference(area: Area) -> Node:
    """A reference to a range as a tree."""
    single = area.single
    ref = Ref(area.row1, area.column1, area.row2, area.column2, _ALL, single=single, sheet=area.sheet)
    return Node("ref", "", ref=ref)


def function_of(node: Node) -> str:
    """Our function that a call means, or the built-in one; empty for what is no call."""
    if node.kind != "call":
        return ""
    return spelled(node.text, FUNCTIONS) or builtin_name(node.text)


def number(value: float) -> Node:
    """A number as a tree."""
    return Node("number", repr(value))


class Simplifier:
    """Simplifies formulas by the values that the cells hold.

    Args:
        book: the workbook.

    Attributes:
        passed_over: cell of a formula -> the empty cells because of which it passes over their rows.
    """

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.evaluate = Evaluator(book)
        self.passed_over: dict[Place, dict[Place, None]] = {}

    def __call__(self, node: Node, home: Place) -> Node:
        """The formula without what does not count.

        Args:
            node: tree of a formula.
            home: its cell.
        """
        if node.kind == "paren":
            inner = node.children[0]
            return node if inner is None else self(inner, home)
        if node.kind in ("ref", "name", "table"):
            area = self.book.area(node, home)
            meaning = self.book.meaning(node, home) if area is None else None
            if meaning is not None:
                return self(meaning, home)
            return node if area is None else reference(area)
        if node.kind == "prefix" and node.text == "+":
            return self._child(node, 0, home)
        if node.kind == "call":
            return self._call(node, home)
        if node.kind == "binary":
            return self._binary(node, home)
        return self._rebuilt(node, home)

    def _child(self, node: Node, place: int, home: Place) -> Node:
        child = node.children[place] if place < len(node.children) else None
        return Node("text", '""') if child is None else self(child, home)

    def _rebuilt(self, node: Node, home: Place) -> Node:
        children = [None if child is None else self(child, home) for child in node.children]
        return Node(node.kind, node.text, children, node.ref, node.sheet)

    def _call(self, node: Node, home: Place) -> Node:
        name = function_of(node)
        try:
            if name == "IF":
                return self._branch(node, home)
            if name == "IFERROR":
                return self._child(
                    node, int(isinstance(self.evaluate(node.children[0], home), CellError)), home
                )
            if name == "CHOOSE":
                return self._child(node, int(float(self.evaluate(node.children[0], home))), home)
            if name == "INDEX":
                return self._index(node, home)
            if name in ("SUMIFS", "SUMPRODUCT"):
                return self._picked(name, node, home)
        except (UnknownError, TypeError, ValueError):
            return self._rebuilt(node, home)
        return self._rebuilt(node, home)

    def _branch(self, node: Node, home: Place) -> Node:
        """The branch that is taken; with its condition where the branch is a constant, which says nothing alone."""
        condition = node.children[0] or node
        is_true = self.evaluate.truth(condition, home)
        taken = self._child(node, 1 if is_true else 2, home)
        if not is_true and len(node.children) < 3:
            taken = Node("bool", "FALSE")
        if taken.kind not in _CONSTANTS:
            return taken
        other = Node("text", '""')
        branches: list[Node | None] = [taken, other] if is_true else [other, taken]
        return Node("call", "IF", [self(condition, home), *branches])

    def _index(self, node: Node, home: Place) -> Node:
        area = self.book.area(node.children[0], home) if node.children[0] else None
        numbers = [int(float(self.evaluate(child, home))) for child in node.children[1:]]
        if area is None or min(numbers, default=-1) < 0:
            return self._rebuilt(node, home)
        row, column = (numbers[0], 1) if len(numbers) == 1 else (numbers[0], numbers[1])
        if area.row1 == area.row2 and len(numbers) == 1:
            row, column = 1, numbers[0]
        top, bottom = (area.row1 + row - 1,) * 2 if row else (area.row1, area.row2)
        left, right = (area.column1 + column - 1,) * 2 if column else (area.column1, area.column2)
        if bottom > area.row2 or right > area.column2:
            return self._rebuilt(node, home)
        return reference(Area(area.sheet, top, left, bottom, right))

    def _binary(self, node: Node, home: Place) -> Node:
        made = self._rebuilt(node, home)
        left, right = made.children
        if left is None or right is None:
            return made
        if node.text == "*":
            if _is(right, 1) and not _is_mask(left):
                return left
            if _is(left, 1) and not _is_mask(right):
                return right
            if _is(left, 0) or _is(right, 0):
                return number(0.0)
        if node.text in ("+", "-") and _is(right, 0):
            return left
        if node.text == "+" and _is(left, 0):
            return right
        return made

    # --- ranges of which only some cells count

    def _picked(self, name: str, node: Node, home: Place) -> Node:
        """A sum with conditions as the sum of the cells that meet them."""
        if name == "SUMPRODUCT":
            factors = [f for child in node.children if child is not None for f in _factors(child)]
        else:
            factors = []
        if name == "SUMIFS":
            pairs = node.children[1:]
            met = criteria(
                [
                    (self.evaluate(area, home), self.evaluate(wanted, home))
                    for area, wanted in zip(pairs[::2], pairs[1::2], strict=True)
                ]
            )
            return _sum([_cells(self._area(node.children[0], home))], met)
        masks = [factor for factor in factors if _is_mask(factor)]
        values = [factor for factor in factors if not _is_mask(factor) and not _is(factor, 1)]
        if not values:
            raise UnknownError("a number of rows")
        areas = [_cells(self._area(factor, home)) for factor in values]
        columns = [[bool(value) for value in flat([self.evaluate(mask, home)])] for mask in masks]
        size = max([*map(len, areas), *(len(column) for column in columns)])
        met = [all(column[k] if len(column) > 1 else column[0] for column in columns) for k in range(size)]
        if any(len(area) != size for area in areas) or any(
            len(column) not in (1, size) for column in columns
        ):
            raise UnknownError("SUMPRODUCT of ranges of several sizes")
        self._note_blank(masks, columns, home)
        return _sum(areas, met)

    def _note_blank(self, masks: list[Node], columns: list[list[bool]], home: Place) -> None:
        """Keeps the empty cells because of which a sum passes over their rows, so that they can be named."""
        guards = [self._guarded(mask, home) for mask in masks]
        for guard, column in zip(guards, columns, strict=True):
            for place, cell in enumerate(guard if len(guard) == len(column) else ()):
                others = (
                    c[place if len(c) > 1 else 0] for c, g in zip(columns, guards, strict=True) if not g
                )
                if not column[place] and all(others):
                    self.passed_over.setdefault(home, {})[cell] = None

    def _guarded(self, mask: Node, home: Place) -> list[Place]:
        """The cells that a condition only asks whether they are filled; none for other conditions."""
        left, right = mask.children
        if mask.text != "<>" or left is None or right is None or right.text != '""':
            return []
        area = self.book.area(_bare(left), home)
        return [] if area is None else _cells(area)

    def _area(self, node: Node | None, home: Place) -> Area:
        area = None if node is None else self.book.area(_bare(node), home)
        if area is None:
            raise UnknownError("no range")
        return area


def _bare(node: Node) -> Node:
    while node.kind == "paren" and node.children[0] is not None:
        node = node.children[0]
    return node


def _factors(node: Node) -> Iterable[Node]:
    node = _bare(node)
    if node.kind == "binary" and node.text == "*":
        for child in node.children:
            if child is not None:
                yield from _factors(child)
    else:
        yield node


def _is_mask(node: Node) -> bool:
    return node.kind == "binary" and node.text in _MASKS


def _is(node: Node, wanted: float) -> bool:
    return node.kind == "number" and float(node.text) == wanted


def _cells(area: Area) -> list[Place]:
    return list(area.places())


def _sum(areas: list[list[Place]], met: list[bool]) -> Node:
    """Sum over the places that meet the conditions: of cells, or of products of cells."""
    places = [place for place, is_met in enumerate(met) if is_met]
    if not places:
        return number(0.0)
    terms: list[Node | None] = []
    for place in places:
        term: Any = None
        for cells in areas:
            at = cells[place]
            ref = reference(Area(at.sheet, at.row, at.column, at.row, at.column))
            term = ref if term is None else Node("binary", "*", [term, ref])
        terms.append(term)
    return Node("call", "SUM", terms)


def single(node: Node) -> Place | None:
    """The cell that a simplified formula only passes on, or None."""
    if node.kind == "ref" and node.ref is not None and node.ref.single and node.ref.sheet is not None:
        return Place(node.ref.sheet, node.ref.row1, node.ref.col1)
    if (
        node.kind == "call"
        and node.text == "SUM"
        and len(node.children) == 1
        and node.children[0] is not None
    ):
        return single(node.children[0])
    return None
