"""Numbers and periods as the page writes them, in Italian."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.entities import StructureKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.plan.model import Plan

_SWAP = str.maketrans(",.", ".,")
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
MINUS = "−"
_SMALL = frozenset(("di", "e", "del", "della", "d'"))
_KINDS = {
    StructureKind.NATIONAL: "Istituto, tutte le strutture territoriali",
    StructureKind.REGION: "Direzione regionale",
    StructureKind.DCM: "Direzione di coordinamento metropolitano",
}


def fixed(value: float | None, decimals: int = 1) -> str:
    """A number with so many decimals: 1234.56 is `1.234,6`; a dash for none.

    >>> fixed(-1234.56)
    '−1.234,6'
    """
    if value is None:
        return "–"
    text = f"{abs(value):,.{decimals}f}".translate(_SWAP)
    return f"{MINUS}{text}" if value < 0 and text.strip("0,.") else text


def signed(value: float, decimals: int = 2) -> str:
    """A difference with its sign: 0.5 is `+0,50`, 0 has none."""
    text = fixed(value, decimals)
    return f"+{text}" if value > 0 and text.strip("0,.") else text


def share(value: float | None, decimals: int = 0) -> str:
    """A fraction as percentage: 0.125 with one decimal is `12,5%`; a dash for none."""
    return "–" if value is None else f"{fixed(100 * value, decimals)}%"


def period(text: str) -> str:
    """A period in words.

    >>> period("2021-T3"), period("2021")
    ('III trimestre 2021', 'anno 2021')
    """
    year, mark, quarter = text.partition("-T")
    return f"{_ROMAN.get(quarter, quarter)} trimestre {year}" if mark else f"anno {year}" if year else ""


def quarter(text: str) -> str:
    """The quarter of a period alone: `III`; the period where it has none."""
    year, mark, number = text.partition("-T")
    return f"{_ROMAN.get(number, number)} {year}" if mark else year


def title(code: str) -> str:
    """The code of a structure as a name.

    >>> title("VALLE D'AOSTA"), title("DCM ROMA"), title("FORLI'")
    ("Valle d'Aosta", 'DCM Roma', "Forli'")
    """
    words = [word if word == "DCM" else _capital(word.lower()) for word in code.split()]
    return " ".join(words)


def _capital(word: str) -> str:
    start, mark, rest = word.partition("'")
    if mark and rest:
        return f"{start}{mark}{rest.capitalize()}"
    return word if word in _SMALL else word.capitalize()


def kind(plan: Plan | None, code: str) -> str:
    """What a structure is, in words; empty where the plan does not know it."""
    found = None if plan is None else plan.structures.get(code)
    return "" if found is None else _KINDS.get(found.kind, str(found.kind))


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them: `Molise, Umbria e Veneto`."""
    *others, last = tuple(names) or ("",)
    return f"{', '.join(others)} e {last}" if others else last
