"""What can be said of a formula's nodes before anything is calculated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.formula.spelling import builtin_name
from xl_perf.recalc import functions

if TYPE_CHECKING:
    from xl_perf.formula.tree import Node
    from xl_perf.recalc.references import Context


def inner(context: Context) -> Context:
    """What an operation wants of its sides."""
    return "A" if context == "A" else "V"


def literal(node: Node) -> float | None:
    """The number that a node is, None for anything else."""
    if node.kind == "prefix" and node.text in "+-" and node.children[0] is not None:
        number = literal(node.children[0])
        return None if number is None else -number if node.text == "-" else number
    return float(node.text) if node.kind == "number" else None


def gives_text(node: Node) -> bool:
    """True for what is always a text: a literal, texts joined, a function that gives one."""
    if node.kind == "paren" and node.children[0] is not None:
        return gives_text(node.children[0])
    if node.kind == "call":
        return builtin_name(node.text) in functions.TEXT_RESULT
    return node.kind == "text" or (node.kind == "binary" and node.text == "&")


def may_be_text(node: Node) -> bool:
    """True for what may be a text, as the values of the cells are: references, and calls that pass values on."""
    if node.kind == "paren" and node.children[0] is not None:
        return may_be_text(node.children[0])
    if node.kind == "call":
        return builtin_name(node.text) not in functions.NUMBER_RESULT
    return node.kind in ("ref", "name", "table", "text", "constants") or node.text in (":", " ", "#", "@")


def is_certain_power(exponent: Node) -> bool:
    """True for an exponent that is a number other than 0."""
    number = literal(exponent)
    return number is not None and number != 0


def is_settled(operator: str, left: Node, right: Node) -> bool:
    """True where the engine compares as Excel does, whatever the values."""
    for side in (left, right):
        if side.kind == "text" and side.text.isascii() and operator in ("=", "<>"):
            return True
        if side.kind in ("bool", "error"):
            return True
        if literal(side) == 0.0 and operator in ("=", "<>"):
            return True
    return all(is_whole(side) for side in (left, right))


def is_whole(node: Node) -> bool:
    """True for a whole number, for a call that gives nothing else, and for sums and differences of those."""
    number = literal(node)
    if number is not None:
        return number.is_integer()
    if node.kind == "paren" or (node.kind == "binary" and node.text in "+-"):
        return all(child is not None and is_whole(child) for child in node.children)
    return node.kind == "call" and builtin_name(node.text) in functions.WHOLE_RESULT
