"""Parts of a sheet that are not cells: conditional formats, data validation, print setup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import Rule
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break, ColBreak, RowBreak

from xl_perf.templates.kit import styles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.kit.model import PrintSetup, Validation
    from xl_perf.templates.kit.page import Page


def judge_cells(sheet: Worksheet, ranges: str, judge: str) -> None:
    """Colour cells by the arrow that another cell of the row begins with."""
    for arrow, style in (("▲", styles.BETTER), ("●", styles.NEAR), ("▼", styles.WORSE)):
        rule = Rule(type="expression", dxf=style, formula=[f'LEFT({judge},1)="{arrow}"'])
        sheet.conditional_formatting.add(ranges, rule)


def judge_values(sheet: Worksheet, ranges: Sequence[str], band: str, centre: str) -> None:
    """Colour deviations by their own value against the band of the `Parametri` sheet.

    Args:
        sheet: the sheet.
        ranges: cells with deviations.
        band: defined name of the half width of the band, in points.
        centre: defined name of the score of a target.
    """
    first = ranges[0].split(":")[0]
    for test, style in (
        (f"AND(ISNUMBER({first}),{centre}*{first}>{band})", styles.BETTER),
        (f"AND(ISNUMBER({first}),{centre}*{first}<-{band})", styles.WORSE),
    ):
        sheet.conditional_formatting.add(" ".join(ranges), Rule(type="expression", dxf=style, formula=[test]))


def data_validation(spec: Validation) -> DataValidation:
    """What Excel checks and shows at an input."""
    texts: Mapping[str, Any] = {
        "allow_blank": True,
        "showErrorMessage": True,
        "showInputMessage": True,
        "errorStyle": "stop",
        "promptTitle": spec.title,
        "prompt": spec.message,
        "errorTitle": "Valore non ammesso",
        "error": spec.error,
    }
    if spec.kind == "list":
        return DataValidation(type="list", formula1=spec.source, **texts)
    if spec.maximum is not None:
        return DataValidation(
            type=spec.kind,
            operator="between",
            formula1=f"{spec.minimum:g}",
            formula2=f"{spec.maximum:g}",
            **texts,
        )
    return DataValidation(
        type=spec.kind, operator="greaterThanOrEqual", formula1=f"{spec.minimum:g}", **texts
    )


def print_setup(page: Page, setup: PrintSetup, title_rows: str) -> None:
    """A4, orientation, scale or fit, page breaks, repeated rows and columns, header and footer."""
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
    if setup.row_breaks:
        sheet.row_breaks = RowBreak(brk=[Break(id=row, max=16383) for row in setup.row_breaks])
    sheet.print_title_rows = title_rows
    if setup.repeat_columns:
        sheet.print_title_cols = setup.repeat_columns
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.7, 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    _margin_text(sheet.oddHeader, book.title, "", "&F")
    _margin_text(sheet.oddFooter, "&A", "", "Pagina &P di &N")


def _margin_text(target: Any, left: str, center: str, right: str) -> None:
    for part, text in ((target.left, left), (target.center, center), (target.right, right)):
        if text:
            part.text, part.size, part.font = text, 8, f"{styles.FONT},Regular"


def _index(mark: str) -> int:
    index: int = column_index_from_string(mark)
    return index
