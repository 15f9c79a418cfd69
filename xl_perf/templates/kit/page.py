"""Writing one sheet: title, tables, notes, protection, print setup."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn

from xl_perf.plan.describe import TargetMap
from xl_perf.plan.traits import TRAIT
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.dress import dress, dress_group, dress_head, dress_text
from xl_perf.templates.kit.filling import example_of, example_of_cell
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Place,
    Placed,
    PrintSetup,
    TableSpec,
    join_rows,
    letter,
)
from xl_perf.templates.kit.names import BAND, CENTRE
from xl_perf.templates.kit.sheet_parts import data_validation, judge_cells, judge_values, print_setup
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Datum, Validation

TITLE_ROW = 1
SUBTITLE_ROW = 2
BANNER_ROW = 3
FIRST_ROW = 5
TITLE_ROWS = "1:2"
"""Rows repeated on every printed page of sheets that hold several tables."""
EXAMPLE_TEXT = "DATI DI ESEMPIO: consuntivi inventati, non risultati dell'Istituto."


@lru_cache(maxsize=16_384)
def _lines(text: str, room: int) -> int:
    """Lines that a text takes; workbooks of many structures have the same ones."""
    return len(textwrap.wrap(text, room))


class Page:
    """A sheet being written. `finish` has to be called once, after the last content."""

    def __init__(
        self, book: Book, name: str, title: str, subtitle: str, tab: str, *, banner: int = 0
    ) -> None:
        self.book = book
        self.name = name
        self.sheet: Worksheet = book.workbook.create_sheet(name)
        self.sheet.sheet_view.showGridLines = False
        self.sheet.sheet_properties.tabColor = styles.TAB_COLOURS[tab]
        self.sheet.sheet_format.defaultRowHeight = 16
        self.sheet.sheet_format.customHeight = True
        self._validations: dict[Validation, list[tuple[int, int]]] = {}
        self.title_rows = ""
        self.text(TITLE_ROW, 1, title, styles.font(size=14, bold=True, colour=styles.INK))
        self.sheet.row_dimensions[TITLE_ROW].height = 26
        self.text(SUBTITLE_ROW, 1, subtitle, styles.font(colour=styles.MUTED))
        if banner and book.example:
            self.banner(BANNER_ROW, EXAMPLE_TEXT, banner)

    def banner(self, row: int, text: str, width: int) -> None:
        """A line that stands out: text on a coloured ground over some columns."""
        for column in range(1, width + 1):
            self.sheet.cell(row, column).fill = styles.solid(styles.EXAMPLE_GROUND)
        self.text(row, 1, text, styles.font(bold=True, colour=styles.EXAMPLE_INK))

    def text(
        self, row: int, column: int, value: object, font: Any = None, *, wrap: bool = False, indent: int = 0
    ) -> None:
        """A free text or value outside tables."""
        cell = self.sheet.cell(row, column, value)
        dress_text(self.book, cell, font or styles.font(), wrap=wrap, indent=indent)

    def remark(self, row: int, text: str) -> None:
        """A small line of explanation under a table."""
        self.text(row, 1, text, styles.font(size=9, italic=True, colour=styles.MUTED))

    def put(
        self,
        row: int,
        column: int,
        value: object,
        kind: Kind,
        *,
        number_format: str = styles.GENERAL,
        level: Level = Level.LEAF,
        align: str = "",
        validation: Validation | None = None,
        informative: str = "",
        datum: Datum | None = None,
        name: str = "",
    ) -> str:
        """One cell of a kind outside tables; gives its absolute reference from any sheet.

        `informative` says of an input why no result depends on it, `datum` what it is; `name` is then its defined name.
        """
        cell = self.sheet.cell(row, column)
        if value is None and datum is not None and kind is Kind.INPUT:
            value = example_of_cell(self.book, datum)
        if value is not None:
            cell.value = value
        dress(self.book, cell, kind, level, number_format, align)
        if validation is not None:
            self.validate(validation, row, column)
        if informative:
            self.book.informative[self.name, cell.coordinate] = informative
        if name:
            self.book.define(name, self.reference(row, column))
        if datum is not None:
            self.book.inputs.append(datum.mapped(name, "", ""))
        return self.reference(row, column)

    def reference(self, row: int, column: int) -> str:
        """Absolute reference to a cell of this sheet."""
        return f"'{self.name}'!${letter(column)}${row}"

    def head(self, row: int, column: int, text: str, *, align: str = "left") -> None:
        """A heading in the look of table headings."""
        cell = self.sheet.cell(row, column, text)
        dress_head(self.book, cell, align)

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
        self._headings(spec, at_row, at_column)
        for row in spec.rows:
            place = Place(placed, row)
            lines = max(
                self._cell(spec, place, column, at_column + i) for i, column in enumerate(spec.columns)
            )
            if lines > 1:
                self.sheet.row_dimensions[place.number].height = 13 * lines + 5
        self._judge(spec, placed)
        self._declare(spec, placed, at_column)
        self.book.tables.append((spec, placed))
        self.book.maps.extend(
            TargetMap(
                spec.name,
                c.link.key or spec.key,
                c.link.key_kind,
                c.heading,
                c.link.fixed,
                c.link.period,
                "" if c.link.key_kind == TRAIT else c.link.source or spec.source,
            )
            for c in spec.columns
            if c.link is not None
        )
        self.book.inputs.extend(
            c.datum.mapped(spec.name, c.datum.key or spec.key or spec.columns[0].heading, c.heading)
            for c in spec.columns
            if c.datum is not None
        )
        return placed

    def _headings(self, spec: TableSpec, at_row: int, at_column: int) -> None:
        lines = 1
        for offset, column in enumerate(spec.columns):
            self.head(at_row, at_column + offset, column.heading, align="left" if offset == 0 else "center")
            room = max(4, int(column.width * 0.92) - (3 if spec.filters else 0))
            lines = max(lines, _lines(column.heading, room))
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
        dress_group(self.book, cell)
        if offset == 0 or columns[offset - 1].group != columns[offset].group:
            cell.value = columns[offset].group
            cell.alignment = Alignment(horizontal="left", vertical="center", indent=1)
        self.sheet.row_dimensions[row].height = 18

    def _cell(self, spec: TableSpec, place: Place, column: Column, at: int) -> int:
        """Write a cell; gives the number of lines that its text takes."""
        content = column.content(place)
        if content is None and column.kind is Kind.INPUT and column.datum is not None:
            content = example_of(self.book, column.datum, spec, place)
        kind, number_format, informative = column.kind, column.format_of(place.row), column.informative
        if isinstance(content, Content):
            informative = content.informative or informative
            kind = content.kind or kind
            number_format = content.number_format or number_format
            content = content.value
        cell = self.sheet.cell(place.number, at)
        if content is not None:
            cell.value = content
        dress(self.book, cell, kind, place.row.level, number_format, column.align, place.row.indent)
        if kind is Kind.INPUT and informative:
            self.book.informative[self.name, cell.coordinate] = f"«{column.heading}»: {informative}"
        validation = column.validation_of(place.row)
        if kind is Kind.INPUT and validation is not None:
            self.validate(validation, place.number, at)
        if not isinstance(content, str) or content.startswith("=") or not cell.alignment.wrap_text:
            return 1
        room = column.width * (1.3 if kind is Kind.SOURCE else 1.1) - 2 * (1 + place.row.indent)
        return _lines(content, max(int(room), 4))

    def validate(self, validation: Validation, row: int, column: int) -> None:
        """Give a cell a data validation; cells with the same one share it."""
        self._validations.setdefault(validation, []).append((column, row))

    def _write_validations(self) -> None:
        for validation, places in self._validations.items():
            columns: dict[int, list[int]] = {}
            for column, row in places:
                columns.setdefault(column, []).append(row)
            made = data_validation(validation)
            made.sqref = MultiCellRange(
                " ".join(
                    join_rows(letter(column), rows).replace(",", " ") for column, rows in columns.items()
                )
            )
            self.sheet.add_data_validation(made)

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
            judge_values(self.sheet, ranges, self.book.parameter_name(BAND), self.book.parameter_name(CENTRE))

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
        """Data validations, protection, frozen panes and print setup."""
        self._write_validations()
        if freeze:
            self.sheet.freeze_panes = freeze
        if protect:
            protection = self.sheet.protection
            protection.sheet = True
            protection.formatColumns = False
            protection.formatRows = False
            protection.autoFilter = False
        print_setup(self, setup or PrintSetup(), self.title_rows or TITLE_ROWS)
