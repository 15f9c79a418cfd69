"""Columns of the sheet `Quadro` that the scorecard alone has: the quarters that are known, weights in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.contributions import POINTS
from xl_perf.templates.scheda_territoriale.andamento import QUARTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xl_perf.templates.kit.model import Column, Place, Placed
    from xl_perf.templates.scheda_territoriale.base import Scorecard

TREND, UNIT, EXPECTED, UNEXPECTED = "Andamento", "Unità", "Previsto", "Peso non previsto"
_SHORT = {1: "I trim.", 2: "II trim.", 3: "III trim.", 4: "IV trim."}


def quarter_columns(card: Scorecard) -> Iterator[Column]:
    """The quarters that are known, as deviations from the target; the little columns beside them are centred on it."""

    def content(heading: str) -> Callable[[Place], object]:
        def deviation(place: Place) -> object:
            if card.trend is None:
                return None
            cell = card.trend.cell(place.row.code, heading)
            return f'=IF({cell}="","",{cell}-{card.values.centre})'

        return deviation

    for number, heading in QUARTERS.items():
        yield result(_SHORT[number], 9.5, content(heading), POINTS)


def trends(table: Placed) -> Mapping[str, Sequence[str]]:
    """Cells of little columns -> the cells that they show."""
    first, last = (table.letters[_SHORT[number]] for number in (1, 4))
    return {f"{table.letters[TREND]}{row}": f"{first}{row}:{last}{row}" for row in table.numbers.values()}


def weight_columns(
    card: Scorecard,
    node: Callable[[Place], str],
    codes: Callable[[Place], list[str]],
    member: Callable[[str], str],
) -> tuple[Callable[[Place], object], Callable[[Place], object]]:
    """The weight in use, divided among what is expected of the structure, and the weight of what is not.

    Args:
        card: the scorecard.
        node: the node that weighs a row.
        codes: the rows that it weighs.
        member: names a row as the node does.
    """

    def own(place: Place) -> str:
        return card.values.weight(node(place), member(place.row.code))

    def weight(place: Place) -> object:
        mine, rest = place.here(EXPECTED), place.span(UNEXPECTED, codes(place))
        return f"=IF({mine}=0,0,{own(place)}*{mine}/(1-SUM({rest})))"

    def unexpected(place: Place) -> object:
        return f"={own(place)}*(1-{place.here(EXPECTED)})"

    return weight, unexpected
