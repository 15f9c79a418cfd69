"""Structured references: the cells that `tbl[[#This Row],[Giacenza]]` means."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from xl_perf.formula.refs import Ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BLANKS = re.compile(r"\s+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ITEM = re.compile(r"#(all|data|headers|totals|this row)$", re.IGNORECASE)
_QUOTED = re.compile(r"'(.)", re.DOTALL)


def exact_key(name: str) -> str:
    """A table column's name for comparing: escapes resolved, case levelled.

    Blanks and line breaks count, as in Excel.
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name).replace("\r\n", "\n").lower()


def loose_key(name: str) -> str:
    """The same without regard to blanks, for formulas whose writer did not keep them."""
    return _BLANKS.sub(" ", exact_key(name)).strip()


class TableView(NamedTuple):
    """A table; `ref` is (first row, first column, last row, last column), header and totals included."""

    name: str
    sheet: str
    ref: tuple[int, int, int, int]
    header_rows: int
    totals_rows: int
    columns: Mapping[str, int]
    """Column of each name: exact ones, and those without regard to blanks that mean one column only."""

    @classmethod
    def of(
        cls,
        name: str,
        sheet: str,
        ref: tuple[int, int, int, int],
        titles: Sequence[str],
        rows: tuple[int, int],
    ) -> TableView:
        """A table by its columns' titles; `rows` are the numbers of header and totals rows."""
        return cls(name, sheet, ref, rows[0], rows[1], _columns(tuple(titles), ref[1]))

    @classmethod
    def of_table(cls, table: Any) -> TableView:
        """A table as a workbook describes it: name, sheet, ref, columns, header_rows, totals_rows."""
        rows = table.header_rows, table.totals_rows
        return cls.of(table.name, table.sheet, table.ref, table.columns, rows)

    @property
    def data_rows(self) -> tuple[int, int]:
        """First and last row between header and totals."""
        return self.ref[0] + self.header_rows, self.ref[2] - self.totals_rows

    def holds(self, sheet: str, row: int, column: int) -> bool:
        """True where the cell lies in the table."""
        top, left, bottom, right = self.ref
        return sheet == self.sheet and top <= row <= bottom and left <= column <= right

    def column(self, title: str) -> int | None:
        """The column of a title as a formula spells it, None where there is none."""
        found = self.columns.get(exact_key(title))
        return self.columns.get(loose_key(title)) if found is None else found


@lru_cache(maxsize=1024)
def _columns(titles: tuple[str, ...], first: int) -> Mapping[str, int]:
    """See `TableView.columns`; the workbooks of a batch share those of equal tables."""
    columns: dict[str, int] = {}
    for place, title in enumerate(titles, first):
        columns.setdefault(exact_key(title), place)
    loose: dict[str, list[int]] = {}
    for place, title in enumerate(titles, first):
        loose.setdefault(loose_key(title), []).append(place)
    for key, places in loose.items():
        if len(places) == 1:
            columns.setdefault(key, places[0])
    return columns


class ThisRow(NamedTuple):
    """Columns of a table in the row of the cell; outside the rows it is `#VALUE!`."""

    sheet: str
    row1: int
    row2: int
    col1: int
    col2: int


def _split_spec(spec: str) -> list[tuple[str, str]]:
    """Parts of what stands between a structured reference's outer brackets, with the separator before each."""
    parts: list[tuple[str, str]] = []
    position, separator = 0, ""
    while position < len(spec):
        letter = spec[position]
        if letter in ",: ":
            separator = letter if letter != " " else separator
            position += 1
            continue
        start = position
        if letter == "[":
            position += 1
            while position < len(spec) and spec[position] != "]":
                position += 2 if spec[position] == "'" else 1
            parts.append((separator, spec[start + 1 : position]))
            position += 1
        elif letter == "@":
            parts.append((separator, "#This Row"))
            rest = spec[position + 1 :]
            if rest and not rest.startswith("["):
                return [*parts, ("", rest)]
            position += 1
        elif parts:  # `[#This Row],Giorni`, as XlsxWriter writes `@Giorni`
            return [*parts, (separator, spec[start:])]
        else:
            return [(separator, spec)]
        separator = ""
    return parts


def canonical(text: str) -> str:
    """A structured reference in one form, equal for the spellings of Excel, Calc and other programs.

    Args:
        text: as formulas have it, `tblSedi[[#This Row],[Giacenza]]`; of a whole table the name is left.
    """
    name, _, rest = text.partition("[")
    items: list[str] = []
    columns: list[str] = []
    for separator, part in _split_spec(rest[:-1]):
        found = _ITEM.match(part)
        if found:
            items.append(found[1].lower())
        elif part:
            columns.append((":" if separator == ":" else ",") + loose_key(_QUOTED.sub(r"\1", part)))
    items = [] if items == ["data"] else sorted(set(items))
    spec = "|".join(("#".join(items), *columns))
    return f"{name.casefold()}[{spec}]" if spec else name.casefold()


def resolve_table(view: TableView, spec: str) -> Ref | ThisRow | None:
    """Cells that a structured reference means.

    Args:
        view: the table.
        spec: what stands between the outer brackets, e.g. `[#Totals],[Obiettivo]`; empty for the data.

    Returns:
        An absolute reference with its sheet, the cells of the formula's row, or None where the table has no such
        column or row (no totals, for instance).
    """
    items: set[str] = set()
    columns: list[int] = []
    through = False
    for separator, part in _split_spec(spec):
        found = _ITEM.match(part)
        if found:
            items.add(found[1].lower())
            continue
        place = view.column(_QUOTED.sub(r"\1", part))
        if place is None:
            return None
        through = through or separator == ":"
        columns.append(place)
    top, left, bottom, right = view.ref
    if columns:
        left, right = min(columns), max(columns)
        if len(columns) > 2 or (len(columns) == 2 and not through):
            return None
    first, last = view.data_rows
    if "this row" in items:
        return ThisRow(view.sheet, first, last, left, right)
    if ("headers" in items and not view.header_rows) or ("totals" in items and not view.totals_rows):
        return None
    rows: list[int] = []
    for item, ends in (
        ("data", (first, last)),
        ("all", (top, bottom)),
        ("headers", (top,)),
        ("totals", (bottom,)),
    ):
        if item in items or (item == "data" and not items):
            rows += ends
    row1, row2 = min(rows), max(rows)
    single = row1 == row2 and left == right
    return Ref(row1, left, row2, right, (True, True, True, True), single=single, sheet=view.sheet)
