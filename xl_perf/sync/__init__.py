"""Reloading the targets of existing workbooks from an edition of the plan.

`sync_file` does one workbook, `sync_paths` files and folders. Only the target cells, the texts that name their source
and the metadata change; then the formulas are recalculated, and the file is written once. Everything is checked before
anything is written: a workbook that does not fit the edition stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.sync.model import MetadataChange, ResultChange, SyncFileReport, SyncReport, TargetChange

if TYPE_CHECKING:
    from xl_perf.sync.files import sync_file, sync_paths

__all__ = [
    "MetadataChange",
    "ResultChange",
    "SyncFileReport",
    "SyncReport",
    "TargetChange",
    "sync_file",
    "sync_paths",
]

_LAZY = ("sync_file", "sync_paths")


def __getattr__(name: str) -> Any:
    """The functions of the package, imported when first asked for."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from xl_perf.sync import files  # noqa: PLC0415 - the report classes cost nothing without it

    return getattr(files, name)
