"""Tables of facts as files hold them: csv in any of its usual forms, xlsx, ods, xls."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xl_perf.errors import LoadError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CSV: Final = (".csv", ".txt", ".tsv")
BOOKS: Final = (".xlsx", ".xlsm", ".ods", ".xls", ".xlsb")
_DELIMITERS: Final = ";\t,|"
_LIMIT: Final = 256 * 1024 * 1024
_ENCODINGS: Final = ("utf-8-sig", "cp1252")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its number in the file (from 1) and its cells: numbers, texts, None for empty."""

    number: int
    cells: tuple[float | str | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file: where it is, for messages, its headings and its lines."""

    where: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]

    def place(self, line: Line, column: int) -> str:
        """A cell for messages: `dati.csv:7, column Pervenuto`."""
        return f"{self.where}:{line.number}, column {self.headings[column]}"


def read_tables(path: Path) -> tuple[Table, ...]:
    """The tables of a file; each sheet of a workbook is one, sheets without two rows are passed over.

    Raises:
        LoadError: a file of another kind, one that cannot be read, or without any table.
    """
    suffix = path.suffix.lower()
    try:
        if path.stat().st_size > _LIMIT:
            raise LoadError("the file is too large for a table of facts", where=str(path))
        if suffix in CSV:
            found = [(str(path), _csv_rows(path.read_bytes(), path))]
        elif suffix in BOOKS:
            found = _book_rows(path)
        else:
            raise LoadError(
                f"files {suffix or 'without suffix'!r} are not read",
                where=str(path),
                expected=", ".join((*CSV, *BOOKS)),
            )
    except OSError as error:
        raise LoadError(f"the file cannot be read ({error.strerror})", where=str(path)) from error
    tables = tuple(table for where, rows in found if (table := table_of(where, rows)) is not None)
    if not tables:
        raise LoadError(
            "the file holds no table",
            where=str(path),
            expected="a row of headings and at least one row of values",
        )
    return tables


def table_of(where: str, rows: Sequence[Line]) -> Table | None:
    """Headings are the first row with two texts or more.

    What stands above (titles, dates of extraction) is left out.
    """
    for place, row in enumerate(rows):
        texts = [cell for cell in row.cells if isinstance(cell, str)]
        if len(texts) >= 2 and len(texts) == sum(cell is not None for cell in row.cells):
            headings = tuple("" if cell is None else str(cell).strip() for cell in row.cells)
            lines = tuple(line for line in rows[place + 1 :] if any(cell is not None for cell in line.cells))
            return Table(where, headings, lines) if lines else None
    return None


def _csv_rows(data: bytes, path: Path) -> list[Line]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16")
    else:
        text = next(filter(None, (_decoded(data, encoding) for encoding in _ENCODINGS)), "")
    if "\x00" in text or (data and not text):
        raise LoadError("this is no text", where=str(path), expected="a csv file in UTF-8 or Windows-1252")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        return [Line(reader.line_num, tuple(cell.strip() or None for cell in row)) for row in reader if row]
    except csv.Error as error:
        raise LoadError(f"not valid csv: {error}", where=str(path)) from None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _delimiter(text: str) -> str:
    """The sign that splits the first lines most evenly; a semicolon where none does."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def rank(sign: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([line], delimiter=sign), [])) - 1 for line in lines]
        least = min((count for count in counts if count), default=0)
        return sum(count > 0 and count == max(counts) for count in counts), least

    return max(_DELIMITERS, key=rank) if lines else ";"


def _book_rows(path: Path) -> list[tuple[str, list[Line]]]:
    import python_calamine as calamine  # noqa: PLC0415 - loaded for tables in workbooks only

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        return [
            (f"{path}, {name}", _sheet_rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
            for name in book.sheet_names
        ]
    except (calamine.CalamineError, calamine.PasswordError, calamine.ZipError, calamine.XmlError) as error:
        raise LoadError(f"the workbook cannot be read ({error})", where=str(path)) from error


def _sheet_rows(rows: Sequence[Sequence[object]]) -> list[Line]:
    return [
        Line(number, tuple(_cell(cell) for cell in row))
        for number, row in enumerate(rows, start=1)
        if any(_cell(cell) is not None for cell in row)
    ]


def _cell(value: object) -> float | str | None:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%Y-%m-%d")
    text = str(value).strip()
    return text or None
