"""A formula as a tree. Nothing is resolved or calculated here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.formula.refs import parse_reference
from xl_perf.formula.tokens import FormulaError, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.formula.refs import Ref
    from xl_perf.formula.tokens import Token

MAX_DEPTH = 120
"""Deepest nesting that is read; Excel allows 64 levels."""

_BINARY = {
    "=": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "<>": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5,
}  # fmt: skip
_SIGN, _INTERSECT, _SPACE, _RANGE = 6, 7, 8, 9
_OPERANDS = frozenset(("ref", "call", "name", "table"))


class Node:
    """A node of a formula's tree.

    Attributes:
        kind: number, text, bool, error, constants, ref, name, table, call, binary, prefix, postfix, paren or union.
        text: the literal, name or operator.
        children: the operands or arguments; None for an argument that is left out.
        ref: the reference of a `ref`.
        sheet: prefix of a name or call: sheet, book (`[1]`) or path, without quotes and exclamation mark.
    """

    __slots__ = ("children", "kind", "ref", "sheet", "text")

    def __init__(
        self,
        kind: str,
        text: str = "",
        children: list[Node | None] | None = None,
        ref: Ref | None = None,
        sheet: str | None = None,
    ) -> None:
        self.kind = kind
        self.text = text
        self.children = [] if children is None else children
        self.ref = ref
        self.sheet = sheet

    def walk(self) -> Iterator[Node]:
        """The node and all below it."""
        yield self
        for child in self.children:
            if child is not None:
                yield from child.walk()


class _Parser:
    """Precedence climbing over tokens; a blank between two operands is the intersection operator."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    def peek(self) -> Token:
        while self.position < len(self.tokens) and self.tokens[self.position][0] == "space":
            self.position += 1
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self) -> Token:
        token = self.peek()
        self.position += 1
        return token

    def expect(self, text: str) -> None:
        kind, value = self.take()
        if kind != "op" or value != text:
            raise FormulaError(f"{text!r} expected, found {value!r}")

    def expression(self, level: int = 0) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("formula nested too deeply")
        left = self.operand()
        while True:
            kind, value = self.peek()
            spaced = self.tokens[self.position - 1][0] == "space"
            strength = _BINARY.get(value, 0) if kind == "op" else 0
            if kind == "op" and value in "%#":
                self.position += 1
                left = Node("postfix", value, [left])
            elif kind == "op" and value == ":" and level < _RANGE:
                self.position += 1
                left = Node("binary", ":", [left, self.expression(_RANGE)])
            elif strength > level:
                self.position += 1
                left = Node("binary", value, [left, self.expression(strength)])
            elif spaced and level < _SPACE and (kind in _OPERANDS or value == "("):
                left = Node("binary", " ", [left, self.expression(_SPACE)])
            else:
                self.depth -= 1
                return left

    def operand(self) -> Node:
        kind, value = self.take()
        if kind == "op" and value in "+-@":
            return Node("prefix", value, [self.expression(_INTERSECT if value == "@" else _SIGN)])
        if kind == "op" and value == "(":
            return self.parenthesis()
        if kind == "ref":
            return Node("ref", value, ref=parse_reference(value))
        if kind == "call":
            return self.call(value)
        if kind == "badref":
            return Node("error", "#REF!")
        if kind == "name":
            return _name(value)
        if kind in ("number", "text", "error", "constants", "table"):
            return Node(kind, value)
        raise FormulaError(f"operand expected, found {value!r}" if value else "formula ends too early")

    def parenthesis(self) -> Node:
        inner = self.expression()
        if self.peek() == ("op", ","):
            members: list[Node | None] = [inner]
            while self.peek() == ("op", ","):
                self.take()
                members.append(self.expression())
            inner = Node("union", "", members)
        self.expect(")")
        return Node("paren", "", [inner])

    def call(self, value: str) -> Node:
        mark = value.rfind("!")
        node = Node("call", value[mark + 1 : -1], sheet=_unquoted(value[:mark]) if mark >= 0 else None)
        if self.peek() == ("op", ")"):
            self.take()
            return node
        while True:
            kind, text = self.peek()
            node.children.append(None if kind == "op" and text in ",)" else self.expression())
            kind, text = self.take()
            if (kind, text) == ("op", ")"):
                return node
            if (kind, text) != ("op", ","):
                raise FormulaError(f"',' or ')' expected, found {text!r}")


def _name(value: str) -> Node:
    if value.upper() in ("TRUE", "FALSE"):
        return Node("bool", value.upper())
    mark = value.rfind("!")
    return Node("name", value[mark + 1 :], sheet=_unquoted(value[:mark]) if mark >= 0 else None)


def _unquoted(prefix: str) -> str:
    return prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix


def parse(text: str) -> Node:
    """Reads a formula without its leading `=` into a tree.

    Raises:
        FormulaError: not a formula, too long or nested too deeply.
    """
    parser = _Parser(tokenize(text))
    node = parser.expression()
    kind, value = parser.peek()
    if kind != "end":
        raise FormulaError(f"unexpected {value!r}")
    return node
