"""The catalogue: one entry per spreadsheet function, from which front ends, help and reference are made.

Importing it reads no plan data and imports neither numpy nor openpyxl.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from xl_perf.catalog import (
    explain,
    finance,
    individual,
    performance,
    processes,
    pyramid,
    rules,
    targets,
    territory,
)
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FUNCTIONS", "Argument", "Empty", "Function", "Kind", "Measure", "Shape"]

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            *performance.ENTRIES,
            pyramid.NEEDED,
            *processes.ENTRIES,
            *finance.ENTRIES,
            *territory.ENTRIES,
            *individual.ENTRIES,
            pyramid.PUBLIC_VALUE,
            *targets.ENTRIES,
            *rules.ENTRIES,
            *explain.ENTRIES,
        )
    }
)
"""Name -> entry, in the order of the public list."""
