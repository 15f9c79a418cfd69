"""What the sums of regions and of the nation take from the rows of their structures, by the name of the region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import remarks, styles
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.model import Column
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from xl_perf.templates.kit.model import Place

REGION, REMARKED, REACHED = "Regione", "Segnalata", "Deflusso raggiunto"
_GROUP = "Per le somme"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two inputs whose ratio is an indicator: their columns, the ratio, the count of rows that report both.

    `whole` is 1 in the row of a structure that reports both; of structures alone, as what is `added` to their region.
    """

    first: str
    second: str
    result: str
    count: str
    whole: str

    @property
    def broken(self) -> str:
        """The column that is 1 where a structure has an error: its region gets one, and no other."""
        return f"Errore in {self.result}"

    def added(self, heading: str) -> str:
        """The column of what a structure adds to its region."""
        return f"{heading} nelle somme"


def sum_of_structures(place: Place, heading: str) -> str:
    """The sum of a column over the structures of a region, found by its name, or over all; of sums it is empty."""
    if place.row.level is Level.NATIONAL:
        return f"SUM({place.table.column(heading)})"
    return f"SUMIFS({place.table.column(heading)},{place.table.column(REGION)},{place.here('Struttura')})"


def service_columns(
    sums: Collection[str], pairs: Sequence[Pair], remark: str, flow: tuple[str, str] | None
) -> list[Column]:
    """What sums take: cells of structures alone, none of a sum.

    Args:
        sums: codes of the rows that are sums.
        pairs: the pairs of inputs.
        remark: heading of the column of remarks.
        flow: headings of deflusso and its target, where the area has them.
    """

    def own(content: Callable[[Place], object]) -> Callable[[Place], object]:
        return lambda place: None if place.row.code in sums else content(place)

    def whole(pair: Pair) -> Callable[[Place], object]:
        return own(lambda place: f"=INT(COUNT({place.here(pair.first)},{place.here(pair.second)})/2)")

    def broken(pair: Pair) -> Callable[[Place], object]:
        return own(lambda place: f"=IF(ISERROR({place.here(pair.result)}),1,0)")

    def added(pair: Pair, heading: str) -> Callable[[Place], object]:
        return own(lambda place: f"=IF(ISNUMBER({place.here(pair.result)}),{place.here(heading)},0)")

    def reached(place: Place) -> object:
        done, goal = (place.here(heading) for heading in flow or ())
        return f'=IF({done}="",0,IF({done}>={goal},1,0))'

    marked = own(lambda place: f"={remarks.counted(place.here(remark))}")
    return [
        Column(REGION, Kind.LABEL, 20, own(lambda place: place.row.item.parent), group=_GROUP, paper=False),
        *(check(pair.whole, 12, whole(pair), group=_GROUP) for pair in pairs),
        *(check(pair.broken, 12, broken(pair), group=_GROUP) for pair in pairs),
        *(
            check(pair.added(heading), 14, added(pair, heading), styles.PIECES, group=_GROUP)
            for pair in pairs
            for heading in (pair.first, pair.second)
        ),
        check(REMARKED, 11, marked, group=_GROUP),
        *([check(REACHED, 11, reached, group=_GROUP)] if flow else []),
    ]
