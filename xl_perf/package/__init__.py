"""Workbook packages: read what a .xlsx or .xlsm holds, patch the values of its cells, replace the file atomically.

`open_package` reads and checks, `Package.cells` gives the cells, `Package.patch` the bytes of the same file with other
values, `write_atomic` puts them in its place. Standard library only; no formula is ever changed or calculated here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_perf.package.atomic import Written, write_atomic
    from xl_perf.package.intake import FileStamp
    from xl_perf.package.lock import check_lock, clean_leftovers, exclusive
    from xl_perf.package.model import (
        CalcProperties,
        Cell,
        CellKey,
        DefinedName,
        Formula,
        Limits,
        SheetInfo,
        Table,
    )
    from xl_perf.package.workbook import Package, open_package

__all__ = [
    "CalcProperties",
    "Cell",
    "CellKey",
    "DefinedName",
    "FileStamp",
    "Formula",
    "Limits",
    "Package",
    "SheetInfo",
    "Table",
    "Written",
    "check_lock",
    "clean_leftovers",
    "exclusive",
    "open_package",
    "write_atomic",
]

_HOMES = {
    "atomic": ("Written", "write_atomic"),
    "intake": ("FileStamp",),
    "lock": ("check_lock", "clean_leftovers", "exclusive"),
    "model": (
        "CalcProperties",
        "Cell",
        "CellKey",
        "DefinedName",
        "Formula",
        "Limits",
        "SheetInfo",
        "Table",
    ),
    "workbook": ("Package", "open_package"),
}
_LAZY = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """What the package offers, imported when first asked for."""
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    return found
