"""What LibreOffice does not calculate as Excel does: functions by name."""

from __future__ import annotations

from typing import Final

from xl_perf.recalc.functions import names

LACKING: Final = names(
    """
    XLOOKUP XMATCH LET LAMBDA FILTER SORT SORTBY UNIQUE SEQUENCE RANDARRAY TAKE DROP VSTACK HSTACK TOCOL
    TOROW CHOOSECOLS CHOOSEROWS EXPAND WRAPROWS WRAPCOLS MAP REDUCE SCAN BYROW BYCOL MAKEARRAY
    TEXTBEFORE TEXTAFTER TEXTSPLIT ARRAYTOTEXT VALUETOTEXT ISOMITTED
    """
)
"""Functions that LibreOffice 7.4 does not have."""
NEVER: Final = names(
    """
    WEBSERVICE CALL REGISTER REGISTER.ID RTD DDE EXEC EVALUATE IMAGE STOCKHISTORY PY SQL.REQUEST
    FILTERXML CELL INFO GETPIVOTDATA HYPERLINK FORMULATEXT RAND RANDBETWEEN NOW TODAY MACRO
    """
)
"""Functions that reach outside the cells, or whose value is another one in a copy or at another time."""
OWN_WAY: Final = names(
    """
    CEILING CEILING.MATH CEILING.PRECISE ISO.CEILING FLOOR FLOOR.MATH FLOOR.PRECISE CONVERT TYPE
    SUBTOTAL AGGREGATE FIXED DOLLAR TEXT VALUE DATEVALUE TIMEVALUE NUMBERVALUE ADDRESS INDIRECT ROMAN
    MULTINOMIAL ERF ERFC BESSELJ BESSELY
    """
)
"""Functions of which LibreOffice gives other values than Excel in some cases.

The file's language, limits, hidden rows.
"""
COUNTING: Final = names(
    """
    SUM COUNT AVERAGE MIN MAX PRODUCT STDEV STDEVP VAR VARP MEDIAN LARGE SMALL SUMPRODUCT RANK SUMSQ
    """
)
"""Functions in which LibreOffice counts truth values in ranges as numbers."""
