"""The calculation engine: the only module that knows formualizer."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xl_perf.errors import RecalcError
from xl_perf.formula.refs import address, column_number, quote_sheet
from xl_perf.recalc.callbacks import to_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.values import CellValue

NAME: Final = "formualizer"


class UnreadableFormulaError(Exception):
    """The engine cannot read the formula of a cell of the copy; `cell` is empty where it does not say which."""

    def __init__(self, sheet: str, cell: str, message: str) -> None:
        super().__init__(message)
        self.sheet = sheet
        self.cell = cell


@cache
def version() -> str:
    """Version of the engine."""
    import formualizer as fz  # noqa: PLC0415 - heavy, and needed for calculating only

    beside = list(Path(fz.__file__).parent.parent.glob(f"{NAME}-*.dist-info"))
    if len(beside) == 1:
        return beside[0].name.removeprefix(f"{NAME}-").removesuffix(".dist-info")
    import importlib.metadata  # noqa: PLC0415 - slow to import

    return importlib.metadata.version(NAME)


class Engine:
    """A calculation copy loaded into formualizer.

    Args:
        data: the copy (`write_copy`).
        functions: spelling -> callable, from `wrapped`.
        date1904: serial numbers count from 1904.
        milliseconds: longest time for one calculation; None for no limit.
        sheets: the names of the copy's sheets, to make sure that they are the engine's.

    Raises:
        RecalcError: the engine sees other sheets.
        UnreadableFormulaError: a formula of the copy that the engine cannot read.
    """

    def __init__(
        self,
        data: bytes,
        functions: Mapping[str, Callable[..., Any]],
        *,
        date1904: bool = False,
        milliseconds: int | None = None,
        sheets: list[str] | None = None,
    ) -> None:
        import formualizer as fz  # noqa: PLC0415 - heavy, and needed for calculating only

        self._fz = fz
        config = fz.EvaluationConfig()
        config.enable_parallel = False
        config.cycle_detection = "runtime"
        config.date_system = "1904" if date1904 else "1900"
        if milliseconds is not None:
            config.max_eval_time_ms = milliseconds
        try:
            self._book = fz.Workbook.from_bytes(
                data,
                config=fz.WorkbookConfig(
                    mode=fz.WorkbookMode.Ephemeral, eval_config=config, enable_changelog=False
                ),
            )
        except Exception as error:
            found = _AT.search(str(error))
            if found:
                raise UnreadableFormulaError(found[1], found[2], found[3]) from error
            raise UnreadableFormulaError("", "", str(error)) from error
        self._sheets = sheets
        for spelling, function in functions.items():
            self._book.register_function(spelling, function, allow_override_builtin=True)
        self._book.set_temporal_egress("serial")

    def evaluate(self) -> None:
        """Calculates all formulas.

        Raises:
            RecalcError: the engine gave up (time limit), or sees other sheets than the copy has.
        """
        if self._sheets is not None and self._book.sheet_names != self._sheets:
            raise RecalcError(f"the engine sees other sheets than the copy has: {self._book.sheet_names}")
        try:
            self._book.evaluate_all()
        except KeyboardInterrupt:
            raise
        except Exception as error:
            raise RecalcError(f"the engine stopped: {error}", remedy="raise the time limit") from error

    def values(self, sheet: str, area: tuple[int, int, int, int]) -> list[list[Any]]:
        """Raw values of a range (first row, first column, last row, last column); see `from_engine`."""
        found: list[list[Any]] = self._book.sheet(sheet).get_values(self._fz.RangeAddress(sheet, *area))
        return found

    def set_formula(self, sheet: str, row: int, column: int, text: str) -> bool:
        """Exchanges a formula (without `=`); False where the engine cannot read it."""
        try:
            self._book.set_formula(sheet, row, column, f"={text}")
        except Exception:  # noqa: BLE001 - its kinds of errors are its own
            return False
        return True

    def set_value(self, sheet: str, row: int, column: int, value: CellValue) -> None:
        """Types a value into a cell; None empties it."""
        self._book.set_value(sheet, row, column, to_engine(value))

    def dependents(self, sheet: str, row: int, column: int) -> list[tuple[str, int, int]]:
        """The cells whose formulas name a cell, by itself or within a range."""
        cell = f"{quote_sheet(sheet)}{address(row, column)}"
        found = self._book.dependents(cell, max_results=_NO_LIMIT, max_work=_NO_LIMIT)
        return [_cell(dependent.cell) for dependent in found.dependents]

    def spill(self, sheet: str, cell: str) -> str | None:
        """The range that a cell spills into (`B2:D9`), None where it does not spill."""
        role = self._book.inspect_cell(f"{quote_sheet(sheet)}{cell}", include_values=False).cell.spill
        if role is None or role.extent is None:
            return None
        return str(role.extent).rpartition("!")[2]


_NO_LIMIT: Final = 2**31


def _cell(text: str) -> tuple[str, int, int]:
    """Sheet, row and column of a cell as the engine writes it."""
    sheet, _, name = text.rpartition("!")
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    letters = name.rstrip("0123456789")
    return sheet, int(name[len(letters) :]), column_number(letters)


_AT: Final = re.compile(r"Formula parse error at (.*)!([A-Z]+[0-9]+): (.*)", re.DOTALL)
