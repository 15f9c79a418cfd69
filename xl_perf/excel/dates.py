"""Dates of Excel: serial numbers, with the 29 February of 1900 that never was."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Final

from xl_perf.excel.values import FailedError, as_number
from xl_perf.values import CellError

if TYPE_CHECKING:
    from xl_perf.excel.language import Language
    from xl_perf.values import CellValue

_EPOCH: Final = dt.date(1899, 12, 30)
_LAST: Final = 2_958_466
"""Serial number of the first day that Excel does not have."""


class Dates:
    """The functions of dates; arguments are cell values, errors are raised (`FailedError`).

    Args:
        language: the language of the Excel that holds the workbook.
        date1904: serial numbers count from 1904.
    """

    def __init__(self, language: Language, *, date1904: bool = False) -> None:
        self._language = language
        self._date1904 = date1904

    def _number(self, value: CellValue) -> float:
        return as_number(value, self._language)

    def _date(self, value: CellValue) -> tuple[int, int, int, int]:
        """Year, month, day, weekday from Sunday 0."""
        number = self._number(value)
        days = math.floor(number) + (1462 if self._date1904 else 0)
        if not 0 <= days < _LAST:
            raise FailedError(CellError.NUM)
        if days <= 60:  # the calendar of 1900 has a 29 February
            date = (1900, 1, days) if days <= 31 else (1900, 2, days - 31)
            return (*date, (days - 1) % 7)
        found = _EPOCH + dt.timedelta(days)
        return found.year, found.month, found.day, (found.weekday() + 1) % 7

    def date(self, year: CellValue, month: CellValue, day: CellValue) -> float:
        return self._serial(*(math.floor(self._number(part)) for part in (year, month, day)))

    def _serial(self, year: int, month: int, day: int) -> float:
        """The serial number of a date; months and days may lie outside of their year and month."""
        year += (1900 if 0 <= year < 1900 else 0) + (month - 1) // 12
        if not 1899 <= year <= 9999:
            raise FailedError(CellError.NUM)
        days = (dt.date(year, (month - 1) % 12 + 1, 1) - _EPOCH).days + day - 1
        days -= (year, (month - 1) % 12) < (1900, 2)  # 1900 has a 29 February
        days -= 1462 if self._date1904 else 0
        if not 0 <= days < _LAST:
            raise FailedError(CellError.NUM)
        return float(days)

    def edate(self, date: CellValue, months: CellValue) -> float:
        year, month, day, _ = self._plain_date(date)
        whole = year * 12 + month - 1 + self._months(months)
        last = self._last_day(whole)
        return self._serial(whole // 12, whole % 12 + 1, min(day, last))

    def eomonth(self, date: CellValue, months: CellValue) -> float:
        year, month, _, _ = self._plain_date(date)
        whole = year * 12 + month - 1 + self._months(months)
        return self._serial(whole // 12, whole % 12 + 1, self._last_day(whole))

    def _plain_date(self, date: CellValue) -> tuple[int, int, int, int]:
        if isinstance(date, bool):
            raise FailedError(CellError.VALUE)
        return self._date(date)

    def _months(self, months: CellValue) -> int:
        if isinstance(months, bool):
            raise FailedError(CellError.VALUE)
        return int(self._number(months))

    @staticmethod
    def _last_day(whole: int) -> int:
        if not 1900 * 12 <= whole < 9999 * 12 + 12:
            raise FailedError(CellError.NUM)
        if whole == 1900 * 12 + 1:
            return 29
        return (
            (dt.date((whole + 1) // 12, (whole + 1) % 12 + 1, 1) - dt.timedelta(1)).day
            if whole < 119_999
            else 31
        )

    def time(self, hour: CellValue, minute: CellValue, second: CellValue) -> float:
        parts = [int(self._number(part)) for part in (hour, minute, second)]
        seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
        if max(parts) > _MOST_OF_TIME or seconds < 0:
            raise FailedError(CellError.NUM)
        return seconds % 86_400 / 86_400

    def year(self, date: CellValue) -> float:
        return float(self._date(date)[0])

    def month(self, date: CellValue) -> float:
        return float(self._date(date)[1])

    def day(self, date: CellValue) -> float:
        return float(self._date(date)[2])

    def weekday(self, date: CellValue, kind: CellValue = 1.0) -> float:
        day, first = self._date(date)[3], int(self._number(kind))
        if first not in _FIRST_DAYS:
            raise FailedError(CellError.NUM)
        start, offset = _FIRST_DAYS[first]
        return float((day - start) % 7 + offset)


_MOST_OF_TIME: Final = 32_767
"""Hours, minutes or seconds that TIME takes at most."""
_FIRST_DAYS: Final = {
    1: (0, 1),
    2: (1, 1),
    3: (1, 0),
    **{10 + day: (day, 1) for day in range(1, 8)},
    17: (0, 1),
}
"""Kind of WEEKDAY -> its first day from Sunday 0, and the number of that day."""
