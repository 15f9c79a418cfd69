"""The lines of the production plan as the scorecard shows them: rows, numbers, what totals add up, example products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit.model import Row
from xl_perf.templates.kit.styles import Level
from xl_perf.templates.kit.sums import Subtotals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.plan.models import ModelData
    from xl_perf.templates.kit.model import Place

INSPECTION, TOTAL = "vigilanza", "produzione_totale"
"""Parts of the lines."""
MEASURES = ("punti_produzione", "punti_produttivita")
"""Measures of the points of a line: of all, and of those that count for the productivity."""
_EXAMPLES = (
    (1, "Pensioni di vecchiaia", 2.6, 0.6),
    (1, "Ricostituzioni", 0.9, 0.4),
    (6, "Estratti conto verificati", 1.4, 1.0),
    (7, "Domande NASpI", 0.75, 0.7),
    (7, "Assegno al nucleo familiare", 0.4, 0.3),
    (8, "Invalidità civile, fase concessoria", 1.1, 1.0),
    (10, "Variazioni anagrafiche aziende", 0.55, 1.0),
    (11, "Note di rettifica", 0.35, 1.0),
    (13, "Accertamenti ispettivi", 6.0, 1.0),
    (15, "Controlli su prestazioni", 0.3, 1.0),
)
"""Example rows: number of the line, product, coefficient, share of the points of the line; all invented."""


@dataclass(frozen=True)
class Lines:
    """The lines of the production plan: rows, the leaves with their numbers, what each total adds up."""

    rows: list[Row]
    numbers: dict[str, int]
    children: dict[str, list[str]]
    inspection: str
    """The line that no total counts; empty where there is none."""

    @classmethod
    def of(cls, plan: Plan, data: ModelData) -> Lines:
        """The lines that the plan of the edition's year prints."""
        whole = data.role(TOTAL)
        system = plan.actual_items[whole].system
        sums = {
            rule.item: [code for code, _ in rule.addends]
            for rule in plan.sums
            if not rule.periods or plan.period in rule.periods
        }
        printed = {a.item for a in plan.actuals if a.measure == "piano" and a.period == plan.period}
        items = [
            item
            for item in sorted(plan.actual_items.values(), key=lambda item: item.order)
            if item.system == system and item.code in printed and item.code != whole
        ]
        rows = [
            Row(
                item.code,
                Level.TOTAL if item.code in sums and item.level == 0 else Level.LEAF,
                item,
                item.level,
            )
            for item in items
        ]
        leaves = [item.code for item in items if item.code not in sums]
        numbers = {code: number for number, code in enumerate(leaves, 1)}
        children = {item.code: sums[item.code] for item in items if item.code in sums}
        return cls(rows, numbers, children, data.role(INSPECTION) if data.has(INSPECTION) else "")

    @property
    def examples(self) -> list[tuple[int, str, float, float]]:
        """The example products, each in a line that there is."""
        return [(min(number, len(self.numbers)), *rest) for number, *rest in _EXAMPLES]  # type: ignore[misc]


def subtotals(lines: Lines, headings: Sequence[str]) -> Subtotals:
    """The sums of some columns of the lines."""
    codes = {row.code for row in lines.rows}
    above = {child: code for code, children in lines.children.items() for child in children if child in codes}
    return Subtotals(above, headings)


def or_sum(
    lines: Lines, sums: Subtotals, leaf: Callable[[Place], object], heading: str
) -> Callable[[Place], object]:
    """The content of a leaf; in the rows of totals the sum of what they add up."""

    def content(place: Place) -> object:
        return sums.content(place, heading) if place.row.code in lines.children else leaf(place)

    return content
