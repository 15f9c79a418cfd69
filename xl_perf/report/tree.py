"""The scores of a workbook as a page shows them, from the tree of its explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.explain.book import Place
from xl_perf.explain.lines import Liner
from xl_perf.report.model import Node
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.explain.book import Workbook
    from xl_perf.explain.model import Branch, Step
    from xl_perf.explain.tree import Explainer
    from xl_perf.values import CellValue

_SCORE, _ACTUAL, _TARGET, _COVERAGE = "punteggio", "consuntivo", "obiettivo", "copertura"
_LEVELS = 2
"""Levels below the score: perspectives and objectives."""
_TITLE_ROWS = 4
"""Rows at the top of a sheet that hold its own title."""
_VERDICT = "Esito"
_WEIGHTS = ("Peso in uso", "Peso")
"""Headings of the weight beside a score, where the formula does not say it."""


class Tree:
    """Makes the nodes of a page of the steps of an explanation.

    Args:
        explainer: the explanation of the workbook.
    """

    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        self._places: Mapping[tuple[str, str], Place] = {
            (one.identity.item, one.identity.measure): place for place, one in explainer.roles.results.items()
        }
        self._shown = {
            explainer(place).place: place
            for place, one in explainer.roles.results.items()
            if one.identity.measure == _SCORE
        }
        self._count = 0

    def __call__(self, step: Step, cell: Place) -> Node:
        """The node of the score and all that the page shows below it.

        Args:
            step: the explanation of the score.
            cell: the cell of the score.
        """
        return self._node(step, cell, 1.0, 0)

    def _node(self, step: Step, cell: Place, weight: float, level: int) -> Node:
        cell = cell if cell in self.explainer.roles.results else self._shown.get(step.place, cell)
        found = self.explainer.roles.results.get(cell)
        code = "" if found is None or found.identity.measure != _SCORE else found.identity.item
        coverage = self._value(code, _COVERAGE)
        node = Node(
            name=step.name.row or str(step.name),
            code=code,
            cell=str(cell),
            score=_number(step.value),
            weight=weight,
            actual=self._text(code, _ACTUAL),
            target=self._text(code, _TARGET),
            coverage=_number(coverage),
            verdict=self._beside(cell, (_VERDICT,)),
        )
        parts = [branch for branch in step.shown_branches if level < _LEVELS and _is_score(branch)]
        node.nodes = [self._node(part.step, part.cell, self._weight(part), level + 1) for part in parts]
        node.why = Liner(1 if node.nodes else None)(step)
        if level == _LEVELS:
            self._count += 1
            node.number = self._count
        return node

    def _weight(self, branch: Branch) -> float:
        if branch.weight is not None:
            return _number(branch.weight.value) or 0.0
        table = self.explainer.book.table_at(branch.cell)
        for heading in _WEIGHTS if table is not None else ():
            value = _number(self._in_row(branch.cell, heading))
            if value is not None:
                return value
        return 0.0

    def _value(self, code: str, measure: str) -> CellValue:
        place = self._places.get((code, measure))
        return None if place is None else self.explainer.book.value(place)

    def _text(self, code: str, measure: str) -> str:
        place = self._places.get((code, measure))
        cell = None if place is None else self.explainer.book.cell(place)
        if cell is None or cell.value in (None, ""):
            return ""
        return self.explainer.formats.text(cell.value, cell.style)

    def _beside(self, place: Place, headings: tuple[str, ...]) -> str:
        """The first text of the row under one of some headings."""
        for heading in headings:
            value = self._in_row(place, heading)
            if isinstance(value, str) and not isinstance(value, CellError):
                return " ".join(value.split())
        return ""

    def _in_row(self, place: Place, heading: str) -> CellValue:
        table = self.explainer.book.table_at(place)
        if table is None or heading not in table.columns:
            return None
        return self.explainer.book.value(
            Place(place.sheet, place.row, table.ref[1] + table.columns.index(heading))
        )


def _is_score(branch: Branch) -> bool:
    return not branch.step.is_leaf or branch.weight is not None


def _number(value: CellValue) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value)


def shares(step: Step, whole: float = 1.0) -> Iterator[tuple[str, float]]:
    """Cells whose score is part of the whole by weights, each with its part.

    What was not reported leaves it to the others.

    Args:
        step: the explanation of the score.
        whole: its own part.
    """
    yield str(step.place), whole
    weighted = [
        (branch.step, _number(branch.weight.value) or 0.0)
        for branch in step.shown_branches
        if branch.weight is not None and _number(branch.step.value) is not None
    ]
    total = sum(weight for _, weight in weighted)
    for part, weight in weighted:
        if not part.is_leaf and total:
            yield from shares(part, whole * weight / total)


def headings(book: Workbook, place: Place) -> str:
    """The heading of the table that a cell stands in: the text above it in its first column; empty for none."""
    table = book.table_at(place)
    if table is None:
        return ""
    top, left = table.ref[:2]
    for row in range(top - 1, max(top - 4, _TITLE_ROWS), -1):
        value = book.value(Place(place.sheet, row, left))
        below = book.value(Place(place.sheet, top, left))
        if isinstance(value, str) and not isinstance(value, CellError) and value != below:
            return " ".join(value.split())
    return ""
