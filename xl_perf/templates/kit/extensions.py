"""What openpyxl cannot write into a sheet: data bars with a negative side, little columns in a cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl.utils import quote_sheetname

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
_XM = 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
_BARS, _BAR, _LINES = (
    "{78C0D931-6437-407d-A8EE-F0AAD7539E65}",
    "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}",
    "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}",
)
"""What the extensions of the format are called."""
_REACH, _TREND_REACH = 15, 12
"""Points above and below the target that bars and little columns reach."""
_BETTER, _WORSE = ("FF2E8B57", "FF00522E"), ("FFC0392B", "FF8A1C12")
_PLACE = re.compile(rb"<dataValidations|<hyperlinks|<printOptions|<pageMargins")


def extended(sheet: bytes, name: str, bars: Sequence[str], trends: Mapping[str, str]) -> bytes:
    """A sheet's XML with its bars and little columns.

    Args:
        sheet: the sheet as openpyxl wrote it.
        name: its name.
        bars: ranges that show deviations as bars.
        trends: cell of little columns -> the cells that they show.
    """
    if not bars and not trends:
        return sheet
    found = _PLACE.search(sheet)
    at = found.start() if found else sheet.index(b"</worksheet>")
    rules = "".join(_plain(cells, number) for number, cells in enumerate(bars, 1)).encode()
    extension = (f"<extLst>{_full(bars)}{_columns(name, trends)}</extLst>").encode()
    return (sheet[:at] + rules + sheet[at:]).replace(b"</worksheet>", extension + b"</worksheet>")


def _id(number: int) -> str:
    return f"{{5CA1AB1E-0000-4000-8000-{number:012d}}}"


def _plain(cells: str, number: int) -> str:
    """The bar of 2007, for readers that know no other; its id leads to the full one."""
    return (
        f'<conditionalFormatting sqref="{cells}"><cfRule type="dataBar" '
        f'priority="{90 + number}"><dataBar showValue="0"><cfvo type="num" val="-{_REACH}"/><cfvo '
        f'type="num" val="{_REACH}"/><color rgb="{_BETTER[0]}"/></dataBar><extLst><ext {_X14} '
        f'uri="{_BAR}"><x14:id>{_id(number)}</x14:id></ext></extLst></cfRule></conditionalFormatting>'
    )


def _full(bars: Sequence[str]) -> str:
    rules = "".join(
        f'<x14:conditionalFormatting {_XM}><x14:cfRule type="dataBar" id="{_id(number)}"><x14:dataBar minLength="0" '
        'maxLength="100" showValue="0" border="1" gradient="0" negativeBarBorderColorSameAsPositive="0" '
        'axisPosition="middle">'
        f'<x14:cfvo type="num"><xm:f>-{_REACH}</xm:f></x14:cfvo><x14:cfvo type="num"><xm:f>{_REACH}</xm:f></x14:cfvo>'
        f'<x14:borderColor rgb="{_BETTER[1]}"/><x14:negativeFillColor rgb="{_WORSE[0]}"/>'
        f'<x14:negativeBorderColor rgb="{_WORSE[1]}"/><x14:axisColor rgb="FF1A1A1A"/></x14:dataBar></x14:cfRule>'
        f"<xm:sqref>{cells}</xm:sqref></x14:conditionalFormatting>"
        for number, cells in enumerate(bars, 1)
    )
    return (
        f'<ext {_X14} uri="{_BARS}"><x14:conditionalFormattings>{rules}</x14:conditionalFormattings></ext>'
        if bars
        else ""
    )


def _columns(name: str, trends: Mapping[str, str]) -> str:
    """Little columns, not lines: LibreOffice prints of lines the marks alone."""
    if not trends:
        return ""
    sheet = quote_sheetname(name)
    each = "".join(
        f"<x14:sparkline><xm:f>{sheet}!{cells}</xm:f><xm:sqref>{cell}</xm:sqref></x14:sparkline>"
        for cell, cells in trends.items()
    )
    colours = "".join(
        f'<x14:color{part} rgb="{colour}"/>'
        for part, colour in (
            ("Series", "FF0066CC"), ("Negative", "FFC0392B"), ("Axis", "FF1A1A1A"), ("Markers", "FF0066CC"),
            ("First", "FF0066CC"), ("Last", "FF0066CC"), ("High", "FF0066CC"), ("Low", "FF0066CC"),
        )
    )  # fmt: skip
    return (
        f'<ext {_X14} uri="{_LINES}"><x14:sparklineGroups {_XM}><x14:sparklineGroup manualMax="{_TREND_REACH}" '
        f'manualMin="-{_TREND_REACH}" type="column" displayEmptyCellsAs="gap" negative="1" displayXAxis="1" '
        f'minAxisType="custom" maxAxisType="custom">{colours}<x14:sparklines>{each}</x14:sparklines>'
        "</x14:sparklineGroup></x14:sparklineGroups></ext>"
    )
