"""The quarter that a workbook of all structures is for: a cell that may stay empty, then it is for the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import QUARTER
from xl_perf.templates.kit import remarks, styles
from xl_perf.templates.kit.model import Validation, setting
from xl_perf.templates.kit.page import BANNER_ROW
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from xl_perf.templates.kit.page import Page

NAME = "Trimestre"
"""Defined name of the cell, as in the scorecard."""
QUARTERS = (1, 2, 3, 4)
_ROW, _TITLE = BANNER_ROW + 1, "Trimestre dei consuntivi"
_CHOICE = Validation(
    "list",
    "Trimestre",
    "Trimestre a cui si riferiscono i consuntivi, da 1 a 4. Vuoto: l'anno intero.",
    "Scegliere 1, 2, 3 oppure 4, o lasciare vuoto.",
    source='"1,2,3,4"',
)
NO_TARGETS = "dice solo a quale trimestre si riferiscono i dati: gli obiettivi sono annuali"


def quarter_cell(page: Page, *, informative: str = NO_TARGETS) -> str:
    """Write the cell at the head of a page and the metadata that follow from it; gives the reference to it.

    Args:
        page: the page, its row below the banner free.
        informative: why no result depends on it; empty where the targets do.
    """
    book = page.book
    page.text(_ROW, 1, _TITLE, styles.font(bold=True, colour=styles.INK))
    cell = page.put(
        _ROW, 2, None, Kind.INPUT, number_format="0", validation=_CHOICE, informative=informative, name=NAME,
        datum=setting(QUARTER, item=book.template, name=True),
    )  # fmt: skip
    own = cell.split("!")[1]
    wrong = (remarks.not_among(own, tuple(map(str, QUARTERS))), f"{_TITLE}: {remarks.NO_CHOICE}")
    words = f'IF(COUNTBLANK({own})=1,"anno intero","dati dall\'inizio dell\'anno")'
    said = f"={remarks.remark([wrong], words)}"
    page.text(_ROW, 3, said, styles.font(size=9, italic=True, colour=styles.MUTED))
    book.facts.append(
        (
            QUARTER,
            f'=IF(COUNTBLANK({cell})=1,"",{cell})',
            "Trimestre dei consuntivi, dal foglio Sintesi; vuoto: l'anno intero",
        )
    )
    return cell
