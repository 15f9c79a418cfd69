"""What the indices of quality mean for the incentives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

INDEX, PREVIOUS = "indice_qualita", "indice_qualita_prima"
"""Parts of the indicators."""
WHOLE, ABOVE, BELOW = "intero", "proporzionale, dalla soglia", "proporzionale con il minimo, sotto la soglia"


def incentives(page: Page, card: Scorecard, row: int, budget: str, before: str) -> None:
    """What the two indices mean for the incentives; the scale of the incentivo speciale is an assumption."""
    full, threshold, lowest = (
        card.parameter(role) for role in ("incentivo_pieno", "incentivo_soglia", "incentivo_minimo")
    )
    scale = f"IF({before}>={full},1,MAX({before}/{full},IF({before}>={threshold},0,{lowest}*1)))"
    words = f'IF({before}>={full},"{WHOLE}",IF({before}>={threshold},"{ABOVE}","{BELOW}"))'
    now, previous = (card.goals[card.data.role(role)] for role in (INDEX, PREVIOUS))
    lines = (
        ("Incentivo ordinario: scostamento rispetto al budget", f"{budget}/{now}-1", budget, styles.DEVIATION),
        ("Incentivo speciale: scostamento rispetto all'anno precedente", f"{before}/{previous}-1", before,
         styles.DEVIATION),
        ("Incentivo speciale: misura (scala esterna al piano, assunzione)", scale, before, styles.PERCENT),
        ("Incentivo speciale: tratto della scala", words, before, styles.GENERAL),
    )  # fmt: skip
    for offset, (label, formula, needed, number_format) in enumerate(lines):
        page.put(row + offset, 1, label, Kind.KEY, align="wrap")
        value = formulas.unless_empty(formula, needed)
        page.put(row + offset, 4, value, Kind.FORMULA, number_format=number_format)
