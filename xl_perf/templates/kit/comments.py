"""The `Commenti` sheet: what is said of each structure and who answers for it, as its page to sign shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas
from xl_perf.templates.kit.front import COMMENT, COMMENTS, WHO
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.plan.model import Structure
    from xl_perf.templates.kit.model import Placed, Validation
    from xl_perf.templates.kit.page import Page

SHEET, TITLE = COMMENTS, "Commenti e responsabili, struttura per struttura"
_PRINTED = "si stampa nel Quadro della struttura e non entra nei calcoli."


def comments_page(page: Page, structures: Iterable[Structure]) -> Placed:
    """Write the table.

    Args:
        page: the empty page.
        structures: those that can be picked.
    """

    def typed(validation: Validation, heading: str, width: float) -> Column:
        datum = Datum(
            KeyKind.STRUCTURE, page.book.template, heading.lower(), structure="", species=Species.TEXT
        )
        return Column(
            heading, Kind.INPUT, width, validation=validation, align="wrap", informative=_PRINTED, datum=datum
        )

    columns = [
        Column("Struttura", Kind.KEY, 44, lambda place: place.row.code, align="wrap"),
        typed(WHO, WHO.title, 28),
        typed(COMMENT, COMMENT.title, 100),
    ]
    rows = [Row(structure.code, item=structure) for structure in structures]
    table = page.table(TableSpec("tblCommenti", columns, rows, key="Struttura"), FIRST_ROW)
    page.finish()
    return table


def said(table: Placed, heading: str, picked: str) -> str:
    """What is typed for the picked structure, as an expression; empty where nothing is."""
    cell = f"INDEX({table.column(heading)},MATCH({picked},{table.column('Struttura')},0))"
    return formulas.shown(cell)[1:]
