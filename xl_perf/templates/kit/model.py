"""The vocabulary that a workbook is described with: rows, columns of a kind, tables, where they ended up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter, quote_sheetname

from xl_perf.contract.model import OF_FILE, InputMap, KeyKind, Species
from xl_perf.templates.kit.styles import GENERAL, Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its code (the key that sync looks for), its rank, the object of the plan it stands for."""

    code: str
    level: Level = Level.LEAF
    item: Any = None
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """How the target cells of a column are found in an edition: a row of `tblObiettivi`.

    `key` and `source` are headings of the columns of codes and of sources, where they are not the table's; rows without
    a code have no target. `sourced` is False where no column says where the values come from.
    """

    key_kind: str
    fixed: str
    period: str
    key: str = ""
    source: str = ""
    sourced: bool = True


@dataclass(frozen=True, slots=True)
class Datum:
    """What the inputs of a column, or a single input, are: a row of `tblDati`.

    `item` is empty where the key cells hold it, `structure` where they hold the structure; `=` is the file's
    structure, a heading in brackets the cell of that column. `key` is the heading of the key column, where it
    is not the table's.
    """

    key_kind: KeyKind
    item: str
    measure: str
    structure: str = OF_FILE
    period: str = ""
    species: Species = Species.FACT
    key: str = ""

    def mapped(self, table: str, key_column: str, value_column: str) -> InputMap:
        """The row of `tblDati` for a place."""
        return InputMap(
            table,
            key_column,
            self.key_kind,
            value_column,
            self.species,
            self.item,
            self.measure,
            self.structure,
            self.period,
        )


def setting(measure: str, *, item: str = "", key: str = "", name: bool = False) -> Datum:
    """A column, or one cell with a `name`, of choices that users make: alternative weights, selectors."""
    kind = KeyKind.CELL if name else KeyKind.ITEM
    return Datum(kind, item, measure, species=Species.SETTING, key=key)


def outcome(measure: str, *, key: str = "") -> Datum:
    """A column of results that others ask for; the key cells hold the nodes."""
    return Datum(KeyKind.ITEM, "", measure, species=Species.RESULT, key=key)


@dataclass(frozen=True, slots=True)
class Validation:
    """What an input accepts, with the Italian texts that Excel shows.

    `kind` is `decimal`, `whole` or `list`; `source` is the defined name or the quoted list of a `list`.
    """

    kind: str
    title: str
    message: str
    error: str
    minimum: float | None = 0
    maximum: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A cell's content whose kind differs from its column's (a regional sum in a column of inputs).

    `informative` says of an input why no result depends on it, where that is not so for its whole column.
    """

    value: object
    kind: Kind | None = None
    number_format: str | None = None
    informative: str = ""


def nothing(_: Place) -> None:
    """The content of inputs: what an example has in them follows from what they are."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    `content` gives a cell's value or formula (or a `Content`); an input without one is filled in by the
    example. `judged_by` names the column whose arrow colours this one; the heading itself where a deviation
    is coloured by its own value. `link` makes it a column of targets. `informative` says, in Italian, why no
    result depends on a column of inputs (a name, a note); an input without it moves some result. `datum` says
    what its inputs are. `paper` says whether it is printed, where that does not follow from its kind.
    """

    heading: str
    kind: Kind
    width: float
    content: Callable[[Place], object] = nothing
    number_format: str | Callable[[Row], str] = GENERAL
    align: str = ""
    validation: Validation | Callable[[Row], Validation] | None = None
    judged_by: str = ""
    link: Link | None = None
    group: str = ""
    informative: str = ""
    datum: Datum | None = None
    paper: bool | None = None

    def validation_of(self, row: Row) -> Validation | None:
        """What an input in a row accepts."""
        if self.validation is None or isinstance(self.validation, Validation):
            return self.validation
        return self.validation(row)

    def format_of(self, row: Row) -> str:
        """Number format of the cell in a row."""
        return self.number_format if isinstance(self.number_format, str) else self.number_format(row)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """An Excel table: its stable name, its columns and rows.

    `key` and `source` are headings: the column of codes, and the one that shows where the targets come from. `aside`
    are headings of columns that stand beside the printed ones, though their kind is printed elsewhere.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    key: str = ""
    source: str = ""
    filters: bool = False
    aside: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A table that has its place in a sheet; gives the references that formulas use."""

    sheet: str
    name: str
    header: int
    letters: Mapping[str, str]
    numbers: Mapping[str, int]

    @property
    def last(self) -> int:
        """Number of the last row."""
        return max(self.numbers.values())

    def cell(self, code: str, heading: str) -> str:
        """Absolute reference to a cell from any sheet, e.g. `'Tabella A'!$F$7`."""
        return f"{quote_sheetname(self.sheet)}!${self.letters[heading]}${self.numbers[code]}"

    def sheet_cell(self, heading: str, number: int) -> str:
        """Absolute reference to a cell below a column of the table."""
        return f"{quote_sheetname(self.sheet)}!${self.letters[heading]}${number}"

    def column(self, heading: str) -> str:
        """Absolute reference to the cells of a column, without its heading."""
        letter = self.letters[heading]
        first = min(self.numbers.values())
        return f"{quote_sheetname(self.sheet)}!${letter}${first}:${letter}${self.last}"

    def block(self, first: str, last: str) -> str:
        """Absolute reference to all rows from one column to another."""
        top = min(self.numbers.values())
        return f"{quote_sheetname(self.sheet)}!${self.letters[first]}${top}:${self.letters[last]}${self.last}"

    def across(self, code: str, first: str, last: str) -> str:
        """Absolute reference to the cells of a row from one column to another, from any sheet."""
        row = self.numbers[code]
        return f"{quote_sheetname(self.sheet)}!${self.letters[first]}${row}:${self.letters[last]}${row}"

    def headings(self, first: str, last: str) -> str:
        """Absolute reference to the headings from one column to another."""
        return f"{quote_sheetname(self.sheet)}!${self.letters[first]}${self.header}:${self.letters[last]}${self.header}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell is being written: the table's geometry and the row."""

    table: Placed
    row: Row

    @property
    def number(self) -> int:
        """Row number in the sheet."""
        return self.table.numbers[self.row.code]

    def here(self, heading: str) -> str:
        """Reference to another column of the same row, e.g. `F7`."""
        return f"{self.table.letters[heading]}{self.number}"

    def span(self, heading: str, codes: Iterable[str]) -> str:
        """The cells of some rows in a column as arguments: `F7:F14` or `F15,F17`."""
        letter = self.table.letters[heading]
        return join_rows(letter, (self.table.numbers[code] for code in codes))

    def across(self, first: str, last: str) -> str:
        """The cells of this row from one column to another, e.g. `F7:I7`."""
        return f"{self.table.letters[first]}{self.number}:{self.table.letters[last]}{self.number}"


@dataclass(slots=True)
class PrintSetup:
    """How a sheet prints, where that does not follow from what stands on it.

    `last_row` and `last_column` bound what is printed, `one_page` puts it all on one page, `across` is the number of
    pages side by side that its columns may take, `nothing` keeps a sheet off the paper.
    """

    last_row: int = 0
    last_column: int = 0
    one_page: bool = False
    across: int = 1
    nothing: bool = False


def join_rows(letter: str, numbers: Iterable[int]) -> str:
    """Row numbers of a column as ranges, joined by commas; consecutive rows become one range."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(
        f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}" for first, last in runs
    )


@cache
def letter(index: int) -> str:
    """Letter of a column counted from 1."""
    text: str = get_column_letter(index)
    return text
