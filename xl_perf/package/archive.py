"""A zip in memory, read with suspicion and rewritten so that untouched entries keep every byte."""

from __future__ import annotations

import re
import zlib
from functools import cached_property
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.mark import state_of
from xl_perf.package.zipformat import (
    CENTRAL,
    DEFLATED,
    ENCRYPTED,
    END,
    END64,
    LOCAL,
    LOCATOR64,
    MASKED,
    MAX16,
    MAX32,
    STORED,
    UTF8,
    Entry,
    zip64_field,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xl_perf.package.model import Limits

_RATIO_FROM = 16 * 1024 * 1024
_DAMAGED = "the file is damaged or incomplete: take it from a backup or send it again"
_BAD_NAME = re.compile(r"^/|\0|^[A-Za-z]:|(?:^|/)\.\.?(?:/|$)|//")


class Archive:
    """The entries of a zip file held in memory.

    Args:
        content: the whole file.
        where: the file's name for messages.
        limits: what it may cost.

    Raises:
        WorkbookError: truncated, damaged, overlapping or duplicate entries, names that leave the package,
            encrypted entries, unknown compression, several disks, or more than the limits allow.
    """

    def __init__(self, content: bytes, where: str, limits: Limits) -> None:
        self.content = content
        self.where = where
        self._limits = limits
        self._directory, directory_size, count = self._find_directory()
        self.entries = self._check(self._split_directory(directory_size, count))
        self._by_name = {entry.name.lower(): entry for entry in self.entries}
        self._tail = self._directory + directory_size

    def names(self) -> tuple[str, ...]:
        """Names of the entries in the order of the central directory, folders included."""
        return tuple(entry.name for entry in self.entries)

    @cached_property
    def untouched(self) -> str:
        """`clean` where the zip is as Office wrote it or as we left it, `stale` or empty (`xl_perf.package.mark`)."""
        types_first = bool(self.entries) and self.entries[0].name == "[Content_Types].xml"
        return state_of([entry.record for entry in self.entries], types_first=types_first)

    def find(self, name: str) -> str | None:
        """The name under which an entry is stored (case does not count in packages), or None."""
        return entry.name if (entry := self._by_name.get(name.lower())) else None

    def read(self, name: str) -> bytes:
        """The inflated bytes of an entry, its CRC checked.

        Raises:
            WorkbookError: no such entry, damaged data, or more than the limits allow.
        """
        entry = self._by_name.get(name.lower())
        if entry is None:
            raise WorkbookError(f"the part {name} is missing", where=self.where, remedy=_DAMAGED)
        where = f"{self.where}, {entry.name}"
        packed = self.content[entry.data : entry.data + entry.packed]
        data = packed if entry.method == STORED else self._inflate(packed, entry.size, where)
        if len(data) != entry.size or zlib.crc32(data) != entry.crc:
            raise WorkbookError("the part does not match its checksum", where=where, remedy=_DAMAGED)
        return data

    @staticmethod
    def _inflate(packed: bytes, size: int, where: str) -> bytes:
        inflater = zlib.decompressobj(-15)
        try:
            data = inflater.decompress(packed, size + 1)
        except zlib.error as error:
            raise WorkbookError(
                f"the part cannot be inflated ({error})", where=where, remedy=_DAMAGED
            ) from error
        if len(data) > size or inflater.unconsumed_tail:
            raise WorkbookError("the part is longer than it declares", where=where, remedy=_DAMAGED)
        return data

    def _bad(self, what: str) -> WorkbookError:
        return WorkbookError(what, where=self.where, remedy=_DAMAGED)

    def _find_directory(self) -> tuple[int, int, int]:
        """Offset, size and number of records of the central directory."""
        content = self.content
        end = -1
        at = content.rfind(b"PK\5\6")
        while at >= 0 and at >= len(content) - END.size - MAX16:
            if at + END.size <= len(content):
                comment = int.from_bytes(content[at + 20 : at + 22], "little")
                if at + END.size + comment == len(content):
                    end = at
                    break
            at = content.rfind(b"PK\5\6", 0, at)
        if end < 0:
            raise self._bad("the zip has no end: the file is truncated")
        _, disk, disk_start, here, count, size, offset, _ = END.unpack_from(content, end)
        limit = end
        locator = end - LOCATOR64.size
        if MAX16 in (here, count) or MAX32 in (size, offset):
            if locator < 0 or content[locator : locator + 4] != b"PK\6\7":
                if count == MAX16 or MAX32 in (size, offset):
                    raise self._bad("the zip64 records are missing")
            else:
                _, _, end64, _ = LOCATOR64.unpack_from(content, locator)
                if end64 + END64.size > locator or content[end64 : end64 + 4] != b"PK\6\6":
                    raise self._bad("the zip64 records are damaged")
                _, _, _, _, disk, disk_start, here, count, size, offset = END64.unpack_from(content, end64)
                limit = end64
        if disk or disk_start or here != count:
            raise self._bad("the zip is spread over several disks")
        if offset + size != limit:
            raise self._bad("the zip's directory is not where it should be")
        return offset, size, count

    def _split_directory(self, size: int, count: int) -> list[tuple[bytes, tuple[int, ...]]]:
        if count > self._limits.entries:
            raise WorkbookError(
                f"the zip has {count:,} entries",
                where=self.where,
                expected=f"at most {self._limits.entries:,}",
            )
        records = []
        at = self._directory
        stop = at + size
        for _ in range(count):
            if at + CENTRAL.size > stop or self.content[at : at + 4] != b"PK\1\2":
                raise self._bad("the zip's directory is damaged")
            fields = CENTRAL.unpack_from(self.content, at)[1:]
            length = CENTRAL.size + fields[9] + fields[10] + fields[11]
            if at + length > stop:
                raise self._bad("the zip's directory is damaged")
            records.append((self.content[at : at + length], fields))
            at += length
        if at != stop:
            raise self._bad("the zip's directory is damaged")
        return records

    def _check(self, records: list[tuple[bytes, tuple[int, ...]]]) -> tuple[Entry, ...]:
        starts, sizes = [], []
        for record, fields in records:
            size, packed, start = self._sizes(record, fields)
            starts.append(start)
            sizes.append((size, packed))
        ends = dict(zip(sorted(starts), [*sorted(starts)[1:], self._directory], strict=True))
        if len(ends) != len(starts):
            raise self._bad("entries of the zip overlap")
        entries = []
        seen: set[str] = set()
        total = 0
        for (record, fields), start, (size, packed) in zip(records, starts, sizes, strict=True):
            entry = self._entry(record, fields, (start, ends[start]), (size, packed))
            self._check_entry(entry)
            if entry.name.lower() in seen:
                raise self._bad(f"the zip holds {entry.name} twice")
            seen.add(entry.name.lower())
            total += size
            entries.append(entry)
        if total > self._limits.inflated_bytes:
            raise WorkbookError(
                f"the parts inflate to {total:,} bytes",
                where=self.where,
                expected=f"at most {self._limits.inflated_bytes:,}",
            )
        return tuple(entries)

    def _sizes(self, record: bytes, fields: tuple[int, ...]) -> tuple[int, int, int]:
        """Inflated size, packed size and offset of an entry, from the zip64 extra where it holds them."""
        packed, size, start = fields[7], fields[8], fields[15]
        if MAX32 not in (packed, size, start):
            return size, packed, start
        wanted = [value == MAX32 for value in (size, packed, start)]
        found = zip64_field(record)
        if found is None or found[1] < 8 * sum(wanted):
            raise self._bad("the zip64 fields of an entry are missing")
        values = [size, packed, start]
        at = found[0]
        for index, is_wanted in enumerate(wanted):
            if is_wanted:
                values[index] = int.from_bytes(record[at : at + 8], "little")
                at += 8
        return values[0], values[1], values[2]

    def _entry(
        self, record: bytes, fields: tuple[int, ...], extent: tuple[int, int], sizes: tuple[int, int]
    ) -> Entry:
        start, end = extent
        size, packed = sizes
        flags, method, crc, name_size = fields[2], fields[3], fields[6], fields[9]
        raw_name = record[CENTRAL.size : CENTRAL.size + name_size]
        try:
            name = raw_name.decode("utf-8" if flags & UTF8 else "cp437")
        except UnicodeDecodeError:
            raise self._bad("an entry of the zip has a name that is not text") from None
        head = self.content[start : start + LOCAL.size]
        if len(head) < LOCAL.size or head[:4] != b"PK\3\4":
            raise self._bad(f"the entry {name[:80]!r} has no header")
        local = LOCAL.unpack(head)
        data = start + LOCAL.size + local[9] + local[10]
        if self.content[start + LOCAL.size : start + LOCAL.size + local[9]] != raw_name:
            raise self._bad(f"the entry {name[:80]!r} has two names")
        if data + packed > end:
            raise self._bad(f"the entry {name[:80]!r} is incomplete")
        # some writers store Windows paths; their separators count as those of a package
        name = name.replace("\\", "/")
        return Entry(name, record, flags, method, crc, packed, size, start, end, data)

    def _check_entry(self, entry: Entry) -> None:
        limits = self._limits
        shown = entry.name[:80]
        if _BAD_NAME.search(entry.name) or not entry.name:
            raise WorkbookError(
                f"the entry name {shown!r} leads out of the package",
                where=self.where,
                remedy="do not open this file",
            )
        if entry.flags & (ENCRYPTED | MASKED):
            raise WorkbookError(
                f"the entry {shown} is encrypted", where=self.where, remedy="save it without password"
            )
        if entry.method not in (STORED, DEFLATED):
            raise WorkbookError(
                f"the entry {shown} has compression method {entry.method}",
                where=self.where,
                expected="deflate",
            )
        if entry.size > limits.part_bytes:
            raise WorkbookError(
                f"the part {shown} inflates to {entry.size:,} bytes",
                where=self.where,
                expected=f"at most {limits.part_bytes:,}",
            )
        if entry.size > _RATIO_FROM and entry.size > limits.ratio * max(entry.packed, 1):
            raise WorkbookError(
                f"the part {shown} inflates to {entry.size // max(entry.packed, 1):,} times its size",
                where=self.where,
                expected=f"at most {limits.ratio:,} times",
                remedy="do not open this file",
            )

    def stored_name(self, name: str) -> str:
        """The name under which an entry is stored.

        Raises:
            WorkbookError: no such entry.
        """
        stored = self.find(name)
        if stored is None:
            raise WorkbookError(f"the part {name} is missing", where=self.where, remedy=_DAMAGED)
        return stored

    @property
    def end_records(self) -> bytes:
        """What follows the central directory: the end records and the comment."""
        return self.content[self._tail :]

    def rewrite(
        self, changes: Mapping[str, bytes], drop: Collection[str] = (), *,
        add: Mapping[str, bytes] | None = None, stale: bool | None = None
    ) -> bytes:  # fmt: skip
        """The zip with some entries changed, dropped or added; all others keep every byte and their order.

        A changed entry keeps place, name, attributes, extra fields, compression, time (our mark in a zip of Office).

        Args:
            changes: entry name -> new inflated bytes.
            drop: names of entries to leave out.
            add: new ones; with them a zip of Office is one of Office no more.
            stale: formulas keep values from before a change; None leaves that as it was.

        Raises:
            WorkbookError: a name that is no entry.
        """
        from xl_perf.package.rewrite import rewrite  # noqa: PLC0415 - readers never need it

        return rewrite(self, changes, drop, add or {}, stale=stale)
