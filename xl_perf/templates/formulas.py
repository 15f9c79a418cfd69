"""The formulas that several workbooks share, as text.

Formulas with our functions test for empty cells first, with Excel's own functions. Our functions would give the same
empty result, but LibreOffice calculates formulas with an empty stored result again when it opens a file, and without
the add-in it would show an error instead of an empty cell.
"""

from __future__ import annotations

BETTER = "▲ meglio dell'obiettivo"
NEAR = "● in linea"
WORSE = "▼ peggio dell'obiettivo"


def verdict(score: str, band: str, centre: str) -> str:
    """A score in words: better, in line (within the band around the target), worse; empty for an empty score.

    Args:
        score: reference to the score.
        band: reference to the half width of the band, in points.
        centre: reference to the score of the target itself (100).
    """
    return f'=IF({score}="","",IF({score}>{centre}+{band},"{BETTER}",IF({score}<{centre}-{band},"{WORSE}","{NEAR}")))'


def shown(reference: str) -> str:
    """A cell's value; empty where the cell is empty (a plain reference would give 0)."""
    return f'=IF({reference}="","",{reference})'


def total(cells: str) -> str:
    """Sum of the reported cells; empty where none is reported."""
    return f'=IF(COUNT({cells})=0,"",SUM({cells}))'


def complete_sum(values: str, results: str, reported: str) -> str:
    """Sum of the values of the rows that have a result; empty where no row is reported.

    A ratio of sums needs both its parts for every row: a row with a numerator alone stays out of both sums.
    """
    return f'=IF({reported}=0,"",SUMPRODUCT({values}*({results}<>"")))'


def unless_empty(call: str, *cells: str) -> str:
    """A call that is made when none of the cells is empty; empty otherwise, errors pass."""
    for cell in reversed(cells):
        call = f'IF({cell}="","",{call})'
    return f"={call}"


def unless_all_empty(call: str, cells: str) -> str:
    """A call that is made when some cell of a range is not empty."""
    return f'=IF(SUMPRODUCT(({cells}<>"")*1)=0,"",{call})'


def unless_any_empty(call: str, cells: str) -> str:
    """A call that is made when every cell of a range is filled."""
    return f'=IF(SUMPRODUCT(({cells}="")*1)>0,"",{call})'
