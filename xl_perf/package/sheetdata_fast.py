"""The fast reading of a sheet part: tokens of the form that programs write, checked to cover every byte.

It accepts only what it knows completely: rows and cells in the default namespace, every cell with its reference
first, no comments, CDATA or processing instructions. The tokens must follow one another without a gap from
`<sheetData>` to `</sheetData>`; where they do not, the caller reads the part event by event.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.formula.refs import MAX_COLUMN, MAX_ROW, column_number
from xl_perf.package.model import Cell, Formula
from xl_perf.package.patterns import repeated
from xl_perf.package.sheetdata import NOWHERE, CellSpans, RowSpans, SheetData
from xl_perf.package.xmlpart import MAIN, resolve_entities, unescape

if TYPE_CHECKING:
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.sheetdata import Span
    from xl_perf.package.xmlpart import XmlPart

_CELL = (
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(' + repeated(rb' [a-z]+="[^"<>&]*+"') + rb") ?(?:/>|>\s*+"
    rb"(?:(<f)(" + repeated(rb' \w+="[^"<>&]*+"') + rb")(?:/>|>([^<]*+)</f>)\s*+)?"
    rb'(?:(<v)(?: xml:space="preserve")?(?:/>|>([^<]*+)</v>)\s*+)?'
    rb"(?:(?>(<is)>(.*?)</is>)\s*+)?</c>)"
)
"""Groups: column, row, other attributes, formula there, its attributes, its text, value there, its text, inline
string there, its content."""

_ROW = rb"<row(" + repeated(rb' [\w:]++="[^"<>&]*+"') + rb") ?(/?)>"
_TOKEN = re.compile(rb"\s*+(?:" + _CELL + rb"|" + _ROW + rb"|</row>|())", re.DOTALL)
"""The last group is there where nothing fits, so that the search never goes on from another place."""

_ONE_CELL = re.compile(_CELL, re.DOTALL)
_ROOT = re.compile(rb"<worksheet((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*>")
_NAMESPACE = re.compile(rb"\sxmlns(:[\w.-]+)?\s*=\s*[\"']([^\"']*)[\"']")
_PAIR = re.compile(rb' ([\w:]+)="([^"]*)"')
_ROW_NUMBER = re.compile(rb' r="([0-9]{1,7})"')
_MARK = b"\xef\xbb\xbf"
_ODD = (b"<!", b"<?")
_OPEN, _CLOSE, _EMPTY = b"<sheetData>", b"</sheetData>", b"<sheetData/>"


def read_fast(part: XmlPart, decoder: Decoder, limit: int) -> SheetData | None:
    """The cells of a well-formed part, or None where its form is not the ordinary one.

    Raises:
        WorkbookError: a cell outside the grid, a value that is not what its type says, too many cells.
    """
    inside = find_inside(part.utf8)
    if inside is None or any(part.utf8.find(mark, *inside) >= 0 for mark in _ODD):  # in the text of a cell
        return None
    return _Reader(part, decoder, inside).read(limit)


def find_inside(data: bytes) -> Span | None:
    """The content of the one sheetData element of an ordinary part, or None where the part is unusual."""
    head = data.find(b"?>", 0, 200) + 2 if data.startswith((b"<?xml", _MARK + b"<?xml")) else 0
    root = _ROOT.search(data, head, head + 20_000)
    if root is None or data[head : root.start()].strip(b" \t\r\n" + _MARK):
        return None
    spaces = _NAMESPACE.findall(root[1])
    main = [name for name, uri in spaces if uri.decode("utf-8", "replace") in MAIN]
    start = data.find(_OPEN[:-1], root.end())
    if main != [b""] or start < 0:
        return None
    is_empty = data.startswith(_EMPTY, start)
    end = start if is_empty else data.rfind(_CLOSE)
    if end < 0 or not (is_empty or data.startswith(_OPEN, start)):
        return None
    # in the rows the caller looks for them, or lets nothing through in which they could be
    if any(data.find(mark, head, start) >= 0 or data.find(mark, end) >= 0 for mark in _ODD):
        return None
    # tokens leave no place for a second sheetData between the two
    if data.find(_OPEN[:-1], end + len(_EMPTY)) >= 0 or data.find(b"xmlns", root.end(), end) >= 0:
        return None
    return (start, start + len(_EMPTY)) if is_empty else (start + len(_OPEN), end)


class _Reader:
    """One pass over the tokens of a sheet."""

    def __init__(self, part: XmlPart, decoder: Decoder, inside: Span) -> None:
        self._data = part.utf8
        self._decoder = decoder
        self._heads: dict[bytes, tuple[str, int, bool, bool] | None] = {}
        self._columns: dict[bytes, int] = {}
        self._starts: list[int] = []
        self._part = part
        self._inside = inside

    def read(self, limit: int) -> SheetData | None:
        """All cells, or None as soon as a token is not of the ordinary form."""
        # the reader keeps no reference to it: memory is free as soon as the package is gone
        found = SheetData(self._part, [], self._starts, [], self._inside, self._spans)
        begin, end = found.inside
        if self._data.startswith(_EMPTY, begin):
            return found
        cells, starts, rows = found.cells, self._starts, found.rows
        heads = self._heads
        at = begin
        row: tuple[int, Span] | None = None
        for match in _TOKEN.finditer(self._data, begin, end):
            at = match.end()
            letters, digits, head, *rest, row_head, row_slash, odd = match.groups()
            if letters is None:
                if odd is not None:
                    break
                if (row is None) == (row_head is None):
                    return None
                if row is not None:
                    rows.append(RowSpans(*row, at - 6))
                    row = None
                    continue
                number = _ROW_NUMBER.search(row_head)
                if number is None:
                    return None
                span = match.start(11) - 4, at
                if row_slash:
                    rows.append(RowSpans(int(number[1]), span, -1))
                else:
                    row = int(number[1]), span
                continue
            known = heads[head] if head in heads else self._head(head)
            if row is None or known is None:
                return None
            starts.append(match.start(1) - 6)
            cells.append(self._cell(letters, digits, known, rest))
            if len(cells) > limit:
                break
        if len(cells) > limit:
            expected = f"at most {limit:,}"
            raise WorkbookError("the sheet has too many cells", where=self._decoder.where, expected=expected)
        return None if row is not None or at != end else found

    def _head(self, raw: bytes) -> tuple[str, int, bool, bool] | None:
        """(type, style, dynamic array, has value metadata) of a cell's attributes; None where they are unusual."""
        pairs = _PAIR.findall(raw)
        attributes = {name.decode(): value.decode() for name, value in pairs}
        is_odd = len(attributes) != len(pairs) or "r" in attributes
        self._heads[raw] = None if is_odd else self._decoder.head(attributes)
        return self._heads[raw]

    def _cell(
        self, letters: bytes, digits: bytes, head: tuple[str, int, bool, bool], rest: list[bytes | None]
    ) -> Cell:
        kind, style, dynamic, rich = head
        formula, extra, text, stored, raw, inline, item = rest
        row = int(digits)
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_number(letters.decode())
        if column > MAX_COLUMN or row > MAX_ROW:
            where = f"{self._decoder.where}!{(letters + digits).decode()}"
            raise WorkbookError("the cell is outside the grid", where=where)
        try:
            value = self._decoder.value(kind, raw or b"" if stored else None, item if inline else None)
        except ValueError as error:
            raise self._decoder.bad_value(error, (row, column)) from error
        if formula is None:
            return Cell(row, column, value, None, style, rich)
        written = unescape(resolve_entities(text)) if text else ""
        if not extra:
            return Cell(row, column, value, Formula(written, dynamic=dynamic), style, rich)
        return Cell(row, column, value, make_formula(pairs_of(extra), written, dynamic), style, rich)

    def _spans(self, place: int) -> CellSpans:
        data, start = self._data, self._starts[place]
        match = _ONE_CELL.match(data, start)
        assert match is not None
        formula = value = inline = NOWHERE
        if match.start(4) >= 0:
            text_end = match.end(6)
            formula = match.start(4), text_end + 4 if text_end >= 0 else _tag_end(data, match.end(5))
        if match.start(7) >= 0:
            text_end = match.end(8)
            value = match.start(7), text_end + 4 if text_end >= 0 else _tag_end(data, match.end(7))
        if match.start(9) >= 0:
            inline = match.start(9), match.end(10) + 5
        return CellSpans((start, _tag_end(data, match.end(3))), formula, value, inline, match.end())


def pairs_of(raw: bytes) -> dict[str, str]:
    """Attributes of an ordinary tag by name."""
    return {name.decode(): value.decode() for name, value in _PAIR.findall(raw)}


def _tag_end(data: bytes, start: int) -> int:
    return data.index(b">", start) + 1


def make_formula(attributes: dict[str, str], text: str, dynamic: bool) -> Formula:
    """The formula of an `<f>` element from its attributes and text."""
    shared = attributes.get("si", "")
    return Formula(
        text,
        attributes.get("t", "normal"),
        attributes.get("ref"),
        int(shared) if shared.isdecimal() else None,
        dynamic,
        attributes.get("ca") in ("1", "true"),
    )
