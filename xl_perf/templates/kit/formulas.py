"""The formulas that several workbooks share, as text.

Formulas with our functions test for empty cells first, with Excel's own functions. Our functions would give the same
empty result, but LibreOffice calculates formulas with an empty stored result again when it opens a file, and without
the add-in it would show an error instead of an empty cell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELL = re.compile(r"\$?[A-Z]{1,3}\$?(?P<row>[0-9]+)$")

BETTER = "▲ meglio"
NEAR = "● in linea"
WORSE = "▼ sotto"


def verdict(score: str, band: str, centre: str) -> str:
    """A score in words: better, in line (within the band around the target), worse; empty for an empty score.

    Args:
        score: reference to the score.
        band: reference to the half width of the band, in points.
        centre: reference to the score of the target itself (100).
    """
    return f'=IF({score}="","",IF({score}>{centre}+{band},"{BETTER}",IF({score}<{centre}-{band},"{WORSE}","{NEAR}")))'


def direction(cell: str) -> str:
    """The direction of an indicator in words: whether higher (1) or lower (-1) is better."""
    return f'=IF({cell}=-1,"più basso è meglio","più alto è meglio")'


def shown(reference: str) -> str:
    """A cell's value; empty where the cell is empty (a plain reference would give 0)."""
    return f'=IF({reference}="","",{reference})'


def blank(cells: str) -> str:
    """The condition that nothing is reported in some cells, e.g. `COUNTBLANK(F7:F14)=ROWS(F7:F14)`.

    A text and an error count as reported: what depends on them must be calculated, and becomes an error. `COUNT(...)=0`
    would take them for empty cells, and the score above would rise without a word.

    Args:
        cells: references, each to one cell or to cells of one row or column, joined by commas.
    """
    parts = cells.split(",")
    return f"{'+'.join(f'COUNTBLANK({part})' for part in parts)}={_size(parts)}"


def unless_blank(call: str, cells: str) -> str:
    """A call that is made when something is reported in some cells, a text or an error included; see `blank`."""
    return f'=IF({blank(cells)},"",{call})'


def total(cells: str) -> str:
    """Sum of the reported cells; empty where none is reported, #VALUE! where one is a text or an error."""
    parts = cells.split(",")
    known = "+".join(f"COUNTBLANK({part})" for part in parts)
    return f'=IF({known}={_size(parts)},"",IF(COUNT({cells})+{known}<{_size(parts)},#VALUE!,SUM({cells})))'


def mean(cells: str) -> str:
    """Mean of the reported cells; empty where none is reported, #VALUE! where one is a text or an error."""
    parts = cells.split(",")
    known = "+".join(f"COUNTBLANK({part})" for part in parts)
    ratio = f"SUM({cells})/COUNT({cells})"
    return f'=IF({known}={_size(parts)},"",IF(COUNT({cells})+{known}<{_size(parts)},#VALUE!,{ratio}))'


def _size(parts: Sequence[str]) -> str:
    """Number of cells of some references: single cells are counted, ranges measured when the formula is calculated."""
    single = sum(":" not in part for part in parts)
    measured = [_length(part) for part in parts if ":" in part]
    return "+".join([*measured, *([str(single)] if single else [])])


def _length(part: str) -> str:
    first, last = (_CELL.search(cell) for cell in part.split(":"))
    across = first is not None and last is not None and first["row"] == last["row"]
    return f"{'COLUMNS' if across else 'ROWS'}({part})"


def complete_sum(values: str, results: str) -> str:
    """Sum of the values of the rows that have a result; empty where no row is reported.

    A ratio of sums needs both its parts for every row: a row with a numerator alone stays out of both sums.
    """
    return unless_blank(f'SUMPRODUCT({values}*({results}<>""))', results)


def complete(call: str, *cells: str, otherwise: str = '""') -> str:
    """A call that is made when every cell is filled; empty while one is missing, #VALUE! where another is no number.

    `unless_empty` would leave a text or an error unseen as long as the cell beside it is empty.

    Args:
        call: the call.
        cells: references to cells or ranges that hold numbers.
        otherwise: what stands for "empty": 0 where what is missing counts nothing.
    """
    parts = ",".join(cells).split(",")
    known = "+".join(f"COUNTBLANK({part})" for part in parts)
    return f"=IF({known}=0,{call},IF(COUNT({','.join(parts)})+{known}<{_size(parts)},#VALUE!,{otherwise}))"


def strict_total(cells: str) -> str:
    """Sum that is empty until every cell is filled, #VALUE! where one is a text or an error."""
    return complete(f"IF(COUNT({cells})<{_size(cells.split(','))},#VALUE!,SUM({cells}))", cells)


def unless_empty(call: str, cell: str) -> str:
    """A call that is made when a cell is not empty; an error in it passes. For several cells: `complete`."""
    return f'=IF({cell}="","",{call})'


def unless_all_empty(call: str, cells: str) -> str:
    """A call that is made when some cell of a range is not empty."""
    return f'=IF(SUMPRODUCT(({cells}<>"")*1)=0,"",{call})'


def unless_any_empty(call: str, cells: str) -> str:
    """A call that is made when every cell of a range is filled."""
    return f'=IF(SUMPRODUCT(({cells}="")*1)>0,"",{call})'
