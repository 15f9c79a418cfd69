"""Numbers as people and systems export them, read the Italian way, and refused where they can be read in two ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BLANKS = frozenset(
    ("", "-", "--", "n.d.", "n.d", "nd", "n/d", "n.a.", "n/a", "#n/d", "#n/a", "..", "...", "non rilevato")
)
"""Texts that mean: not reported."""


class Decimals(StrEnum):
    """The sign between units and decimals."""

    COMMA = "virgola"
    POINT = "punto"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text that is no number, or could be several: why, and what it could mean, as an Italian writes it."""

    why: str
    readings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.why


_SIGN = r"(?P<sign>[+\-\u2212]?)"
_MONEY = re.compile(r"^(?:€|eur|euro)\s*|\s*(?:€|eur|euro)$", re.IGNORECASE)
_SPACED = re.compile(r"(?<=[0-9])[ '\u2019](?=[0-9]{3}(?:\D|$))")
_ITALIAN = re.compile(_SIGN + r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<part>[0-9]+))?")
_ENGLISH = re.compile(_SIGN + r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")


_SIGNS = {Decimals.COMMA: "a comma", Decimals.POINT: "a point"}
_GROUP = 3
"""Digits between two signs of thousands."""
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\t"), " ")


def trimmed(text: str) -> str:
    """A text without blanks at its ends, non-breaking ones included."""
    return text.translate(_SPACES).strip()


def is_blank(text: str) -> bool:
    """Whether a text means that nothing is reported."""
    return trimmed(text).casefold() in BLANKS


def evidence(texts: Iterable[str]) -> Decimals | None:
    """How the numbers of a column are written, from those that are in no doubt; None where they disagree.

    A number that is itself refused says nothing of the others: `1,234.56` alone decides nothing.

    >>> evidence(["1.234", "12,5"])
    <Decimals.COMMA: 'virgola'>
    """
    found = set()
    for text in texts:
        italian, english = _both(_bare(text)[0])
        if (italian is None) != (english is None) and not _doubtful(_bare(text)[0], italian):
            found.add(Decimals.POINT if italian is None else Decimals.COMMA)
    return found.pop() if len(found) == 1 else None


def read_number(text: str, *, share: bool = False, decimals: Decimals | None = None) -> float | Doubt | None:
    """The number that a text means.

    Args:
        text: as it stands in the export.
        share: the value is a fraction: a percent sign divides by 100, and a number above 1 without it is in doubt.
        decimals: how decimals are written, from the user or from the rest of the column.

    Returns:
        The number (a fraction for a percentage), None where nothing is reported, or the doubt.

    >>> read_number("1.234.567,8")
    1234567.8
    >>> read_number("12,5%", share=True)
    0.125
    >>> str(read_number("1.234"))
    'can be read in two ways: 1234 or 1,234'
    """
    if is_blank(text):
        return None
    number, percent = _bare(text)
    value = _value(number, decimals)
    if isinstance(value, Doubt):
        return value
    if percent:
        return value / 100
    doubt = in_doubt(value, share=share)
    return value if doubt is None else doubt


def in_doubt(value: float, *, share: bool) -> Doubt | None:
    """The doubt about a number where a share is expected: 12.5 may be 12.5% or 1250%."""
    if share and abs(value) > 1:
        shown = italian(value)
        one, other = f"{shown}%", f"{italian(value * 100)}%"
        return Doubt(f"without a percent sign can be read in two ways: {one} or {other}", (one, other))
    return None


def _bare(text: str) -> tuple[str, bool]:
    """A text without blanks, currency and percent sign, and whether it had that sign."""
    plain = trimmed(text)
    percent = plain.endswith("%")
    plain = _MONEY.sub("", plain.removesuffix("%").rstrip())
    return _SPACED.sub("", plain), percent


def _value(number: str, decimals: Decimals | None) -> float | Doubt:
    italian, english = _both(number)
    if decimals is not None:
        value = italian if decimals is Decimals.COMMA else english
        return Doubt(f"is no number with decimals after {_SIGNS[decimals]}") if value is None else value
    if italian is None and english is None:
        return Doubt("is no number")
    if italian is None or english is None:
        value = english if italian is None else italian
        assert value is not None
        if _doubtful(number, italian):
            return _either(value, _digits(number))
        return value
    if italian == english:
        return italian
    return _either(italian, english)


def _either(number: float, other: float) -> Doubt:
    one, two = italian(number), italian(other)
    return Doubt(f"can be read in two ways: {one} or {two}", (one, two))


def _doubtful(number: str, italian: float | None) -> bool:
    """Whether a number that has one reading may mean another: an odd one, or one with commas between thousands."""
    return _odd(number) or (italian is None and "," in number)


def _odd(number: str) -> bool:
    """Points between thousands and three digits after the comma: the comma may stand for one more point."""
    return "." in number and len(number.rstrip("% ").rpartition(",")[2]) == _GROUP and "," in number


def _digits(number: str) -> float:
    return float(re.sub(r"[^0-9-]", "", number))


def _both(number: str) -> tuple[float | None, float | None]:
    """A number read the Italian and the English way."""
    return _parsed(number, _ITALIAN, "."), _parsed(number, _ENGLISH, ",")


def _parsed(number: str, form: re.Pattern[str], separator: str) -> float | None:
    found = form.fullmatch(number)
    if not found:
        return None
    value = float(f"{found['whole'].replace(separator, '')}.{found['part'] or 0}")
    return -value if found["sign"] in ("-", "\u2212") else value


def italian(value: object) -> str:
    """A number as an Italian types it, without thousands; anything else as a text."""
    return f"{value:.15g}".replace(".", ",") if isinstance(value, float) else str(value)
