"""A workbook that stays in the calculation engine: asked again with other cells, it calculates only what
depends on them.
"""

from __future__ import annotations

from contextlib import nullcontext

from xl_perf.catalog import binding
from xl_perf.contract.edition import plan_of
from xl_perf.recalc import recalculate_package
from xl_perf.recalc.calculate import calculating
from xl_perf.recalc.gates import close_gates
from xl_perf.recalc.look import look_again
from xl_perf.recalc.report import Comparison


class LoadedBook:
    """What `recalculate_package` gives with other values in some cells, without loading the workbook for each question.

    Only for workbooks whose values are ours, so that everything is calculated and no cone is looked for.

    Args:
        package: the workbook.
    """

    def __init__(self, package):
        self.package = package
        self._plan = plan_of(package)
        self._state = None

    def ask(self, changes):
        """Args: changes: (sheet, (row, column)) -> value, as if it were typed in; gives the `Calculation`."""
        if self._state is None:
            self._state = calculating(self.package)
            assert self._state.cone is None
        state, run = self._state, self._state.run
        cells = {(sheet, *key): value for (sheet, key), value in changes.items()}
        if any(run.book.find(cell) is not None for cell in cells):
            return self._afresh(changes)  # a formula that was typed over is not there any more
        held = {cell: self._held(*at) for cell, at in zip(cells, changes, strict=True)}
        with nullcontext() if self._plan is None else binding.use(self._plan):
            state.typed = cells
            for cell, value in cells.items():
                run.freeze(cell, value)
            run.evaluate()
            look_again(run)
            close_gates(run)
            state._spread(run)
        if state.open:
            self._state = None
            return self._afresh(changes)
        found = Comparison(state, {}, "").calculation()
        for cell, value in held.items():
            run.freeze(cell, value)
        return found

    def _held(self, sheet, key):
        data = self.package.sheet_data(sheet)
        place = data.index.get(key)
        return None if place is None else data.cells[place].value

    def _afresh(self, changes):
        given = {}
        for (sheet, key), value in changes.items():
            given.setdefault(sheet, {})[key] = value
        return recalculate_package(self.package, overrides=given)
