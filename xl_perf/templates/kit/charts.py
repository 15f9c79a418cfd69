"""Charts: deviations from 100 as labelled bars coloured by verdict; plain bars for what is no score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RichTextProperties,
)
from openpyxl.utils import column_index_from_string, coordinate_to_tuple

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.model import letter
from xl_perf.templates.kit.names import BAND, CENTRE
from xl_perf.templates.kit.pages import chart_end
from xl_perf.templates.kit.styles import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page

TOTALS = "Totali"
_DEVIATION = "+0.0;\\-0.0;0.0"
_LABEL = "+0.0;\\-0.0;;"
"""No label where there is no bar."""
_MANY = 20
"""Columns of a chart beyond which their labels are turned."""
_BAR_CM, _FRAME_CM = 0.58, 3.6
_LOOKS = (
    (TOTALS, styles.INK, ""),
    (formulas.BETTER, "2E8B57", ""),
    (formulas.NEAR, "5A768A", "pct50"),
    (formulas.WORSE, "A3281B", "dkUpDiag"),
)
"""Series of deviations: what they are, colour, pattern (for those who do not tell the colours)."""
_GAP = 26
"""Columns between the tables of a sheet and what its charts are made from."""


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """Bars from a column of a table, with the names of the rows.

    `categories` and `bars` are headings. Scores are shown as deviations from the target, in points, rows of
    totals in a look of their own; `scores` False shows the values themselves, from 0. `width` is in cm, and
    `height` for values that are no
    scores: bars of deviations take as much as they need.
    """

    title: str
    category_title: str
    value_title: str
    table: Placed
    categories: str
    bars: str
    scores: bool = True
    number_format: str = "0"
    width: float = 19.0
    height: float = 9.0


def bar_chart(page: Page, spec: ChartSpec, anchor: str) -> int:
    """Put a chart on a page, its upper left corner in the cell `anchor`; gives the row at which it ends."""
    chart = _deviations(page, spec) if spec.scores else _values(page, spec)
    chart.width = spec.width
    chart.graphical_properties = GraphicalProperties(solidFill=styles.WHITE)
    chart.graphical_properties.line = LineProperties(solidFill=styles.LINE)
    chart.roundedCorners = False
    page.sheet.add_chart(chart, anchor)
    page.charts.append((chart, coordinate_to_tuple(anchor)[0]))
    what = (
        "Scostamento dall'obiettivo in punti: barre a destra dello zero = meglio, a sinistra = sotto"
        if spec.scores
        else f"Barre: {spec.bars}"
    )
    page.book.descriptions.append(
        f"{spec.title}. {what}. I valori sono nella tabella {spec.table.name} dello stesso foglio."
    )
    return chart_end(chart, coordinate_to_tuple(anchor)[0])


def _values(page: Page, spec: ChartSpec) -> BarChart:
    chart = BarChart()
    chart.type, chart.gapWidth, chart.height = "col", 60, spec.height
    column = column_index_from_string(spec.table.letters[spec.bars])
    reference = Reference(page.sheet, column, spec.table.header, column, spec.table.last)
    chart.add_data(reference, titles_from_data=True)
    series = chart.series[0]
    series.graphicalProperties = GraphicalProperties(solidFill=styles.ACCENT)
    series.cat = AxDataSource(strRef=StrRef(f=spec.table.column(spec.categories)))
    _labels(series, spec.number_format)
    if spec.table.last - spec.table.header > _MANY:
        series.dLbls.txPr.bodyPr = RichTextProperties(rot=-5_400_000, vert="horz")
    _titles(chart, spec.title, spec.category_title, spec.value_title)
    _axes(chart, spec.number_format)
    chart.x_axis.axPos, chart.y_axis.scaling.min = "b", 0
    chart.legend = None
    return chart


def _deviations(page: Page, spec: ChartSpec) -> BarChart:
    first = _helper_columns(page, spec)
    top, last = spec.table.header, spec.table.last
    chart = BarChart()
    chart.type, chart.gapWidth, chart.overlap = "bar", 35, 100
    chart.height = max(5.0, _BAR_CM * (last - top) + _FRAME_CM)
    data = Reference(page.sheet, first, top, first + len(_LOOKS) - 1, last)
    chart.add_data(data, titles_from_data=True)
    for series, (_, colour, pattern) in zip(chart.series, _LOOKS, strict=True):
        series.graphicalProperties, series.invertIfNegative = _shape(colour, pattern), False
        series.cat = AxDataSource(strRef=StrRef(f=spec.table.column(spec.categories)))
        _labels(series, _LABEL)
        series.dLbls.txPr = _text(1000, bold=True)
    _titles(
        chart,
        f"{spec.title}: scostamento dall'obiettivo, in punti",
        spec.category_title,
        "Punti sopra o sotto l'obiettivo",
    )
    _axes(chart, "+0;\\-0;0")
    chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
    chart.x_axis.tickLblSkip, chart.x_axis.txPr = 1, _text(1000)
    chart.x_axis.txPr.bodyPr = RichTextProperties(
        rot=0, vert="horz"
    )  # with it LibreOffice names every bar too
    chart.legend.position, chart.legend.txPr = "b", _text(1000)
    return chart


def _helper_columns(page: Page, spec: ChartSpec) -> int:
    """What the chart is made from, right of all tables and outside the printed page; gives its first column."""
    own = len(page.charts) * (len(_LOOKS) + 1)  # each chart of a page has columns of its own
    first = _GAP + own + max(block.column + len(block.printed) for block in page.blocks)
    centre, band = (page.book.parameter_name(role) for role in (CENTRE, BAND))
    for offset, (title, _, _) in enumerate(_LOOKS):
        page.aside(spec.table.header, first + offset, title)
        page.sheet.column_dimensions[letter(first + offset)].width = 12
    for row in sorted(spec.table.numbers.values()):
        score = f"${spec.table.letters[spec.bars]}{row}"
        total = page.levels.get(row, Level.LEAF) is not Level.LEAF
        for offset, test in enumerate(_tests(f"{score}-{centre}", band, total=total)):
            value = f'=IF({score}="",0,IF({test},{score}-{centre},0))' if test else 0
            page.aside(row, first + offset, value, _DEVIATION)
    return first


def _tests(deviation: str, band: str, *, total: bool) -> Iterator[str]:
    """When a deviation belongs to a series, in the order of the series; empty where it never does."""
    yield "TRUE" if total else ""
    yield "" if total else f"{deviation}>{band}"
    yield "" if total else f"ABS({deviation})<={band}"
    yield "" if total else f"{deviation}<-{band}"


def _shape(colour: str, pattern: str) -> GraphicalProperties:
    if pattern:
        fill = PatternFillProperties(
            prst=pattern, fgClr=ColorChoice(srgbClr=colour), bgClr=ColorChoice(srgbClr=styles.WHITE)
        )
        shape = GraphicalProperties(pattFill=fill)
    else:
        shape = GraphicalProperties(solidFill=colour)
    shape.line = LineProperties(solidFill=colour, w=9525)
    return shape


def _labels(series: Any, number_format: str) -> None:
    labels = series.dLbls = DataLabelList()
    labels.numFmt, labels.position, labels.showVal, labels.txPr = (
        number_format,
        "outEnd",
        True,
        _text(1000, bold=True),
    )
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False


def _titles(chart: Any, title: str, categories: str, values: str) -> None:
    chart.title, chart.x_axis.title, chart.y_axis.title = title, categories, values
    for owner, size, bold in ((chart, 1200, True), (chart.x_axis, 1000, False), (chart.y_axis, 1000, False)):
        owner.title.overlay = False
        for paragraph in owner.title.tx.rich.p:
            paragraph.pPr = ParagraphProperties(defRPr=_characters(size, bold=bold))
            for run in paragraph.r or []:
                run.rPr = _characters(size, bold=bold)


def _axes(chart: Any, number_format: str) -> None:
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.txPr, chart.y_axis.txPr = _text(1000), _text(1000)
    chart.y_axis.number_format = number_format
    chart.y_axis.numFmt.sourceLinked = False
    chart.y_axis.majorGridlines.spPr = GraphicalProperties()
    chart.y_axis.majorGridlines.spPr.line = LineProperties(solidFill=styles.LINE, w=6350)
    for axis in (chart.x_axis, chart.y_axis):
        axis.spPr = GraphicalProperties()
        axis.spPr.line = LineProperties(solidFill=styles.MUTED, w=6350)


def _characters(size: int, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, solidFill=styles.INK, latin=Font(typeface=styles.FONT))


def _text(size: int, *, bold: bool = False) -> RichText:
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=_characters(size, bold=bold)), endParaRPr=CharacterProperties()
    )
    paragraph.r = []
    return RichText(p=[paragraph])
