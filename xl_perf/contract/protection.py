"""Which cells of a workbook may be filled in: those whose style is not locked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from xl_perf.package.xmlpart import is_true, parse_tree

if TYPE_CHECKING:
    from xl_perf.package import Package

_PASSWORD = re.compile(rb"<(?:\w+:)?sheetProtection\b[^>]*\s(?:password|hashValue)=")


def unlocked_styles(package: Package) -> frozenset[int]:
    """Numbers of the cell styles that protection leaves open.

    Raises:
        WorkbookError: the styles cannot be read.
    """
    part = next((name for name in package.parts if name.lower().endswith("/styles.xml")), None)
    return frozenset() if part is None else _unlocked(package.read(part), f"{package.where}, {part}")


def closed_sheets(package: Package) -> frozenset[str]:
    """Names of the sheets that somebody protected with a password; the template's own protection has none."""
    return frozenset(
        info.name
        for info in package.sheets
        if info.kind == "worksheet" and _PASSWORD.search(package.read(info.part))
    )


@lru_cache(maxsize=32)
def _unlocked(raw: bytes, where: str) -> frozenset[int]:
    formats = parse_tree(raw, where).first("cellXfs")
    found = set()
    for number, style in enumerate([] if formats is None else formats.all("xf")):
        protection = style.first("protection")
        if protection is not None and not is_true(protection.get("locked", "1")):
            found.add(number)
    return frozenset(found)
