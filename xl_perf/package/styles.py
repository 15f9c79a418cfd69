"""What the cell styles of a package say: which cells may be filled in, and how numbers are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.package.xmlpart import is_true, unescape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.xmlpart import Node

_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}


def _styles(part: Node) -> list[Node]:
    formats = part.first("cellXfs")
    return formats.all("xf") if formats else []


def unlocked(part: Node) -> frozenset[int]:
    """Numbers of the cell styles that protection leaves open; `part` is the styles part."""
    found = [style.first("protection") for style in _styles(part)]
    return frozenset(
        number for number, node in enumerate(found) if node and not is_true(node.get("locked", "1"))
    )


def number_formats(part: Node) -> Mapping[int, str]:
    """Number of each cell style -> its number format; empty for the general one."""
    declared = part.first("numFmts")
    codes = dict(_BUILT_IN)
    for node in declared.all("numFmt") if declared else ():
        codes[int(node.get("numFmtId"))] = unescape(node.get("formatCode"))
    return {
        place: codes.get(int(style.get("numFmtId") or 0), "") for place, style in enumerate(_styles(part))
    }
