"""The value of a piece of a formula, from the values that other cells hold.

Only what the formulas of official workbooks are made of is known; anything else is said to be unknown, and the
explanation then shows the formula without choosing a branch of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import call
from xl_perf.excel.language import ENGLISH, UnsureError
from xl_perf.excel.scalars import Scalars
from xl_perf.excel.values import FailedError, as_number, as_text, compare, mapped
from xl_perf.explain.standard import ARITHMETIC, PLAIN, UnknownError, calculated
from xl_perf.formula.spelling import builtin_name, spelled
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.explain.book import Place, Workbook
    from xl_perf.formula.tree import Node
    from xl_perf.values import CellValue

_COMPARISONS: Final = frozenset(("=", "<>", "<", ">", "<=", ">="))
_SCALARS: Final = Scalars(ENGLISH).functions
"""Functions of single values: texts, whole numbers, dates."""


class Evaluator:
    """Evaluates pieces of formulas.

    Args:
        book: the workbook.
        value: gives the value of a cell; the stored one by default.
    """

    def __init__(self, book: Workbook, value: Callable[[Place], CellValue] | None = None) -> None:
        self.book = book
        self.value = book.value if value is None else value

    def __call__(self, node: Node | None, home: Place) -> Any:
        """The value of a tree: a cell value, or rows of them for a range.

        Args:
            node: the tree; None for an argument that is left out.
            home: the cell that the formula stands in.

        Raises:
            UnknownError: it holds something that is not known here.
        """
        try:
            return self._value(node, home)
        except FailedError as failed:
            return failed.error
        except (UnsureError, OverflowError) as error:
            raise UnknownError(str(error)) from None

    def truth(self, node: Node, home: Place) -> bool:
        """Whether a condition holds.

        Raises:
            UnknownError: it cannot be told, or is an error.
        """
        value = self(node, home)
        if isinstance(value, (list, CellError, str)):
            raise UnknownError("the condition is no truth value")
        return bool(value)

    def _value(self, node: Node | None, home: Place) -> Any:
        if node is None:
            return None
        if node.kind == "number":
            return float(node.text)
        if node.kind == "text":
            return _unquoted(node.text)
        if node.kind == "bool":
            return node.text == "TRUE"
        if node.kind == "error":
            return CellError.parse(node.text) or CellError.REF
        if node.kind == "paren":
            return self._value(node.children[0], home)
        if node.kind in ("ref", "name", "table"):
            return self._range(node, home)
        if node.kind == "binary":
            return self._binary(node, home)
        if node.kind in ("prefix", "postfix"):
            return self._signed(node, home)
        if node.kind == "call":
            return self._call(node, home)
        raise UnknownError(node.kind)

    def _range(self, node: Node, home: Place) -> Any:
        area = self.book.area(node, home)
        if area is None:
            meaning = self.book.meaning(node, home)
            if meaning is None:
                raise UnknownError(node.text)
            return self._value(meaning, home)
        values = [self.value(place) for place in area.places()]
        if area.single:
            return values[0]
        width = area.column2 - area.column1 + 1
        return [values[start : start + width] for start in range(0, len(values), width)]

    def _binary(self, node: Node, home: Place) -> Any:
        operator = node.text
        left, right = (self._value(child, home) for child in node.children)
        if operator in _COMPARISONS:
            return mapped(lambda a, b: compare(operator, a, b), (left, right))
        if operator == "&":
            return mapped(lambda a, b: as_text(a, ENGLISH) + as_text(b, ENGLISH), (left, right))
        if operator not in ARITHMETIC:
            raise UnknownError(operator)
        return mapped(lambda a, b: calculated(operator, a, b), (left, right))

    def _signed(self, node: Node, home: Place) -> Any:
        value = self._value(node.children[0], home)
        if node.text == "-":
            return mapped(lambda a: -as_number(a, ENGLISH), (value,))
        if node.text == "%":
            return mapped(lambda a: as_number(a, ENGLISH) / 100, (value,))
        if node.text == "+":
            return value
        raise UnknownError(node.text)

    def _call(self, node: Node, home: Place) -> Any:
        ours = spelled(node.text, FUNCTIONS)
        if ours is not None:
            return call(FUNCTIONS[ours], [self._value(child, home) for child in node.children])
        name = builtin_name(node.text)
        if name in _LAZY:
            return _LAZY[name](self, node.children, home)
        values = [self._value(child, home) for child in node.children]
        if name in PLAIN:
            return PLAIN[name](*values)
        if name not in _SCALARS:
            raise UnknownError(name)
        return mapped(_SCALARS[name], values)


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


def _if(evaluator: Evaluator, arguments: list[Node | None], home: Place) -> Any:
    condition = evaluator._value(arguments[0], home)  # noqa: SLF001
    if isinstance(condition, CellError):
        return condition
    if isinstance(condition, (list, str)):
        raise UnknownError("IF over a range")
    if condition:
        return evaluator._value(arguments[1], home)  # noqa: SLF001
    return evaluator._value(arguments[2], home) if len(arguments) > 2 else False  # noqa: SLF001


def _choose(evaluator: Evaluator, arguments: list[Node | None], home: Place) -> Any:
    place = int(as_number(evaluator._value(arguments[0], home), ENGLISH))  # noqa: SLF001
    if not 1 <= place < len(arguments):
        return CellError.VALUE
    return evaluator._value(arguments[place], home)  # noqa: SLF001


def _iferror(evaluator: Evaluator, arguments: list[Node | None], home: Place) -> Any:
    try:
        value = evaluator._value(arguments[0], home)  # noqa: SLF001
    except FailedError as failed:
        value = failed.error
    return evaluator._value(arguments[1], home) if isinstance(value, CellError) else value  # noqa: SLF001


_LAZY: Final[dict[str, Callable[[Evaluator, list[Node | None], Place], Any]]] = {
    "IF": _if,
    "CHOOSE": _choose,
    "IFERROR": _iferror,
}
