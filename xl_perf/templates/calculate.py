"""Stored values for the formulas of a workbook that has just been built."""

from __future__ import annotations

import tempfile
from pathlib import Path

from xl_perf.errors import WorkbookError
from xl_perf.package import open_package
from xl_perf.recalc import recalculate_package


def calculated(data: bytes, name: str) -> tuple[bytes, int]:
    """The workbook with the value of every formula stored, and the number of its formulas.

    Args:
        data: the workbook as built.
        name: its name, for messages.

    Raises:
        WorkbookError: a formula keeps no value, or gives an error; an official workbook never does.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        package = open_package(path)
        result = recalculate_package(package)
    for trouble in (*result.kept, *result.errors):
        raise WorkbookError(
            "a formula of the workbook could not be calculated",
            where=f"{name}, {trouble.sheet}!{trouble.cell}",
            expected=f"a value ({trouble.reason})",
        )
    return package.patch(result.changes, spill=result.spill), result.formulas
