"""Writing one sheet: title, tables, notes, protection, print setup."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment
from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn

from xl_perf.templates import styles
from xl_perf.templates.model import Column, Content, Place, Placed, PrintSetup, Row, TableSpec, TargetMap, letter
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.book import Book
    from xl_perf.templates.model import Validation

TITLE_ROW = 1
SUBTITLE_ROW = 2
BANNER_ROW = 3
FIRST_ROW = 5
EXAMPLE_TEXT = "DATI DI ESEMPIO: i consuntivi inseriti sono inventati e non rappresentano risultati dell'Istituto."


class Page:
    """A sheet being written. `finish` has to be called once, after the last content."""

    def __init__(self, book: Book, name: str, title: str, subtitle: str, tab: str, *, banner: int = 0) -> None:
        self.book = book
        self.name = name
        self.sheet: Worksheet = book.workbook.create_sheet(name)
        self.sheet.sheet_view.showGridLines = False
        self.sheet.sheet_properties.tabColor = styles.TAB_COLOURS[tab]
        self.sheet.sheet_format.defaultRowHeight = 16
        self.sheet.sheet_format.customHeight = True
        self._validations: dict[Validation, DataValidation] = {}
        self.title_rows = ""
        self.text(TITLE_ROW, 1, title, styles.font(size=16, bold=True, colour=styles.INK))
        self.sheet.row_dimensions[TITLE_ROW].height = 26
        self.text(SUBTITLE_ROW, 1, subtitle, styles.font(colour=styles.MUTED))
        if banner and book.example:
            self.banner(BANNER_ROW, EXAMPLE_TEXT, banner)

    def banner(self, row: int, text: str, width: int) -> None:
        """A line that stands out: text on a coloured ground over some columns."""
        for column in range(1, width + 1):
            self.sheet.cell(row, column).fill = styles.solid(styles.EXAMPLE_GROUND)
        self.text(row, 1, text, styles.font(bold=True, colour=styles.EXAMPLE_INK))

    def text(self, row: int, column: int, value: object, font: Any = None, *, wrap: bool = False) -> None:
        """A free text or value outside tables."""
        cell = self.sheet.cell(row, column, value)
        cell.font = font or styles.font()
        cell.alignment = styles.TOP_WRAPPED if wrap else styles.LEFT

    def put(
        self, row: int, column: int, value: object, kind: Kind, *,
        number_format: str = styles.GENERAL, level: Level = Level.LEAF, align: str = "",
        validation: Validation | None = None,
    ) -> str:
        """One cell of a kind outside tables; gives its absolute reference from any sheet."""
        cell = self.sheet.cell(row, column)
        if value is not None:
            cell.value = value
        _dress(cell, kind, level, number_format, align)
        if validation is not None:
            self.validate(validation, cell.coordinate)
        return self.reference(row, column)

    def reference(self, row: int, column: int) -> str:
        """Absolute reference to a cell of this sheet."""
        return f"'{self.name}'!${letter(column)}${row}"

    def head(self, row: int, column: int, text: str, *, align: str = "left") -> None:
        """A heading in the look of table headings."""
        cell = self.sheet.cell(row, column, text)
        _apply(cell, styles.HEADER)
        cell.alignment = Alignment(
            horizontal=align, vertical="center", wrap_text=True, indent=1 if align == "left" else 0
        )

    def section(self, row: int, text: str, column: int = 1) -> None:
        """A heading between blocks."""
        self.text(row, column, text, styles.font(size=12, bold=True, colour=styles.ACCENT))
        self.sheet.row_dimensions[row].height = 22

    def geometry(self, spec: TableSpec, at_row: int, at_column: int = 1) -> Placed:
        """Where a table will stand; the heading takes the first row."""
        letters = {column.heading: letter(at_column + i) for i, column in enumerate(spec.columns)}
        numbers = {row.code: at_row + 1 + i for i, row in enumerate(spec.rows)}
        if len(letters) != len(spec.columns) or len(numbers) != len(spec.rows):
            raise ValueError(f"{spec.name}: headings and codes have to be unique")
        return Placed(self.name, spec.name, at_row, letters, numbers)

    def table(self, spec: TableSpec, at_row: int = FIRST_ROW, at_column: int = 1) -> Placed:
        """Write a table with its heading, cells, validation, conditional formats and target map."""
        placed = self.geometry(spec, at_row, at_column)
        self._headings(spec, placed, at_row, at_column)
        for row in spec.rows:
            place = Place(placed, row)
            lines = max(self._cell(place, column, at_column + i) for i, column in enumerate(spec.columns))
            if lines > 1:
                self.sheet.row_dimensions[place.number].height = 13 * lines + 5
        self._judge(spec, placed)
        self._declare(spec, placed, at_column)
        self.book.maps.extend(
            TargetMap(
                spec.name, spec.key, c.link.key_kind, c.heading, c.link.fixed, c.link.period, spec.source
            )
            for c in spec.columns
            if c.link is not None
        )
        return placed

    def _headings(self, spec: TableSpec, placed: Placed, at_row: int, at_column: int) -> None:
        lines = 1
        for offset, column in enumerate(spec.columns):
            self.head(at_row, at_column + offset, column.heading, align="left" if offset == 0 else "center")
            room = max(4, int(column.width * 0.92) - (3 if spec.filters else 0))
            lines = max(lines, len(textwrap.wrap(column.heading, room)))
            dimension = self.sheet.column_dimensions[letter(at_column + offset)]
            dimension.width = max(column.width, dimension.width if dimension.customWidth else 0)
            dimension.hidden = column.hidden
            if column.group:
                self._group(at_row - 1, at_column + offset, spec.columns, offset)
        height = max(18, 13.5 * lines + 5)
        self.sheet.row_dimensions[at_row].height = max(height, self.sheet.row_dimensions[at_row].height or 0)
        if not self.title_rows:
            first = at_row - 1 if any(column.group for column in spec.columns) else at_row
            self.title_rows = f"{first}:{at_row}"

    def _group(self, row: int, column: int, columns: Sequence[Column], offset: int) -> None:
        cell = self.sheet.cell(row, column)
        _apply(cell, styles.GROUP)
        if offset == 0 or columns[offset - 1].group != columns[offset].group:
            cell.value = columns[offset].group
            cell.alignment = Alignment(horizontal="left", vertical="center", indent=1)
        self.sheet.row_dimensions[row].height = 18

    def _cell(self, place: Place, column: Column, at: int) -> int:
        """Write a cell; gives the number of lines that its text takes."""
        content = column.content(place)
        kind, number_format = column.kind, column.format_of(place.row)
        if isinstance(content, Content):
            kind = content.kind or kind
            number_format = content.number_format or number_format
            content = content.value
        cell = self.sheet.cell(place.number, at)
        if content is not None:
            cell.value = content
        _dress(cell, kind, place.row.level, number_format, column.align, place.row.indent)
        if kind is Kind.INPUT and column.validation is not None:
            self.validate(column.validation, cell.coordinate)
        if not isinstance(content, str) or content.startswith("=") or not cell.alignment.wrap_text:
            return 1
        room = column.width * (1.2 if kind is Kind.SOURCE else 1.0) - 3
        return len(textwrap.wrap(content, max(int(room), 4)))

    def validate(self, validation: Validation, coordinate: str) -> None:
        """Give a cell a data validation; cells with the same one share it."""
        found = self._validations.get(validation)
        if found is None:
            found = _validation(validation)
            self._validations[validation] = found
            self.sheet.add_data_validation(found)
        found.add(coordinate)

    def _judge(self, spec: TableSpec, placed: Placed) -> None:
        by_judge: dict[str, list[str]] = {}
        first = min(placed.numbers.values())
        for column in spec.columns:
            if column.judged_by:
                mark = placed.letters[column.heading]
                by_judge.setdefault(column.judged_by, []).append(f"{mark}{first}:{mark}{placed.last}")
        own = [by_judge.pop(heading) for heading in list(by_judge) if heading == "*"]
        for heading, ranges in by_judge.items():
            judge_cells(self.sheet, " ".join(ranges), f"${placed.letters[heading]}{first}")
        for ranges in own:
            judge_values(self.sheet, ranges)

    def _declare(self, spec: TableSpec, placed: Placed, at_column: int) -> None:
        last = letter(at_column + len(spec.columns) - 1)
        ref = f"{letter(at_column)}{placed.header}:{last}{placed.last}"
        table = Table(id=self.book.next_table_id(), displayName=spec.name, name=spec.name, ref=ref)
        table.tableColumns = [
            TableColumn(id=i, name=column.heading) for i, column in enumerate(spec.columns, start=1)
        ]
        if spec.filters:
            table.autoFilter = AutoFilter(ref=ref)
        self.sheet.add_table(table)

    def finish(self, *, freeze: str = "", setup: PrintSetup | None = None, protect: bool = True) -> None:
        """Protection, frozen panes and print setup."""
        if freeze:
            self.sheet.freeze_panes = freeze
        if protect:
            protection = self.sheet.protection
            protection.sheet = True
            protection.formatColumns = False
            protection.formatRows = False
            protection.autoFilter = False
        _print(self, setup or PrintSetup())


def _apply(cell: Any, look: styles.Look) -> None:
    cell.font, cell.fill, cell.border, cell.protection = look.font, look.fill, look.border, look.protection


def _dress(cell: Any, kind: Kind, level: Level, number_format: str, align: str, indent: int = 0) -> None:
    _apply(cell, styles.look(kind, level))
    cell.number_format = number_format
    if not align:
        align = "left" if kind in (Kind.KEY, Kind.LABEL, Kind.SOURCE, Kind.CHECK) else "right"
    wrap = align == "wrap" or kind is Kind.SOURCE
    horizontal = "left" if align == "wrap" else align
    cell.alignment = Alignment(
        horizontal=horizontal, vertical="center", wrap_text=wrap or None,
        indent=0 if horizontal == "center" else 1 + indent,
    )


def judge_cells(sheet: Worksheet, ranges: str, judge: str) -> None:
    """Colour cells by the arrow that another cell of the row begins with."""
    for arrow, style in (("▲", styles.BETTER), ("●", styles.NEAR), ("▼", styles.WORSE)):
        rule = Rule(type="expression", dxf=style, formula=[f'LEFT({judge},1)="{arrow}"'])
        sheet.conditional_formatting.add(ranges, rule)


def judge_values(sheet: Worksheet, ranges: Sequence[str]) -> None:
    """Colour deviations by their own value against the band of the `Parametri` sheet."""
    first = ranges[0].split(":")[0]
    for test, style in (
        (f"AND(ISNUMBER({first}),100*{first}>Banda_in_linea)", styles.BETTER),
        (f"AND(ISNUMBER({first}),100*{first}<-Banda_in_linea)", styles.WORSE),
    ):
        sheet.conditional_formatting.add(
            " ".join(ranges), Rule(type="expression", dxf=style, formula=[test])
        )


def _validation(spec: Validation) -> DataValidation:
    texts: Mapping[str, Any] = {
        "allow_blank": True, "showErrorMessage": True, "showInputMessage": True, "errorStyle": "stop",
        "promptTitle": spec.title, "prompt": spec.message, "errorTitle": "Valore non ammesso", "error": spec.error,
    }
    if spec.kind == "list":
        return DataValidation(type="list", formula1=spec.source, **texts)
    if spec.maximum is not None:
        return DataValidation(
            type=spec.kind, operator="between", formula1=f"{spec.minimum:g}", formula2=f"{spec.maximum:g}", **texts
        )
    return DataValidation(type=spec.kind, operator="greaterThanOrEqual", formula1=f"{spec.minimum:g}", **texts)


def _print(page: Page, setup: PrintSetup) -> None:
    sheet, book = page.sheet, page.book
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if setup.landscape else "portrait"
    if setup.scale is None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 1 if setup.one_page else 0
    else:
        sheet.page_setup.scale = setup.scale
    if setup.breaks:
        sheet.col_breaks = ColBreak(brk=[Break(id=_index(mark), max=1048575) for mark in setup.breaks])
    if page.title_rows:
        sheet.print_title_rows = page.title_rows
    if setup.repeat_columns:
        sheet.print_title_cols = setup.repeat_columns
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.7, 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    _margin_text(sheet.oddHeader, book.title, "", book.mark)
    _margin_text(sheet.oddFooter, "&A", "", "Pagina &P di &N")


def _margin_text(target: Any, left: str, center: str, right: str) -> None:
    for part, text in ((target.left, left), (target.center, center), (target.right, right)):
        if text:
            part.text, part.size, part.font = text, 8, f"{styles.FONT},Regular"


def _index(mark: str) -> int:
    from openpyxl.utils import column_index_from_string

    index: int = column_index_from_string(mark)
    return index


__all__ = ["FIRST_ROW", "Page", "Row", "judge_cells", "judge_values"]
