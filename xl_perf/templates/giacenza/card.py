"""The `Quadro` sheet of `giacenza.xlsx`: the page to sign of one structure, picked from a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.giacenza import input as given
from xl_perf.templates.giacenza.areas import PLACE
from xl_perf.templates.kit import contributions, formulas, front, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.comments import said
from xl_perf.templates.kit.model import Column, Place, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.period import NAME as QUARTER
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xl_perf.templates.giacenza.results import Tables
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

NAME, WEIGHT, TOP, BOTTOM, ACTUAL, GOAL, SCORE, VERDICT = (
    "Indicatore", "Peso", "Numeratore", "Denominatore", "Consuntivo", "Obiettivo", "Punteggio", "Esito",
)  # fmt: skip
_SIDE = 16
"""The first column beside the page."""


@dataclass(frozen=True, slots=True)
class _Index:
    """An indicator of an area: its table, the headings of what it takes from it, the format of its values."""

    table: Placed
    headings: dict[str, str]
    number_format: str
    area: str = ""
    """Code of the weight; empty for deflusso, which is not weighed."""


_DAYS = dict(zip((TOP, BOTTOM, ACTUAL, GOAL, SCORE, VERDICT), (
    given.STOCK, given.RECEIVED, given.DAYS, given.DAYS_TARGET, given.DAYS_SCORE, given.DAYS_VERDICT,
), strict=True))  # fmt: skip
_FLOW = dict(zip((TOP, BOTTOM, ACTUAL, GOAL, SCORE, VERDICT), (
    given.DONE, given.ARRIVED, given.FLOW, given.FLOW_TARGET, given.FLOW_SCORE, given.FLOW_VERDICT,
), strict=True))  # fmt: skip


def front_page(page: Page, tables: Tables, values: Parameters, comments: Placed) -> None:
    """The indices of giacenza and deflusso of one structure, and what each area brings to the score.

    Args:
        page: the empty page.
        tables: the tables it reads.
        values: where the parameters stand.
        comments: the comments.
    """
    row, codes = front.HEAD_ROW, tables.targets.column("Struttura")
    whole = nation(page.book.plan)
    head = card_head(page, CardHead("Struttura", "Elenco_strutture", whole, codes, 4, row, _SIDE))
    page.text(row, 6, f"=INDEX({tables.targets.column('Tipo')},{head.position})", styles.font(italic=True))
    page.section(row + 6, "Di che cosa è fatto il punteggio: la giacenza pesa, il deflusso l'accompagna")
    spec = TableSpec("tblQuadro", _columns(tables, values, head.picked), list(_rows(tables)))
    table = page.table(spec, row + 7)
    front.bars(page, table)
    scores, weights = (table.column(heading).split("!")[1] for heading in (SCORE, WEIGHT))
    call = f"PERF_SINTESI({scores},{weights})"
    known = f'SUMPRODUCT(({scores}<>"")*{weights})'
    score = page.aside(row, _SIDE + 1, f'=IF({known}=0,"",{call})', styles.SCORE, name="Punteggio_del_Quadro")
    words = formulas.verdict(score, values.band, values.centre)
    verdict = page.aside(row, _SIDE + 2, words, name="Esito_del_Quadro")
    shown = front.Front(page, values, "della struttura", score, verdict, table, NAME, VERDICT)
    front.headline(shown, 4)
    comment, who = (said(comments, text.title, head.picked) for text in (front.COMMENT, front.WHO))
    day = front.day_of(QUARTER, page.book.plan.period)
    missing = _missing(page, tables, head.picked)
    front.closing(shown, table.last + 1, missing, front.Foot(comment=comment, who=who, day=day))


def _rows(tables: Tables) -> Iterator[Row]:
    for area, table in zip(tables.areas, tables.placed, strict=True):
        yield Row(f"Giacenza: {area.sheet}", item=_Index(table, _DAYS, styles.DAYS_1, area.giacenza))
    for area, table in zip(tables.areas, tables.placed, strict=True):
        if area.deflusso:
            yield Row(f"Deflusso: {area.sheet}", item=_Index(table, _FLOW, styles.RATIO))


def _columns(tables: Tables, values: Parameters, picked: str) -> list[Column]:
    def pick(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            index: _Index = place.row.item
            keys = index.table.column(given.KEY)
            return formulas.shown(
                f"INDEX({index.table.column(index.headings[heading])},MATCH({picked},{keys},0))"
            )

        return content

    def weight(place: Place) -> object:
        code = place.row.item.area
        return f"={values.weight(tables.weights, code)}" if code else 0

    def share(place: Place) -> str:
        weights, scores = (place.table.column(heading).split("!")[1] for heading in (WEIGHT, SCORE))
        known = f'SUMPRODUCT({weights}*({scores}<>""))'
        return f"{place.here(WEIGHT)}/{known}" if place.row.item.area else ""

    def own(row: Row) -> str:
        found: _Index = row.item
        return found.number_format

    return [
        Column(NAME, Kind.KEY, 21.6, lambda place: place.row.code, align="wrap"),
        result(WEIGHT, 6.8, weight, '0%;;"-"'),
        result(TOP, 11.6, pick(TOP), styles.PIECES),
        result(BOTTOM, 13.4, pick(BOTTOM), styles.PIECES),
        result(ACTUAL, 10.8, pick(ACTUAL), own),
        result(GOAL, 9.4, pick(GOAL), own),
        result(SCORE, 10.2, pick(SCORE), styles.SCORE, judged_by=VERDICT),
        result(VERDICT, 10.4, pick(VERDICT), align="left", judged_by=VERDICT),
        contributions.contribution(values, SCORE, share, 10.6),
        contributions.lacking(values, (SCORE, ACTUAL, GOAL), own, 10),
        contributions.bar_column(values, SCORE, 8.6),
    ]


def _missing(page: Page, tables: Tables, picked: str) -> str:
    """The structures below the picked one that lack data, area by area, as an expression; of an office itself."""
    keys, places = (tables.targets.column(heading) for heading in (given.KEY, PLACE))
    first = front.HEAD_ROW + 1
    own = f'=IF(ISERROR(MATCH({picked}&" 1",{places},0)),MATCH({picked},{keys},0),0)'
    numbers = [page.aside(first, _SIDE, own, "0")]
    for at in range(1, tables.most + 1):
        found = f'=IFERROR(MATCH({picked}&" {at}",{places},0),0)'
        numbers.append(page.aside(first + at, _SIDE, found, "0"))
    lists = []
    for offset, (area, table) in enumerate(zip(tables.areas, tables.placed, strict=True), 1):
        counts = [given.DAYS_COUNT, *([given.FLOW_COUNT] if area.deflusso else [])]
        parts = []
        for number in numbers:
            reported = "+".join(f"INDEX({table.column(heading)},{number})" for heading in counts)
            wanted = f"{len(counts)}*INDEX({table.column(given.EXPECTED)},{number})"
            parts.append((f"IF({number}=0,0,{wanted}-({reported}))>0", f"INDEX({keys},{number})"))
        last = front.joined(page, parts, first, _SIDE + 2 * offset)
        lists.append(f'IF({last}="","","{area.sheet}: "&{last}&". ")')
    return "&".join(lists)
