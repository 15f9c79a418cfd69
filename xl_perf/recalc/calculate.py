"""Calculating one workbook: copy, engine, gates. Nothing is written here."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.contract.edition import plan_of
from xl_perf.recalc.collect import Results
from xl_perf.recalc.copy import CopyOptions
from xl_perf.recalc.differing import no_formulas
from xl_perf.recalc.engine import NAME, Faults
from xl_perf.recalc.jobs import read_model
from xl_perf.recalc.judge import judge
from xl_perf.recalc.oracle import saved_by_excel, settle
from xl_perf.recalc.run import Run, admit, apply_rules, calculate_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package import Package
    from xl_perf.package.model import CellKey
    from xl_perf.plan.model import Plan
    from xl_perf.recalc.model import Calculation
    from xl_perf.values import CellValue


def our_functions() -> dict[str, str]:
    """Our functions: canonical name -> shape."""
    from xl_perf.catalog import FUNCTIONS  # noqa: PLC0415 - only when something is calculated

    return {name: str(function.shape) for name, function in FUNCTIONS.items()}


def recalculate_package(
    package: Package,
    *,
    overrides: Mapping[str, Mapping[CellKey, CellValue]] | None = None,
    milliseconds: int | None = None,
    engine: str = NAME,
    plan: Plan | None = None,
) -> Calculation:
    """Calculates all formulas of a workbook.

    What a function takes from the plan where an argument is left out comes from the edition that the workbook belongs to,
    so that a newer edition on the machine changes no result.

    Args:
        package: the workbook; it is not changed.
        overrides: other values for some cells (sheet -> (row, column) -> value), as if they had been typed in; a
            formula cell among them stands as that value. They are not part of the result's changes.
        milliseconds: longest time for one run of the engine; None for no limit.
        engine: `formualizer`, or `libreoffice` where it is installed.
        plan: the edition to calculate with; None for the one that an official workbook names, and the newest for others.

    Returns:
        The values that differ from the stored ones, and everything that a report needs.

    Raises:
        WorkbookError: the workbook cannot be read.
        PlanError: this machine does not have the edition that an official workbook names.
        RecalcError: the engine cannot load or calculate the copy, or is not installed.
    """
    if not package.holds_formulas():
        return no_formulas(package, engine)
    plan = plan or plan_of(package)
    with nullcontext() if plan is None else binding.use(plan):
        return _calculated(package, overrides, milliseconds, engine)


def _calculated(
    package: Package,
    overrides: Mapping[str, Mapping[CellKey, CellValue]] | None,
    milliseconds: int | None,
    engine: str,
) -> Calculation:
    run = Run(read_model(package, our_functions()), milliseconds, engine=engine)
    admit(run)
    overrides = {package.sheet(sheet).name: dict(cells) for sheet, cells in (overrides or {}).items()}
    typed = frozenset((sheet, *key) for sheet, cells in overrides.items() for key in cells)
    options = CopyOptions()
    results = Results({}, {}, Faults())
    if saved_by_excel(package):
        options, results = settle(run, options)
    if overrides or not run.judged:
        options = replace(options, overrides=overrides, frozen=options.frozen | typed)
        if typed and options.frozen - typed:
            run.alone.difference_update(run.graph.dependent_cells(typed))
        results = calculate_once(run, options)
        options, results = apply_rules(run, options, results)
    return judge(run, results, typed)
