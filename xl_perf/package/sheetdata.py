"""The cells of a sheet part with the places of their bytes; all cells of a part that was scanned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xl_perf.package.model import Cell, Formula
from xl_perf.package.xmlpart import MAIN, resolve_entities, unescape

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.package.model import CellKey
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.package.xmlpart import XmlPart
    from xl_perf.values import CellValue

Span: TypeAlias = tuple[int, int]
"""Start and end offset in the part's UTF-8 bytes; (-1, -1) where there is nothing."""

NOWHERE: Span = (-1, -1)

_ROOT = re.compile(rb"<worksheet((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*>")
_NAMESPACE = re.compile(rb"\sxmlns(:[\w.-]+)?\s*=\s*[\"']([^\"']*)[\"']")
_PAIR = re.compile(rb' ([\w:]+)="([^"]*)"')
_MARK = b"\xef\xbb\xbf"
_ODD = (b"<!", b"<?")
_OPEN, _CLOSE, _EMPTY = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_CELL = re.compile(
    rb'<c r="[A-Z]+[0-9]+"((?: [a-z]+="[^"]*")*)(?:/>|>'
    rb"(<f[^<>]*(?:/>|>[^<]*</f>))?(<v[^<>]*(?:/>|>([^<]*)</v>))?(<is><t[^<>]*>([^<]*)</t></is>)?</c>)"
)
"""A cell of a part that was scanned: attributes, formula, value and its content, inline string and its text."""
_ROW = re.compile(rb'<row(?=[^<>]* r="([0-9]+)")[^<>]*>|</row>')


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


@dataclass
class SheetData:
    """The cells of one sheet part.

    `starts` holds the offset of each cell's `<c` beside `cells`; `spans(place)` finds the pieces of the cell at a place
    of that list. `inside` is the content of sheetData, or the whole tag where it is `<sheetData/>`. `prefix` is the
    namespace prefix of the part's elements with its colon, empty in almost every file.
    """

    part: XmlPart
    cells: list[Cell]
    starts: list[int]
    rows: list[RowSpans]
    inside: Span
    spans: Callable[[int], CellSpans]
    prefix: bytes = b""

    @cached_property
    def index(self) -> dict[CellKey, int]:
        """Cell key -> place in `cells`."""
        return {(cell.row, cell.column): place for place, cell in enumerate(self.cells)}


def read_scanned(scan: SheetScan, decoder: Decoder) -> SheetData:
    """All cells of a part that was scanned.

    Raises:
        WorkbookError: an attribute that should be a number is none, or an unknown type.
    """
    data = scan.part.utf8
    heads: dict[bytes, tuple[str, int, bool, bool]] = {}
    formulas = iter(scan.cells)
    cells: list[Cell] = []
    starts: list[int] = []
    for found, key in zip(_CELL.finditer(data, *scan.inside), scan.all_keys, strict=True):
        starts.append(found.start())
        head, formula, value, raw, inline, text = found.groups()
        if formula is not None:
            cells.append(next(formulas))
            continue
        if head not in heads:
            heads[head] = decoder.head(pairs_of(head))
        kind, style, _, rich = heads[head]
        content: CellValue
        if inline is not None:
            content = unescape(resolve_entities(text))
        else:
            content = decoder.value(kind, None if value is None else raw or b"")
        cells.append(Cell(*key, content, None, style, rich))
    rows: list[RowSpans] = []
    for found in _ROW.finditer(data, *scan.inside):
        if found[1] is None:
            rows[-1] = rows[-1]._replace(close=found.start())
        else:
            rows.append(RowSpans(int(found[1]), found.span(), -1))
    return SheetData(scan.part, cells, starts, rows, scan.inside, partial(_spans, data, starts))


def _spans(data: bytes, starts: list[int], place: int) -> CellSpans:
    found = _CELL.match(data, starts[place])
    assert found is not None
    tag = found.start(), data.index(b">", found.end(1)) + 1
    return CellSpans(tag, found.span(2), found.span(3), found.span(5), found.end())


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


def pairs_of(raw: bytes) -> dict[str, str]:
    """Attributes of an ordinary tag by name."""
    return {name.decode(): value.decode() for name, value in _PAIR.findall(raw)}


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
