"""Functions of Excel over single values that the engine lacks, gets wrong, or does not map over ranges."""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING, Final

from xl_perf.excel.dates import Dates
from xl_perf.excel.language import DIGITS, UnsureError, text_number
from xl_perf.excel.textformat import format_number
from xl_perf.excel.values import FailedError, as_text, fold
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.excel.language import Language
    from xl_perf.values import CellValue

MAX_TEXT: Final = 32_767
"""Longest text of a cell; Excel gives #VALUE! for a longer one."""


class Scalars(Dates):
    """The functions in one language; arguments are cell values, errors are raised (`FailedError`).

    Args:
        language: the language of the Excel that holds the workbook.
        date1904: serial numbers count from 1904.
        codec: the characters from 128 to 255: those of Windows (`cp1252`) or of the Mac (`mac_roman`).
    """

    def __init__(self, language: Language, *, date1904: bool = False, codec: str = "cp1252") -> None:
        super().__init__(language, date1904=date1904)
        self._codec = codec
        own = {**vars(Dates), **vars(Scalars)}
        self.functions: Mapping[str, Callable[..., CellValue]] = {
            name.upper().strip("_"): getattr(self, name)
            for name in own
            if not name.startswith("_") and callable(own[name])
        }
        """By Excel's name."""

    def _text(self, value: CellValue) -> str:
        return as_text(value, self._language)

    def _whole(self, value: CellValue, least: int = 0) -> int:
        number = self._number(value)
        if not least <= number < MAX_TEXT * 1000:
            raise FailedError(CellError.VALUE)
        return int(number)

    # --- texts

    def upper(self, text: CellValue) -> str:
        return "".join(high if len(high := c.upper()) == 1 else c for c in self._text(text))

    def lower(self, text: CellValue) -> str:
        return "".join(low if len(low := c.lower()) == 1 else c for c in self._text(text))

    def proper(self, text: CellValue) -> str:
        out: list[str] = []
        inside = False
        for letter in self._text(text):
            out.append(self.lower(letter) if inside else self.upper(letter))
            inside = letter.isalpha()
        return "".join(out)

    def trim(self, text: CellValue) -> str:
        return re.sub(" +", " ", self._text(text)).strip(" ")

    def clean(self, text: CellValue) -> str:
        return re.sub("[\x00-\x1f\uf700-\uf71f]", "", self._text(text))  # in the copy they are private ones

    def concatenate(self, *texts: CellValue) -> str:
        return _checked("".join(map(self._text, texts)))

    def len_(self, text: CellValue) -> float:
        return float(_units(self._text(text)))

    def left(self, text: CellValue, count: CellValue = 1.0) -> str:
        return _cut(self._text(text), 0, self._whole(count))

    def right(self, text: CellValue, count: CellValue = 1.0) -> str:
        body, wanted = self._text(text), self._whole(count)
        return _cut(body, max(0, _units(body) - wanted), wanted)

    def mid(self, text: CellValue, start: CellValue, count: CellValue) -> str:
        return _cut(self._text(text), self._whole(start, 1) - 1, self._whole(count))

    def find(self, wanted: CellValue, text: CellValue, start: CellValue = 1.0) -> float:
        body, at = self._text(text), self._whole(start, 1) - 1
        found = body.find(self._text(wanted), at) if at <= len(body) else -1
        return _place(found)

    def search(self, wanted: CellValue, text: CellValue, start: CellValue = 1.0) -> float:
        body, at = self._text(text), self._whole(start, 1) - 1
        found = None
        if at <= len(body):
            found = re.compile(wildcards(fold(self._text(wanted))), re.DOTALL).search(fold(body), at)
        return _place(-1 if found is None else found.start())

    def substitute(self, text: CellValue, old: CellValue, new: CellValue, which: CellValue = None) -> str:
        body, before, after = self._text(text), self._text(old), self._text(new)
        if not before:
            return body
        if which is None:
            return _checked(body.replace(before, after))
        parts, place = body.split(before), self._whole(which, 1)
        if place >= len(parts):
            return body
        return _checked(before.join(parts[:place]) + after + before.join(parts[place:]))

    def replace(self, text: CellValue, start: CellValue, count: CellValue, new: CellValue) -> str:
        body, at, wanted = self._text(text), self._whole(start, 1) - 1, self._whole(count)
        return _checked(body[:at] + self._text(new) + body[at + wanted :])

    def exact(self, left: CellValue, right: CellValue) -> bool:
        return self._text(left) == self._text(right)

    def rept(self, text: CellValue, count: CellValue) -> str:
        body, times = self._text(text), self._whole(count)
        if len(body) * times > MAX_TEXT:
            raise FailedError(CellError.VALUE)
        return body * times

    def char(self, number: CellValue) -> str:
        code = self._whole(number, 1)
        if code > 255:
            raise FailedError(CellError.VALUE)
        try:
            return bytes([code]).decode(self._codec)
        except UnicodeDecodeError:  # what Windows leaves undefined stands for itself
            return chr(code)

    def code(self, text: CellValue) -> float:
        first = self._text(text)[:1]
        if not first:
            raise FailedError(CellError.VALUE)
        try:
            return float(first.encode(self._codec)[0])
        except UnicodeEncodeError:
            raise UnsureError("CODE of a character that the system does not have") from None

    def value(self, text: CellValue) -> float:
        if isinstance(text, bool):
            raise FailedError(CellError.VALUE)
        return self._number(text)

    def datevalue(self, text: CellValue) -> float:
        if not isinstance(text, str) or isinstance(text, CellError):
            raise FailedError(text if isinstance(text, CellError) else CellError.VALUE)
        number = text_number(text, self._language)
        if number is None or not re.search(r"[-/ ]\S*\d", text.strip()):
            raise FailedError(CellError.VALUE)
        return math.floor(number)

    def text(self, value: CellValue, pattern: CellValue) -> str:
        code = self._text(pattern)
        if isinstance(value, str) and not isinstance(value, CellError):
            number = text_number(value, self._language)
            if number is None:
                if ";" in code or "@" in code:
                    raise UnsureError("TEXT of a text")
                return value
            value = number
        if isinstance(value, bool):
            if ";" in code or "@" in code:
                raise UnsureError("TEXT of a truth value")
            return self._text(value)
        return format_number(self._number(value), code, self._language, date1904=self._date1904)

    # --- numbers

    def abs_(self, number: CellValue) -> float:
        return abs(self._number(number))

    def int_(self, number: CellValue) -> float:
        return float(_scaled(self._number(number), 0, ROUND_FLOOR))

    def round_(self, number: CellValue, digits: CellValue) -> float:
        return _scaled(self._number(number), self._digits(digits), ROUND_HALF_UP)

    def roundup(self, number: CellValue, digits: CellValue) -> float:
        return _scaled(self._number(number), self._digits(digits), ROUND_UP)

    def rounddown(self, number: CellValue, digits: CellValue) -> float:
        return _scaled(self._number(number), self._digits(digits), ROUND_DOWN)

    def _digits(self, value: CellValue) -> int:
        return int(self._number(value))

    def power(self, base: CellValue, exponent: CellValue) -> float:
        a, b = self._number(base), self._number(exponent)
        if not a:
            if not b:
                raise FailedError(CellError.NUM)
            if b < 0:
                raise FailedError(CellError.DIV0)
        try:
            found: complex = a**b
        except OverflowError:
            raise FailedError(CellError.NUM) from None
        if isinstance(found, complex) or not math.isfinite(found):
            raise FailedError(CellError.NUM)
        return found

    def mod(self, number: CellValue, divisor: CellValue) -> float:
        a, b = self._number(number), self._number(divisor)
        if not b:
            raise FailedError(CellError.DIV0)
        return a - b * math.floor(a / b)

    def ceiling(self, number: CellValue, step: CellValue) -> float:
        return self._stepped(self._number(number), self._number(step), ROUND_CEILING)

    def floor(self, number: CellValue, step: CellValue) -> float:
        return self._stepped(self._number(number), self._number(step), ROUND_FLOOR)

    @staticmethod
    def _stepped(number: float, step: float, rounding: str) -> float:
        if not number or not step:
            if number and rounding == ROUND_FLOOR:
                raise FailedError(CellError.DIV0)
            return 0.0
        if number > 0 > step:
            raise FailedError(CellError.NUM)
        steps = Decimal(f"{number / step:.{DIGITS}g}")
        if step < 0:  # both are negative: away from zero, and towards it
            rounding = ROUND_UP if rounding == ROUND_CEILING else ROUND_DOWN
        return float(steps.quantize(Decimal(1), rounding)) * step


def _scaled(number: float, digits: int, rounding: str) -> float:
    """A number rounded at a place, by the 15 digits that Excel sees."""
    if not math.isfinite(number) or (abs(number) >= 1e15 and digits >= 0):
        return number
    return (
        float(Decimal(f"{number:.{DIGITS}g}").quantize(Decimal(1).scaleb(-digits), rounding))
        if digits < 300
        else number
    )


def wildcards(pattern: str) -> str:
    """Excel's wildcards as a regular expression: `*`, `?`, and `~` before what is meant as it stands."""
    out = ""
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "~":
            at += 1
            out += re.escape(pattern[at : at + 1])
        else:
            out += {"*": ".*?", "?": "."}.get(letter) or re.escape(letter)
        at += 1
    return out


def _units(text: str) -> int:
    """Length as Excel counts it: signs beyond the basic plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, start: int, count: int) -> str:
    if text.isascii() or _units(text) == len(text):
        return text[start : start + count]
    units = text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * (start + count)]
    return units.decode("utf-16-le", "replace")


def _checked(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise FailedError(CellError.VALUE)
    return text


def _place(found: int) -> float:
    if found < 0:
        raise FailedError(CellError.VALUE)
    return float(found + 1)
