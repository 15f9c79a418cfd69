"""What the cell styles of a package say: which cells may be filled in, and how numbers are shown."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xl_perf.package.xmlpart import is_true, parse_tree, unescape

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}


@lru_cache(maxsize=32)
def unlocked(raw: bytes, where: str) -> frozenset[int]:
    """Numbers of the cell styles that protection leaves open.

    Args:
        raw: the styles part.
        where: its name for messages.

    Raises:
        WorkbookError: the styles cannot be read.
    """
    formats = parse_tree(raw, where).first("cellXfs")
    found = set()
    for number, style in enumerate([] if formats is None else formats.all("xf")):
        protection = style.first("protection")
        if protection is not None and not is_true(protection.get("locked", "1")):
            found.add(number)
    return frozenset(found)


def number_formats(raw: bytes, where: str) -> Mapping[int, str]:
    """Number of each cell style -> its number format; empty for the general one.

    Args:
        raw: the styles part.
        where: its name for messages.

    Raises:
        WorkbookError: the styles cannot be read.
    """
    root = parse_tree(raw, where)
    declared = root.first("numFmts")
    codes = dict(_BUILT_IN)
    for node in declared.all("numFmt") if declared else ():
        codes[int(node.get("numFmtId"))] = unescape(node.get("formatCode"))
    styles = root.first("cellXfs")
    return {
        place: codes.get(int(style.get("numFmtId") or 0), "")
        for place, style in enumerate(styles.all("xf") if styles else ())
    }
