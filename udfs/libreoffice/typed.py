"""What users type: whole columns handed to a function are left to `XLPERF.USATO`, as one step with the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import unohelper  # type: ignore[import-not-found]  # part of LibreOffice
from com.sun.star.awt import XCallback  # type: ignore[import-not-found]
from com.sun.star.util import XChangesListener  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMULAS = 7  # com.sun.star.sheet.FormulaResult: VALUE, STRING and ERROR
_OURS = "XLPERF."


class Typed(unohelper.Base, XChangesListener):  # type: ignore[misc]
    """Hears of cells that a user enters or pastes; macros and other components are not heard of.

    Args:
        context: UNO's component context.
        document: the workbook.
    """

    def __init__(self, context: Any, document: Any) -> None:
        self._context = context
        self._document = document

    def changesOccurred(self, event: Any) -> None:
        """Notes formulas of ours; they are changed once Calc is done with the entry."""
        areas = [one.ReplacedElement for one in event.Changes if one.Accessor == "cell-change"]
        found = [cell for area in areas if area is not None for cell in _slow(area)]
        if found:
            later = self._context.ServiceManager.createInstanceWithContext(
                "com.sun.star.awt.AsyncCallback", self._context
            )
            later.addCallback(_Quicken(self._document, found), None)

    def disposing(self, _event: Any) -> None:
        """The workbook is closed."""
        self._document = None


class _Quicken(unohelper.Base, XCallback):  # type: ignore[misc]
    def __init__(self, document: Any, cells: list[tuple[Any, str, str]]) -> None:
        self._document = document
        self._cells = cells

    def notify(self, _data: Any) -> None:
        """Enters the quicker formulas; undone together with what the user did last."""
        undo = self._document.UndoManager
        if not undo.isUndoPossible():
            return
        undo.enterHiddenUndoContext()
        try:
            for cell, before, after in self._cells:
                if cell.getFormula() == before:
                    cell.setFormula(after)
        finally:
            undo.leaveUndoContext()


def _slow(area: Any) -> Iterator[tuple[Any, str, str]]:
    """The cells of an area whose formula has a quicker form: cell, formula, quicker one."""
    for part in area.queryFormulaCells(_FORMULAS):
        for row, formulas in enumerate(part.getFormulaArray()):
            for column, formula in enumerate(formulas):
                if _OURS not in formula or formula.startswith("{"):
                    continue
                from xl_perf_calc.entered import quicker  # type: ignore[import-not-found]  # noqa: PLC0415

                after = quicker(formula)
                if after != formula:
                    yield part.getCellByPosition(column, row), formula, after
