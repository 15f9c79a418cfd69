"""Which sheets of a workbook somebody closed with a password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.package.workbook import Package

_PASSWORD = re.compile(rb"<(?:\w+:)?sheetProtection\b[^>]*\s(?:password|hashValue)=")


def closed_sheets(package: Package) -> frozenset[str]:
    """Names of the sheets that somebody protected with a password; the template's own protection has none."""
    return frozenset(
        info.name
        for info in package.sheets
        if info.kind == "worksheet" and _PASSWORD.search(package.read(info.part))
    )


def refuse_closed(package: Package, sheets: Iterable[str]) -> None:
    """Refuses to write on sheets that somebody protected with a password.

    Raises:
        WorkbookError: names the sheets.
    """
    closed = sorted(closed_sheets(package).intersection(sheets))
    if closed:
        raise WorkbookError(
            f"sheets are protected with a password: {', '.join(closed)}",
            where=package.where,
            remedy="take the protection away in the spreadsheet program, or ask whoever set it",
        )
