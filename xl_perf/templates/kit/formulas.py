"""The formulas that several workbooks share, as text.

Formulas with our functions test for empty cells first, with Excel's own functions. Our functions would give the same
empty result, but LibreOffice calculates formulas with an empty stored result again when it opens a file, and without
the add-in it would show an error instead of an empty cell.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.choices import Words

_IN_SHEET = re.compile(r"(?P<sheet>(?:'(?:[^']|'')+'!)?)\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[0-9]+)$")

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


HIGHER, LOWER = "più alto", "più basso"
"""What is better: the words of the direction of an indicator."""
DIRECTIONS: Words = ((HIGHER, 1), (LOWER, -1))
SIGNS: Words = (("più", 1), ("meno", -1))
"""Whether a row is added or taken away."""
YES_NO = '"sì";"no";"no"'
"""Number format that shows 1 and 0 in words."""


def number_of(cell: str, words: Words, otherwise: str) -> str:
    """The number of a choice that an input holds as a word, or as a number in older files, as a formula.

    Args:
        cell: the input.
        words: the words of the choice, each with its number.
        otherwise: value while the input is empty.
    """
    found = "#VALUE!"
    for word, number in reversed(words):
        found = f'IF(OR({cell}="{word}",{cell}={number:g}),{number:g},{found})'
    return f'IF({cell}="",{otherwise},{found})'


def choice_format(words: Words) -> str:
    """Number format that shows the numbers of a choice (one above zero, at most one below, zero) as their words."""
    parts = {math.copysign(1, number) if number else 0: word for word, number in words}
    return ";".join(f'"{parts[sign]}"' if sign in parts else "" for sign in (1, -1, 0))


DIRECTION_FORMAT = choice_format(DIRECTIONS)
"""Shows 1 and -1 as what is better."""


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
    parts = _parts(cells)
    return f"{_blanks(parts)}={_size(parts)}"


def unless_blank(call: str, cells: str) -> str:
    """A call that is made when something is reported in some cells, a text or an error included; see `blank`."""
    return f'=IF({blank(cells)},"",{call})'


def total(cells: str) -> str:
    """Sum of the reported cells; empty where none is reported, #VALUE! where one is a text or an error."""
    parts = _parts(cells)
    return f'=IF({_blanks(parts)}={_size(parts)},"",IF({_is_wrong(parts)},#VALUE!,SUM({",".join(parts)})))'


def mean(cells: str) -> str:
    """Mean of the reported cells; empty where none is reported, #VALUE! where one is a text or an error."""
    parts = _parts(cells)
    joined = ",".join(parts)
    ratio = f"SUM({joined})/COUNT({joined})"
    return f'=IF({_blanks(parts)}={_size(parts)},"",IF({_is_wrong(parts)},#VALUE!,{ratio}))'


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
    parts = _parts(",".join(cells))
    joined = ",".join(parts)
    empty = "+".join(f'({part}="")' if ":" not in part else f"COUNTBLANK({part})" for part in parts)
    if len(parts) == 1:
        empty = _blanks(parts)  # a comparison alone is no number
    wrong = f"COUNT({joined})+{empty}<{_size(parts)}"
    return f"=IF({empty}=0,{call},IF({wrong},#VALUE!,{otherwise}))"


def strict_total(cells: str) -> str:
    """Sum that is empty until every cell is filled, #VALUE! where one is a text or an error."""
    parts = _parts(cells)
    joined = ",".join(parts)
    return complete(f"IF(COUNT({joined})<{_size(parts)},#VALUE!,SUM({joined}))", joined)


def side_by_side(cells: str) -> str:
    """References joined by commas, with one range for three or more cells that stand side by side."""
    return ",".join(_parts(cells))


_WORTH = 3
"""Cells from which on a range is shorter in words."""


def _parts(cells: str) -> list[str]:
    """References joined by commas, cells that stand side by side as one range."""
    runs: list[list[str]] = []
    for part in cells.split(","):
        if runs and _follows(runs[-1][-1], part):
            runs[-1].append(part)
        else:
            runs.append([part])
    found: list[str] = []
    for run in runs:
        sheet = _IN_SHEET.fullmatch(run[-1])
        short = len(run) >= _WORTH and sheet is not None
        found += [f"{run[0]}:{run[-1][len(sheet['sheet']) :]}"] if short and sheet else run
    return found


def _follows(one: str, other: str) -> bool:
    """Whether a cell stands right of another one."""
    left, right = _IN_SHEET.fullmatch(one), _IN_SHEET.fullmatch(other)
    if left is None or right is None or (left["sheet"], left["row"]) != (right["sheet"], right["row"]):
        return False
    return bool(column_index_from_string(left["column"]) + 1 == column_index_from_string(right["column"]))


def _blanks(parts: Sequence[str]) -> str:
    return "+".join(f"COUNTBLANK({part})" for part in parts)


def _is_wrong(parts: Sequence[str]) -> str:
    """The condition that some of the reported cells hold no number."""
    return f"COUNT({','.join(parts)})+{_blanks(parts)}<{_size(parts)}"


def _size(parts: Sequence[str]) -> str:
    """Number of cells of some references: cells of a row are counted, rows measured when the formula is calculated."""
    known, measured = 0, []
    for part in parts:
        first, last = (_IN_SHEET.search(cell) for cell in (part.split(":") * 2)[:2])
        if first is None or last is None:
            measured.append(f"ROWS({part})")
        elif first["row"] == last["row"]:
            ends = (column_index_from_string(each["column"]) for each in (last, first))
            known += next(ends) - next(ends) + 1
        else:
            measured.append(f"ROWS({part})")
    return "+".join([*measured, *([str(known)] if known else [])])


def unless_empty(call: str, cell: str) -> str:
    """A call that is made when a cell is not empty; an error in it passes. For several cells: `complete`."""
    return f'=IF({cell}="","",{call})'


def unless_all_empty(call: str, cells: str) -> str:
    """A call that is made when some cell of a range is not empty."""
    return f'=IF(SUMPRODUCT(({cells}<>"")*1)=0,"",{call})'


def unless_any_empty(call: str, cells: str) -> str:
    """A call that is made when every cell of a range is filled."""
    return f'=IF(SUMPRODUCT(({cells}="")*1)>0,"",{call})'
