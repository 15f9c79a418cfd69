"""The formula cells of a sheet part alone, for parts of the form that almost all programs write.

Constants are not read: they are checked to be of a form that any reader takes for the same value, so that the part's own
bytes can stand for them in the calculation copy. Where anything in the part is unusual there is no scan, and the cells
are read one by one (`xl_perf.package.sheetdata`).
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.package.model import Cell, Formula
from xl_perf.package.refs import MAX_COLUMN, MAX_ROW, column_number
from xl_perf.package.sheetdata_fast import find_inside, make_formula, pairs_of
from xl_perf.package.xmlpart import resolve_entities, unescape

if TYPE_CHECKING:
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.sheetdata import Span
    from xl_perf.package.xmlpart import XmlPart
    from xl_perf.values import CellValue

_COLUMN = rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"
_ROW = rb"(?:[1-9][0-9]{0,5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])"
_NUMBER = rb"[-+]?+[0-9]{1,20}+(?:\.[0-9]*+)?+(?:[eE][-+]?+(?:[12][0-9]{2}|[0-9]{1,2}))?+"
_TEXT = rb"(?!\s)[^<&_\r]*+(?:(?:_(?!x)|&(?:amp|lt|gt|quot|apos);)[^<&_\r]*+)*+(?<!\s)"
_CONSTANT = (
    rb'<c r="' + _COLUMN + _ROW + rb'"(?: s="[0-9]{1,9}")?+'
    rb'(?:/>|(?: t="n")?+(?:/>|><v>' + _NUMBER + rb"</v></c>)"
    rb'| t="s"><v>[0-9]{1,9}</v></c>| t="b"><v>[01]</v></c>'
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is></c>)"
)
_FORMULA = (
    rb'(<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"((?: [a-z]+="[^"<>&]*+")*+)>)'
    rb'(<f((?: \w+="[^"<>&]*+")*+)(?:/>|>([^<]*+)</f>))'
    rb"(?:<v>([^<]*+)</v>|(<v ?/>))?+</c>"
)
"""Groups: start tag, column, row, other attributes, formula, its attributes, its text, stored value, empty value."""

_ROW_TAG = rb'<row r="[0-9]{1,7}"(?: [\w:]++="[^"<>&]*+")*+ ?/?>'
_TOKEN = re.compile(rb"(?:" + _CONSTANT + rb"|</row>|" + _ROW_TAG + rb")*+(?:" + _FORMULA + rb"|())")
"""All constants up to a formula, and the formula; the last group is there where no formula follows."""

_KEY = re.compile(rb'<c r="([A-Z]+[0-9]+)"')
_STRING = re.compile(rb' t="s"><v>([0-9]+)</v>')


@dataclass(frozen=True, slots=True)
class SheetScan:
    """The formula cells of a sheet in document order.

    `places` has four offsets in the part's bytes for each of them: start of the cell, end of its start tag, end of the
    formula, end of the cell. `escaped` are the places in `cells` of formulas with characters that XML readers may see in
    different ways. `inside` is the content of sheetData.
    """

    part: XmlPart
    inside: Span
    cells: list[Cell]
    places: array[int]
    escaped: frozenset[int]
    last_row: int
    """Row of the last cell, constants included; 0 where there is none."""
    has_strings: bool
    """Whether constants refer to shared strings."""


def scan_sheet(part: XmlPart, decoder: Decoder, limit: int) -> SheetScan | None:
    """The formula cells of a well-formed part, or None where it must be read cell by cell.

    Args:
        part: the part's text, checked to be well-formed.
        decoder: resolves stored values.
        limit: how many cells are accepted; None is the answer beyond it, and for every cell that would be refused.
    """
    data = part.utf8
    inside = find_inside(data)
    if inside is None or data.startswith(b"<sheetData/>", inside[0]):
        return None
    keys = _KEY.findall(data, *inside)
    if len(keys) > limit or len(set(keys)) != len(keys):
        return None
    strings = set(_STRING.findall(data, *inside))
    if strings and max(map(int, strings)) >= decoder.strings:
        return None
    return _Scanner(part, decoder, inside).scan(keys, has_strings=bool(strings))


class _Scanner:
    """One pass over the formulas of a sheet."""

    def __init__(self, part: XmlPart, decoder: Decoder, inside: Span) -> None:
        self._part = part
        self._decoder = decoder
        self._inside = inside
        self._columns: dict[bytes, int] = {}
        self._heads: dict[bytes, tuple[str, int, bool, bool] | None] = {}

    def scan(self, keys: list[bytes], *, has_strings: bool) -> SheetScan | None:
        cells: list[Cell] = []
        places = array("q")
        escaped: set[int] = set()
        value_of = self._decoder.value
        columns, heads = self._columns, self._heads
        new = tuple.__new__  # half the time of the classes' own
        at = self._inside[0]
        for match in _TOKEN.finditer(self._part.utf8, *self._inside):
            _, letters, digits, attributes, _, extra, text, raw, empty, odd = match.groups()
            if odd is not None:
                at = match.end()
                break
            head = heads[attributes] if attributes in heads else self._head(attributes)
            row = int(digits)
            column = columns.get(letters) or self._column(letters)
            if head is None or column > MAX_COLUMN or row > MAX_ROW:
                return None
            kind, style, dynamic, rich = head
            value: CellValue = None
            if raw or kind == "str":
                try:
                    value = value_of(kind, b"" if empty else raw, None)
                except ValueError:
                    return None
            written = text.decode() if text else ""
            if "&" in written or "_x" in written or "\r" in written:
                plain = unescape(resolve_entities(text))
                if "\r" in written or "&#" in written or unescape(written) != written:
                    escaped.add(len(cells))
                written = plain
            if extra:
                formula = make_formula(pairs_of(extra), written, dynamic)
            else:
                formula = new(Formula, (written, "normal", None, None, dynamic, False))
            cells.append(new(Cell, (row, column, value, formula, style, rich)))
            start, tag_end = match.span(1)
            places.extend((start, tag_end, match.end(5), match.end()))
        if at != self._inside[1]:
            return None
        last = int(keys[-1].lstrip(_LETTERS)) if keys else 0
        return SheetScan(self._part, self._inside, cells, places, frozenset(escaped), last, has_strings)

    def _head(self, raw: bytes) -> tuple[str, int, bool, bool] | None:
        attributes = pairs_of(raw)
        is_odd = len(attributes) != raw.count(b"=") or "r" in attributes
        self._heads[raw] = None if is_odd else self._decoder.head(attributes)
        return self._heads[raw]

    def _column(self, letters: bytes) -> int:
        self._columns[letters] = column_number(letters.decode())
        return self._columns[letters]


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
