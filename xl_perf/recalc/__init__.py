"""Batch recalculation: the formulas of workbooks calculated without Excel, their values patched into the files.

`recalculate_package` calculates one open package and writes nothing; `recalc_file` and `recalc_paths` also write. The
engine gets a private copy made in memory (`copy`), never the user's file, and from it only values are taken. A value is
replaced only by one that can be trusted; every formula that keeps its stored value is reported with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.recalc.model import Calculation, CellNote, Change, FileReport, NewError, Options, RecalcReport

if TYPE_CHECKING:
    from xl_perf.recalc.batch import recalc_paths
    from xl_perf.recalc.calculate import recalculate_package
    from xl_perf.recalc.files import find_workbooks, recalc_file

__all__ = [
    "Calculation",
    "CellNote",
    "Change",
    "FileReport",
    "NewError",
    "Options",
    "RecalcReport",
    "find_workbooks",
    "recalc_file",
    "recalc_paths",
    "recalculate_package",
]

_LAZY = {
    "find_workbooks": "files",
    "recalc_file": "files",
    "recalc_paths": "batch",
    "recalculate_package": "calculate",
}


def __getattr__(name: str) -> Any:
    """The functions of the package, imported when first asked for."""
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    return getattr(importlib.import_module(f"{__name__}.{module}"), name)
