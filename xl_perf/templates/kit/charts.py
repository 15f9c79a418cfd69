"""Charts: bars in the one accent, a grey line for the target, titles and axis titles in Italian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RichTextProperties,
)
from openpyxl.utils import column_index_from_string

from xl_perf.templates.kit import styles

if TYPE_CHECKING:
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """Bars with a line for the target, from the columns of a table; their headings name the series.

    `categories`, `bars` and `line` are headings; an empty `line` leaves the bars alone. The value axis goes from `low` to
    `high` in steps, which the spreadsheet chooses where they are None; sizes are in cm.
    """

    title: str
    category_title: str
    value_title: str
    table: Placed
    categories: str
    bars: str
    line: str
    low: float = 50
    high: float | None = 150
    step: float | None = 25
    number_format: str = "0"
    width: float = 26.0
    height: float = 10.5


def bar_chart(page: Page, spec: ChartSpec, anchor: str) -> None:
    """Put a chart on a page, its upper left corner in the cell `anchor`."""
    bars = BarChart()
    bars.type, bars.gapWidth = "col", 60
    bars.add_data(_reference(page, spec.bars, spec.table), titles_from_data=True)
    bars.series[0].graphicalProperties = GraphicalProperties(solidFill=styles.ACCENT)
    bars.series[0].graphicalProperties.line = LineProperties(solidFill=styles.ACCENT)
    bars.series[0].cat = _categories(spec)
    if spec.line:
        line = LineChart()
        line.add_data(_reference(page, spec.line, spec.table), titles_from_data=True)
        _line_look(line.series[0])
        line.series[0].cat = _categories(spec)
        bars += line
    _titles(bars, spec)
    _axes(bars, spec)
    bars.legend.position = "b"
    bars.legend.txPr = _text(900)
    bars.width, bars.height = spec.width, spec.height
    bars.graphical_properties = GraphicalProperties(solidFill=styles.WHITE)
    bars.graphical_properties.line = LineProperties(solidFill=styles.LINE)
    bars.roundedCorners = False
    page.sheet.add_chart(bars, anchor)
    page.book.descriptions.append(
        f"{spec.title}. Barre: {spec.bars}{f'; linea tratteggiata: {spec.line}' if spec.line else ''}. "
        f"I valori sono nella tabella {spec.table.name} dello stesso foglio."
    )


def _categories(spec: ChartSpec) -> AxDataSource:
    return AxDataSource(strRef=StrRef(f=spec.table.column(spec.categories)))


def _reference(page: Page, heading: str, table: Placed) -> Reference:
    """Cells of a series with its name, the heading above them."""
    column = column_index_from_string(table.letters[heading])
    return Reference(page.sheet, column, table.header, column, table.last)


def _line_look(series: Series) -> None:
    series.graphicalProperties = GraphicalProperties()
    series.graphicalProperties.line = LineProperties(solidFill=styles.INK, w=22225, prstDash="dash")
    series.marker.symbol = "none"
    series.smooth = False


def _titles(chart: Any, spec: ChartSpec) -> None:
    chart.title = spec.title
    chart.x_axis.title = spec.category_title
    chart.y_axis.title = spec.value_title
    for owner, size, bold in ((chart, 1200, True), (chart.x_axis, 900, False), (chart.y_axis, 900, False)):
        owner.title.overlay = False
        for paragraph in owner.title.tx.rich.p:
            paragraph.pPr = ParagraphProperties(defRPr=_characters(size, bold=bold))
            for run in paragraph.r or []:
                run.rPr = _characters(size, bold=bold)


def _axes(chart: Any, spec: ChartSpec) -> None:
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.axPos, chart.x_axis.tickLblPos = "b", "low"
    chart.x_axis.txPr = _text(800, rotation=-2700000 if len(spec.table.numbers) > 7 else 0)
    chart.y_axis.txPr = _text(800)
    chart.y_axis.number_format = spec.number_format
    chart.y_axis.numFmt.sourceLinked = False
    chart.y_axis.majorGridlines.spPr = GraphicalProperties()
    chart.y_axis.majorGridlines.spPr.line = LineProperties(solidFill=styles.LINE, w=6350)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = spec.low, spec.high
    chart.y_axis.majorUnit = spec.step
    for axis in (chart.x_axis, chart.y_axis):
        axis.spPr = GraphicalProperties()
        axis.spPr.line = LineProperties(solidFill=styles.MUTED, w=6350)


def _characters(size: int, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, solidFill=styles.INK, latin=Font(typeface=styles.FONT))


def _text(size: int, rotation: int | None = None) -> RichText:
    properties = RichTextProperties() if rotation is None else RichTextProperties(rot=rotation)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=_characters(size)), endParaRPr=CharacterProperties())
    paragraph.r = []
    return RichText(bodyPr=properties, p=[paragraph])
