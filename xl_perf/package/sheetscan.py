"""The formula cells of a sheet part in columns (made by `xl_perf.package.sheettokens`)."""

from __future__ import annotations

import re
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING

from xl_perf.package.model import Cell, Formula
from xl_perf.package.patterns import repeated
from xl_perf.package.refs import MAX_COLUMN, MAX_ROW, cell_name, column_number
from xl_perf.package.shapes import SHAPES
from xl_perf.package.sheetdata_fast import holds, make_formula, pairs_of
from xl_perf.package.xmlpart import resolve_entities, unescape

if TYPE_CHECKING:
    from xl_perf.package.model import CellKey
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.sheetdata import Span
    from xl_perf.package.xmlpart import XmlPart
    from xl_perf.values import CellValue

    Head = tuple[str, int, bool, bool]

_HEAD_FORM = re.compile(rb'"(' + repeated(rb' [a-z]+="[^"<>&]*+"') + rb")>")

PIECES = 6
"""Pieces of the rows for each formula cell."""
BEFORE, NAME, HEAD, FORMULA, VALUE, REST = range(PIECES)

_NUMBER_CELL = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?(?: t="(?:n|(b))")?><v>([-+0-9.eE]+)</v></c>'
)
"""Name, `b` of a truth value, content."""
_FRACTION = re.compile(
    rb"<v>([-+]?(?:[0-9]+(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|[0-9]{14,}))</v></c>"
)
PLAIN = b"<f>"
"""How the element of a formula without attributes begins."""
_AFTER_VALUE = len(b"<v>")
_BEFORE_END = -len(b"</f>")
_SHORTEST = len(b"<v>0</v>")
_NOT_HERE = frozenset(("r", "xmlns"))
_EMPTY_VALUES = frozenset((b"<v></v>", b"<v/>", b"<v />"))


class _Keys(dict[bytes, "CellKey | None"]):
    """Names of cells -> row and column, None outside the grid; the same names come back on every sheet and in every file."""

    _most = 100_000

    def __missing__(self, name: bytes) -> CellKey | None:
        letters = name.rstrip(b"0123456789")
        row, column = int(name[len(letters) :]), column_number(letters.decode())
        key = (row, column) if row <= MAX_ROW and column <= MAX_COLUMN else None
        if len(self) < self._most:
            self[name] = key
        return key


_KEYS = _Keys()


class SheetScan:
    """The formula cells of a sheet in document order, each at a place from 0.

    Attributes:
        part: the sheet's part.
        inside: the content of sheetData.
        pieces: what that content is made of: `PIECES` for each formula cell, of which `REST` is empty; in the last ones,
            which are no cell's, all but `REST`.
        keys: row and column of each formula cell.
        stored: its stored value.
        has_strings: whether constants refer to shared strings.
        last_row: row of the last cell, constants included; 0 where there is none.

    Raises:
        ValueError: a cell outside the grid, a stored value that cannot be read, a start tag that is unusual.
        WorkbookError: a type or number in a start tag that is none.
    """

    def __init__(
        self,
        part: XmlPart,
        inside: Span,
        pieces: list[bytes],
        decoder: Decoder,
        *,
        has_strings: bool,
        last_row: int,
    ) -> None:
        self.part = part
        self.inside = inside
        self.pieces = pieces
        self.has_strings = has_strings
        self.last_row = last_row
        self._decoder = decoder
        self._heads: dict[bytes, Head] = {}
        self.keys = self._read_keys()
        self.stored = self._read_stored()

    def __len__(self) -> int:
        """Number of formula cells."""
        return len(self.pieces) // PIECES - 1

    @cached_property
    def names(self) -> list[bytes]:
        """The name of each formula cell, `B7`."""
        return self.pieces[NAME:-PIECES:PIECES]

    @cached_property
    def formulas(self) -> list[bytes]:
        """The formula element of each."""
        return self.pieces[FORMULA:-PIECES:PIECES]

    @cached_property
    def shapes(self) -> list[bytes]:
        """The shape of the formula element of each."""
        return list(map(SHAPES.__getitem__, self.formulas))

    @cached_property
    def index(self) -> dict[CellKey, int]:
        """Place of each by row and column."""
        return dict(zip(self.keys, range(len(self.keys)), strict=True))

    def number(self, key: CellKey) -> float | bool | None:
        """The number or truth value of a constant cell; None for other cells."""
        found = self._numbers.get(cell_name(key).encode())
        if found is None:
            return None
        is_bool, raw = found
        return raw == b"1" if is_bool else float(raw)

    @cached_property
    def _numbers(self) -> dict[bytes, tuple[bytes, bytes]]:
        cells = _NUMBER_CELL.findall(self.part.utf8, *self.inside)
        return {name: (is_bool, raw) for name, is_bool, raw in cells}

    def fractions(self) -> list[float]:
        """The constants that are written as fractions or with an exponent, whole ones perhaps among them."""
        constants = b"".join((*self.pieces[BEFORE::PIECES], self.pieces[-1]))
        return list(map(float, _FRACTION.findall(constants)))

    def text(self, place: int) -> tuple[str, bool]:
        """A formula without its `=`, entities resolved, and whether XML readers may see it in different ways."""
        element = self.formulas[place]
        if element.endswith(b"/>"):
            return "", False
        raw = element[element.index(b">") + 1 : _BEFORE_END]
        written = raw.decode()
        if "&" not in written and "_x" not in written and "\r" not in written:
            return written, False
        plain = unescape(resolve_entities(raw))
        return plain, "\r" in written or "&#" in written or unescape(written) != written

    @cached_property
    def escaped(self) -> frozenset[int]:
        """The places of formulas with characters that XML readers may see in different ways."""
        marks = ((b"&#", b"#"), (b"_x", b"_"), (b"\r", b"\r"))
        found = [mark for mark, rare in marks if holds(self.part.utf8, mark, rare)]
        if not found:
            return frozenset()
        suspects = [
            place for place, element in enumerate(self.formulas) if any(mark in element for mark in found)
        ]
        return frozenset(place for place in suspects if self.text(place)[1])

    def formula(self, place: int) -> Formula:
        """The formula of a cell."""
        element = self.formulas[place]
        dynamic = self._heads[self.pieces[PIECES * place + HEAD]][2]
        text = self.text(place)[0]
        if element.startswith(PLAIN):
            return Formula(text, dynamic=dynamic)
        head = element[2 : element.index(b">")].removesuffix(b"/")
        return make_formula(pairs_of(head), text, dynamic)

    def cell(self, place: int) -> Cell:
        """A formula cell as the sheet part holds it."""
        _, style, _, rich = self._heads[self.pieces[PIECES * place + HEAD]]
        return Cell(*self.keys[place], self.stored[place], self.formula(place), style, rich)

    @cached_property
    def cells(self) -> list[Cell]:
        """All formula cells."""
        return [self.cell(place) for place in range(len(self))]

    def _read_keys(self) -> list[CellKey]:
        keys = [key for key in map(_KEYS.__getitem__, self.names) if key is not None]
        if len(keys) < len(self):
            raise ValueError("a cell outside the grid")
        return keys

    def _read_stored(self) -> list[CellValue]:
        heads = self.pieces[HEAD:-PIECES:PIECES]
        values = self.pieces[VALUE:-PIECES:PIECES]
        for head in set(heads):
            self._heads[head] = self._read_head(head)
        numbers = {head for head, (kind, *_) in self._heads.items() if kind == "n"}
        if len(numbers) == len(self._heads) and max(map(len, values), default=0) < _SHORTEST:
            return [None] * len(values)  # not calculated yet
        decoded: list[CellValue] = [
            float(value[_AFTER_VALUE:_BEFORE_END])
            if head in numbers and len(value) >= _SHORTEST
            else self._other(head, value)
            for head, value in zip(heads, values, strict=True)
        ]
        if b"_" in b"".join(values):
            decoded = [self._other(head, value) for head, value in zip(heads, values, strict=True)]
        if not isfinite(sum(value for value in decoded if type(value) is float)) and not all(
            isfinite(value) for value in decoded if type(value) is float
        ):
            raise ValueError("a number that is none")
        return decoded

    def _other(self, head: bytes, element: bytes) -> CellValue:
        kind = self._heads[head][0]
        if element in _EMPTY_VALUES:
            return "" if kind == "str" else None
        if not element:
            return None
        return self._decoder.value(kind, element[element.index(b">") + 1 : _BEFORE_END], None)

    def _read_head(self, head: bytes) -> Head:
        found = _HEAD_FORM.fullmatch(head)
        attributes = pairs_of(found[1]) if found else {}
        if (
            not found
            or len(attributes) != found[1].count(b'="')
            or not attributes.keys().isdisjoint(_NOT_HERE)
        ):
            raise ValueError("an unusual start tag")
        return self._decoder.head(attributes)
