"""Look-ups: which the engine does as Excel, and those by a code that are one cell, whose place is known beforehand."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from xl_perf.excel.search import is_plain
from xl_perf.excel.values import fold
from xl_perf.formula.spelling import builtin_name
from xl_perf.recalc import functions as table
from xl_perf.recalc.nodes import literal
from xl_perf.recalc.recipe import Moving, Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.formula.tree import Node
    from xl_perf.recalc.references import ReferenceWriter

_WILD: Final = frozenset("*?~")
_MODE: Final = {"MATCH": 2, "VLOOKUP": 3, "HLOOKUP": 3}
"""Place of the argument that says whether the same value is looked up or the nearest one."""


def is_nearest(name: str, children: Sequence[Node | None]) -> bool:
    """True for a look-up of the nearest value, as far as its text shows."""
    place = _MODE.get(name)
    if place is None or len(children) <= place:
        return place is not None
    mode = children[place]  # left out between commas it is 0
    return mode is not None and not (
        mode.kind in ("number", "bool") and mode.text.strip("0.") in ("", "FALSE")
    )


def left_to_engine(writer: ReferenceWriter, node: Node, name: str) -> Search | None:
    """A look-up of the nearest value that the engine does as Excel where the keys are sorted; None for others."""
    wanted, keys = (*node.children, None, None)[:2]
    mode = node.children[2] if name == "MATCH" and len(node.children) > 2 else None
    way = 1.0 if mode is None or mode.text == "TRUE" else literal(mode)
    cells = writer.static(keys)
    if cells is None or not way or wanted is None:
        return None
    cell = writer.static(wanted)
    if cell is None and not is_plain_node(wanted):
        return None
    if isinstance(cell, Moving):
        cell = cell._replace(intersect=True)
    return Search(name, cells, cell, falling=way < 0)


def is_plain_node(node: Node) -> bool:
    """True for what gives a number, and for a text that is none."""
    if node.kind == "paren" and node.children[0] is not None:
        return is_plain_node(node.children[0])
    if node.kind == "call":
        return builtin_name(node.text) in table.NUMBER_RESULT - {"AND", "OR", "XOR"}
    if node.kind == "text":
        return is_plain(node.text[1:-1])
    return node.kind in ("number", "prefix", "postfix") or (node.kind == "binary" and node.text in "+-*/^")


def looked_up(writer: ReferenceWriter, node: Node) -> Moving | None:
    """The one cell that an INDEX by a code is; None where that is not known beforehand."""
    if len(node.children) != 2:
        return None
    cells, match = node.children
    if (
        match is None
        or match.kind != "call"
        or builtin_name(match.text) != "MATCH"
        or len(match.children) != 3
    ):
        return None
    code, keys, mode = match.children
    if code is None or code.kind != "text" or mode is None or mode.text not in ("0", "FALSE"):
        return None
    text = code.text[1:-1].replace('""', '"')
    if not text or not _WILD.isdisjoint(text):
        return None
    among, inside = writer.static(keys), writer.static(cells)
    if not (isinstance(among, Moving) and isinstance(inside, Moving)) or not (
        _is_fixed(among) and _is_fixed(inside)
    ):
        return None
    where, ref = among.ref, inside.ref
    texts = writer.scope.codes(where.sheet or writer.sheet, where.col1, where.row1, where.row2)
    place = _places(texts or ()).get(fold(text))
    if place is None or ref.row1 + place > ref.row2:
        return None
    row = ref.row1 + place
    return inside._replace(ref=ref._replace(row1=row, row2=row, single=True))


@lru_cache(maxsize=256)
def _places(texts: tuple[str, ...]) -> dict[str, int]:
    """Place of the first of each text, case aside."""
    return {fold(text): place for place, text in reversed(tuple(enumerate(texts)))}


def _is_fixed(cells: Moving) -> bool:
    """True for a range of one column that is the same wherever the formula stands."""
    ref = cells.ref
    return ref.col1 == ref.col2 and all(ref.absolute) and not ref.whole
