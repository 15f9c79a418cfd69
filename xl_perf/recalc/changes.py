"""What a file's report says of single cells, packed: a batch keeps the reports of all its files until its end.

A workbook has thousands of changed cells, and each as an object of its own would cost more to send from the worker
process and to keep than to calculate. Here they are columns in one piece of bytes, read back when somebody looks at
them; the `Spool` of a batch keeps what exceeds a few MiB in a temporary file.
"""

from __future__ import annotations

import pickle
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

from xl_perf.recalc.model import CellNote, Change, NewError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self, TypeAlias

    from xl_perf.recalc.model import FileReport
    from xl_perf.recalc.spool import Place, Spool
    from xl_perf.values import CellError, CellValue

    Cells: TypeAlias = Sequence[str] | Sequence[bytes]
    """A1 addresses, as text or as bytes in ASCII."""

_Row = TypeVar("_Row", bound="Change | CellNote | NewError")


class Packed(Sequence[_Row]):
    """An immutable sequence of rows, each about a cell of a sheet; equal to a tuple or list of the same rows.

    Made by `of`, or by `from_columns` of its subclasses.
    """

    __slots__ = ("_data", "_length")

    _FIELDS: ClassVar[tuple[str, ...]]
    """The row's fields after sheet and cell."""
    _MAKE: ClassVar[Callable[..., Any]]
    """Makes a row of all its fields."""

    def __init__(self, length: int, data: bytes | Place) -> None:
        self._length = length
        self._data = data

    @classmethod
    def of(cls, rows: Iterable[_Row]) -> Self:
        """Packs rows, in their order; what is packed already is given back."""
        if isinstance(rows, cls):
            return rows
        return cls._pack(cls._columns(rows))

    @classmethod
    def _columns(cls, rows: Iterable[_Row]) -> Iterator[tuple[str, Cells, list[Sequence[Any]]]]:
        for sheet, found in groupby(rows, lambda row: row.sheet):
            run = list(found)
            yield sheet, [row.cell for row in run], [[getattr(row, f) for row in run] for f in cls._FIELDS]

    @classmethod
    def _pack(cls, runs: Iterable[tuple[str, Cells, list[Sequence[Any]]]]) -> Self:
        """Packs runs of rows on one sheet: the sheet, the addresses of its cells, a column for each further field."""
        packed = []
        length = 0
        for sheet, cells, columns in runs:
            if any(len(column) != len(cells) for column in columns):
                raise ValueError(f"{sheet}: the columns are not of one length")
            if cells:
                packed.append((sheet, _joined(cells), *columns))
                length += len(cells)
        return cls(length, pickle.dumps(packed, pickle.HIGHEST_PROTOCOL) if packed else b"")

    @property
    def data(self) -> bytes:
        """The bytes that hold the rows."""
        return self._data if isinstance(self._data, bytes) else self._data.read()

    def runs(self) -> list[tuple[str, list[str], list[Sequence[Any]]]]:
        """The rows as columns: for each run of rows on one sheet the sheet, the cells, a column for each further field."""
        data = self.data
        if not data:
            return []
        found = pickle.loads(data)  # noqa: S301 - made by `_pack` in this program, in a worker of it at the farthest
        return [(sheet, cells.split("\n"), columns) for sheet, cells, *columns in found]

    def json_text(self) -> str:
        """The list of the rows' JSON objects (`to_json`) as JSON text, some times as fast as by way of the rows."""
        from json.encoder import encode_basestring  # noqa: PLC0415 - where a report is written

        parts: list[str] = []
        for sheet, cells, columns in self.runs():
            start = f'{{"sheet": {encode_basestring(sheet).replace("%", "%%")}, "cell": "%s"'
            row = start + "".join(f', "{field}": %s' for field in self._FIELDS) + "}"
            parts += map(row.__mod__, zip(cells, *map(_json_texts, columns), strict=True))
        return f"[{', '.join(parts)}]"

    def spooled(self, spool: Spool) -> Self:
        """The same rows, their bytes kept by a spool."""
        if not isinstance(self._data, bytes):
            return self
        return type(self)(self._length, spool.keep(self._data))

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[_Row]:
        make = self._MAKE
        for sheet, cells, columns in self.runs():
            for cell, *fields in zip(cells, *columns, strict=True):
                yield make(sheet, cell, *fields)

    @overload
    def __getitem__(self, index: int) -> _Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[_Row, ...]: ...
    def __getitem__(self, index: int | slice) -> _Row | tuple[_Row, ...]:
        """One row, or a tuple of them. Each call unpacks: whoever wants most of them iterates."""
        make = self._MAKE
        runs = self.runs()
        ends = list(accumulate(len(cells) for _, cells, _ in runs))

        def row(place: int) -> _Row:
            found = bisect_right(ends, place)
            sheet, cells, columns = runs[found]
            at = place - ends[found]  # from the end of the run
            made: _Row = make(sheet, cells[at], *(column[at] for column in columns))
            return made

        wanted = range(self._length)[index]
        return row(wanted) if isinstance(wanted, int) else tuple(map(row, wanted))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Packed, tuple, list)):
            return NotImplemented
        return len(self) == len(other) and all(mine == one for mine, one in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}.of({list(self)!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[int, bytes]]:
        return type(self), (self._length, self.data)


class Changes(Packed[Change]):
    """Stored values that differ from the calculated ones."""

    __slots__ = ()
    _FIELDS = ("old", "new")
    _MAKE = Change

    @classmethod
    def from_columns(
        cls, sheets: Iterable[tuple[str, Cells, Sequence[CellValue], Sequence[CellValue]]]
    ) -> Self:
        """Packs columns: for each sheet its name, the addresses of the cells, the old and the new values.

        Raises:
            ValueError: columns that are not of one length.
        """
        return cls._pack((sheet, cells, [olds, news]) for sheet, cells, olds, news in sheets)


class Notes(Packed[CellNote]):
    """Things to say about cells."""

    __slots__ = ()
    _FIELDS = ("reason",)
    _MAKE = CellNote

    @classmethod
    def from_columns(cls, sheets: Iterable[tuple[str, Cells, Sequence[str]]]) -> Self:
        """Packs columns: for each sheet its name, the addresses of the cells, the reasons.

        Raises:
            ValueError: columns that are not of one length.
        """
        return cls._pack((sheet, cells, [reasons]) for sheet, cells, reasons in sheets)


class NewErrors(Packed[NewError]):
    """Formulas that gave no error before and give one now."""

    __slots__ = ()
    _FIELDS = ("error", "reason")
    _MAKE = NewError

    @classmethod
    def from_columns(cls, sheets: Iterable[tuple[str, Cells, Sequence[CellError], Sequence[str]]]) -> Self:
        """Packs columns: for each sheet its name, the addresses of the cells, the errors, the reasons.

        Raises:
            ValueError: columns that are not of one length.
        """
        return cls._pack((sheet, cells, [errors, reasons]) for sheet, cells, errors, reasons in sheets)


def _joined(cells: Cells) -> str:
    """Addresses in one text, which is a tenth of the work of as many texts."""
    if isinstance(cells[0], bytes):
        return b"\n".join(cells).decode("ascii")  # type: ignore[arg-type]  # all are like the first
    return "\n".join(cells)  # type: ignore[arg-type]


def _json_texts(values: Sequence[Any]) -> Iterable[str]:
    """Each value of a column as JSON."""
    from json import dumps  # noqa: PLC0415 - where a report is written
    from json.encoder import encode_basestring  # noqa: PLC0415

    kinds = set(map(type, values))
    if kinds == {type(None)}:
        return ["null"] * len(values)
    if kinds == {str}:
        return map(encode_basestring, values)
    return [
        repr(value) if type(value) is float and value - value == 0  # neither infinite nor NaN
        else encode_basestring(value) if isinstance(value, str)
        else dumps(value)
        for value in values
    ]  # fmt: skip


def spooled(report: FileReport, spool: Spool) -> FileReport:
    """A file's report with its cells kept by a spool."""
    return report._replace(
        changed=Changes.of(report.changed).spooled(spool),
        errors=NewErrors.of(report.errors).spooled(spool),
        stored=NewErrors.of(report.stored).spooled(spool),
        own=NewErrors.of(report.own).spooled(spool),
        kept=Notes.of(report.kept).spooled(spool),
        office=Notes.of(report.office).spooled(spool),
    )
