"""What the copy must know of each built-in function: how it takes ranges, and whether the engine can be trusted.

One letter per parameter; `*` repeats the last letter, `+` the last two:

- `V`: one value. A range there is intersected with the row or column of the cell in an ordinary formula.
- `R`: a reference or array, taken as it is; what operators do inside it is still done on single values.
- `A`: an array: everything inside is calculated element by element, in ordinary formulas too.
- `P`: passes on what surrounds the call (the branches of `IF`, `CHOOSE`).

A function that is not in `SIGNATURES` keeps the stored values of its cells. `DISTRUSTED` are functions that are not
evaluated although the engine knows them (formualizer 0.13.0), with the reason that reports show.
"""

from __future__ import annotations

from typing import Final

from xl_perf.formula.spelling import builtin_name

_GROUPS: Final = {
    "R*": """
        SUM PRODUCT AVERAGE AVERAGEA COUNT COUNTA MAX MAXA MIN MINA VAR VARA VARP VARPA VAR.S VAR.P STDEV STDEVA STDEVP
        STDEVPA STDEV.S STDEV.P MEDIAN GEOMEAN HARMEAN DEVSQ AVEDEV KURT SKEW SKEW.P SUMSQ AND OR
        XOR CONCAT ROW COLUMN ROWS COLUMNS ISREF COUNTBLANK N T UNIQUE SORT TOCOL TOROW VSTACK
        HSTACK CHOOSECOLS CHOOSEROWS SORTBY
    """,
    "A*": """
        SUMPRODUCT TRANSPOSE CORREL COVAR COVARIANCE.P COVARIANCE.S PEARSON RSQ SLOPE INTERCEPT
        STEYX TREND GROWTH LINEST
    """,
    "": "PI TRUE FALSE NA TODAY NOW",
    "V*": """
        ABS SIGN SQRT EXP LN LOG LOG10 INT TRUNC ROUND ROUNDUP ROUNDDOWN MOD POWER SIN COS TAN ASIN ACOS ATAN ATAN2 SINH
        COSH TANH ASINH ACOSH ATANH DEGREES RADIANS EVEN ODD FACT COMBIN QUOTIENT MROUND NOT SQRTPI
        ISBLANK ISERROR ISERR ISNA ISNUMBER ISTEXT ISNONTEXT ISLOGICAL ISEVEN ISODD ERROR.TYPE IFERROR IFNA
        LEN LEFT RIGHT MID UPPER LOWER PROPER TRIM CLEAN EXACT FIND SEARCH SUBSTITUTE REPT CHAR CODE UNICHAR
        UNICODE VALUE TEXT CONCATENATE NUMBERVALUE
        DATE YEAR MONTH DAY HOUR MINUTE SECOND TIME WEEKDAY WEEKNUM ISOWEEKNUM EDATE EOMONTH DAYS DAYS360
        YEARFRAC DATEDIF PMT FV PV NPER RATE SLN SYD EFFECT NOMINAL ADDRESS HYPERLINK NORM.DIST NORM.S.DIST
        NORM.INV NORM.S.INV NORMDIST NORMSDIST NORMINV NORMSINV SEQUENCE PERMUT ROMAN ARABIC DECIMAL COT COTH
        SEC SECH CSC CSCH ACOT ACOTH BITAND BITOR BITXOR PHI STANDARDIZE FISHER LOGNORM.INV RRI POISSON.DIST
        BINOM.DIST T.INV.2T REPLACE CEILING FLOOR DATEVALUE
    """,
    "VP*": "IF CHOOSE",
    "VRV": "RANK RANK.EQ RANK.AVG",
    "VRV*": "VLOOKUP HLOOKUP MATCH XMATCH",
    "VRRV*": "XLOOKUP",
    "VAA": "LOOKUP FORECAST FORECAST.LINEAR",
    "AV*": "INDEX",
    "RV*": """
        LARGE SMALL PERCENTILE PERCENTILE.INC PERCENTILE.EXC QUARTILE QUARTILE.INC QUARTILE.EXC PERCENTRANK
        PERCENTRANK.INC PERCENTRANK.EXC TRIMMEAN IRR OFFSET
    """,
    "RVR": "SUMIF AVERAGEIF",
    "RV": "COUNTIF",
    "RV+": "COUNTIFS",
    "RRV+": "SUMIFS AVERAGEIFS MAXIFS MINIFS",
    "VR*": "SUBTOTAL NPV",
    "VVR*": "TEXTJOIN",
    "V": "INDIRECT",
    "VRR": "XNPV",
    "RAV": "FILTER",
    "VVR": "NETWORKDAYS WORKDAY",
    "VVVR": "NETWORKDAYS.INTL WORKDAY.INTL",
    "VP+": "IFS SWITCH",
    "P*": "LET",
}

SIGNATURES: Final[dict[str, str]] = {
    name: signature for signature, names in _GROUPS.items() for name in names.split()
}

MAPPED: Final = frozenset(("IF", "IFERROR", "IFNA"))
"""Functions of single values that the engine does calculate element by element over an array."""

FIRST_ONLY: Final = frozenset(("ROW", "COLUMN", "N", "T"))
"""Functions that give an array for a range in array formulas, of which the engine gives the first element."""


def names(text: str) -> frozenset[str]:
    """The names in a text, apart by blanks."""
    return frozenset(text.split())


LISTS: Final = names(
    """
    SUM PRODUCT AVERAGE AVERAGEA COUNT COUNTA MAX MAXA MIN MINA VAR VARA VARP VARPA VAR.S VAR.P STDEV STDEVA
    STDEVP STDEVPA STDEV.S STDEV.P MEDIAN GEOMEAN HARMEAN DEVSQ AVEDEV SUMSQ KURT SKEW SKEW.P AND OR
    """
)
"""Functions over any number of arguments, where a union or a reference through several sheets becomes a list."""

OWN: Final = names(
    """
    UPPER LOWER PROPER TRIM CLEAN SEARCH FIND LEN LEFT RIGHT MID SUBSTITUTE REPLACE EXACT REPT VALUE DATEVALUE TEXTJOIN
    CONCAT CONCATENATE UNIQUE FILTER LOOKUP CEILING FLOOR POWER DATE TIME EDATE EOMONTH CHAR CODE
    """
)
"""Functions that are calculated by Excel's rules here (`xl_perf.excel.rules`), never by the engine."""

MAPPED_HERE: Final = names(
    """
    TEXT ABS INT ROUND ROUNDUP ROUNDDOWN MOD YEAR MONTH DAY WEEKDAY
    """
) | (OWN - names("TEXTJOIN CONCAT UNIQUE FILTER LOOKUP"))
"""Functions of single values that are calculated here where they are mapped over arrays."""

TEXT_RESULT: Final = names(
    """
    LEFT RIGHT MID UPPER LOWER PROPER TRIM CLEAN SUBSTITUTE REPLACE REPT CHAR UNICHAR TEXT CONCATENATE CONCAT TEXTJOIN
    """
)
"""Functions that give text."""

NUMERIC: Final = names(
    """
    ABS SIGN SQRT EXP LN LOG LOG10 INT TRUNC ROUND ROUNDUP ROUNDDOWN MOD SIN COS TAN ASIN ACOS ATAN ATAN2 SINH COSH TANH
    ASINH ACOSH ATANH DEGREES RADIANS EVEN ODD FACT COMBIN QUOTIENT MROUND SQRTPI DATE YEAR MONTH DAY HOUR
    MINUTE SECOND TIME WEEKDAY WEEKNUM ISOWEEKNUM EDATE EOMONTH DAYS PMT FV PV NPER SLN SYD NORM.DIST
    NORM.S.DIST NORM.INV NORM.S.INV NORMDIST NORMSDIST NORMINV NORMSINV PERMUT COT COTH SEC SECH CSC CSCH ACOT
    ACOTH
    """
)
"""Functions whose single values are numbers, which texts and truth values become."""

NUMBERS_ONLY: Final = names("QUOTIENT SQRTPI MROUND ISODD ISEVEN WEEKNUM YEARFRAC NOMINAL EFFECT")
"""Functions that take numbers and no truth values: those that were an add-in of Excel once."""

NUMBER_RESULT: Final = (
    NUMERIC
    | LISTS
    | names(
        """
    SUMPRODUCT COUNTIF COUNTIFS SUMIF SUMIFS AVERAGEIF AVERAGEIFS MAXIFS MINIFS COUNTBLANK ROWS COLUMNS ROW
    COLUMN LEN FIND SEARCH MATCH XMATCH CODE RANK RANK.EQ RANK.AVG LARGE SMALL SUBTOTAL PI TODAY NOW VALUE POWER
    CEILING FLOOR N NPV IRR
    """
    )
)
"""Functions that give a number or an error."""

WHOLE_RESULT: Final = names(
    "COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS ROWS COLUMNS ROW COLUMN LEN MATCH YEAR MONTH DAY"
)
"""Functions that give whole numbers."""

ARRAY_RESULT: Final = names(
    """
    TRANSPOSE UNIQUE SORT SORTBY FILTER SEQUENCE TOCOL TOROW VSTACK HSTACK CHOOSECOLS CHOOSEROWS TREND GROWTH LINEST
    """
)
"""Functions that give arrays; an ordinary formula shows the first element."""

MODES: Final = {"MATCH": 2, "XMATCH": 2, "XLOOKUP": 4}
"""Searches in which the engine wants a number where Excel takes a truth value, and its place."""

SEARCHES: Final = names("VLOOKUP HLOOKUP LOOKUP MATCH XLOOKUP XMATCH INDEX RANK RANK.EQ RANK.AVG OFFSET")
"""Functions that give #REF! where an argument is a reference that was deleted."""

IGNORE_ERRORS: Final = names("SUMIF SUMIFS AVERAGEIF AVERAGEIFS MAXIFS MINIFS IRR XNPV")
"""Functions that pass over errors in the cells that they calculate with, where Excel gives the error."""

_PAIRS: Final = tuple(range(1, 255, 2))
CRITERIA: Final = {
    **dict.fromkeys(["COUNTIF", "SUMIF", "AVERAGEIF"], (1,)),
    "COUNTIFS": _PAIRS,
    **dict.fromkeys(["SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"], tuple(place + 1 for place in _PAIRS)),
}
"""Functions with criteria, and their places."""

SWALLOW: Final = names(
    """
    IFERROR IFNA ISERROR ISERR ISNA ISNUMBER ISTEXT ISNONTEXT ISLOGICAL ISBLANK ERROR.TYPE COUNT COUNTA
    AGGREGATE XLOOKUP COUNTIF COUNTIFS SUMIF SUMIFS
    """
)
"""Functions that give a value although an argument is an error."""

CONDITIONS: Final = names("IF IFS NOT")
"""Functions whose first argument is a truth value."""

RANDOM: Final = names("RAND RANDBETWEEN RANDARRAY")
"""Cells with these keep their stored value, which other cells are calculated from."""

VOLATILE: Final = names("TODAY NOW")
"""Calculated with the clock of the machine; their cells never count as stale."""

RUNTIME_REFERENCES: Final = names("INDIRECT OFFSET")
"""Functions whose precedents are known only when they are calculated."""

_LOCALE: Final = "depends on the language of the Excel that calculates it"
_WEAK: Final = "the engine's results differ from Excel's"
_NEVER: Final = "never run: it reaches outside the workbook"
_OUTSIDE: Final = "needs data outside the cells"

DISTRUSTED: Final[dict[str, str]] = {
    name: reason
    for reason, names in (
        (
            _WEAK,
            """
            CEILING.MATH CEILING.PRECISE ISO.CEILING FLOOR.MATH FLOOR.PRECISE CONVERT XIRR MMULT MINVERSE
            MDETERM SUMX2MY2 SUMX2PY2 SUMXMY2 GCD LCM MULTINOMIAL TYPE AGGREGATE MODE MODE.SNGL IPMT PPMT
            DEC2BIN BIN2DEC DEC2HEX HEX2DEC TAKE DROP BYROW BYCOL MAP REDUCE SCAN MAKEARRAY EXPAND LAMBDA
            """,
        ),
        (_LOCALE, "FIXED DOLLAR TIMEVALUE"),
        (
            _NEVER,
            "WEBSERVICE CALL REGISTER REGISTER.ID RTD DDE EXEC EVALUATE IMAGE STOCKHISTORY PY SQL.REQUEST FILTERXML",
        ),
        (
            _OUTSIDE,
            """
            CELL INFO GETPIVOTDATA CUBEVALUE CUBEMEMBER CUBESET CUBESETCOUNT CUBERANKEDMEMBER CUBEMEMBERPROPERTY
            CUBEKPIMEMBER FORMULATEXT ISFORMULA SHEET SHEETS
            """,
        ),
    )
    for name in names.split()
}
"""Functions that are not evaluated, with the reason."""


def plain_name(name: str) -> str:
    """A function's name without sheet and the prefixes of files, in capitals."""
    return builtin_name(name[name.rfind("!") + 1 :])


def parameter_classes(name: str, count: int) -> str:
    """Class letter of each of `count` arguments of a function in `SIGNATURES`."""
    signature = SIGNATURES[name]
    if signature.endswith("*"):
        head = signature[:-1]
        return head[:count] + head[-1] * (count - len(head))
    if signature.endswith("+"):
        head = signature[:-1]
        pair = head[-2:]
        return (head + pair * (max(0, count - len(head)) // 2 + 1))[:count]
    return (signature + "V" * count)[:count]
