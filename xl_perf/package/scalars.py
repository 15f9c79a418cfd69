"""Stored values of cells <-> Python values: shared strings, inline strings, booleans, errors, numbers, ISO dates."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from xl_perf.errors import WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.package.xmlpart import elements, escape, placed, resolve_entities, unescape
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xl_perf.package.model import CellKey
    from xl_perf.values import CellValue

MAX_TEXT = 32_767
"""Characters that a cell holds."""

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers know no zone
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


def shared_strings(raw: bytes, where: str) -> list[str]:
    """The texts of the shared strings part in order: all runs of each together, phonetic hints left out.

    Raises:
        WorkbookError: malformed XML.
    """
    with placed(where):
        root = elements(raw, Element)
    space = root.tag[: root.tag.rfind("}") + 1]
    text, run = f"{space}t", f"{space}r"
    found = []
    for item in root.findall(f"{space}si"):
        nodes = item.findall(text)
        nodes += [node for runs in item.findall(run) for node in runs.findall(text)]
        found.append(unescape("".join([node.text or "" for node in nodes])))
    return found


class Decoder:
    """Turns what cells store into values.

    Args:
        where: file and sheet for messages.
        strings: the shared strings.
        date1904: whether serial 0 is 1904-01-01.
        dynamic: numbers of the cell metadata records (`cm`) that mark dynamic arrays.
    """

    def __init__(self, where: str, strings: Sequence[str], date1904: bool, dynamic: frozenset[int]) -> None:
        self.where = where
        self._strings = strings
        self._date1904 = date1904
        self._dynamic = dynamic

    def holds_texts(self, places: Iterable[bytes]) -> bool:
        """Whether there is a shared string, not an empty one, at each of the places (decimal digits)."""
        strings = self._strings
        return all(int(place) < len(strings) and strings[int(place)] for place in places)

    def head(self, attributes: dict[str, str]) -> tuple[str, int, bool, bool]:
        """(type, style, dynamic array, has value metadata) from a cell's attributes.

        Raises:
            WorkbookError: an attribute that should be a number is none, or an unknown type.
        """
        kind = attributes.get("t", "n")
        if kind not in ("n", "s", "str", "b", "e", "inlineStr", "d"):
            raise WorkbookError(f"unknown cell type {kind[:20]!r}", where=self.where)
        numbers = []
        for name in ("s", "cm", "vm"):
            text = attributes.get(name) or "0"
            if not (text.isdecimal() and text.isascii() and len(text) < 10):
                raise WorkbookError(f"a cell has {name}={text[:20]!r}", where=self.where, expected="a number")
            numbers.append(int(text))
        return kind, numbers[0], numbers[1] in self._dynamic, numbers[2] > 0

    def value(self, kind: str, raw: bytes | None) -> CellValue:
        """The value of a cell.

        Args:
            kind: its type attribute.
            raw: content of `<v>` as it is in the part; None where there is none.

        Raises:
            ValueError: the content is not what the type says.
        """
        if kind == "inlineStr":
            return unescape(resolve_entities(raw)) if raw else None
        if not raw:
            return "" if kind == "str" and raw is not None else None
        if kind == "n":
            number = float(raw)
            if not math.isfinite(number) or b"_" in raw:
                raise ValueError(raw.decode())
            return number
        return self.plain(kind, resolve_entities(raw))

    def plain(self, kind: str, text: str) -> CellValue:
        """The same for a text with its references resolved already (not for inline strings)."""
        if kind == "str":
            return unescape(text)
        text = text.strip()
        if not text:
            return None
        if kind == "s":
            return self._strings[_place(text, len(self._strings))]
        if kind == "n":
            if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
                raise ValueError(text)
            return float(text)
        if kind == "b":
            if text not in ("0", "1", "true", "false"):
                raise ValueError(text)
            return text in ("1", "true")
        if kind == "e":
            return CellError.parse(text) or CellError(text)
        return serial(text, self._date1904)

    def bad_value(self, error: ValueError, key: CellKey) -> WorkbookError:
        """The error to raise for a value that cannot be read."""
        return WorkbookError(
            f"the stored value cannot be read ({str(error)[:60]})",
            where=f"{self.where}!{cell_name(key)}",
            remedy="open the file in Excel and save it again",
        )


def _place(text: str, count: int) -> int:
    place = int(text) if text.isdecimal() else -1
    if not 0 <= place < count:
        message = f"shared string {text} of {count}"
        raise ValueError(message)
    return place


_SPAN = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?")


def serial(text: str, date1904: bool) -> float:
    """Serial number of an ISO 8601 date, time, both, or duration, as cells of type `d` hold.

    Raises:
        ValueError: none of them.
    """
    text = text.strip().removesuffix("Z")
    if re.match(r"T?[0-9]{1,2}:", text):
        time = dt.time.fromisoformat(text.removeprefix("T"))
        seconds = time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6
        return seconds / 86400
    span = _SPAN.fullmatch(text)
    if span:
        days, hours, minutes, seconds = (float(part or 0) for part in span.groups())
        return days + hours / 24 + minutes / 1440 + seconds / 86400
    moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    days = (moment - (_EPOCH_1904 if date1904 else _EPOCH)) / dt.timedelta(days=1)
    # the calendar of 1900 counts a 29 February that never was; Excel writes 1899-12-30 for 0 too
    return days if date1904 or days >= 61 else max(days - 1, 0.0)


def number_text(value: float) -> str:
    """Shortest decimal text that denotes the double: `15`, `0.1`, `1E+20` as `1e+20`.

    Raises:
        ValueError: NaN or infinity, which no cell holds.
    """
    number = float(value)
    if not math.isfinite(number):
        message = f"{number} is no cell value"
        raise ValueError(message)
    text = repr(number)
    return "0" if number == 0 else text.removesuffix(".0")


def stored_form(value: CellValue) -> tuple[str | None, bytes]:
    """(type attribute, content of `<v>`) of a value in a formula cell; no type for numbers.

    Raises:
        ValueError: NaN, infinity, a text longer than 32,767 characters, or not a cell value.
    """
    if isinstance(value, CellError):
        return "e", escape(str(value))
    if isinstance(value, bool):
        return "b", b"1" if value else b"0"
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            message = f"a text of {len(value):,} characters; a cell holds {MAX_TEXT:,}"
            raise ValueError(message)
        return "str", escape(value)
    if isinstance(value, int | float):
        return None, number_text(value).encode()
    message = f"{type(value).__name__} is no cell value"
    raise ValueError(message)


_STORED_AS_VALUE = frozenset(
    {"#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#PYTHON!"}
)


def storable(value: CellValue) -> CellValue:
    """The value as files hold it: newer errors such as #SPILL! are stored as #VALUE!, as Excel itself does."""
    return CellError.VALUE if isinstance(value, CellError) and str(value) in _STORED_AS_VALUE else value


def same_value(old: CellValue, new: CellValue) -> bool:
    """Whether two values are the same stored value: equal type, and equal double, text, boolean or error."""
    if old is None or new is None:
        return old is new
    for kind in (bool, CellError, str):
        if isinstance(old, kind) or isinstance(new, kind):
            return isinstance(old, kind) and isinstance(new, kind) and old == new
    return isinstance(new, int | float) and float(old) == float(new)


def same_in_15_digits(stored: CellValue, value: object) -> bool:
    """True where a number is the stored one in the 15 digits that some programs store, the last give or take 1."""
    if not (type(stored) is float is type(value)) or not stored or float(f"{stored:.15g}") != stored:
        return False
    return abs(stored - value) < 1.5 * 10.0 ** (math.floor(math.log10(abs(stored))) - 14)
