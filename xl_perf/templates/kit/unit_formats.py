"""Number formats that follow the unit beside them, for cards whose rows change with what is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from xl_perf.plan.model import Unit
from xl_perf.templates.kit import styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page

_FORMATS = ((200, styles.PERCENT, (Unit.PERCENT,)), (201, styles.EURO, (Unit.EURO, Unit.PIECES)))
"""Identifier of a format of the file's own, the format, the units that have it; others keep the cell's format."""


def format_by_unit(
    page: Page, table: Placed, headings: Sequence[str], unit: str, *, signed: bool = False
) -> None:
    """Give the cells of neighbouring columns the format of the unit in their row.

    Args:
        page: the sheet of the table.
        table: the table.
        headings: the columns, the first and the last of them side by side.
        unit: heading of the column that holds the unit in words.
        signed: whether the numbers are differences, which show their sign.
    """
    first = min(table.numbers.values())
    cells = f"{table.letters[headings[0]]}{first}:{table.letters[headings[-1]]}{table.last}"
    for number, text, units in _FORMATS:
        test = "+".join(f'(${table.letters[unit]}{first}="{name}")' for name in units)
        code = f"+{text};\\-{text};{text}" if signed else text
        style = DifferentialStyle(numFmt=NumberFormat(numFmtId=number + 2 * signed, formatCode=code))
        page.sheet.conditional_formatting.add(
            cells, Rule(type="expression", dxf=style, formula=[f"{test}>0"])
        )
