"""Possessive repetition of groups in regular expressions, right on every Python.

Until 3.11.4 Python leaves off where the last, failing attempt of a possessively repeated group got to, if that attempt
had begun to match: `(?:a(?:b)?d)?+` finds `a` in `aba`. Text that fits is refused then, and text that does not fit may
be taken. An atomic group as the body goes back to where it began; where Python is right it would only cost time.
"""

from __future__ import annotations

import re
from typing import Final

GOES_BACK: Final[bool] = re.match(b"(?:a(?:b)?d)?+", b"aba").end() == 0  # type: ignore[union-attr]
"""Whether Python itself goes back to the end of the last repetition that matched."""


def repeated(body: bytes, quantifier: bytes = b"*") -> bytes:
    """A pattern that repeats another without ever giving back what a repetition matched.

    Args:
        body: what is repeated.
        quantifier: `*`, `+` or `?`.
    """
    inner = body if GOES_BACK else b"(?>" + body + b")"
    return b"(?:" + inner + b")" + quantifier + b"+"
