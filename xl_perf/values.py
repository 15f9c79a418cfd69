"""Cell values that every part of xl_perf shares: error values and the empty result."""

from __future__ import annotations

from typing import ClassVar, TypeAlias


class CellError(str):
    """An error value of a spreadsheet cell, as the text that files hold (`#N/A`).

    A subclass of str, so that front ends which take error texts can be given it as it is. The members are class
    attributes (`CellError.NA`); `CellError.parse` finds the member for a text in any of the spellings known.
    """

    __slots__ = ()

    NULL: ClassVar[CellError]
    DIV0: ClassVar[CellError]
    VALUE: ClassVar[CellError]
    REF: ClassVar[CellError]
    NAME: ClassVar[CellError]
    NUM: ClassVar[CellError]
    NA: ClassVar[CellError]
    SPILL: ClassVar[CellError]
    CALC: ClassVar[CellError]
    GETTING_DATA: ClassVar[CellError]

    @property
    def italian(self) -> str:
        """The text that an Italian Excel shows, e.g. `#N/D`; an error that is not a member as it is."""
        return _ITALIAN.get(str(self), str(self))

    @classmethod
    def parse(cls, text: str) -> CellError | None:
        """The error value that a text spells in English or Italian, or None.

        Args:
            text: a cell's text; case and surrounding blanks do not count.
        """
        return _BY_TEXT.get(text.strip().upper())

    def __repr__(self) -> str:
        return f"CellError({str(self)!r})"


_ITALIAN = {
    "#NULL!": "#NULLO!",
    "#DIV/0!": "#DIV/0!",
    "#VALUE!": "#VALORE!",
    "#REF!": "#RIF!",
    "#NAME?": "#NOME?",
    "#NUM!": "#NUM!",
    "#N/A": "#N/D",
    "#SPILL!": "#ESPANSIONE!",
    "#CALC!": "#CALC!",
    "#GETTING_DATA": "#ESTRAZIONE_DATI_IN_CORSO",
}

for _name, _text in (
    ("NULL", "#NULL!"),
    ("DIV0", "#DIV/0!"),
    ("VALUE", "#VALUE!"),
    ("REF", "#REF!"),
    ("NAME", "#NAME?"),
    ("NUM", "#NUM!"),
    ("NA", "#N/A"),
    ("SPILL", "#SPILL!"),
    ("CALC", "#CALC!"),
    ("GETTING_DATA", "#GETTING_DATA"),
):
    setattr(CellError, _name, CellError(_text))

_BY_TEXT = {text: CellError(text) for text in _ITALIAN} | {
    italian: CellError(text) for text, italian in _ITALIAN.items()
}

EMPTY = ""
"""What a spreadsheet function gives where nothing has been reported yet."""

CellValue: TypeAlias = "float | int | bool | str | CellError | None"
