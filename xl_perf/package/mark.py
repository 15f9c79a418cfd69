"""Our mark on a file that Excel saved: it tells that nobody but us wrote the file since.

Office gives no entry of its zip a date of its own. The entries that we change in such a file get one, made of
a digest of
the whole directory: names, sizes and checksums of all entries. Whoever else writes the file gives entries
other dates, or other content to entries without one, and the digest does not fit any more.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_DATE: Final = b"\0\0\x21\0"
"""Midnight of 1 January 1980: time and date as entries hold them."""
_AT: Final = slice(12, 16)
"""Where a central record holds them."""
CLEAN, STALE = "clean", "stale"


def date_of(records: Iterable[bytes], state: str) -> bytes:
    """The time and date of changed entries: a digest of the directory in 30 bits, a moment from 1981 to 2044.

    Args:
        records: the central records of all entries.
        state: `clean`, or `stale` where formulas kept values from before a change.
    """
    digest = hashlib.sha256(state.encode())
    for record in records:
        digest.update(record[16:28])  # checksum and both sizes
        name_size = struct.unpack_from("<H", record, 28)[0]
        digest.update(record[46 : 46 + name_size] + b"\0")
    number = int.from_bytes(digest.digest()[:8], "little")
    fields = []
    for count in (30, 60, 24, 28, 12, 64):
        number, rest = divmod(number, count)
        fields.append(rest)
    seconds, minutes, hours, day, month, year = fields
    time = hours << 11 | minutes << 5 | seconds
    date = (year + 1) << 9 | (month + 1) << 5 | (day + 1)
    return struct.pack("<2H", time, date)


def state_of(records: list[bytes], *, types_first: bool) -> str:
    """`clean` for a zip as Office writes it or as we left it, `stale` (see `date_of`), empty for any other."""
    dates = {record[_AT] for record in records}
    if not types_first or NO_DATE not in dates or len(dates) > 2:
        return ""
    if dates == {NO_DATE}:
        return CLEAN
    own = (dates - {NO_DATE}).pop()
    return next((state for state in (CLEAN, STALE) if own == date_of(records, state)), "")


def marked(records: dict[str, bytes], changed: set[str], state: str) -> tuple[dict[str, bytes], bytes]:
    """The central records with our mark on the changed entries, and the date itself."""
    date = date_of(records.values(), state)
    return {
        name: record[:12] + date + record[16:] if name in changed else record
        for name, record in records.items()
    }, date
