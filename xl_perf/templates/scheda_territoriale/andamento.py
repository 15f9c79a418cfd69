"""The `Andamento` sheet of `scheda_territoriale.xlsx`: the scores of the quarters that are known, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import Identity, KeyKind
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Content, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.scheda_territoriale.base import remark_column

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

SHEET = "Andamento"
TITLE, CODE, CHANGE = "Prospettiva o obiettivo", "Codice", "Dal trimestre prima"
QUARTERS = {1: "I trimestre", 2: "II trimestre", 3: "III trimestre", 4: "IV trimestre"}
"""Number of a quarter -> heading of its scores."""
MEASURE = "punteggio"
"""Measure of the scores that the files of earlier quarters give."""
_GIVEN = "{} (dalla sua scheda)"
_REASON = "il punteggio di un trimestre passato si confronta, e non entra in quello della scheda."
_G_SCORES, _G_GIVEN = "Punteggi (obiettivo = 100)", "Trimestri passati"
_SCORE = Validation(
    "decimal",
    "Punteggio già noto",
    "Punteggio (obiettivo = 100): da xl-perf new --from dalla scheda di prima, o xl-perf load. Vuoto se non noto.",
    "Inserire un punteggio maggiore o uguale a zero, senza testo.",
)


def trend_spec(card: Scorecard) -> TableSpec:
    """A row for the scorecard, each perspective and each objective; a column for each quarter.

    Args:
        card: the scorecard; where its scores stand is asked for when the table is written.
    """
    root = card.data.role("albero")
    rows = [Row(root, Level.NATIONAL, card.plan.node(root))]
    for node, children in card.tree():
        rows.append(Row(node.code, Level.TOTAL, node))
        rows.extend(Row(child.code, item=child, indent=1) for child in children)
    past = list(QUARTERS)[:-1]

    def title(place: Place) -> str:
        return "SCHEDA" if place.row.code == root else place.row.item.title

    columns = [
        Column(TITLE, Kind.KEY, 58, title, align="wrap"),
        *(
            result(heading, 13, _score(card, number), styles.SCORE, group=_G_SCORES)
            for number, heading in QUARTERS.items()
        ),
        result(CHANGE, 13, _change(card), "+0.0;-0.0;0.0", group=_G_SCORES),
        Column(CODE, Kind.SOURCE, 38, lambda place: place.row.code, group=_G_GIVEN),
        *(_given(card, number) for number in past),
        remark_column([_GIVEN.format(QUARTERS[number]) for number in past], lambda _: '""'),
    ]
    return TableSpec("tblAndamento", columns, rows, key=CODE)


def trend_page(page: Page, card: Scorecard) -> Placed:
    """Write the sheet, when every score has its place.

    Args:
        page: the empty page.
        card: the scorecard.
    """
    table = page.table(trend_spec(card), FIRST_ROW + 1)
    page.remark(
        table.last + 2,
        "I trimestri passati arrivano dalle loro schede (xl-perf new --from); quello in corso è il "
        "risultato di questo file. Ogni trimestre si confronta con il suo obiettivo dall'inizio "
        "dell'anno.",
    )
    page.finish()
    return table


def _score(card: Scorecard, number: int) -> Callable[[Place], object]:
    """The score of a quarter: the file's own in the quarter that it is for, what earlier files gave before it."""

    def content(place: Place) -> object:
        own = card.scores.get(place.row.code, "")
        now = f'IF({own}="","",{own})' if own else '""'
        if number not in list(QUARTERS)[:-1]:
            return f'=IF({card.quarter}*1={number},{now},"")'
        given = place.here(_GIVEN.format(QUARTERS[number]))
        return f'=IF({card.quarter}*1={number},{now},IF({card.quarter}*1>{number},{formulas.shown(given)[1:]},""))'

    return content


def _change(card: Scorecard) -> Callable[[Place], object]:
    """Points gained since the quarter before; empty where one of the two is not known."""
    cells = [QUARTERS[number] for number in QUARTERS]

    def content(place: Place) -> object:
        now, before = (
            f"INDEX({place.across(cells[0], cells[-1])},{card.quarter}{less})" for less in ("", "-1")
        )
        return f'=IF({card.quarter}*1<2,"",IF(OR({now}="",{before}=""),"",{now}-{before}))'

    return content


def _given(card: Scorecard, number: int) -> Column:
    """The scores of an earlier quarter, each under the identity that it has in that quarter's file."""
    period = f"{card.plan.period}-T{number}"

    def content(place: Place) -> object:
        """In the example of the edition, what the example of that quarter gives."""
        example = card.book.example
        if example is None or number >= card.number or card.region.code != card.data.structure:
            return Content(None, Kind.INPUT)
        score = example.score(Identity(place.row.code, MEASURE, card.region.code, period))
        return Content(score, Kind.INPUT)

    return Column(
        _GIVEN.format(QUARTERS[number]), Kind.INPUT, 15, content, styles.SCORE, validation=_SCORE, group=_G_GIVEN,
        informative=_REASON, datum=Datum(KeyKind.ITEM, "", MEASURE, period=period, key=CODE), paper=False,
    )  # fmt: skip
