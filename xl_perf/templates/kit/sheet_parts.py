"""Parts of a sheet that are not cells: conditional formats and data validation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.datavalidation import DataValidation

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.light import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.templates.kit.model import Validation


def judge_cells(sheet: Worksheet, ranges: str, judge: str) -> None:
    """Colour cells by the arrow that another cell of the row begins with."""
    for arrow, style in (("▲", styles.BETTER), ("●", styles.NEAR), ("▼", styles.WORSE)):
        sheet.conditional_formatting.add(ranges, Condition(f'LEFT({judge},1)="{arrow}"', style))


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
        sheet.conditional_formatting.add(" ".join(ranges), Condition(test, style))


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
