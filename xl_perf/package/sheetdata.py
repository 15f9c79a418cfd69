"""The cells of a sheet part: a fast reading of the form that programs write, checked to cover every byte.

The fast reading accepts only what it knows completely: rows and cells in the default namespace, every cell with its
reference first, no comments, CDATA or processing instructions. Its tokens must follow one another without a gap from
`<sheetData>` to `</sheetData>`; where they do not, `xl_perf.package.sheetdata_slow` reads the part event by event.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from xl_perf.errors import WorkbookError
from xl_perf.package.model import Cell, Formula
from xl_perf.package.refs import MAX_COLUMN, MAX_ROW, cell_name, column_number
from xl_perf.package.xmlpart import MAIN, XmlPart, check_wellformed, resolve_entities, unescape

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.package.model import CellKey
    from xl_perf.package.scalars import Decoder

Span = tuple[int, int]
"""Start and end offset in the part's UTF-8 bytes; (-1, -1) where there is nothing."""


class CellSpans(NamedTuple):
    """Where a cell's pieces are: start tag, formula, value, inline string, and the end of the whole element."""

    tag: Span
    formula: Span
    value: Span
    inline: Span
    end: int


class RowSpans(NamedTuple):
    """Where a row's pieces are: its number, start tag, the end tag's start (-1 where it is `<row/>`)."""

    number: int
    tag: Span
    close: int


@dataclass(slots=True)
class SheetData:
    """The cells of one sheet part with the places of their bytes.

    `starts` holds the offset of each cell's `<c` beside `cells`; `spans(index)` finds the pieces of one cell.
    `prefix` is the namespace prefix of the part's elements with its colon, empty in almost every file.
    """

    part: XmlPart
    cells: list[Cell]
    starts: list[int]
    rows: list[RowSpans]
    inside: Span
    """The content of sheetData, or the whole `<sheetData/>` where it is an empty tag."""
    spans: Callable[[int], CellSpans]
    prefix: bytes = b""
    _index: dict[CellKey, int] = field(default_factory=dict)

    @property
    def index(self) -> dict[CellKey, int]:
        """Cell key -> place in `cells`."""
        if not self._index:
            self._index = {(cell.row, cell.column): place for place, cell in enumerate(self.cells)}
        return self._index


_ATTRIBUTES = rb'((?: [a-z]+="[^"<>&]*+")*+)'
_CELL = (
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"' + _ATTRIBUTES + rb" ?(?:/>|>\s*+"
    rb'(?:(<f)((?: \w+="[^"<>&]*+")*+)(?:/>|>([^<]*+)</f>)\s*+)?'
    rb'(?:(<v)(?: xml:space="preserve")?(?:/>|>([^<]*+)</v>)\s*+)?'
    rb"(?:(?>(<is)>(.*?)</is>)\s*+)?</c>)"
)
_ROW = rb'<row((?: [\w:]++="[^"<>&]*+")*+) ?(/?)>'
_TOKEN = re.compile(rb"\s*+(?:" + _CELL + rb"|" + _ROW + rb"|</row>)", re.DOTALL)
_ONE_CELL = re.compile(_CELL, re.DOTALL)
_ROOT = re.compile(rb"<worksheet((?:\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*>")
_NAMESPACE = re.compile(rb"\sxmlns\s*=\s*[\"']([^\"']*)[\"']")
_PAIR = re.compile(rb' ([\w:]+)="([^"]*)"')
_ROW_NUMBER = re.compile(rb' r="([0-9]{1,7})"')
_ODD = (b"<!", b"xmlns", b"<?")


def read_sheet(part: XmlPart, decoder: Decoder, limit: int) -> SheetData:
    """The cells of a worksheet part in document order.

    Args:
        part: the part's text.
        decoder: resolves stored values (shared strings, dates) and names the sheet in messages.
        limit: how many cells are accepted.

    Raises:
        WorkbookError: malformed XML, a cell outside the grid or twice, a value that is not what its type says, or
            more cells than the limit.
    """
    check_wellformed(part.utf8, decoder.where)
    found = _read_fast(part, decoder, limit)
    if found is None:
        from xl_perf.package.sheetdata_slow import read_slow  # noqa: PLC0415 - rarely needed

        found = read_slow(part, decoder, limit)
    if len(found.index) != len(found.cells):
        seen: set[CellKey] = set()
        for cell in found.cells:
            key = cell.row, cell.column
            if key in seen:
                raise WorkbookError("the cell is stored twice", where=f"{decoder.where}!{cell_name(key)}")
            seen.add(key)
    return found


def _inside(data: bytes) -> Span | None:
    """The content of the one sheetData element of an ordinary part, or None where the part is unusual."""
    head = data.find(b"?>", 0, 200) + 2 if data.startswith((b"<?xml", b"\xef\xbb\xbf<?xml")) else 0
    root = _ROOT.search(data, head, head + 20_000)
    if root is None or data[head : root.start()].strip(b" \t\r\n\xef\xbb\xbf"):
        return None
    namespace = _NAMESPACE.search(root[1])
    if namespace is None or namespace[1].decode("utf-8", "replace") not in MAIN:
        return None
    start = data.find(b"<sheetData", root.end())
    if (
        start < 0
        or data.find(b"<sheetData", start + 10) >= 0
        or any(data.find(odd, head) >= 0 for odd in _ODD[::2])
    ):
        return None
    if data.startswith(b"<sheetData/>", start):
        return start, start + 12
    end = data.rfind(b"</sheetData>")
    if not data.startswith(b"<sheetData>", start) or end < 0 or data.find(b"xmlns", start, end) >= 0:
        return None
    if data.find(b"xmlns", root.end(), start) >= 0:
        return None
    return start + 11, end


def _read_fast(part: XmlPart, decoder: Decoder, limit: int) -> SheetData | None:
    data = part.utf8
    inside = _inside(data)
    if inside is None:
        return None
    cells: list[Cell] = []
    starts: list[int] = []
    rows: list[RowSpans] = []
    found = SheetData(part, cells, starts, rows, inside, lambda index: _spans(data, starts[index]))
    start, end = inside
    if data.startswith(b"<sheetData/>", start):
        return found
    heads: dict[bytes, tuple[str, int, bool, bool]] = {}
    columns: dict[bytes, int] = {}
    value_of = decoder.value
    at = start
    is_open = False
    for match in _TOKEN.finditer(data, start, end):
        if match.start() != at:
            return None
        at = match.end()
        letters, digits, head, formula, extra, text, stored, raw, inline, rich, row, empty = match.groups()
        if letters is None:
            if row is None:
                if not is_open:
                    return None
                rows[-1] = rows[-1]._replace(close=at - 6)
                is_open = False
                continue
            number = _ROW_NUMBER.search(row)
            if number is None or is_open:
                return None
            is_open = not empty
            rows.append(RowSpans(int(number[1]), (data.index(b"<", match.start()), at), -1))
            continue
        column = columns.get(letters)
        if column is None:
            column = columns[letters] = column_number(letters.decode())
        if not is_open:
            return None
        known = heads.get(head)
        if known is None:
            known = _head(head, decoder)
            if known is None:
                return None
            heads[head] = known
        kind, style, dynamic, has_metadata = known
        number_of_row = int(digits)
        if column > MAX_COLUMN or number_of_row > MAX_ROW:
            raise WorkbookError(
                "the cell is outside the grid", where=f"{decoder.where}!{(letters + digits).decode()}"
            )
        try:
            value = value_of(kind, raw if stored else None, rich if inline else None)
        except ValueError as error:
            raise decoder.bad_value(error, (number_of_row, column)) from error
        starts.append(match.start(1) - 6)
        cells.append(
            Cell(
                number_of_row,
                column,
                value,
                _formula(extra, text, dynamic) if formula else None,
                style,
                has_metadata,
            )
        )
        if len(cells) > limit:
            raise WorkbookError(
                "the sheet has too many cells", where=decoder.where, expected=f"at most {limit:,}"
            )
    if is_open or data[at:end].strip():
        return None
    return found


def _head(raw: bytes, decoder: Decoder) -> tuple[str, int, bool, bool] | None:
    """(type, style, dynamic array, has value metadata) of a cell's attributes; None where they are unusual."""
    pairs = _PAIR.findall(raw)
    attributes = dict(pairs)
    if len(attributes) != len(pairs) or b"r" in attributes:
        return None
    return decoder.head({name.decode(): value.decode() for name, value in attributes.items()})


def _formula(extra: bytes, text: bytes | None, dynamic: bool) -> Formula:
    written = unescape(resolve_entities(text)) if text else ""
    if not extra:
        return Formula(written)
    return make_formula(
        {name.decode(): value.decode() for name, value in _PAIR.findall(extra)}, written, dynamic
    )


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


def _spans(data: bytes, start: int) -> CellSpans:
    match = _ONE_CELL.match(data, start)
    assert match is not None
    end = match.end()
    tag_end = _tag_end(data, match.end(3))
    if match.start(4) < 0:
        formula = (-1, -1)
    elif match.start(6) < 0:
        formula = match.start(4), _tag_end(data, match.end(5))
    else:
        formula = match.start(4), match.end(6) + 4
    value = (-1, -1)
    if match.start(7) >= 0:
        value_end = match.end(8) + 4 if match.start(8) >= 0 else _tag_end(data, match.end(7))
        value = match.start(7), value_end
    inline = (match.start(9), match.end(10) + 5) if match.start(9) >= 0 else (-1, -1)
    return CellSpans((start, tag_end), formula, value, inline, end)


def _tag_end(data: bytes, start: int) -> int:
    return data.index(b">", start) + 1
