"""Deflating the parts that changed."""

from __future__ import annotations

import zlib
from typing import Final

_LEVEL: Final = 2
"""Of ISA-L's levels the one beyond which parts of workbooks get no smaller."""
_ZLIB_LEVEL: Final = 6


def deflate(data: bytes) -> bytes:
    """A raw deflate stream of the data, as zip entries hold it.

    ISA-L makes it, ten times faster than zlib and a tenth larger (`docs/decisions/0011-isal.md`); where there
    is no build of it for the machine zlib does.
    """
    try:
        from isal import isal_zlib  # noqa: PLC0415 - only when something is written
    except ImportError:
        deflater = zlib.compressobj(_ZLIB_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        return deflater.compress(data) + deflater.flush()
    fast = isal_zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return bytes(fast.compress(data) + fast.flush())
