"""Subtotals inside of a table, found by the codes of the rows: in whatever order these stand, the sums stay.

A column cannot add up cells of its own: a spreadsheet would see a circle. So each column that has subtotals has
another one right of the table, which holds the rows that are filled in alone; the subtotals add up that one.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.model import Column
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xl_perf.templates.kit.model import Place

MEMBERS, WHOLE_SIGN = "Ramo", "Segno totale"
_WIDEST = 24
"""Characters of a heading that the heading of its entries repeats."""
_NUMBER, _WRONG = '"<1E+300"', '"▼"'
"""What every number meets, and no text; what stands for a text or an error, which SUMIFS might pass over."""


def entries(heading: str) -> str:
    """Heading of the column of the rows that are filled in alone."""
    return "Voci " + textwrap.shorten(heading, _WIDEST, placeholder="")


@dataclass(frozen=True)
class Subtotals:
    """The sums of a table.

    Attributes:
        above: code of a row -> the code of the sum that it belongs to; the uppermost one has none.
        headings: the columns that have sums.
        sign: heading of the column with the signs of the rows in their sum, 1 or -1; empty where all are added.
    """

    above: Mapping[str, str]
    headings: Sequence[str]
    sign: str = ""

    def is_sum(self, code: str) -> bool:
        """Whether a row adds up others."""
        return code in self.above.values()

    def path(self, code: str) -> list[str]:
        """The sums that a row belongs to, the nearest first."""
        found: list[str] = []
        while code in self.above:
            code = self.above[code]
            found.append(code)
        return found

    def content(self, place: Place, heading: str) -> str:
        """The formula of a sum; empty while none of its rows is reported, an error where one is a text or an error."""
        cells, members = place.table.column(entries(heading)), place.table.column(MEMBERS)
        mine = place.here(MEMBERS)
        whole = f"SUMIFS({cells},{members},{mine})"
        signed = f"{place.here(WHOLE_SIGN)}*{whole}" if self.sign else whole
        wrong, numbers = (f"COUNTIFS({members},{mine},{cells},{what})" for what in (_WRONG, _NUMBER))
        return f'=IF({wrong},#VALUE!,IF({numbers}=0,"",{signed}))'

    def columns(self) -> list[Column]:
        """The columns right of the table: which sums a row belongs to, its sign in the uppermost one, its values."""
        return [
            Column(MEMBERS, Kind.CHECK, 14, self._members, paper=False),
            *([Column(WHOLE_SIGN, Kind.CHECK, 10, self._sign, "0", paper=False)] if self.sign else []),
            *(
                check(entries(heading), 16, self._entry(heading), styles.EURO_CENTS)
                for heading in self.headings
            ),
        ]

    def _members(self, place: Place) -> str:
        """`|part|whole|` in rows that are filled in; in sums what they look for in it."""
        code = place.row.code
        return f"*|{code}|*" if self.is_sum(code) else f"|{'|'.join(self.path(code))}|"

    def _sign(self, place: Place) -> object:
        """The product of the signs from a row up to the uppermost sum, which has none."""
        own, *above = [
            *(code for code in (place.row.code, *self.path(place.row.code)) if code in self.above),
            "",
        ]
        if not own:
            return 1
        return "=" + "*".join(
            [place.here(self.sign), *(place.table.cell(code, self.sign) for code in above if code)]
        )

    def _entry(self, heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            if self.is_sum(place.row.code):
                return None
            value = place.here(heading)
            number = f"{value}*{place.here(WHOLE_SIGN)}" if self.sign else value
            return f'=IF(ISNUMBER({value}),{number},IF(ISERROR({value}),{_WRONG},IF({value}="","",{_WRONG})))'

        return content
