"""The head of a card: a cell to pick a structure from a list, and its position in the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.styles import Border

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.model import Validation, setting
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from xl_perf.templates.kit.page import Page


_PICKED = "sceglie che cosa mostra la scheda"


@dataclass(frozen=True, slots=True)
class CardHead:
    """What can be picked: its word, the defined name of the list, the first choice, the cells that are searched."""

    word: str
    list_name: str
    default: str | int
    search: str
    last: int = 3
    """Last column that a long name reaches, which starts in the second one."""
    row: int = FIRST_ROW
    aside: int = 0
    """Column of the position, beside the page; 0 for the second one, in the row below."""


@dataclass(frozen=True, slots=True)
class PlacedHead:
    """Absolute references, inside the sheet, to the picked code and to its position."""

    picked: str
    position: str


def card_head(page: Page, head: CardHead) -> PlacedHead:
    """Write the cell to pick from and the position of what is picked, in the first rows below the title."""
    row = head.row
    validation = Validation(
        "list",
        head.word,
        "Aprire l'elenco con la freccia a destra della cella e scegliere: la scheda si aggiorna.",
        "Scegliere un nome dall'elenco.",
        source=head.list_name,
    )
    page.text(row, 1, f"{head.word}: scegliere", styles.font(bold=True, colour=styles.INK))
    page.put(
        row,
        2,
        head.default,
        Kind.INPUT,
        align="left",
        validation=validation,
        informative=_PICKED,
        datum=setting("scelta", item="file", name=True),
        name="Scelta_della_scheda",
    )
    _frame(page, row, head.last)
    found = f"=MATCH($B${row},{head.search},0)"
    if head.aside:
        return PlacedHead(f"$B${row}", page.aside(row, head.aside, found, "0", name="Posizione_scelta"))
    page.text(row + 1, 1, "Posizione nelle tabelle", styles.font(size=9, colour=styles.MUTED))
    page.put(row + 1, 2, found, Kind.CHECK, number_format="0", align="right")
    return PlacedHead(f"$B${row}", f"$B${row + 1}")


def _frame(page: Page, row: int, last: int) -> None:
    """One frame around the cell to pick from and those that a long name goes on over."""
    cells = [page.sheet.cell(row, column) for column in range(2, last + 1)]
    edge = cells[0].border
    for cell in cells:
        if cell is not cells[0]:
            page.put(row, cell.column, None, Kind.LABEL)
        cell.border = Border(
            left=edge.left if cell is cells[0] else None,
            right=edge.right if cell is cells[-1] else None,
            top=edge.top,
            bottom=edge.bottom,
        )
