"""Numbers and truth values as Italian readers write them."""

from __future__ import annotations

_DIGITS = 6
_LARGEST = 1e15
_SWAP = str.maketrans(",.", ".,")


def number(value: float) -> str:
    """A number with at most six decimals: 10957463637 is `10.957.463.637`, 0.5 `0,5`, -0.125 `-0,125`.

    Numbers too large or too small for that as Excel shows them: 1.5e20 is `1,5E+20`.
    """
    if value and not 10.0**-_DIGITS <= abs(value) < _LARGEST:
        return f"{value:.{_DIGITS}G}".translate(_SWAP)
    text = f"{value:,.{_DIGITS}f}".rstrip("0").rstrip(".")
    return text.translate(_SWAP)


def percent(value: float, decimals: int = 2) -> str:
    """A fraction as percentage: 0.105 is `10,50%`."""
    text = f"{100 * value:,.{decimals}f}"
    return f"{text.lstrip('-') if float(text.replace(',', '')) == 0 else text}%".translate(_SWAP)


def truth(value: bool) -> str:
    """The word that an Italian Excel shows."""
    return "VERO" if value else "FALSO"
