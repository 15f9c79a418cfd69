"""Rules of Excel that the engine lacks: comparing with 15 digits, numbers and truth values as text.

They are calculated in Python, only in the formulas where `xl_perf.recalc.probes` found that they matter.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.package import Package

COMPARE: Final = "XLPERF.CONFRONTA"
TEXT: Final = "XLPERF.TESTO"
"""Names of the rules in the calculation copy."""

_DIGITS: Final = 15
_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Locale:
    """How the Excel that holds a workbook writes values as text."""

    decimal: str = "."
    true: str = "TRUE"
    false: str = "FALSE"


ITALIAN: Final = Locale(",", "VERO", "FALSO")
_BY_HEADING: Final = {
    "Fogli di lavoro": ITALIAN,
    "Arbeitsblätter": Locale(",", "WAHR", "FALSCH"),
    "Feuilles de calcul": Locale(",", "VRAI", "FAUX"),
    "Hojas de cálculo": Locale(",", "VERDADERO", "FALSO"),
    "Planilhas": Locale(",", "VERDADEIRO", "FALSO"),
    "Werkbladen": Locale(",", "WAAR", "ONWAAR"),
}
"""What Excel calls its worksheets in docProps/app.xml says in which language it ran."""


def locale_of(package: Package) -> Locale:
    """The language in which a workbook's formulas write numbers: Italian for official ones, else as docProps tell."""
    if any(table.name == "tblMetadati" for table in package.tables):
        return ITALIAN
    part = next((part for part in package.parts if part.lower() == "docprops/app.xml"), None)
    if part is not None:
        found = re.search(
            r"<(?:vt:)?lpstr>([^<]*)</(?:vt:)?lpstr>", package.read(part).decode("utf-8", "replace")
        )
        if found:
            return _BY_HEADING.get(found[1], Locale())
    return Locale()


def same_digits(number: float) -> float:
    """The number rounded to the 15 significant digits that Excel compares."""
    return float(f"{number:.{_DIGITS}g}")


def _rank(value: object) -> int:
    """Numbers before texts before truth values."""
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


def _blank_as(other: object) -> object:
    """What an empty cell is beside another value."""
    if isinstance(other, bool):
        return False
    return "" if isinstance(other, str) else 0.0


def compare(sign: object, left: object, right: object) -> bool | CellError:
    """Compares two cell values as Excel does: numbers with 15 digits, texts without case, an error first.

    Args:
        sign: `=`, `<>`, `<`, `>`, `<=` or `>=`.
        left: a cell value; None is an empty cell.
        right: a cell value.
    """
    for value in (left, right):
        if isinstance(value, CellError):
            return value
    left = _blank_as(right) if left is None else left
    right = _blank_as(left) if right is None else right
    test = _OPERATORS[str(sign)]
    if _rank(left) != _rank(right):
        return test(_rank(left), _rank(right))
    if isinstance(left, str) and isinstance(right, str):
        return test(left.casefold(), right.casefold())
    if isinstance(left, bool) or isinstance(right, bool):
        return test(left, right)
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return test(same_digits(left), same_digits(right))
    return CellError.VALUE


def as_text(value: object, locale: Locale) -> str | CellError:
    """A cell value as text, as `&` and the text functions see it."""
    if isinstance(value, CellError):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return locale.true if value else locale.false
    if isinstance(value, (int, float)):
        return number_text(float(value)).replace(".", locale.decimal)
    return value if isinstance(value, str) else CellError.VALUE


def number_text(number: float) -> str:
    """A number in Excel's general format where there is room: 15 digits, an exponent of two digits at least."""
    text = f"{number:.{_DIGITS}g}"
    mantissa, mark, exponent = text.partition("e")
    if not mark:
        return "0" if text == "-0" else text
    if _DIGITS <= int(exponent) <= _PLAIN_UP_TO:
        return f"{int(float(text))}"
    return f"{mantissa}E{exponent[0]}{int(exponent[1:]):02d}"


_PLAIN_UP_TO: Final = 20
"""Largest power of ten that the general format writes without exponent."""
