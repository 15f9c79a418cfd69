"""The `Quadro` sheet of `ieep.xlsx`: the page to sign of one structure, picked from a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.templates.ieep import results
from xl_perf.templates.ieep.input import NO_TARGET
from xl_perf.templates.kit import contributions, formulas, front, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.columns import check, result
from xl_perf.templates.kit.comments import said
from xl_perf.templates.kit.model import Column, TableSpec
from xl_perf.templates.kit.period import NAME as QUARTER
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Indicator, Plan
    from xl_perf.templates.ieep.results import Tables
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

TITLE, GOAL, ACTUAL, DIRECTION, SCORE, VERDICT = (
    "Voce",
    "Obiettivo",
    "Consuntivo",
    "Verso",
    "Punteggio",
    "Esito",
)


def front_page(page: Page, tables: Tables, values: Parameters, comments: Placed) -> None:
    """Target, actual and score of every row, and what the two sections bring to the score.

    Args:
        page: the empty page.
        tables: the tables it reads.
        values: where the parameters stand.
        comments: the comments.
    """
    layout, goals, row = tables.layout, tables.goals, front.HEAD_ROW
    first, last = layout.structures[0], layout.structures[-1]
    side = 14
    search = goals.headings(first, last)
    head = card_head(page, CardHead("Regione o DCM", "Elenco_regioni", layout.nation, search, 4, row, side))
    line = f"MATCH({head.picked},{tables.summary.column('Struttura')},0)"

    def picked(heading: str) -> str:
        return formulas.shown(f"INDEX({tables.summary.column(heading)},{line})")

    score = page.aside(row, side + 1, picked(results.SCORE), styles.SCORE, name="Punteggio_del_Quadro")
    verdict = page.aside(row, side + 2, picked(results.VERDICT), name="Esito_del_Quadro")
    done = page.aside(row, side + 3, picked(results.DONE), styles.PERCENT, name="Realizzazione_del_Quadro")
    excess = f"ABS({done}-1)"
    limited = f'=IF({done}="","",{values.centre}*IF({excess}<={values.cap},1,{values.cap}/{excess}))'
    points = page.aside(row, side + 4, limited, styles.SCORE, name="Punti_dei_contributi")
    page.section(row + 6, "Di che cosa è fatto il punteggio: le sezioni pesano, le voci le spiegano")
    rows = [replace(each, indent=max(each.indent - 1, 0)) for each in layout.rows]  # a narrow page
    spec = TableSpec("tblScheda", _columns(tables, values, head.position, (done, points)), rows, key="Codice")
    table = page.table(spec, row + 7)
    front.bars(page, table)
    shown = front.Front(page, values, "della struttura", score, verdict, table, TITLE, VERDICT)
    front.headline(shown)
    titles = {row.code: row.item.title for row in layout.rows}
    lacks = [(f'{table.cell(code, ACTUAL)}=""', f'"{titles[code]}"') for code in layout.leaves]
    missing = front.joined(page, lacks, row + 7, shown.aside + 2)
    comment, who = (said(comments, text.title, head.picked) for text in (front.COMMENT, front.WHO))
    foot = front.Foot(
        note="Contributo = peso della sezione x (consuntivo / obiettivo - 1) x 100, entro il tetto. Barre in punti.",
        comment=comment, who=who, day=front.day_of(QUARTER, page.book.plan.period),
    )  # fmt: skip
    front.closing(shown, table.last + 1, missing, foot)


def _columns(tables: Tables, values: Parameters, position: str, whole: tuple[str, str]) -> list[Column]:
    layout, (done, points) = tables.layout, whole
    ends = layout.structures[0], layout.structures[-1]

    def cell(table: Placed, place: Place) -> str:
        row = f"MATCH({place.here('Codice')},{table.column('Codice')},0)"
        return f"INDEX({table.block(*ends)},{row},{position})"

    def actual(place: Place) -> object:
        return formulas.shown(cell(tables.given, place))

    def wanted(place: Place) -> object:
        return f"={cell(tables.wanted.used, place)}"

    def weight(place: Place) -> object:
        code = place.row.code
        return f"={values.weight(layout.weights, code)}" if code in layout.sections else None

    def gives(place: Place) -> object:
        if place.row.code not in layout.sections:
            return None
        above = f"{place.here(ACTUAL)}/{place.here(GOAL)}-1"
        return f'=IF({done}="","",{place.here(_WEIGHT)}*({above})*{points})'

    return [
        Column(TITLE, Kind.LABEL, 35.2, lambda place: _brief(layout.plan, place.row.item), align="wrap"),
        result(_WEIGHT, 6.2, weight, styles.PERCENT_0),
        result(ACTUAL, 15.4, actual, styles.EURO),
        result(GOAL, 15.4, wanted, styles.EURO),
        result(SCORE, 10.2, _score(values), styles.SCORE, judged_by=VERDICT),
        result(VERDICT, 10.4, _words(values), align="left", judged_by=VERDICT),
        result(contributions.GIVES, 10.6, gives, contributions.HUNDREDTHS),
        contributions.lacking(values, (SCORE, ACTUAL, GOAL), styles.EURO, 13),
        contributions.bar_column(values, SCORE, 8),
        check(DIRECTION, 11, lambda place: f"={values.direction(place.row.code)}", formulas.DIRECTION_FORMAT),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, paper=False),
    ]


_WEIGHT = "Peso"
_PART_OF = "di cui "


def _brief(plan: Plan, item: Indicator) -> str:
    """The title of a row below another one without the words with which that one begins too."""
    title, above = item.title, plan.indicators[item.parent].title if item.parent else ""
    if not title.startswith(_PART_OF):
        return title
    words, same = title.removeprefix(_PART_OF).split(), 0
    for word, other in zip(words, above.split(), strict=False):
        if word.casefold() != other.casefold():
            break
        same += 1
    return " ".join(words[same:]) if same < len(words) else title


def _score(values: Parameters) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        actual, goal = place.here(ACTUAL), place.here(GOAL)
        call = f"PERF_SCORE({actual},{goal},{place.here(DIRECTION)},{values.cap})"
        return formulas.unless_empty(f'IF({goal}=0,"",{call})', actual)

    return content


def _words(values: Parameters) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        score, goal, actual = place.here(SCORE), place.here(GOAL), place.here(ACTUAL)
        words = formulas.verdict(score, values.band, values.centre)[1:]
        return f'=IF(({goal}=0)*({actual}<>"")>0,"{NO_TARGET}",{words})'

    return content
