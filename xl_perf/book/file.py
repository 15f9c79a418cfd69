"""An official workbook as a closed file: values written into it together with what its formulas then give."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package import check_lock, exclusive, open_package, write_atomic
from xl_perf.package.protection import refuse_closed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xl_perf.book.port import Write
    from xl_perf.package import CellKey, Limits, Package
    from xl_perf.plan.model import Plan
    from xl_perf.recalc import Calculation
    from xl_perf.values import CellValue

    Values = Mapping[str, Mapping[CellKey, CellValue]]


@contextmanager
def opened(
    path: Path, out: Path | None = None, limits: Limits | None = None, *, reading: bool = False
) -> Iterator[Package]:
    """A workbook, held for this process where it will be written in place.

    Args:
        path: the workbook.
        out: file that gets the result; the workbook itself when None.
        limits: what the file may cost.
        reading: nothing will be written.

    Raises:
        WorkbookError: it cannot be read, or is open elsewhere.
    """
    if out is not None or reading:
        yield open_package(path, limits)
        return
    check_lock(path)
    with exclusive(path):
        yield open_package(path, limits)


def patched(package: Package, values: Values, calculation: Calculation) -> bytes:
    """The file with values and with what its formulas then give.

    Args:
        package: the workbook as it was read.
        values: sheet -> cell -> value.
        calculation: the workbook calculated with those values.
    """
    changes: dict[str, dict[CellKey, CellValue]] = {}
    for part in (calculation.changes, values):
        for sheet, cells in part.items():
            changes.setdefault(sheet, {}).update(cells)
    return package.patch(changes, spill=calculation.spill, insert=True, stale=calculation.old_values or None)


def write_values(package: Package, values: Values, calculation: Calculation, out: Path | None = None) -> str:
    """Writes values and the results of formulas; gives the path, empty where nothing had to be written.

    Args:
        package: the workbook as it was read.
        values: sheet -> cell -> value.
        calculation: the workbook calculated with those values.
        out: file to write; the workbook itself when None.

    Raises:
        WorkbookError: the file cannot be written, or changed since it was read.
    """
    written = (*calculation.changes.values(), *values.values(), *calculation.spill.values())
    if out is None and not any(written):
        return ""
    data = patched(package, values, calculation)
    if out is None:
        return str(write_atomic(package.path, data, expected_stat=package.stamp).path)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkbookError(f"the folder cannot be made ({error.strerror})", where=str(out.parent)) from error
    in_place = out.exists() and out.samefile(package.path)
    return str(write_atomic(out, data, expected_stat=package.stamp if in_place else None).path)


class FileBook:
    """A closed file as a book: what is written goes into the file, with what the formulas then give.

    Args:
        path: the workbook.
        plan: edition that its formulas are calculated with; the one that its metadata name when None.
        limits: what the file may cost.
    """

    def __init__(self, path: Path, plan: Plan | None = None, limits: Limits | None = None) -> None:
        self.path = path
        self.where = str(path)
        self._plan = plan
        self._limits = limits

    def read(self) -> Package:
        """What the file holds now.

        Raises:
            WorkbookError: it cannot be read.
        """
        return open_package(self.path, self._limits)

    def write(self, values: Sequence[Write], title: str) -> Package:
        """Puts values into the file and recalculates it; a file has no list of steps that shows `title`.

        Raises:
            WorkbookError: the file cannot be read or written, is open elsewhere, or one of the sheets is
                protected with a password. Nothing was changed.
            RecalcError: the formulas cannot be calculated. Nothing was changed.
        """
        from xl_perf.recalc import recalculate_package  # noqa: PLC0415 - loads the engine

        del title
        cells: dict[str, dict[CellKey, CellValue]] = {}
        for sheet, row, column, value in values:
            cells.setdefault(sheet, {})[row, column] = value
        with opened(self.path, None, self._limits) as package:
            refuse_closed(package, cells)
            write_values(package, cells, recalculate_package(package, overrides=cells, plan=self._plan))
        return self.read()
