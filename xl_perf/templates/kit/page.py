"""Writing one sheet: title, tables, notes, protection, print setup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.cell_range import MultiCellRange

from xl_perf.templates.kit import fit, metrics, notes, pages, paper, styles, tables
from xl_perf.templates.kit.dress import dress, dress_head, dress_link, dress_text
from xl_perf.templates.kit.filling import example_of_cell
from xl_perf.templates.kit.light import lighten
from xl_perf.templates.kit.model import (
    Placed,
    PrintSetup,
    TableSpec,
    join_rows,
    letter,
)
from xl_perf.templates.kit.sheet_parts import data_validation
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.widths import ordered

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Datum, Validation

TITLE_ROW, INDEX_ROW, SUBTITLE_ROW, BANNER_ROW = 1, 2, 3, 4
FIRST_ROW = 6
EXAMPLE_TEXT = "DATI DI ESEMPIO: consuntivi inventati, non risultati dell'Istituto."
INDEX_TEXT = "◄ Indice"
_SUBTITLE_POINTS = 430.0
"""Room of the second line of a sheet, which a formula gives."""


class Page:
    """A sheet being written. `finish` has to be called once, after the last content.

    Every sheet has one frame: title, link to the index, what it belongs to, banner of example data, in its first rows.
    """

    def __init__(
        self, book: Book, name: str, title: str, subtitle: str, tab: str, *, banner: int = 0
    ) -> None:
        self.book = book
        self.name, self.tab = name, tab
        self.sheet: Worksheet = book.workbook.create_sheet(name)
        lighten(self.sheet)
        self.sheet.sheet_view.showGridLines = False
        self.sheet.sheet_properties.tabColor = styles.TAB_COLOURS[tab]
        self.sheet.sheet_format.defaultRowHeight = pages.ROW
        self._validations: dict[Validation, list[tuple[int, int]]] = {}
        self.blocks: list[paper.Block] = []
        """The tables, for the print setup."""
        self.charts: list[tuple[Any, int]] = []
        """The charts, each with the row that it starts at."""
        self.sheet.fitted_rows = set()
        self.flowing: dict[tuple[int, int], tuple[float, bool]] = {}
        """Formulas and inputs whose text wraps: row and column -> the points of a line, whether it is bold."""
        self.levels: dict[int, Level] = {}
        """Rank of the rows of tables."""
        self.strips: list[fit.Strip] = []
        """The columns of the tables."""
        self.lines: dict[int, int] = {}
        """Rows of tables -> the lines that their constant texts take."""
        self.labels: list[tuple[int, int, str, bool]] = []
        """Single cells outside tables with a text: row, column, text, whether it is bold."""
        self.groups: list[tuple[int, int, str, int]] = []
        """Headings of groups of printed columns: row, first column, text, number of columns."""
        self.given_widths: dict[int, float] = {}
        """Columns -> the width that tables gave them, before all of them were there."""
        self.sized: set[str] = set()
        """Letters of the columns whose width a table has set."""
        self.singles: set[int] = {1}
        """The columns with single cells outside tables."""
        self.notes: list[notes.Note] = []
        self.layout: pages.Layout | None = None
        """How its rows go on pages; None for a sheet of one page and for one that is not printed."""
        self.text(TITLE_ROW, 1, title, styles.font(size=16, bold=True, colour=styles.INK), style=styles.TITLE)
        self.sheet.row_dimensions[TITLE_ROW].height = 26
        self.head_points = max(
            metrics.text_points(title, 16, bold=True) + 10,
            _SUBTITLE_POINTS,
            metrics.text_points(EXAMPLE_TEXT, bold=True) + 10 if banner else 0,
        )
        if book.pages:
            dress_link(self.sheet.cell(INDEX_ROW, 1), book.pages[0].name, INDEX_TEXT)
        self.text(SUBTITLE_ROW, 1, subtitle, styles.font(size=9, colour=styles.MUTED), style=styles.NOTE)
        if banner and book.example:
            self.banner(BANNER_ROW, EXAMPLE_TEXT, banner)

    def banner(self, row: int, text: str, width: int) -> None:
        """A line that stands out: text on a coloured ground over some columns."""
        for column in range(1, width + 1):
            self.sheet.cell(row, column).fill = styles.solid(styles.EXAMPLE_GROUND)
        self.text(row, 1, text, styles.font(bold=True, colour=styles.EXAMPLE_INK))

    def text(
        self,
        row: int,
        column: int,
        value: object,
        font: Any = None,
        *,
        wrap: bool = False,
        indent: int = 0,
        style: str = "",
    ) -> None:
        """A free text or value outside tables.

        One that is longer than the printed page goes on in the rows below it.
        """
        cell = self.sheet.cell(row, column, value)
        dress_text(cell, font or styles.font(), wrap=wrap, indent=indent, style=style)
        self.singles.add(column)
        if isinstance(value, str) and not wrap and row >= BANNER_ROW and value != EXAMPLE_TEXT:
            self.notes.append(notes.Note(row, column))

    def remark(self, row: int, text: str) -> None:
        """A line of explanation under a table; smaller, it would be printed under 8 points."""
        self.text(row, 1, text, styles.font(colour=styles.MUTED), style=styles.NOTE)

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
        dress(cell, kind, level, number_format, align)
        self.singles.add(column)
        if '"' in number_format and letter(column) not in self.sized:
            self.sheet.column_dimensions[letter(column)].width = metrics.characters(
                metrics.text_points(number_format, bold=True) + metrics.INDENT
            )
        if align != "right" and isinstance(value, str) and not value.startswith("="):
            self.labels.append((row, column, value, level is not Level.LEAF))
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
        dress_head(cell, align)
        self.singles.add(column)

    def aside(
        self, row: int, column: int, value: object, number_format: str = styles.GENERAL, *, name: str = ""
    ) -> str:
        """A cell of helper data, right of what is printed; gives its address in the sheet. `name`: its defined name."""
        cell = self.sheet.cell(row, column, value)
        align = "left" if number_format == styles.GENERAL else "right"  # no text reaches back into the page
        dress(cell, Kind.CHECK, Level.LEAF, number_format, align)
        if name:
            self.book.define(name, self.reference(row, column))
        return f"${letter(column)}${row}"

    def section(self, row: int, text: str, column: int = 1) -> None:
        """A heading between blocks."""
        font = styles.font(size=12, bold=True, colour=styles.ACCENT)
        self.text(row, column, text, font, style=styles.SECTION)
        self.sheet.row_dimensions[row].height = 22

    def geometry(self, spec: TableSpec, at_row: int, at_column: int = 1) -> Placed:
        """Where a table will stand; the heading takes the first row, codes and sources the last columns."""
        spec = ordered(spec)
        letters = {column.heading: letter(at_column + i) for i, column in enumerate(spec.columns)}
        numbers = {row.code: at_row + 1 + i for i, row in enumerate(spec.rows)}
        if len(letters) != len(spec.columns) or len(numbers) != len(spec.rows):
            raise ValueError(f"{spec.name}: headings and codes have to be unique")
        return Placed(self.name, spec.name, at_row, letters, numbers)

    def table(self, spec: TableSpec, at_row: int = FIRST_ROW, at_column: int = 1) -> Placed:
        """Write a table with its heading, cells, validation, conditional formats and target map."""
        return tables.write_table(self, spec, at_row, at_column)

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

    def finish(self, *, setup: PrintSetup | None = None, protect: bool = True) -> None:
        """Data validations, protection, frozen panes and print setup."""
        if self.book.plain:
            return
        self._write_validations()
        if protect:
            protection = self.sheet.protection
            protection.sheet = True
            protection.formatColumns = False
            protection.formatRows = False
            protection.autoFilter = False
        setup = setup or PrintSetup()
        fit.fit(self, setup)
        paper.put_on_paper(self, setup)
        paper.margins_text(self, EXAMPLE_TEXT.rstrip(".") if self.book.example else "")
