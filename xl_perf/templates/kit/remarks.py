"""Remarks on the data of a row: which column holds something that is no number, in words.

A remark begins with `▼` and the heading of the column; the summaries of a workbook count what begins with `▼`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MARK = "▼"
NO_NUMBER = "testo o errore al posto di un numero"
NO_CHOICE = "valore non ammesso"


def not_numbers(cells: str) -> str:
    """The condition that some filled inputs hold no number: a text, an error, TRUE or FALSE.

    A formula that gives an empty text counts as one; see `not_number`.

    Args:
        cells: references to cells or ranges, joined by commas.
    """
    joined = formulas.side_by_side(cells)
    return f"COUNTA({joined})>COUNT({joined})"


def not_number(cell: str) -> str:
    """The condition that a cell, input or formula, is neither empty nor a number."""
    return f"COUNT({cell})+COUNTBLANK({cell})<1"


def not_among(cell: str, choices: Iterable[str]) -> str:
    """The condition that a filled cell holds none of some texts."""
    known = "+".join(f'COUNTIF({cell},"{choice}")' for choice in choices)
    return f"COUNTBLANK({cell})+{known}=0"


def not_listed(cell: str, listed: str) -> str:
    """The condition that a filled cell holds nothing of a list.

    Args:
        cell: reference to the cell.
        listed: reference to the cells of the list.
    """
    return f"AND(COUNTBLANK({cell})=0,ISERROR(MATCH({cell},{listed},0)))"


def remark(conditions: Iterable[tuple[str, str]], otherwise: str) -> str:
    """The remark of the first condition that holds, as an expression.

    Args:
        conditions: condition and the words after the arrow.
        otherwise: expression when none holds.
    """
    for condition, words in reversed(list(conditions)):
        otherwise = f'IF({condition},"{MARK} {words}",{otherwise})'
    return otherwise


def on_numbers(cells: Mapping[str, str], otherwise: str) -> str:
    """The remark that names the first column whose cell is no number, as an expression.

    Args:
        cells: heading of a column -> reference to its cell in the row.
        otherwise: expression when all are numbers or empty.
    """
    *before, last = cells
    if not before:
        return remark([(not_numbers(cells[last]), f"{last}: {NO_NUMBER}")], otherwise)
    name = f'"{last}"'
    for heading in reversed(before):
        name = f'IF({not_numbers(cells[heading])},"{heading}",{name})'
    return f'IF({not_numbers(",".join(cells.values()))},"{MARK} "&{name}&": {NO_NUMBER}",{otherwise})'


def on_line(cells: Mapping[str, str], whole: str, otherwise: str) -> str:
    """The remark that names every column of a long line whose cell is no number, as an expression.

    Args:
        cells: heading of a column -> reference to its cell in the row.
        whole: references to the same cells as ranges, joined by commas.
        otherwise: expression when all are numbers or empty.
    """
    names = "&".join(f'IF({not_numbers(cell)}," {heading}","")' for heading, cell in cells.items())
    parts = whole.split(",")
    wrong = "+".join(f"({not_numbers(part)})" for part in parts) if len(parts) > 1 else not_numbers(whole)
    return f'IF({wrong},"{MARK}"&{names}&": {NO_NUMBER}",{otherwise})'


def counted(cells: str) -> str:
    """How many remarks stand in some cells, as an expression."""
    return f'COUNTIF({cells},"{MARK}*")'


def first(ranges: Iterable[str]) -> str:
    """The first remark in some ranges, as an expression; an empty text where there is none."""
    found = '""'
    for cells in reversed(list(ranges)):
        found = f'IF({counted(cells)}>0,INDEX({cells},MATCH("{MARK}*",{cells},0)),{found})'
    return found
