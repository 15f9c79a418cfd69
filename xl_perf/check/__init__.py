"""Official workbooks compared with the template that their metadata name: what somebody overtyped, changed or deleted.

`check_paths` builds the template of the edition, structure and quarter in memory and holds every cell against it. A
user's own sheets and notes, sorted rows, rows below tables and formulas in another program's spelling are no findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.check.model import CheckReport, FileReport, Finding, Kind

if TYPE_CHECKING:
    from xl_perf.check.files import check_file, check_paths

__all__ = ["CheckReport", "FileReport", "Finding", "Kind", "check_file", "check_paths"]

_LAZY = ("check_file", "check_paths")


def __getattr__(name: str) -> Any:
    """The functions of the package, imported when first asked for."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from xl_perf.check import files  # noqa: PLC0415 - the report classes cost nothing without it

    return getattr(files, name)
