"""The score of a target that is reached, as a workbook and its edition have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import FUNCTIONS, binding
from xl_perf.cells import call
from xl_perf.contract.model import name_of
from xl_perf.contract.tables import read_metadata
from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from xl_perf.explain.tree import Explainer

GOAL = "punteggio_obiettivo"
"""Role of the parameter in the data of each workbook."""
_SCORE = "PERF_SCORE"


def goal_of(explainer: Explainer) -> float:
    """The score of a target that is reached: the number in use in the workbook, else the edition's.

    A workbook that is no official one has the score that `PERF_SCORE` gives for a target.

    Args:
        explainer: the explanation of the workbook.
    """
    plan = explainer.roles.plan or binding.edition()
    try:
        code = plan.model(read_metadata(explainer.package).text("modello")).role(GOAL)
    except PerfError:
        return float(call(FUNCTIONS[_SCORE], [1.0, 1.0]))
    try:
        value = explainer.book.value(explainer.book.find(name_of(code)))
    except PerfError:
        value = None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return plan.parameter(code)
