"""The data files of an edition: read once, decoded, as TOML records and CSV rows that know their line."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.reading.records import Record, TomlText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_SIZE_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True)
class DataFiles:
    """The files of a plan directory, read once.

    Attributes:
        name: the directory's name, for messages.
        contents: file name -> bytes.
    """

    name: str
    contents: Mapping[str, bytes]

    @classmethod
    def read(cls, directory: Path) -> DataFiles:
        """Read every file of a directory (hidden files do not count).

        Raises:
            PlanError: no such directory, a directory inside it, or a file that cannot be read.
        """
        if not directory.is_dir():
            raise PlanError(
                "no such directory of plan data",
                where=str(directory),
                remedy="give a directory that holds an edition.toml",
            )
        contents: dict[str, bytes] = {}
        for path in sorted(directory.iterdir()):
            if path.name.startswith("."):
                continue
            if path.is_dir():
                raise PlanError("a directory among the plan data", where=str(path), remedy="remove it")
            try:
                if path.stat().st_size > _SIZE_LIMIT:
                    raise PlanError("the file is too large for plan data", where=str(path))
                contents[path.name] = path.read_bytes()
            except OSError as error:
                raise PlanError(f"cannot read the file: {error.strerror}", where=str(path)) from error
        return cls(directory.name, contents)

    def digest(self) -> str:
        """SHA-256 over the sorted names and bytes of the files, as hexadecimal text."""
        digest = hashlib.sha256()
        for name in sorted(self.contents):
            for piece in (name.encode(), self.contents[name]):
                digest.update(len(piece).to_bytes(8, "big"))
                digest.update(piece)
        return digest.hexdigest()

    def text(self, name: str) -> str:
        """Text of a file.

        Raises:
            PlanError: the file is missing or not UTF-8.
        """
        where = f"{self.name}/{name}"
        if name not in self.contents:
            raise PlanError(
                "the file is missing", where=where, remedy="add it, or take it out of tabelle.toml"
            )
        try:
            return self.contents[name].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise PlanError(
                f"byte {error.start + 1} is not UTF-8", where=where, remedy="save the file as UTF-8"
            ) from None

    def toml(self, name: str) -> Record:
        """The top level of a TOML file as a record."""
        text = self.text(name)
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PlanError(f"not valid TOML: {error}", where=f"{self.name}/{name}") from None
        return Record(values, f"{self.name}/{name}", TomlText(text))

    def csv(self, name: str) -> CsvFile:
        """A CSV file with its header checked for doubles and every row for its length."""
        where = f"{self.name}/{name}"
        reader = csv.reader(io.StringIO(self.text(name), newline=""), strict=True)
        try:
            numbered = [(reader.line_num, row) for row in reader]
        except csv.Error as error:
            raise PlanError(f"not valid CSV: {error}", where=f"{where}:{reader.line_num}") from None
        if not numbered:
            raise PlanError("the file is empty", where=where, expected="a line of column names")
        header = tuple(numbered[0][1])
        for column in header:
            if not column or header.count(column) > 1:
                what = f"column {column!r} appears twice" if column else "a column has no name"
                raise PlanError(what, where=f"{where}:1", expected="unique column names, separated by commas")
        rows = []
        for line, cells in numbered[1:]:
            if len(cells) != len(header):
                raise PlanError(
                    f"{len(cells)} values",
                    where=f"{where}:{line}",
                    expected=f"{len(header)}, one for each column of line 1",
                    remedy='put values that hold a comma between quotes ("...")',
                )
            rows.append(Row(dict(zip(header, cells, strict=True)), where, line))
        return CsvFile(where, header, tuple(rows))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a CSV file: column -> text."""

    cells: Mapping[str, str]
    file: str
    line: int

    def where(self, column: str = "") -> str:
        """File, line and column, for messages."""
        return f"{self.file}:{self.line}" + (f", column {column}" if column else "")

    def string(self, column: str, default: str | None = None) -> str:
        """Text of a column; the default (where there is one) for an empty cell or a column the file lacks."""
        value = self.cells.get(column, "")
        if value != value.strip():
            raise PlanError(f"{value!r} has blanks at its ends", where=self.where(column))
        if not value:
            if default is None:
                raise PlanError("the cell is empty", where=self.where(column), expected="a text")
            return default
        return value

    def number(self, column: str) -> float:
        """Machine number of a column: decimal point, no thousands separators, fractions for percentages."""
        text = self.cells[column]
        if not _NUMBER.fullmatch(text):
            remedy = "write numbers with a decimal point and no separators: 8855168560, 0.0547"
            raise PlanError(
                f"{text!r} is not a number" if text else "the value is missing",
                where=self.where(column),
                expected="a machine number",
                remedy=remedy,
            )
        return float(text)

    def decimals(self, column: str) -> int:
        """How many decimals the number of a column is written with."""
        return len(self.cells[column].partition(".")[2])


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file: where it is, its columns, its rows."""

    where: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def require(self, needed: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Refuse missing and unknown columns.

        Raises:
            PlanError: naming the first column that is missing or unknown.
        """
        for column in needed:
            if column not in self.header:
                raise PlanError(f"column {column!r} is missing", where=f"{self.where}:1")
        for column in self.header:
            if column not in needed and column not in optional:
                raise PlanError(
                    f"unknown column {column!r}",
                    where=f"{self.where}:1",
                    expected=f"one of {', '.join((*needed, *optional))}",
                )
