"""An official workbook with facts typed into it, for results worked by hand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xl_perf.book.file import patched
from xl_perf.contract import read_inputs
from xl_perf.package import open_package
from xl_perf.recalc import recalculate_package

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def type_facts(path: Path, facts: Mapping[tuple[str, str, str], float | None]) -> Path:
    """Types facts into a workbook, over what stands there, and recalculates it.

    Args:
        path: the workbook.
        facts: item, measure, structure -> value; None empties the cell.
    """
    package = open_package(path)
    inputs = read_inputs(package)
    places = {
        (one.item, one.measure, one.structure): each
        for each in inputs.of()
        if (one := each.identity).period == inputs.period
    }
    values = defaultdict(dict)
    for what, value in facts.items():
        values[places[what].sheet][places[what].key] = value
    calculation = recalculate_package(package, overrides=values)
    path.write_bytes(patched(package, values, calculation))
    return path
