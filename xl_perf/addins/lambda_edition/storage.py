"""Formulas as a person reads them, brought to the form in which files store them.

Files put `_xlfn.` before functions newer than Excel 2007, `_xlpm.` before every name that LAMBDA or LET binds, and
`_xlop.` before an optional parameter where it is declared, which reads `[verso]` on the screen.
"""

from __future__ import annotations

import re
from typing import Final

LIMIT: Final = 8192
"""Characters that Excel takes in a formula."""

NEWER: Final = frozenset(
    {"HSTACK", "ISOMITTED", "LAMBDA", "LET", "MAKEARRAY", "SEQUENCE", "TOCOL", "UNICHAR", "VSTACK"}
)
OLDER: Final = frozenset(
    {
        "ABS", "AND", "CHOOSE", "CLEAN", "COLUMNS", "IF", "IFERROR", "INDEX", "INT", "ISBLANK", "ISERROR",
        "ISLOGICAL", "ISNUMBER", "ISTEXT", "LEN", "MATCH", "MAX", "MIN", "MMULT", "MOD", "NOT", "OR", "ROWS",
        "SIGN", "SUBSTITUTE", "SUM", "TRANSPOSE", "TRIM",
    }
)  # fmt: skip
"""Functions of Excel that the definitions use, by whether files prefix them."""

_TOKEN: Final = re.compile(
    r"""(?P<as_is>"(?:[^"]|"")*"|\#[A-Z/0]+[!?]?|TRUE\b|FALSE\b|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |\[(?P<optional>[a-z_0-9]+)\]
    |(?P<function>[A-Z][A-Z.]*)(?=\()
    |(?P<name>[A-Za-z_]\w*)""",
    re.VERBOSE,
)


def stored(formula: str) -> str:
    """The form in which a file holds a formula, which has no cells, no other names and no unknown functions in it.

    >>> stored('LAMBDA(a_,[b_],IF(ISOMITTED(b_),"x",a_))')
    '_xlfn.LAMBDA(_xlpm.a_,_xlop.b_,IF(_xlfn.ISOMITTED(_xlpm.b_),"x",_xlpm.a_))'

    Raises:
        ValueError: a function that is in neither list.
    """
    return _TOKEN.sub(_stored, formula)


def _stored(found: re.Match[str]) -> str:
    if found["optional"]:
        return f"_xlop.{found['optional']}"
    if found["name"]:
        return f"_xlpm.{found['name']}"
    if found["function"] in NEWER:
        return f"_xlfn.{found['function']}"
    if found["function"] and found["function"] not in OLDER:
        raise ValueError(f"unknown function {found['function']}")
    return found[0]
