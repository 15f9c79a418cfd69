"""TEXT: a number written by a format of cells, as far as its codes are the same for every Excel of the language."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from xl_perf.excel.language import UnsureError, number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.excel.language import Language

_LITERAL: Final = re.compile(r'"[^"]*"|\\.')
_NUMBER: Final = re.compile(r"([#0?.,]+)")
_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers know no zone
_GENERAL: Final = 11
"""Letters of a number in the general format of TEXT."""
_LAST: Final = 2_958_466
"""Serial number of the first day that Excel does not have."""


def format_number(number: float, pattern: str, language: Language, *, date1904: bool = False) -> str:
    """A number as TEXT writes it.

    Raises:
        UnsureError: a format that is not known here, or that means other things in other languages.
    """
    if pattern.lower() in ("general", "standard") or not pattern:
        text = number_text(number, language.decimal) if pattern else ""
        if len(text) > _GENERAL:
            raise UnsureError("TEXT of a number of many digits in the general format")
        return text
    sections = pattern.split(";") if '"' not in pattern else [pattern]
    if len(sections) > 3 or "[" in pattern or ('"' in pattern and ";" in pattern):
        raise UnsureError("TEXT with this format is not known")
    section, value, sign = sections[0], number, ""
    if len(sections) > 1 and number < 0:
        section, value = sections[1], -number
    elif len(sections) > 2 and number == 0:
        section = sections[2]
    elif number < 0:
        sign, value = "-", -number
    bare = _LITERAL.sub("", section)
    if re.search(r"[dmyhsgaDMYHSGA]", bare):
        if sign or len(sections) > 1:
            raise UnsureError("TEXT with this format is not known")
        return _date(number + (1462 if date1904 else 0), section, language)
    text = _figures(value, section, language)
    return sign + text if not sign or re.search("[1-9]", text) else text


def _literals(section: str) -> list[tuple[str, bool]]:
    """The section's pieces, each with whether it is a literal."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for found in _LITERAL.finditer(section):
        pieces += [(section[at : found.start()], False), (found[0].strip('"').removeprefix("\\"), True)]
        at = found.end()
    return [*pieces, (section[at:], False)]


def _figures(number: float, section: str, language: Language) -> str:
    out: list[str] = []
    placed = False
    percent = sum(piece.count("%") for piece, literal in _literals(section) if not literal)
    for piece, literal in _literals(section):
        if literal:
            out.append(piece)
            continue
        for part in _NUMBER.split(piece):
            if re.fullmatch(r"[#0?.,]*[#0?][#0?.,]*", part):
                if placed:
                    raise UnsureError("TEXT with this format is not known")
                placed = True
                out.append(_grouped(Decimal(repr(number)) * 100**percent, part, language))
            elif re.fullmatch(r"[ %€$+\-/():]*", part) and "/" not in part:
                out.append(part)
            else:
                raise UnsureError("TEXT with this format is not known")
    return "".join(out)


def _grouped(number: Decimal, code: str, language: Language) -> str:
    whole, mark, decimals = code.partition(language.decimal)
    groups = whole.split(language.thousands)
    if not set(decimals) <= set("0#?") or any(not set(group) <= set("0#?") or not group for group in groups):
        raise UnsureError("TEXT with this format depends on the language of Excel")
    if len(groups) > 1 and len(groups[-1]) != 3:
        raise UnsureError("TEXT with this format depends on the language of Excel")
    if "?" in code:
        raise UnsureError("TEXT with this format is not known")
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{rounded:f}"
    figures, _, rest = text.partition(".")
    least = "".join(groups).count("0")
    figures = figures.lstrip("0").rjust(least, "0")
    if len(groups) > 1:
        figures = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", language.thousands, figures)
    while rest and decimals.endswith("#") and rest.endswith("0"):
        rest, decimals = rest[:-1], decimals[:-1]
    return figures + (language.decimal if mark else "") + rest


def _date(number: float, section: str, language: Language) -> str:
    if not 61 <= number < _LAST:
        raise UnsureError("TEXT of a date before March 1900")
    seconds = round((number % 1) * 86400) if re.search("[hsHS]", _LITERAL.sub("", section)) else 0
    moment = _EPOCH + dt.timedelta(days=int(number), seconds=seconds)
    codes = f"{language.day}{language.year}mhs".lower()
    out: list[str] = []
    hours = False
    for piece, literal in _literals(section):
        if literal:
            out.append(piece)
            continue
        parts = re.findall(r"([A-Za-z])(\1*)|([^A-Za-z]+)", piece, re.IGNORECASE)
        letters = [part[0].lower() for part in parts if part[0]]
        for part in parts:
            letter, more, rest = part[0].lower(), len(part[1]) + 1, part[2]
            if rest:
                if not re.fullmatch(r"[ /:.,\-]*", rest):
                    raise UnsureError("TEXT with this format is not known")
                out.append(rest)
                continue
            if letter not in codes:
                raise UnsureError("TEXT with this format depends on the language of Excel")
            del letters[0]
            if letter == "m" and (hours or letters[:1] == ["s"]):
                if more > 2:
                    raise UnsureError("TEXT with this format is not known")
                out.append(f"{moment.minute:0{more}d}")
            else:
                out.append(_part(moment, letter, more, language))
            hours = letter == "h"
    return "".join(out)


def _part(moment: dt.datetime, letter: str, more: int, language: Language) -> str:
    if letter == language.day.lower():
        return _named(moment.day, (moment.weekday() + 1) % 7, more, language.days)
    if letter == "m":
        return _named(moment.month, moment.month - 1, more, language.months)
    if letter == language.year.lower():
        return f"{moment.year % 100:02d}" if more <= 2 else str(moment.year)
    if more > 2:
        raise UnsureError("TEXT with this format is not known")
    return f"{moment.hour if letter == 'h' else moment.second:0{more}d}"


def _named(number: int, place: int, more: int, names: Sequence[str]) -> str:
    if more <= 2:
        return f"{number:0{more}d}"
    if not names or more > 4:
        raise UnsureError("TEXT with names of months or days depends on the language of Excel")
    return names[place][:3] if more == 3 else names[place]
