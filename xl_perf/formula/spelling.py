"""The names of functions as files spell them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN_PREFIX = re.compile(r"(?:_XLUDF\.|_XLL\.|_XLFN\.|XLPERF\.)+")
_OFFICE_PREFIX = "_XLDUDF_"
USED = "XLPERF.USATO"
"""The function of our add-in for Calc that gives the part of a range that its sheet uses."""


def spelled(name: str, ours: Iterable[str]) -> str | None:
    """Our function that a name in a file means.

    Args:
        name: the name as the file spells it, without sheet or book prefix; any case.
        ours: our functions by canonical name (capitals); a mapping or set.

    Returns:
        The canonical name, or None where it is none of ours.
    """
    upper = name.upper()
    if upper in ours:
        return upper
    if upper.startswith(_OFFICE_PREFIX):
        rest = upper[len(_OFFICE_PREFIX) :]
        found = [known for known in ours if rest.endswith("_" + known)]
        return max(found, key=len) if found else None
    plain = _PLAIN_PREFIX.sub("", upper, count=1)
    return plain if plain in ours else None


def builtin_name(name: str) -> str:
    """A built-in function's name without the prefixes that files put before newer functions, in capitals."""
    upper = name.upper()
    for prefix in ("_XLFN.", "_XLWS."):
        if upper.startswith(prefix):  # noqa: FURB188 - Python 3.8 has no removeprefix
            upper = upper[len(prefix) :]
    return upper
