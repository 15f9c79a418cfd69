"""The data of the plan's editions: load them, check them, find values in them.

Importing the package reads and imports nothing; each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_perf.plan.checks import CheckReport, run_checks
    from xl_perf.plan.find import find_targets
    from xl_perf.plan.library import edition_ids, load_edition, when_forgotten
    from xl_perf.plan.model import Plan
    from xl_perf.plan.reading.load import load_directory

__all__ = [
    "CheckReport",
    "Plan",
    "edition_ids",
    "find_targets",
    "load_directory",
    "load_edition",
    "run_checks",
    "when_forgotten",
]

_LATER = {
    "CheckReport": "checks",
    "Plan": "model",
    "edition_ids": "library",
    "find_targets": "find",
    "load_directory": "reading.load",
    "load_edition": "library",
    "run_checks": "checks",
    "when_forgotten": "library",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
