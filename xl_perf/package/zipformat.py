"""The records of the zip format, as far as workbooks need them."""

from __future__ import annotations

import struct
from dataclasses import dataclass

END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
MAX32 = 0xFFFFFFFF
MAX16 = 0xFFFF
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR, UTF8, MASKED = 0x1, 0x8, 0x800, 0x2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the central directory; `start` and `end` bound all its bytes, header included."""

    name: str
    record: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    end: int
    data: int


def zip64_field(record: bytes) -> tuple[int, int] | None:
    """Offset and size of the zip64 extra's data inside a central record."""
    fields = CENTRAL.unpack_from(record)
    at = CENTRAL.size + fields[10]
    stop = at + fields[11]
    while at + 4 <= stop:
        kind, size = struct.unpack_from("<2H", record, at)
        if kind == 1 and at + 4 + size <= stop:
            return at + 4, size
        at += 4 + size
    return None
