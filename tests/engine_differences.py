"""Where the engine (formualizer 0.13.0) and Excel differ, one entry each, with what recalculation does about it.

The tests calculate every case: `KEPT` cases must keep their stored value, `RIGHT` ones must give Excel's value although
the engine alone does not, `OPEN` ones are known not to be caught before Excel's own stored values are at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.values import CellValue


class Handling(StrEnum):
    """What recalculation does with a construct."""

    KEPT = "kept"
    """The cell and those that depend on it keep their stored values, and are reported."""
    RIGHT = "right"
    """Rewritten in the calculation copy so that the value is Excel's."""
    OPEN = "open"
    """Calculated as the engine does; caught only where Excel's stored value contradicts it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A construct with a minimal case; `cells` are the constants and formulas beside it."""

    construct: str
    formula: str
    excel: CellValue
    handling: Handling
    cells: Mapping[str, CellValue] = field(default_factory=lambda: _SAMPLE)
    array: bool = False


_SAMPLE: Final[dict[str, CellValue]] = {
    "A1": "abc", "A2": "abd", "A3": "xyz",
    "B1": 1.234, "B2": 2.345, "B3": 3.456,
    "D1": 10, "D2": 20, "D3": 30,
}  # fmt: skip

_KEPT, _RIGHT, _OPEN = Handling.KEPT, Handling.RIGHT, Handling.OPEN

KNOWN_DIFFERENCES: Final[tuple[Difference, ...]] = (
    Difference("text functions over ranges", '=SUMPRODUCT((LEFT(A1:A3,1)="a")*D1:D3)', 30, _RIGHT),
    Difference("text functions over ranges", "=SUMPRODUCT(LEN(A1:A3))", 9, _RIGHT),
    Difference("text functions over ranges", '=SUMPRODUCT(--EXACT(A1:A3,"abc"))', 1, _RIGHT),
    Difference("number functions over ranges", "=SUMPRODUCT(ROUND(B1:B3,2))", 7.04, _RIGHT),
    Difference("date functions over ranges", "=SUMPRODUCT(YEAR(D1:D3))", 5700, _RIGHT),
    Difference("LOOKUP in a calculated array", '=LOOKUP(2,1/(A1:A3<>"xyz"),D1:D3)', 20, _RIGHT),
    Difference("SUMIF with several criteria", "=SUMPRODUCT(SUMIF(A1:A3,A1:A2,D1:D3))", 30, _KEPT),
    Difference("row numbers of a range", "=SUM(ROW(A1:A3))", 6, _KEPT, array=True),
    Difference("comparison with 15 digits", "=F1=0.3", True, _RIGHT, {"F1": "=0.1+0.2"}),
    Difference("comparison with 15 digits", '=IF(SUM(F1:F2)>0.3,"oltre","entro")', "entro", _RIGHT,
    {"F1": 0.1, "F2": 0.2}),
    Difference("comparison with 15 digits in arrays", "=SUMPRODUCT((F1:F1=0.3)*1)", 1, _RIGHT, {"F1": "=0.1+0.2"}),
    Difference("rest of rounding in a last sum", "=SUM(F1:F2)-F3", 0, _RIGHT, {"F1": 0.1, "F2": 0.2, "F3": 0.3}),
    Difference("numbers as text, 15 digits", '="v"&1/3', "v0.333333333333333", _RIGHT),
    Difference("numbers as text, 15 digits", "=LEN(2/3)", 17, _RIGHT),
    Difference("truth values as text", "=LEFT(TRUE,2)", "TR", _RIGHT),
    Difference("empty cells past the used rows", '=COUNTIFS(A1:A20,"<>xyz")', 19, _RIGHT),
    Difference("empty cells past the used rows", '=COUNTIFS(A1:A20,"<>xyz",B1:B20,"<>1")', 19, _KEPT),
    Difference("INDEX past the used rows", "=INDEX(D:D,9)", 0, _RIGHT),
    Difference("size of whole rows", "=COLUMNS(1:1)", 16384, _RIGHT),
    Difference("implicit intersection", "=D1:D3", CellError.VALUE, _RIGHT),
    Difference("implicit intersection in an argument", "=ABS(D1:D3)", CellError.VALUE, _RIGHT),
    Difference("implicit intersection in a sum", "=SUM(D1:D3*2)", CellError.VALUE, _RIGHT),
    Difference("union of references", "=SUM((D1:D2,B1))", 31.234, _RIGHT),
    Difference("intersection of references", "=SUM(D1:D3 D2:E2)", 20, _RIGHT),
    Difference("CEILING and FLOOR", "=CEILING(-2.5,2)", -2, _RIGHT),
    Difference("CEILING and FLOOR", "=_xlfn.CEILING.PRECISE(45301,10)", 45310, _KEPT),
    Difference("ROMAN", "=ROMAN(1645,1)", "MDCVL", _KEPT),
    Difference("nearest match of XLOOKUP", "=_xlfn.XLOOKUP(25,D1:D3,A1:A3,,-1)", "abd", _KEPT),
    Difference("nearest match of XMATCH", "=_xlfn.XMATCH(25,D1:D3,1)", 3, _KEPT),
    Difference("ADDRESS in R1C1", "=ADDRESS(3,7,1,0)", "R3C7", _KEPT),
    Difference("29 February 1900", "=DATE(1900,2,29)", 60, _RIGHT),
    Difference("truth values written as text", '=AND("TRUE")', True, _KEPT),
    Difference("text beside a number criterion", '=COUNTIF(F1:F2,"<>"&23)', 1, _OPEN, {"F1": 23, "F2": "23"}),
    Difference("CONVERT", '=CONVERT(1,"lbm","kg")', 0.45359237, _KEPT),
    Difference("XIRR", "=XIRR(D1:D3,D1:D3)", CellError.NUM, _KEPT),
    Difference("TEXT with fractions and elapsed hours", '=TEXT(1.5,"[h]")', "36", _KEPT),
    Difference("criterion that is an error", "=COUNTIF(A1:A3,#N/A)", 0, _KEPT),
    Difference("CELL", '=CELL("row",A3)', 3, _KEPT),
    Difference("matrix functions", "=SUM(MMULT(D1:D2,B1:B1))", 37.02, _KEPT, array=True),
    Difference("greatest common divisor over ranges", "=GCD(D1:D3)", 10, _KEPT),
    Difference("sums over pairs with empty cells", "=SUMX2MY2(D1:D3,E1:E3)", 0, _KEPT),
    Difference("TYPE of an error", "=TYPE(1/0)", 16, _KEPT),
    Difference("REPLACE past the end", '=REPLACE("",2,1,"abc")', "abc", _RIGHT),
    Difference("lambda functions", "=SUM(_xlfn.MAP(D1:D3,_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1)))", 63, _KEPT),
    Difference("text numbers in financial functions", '=PMT(0.1,2,"100")', -57.61904761904762, _RIGHT),
)  # fmt: skip
"""The table; Excel's values are those of Microsoft's documentation or worked by hand from its rules."""
