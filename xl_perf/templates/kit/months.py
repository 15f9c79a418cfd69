"""The months that a workbook's production is of: a cell that formulas of the productivity read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import remarks, styles
from xl_perf.templates.kit.model import Validation, setting
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from xl_perf.templates.kit.page import Page

_TITLE = "Mesi del periodo"
_YEAR = 12
_ACCEPTED = Validation(
    "whole",
    _TITLE,
    "Mesi a cui si riferisce la produzione: 12 per l'anno intero, 3, 6, 9 per i trimestri.",
    "Inserire un numero intero da 1 a 12.",
    minimum=1,
    maximum=_YEAR,
)


def months_cell(page: Page, row: int, column: int, remark: int, label: str = _TITLE) -> str:
    """Write the cell with its label and the remark on what is typed; gives the reference to it inside of the sheet.

    Args:
        page: the page.
        row: a free row.
        column: column of the cell.
        remark: column of the remark.
        label: what stands in the first column.
    """
    page.text(row, 1, label, styles.font(bold=True, colour=styles.INK))
    months = page.put(
        row, column, _YEAR, Kind.INPUT, number_format="0", validation=_ACCEPTED,
        datum=setting("mesi", item="file", name=True), name="Mesi_del_periodo",
    ).split("!")[1]  # fmt: skip
    empty = '""'
    page.put(row, remark, f"={remarks.on_numbers({label: months}, empty)}", Kind.CHECK)
    return months
