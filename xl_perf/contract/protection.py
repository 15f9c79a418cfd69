"""Which sheets of a workbook somebody closed with a password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.package import Package

_PASSWORD = re.compile(rb"<(?:\w+:)?sheetProtection\b[^>]*\s(?:password|hashValue)=")


def closed_sheets(package: Package) -> frozenset[str]:
    """Names of the sheets that somebody protected with a password; the template's own protection has none."""
    return frozenset(
        info.name
        for info in package.sheets
        if info.kind == "worksheet" and _PASSWORD.search(package.read(info.part))
    )
