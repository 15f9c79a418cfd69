"""Official workbooks between Excel's spelling and Calc's: the file is converted, not the open document cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.tables import is_official
from xl_perf.errors import PerfError, WorkbookError
from xl_perf.package.atomic import write_atomic
from xl_perf.package.workbook import open_package
from xl_perf.relink.parts import relink_package
from xl_perf.relink.spelling import Dialect

if TYPE_CHECKING:
    from pathlib import Path

    from xl_perf.relink.parts import Relinked

CALC, EXCEL = "_calc", "_excel"
SUFFIXES = (".xlsx", ".xlsm")


def for_calc(path: Path) -> Relinked | None:
    """An official workbook in Calc's spelling; None for every other file and for one that Calc calculates already.

    Args:
        path: the file that Calc has opened.
    """
    if path.suffix.lower() not in SUFFIXES:
        return None
    try:
        package = open_package(path)
        if not is_official(package):
            return None
        found = relink_package(package, Dialect.CALC)
    except (PerfError, OSError):
        return None
    return found if found.formulas else None


def for_excel(path: Path) -> Relinked:
    """A saved workbook in Excel's spelling.

    Raises:
        WorkbookError: another kind of file, or one that cannot be read.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise WorkbookError(
            "the workbook is not saved as .xlsx",
            where=str(path),
            remedy="save it as «Excel 2007-365 (.xlsx)» first",
        )
    return relink_package(open_package(path), Dialect.EXCEL)


def beside(path: Path, mark: str) -> Path:
    """Name of the converted copy: `giacenza.xlsx` becomes `giacenza_calc.xlsx`, back `giacenza_excel.xlsx`."""
    stem = path.stem
    for other in (CALC, EXCEL):
        stem = stem.removesuffix(other)
    return path.with_name(f"{stem}{mark}{path.suffix}")


def free(path: Path) -> Path:
    """The path, or the first of `name_2`, `name_3` ... that no file has."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}_{number}{path.suffix}")
    return found


def write(path: Path, converted: Relinked) -> None:
    """Writes a converted copy.

    Raises:
        WorkbookError: it cannot be written.
    """
    write_atomic(path, converted.data)
