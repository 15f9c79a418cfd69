"""The workbook as formulas see it: sheets, defined names, tables, our functions under every spelling of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xl_perf.recalc.formula import Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from xl_perf.package.model import DefinedName, Table

_PLAIN_PREFIX: Final = re.compile(r"(?:_XLUDF\.|_XLL\.|_XLFN\.|XLPERF\.)+")
_OFFICE_PREFIX: Final = "_XLDUDF_"
_BLANKS: Final = re.compile(r"\s+")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def spelled(name: str, ours: Mapping[str, str]) -> str | None:
    """Our function that a name in a file means.

    Args:
        name: the name as the file spells it, without sheet or book prefix; any case.
        ours: our functions by canonical name (capitals).

    Returns:
        The canonical name, or None where it is none of ours.
    """
    upper = name.upper()
    if upper in ours:
        return upper
    if upper.startswith(_OFFICE_PREFIX):
        rest = upper[len(_OFFICE_PREFIX) :]
        found = [known for known in ours if rest.endswith("_" + known)]
        return max(found, key=len) if found else None
    plain = _PLAIN_PREFIX.sub("", upper, count=1)
    return plain if plain in ours else None


def builtin_name(name: str) -> str:
    """A built-in function's name without the prefixes that files put before newer functions, in capitals."""
    upper = name.upper()
    for prefix in ("_XLFN.", "_XLWS."):
        upper = upper.removeprefix(prefix)
    return upper


def column_key(name: str) -> str:
    """A table column's name for comparing: escapes resolved, blanks and case levelled."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name)
    return _BLANKS.sub(" ", plain).strip().casefold()


@dataclass(frozen=True, slots=True)
class TableView:
    """A table with its sheet's index and the column of each name."""

    table: Table
    sheet: str
    columns: Mapping[str, int]

    @property
    def data_rows(self) -> tuple[int, int]:
        """First and last row between header and totals."""
        top, _, bottom, _ = self.table.ref
        return top + self.table.header_rows, bottom - self.table.totals_rows

    def holds(self, sheet: str, row: int, column: int) -> bool:
        """True where the cell lies in the table."""
        top, left, bottom, right = self.table.ref
        return sheet == self.sheet and top <= row <= bottom and left <= column <= right


@dataclass(slots=True)
class Scope:
    """What names mean in one workbook. `functions` maps our canonical names to their shape."""

    sheets: tuple[str, ...]
    functions: Mapping[str, str]
    last_rows: dict[str, int] = field(default_factory=dict)
    """Last used row of each sheet, by sheet name."""
    has_hidden_rows: Callable[[], bool] = bool
    """Whether a sheet has hidden rows; asked only where a formula's value depends on it."""
    _names: dict[tuple[int | None, str], DefinedName] = field(default_factory=dict)
    _tables: dict[str, TableView] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        sheets: Sequence[str],
        names: Iterable[DefinedName],
        tables: Iterable[Table],
        functions: Mapping[str, str],
    ) -> Scope:
        """Builds the scope of a workbook."""
        scope = cls(tuple(sheets), functions)
        scope._by_key = {name.casefold(): name for name in sheets}
        for name in names:
            scope._names[name.scope, name.name.casefold()] = name
        for table in tables:
            left = table.ref[1]
            columns = {column_key(title): left + place for place, title in enumerate(table.columns)}
            scope._tables[table.name.casefold()] = TableView(table, table.sheet, columns)
        return scope

    def fingerprint(self) -> Hashable:
        """Equal for workbooks in which every formula means the same, hidden rows aside."""
        tables = tuple(view.table for view in self._tables.values())
        rows = tuple(self.last_rows.items())
        return self.sheets, tuple(self._names.values()), tables, tuple(self.functions.items()), rows

    def sheet(self, name: str) -> str | None:
        """The sheet of that name in its own spelling, or None."""
        return self._by_key.get(name.casefold())

    def sheets_between(self, first: str, last: str) -> tuple[str, ...]:
        """The sheets of a reference through several sheets, in tab order; empty where one is missing."""
        a, b = self.sheet(first), self.sheet(last)
        if a is None or b is None:
            return ()
        i, j = sorted((self.sheets.index(a), self.sheets.index(b)))
        return self.sheets[i : j + 1]

    def name(self, name: str, sheet: str | None) -> DefinedName | None:
        """The defined name as a sheet sees it: its own first, then the workbook's."""
        key = name.casefold()
        if sheet is not None:
            own = self._names.get((self.sheets.index(sheet), key))
            if own is not None:
                return own
        return self._names.get((None, key))

    def table(self, name: str) -> TableView | None:
        """The table of that name, or None."""
        return self._tables.get(name.casefold())

    def table_at(self, sheet: str, row: int, column: int) -> TableView | None:
        """The table that holds a cell, or None."""
        return next((view for view in self._tables.values() if view.holds(sheet, row, column)), None)


@dataclass(frozen=True, slots=True)
class ThisRow:
    """Columns of a table in the row of the cell; outside the rows it is `#VALUE!`."""

    sheet: str
    row1: int
    row2: int
    col1: int
    col2: int


_ITEM: Final = re.compile(r"#(all|data|headers|totals|this row)$", re.IGNORECASE)


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


def _unescape(name: str) -> str:
    return re.sub(r"'(.)", r"\1", name)


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
        found = _ITEM.fullmatch(part)
        if found:
            items.add(found[1].lower())
            continue
        place = view.columns.get(column_key(_unescape(part)))
        if place is None:
            return None
        through = through or separator == ":"
        columns.append(place)
    top, left, bottom, right = view.table.ref
    if columns:
        left, right = min(columns), max(columns)
        if len(columns) > 2 or (len(columns) == 2 and not through):
            return None
    first, last = view.data_rows
    if "this row" in items:
        return ThisRow(view.sheet, first, last, left, right)
    rows: list[int] = []
    if not items or "data" in items:
        rows += [first, last]
    if "all" in items:
        rows += [top, bottom]
    if "headers" in items:
        if not view.table.header_rows:
            return None
        rows += [top]
    if "totals" in items:
        if not view.table.totals_rows:
            return None
        rows += [bottom]
    row1, row2 = min(rows), max(rows)
    single = row1 == row2 and left == right
    return Ref(row1, left, row2, right, (True, True, True, True), single=single, sheet=view.sheet)
