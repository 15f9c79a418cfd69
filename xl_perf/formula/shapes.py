"""The shape of a formula: what it has in common with the formulas above and below it."""

from __future__ import annotations

import re
from typing import Dict  # noqa: UP035

_ROW_NUMBERS = re.compile(rb"""("[^"]*"|'[^']*'|[\w.]+!)|(?<=[A-Za-z$])[0-9]+(?![\w.(!'\[])""")
"""Row numbers; the numbers in texts and in names of sheets, which the first group matches, are none, nor are those inside
of names."""
_HEIGHTS = re.compile(rb"\$?[A-Za-z]{1,3}\$?([0-9]+):\$?[A-Za-z]{1,3}\$?([0-9]+)")
_SIZES_MATTER = re.compile(rb"(?:INDEX|SUMPRODUCT)\(", re.IGNORECASE)


class _Shapes(Dict[bytes, bytes]):  # noqa: UP006 - evaluated, by Python 3.8 too
    """Formulas -> their shape; the same formulas come back on every sheet and in every file."""

    _most = 32_768

    def __missing__(self, formula: bytes) -> bytes:
        plain = formula.replace(b"&quot;", b'"').replace(b"&apos;", b"'") if b"&" in formula else formula
        shape = _ROW_NUMBERS.sub(lambda found: found[1] or b"0", plain)
        if _SIZES_MATTER.search(formula):
            rows = [b"%d" % (int(last) - int(first)) for first, last in _HEIGHTS.findall(formula)]
            shape = b"|".join((shape, *rows))
        if len(self) < self._most:
            self[formula] = shape
        return shape


SHAPES = _Shapes()
"""A formula, or the element that holds it, in UTF-8 -> its shape.

Formulas of one shape differ in nothing but the row numbers of their references. Where a function asks how large its ranges
are, the shape says by how many rows they go on too.
"""
