"""The language of the Excel that holds a workbook: numbers and dates that become text, texts that become numbers."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

DIGITS: Final = 15
"""Significant digits that Excel compares and shows."""


class UnsureError(Exception):
    """What Excel would make of a value cannot be told; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Language:
    """How an Excel writes and reads values.

    `dates` is the order of day, month and year in dates with figures, empty where it is not known. `day` and
    `year` are the letters of the codes of formats. `months` and `days` are the full names; the short ones are
    their first three letters unless given.
    """

    decimal: str = "."
    thousands: str = ","
    true: str = "TRUE"
    false: str = "FALSE"
    dates: str = ""
    currency: str = "$"
    day: str = "d"
    year: str = "y"
    months: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


ENGLISH: Final = Language(
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    days=("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
)  # fmt: skip
ITALIAN: Final = Language(
    ",", ".", "VERO", "FALSO", "dmy", "€", "g", "a",
    (
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
        "novembre", "dicembre",
    ),
    ("domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"),
)  # fmt: skip
_BY_HEADING: Final = {
    "Fogli di lavoro": ITALIAN,
    "Arbeitsblätter": Language(",", ".", "WAHR", "FALSCH", "dmy", "€", "T", "J"),
    "Feuilles de calcul": Language(",", " ", "VRAI", "FAUX", "dmy", "€", "j", "a"),
    "Hojas de cálculo": Language(",", ".", "VERDADERO", "FALSO", "dmy", "€"),
    "Planilhas": Language(",", ".", "VERDADEIRO", "FALSO", "dmy", "R$"),
    "Werkbladen": Language(",", ".", "WAAR", "ONWAAR", "dmy", "€"),
}
"""What Excel calls its worksheets in docProps/app.xml says in which language it ran."""


def language_named(heading: str) -> Language:
    """The language of an Excel that calls its worksheets by this word."""
    return _BY_HEADING.get(heading, ENGLISH)


# --- numbers as text


def number_text(number: float, decimal: str = ".") -> str:
    """A number in Excel's general format where there is room: 15 digits, an exponent of two digits at least."""
    text = f"{number:.{DIGITS}g}"
    mantissa, mark, exponent = text.partition("e")
    if not mark:
        return "0" if text == "-0" else text.replace(".", decimal)
    if DIGITS <= int(exponent) <= _PLAIN_UP_TO:
        return f"{int(float(text))}"
    if -_PLAIN_FROM <= int(exponent) < 0:
        sign = "-" if mantissa.startswith("-") else ""
        digits = mantissa.lstrip("-").replace(".", "")
        plain = f"{sign}0{decimal}{'0' * (-int(exponent) - 1)}{digits}"
        if len(plain.lstrip("-")) <= _PLAIN_LENGTH:
            return plain
    return f"{mantissa.replace('.', decimal)}E{exponent[0]}{int(exponent[1:]):02d}"


_PLAIN_UP_TO: Final = 20
"""Largest power of ten that the general format writes without exponent."""
_PLAIN_FROM: Final = 9
_PLAIN_LENGTH: Final = 20


# --- texts as numbers

_MONTH: Final = (
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|gen|mag|giu|lug|ago|set|ott|dic|mai|jui|okt|dez|ene|abr|out|"
    "fév|aoû|déc)"
)
LONGEST: Final = 30
"""Characters of a text that is taken for a number at most."""
LOOKS: Final = re.compile(
    rf"(?=.{{1,{LONGEST}}}$)(?:[\s\d.,:/%€$£()+\-'eE]*|\d{{1,4}}[ \-/.]*{_MONTH}\w*\.?(?:[ \-/.,]+\d.*)?"
    rf"|{_MONTH}\w*\.?[ \-/.,]*\d.*|\d[\d.:,]* *[ap]m?)",
    re.IGNORECASE,
)
"""Short texts that some Excel may take for a number, a date or a time."""
has_digit: Final = re.compile(r"\d").search
_SIGNS: Final = re.compile(r"[+-] *[+-]")
_PLAIN: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TIME: Final = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?(?: ?([AaPp])[Mm]?)?")
_ISO: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_FIGURES: Final = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})")
_NAMED: Final = re.compile(r"(\d{1,2})[ \-/]([^\W\d]{3,})\.?[ \-/](\d{4}|\d{2})")
_EPOCH: Final = dt.date(1899, 12, 30)
_CENTURY: Final = 30
"""Two figures from here on are years of the 20th century."""


@lru_cache(maxsize=4096)
def text_number(text: str, language: Language) -> float | None:
    """The number that a text is in an operation; None where Excel gives #VALUE!.

    Raises:
        UnsureError: a text that may be a number or a date, depending on the settings of the machine or on the day.
    """
    body = text.strip(" ")
    if not has_digit(body):
        return None
    number = _figures(body, language)
    if number is None:
        number = _date_and_time(body, language)
        if number is not None and body != text:
            raise UnsureError(f"the text {text!r} may be a date")
    if number is None and LOOKS.fullmatch(body) and not _SIGNS.match(body):
        raise UnsureError(f"the text {text!r} may be a number or a date")
    return number


def _figures(text: str, language: Language) -> float | None:
    body, sign, percent = text, 1.0, False
    if body.startswith("(") and body.endswith(")"):
        body, sign = body[1:-1].strip(" "), -1.0
    if body[:1] in "+-":
        sign, body = (-sign if body[0] == "-" else sign), body[1:].strip(" ")
    if body.endswith("%"):
        body, percent = body[:-1].strip(" "), True
    for mark in (language.currency,):
        body = body.removeprefix(mark).removesuffix(mark).strip(" ")
    if body[:1] in "+-":
        return None
    whole, mark, rest = body.partition(language.decimal)
    if language.thousands in whole:
        groups = whole.split(language.thousands)
        if not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
            return None
        whole = "".join(groups)
    plain = whole + ("." + rest if mark else "")
    if not _PLAIN.fullmatch(plain) or (language.decimal != "." and "." in rest):
        return None
    number = sign * float(plain) / (100 if percent else 1)
    return number if math.isfinite(number) else None


def _date_and_time(text: str, language: Language) -> float | None:
    time = _TIME.search(text)
    if time is None:
        return _date(text, language)
    before = text[: time.start()].strip(" ")
    if text[time.end() :].strip(" "):
        return None
    hours, minutes, seconds = int(time[1]), int(time[2]), float(time[3] or 0)
    if minutes > 59 or seconds >= 60 or (time[4] and not 1 <= hours <= 12):
        return None
    if time[4]:
        hours = hours % 12 + (12 if time[4] in "pP" else 0)
    fraction = (hours * 3600 + minutes * 60 + seconds) / 86400
    if not before:
        return fraction
    date = _date(before, language)
    return None if date is None else date + fraction


def _date(text: str, language: Language) -> float | None:
    iso = _ISO.fullmatch(text)
    if iso:
        return _serial(int(iso[1]), int(iso[2]), int(iso[3]))
    named = _NAMED.fullmatch(text)
    if named:
        month = _month(named[2], language)
        return None if month is None else _serial(_year(named[3]), month, int(named[1]))
    found = _FIGURES.fullmatch(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    if not language.dates and first != second and max(first, second) <= 12:
        raise UnsureError(f"the date {text!r} depends on the settings of the machine")
    day, month = (second, first) if not language.dates and second > 12 else (first, second)
    return _serial(_year(found[4]), month, day)


def _year(text: str) -> int:
    number = int(text)
    return number if len(text) == 4 else number + (2000 if number < _CENTURY else 1900)


def _month(name: str, language: Language) -> int | None:
    wanted = name.lower()
    for number, month in enumerate(language.months, start=1):
        if wanted in (month.lower(), month[:3].lower()):
            return number
    return None


def _serial(year: int, month: int, day: int) -> float | None:
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    days = (date - _EPOCH).days
    return float(days if days >= 61 else days - 1) if year >= 1900 else None


def engine_number(text: str) -> float | None:
    """The number that the engine takes a text for in an operation; None where it gives #VALUE!."""
    body = text.strip()
    number = body.removesuffix("%")
    if _PLAIN.fullmatch(number):
        return float(number) / (100 if number != body else 1)
    try:
        return _date_and_time(body, _AMERICAN)
    except UnsureError:
        return None


_AMERICAN: Final = Language(dates="", months=ENGLISH.months)
