"""How a step comes about, in words: the sentence of a function, or the formula with names in the place of cells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xl_perf.catalog import FUNCTIONS
from xl_perf.catalog.limits import LIMITS
from xl_perf.catalog.model import Kind, Measure
from xl_perf.catalog.numerals import number, percent
from xl_perf.cells.explain import given
from xl_perf.compute.faults import ComputeError
from xl_perf.explain.simplify import function_of
from xl_perf.explain.standard import UnknownError
from xl_perf.language import it
from xl_perf.values import CellError

if TYPE_CHECKING:
    from xl_perf.explain.book import Place, Workbook
    from xl_perf.explain.evaluate import Evaluator
    from xl_perf.explain.names import Name, Names
    from xl_perf.formula.tree import Node

_SIGNS = {"*": " x ", "/": " / ", "+": " + ", "-": " - ", "<>": " diverso da ", "&": " e "}
_LONGEST = 240
_MANY = 3
"""Terms of a sum that are named one by one."""
_OF_ALL = {
    "SUM": "somma di {0}", "COUNT": "numero di valori di {0}", "COUNTBLANK": "celle vuote di {0}",
    "MAX": "il più alto di {0}", "MIN": "il più basso di {0}", "ROWS": "righe di {0}", "COLUMNS": "colonne di {0}",
    "ABS": "valore assoluto di {0}", "OR": "uno fra {0}", "AND": "tutti fra {0}", "NA": "non disponibile",
    "INT": "parte intera di {0}", "TRIM": "{0}",
}  # fmt: skip
"""What is said of all arguments of a function of the spreadsheet together."""
_CALLS = {
    **_OF_ALL, "COUNTIF": "numero di celle con {1} in {0}", "ROUND": "{0} arrotondato a {1} decimali",
    "LEFT": "inizio di {0}", "RIGHT": "fine di {0}", "MID": "parte di {0}", "MATCH": "posto di {0} in {1}",
    "INDEX": "scelta in {0}",
}  # fmt: skip


class Words:
    """Sentences for the steps of a workbook.

    Args:
        book: the workbook.
        names: names of its cells.
        evaluate: values of pieces of formulas.
    """

    def __init__(self, book: Workbook, names: Names, evaluate: Evaluator) -> None:
        self.book = book
        self.names = names
        self.evaluate = evaluate

    def sentence(self, node: Node, home: Place, name: Name) -> str:
        """The sentence of a simplified formula.

        Args:
            node: the formula.
            home: its cell.
            name: what the cell is called: names of its row are not repeated.
        """
        ours = FUNCTIONS.get(function_of(node))
        if ours is not None:
            return self._function(ours.name, node, home)
        text = self._text(node, home, name, 0)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

    def _function(self, name: str, node: Node, home: Place) -> str:
        function = FUNCTIONS[name]
        try:
            values = [self.evaluate(child, home) for child in node.children]
        except UnknownError:
            return it(function.phrase).replace("{", "").replace("}", "")
        values += [None] * (len(function.arguments) - len(values))
        shown = [given(argument, value) for argument, value in zip(function.arguments, values, strict=True)]
        phrase = it(function.phrase)
        for item in shown:
            mark = f"{{{item.argument.name}}}"
            if mark in phrase:
                phrase = phrase.replace(mark, _argument(item.value, item.argument.unit))
        said = self._limit(name, [item.value for item in shown])
        return f"{phrase}; {said}" if said else phrase

    @staticmethod
    def _limit(name: str, values: list[Any]) -> str:
        if name not in LIMITS:
            return ""
        try:
            return LIMITS[name](*values)
        except (ComputeError, TypeError, ValueError, ZeroDivisionError):
            return ""  # an input is missing or no number, which the step itself says

    def _text(self, node: Node | None, home: Place, name: Name, level: int) -> str:
        if node is None:
            return ""
        if node.kind == "number":
            return number(float(node.text))
        if node.kind == "text":
            return f"«{node.text.strip(chr(34))}»" if node.text != '""' else it("vuoto")
        if node.kind == "ref":
            return self._reference(node, home, name)
        if node.kind == "binary":
            return self._binary(node, home, name, level)
        if node.kind in ("prefix", "postfix"):
            inner = self._text(node.children[0], home, name, 5)
            return it("meno {0}", inner) if node.text == "-" else f"{inner}{node.text}"
        if node.kind == "call":
            return self._call(node, home, name)
        if node.kind == "error":
            return CellError(node.text).italian
        return node.text

    def _reference(self, node: Node, home: Place, name: Name) -> str:
        area = self.book.area(node, home)
        if area is None:
            return it("un riferimento")
        places = list(area.places())
        first = self.names(places[0])
        if area.single:
            return first.beside(name)
        if area.row1 == area.row2 and first.row:
            return it("{0} ({1} valori)", first.row, len(places))
        return it("{0} ({1} valori)", first.column or first.row, len(places))

    def _binary(self, node: Node, home: Place, name: Name, level: int) -> str:
        own = {"*": 2, "/": 2, "+": 1, "-": 1}.get(node.text, 0)
        left, right = node.children
        text = (
            self._text(left, home, name, own)
            + it(_SIGNS.get(node.text, f" {node.text} "))
            + self._text(right, home, name, own + (node.text in ("-", "/")))
        )
        return f"({text})" if own < level else text

    def _call(self, node: Node, home: Place, name: Name) -> str:
        called = function_of(node)
        ours = FUNCTIONS.get(called)
        if ours is not None:
            return f"{it(ours.title)} ({self._function(called, node, home)})"
        if called == "IF":
            return self._condition(node, home, name)
        if called == "SUM" and len(node.children) > _MANY:
            return it("somma di {0} valori{1}", len(node.children), self._of(node, home))
        texts = [self._text(child, home, name, 0) for child in node.children]
        form = _CALLS.get(called)
        if form is None:
            return it("{0} di {1}", called, ", ".join(texts))
        return it(form, ", ".join(texts)) if called in _OF_ALL else it(form, *texts, "")

    def _of(self, node: Node, home: Place) -> str:
        """What the terms of a sum have in common: the heading of their column."""
        headings = set()
        for child in node.children:
            area = self.book.area(child, home) if child is not None and child.kind == "ref" else None
            headings.add(self.names(next(iter(area.places()))).column if area is not None else "")
        heading = headings.pop() if len(headings) == 1 else ""
        return f" ({heading})" if heading else ""

    def _condition(self, node: Node, home: Place, name: Name) -> str:
        condition, yes, no = node.children
        try:
            is_true = condition is not None and self.evaluate.truth(condition, home)
        except UnknownError:
            if isinstance(self.book.value(home), CellError):
                return ""  # the condition is an error, which the step itself says
            is_true = True
        if (branch := yes if is_true else no) is not None and branch.text == '""':
            return it("non ancora rilevato")
        said = self._text(condition, home, name, 0)
        taken = self._text(yes if is_true else no, home, name, 0)
        form = "{0} perché {1}" if is_true else "{0} perché non vale: {1}"
        return it(form, taken, said)


def _argument(value: Any, unit: Measure) -> str:
    if not isinstance(value, (int, float)) or math.isnan(value):
        return "..."
    return percent(value).replace(",00%", "%") if unit in (Measure.PERCENT, Measure.WEIGHT) else number(value)


def weighs(name: str) -> dict[int, int]:
    """Of which argument's cells an argument holds the weights: place of the weights -> place of the values."""
    arguments = FUNCTIONS[name].arguments
    ranges = [place for place, argument in enumerate(arguments) if argument.kind is Kind.RANGE]
    weights = [place for place in ranges if arguments[place].unit is Measure.WEIGHT]
    return {place: ranges[0] for place in weights if place != ranges[0]}
