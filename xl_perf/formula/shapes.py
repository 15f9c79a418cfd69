"""The shape of a formula: what it has in common with the formulas above and below it."""

from __future__ import annotations

import re
from typing import Dict, List  # noqa: UP035

from xl_perf.formula.refs import COLUMN, ROW

_KEPT = rb"\"[^\"]*\"|'[^']*'!?|[\w.]+!|\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]"
_ROW_NUMBER = re.compile(
    rb"(%b)|(?<![\w.\\\x80-\xff])(\$?%b\$?|\$)(%b)(?![\w.(!'\[\\?\x80-\xff])"
    % (_KEPT, COLUMN.encode(), ROW.encode()),
    re.DOTALL,
)
"""The row number of a reference, with what comes before it.

The first group is what is kept as it is: texts, names of sheets
and what stands in square brackets; the numbers in names are none either."""
_HEIGHTS = re.compile(rb"\$?[A-Za-z]{1,3}\$?([0-9]+):\$?[A-Za-z]{1,3}\$?([0-9]+)")
_SIZES_MATTER = re.compile(rb"(?:INDEX|SUMPRODUCT)\(", re.IGNORECASE)


class _Shapes(Dict[bytes, bytes]):  # noqa: UP006 - evaluated, by Python 3.8 too
    """Formulas -> their shape; the same formulas come back on every sheet and in every file."""

    _most = 32_768

    def __missing__(self, formula: bytes) -> bytes:
        plain = formula.replace(b"&quot;", b'"').replace(b"&apos;", b"'") if b"&" in formula else formula
        shape = _ROW_NUMBER.sub(lambda found: found[1] or found[2] + b"~", plain)
        if _SIZES_MATTER.search(formula):
            rows = [b"%d" % (int(last) - int(first)) for first, last in _HEIGHTS.findall(formula)]
            shape = b"|".join((shape, *rows))
        if len(self) < self._most:
            self[formula] = shape
        return shape


SHAPES = _Shapes()
"""A formula, or the element that holds it, in UTF-8 -> its shape.

Formulas of one shape differ in nothing but the row numbers of their references. Where a function asks how
large its ranges are, the shape says by how many rows they go on too.
"""


def row_numbers(formula: bytes, row: int) -> List[int]:  # noqa: UP006 - as above
    """The row numbers that `SHAPES` leaves out: fixed ones as they are, others by how far they are from a row."""
    return [
        int(number) if before.endswith(b"$") else int(number) - row
        for kept, before, number in _ROW_NUMBER.findall(formula)
        if not kept
    ]
