"""What each part brings to a score, what is missing to the target, deviations as bars: columns of pages to sign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.templates.kit import remarks, styles
from xl_perf.templates.kit.columns import check, result
from xl_perf.templates.kit.model import Column
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.model import Place, Row
    from xl_perf.templates.kit.parameters import Parameters

ABOVE, REPORTED, SHARE = "Nodo sopra", "Peso rilevato", "Quota rilevata"
GIVES, LACKS, BAR = "Contributo (punti)", "Manca per il 100", "Scarto da 100"
POINTS, HUNDREDTHS = "+0.0;\\-0.0;0.0", "+0.00;\\-0.00;0.00"
_REACHED = "raggiunto"


def contribution(
    values: Parameters, score: str, share: Callable[[Place], str], width: float = 10.8
) -> Column:
    """What a part brings to the score: its share of what is reported, times its points above the target.

    Args:
        values: where the parameters stand.
        score: heading of the scores.
        share: the share of a part, as an expression; empty for a part that is not weighed.
        width: width of the column.
    """

    def content(place: Place) -> object:
        mine, part = place.here(score), share(place)
        return f'=IF({mine}="","",{part}*({mine}-{values.centre}))' if part else None

    return result(GIVES, width, content, HUNDREDTHS)


def tree_columns(
    values: Parameters, weight: str, score: str, above: Callable[[Row], Sequence[str] | None], group: str = ""
) -> list[Column]:
    """Columns of a table whose rows are nodes: the node above, the share among what is reported, the contribution.

    A score that is an error spoils its own contribution; one in a weight, those of its siblings and of what is below.

    Args:
        values: where the parameters stand.
        weight: heading of the weights in use.
        score: heading of the scores.
        above: codes of the nodes above a part, without the root; None for what is no part but made of parts.
        group: heading above the columns.
    """

    def parent(place: Place) -> object:
        return place.row.item.parent

    def reported(place: Place) -> object:
        own, mine = place.here(weight), place.here(score)
        return f'=IF(COUNTBLANK({mine})=1,0,IF(ISNUMBER({own}),{own},"{remarks.MARK}"))'

    def share(place: Place) -> object:
        if place.row.item.parent is None:
            return None
        group, weights = (place.table.column(heading).split("!")[1] for heading in (ABOVE, REPORTED))
        siblings, own = f"{group},{place.here(ABOVE)}", place.here(REPORTED)
        wrong = f'COUNTIFS({siblings},{weights},"{remarks.MARK}")>0'
        return f"=IF({own}=0,0,IF({wrong},#VALUE!,{own}/SUMIFS({weights},{siblings})))"

    def product(place: Place) -> str:
        nodes, mark = above(place.row), place.table.letters[SHARE]
        if nodes is None:
            return ""
        return "*".join([place.here(SHARE), *(f"{mark}{place.table.numbers[code]}" for code in nodes)])

    return [
        Column(ABOVE, Kind.LABEL, 20, parent, paper=False, group=group),
        replace(check(REPORTED, 10, reported, styles.PERCENT_1, group=group), paper=False),
        replace(check(SHARE, 10, share, styles.PERCENT_1, group=group), paper=False),
        replace(contribution(values, score, product), group=group, paper=False),
    ]


def share_of(place: Place, weight: str, score: str, group: str, wanted: str) -> str:
    """The share of a row's weight among the rows of its group whose scores are known, as an expression.

    Args:
        place: the row.
        weight: heading of the weights in use.
        score: heading of the scores.
        group: heading of what the rows of a group have in common.
        wanted: what that is to be, e.g. `=A7`.
    """
    columns = (place.table.column(heading) for heading in (weight, group, score))
    weights, groups, scores = (column.split("!")[1] for column in columns)
    return f'{place.here(weight)}/SUMPRODUCT({weights}*({groups}{wanted})*({scores}<>""))'


def lacking(
    values: Parameters,
    headings: tuple[str, str, str],
    number_format: str | Callable[[Row], str],
    width: float = 10.2,
) -> Column:
    """What is missing to the target, in the unit of the indicator.

    Args:
        values: where the parameters stand.
        headings: those of score, actual and target.
        number_format: that of actual and target.
        width: width of the column.
    """

    def signed(row: Row) -> str:
        plain = number_format if isinstance(number_format, str) else number_format(row)
        plain = "0.00" if plain == styles.GENERAL else plain
        return f"+{plain};\\-{plain};{plain}"

    def content(place: Place) -> object:
        score, actual, goal = (place.here(heading) for heading in headings)
        gap = f'IF({score}>={values.centre},"{_REACHED}",{goal}-{actual})'
        return f'=IF(({score}="")+({actual}="")+({goal}="")>0,"",{gap})'

    return result(LACKS, width, content, signed)


def bar_column(values: Parameters, score: str, width: float = 12.4) -> Column:
    """Points above or below the target, which the spreadsheet shows as a bar."""

    def content(place: Place) -> object:
        return f'=IF({place.here(score)}="","",{place.here(score)}-{values.centre})'

    return result(BAR, width, content, POINTS)
