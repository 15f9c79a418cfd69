"""Workbooks that commands write and nobody fills in, known by a hidden name: commands over folders pass over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xl_perf.package import Package

QUADRATURA: Final = "xl_perf_quadratura"
"""Hidden defined name of `quadratura.xlsx`."""


def is_report(package: Package) -> bool:
    """Whether a workbook is a report of ours: no official workbook, and nothing that it holds was typed."""
    return any(name.name == QUADRATURA for name in package.defined_names)
