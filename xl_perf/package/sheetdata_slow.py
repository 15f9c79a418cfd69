"""The cells of an unusual sheet part (prefixes, comments, CDATA, implied references), read event by event."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.model import Cell
from xl_perf.package.refs import cell_name, parse_cell
from xl_perf.package.sheetdata import NOWHERE, CellSpans, RowSpans, SheetData, make_formula
from xl_perf.package.xmlpart import MAIN, new_parser, run_parser, split_name, unescape

if TYPE_CHECKING:
    from xl_perf.package.model import CellKey, Formula
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.sheetdata import Span
    from xl_perf.package.xmlpart import XmlPart
    from xl_perf.values import CellValue

_DEEPEST_TEXT = 7
"""worksheet, sheetData, row, c, is, r, t"""

_START = re.compile(rb"<[^\s<>/]+(?:\s+[^\s=<>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")


@dataclass(slots=True)
class _Open:
    """The cell that is being read."""

    attributes: dict[str, str]
    tag: Span
    spans: dict[str, Span] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    formula: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Expat handlers that collect cells, rows and their places."""

    def __init__(self, part: XmlPart, decoder: Decoder, limit: int) -> None:
        self.data = part.utf8
        self.decoder = decoder
        self.limit = limit
        self.path: list[str] = []
        self.tags: list[Span] = []
        self.cells: list[Cell] = []
        self.cell_spans: list[CellSpans] = []
        self.rows: list[RowSpans] = []
        self.inside: Span = NOWHERE
        self.prefix = b""
        self.open: _Open | None = None
        self.column = 0
        self.parser = new_parser()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, local = split_name(name, " ")
        at = self.parser.CurrentByteIndex
        match = _START.match(self.data, at)
        assert match is not None
        self.path.append(local if namespace in MAIN else f"{{{namespace}}}{local}")
        self.tags.append(match.span())
        depth = len(self.path)
        if depth < 2 or depth > 6 or self.path[1] != "sheetData":
            return
        if depth == 2:
            if self.inside != NOWHERE:
                raise WorkbookError("the sheet has two sheetData elements")
            tag = match[0][1:].split(None, 1)[0].rstrip(b"/>")
            self.prefix = tag[: tag.find(b":") + 1]
        elif depth == 3 and local == "row":
            self._start_row(attributes, match.span())
        elif depth == 4 and self.path[2:] == ["row", "c"]:
            self.open = _Open(attributes, match.span())
        elif depth == 5 and self.open is not None and self.path[4] in ("f", "v", "is"):
            if self.path[4] in self.open.texts:
                raise WorkbookError(f"a cell has two {self.path[4]} elements")
            self.open.texts[self.path[4]] = []
            if self.path[4] == "f":
                self.open.formula = attributes

    def _start_row(self, attributes: dict[str, str], tag: Span) -> None:
        number = attributes.get("r", "")
        if number and not (number.isdecimal() and len(number) < 8):
            raise WorkbookError(f"a row has the number {number[:20]!r}")
        last = self.rows[-1].number if self.rows else 0
        self.rows.append(RowSpans(int(number) if number else last + 1, tag, -1))
        self.column = 0

    def text(self, data: str) -> None:
        if self.open is None or not 5 <= len(self.path) <= _DEEPEST_TEXT:
            return
        inner = self.path[4:]
        if inner in (["f"], ["v"], ["is", "t"], ["is", "r", "t"]):
            self.open.texts[inner[0]].append(data)

    def end(self, _name: str) -> None:
        tag = self.tags.pop()
        depth = len(self.path)
        local = self.path.pop()
        if depth > 5 or depth < 2 or (self.path[1] if depth > 2 else local) != "sheetData":
            return
        is_empty = self.data[tag[1] - 2 : tag[1]] == b"/>"
        close = -1 if is_empty else self.parser.CurrentByteIndex
        end = tag[1] if is_empty else self.data.index(b">", close) + 1
        if depth == 2 and local == "sheetData":
            self.inside = tag if is_empty else (tag[1], close)
        elif depth == 3 and local == "row":
            self.rows[-1] = self.rows[-1]._replace(close=close)
        elif depth == 4 and self.open is not None:
            self._end_cell(self.open, end)
            self.open = None
        elif depth == 5 and self.open is not None and local in ("f", "v", "is"):
            self.open.spans[local] = tag[0], end

    def _end_cell(self, cell: _Open, end: int) -> None:
        row, column = self.rows[-1].number, self.column + 1
        if "r" in cell.attributes:
            row, column = parse_cell(cell.attributes["r"].upper(), self.decoder.where)
        self.column = column
        kind, style, dynamic, has_metadata = self.decoder.head(cell.attributes)
        formula: Formula | None = None
        if "f" in cell.texts:
            formula = make_formula(cell.formula, unescape("".join(cell.texts["f"])), dynamic)
        try:
            value = self._value(cell, kind)
        except ValueError as error:
            raise self.decoder.bad_value(error, (row, column)) from error
        self.cells.append(Cell(row, column, value, formula, style, has_metadata))
        if len(self.cells) > self.limit:
            raise WorkbookError("the sheet has too many cells", expected=f"at most {self.limit:,}")
        written, stored, inline = (cell.spans.get(name, NOWHERE) for name in ("f", "v", "is"))
        self.cell_spans.append(CellSpans(cell.tag, written, stored, inline, end))

    def _value(self, cell: _Open, kind: str) -> CellValue:
        name = "is" if kind == "inlineStr" and "is" in cell.texts else "v"
        if name not in cell.texts:
            return None
        text = "".join(cell.texts[name])
        if kind == "inlineStr":
            return unescape(text) if text or name == "is" else None
        return self.decoder.plain(kind, text)


def read_slow(part: XmlPart, decoder: Decoder, limit: int) -> SheetData:
    """The cells of any well-formed worksheet part; takes some ten times as long as a scan.

    Args:
        part: the part's text.
        decoder: resolves stored values (shared strings, dates) and names the sheet in messages.
        limit: how many cells are accepted.

    Raises:
        WorkbookError: malformed XML, no sheetData, a cell outside the grid or twice, a value that is not what its type
            says, or more cells than the limit.
    """
    reader = _Reader(part, decoder, limit)
    run_parser(reader.parser, part.utf8, decoder.where)
    if reader.inside == NOWHERE:
        raise WorkbookError("the sheet has no sheetData element", where=decoder.where)
    seen: set[CellKey] = set()
    for cell in reader.cells:
        key = cell.row, cell.column
        if key in seen:
            raise WorkbookError("the cell is stored twice", where=f"{decoder.where}!{cell_name(key)}")
        seen.add(key)
    spans = reader.cell_spans
    starts = [found.tag[0] for found in spans]
    return SheetData(part, reader.cells, starts, reader.rows, reader.inside, spans.__getitem__, reader.prefix)
