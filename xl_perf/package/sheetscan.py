"""The formula cells of a sheet part in columns, for parts of the form that almost all programs write.

Constants are not read: they are checked to be of a form that any reader takes for the same value, so that the part's own
bytes can stand for them in the calculation copy. Where anything in the part is unusual there is no scan, and the cells
are read one by one (`xl_perf.package.sheetdata`).

The tokens that are accepted cover every byte of the rows, and are well-formed each; so the part is well-formed where rows
open and close in turn, its text is valid, and what lies around the rows is well-formed.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain, repeat
from math import isfinite
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.model import Cell, Formula
from xl_perf.package.refs import MAX_COLUMN, MAX_ROW, cell_name, column_number
from xl_perf.package.shapes import SHAPES
from xl_perf.package.sheetdata_fast import find_inside, holds, make_formula, pairs_of
from xl_perf.package.xmlpart import check_wellformed, resolve_entities, unescape

if TYPE_CHECKING:
    from xl_perf.package.model import CellKey
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.sheetdata import Span
    from xl_perf.package.xmlpart import XmlPart
    from xl_perf.values import CellValue

    Head = tuple[str, int, bool, bool]

_COLUMN = rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"
_ROW = rb"(?:[1-9][0-9]{0,5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])"
_NUMBER = rb"[-+]?+[0-9]{1,20}+(?:\.[0-9]*+)?+(?:[eE][-+]?+(?:[12][0-9]{2}|[0-9]{1,2}))?+"
_TEXT = rb"(?!\s)[^<&_\r]*+(?:(?:_(?!x)|&(?:amp|lt|gt|quot|apos);)[^<&_\r]*+)*+(?<!\s)"
_ERROR = rb"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)"
_CONSTANT = (
    rb'<c r="' + _COLUMN + _ROW + rb'"(?: s="[0-9]{1,9}")?+'
    rb'(?: t="(?:n"(?:/>|>(?:<v>' + _NUMBER + rb'</v>)?+</c>)|s"><v>[0-9]{1,9}</v></c>'
    rb'|inlineStr"><is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is></c>"
    rb'|b"><v>[01]</v></c>|e"><v>' + _ERROR + rb"</v></c>)"
    rb"|/>|>(?:<v>" + _NUMBER + rb"</v>)?+</c>)"
)
_ATTRIBUTE_TEXT = rb'(?:[^"<>&]|&(?:amp|lt|gt|quot|apos);)*+'
_ROW_TAG = rb'<row(?=[^<>]* r="[0-9]{1,7}")(?: (?!xmlns)[\w:]++="' + _ATTRIBUTE_TEXT + rb'")*+ ?/?>'
_BETWEEN = rb"(?:" + _CONSTANT + rb"|</row>|" + _ROW_TAG + rb")*+"
_TOKEN = re.compile(
    rb"((?:</c>)?+" + _BETWEEN + rb'<c r=")([A-Z]{1,3}[1-9][0-9]{0,6})("[^<>&]*+>)'
    rb'(<f(?: \w+="[^"<>&]*+")*+(?:/>|>[^<]*+</f>))'
    rb'(<v(?: xml:space="preserve")?>[^<]*+</v>|<v ?/>|)(?=</c>)|(.+)',
    re.DOTALL,
)
"""What comes before a formula cell, its name, the rest of its start tag, its formula, its stored value; or all the rest."""
_REST = re.compile(rb"(</c>)?+" + _BETWEEN)
_HEAD_FORM = re.compile(rb'"((?: [a-z]+="[^"<>&]*+")*+)>')

PIECES = 6
"""Pieces of the rows for each formula cell."""
BEFORE, NAME, HEAD, FORMULA, VALUE, REST = range(PIECES)

_CELL = b'<c r="'
_KEY = re.compile(_CELL + rb'([A-Z]+[0-9]+)"')
_STRING = re.compile(rb' t="s"><v>([0-9]+)</v>')
_EMPTY_ROWS = re.compile(rb"(?:<row[^<>]*/>)*+")
_OPENING = re.compile(rb"(?:<row[^<>]*/>)*<row[^<>]*(?<!/)>")
_NUMBER_CELL = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?(?: t="(?:n|(b))")?><v>([-+0-9.eE]+)</v></c>'
)
"""Name, `b` of a truth value, content."""
_FRACTION = re.compile(
    rb"<v>([-+]?(?:[0-9]+(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|[0-9]{14,}))</v></c>"
)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_PLAIN = b"<f>"
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
        if element.startswith(_PLAIN):
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


def scan_sheet(part: XmlPart, decoder: Decoder, limit: int) -> SheetScan | None:
    """The formula cells of a part, or None where it must be read cell by cell: what is not well-formed among them.

    Args:
        part: the part's text.
        decoder: resolves stored values.
        limit: how many cells are accepted; None is the answer beyond it, and for every cell that would be refused.
    """
    data = part.utf8
    inside = find_inside(data, only_tokens=True)
    if inside is None or data.startswith(b"<sheetData/>", inside[0]):
        return None
    if data.count(_CELL) > limit:
        return None
    pieces = list(chain.from_iterable(_TOKEN.findall(data, *inside)))
    rest = _REST.fullmatch(pieces[-1]) if pieces else None
    if rest is None or (rest[1] is None) == (len(pieces) > PIECES) or pieces[0].startswith(b"</c>"):
        return None
    constants = b"".join(pieces[BEFORE::PIECES])
    strings = set(_STRING.findall(constants)) | set(_STRING.findall(pieces[-1]))
    if not decoder.holds_texts(strings):
        return None
    names = pieces[NAME:-PIECES:PIECES]
    last = _KEY.findall(pieces[-1])
    all_names = [*names, *_KEY.findall(constants), *last]
    if len(set(all_names)) != len(all_names):
        return None
    last_row = int((last or names)[-1].lstrip(_LETTERS)) if last or names else 0
    try:
        scan = SheetScan(part, inside, pieces, decoder, has_strings=bool(strings), last_row=last_row)
    except (ValueError, WorkbookError):
        return None
    return scan if _is_wellformed(scan) else None


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OPEN_ROW = b"<row"


def _is_wellformed(scan: SheetScan) -> bool:
    """Whether a part whose rows are made of tokens is well-formed as a whole."""
    data = scan.part.utf8
    start, end = scan.inside
    if len(data.translate(None, _CONTROL)) != len(data) or holds(data, b"]]>", b"]"):
        return False
    if not data.isascii() and any(character in data for character in _NO_CHARACTERS):
        return False
    tags = _row_tags(data[start:end])
    if tags is None:
        return False
    # where the tokens leave something open, the XML reader looks at it: attributes of rows and formulas, references
    unsure = [shape for shape in set(scan.shapes) if b"&" in shape or not shape.startswith(_PLAIN)]
    values = scan.pieces[VALUE:-PIECES:PIECES]
    if b"&" in b"".join(values):
        unsure += [value for value in values if b"&" in value]
    if holds(data, b"&#", b"#"):  # the shape of a reference is another one
        unsure += [element for element in scan.formulas if b"&#" in element]
    if any(b"xmlns" in piece for piece in unsure):
        return False
    try:
        data.decode()
        check_wellformed(b"".join((data[:start], *tags, *unsure, data[end:])), "")
    except (UnicodeError, WorkbookError):
        return False
    return True


def _row_tags(rows: bytes) -> set[bytes] | None:
    """The tags of rows without their digits, closed; None where rows do not open and close in turn, cells inside them."""
    *full, last = rows.split(b"</row>")
    if not _EMPTY_ROWS.fullmatch(last):
        return None
    if rows.count(_OPEN_ROW) == len(full) and all(map(bytes.startswith, full, repeat(_OPEN_ROW))):
        openings = [row[: row.index(b">") + 1] for row in full]
    else:
        found = [_OPENING.match(row) for row in full]
        openings = [opening[0] for opening in found if opening is not None]
        if len(openings) != len(full) or rows.count(_OPEN_ROW) != last.count(_OPEN_ROW) + sum(
            opening.count(_OPEN_ROW) for opening in openings
        ):
            return None
    tags = {opening.translate(None, b"0123456789") for opening in openings}
    if any(tag.endswith(b"/>") for tag in tags):
        return None
    return {tag + b"</row>" for tag in tags} | {last.translate(None, b"0123456789")}
