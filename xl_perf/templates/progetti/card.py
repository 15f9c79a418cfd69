"""The `Scheda` sheet of `progetti.xlsx`: the rows of one structure, picked from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.progetti import input as given
from xl_perf.templates.progetti import results

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.progetti.tables import Tables

_LINES = (
    (results.SCORE, styles.SCORE),
    (results.VERDICT, styles.GENERAL),
    (results.COVERAGE, styles.PERCENT_1),
)


def card(page: Page, tables: Tables) -> None:
    """The rows of one structure with state and score, and their synthesis.

    Args:
        page: the empty `Scheda` page.
        tables: where the tables stand.
    """
    default = max(tables.codes, key=lambda code: len(tables.codes[code]))
    search = tables.register.column(given.STRUCTURE)
    head = card_head(page, CardHead("Struttura", "Elenco_strutture", default, search))
    row = FIRST_ROW + 2
    line = f"MATCH({head.picked},{tables.structures.column('Struttura')},0)"
    page.text(row, 1, "Righe", styles.font(size=9, colour=styles.MUTED))
    count = f"=INDEX({tables.structures.column(results.TOTAL)},{line})"
    page.put(row, 2, count, Kind.CHECK, number_format="0", align="right")
    most = max(len(codes) for codes in tables.codes.values())
    spec = TableSpec(
        "tblScheda",
        _columns(tables, head.position, f"$B${row}"),
        [Row(str(n), item=n) for n in range(1, most + 1)],
    )
    table = page.table(spec, row + 2)
    _heights(page, tables, table)
    for offset, (heading, number_format) in enumerate(_LINES):
        at = table.last + 2 + offset
        formula = formulas.shown(f"INDEX({tables.structures.column(heading)},{line})")
        page.put(at, 1, heading, Kind.KEY, level=Level.TOTAL)
        page.put(at, 2, formula, Kind.FORMULA, number_format=number_format, level=Level.TOTAL, align="left")
    page.finish()


def _columns(tables: Tables, position: str, count: str) -> list[Column]:
    """What Tabella D prints, which nobody sorts, by its position; what is filled in by the code of the row."""

    def printed(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cell = f"INDEX({tables.register.column(heading)},{position}+{place.row.item}-1)"
            return f'=IF({place.row.item}>{count},"",IF({cell}="","",{cell}))'

        return content

    def pick(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            code = place.here(given.KEY)
            found = f"MATCH({code},{tables.given.column(given.KEY)},0)"
            cell = f"INDEX({tables.given.column(heading)},{found})"
            return f'=IF({code}="","",IF({cell}="","",{cell}))'

        return content

    return [
        result(given.KEY, 22, printed(given.KEY), align="left"),
        Column(given.TITLE, Kind.SOURCE, 55, printed(given.TITLE), paper=True),
        Column(given.OUTPUT, Kind.SOURCE, 100, printed(given.OUTPUT), paper=False),
        result(given.END, 12, printed(given.END), styles.DATE, align="center"),
        result(given.LETTER, 11, printed(given.LETTER), align="center"),
        result(given.VALUED, 13, pick(given.VALUED), align="center"),
        result(given.STATE, 14, pick(given.STATE), align="left"),
        result(given.DONE, 14, pick(given.DONE), styles.PERCENT_0),
        result(given.WEIGHT, 10, pick(given.WEIGHT), styles.PERCENT),
        result(given.SCORE, 11, pick(given.SCORE), styles.SCORE, judged_by=given.VERDICT),
        result(given.VERDICT, 11.5, pick(given.VERDICT), align="left", judged_by=given.VERDICT),
    ]


def _heights(page: Page, tables: Tables, table: Placed) -> None:
    """Each line is as high as the longest text that any structure has there."""
    plan = tables.plan
    for number, row in enumerate(table.numbers.values()):
        texts = [
            text
            for structure in tables.codes
            for project in plan.projects_of(structure)[number : number + 1]
            for text in ((project.title, 55), (project.output, 100))
        ]
        page.sheet.row_dimensions[row].height = given.text_height(texts)
