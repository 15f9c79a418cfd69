"""Writing a zip again with some entries changed: all others keep every byte."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from xl_perf.package.deflate import deflate
from xl_perf.package.mark import CLEAN, NO_DATE, STALE, marked
from xl_perf.package.zipformat import (
    CENTRAL,
    DEFLATED,
    DESCRIPTOR,
    LOCAL,
    LOCATOR64,
    MAX16,
    MAX32,
    UTF8,
    zip64_field,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xl_perf.package.archive import Archive
    from xl_perf.package.zipformat import Entry


_VERSION = 20
"""Of the zip format that a new entry needs."""
_DAY = 0x22
"""2 January 1980: entries of Office have the day before."""


def rewrite(
    archive: Archive,
    changes: Mapping[str, bytes],
    drop: Collection[str],
    add: Mapping[str, bytes],
    *,
    stale: bool | None = None,
) -> bytes:
    """See `Archive.rewrite`."""
    fresh = {archive.stored_name(name): data for name, data in changes.items()}
    dropped = {archive.stored_name(name) for name in drop}
    if not fresh and not dropped and not add:
        return archive.content
    content = memoryview(archive.content)
    offset = min((entry.start for entry in archive.entries), default=0)
    pieces: list[bytes | memoryview] = [content[:offset]]
    records: dict[str, bytes] = {}
    for entry in sorted(archive.entries, key=lambda entry: entry.start):
        if entry.name in dropped:
            continue
        if entry.name in fresh:
            block, records[entry.name] = _pack(archive, entry, fresh[entry.name], offset)
            pieces.append(block)
        else:
            records[entry.name] = _moved(entry, offset)
            pieces.append(content[entry.start : entry.end])
        offset += len(pieces[-1])
    for name, data in add.items():
        block, records[name] = _made(name, data, offset)
        pieces.append(block)
        offset += len(block)
    if archive.untouched and not add:
        _mark(archive, records, set(fresh), pieces, stale=stale)
    in_order = (*(entry.name for entry in archive.entries if entry.name in records), *add)
    directory = b"".join(records[name] for name in in_order)
    pieces += [directory, _end(archive, len(records), len(directory), offset)]
    return b"".join(pieces)


def _mark(
    archive: Archive,
    records: dict[str, bytes],
    changed: set[str],
    pieces: list[bytes | memoryview],
    *,
    stale: bool | None,
) -> None:
    """Puts our mark on the entries that were changed now or before: in their records and their blocks."""
    in_order = {entry.name: records[entry.name] for entry in archive.entries if entry.name in records}
    changed = {name for name, record in in_order.items() if name in changed or record[12:16] != NO_DATE}
    state = archive.untouched if stale is None else STALE if stale else CLEAN
    found, date = marked(in_order, changed, state)
    records.update(found)
    blocks = [
        name.name for name in sorted(archive.entries, key=lambda entry: entry.start) if name.name in records
    ]
    for place, name in enumerate(blocks, start=1):
        if name in changed:
            block = bytes(pieces[place])
            pieces[place] = block[:10] + date + block[14:]


def _pack(archive: Archive, entry: Entry, data: bytes, offset: int) -> tuple[bytes, bytes]:
    """Local block and central record of a changed entry."""
    packed = data
    if entry.method == DEFLATED:
        packed = deflate(data)
    local = list(LOCAL.unpack_from(archive.content, entry.start))
    names = entry.start + LOCAL.size
    name = archive.content[names : names + local[9]]
    extra = _without_zip64(archive.content[names + local[9] : names + local[9] + local[10]])
    crc = zlib.crc32(data)
    local[2] &= ~DESCRIPTOR
    local[6:9] = crc, len(packed), len(data)
    local[10] = len(extra)
    block = LOCAL.pack(*local) + name + extra + packed

    central = list(CENTRAL.unpack_from(entry.record))
    at = CENTRAL.size + central[10]
    extra = _without_zip64(entry.record[at : at + central[11]])
    rest = entry.record[CENTRAL.size : at] + extra + entry.record[at + central[11] :]
    central[3] &= ~DESCRIPTOR
    central[7:10] = crc, len(packed), len(data)
    central[11] = len(extra)
    central[16] = offset
    return block, CENTRAL.pack(*central) + rest


def _made(name: str, data: bytes, offset: int) -> tuple[bytes, bytes]:
    """Local block and central record of a new entry, dated a day after the entries of Office."""
    packed, title = deflate(data), name.encode()
    sizes = zlib.crc32(data), len(packed), len(data)
    local = LOCAL.pack(b"PK\3\4", _VERSION, UTF8, DEFLATED, 0, _DAY, *sizes, len(title), 0)
    central = CENTRAL.pack(
        b"PK\1\2", _VERSION, _VERSION, UTF8, DEFLATED, 0, _DAY, *sizes, len(title), 0, 0, 0, 0, 0, offset
    )
    return local + title + packed, central + title


def _end(archive: Archive, count: int, size: int, offset: int) -> bytes:
    """The end records with the new numbers; zip64 ones stay where there were some."""
    tail = bytearray(archive.end_records)
    at = 0
    if tail[:4] == b"PK\6\6":
        struct.pack_into("<4Q", tail, 24, count, count, size, offset)
        at = tail.index(b"PK\6\7")
        struct.pack_into("<Q", tail, at + 8, offset + size)
        at += LOCATOR64.size
    for place, form, value in ((8, "<H", count), (10, "<H", count), (12, "<L", size), (16, "<L", offset)):
        largest = MAX16 if form == "<H" else MAX32
        if struct.unpack_from(form, tail, at + place)[0] != largest:
            struct.pack_into(form, tail, at + place, value)
    return bytes(tail)


def _moved(entry: Entry, offset: int) -> bytes:
    """The central record of an unchanged entry at a new offset."""
    if entry.start == offset:
        return entry.record
    record = bytearray(entry.record)
    fields = CENTRAL.unpack_from(record)
    if fields[16] != MAX32:
        struct.pack_into("<L", record, 42, offset)
        return bytes(record)
    found = zip64_field(entry.record)
    assert found is not None
    before = sum(value == MAX32 for value in (fields[8], fields[9]))
    struct.pack_into("<Q", record, found[0] + 8 * before, offset)
    return bytes(record)


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields without the zip64 one: sizes of a rewritten entry fit in the header."""
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept + extra[at:]
