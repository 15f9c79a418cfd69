"""Stored values for the formulas of a workbook that has just been built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package import Package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Calculated:
    """A workbook with stored values, the number of its formulas, and the values: sheet -> (row, column) -> value."""

    data: bytes
    formulas: int
    values: Mapping[str, Mapping[tuple[int, int], object]]


def calculated(data: bytes, name: str, plan: Plan) -> Calculated:
    """The workbook with the value of every formula stored.

    Args:
        data: the workbook as built.
        name: its name, for messages.
        plan: the edition that it is built from.

    Raises:
        WorkbookError: a formula keeps no value, or gives an error; an official workbook never does.
    """
    from xl_perf.recalc import recalculate_package  # noqa: PLC0415 - loads the engine, which a comparison does not need

    package = Package(data, Path(name).name)
    result = recalculate_package(package, plan=plan)
    troubles = [f"{note.sheet}!{note.cell} ({note.reason})" for note in result.kept]
    troubles += [f"{error.sheet}!{error.cell} ({error.error})" for error in result.errors]
    if troubles:
        raise WorkbookError(
            f"{len(troubles)} formulas of the workbook could not be calculated",
            where=f"{name}, {troubles[0]}",
        )
    return Calculated(package.patch(result.changes, spill=result.spill), result.formulas, result.changes)
