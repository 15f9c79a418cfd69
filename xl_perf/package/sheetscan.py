"""The formula cells of a sheet part in columns, for parts of the form that almost all programs write.

One regular expression takes the rows apart; the XML parser guards that what it found is what any reader
finds. Constants
are not read: they are checked to be of a form that every reader takes for the same value, so that the part's
own bytes can stand for them in the calculation copy. Where anything in the part is unusual there is no scan,
and the cells are read one by one (`xl_perf.package.sheetdata`).
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import repeat
from math import isfinite
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.formula.refs import MAX_COLUMN, MAX_ROW, ROW, column_letters, column_number
from xl_perf.package.model import Cell, Formula
from xl_perf.package.patterns import repeated
from xl_perf.package.sheetdata import find_inside, make_formula, pairs_of
from xl_perf.package.xmlpart import check_wellformed, resolve_entities, unescape

if TYPE_CHECKING:
    from xl_perf.package.model import CellKey
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.sheetdata import Span
    from xl_perf.package.xmlpart import XmlPart
    from xl_perf.values import CellValue

    Head = tuple[str, int, bool, bool]

PIECES = 6
"""Pieces of the rows for each formula cell, and then the rest."""
BEFORE, OPEN, NAME, HEAD, FORMULA, VALUE = range(PIECES)

CELL = b'<c r="'
_FORMULA_CELL = re.compile(
    rb"(" + CELL + rb')([A-Z]{1,3}[1-9][0-9]{0,6})("' + repeated(rb' [a-z]+="[^"<>&\t\n\r]*+"') + rb">)"
    rb"(<f" + repeated(rb' \w+="[^"<>&\t\n\r]*+"') + rb"(?:/>|>[^<]*+</f>))"
    rb'(<v(?: xml:space="preserve")?>[^<]*+</v>|<v ?/>|)(?=</c>)'
)
"""Beginning of the start tag, name, rest of the start tag, formula, stored value.

Line breaks and tabs in attributes are spaces for an XML parser: they are left to it.
"""

_COLUMN = rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"
_ROW = ROW.encode()
_NUMBER = (
    rb"[-+]?+[0-9]{1,20}+"
    + repeated(rb"\.[0-9]*+", b"?")
    + repeated(rb"[eE][-+]?+(?:[12][0-9]{2}|[0-9]{1,2})", b"?")
)
_ENTITY = rb"&(?:amp|lt|gt|quot|apos);"
_TEXT = rb"(?!\s)[^<&_\r]*+" + repeated(rb"(?:_(?!x)|" + _ENTITY + rb")[^<&_\r]*+") + rb"(?<!\s)"
_VALUE = repeated(rb"<v>" + _NUMBER + rb"</v>", b"?")
_ERROR = rb"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)"
_CONSTANT = (
    CELL + _COLUMN + _ROW + rb'"' + repeated(rb' s="[0-9]{1,9}"', b"?") + rb'(?: t="(?:'
    rb's"><v>[0-9]{1,9}</v></c>|n"(?:/>|>' + _VALUE + rb"</c>)"
    rb'|inlineStr"><is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is></c>"
    rb'|b"><v>[01]</v></c>|e"><v>' + _ERROR + rb"</v></c>)"
    rb"|/>|>" + _VALUE + rb"</c>)"
)
_CONSTANTS = re.compile(
    repeated(_CONSTANT + rb'|</c>|</row>|<row(?=[^<>]* r="[0-9]{1,7}")(?: [\w:]+="[^"<>]*+")*+ ?/?>')
)
_EMPTY_ROWS = re.compile(repeated(rb"<row[^<>]*/>"))
_OPENING = re.compile(rb"(?:<row[^<>]*/>)*<row[^<>]*(?<!/)>")
_STRING = re.compile(rb' t="s"><v>([0-9]+)</v>')
_KEY = re.compile(CELL + rb'([A-Z]+[0-9]+)"')
_EMPTY_VALUES = frozenset((b"<v></v>", b"<v/>", b"<v />"))
_NOT_HERE = frozenset(("r", "xmlns"))
_AFTER_VALUE = len(b"<v>")
_BEFORE_END = -len(b"</f>")
_SHORTEST = len(b"<v>0</v>")


_IN_COLUMN = (
    rb'<c r="%b([0-9]+)"(?: s="[0-9]+")?'
    rb'(?: t="s"><v>([0-9]+)</v></c>| t="inlineStr"><is><t(?: '
    rb'xml:space="preserve")?>([^<]*)</t></is></c>|(?: t="n")?(/>|></c>)|)'
)
"""A cell of one column: row, place of a shared string, inline text, mark of an empty cell."""


def scan_sheet(part: XmlPart, decoder: Decoder, limit: int) -> SheetScan | None:
    """The formula cells of a part, or None where it must be read cell by cell: what is not well-formed among them.

    Args:
        part: the part's text.
        decoder: resolves stored values.
        limit: how many cells are accepted; None is the answer beyond it, and for every cell that would be refused.
    """
    data = part.utf8
    inside = find_inside(data)
    if inside is None or data.startswith(b"<sheetData/>", inside[0]):
        return None
    rows = data[slice(*inside)]
    pieces = _FORMULA_CELL.split(rows)
    count = len(pieces) // PIECES
    if rows.count(b"<f") != count or not _in_rows(rows):
        return None
    constants = b"".join(pieces[BEFORE::PIECES])
    if _CONSTANTS.fullmatch(constants) is None or not decoder.holds_texts(set(_STRING.findall(constants))):
        return None
    names = _KEY.findall(rows)
    if len(set(names)) != len(names) or len(names) > limit:
        return None
    try:
        check_wellformed(data, "")
        return SheetScan(part, inside, pieces, decoder, names)
    except (ValueError, WorkbookError):
        return None


def _in_rows(rows: bytes) -> bool:
    """Whether all cells of well-formed rows are inside them, and no row is inside another."""
    *full, last = rows.split(b"</row>")
    if not all(map(bytes.startswith, full, repeat(b"<row"))):
        return False
    if rows.count(b"<row") == len(full):
        return not last
    return _EMPTY_ROWS.fullmatch(last) is not None and all(
        (opening := _OPENING.match(row)) and row.find(b"<row", opening.end()) < 0 for row in full
    )


class _Keys(dict[bytes, "CellKey | None"]):
    """Names of cells -> row and column, None outside the grid.

    The same names come back on every sheet and in every file.
    """

    _most = 100_000

    def __missing__(self, name: bytes) -> CellKey | None:
        letters = name.rstrip(b"0123456789")
        row, column = int(name[len(letters) :]), column_number(letters.decode())
        key = (row, column) if row <= MAX_ROW and column <= MAX_COLUMN else None
        if len(self) < self._most:
            self[name] = key
        return key


KEYS = _Keys()


class SheetScan:
    """The formula cells of a sheet in document order, each at a place from 0.

    Attributes:
        part: the sheet's part.
        inside: the content of sheetData.
        pieces: what that content is made of: `PIECES` for each formula cell (what comes before it first), and the rest.
        keys: row and column of each formula cell.
        stored: its stored value.
        all_names: the names of all cells, constants included.

    Raises:
        ValueError: a cell outside the grid, a stored value that cannot be read, a start tag that is unusual.
        WorkbookError: a type or number in a start tag that is none.
    """

    def __init__(
        self, part: XmlPart, inside: Span, pieces: list[bytes], decoder: Decoder, names: list[bytes]
    ) -> None:
        self.part = part
        self.inside = inside
        self.pieces = pieces
        self.all_names = names
        self._decoder = decoder
        self._heads: dict[bytes, Head] = {}
        self.keys = self._read_keys()
        self.stored = self._read_stored()

    def __len__(self) -> int:
        """Number of formula cells."""
        return len(self.pieces) // PIECES

    @cached_property
    def names(self) -> list[bytes]:
        """The name of each formula cell, `B7`."""
        return self.pieces[NAME::PIECES]

    @cached_property
    def formulas(self) -> list[bytes]:
        """The formula element of each."""
        return self.pieces[FORMULA::PIECES]

    @cached_property
    def index(self) -> dict[CellKey, int]:
        """Place of each by row and column."""
        return dict(zip(self.keys, range(len(self.keys)), strict=True))

    @cached_property
    def may_hold_errors(self) -> bool:
        """False where no cell stores an error value: those begin with `#`."""
        return b">#" in self.part.utf8

    @cached_property
    def all_keys(self) -> list[CellKey]:
        """Row and column of all cells, constants included."""
        return [KEYS[name] or (0, 0) for name in self.all_names]

    @cached_property
    def used(self) -> tuple[int, int]:
        """Last row and last column that have a cell; (0, 0) where there is none."""
        keys = self.all_keys
        return max((row for row, _ in keys), default=0), max((column for _, column in keys), default=0)

    def texts(self, column: int) -> dict[int, str | None]:
        """The constant texts of a column by their rows, None for what is no constant text; empty cells are left out."""
        found: dict[int, str | None] = {}
        pattern = _IN_COLUMN % column_letters(column).encode()
        for row, place, text, empty in re.findall(pattern, self.part.utf8):
            if place:
                found[int(row)] = str(self._decoder.plain("s", place.decode()))
            elif text or not empty:
                found[int(row)] = unescape(resolve_entities(text)) if text else None
        return found

    def text(self, place: int) -> str:
        """A formula without its `=`, entities resolved; empty where the cell shares another's."""
        element = self.formulas[place]
        if element.endswith(b"/>"):
            return ""
        raw = element[element.index(b">") + 1 : _BEFORE_END]
        if b"&" in raw or b"_x" in raw or b"\r" in raw:
            return unescape(resolve_entities(raw))
        return raw.decode()

    def formula(self, place: int) -> Formula:
        """The formula of a cell."""
        element = self.formulas[place]
        dynamic = self._heads[self.pieces[PIECES * place + HEAD]][2]
        head = element[2 : element.index(b">")].removesuffix(b"/")
        return make_formula(pairs_of(head), self.text(place), dynamic)

    @cached_property
    def cells(self) -> list[Cell]:
        """All formula cells."""
        heads = [self._heads[head] for head in self.pieces[HEAD::PIECES]]
        return [
            Cell(*self.keys[place], self.stored[place], self.formula(place), style, rich)
            for place, (_, style, _, rich) in enumerate(heads)
        ]

    def _read_keys(self) -> list[CellKey]:
        keys = [key for key in map(KEYS.__getitem__, self.names) if key is not None]
        if len(keys) < len(self):
            raise ValueError("a cell outside the grid")
        return keys

    def _read_stored(self) -> list[CellValue]:
        heads = self.pieces[HEAD::PIECES]
        values = self.pieces[VALUE::PIECES]
        for head in set(heads):
            self._heads[head] = self._read_head(head)
        numbers = {head for head, (kind, *_) in self._heads.items() if kind == "n"}
        if len(numbers) == len(self._heads) and max(map(len, values), default=0) < _SHORTEST:
            return [None] * len(values)  # not calculated yet
        odd = b"_" in b"".join(values)
        decoded: list[CellValue] = [
            float(value[_AFTER_VALUE:_BEFORE_END])
            if head in numbers and len(value) >= _SHORTEST and not odd
            else self._other(head, value)
            for head, value in zip(heads, values, strict=True)
        ]
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
        return self._decoder.value(kind, element[element.index(b">") + 1 : _BEFORE_END])

    def _read_head(self, head: bytes) -> Head:
        attributes = pairs_of(head[1:-1])
        if len(attributes) != head.count(b'="') or not attributes.keys().isdisjoint(_NOT_HERE):
            raise ValueError("an unusual start tag")
        return self._decoder.head(attributes)
