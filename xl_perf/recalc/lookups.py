"""Look-ups by a code: `INDEX(tbl[Valore],MATCH("X",tbl[Codice],0))` is one cell, where the codes are constants."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from xl_perf.excel.values import fold
from xl_perf.formula.spelling import builtin_name
from xl_perf.recalc.recipe import Moving

if TYPE_CHECKING:
    from xl_perf.formula.tree import Node
    from xl_perf.recalc.references import ReferenceWriter

_WILD: Final = frozenset("*?~")


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
