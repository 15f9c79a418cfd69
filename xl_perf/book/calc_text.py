"""Formulas as LibreOffice Calc gives them, in Excel's English: `$Sheet.A1;` becomes `Sheet!A1,`."""

from __future__ import annotations

import re

from xl_perf.values import CellError

CODES = {
    CellError.NULL: 521,
    CellError.DIV0: 532,
    CellError.VALUE: 519,
    CellError.REF: 524,
    CellError.NAME: 525,
    CellError.NUM: 503,
    CellError.NA: 32767,
}
"""Calc's number of each error value; it has none of its own for the newer ones."""
_ERRORS = {code: error for error, code in CODES.items()}

_CELL = r"(?=\$?[A-Za-z]{1,3}(?:\$?[0-9]+|:\$?[A-Za-z]{1,3})(?![\w(.])|\$?[0-9]+:\$?[0-9]+|\#REF!|[^\W\d]\w*\b(?!\())"
_PIECES = re.compile(
    r'(?P<text>"(?:[^"]|"")*")'
    r"|\$?(?P<quoted>'(?:[^']|'')*')\."
    + _CELL
    + r"|(?<![\w.])\$?(?P<plain>[^\W\d]\w*)\."
    + _CELL
    + r"|(?P<array>\{[^{}]*\})"
    r"|(?P<sign>[;~])"
)
_ARRAY = re.compile(r'"(?:[^"]|"")*"|[;|]')
_BETWEEN = {";": ",", "|": ";"}


def excel_text(text: str) -> str:
    """A formula or the content of a name as Excel's files have it; strings in it stay as they are.

    Args:
        text: as UNO's `getFormula` gives it: English names, `;` between arguments, `.` after sheets.
    """
    return _PIECES.sub(_piece, text)


def _piece(found: re.Match[str]) -> str:
    if found["text"]:
        return found["text"]
    if found["array"]:
        return _ARRAY.sub(lambda sign: _BETWEEN.get(sign[0], sign[0]), found["array"])
    sheet = found["quoted"] or found["plain"]
    return f"{sheet}!" if sheet else ","


def error_of(code: int) -> CellError:
    """The error value of Calc's number for it; #VALUE! for those that only Calc knows."""
    return _ERRORS.get(code, CellError.VALUE)


_BACK = re.compile(r'"(?:[^"]|"")*"|(?P<sheet>\'(?:[^\']|\'\')*\'|[^\W\d]\w*)!|,')


def calc_formula(text: str) -> str:
    """A formula without arrays and structured references, in Excel's English, as UNO's `setFormula` takes it.

    Args:
        text: `=PERF_SCORE(Quadro!A1,30)` becomes `=PERF_SCORE($Quadro.A1;30)`.
    """

    def piece(found: re.Match[str]) -> str:
        if found["sheet"]:
            return f"${found['sheet']}."
        return ";" if found[0] == "," else found[0]

    return _BACK.sub(piece, text)
