"""Expressions of a formula written for the engine: operators (calls: `xl_perf.recalc.calls`)."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Final

from xl_perf.excel import rules
from xl_perf.recalc.nodes import gives_text, inner, is_certain_power, is_settled, literal, may_be_text
from xl_perf.recalc.recipe import Moving, NotAdmittedError
from xl_perf.recalc.references import ReferenceWriter, joined

if TYPE_CHECKING:
    from xl_perf.formula.tree import Node
    from xl_perf.recalc.recipe import Piece
    from xl_perf.recalc.references import Context

_COMPARISONS: Final = frozenset(("=", "<>", "<", ">", "<=", ">="))
SWALLOWED: Final = "swallowed "
"""Mark of a rule that is called inside a function that gives a value although an argument is an error."""
_TALL: Final = 500
"""Rows of a range from which on the engine compares it, and what it misses is looked for afterwards."""


class Writer(ReferenceWriter):
    """Writes the pieces of one formula."""

    # -- expressions ------------------------------------------------------------------------------------------

    def write(self, node: Node, context: Context) -> bool:
        """Writes a node; returns True where it stands for an array in its place."""
        kind = node.kind
        if kind == "ref":
            assert node.ref is not None
            if node.ref.last_sheet is not None:
                raise NotAdmittedError("reference through several sheets outside a list of arguments")
            return self.write_ref(Moving(self.own(node.ref), self.name_depth > 0), context)
        if kind in ("number", "text", "bool", "error"):
            self.out.append(node.text)
            return False
        if kind == "call":
            return self.write_call(node, context)
        if kind == "binary":
            return self.write_binary(node, context)
        if kind == "name":
            return self.write_name(node, context)
        if kind == "table":
            return self.write_ref(self.table(node.text), context)
        if kind == "constants":
            self.out.append(node.text)
            return True
        child = node.children[0]
        assert child is not None
        if kind == "paren":
            if child.kind == "union":
                raise NotAdmittedError("union of references outside a list of arguments")
            self.out.append("(")
            many = self.write(child, context)
            self.out.append(")")
            return many
        if kind == "prefix":
            return self.write_prefix(node.text, child, context)
        if node.text == "#":
            return self.write_spill(child, context)
        many = self.write_number(child, context)
        self.out.append("%")
        return many

    def write_prefix(self, operator: str, child: Node, context: Context) -> bool:
        """Writes a sign or an implicit intersection."""
        if operator == "@":
            cells = self.static(child)
            if cells is not None:
                self.plain = False
                return self.write_ref(cells, "V")
            self.out.append("@")
            self.write(child, "R")
            return False
        self.out.append(operator)
        return self.write_number(child, context) if operator == "-" else self.write(child, inner(context))

    def write_spill(self, child: Node, context: Context) -> bool:
        """Writes `A1#`."""
        if child.kind != "ref":
            raise NotAdmittedError("spill reference to something that is not a cell")
        self.plain = False
        self.marks.add("spills")
        cell = self.written(child, "R")
        if context == "V":
            self.out.append("@")
        self.out += ["IF(IFERROR(ROWS(", *cell, "#),0)=0,", *cell, ",", *cell, "#)"]
        return context == "A"

    def written(self, node: Node, context: Context) -> list[Piece]:
        """The pieces of a node, not yet part of the formula."""
        outer, self.out = self.out, []
        self.write(node, context)
        found, self.out = self.out, outer
        return found

    def call_rule(self, name: str, *before: Piece) -> int:
        """Writes the beginning of a call of one of Excel's rules; gives the place after it."""
        self.plain = False
        self.mark_rule(name)
        self.out += [name + "(", *before]
        return len(self.out)

    def mark_rule(self, name: str) -> None:
        """Notes that one of Excel's rules is called."""
        self.marks.add("rules")
        if self.swallowing:
            self.marks.add(SWALLOWED + name)

    def write_number(self, node: Node, context: Context) -> bool:
        """Writes a side of an operation on numbers, which a text becomes one for."""
        wanted = inner(context)
        if not (gives_text(node) or (self.careful and may_be_text(node))):
            if may_be_text(node):
                self.marks.add("coerces")
            return self.write(node, wanted)
        self.call_rule(rules.NUMBER)
        many = self.write(node, wanted)
        self.out.append(")")
        return many

    def write_binary(self, node: Node, context: Context) -> bool:
        """Writes an operation on two sides."""
        left, right = node.children
        assert left is not None
        assert right is not None
        operator = node.text
        if operator in (":", " "):
            return self.write_reference_operator(operator, left, right, context)
        if operator in _COMPARISONS:
            return self.write_comparison(operator, left, right, inner(context))
        if operator == "^" and not is_certain_power(right):
            self.call_rule(rules.POWER)
            many = self.write(left, inner(context))
            self.out.append(",")
            many = self.write(right, inner(context)) or many
            self.out.append(")")
            return many
        write = self.write_text if operator == "&" else self.write_number
        many = write(left, context)
        self.out.append(operator)
        return write(right, context) or many

    def write_comparison(self, operator: str, left: Node, right: Node, wanted: Context) -> bool:
        """Writes a comparison: with the engine's operator where it is Excel's, else by the rule."""
        if not self.careful and (
            is_settled(operator, left, right) or self.is_settled_later(left, right, wanted)
        ):
            many = self.write(left, wanted)
            self.out.append(operator)
            return self.write(right, wanted) or many
        self.call_rule(rules.COMPARE, f'"{operator}",')
        many = self.write(left, wanted)
        self.out.append(",")
        many = self.write(right, wanted) or many
        self.out.append(")")
        return many

    def is_settled_later(self, left: Node, right: Node, wanted: Context) -> bool:
        """True where the engine may compare first, and its values show whether Excel does as it does."""
        for one, other in ((left, right), (right, left)):
            number = literal(one)
            if number is not None and other.kind in ("ref", "table", "name") and wanted == "V":
                self.literals.add(number)
                return True
        sides = [self.static(side) for side in (left, right)] if wanted == "A" else []
        if any(isinstance(side, Moving) and side.ref.row2 - side.ref.row1 >= _TALL for side in sides):
            self.marks.add("tall")
            return True
        return False

    def write_text(self, node: Node, context: Context) -> bool:
        """Writes a value that becomes text: a number or truth value in the language of the file."""
        if node.kind == "text" or gives_text(node):
            return self.write(node, inner(context))
        self.call_rule(rules.TEXT)
        many = self.write(node, inner(context))
        self.out.append(")")
        return many

    def write_reference_operator(self, operator: str, left: Node, right: Node, context: Context) -> bool:
        """Writes a range between references, or an intersection, resolved where possible."""
        a, b = self.static(left), self.static(right)
        if a is not None and b is not None:
            found = joined(operator, a, b)
            if found is None:
                raise NotAdmittedError("intersection or range of references that cannot be resolved")
            self.plain = False
            return self.write_ref(found, context)
        if operator == " ":
            raise NotAdmittedError("intersection of references that are calculated")
        self.functions.add("OFFSET")  # the cells between the two are known only when it is calculated
        if context == "V":
            raise NotAdmittedError("range between calculated references")
        self.write(left, "R")
        self.out.append(":")
        self.write(right, "R")
        return context == "A"

    @abstractmethod
    def write_call(self, node: Node, context: Context) -> bool:
        """Writes a call; returns True where it gives an array in its place."""
