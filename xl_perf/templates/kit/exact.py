"""Saving a workbook with every number exact, its cells written straight as canonical XML.

openpyxl writes 16 digits, which one double in two does not survive, and makes an element tree of every cell,
which takes most of the time of a save.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from openpyxl.cell._writer import etree_write_cell
from openpyxl.compat import safe_string
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from xl_perf.templates.kit.extensions import extended
from xl_perf.templates.kit.light import Conditions
from xl_perf.templates.kit.palette import own_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

NO_ROWS = b"<sheetData></sheetData>"
"""The rows of a sheet while everything around them is made canonical."""
_EMPTY = (b"<sheetData />", b"<sheetData/>", NO_ROWS)


def saved(workbook: Workbook, *, stored: bool = False) -> bytes:
    """The workbook as openpyxl writes it, its numbers with as many digits as they need.

    A sixth, as the plan's data hold it, comes back from the file as the same double, so that sync finds it unchanged.

    Args:
        workbook: the workbook.
        stored: leave the parts uncompressed, for a caller that reads them at once.
    """
    buffer = io.BytesIO()
    workbook.properties.modified = dt.datetime.now(tz=dt.UTC).replace(tzinfo=None)
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    workbook._cell_styles = IndexedList([StyleArray()])  # noqa: SLF001 - no public way: numbered by this save
    _Excel(workbook, zipfile.ZipFile(buffer, "w", method)).save()
    return buffer.getvalue()


class _Excel(ExcelWriter):  # type: ignore[misc]
    """openpyxl's writer, its sheets with rows of our own."""

    def write_data(self) -> None:
        """Write everything; the styles with numbers of this workbook alone."""
        self.looks: dict[int, int] = {}
        with ExitStack() as self.numbers:
            super().write_data()

    def _write_external_links(self) -> None:
        """Nothing, for there are none; the styles, whose cells are all written, follow."""
        self.numbers.enter_context(own_numbers(self.workbook))

    def write_worksheet(self, ws: Worksheet) -> None:
        """Write a sheet; charts and tables follow as openpyxl writes them."""
        ws._drawing = _drawing(ws)  # noqa: SLF001
        out = io.BytesIO()
        writer = _Rows(ws, out)
        writer.looks = self.looks
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001
        around = out.getvalue()
        empty = next(each for each in _EMPTY if each in around)
        rows = f"<sheetData>{''.join(writer.lines)}</sheetData>".encode()
        around = extended(around, ws.title, getattr(ws, "bars", ()), getattr(ws, "trends", {}))
        self._archive.writestr(ws.path[1:], around.replace(empty, rows, 1))
        self.manifest.append(ws)


def _drawing(sheet: Worksheet) -> Any:
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing  # noqa: PLC0415 - heavy

    drawing = SpreadsheetDrawing()
    drawing.charts, drawing.images = sheet._charts, sheet._images  # noqa: SLF001
    return drawing


class _Rows(WorksheetWriter):  # type: ignore[misc]
    """A sheet without its rows, which `lines` holds as canonical XML."""

    lines: list[str]
    looks: dict[int, int]
    """Looks of conditional formats: identity -> number."""

    def write_formatting(self) -> None:
        """Write the conditional formats."""
        if isinstance(self.ws.conditional_formatting, Conditions):
            known = self.ws.parent._differential_styles  # noqa: SLF001
            for element in self.ws.conditional_formatting.elements(known, self.looks):
                self.xf.send(element)
        else:
            super().write_formatting()

    def write_rows(self) -> None:
        """Leave the place of the rows empty: they are written apart."""
        stream = self.xf.send(True)
        with stream.element("sheetData"):
            pass
        self.xf.send(None)
        self.lines = list(rows_of(self.ws))


def rows_of(sheet: Worksheet) -> Iterator[str]:
    """The rows of a sheet as canonical XML, in pieces; the styles of its cells are numbered in the workbook."""
    dimensions, fitted = sheet.row_dimensions, getattr(sheet, "fitted_rows", ())
    rows: dict[int, list[Cell]] = {row: [] for row in dimensions}
    for (row, _), cell in sorted(sheet._cells.items()):  # noqa: SLF001
        rows.setdefault(row, []).append(cell)
    styles: dict[bytes, str] = {}
    for number, cells in sorted(rows.items()):
        attributes = {"r": str(number), **dict(dimensions.get(number, ()))}
        if number in fitted:
            attributes.pop("customHeight", None)
        yield f"<row{_attributes(attributes)}>"
        yield from _cells(cells, str(number), styles)
        yield "</row>"


def _cells(cells: list[Cell], row: str, styles: dict[bytes, str]) -> Iterator[str]:
    """The cells of a row; `styles` are the attributes of the looks that were met before."""
    for cell in cells:
        value = cell._value  # noqa: SLF001
        look = cell._style.tobytes() if cell._style is not None else b""  # noqa: SLF001
        style = styles.get(look)
        if style is None:
            style = styles[look] = f' s="{cell.style_id}"' if cell.has_style else ""
        if value is None and not style:
            continue
        kind = cell.data_type
        if type(value) not in _KNOWN or kind == "d":
            yield _any_cell(cell)
            continue
        link = cell.hyperlink
        if link is not None:
            cell.parent._hyperlinks.append(link)  # noqa: SLF001
        head = f'<c r="{get_column_letter(cell.column)}{row}"{style}'
        if value is None or value == "":
            mark = "inlineStr" if kind == "s" else kind
            yield f"{head}></c>" if kind == "f" else f'{head} t="{mark}"></c>'
        elif kind == "s":
            space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
            yield f'{head} t="inlineStr"><is><t{space}>{_escaped(value)}</t></is></c>'
        elif kind == "f":
            yield f"{head}><f>{_escaped(value[1:])}</f><v></v></c>"
        else:
            yield f'{head} t="{kind}"><v>{_escaped(exact(value))}</v></c>'


_KNOWN = frozenset((type(None), str, int, float, bool))


def exact(value: object) -> str:
    """A value as openpyxl writes it, a number with as many digits as it needs."""
    text: str = safe_string(value)
    return repr(value) if isinstance(value, float) and text and float(text) != value else text


class _Collector:
    """Takes the element of a cell from openpyxl."""

    element: ET.Element

    def write(self, element: ET.Element) -> None:
        """Keep it."""
        self.element = element


def _any_cell(cell: Cell) -> str:
    """A cell as openpyxl writes it: dates, array formulas, texts of several fonts."""
    collector = _Collector()
    etree_write_cell(collector, cell.parent, cell, cell.has_style)
    content = collector.element.find("v")
    if content is not None and isinstance(cell._value, float):  # noqa: SLF001
        content.text = exact(cell._value)  # noqa: SLF001
    return ET.canonicalize(ET.tostring(collector.element, encoding="unicode"))


def _attributes(values: Mapping[str, object]) -> str:
    return "".join(f' {name}="{_quoted(str(value))}"' for name, value in sorted(values.items()))


def _escaped(text: str) -> str:
    """A text as canonical XML has it."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text.replace("\r", "&#xD;") if "\r" in text else text


def _quoted(text: str) -> str:
    return (
        _escaped(text)
        .replace("&gt;", ">")
        .replace('"', "&quot;")
        .replace("\t", "&#x9;")
        .replace("\n", "&#xA;")
    )
