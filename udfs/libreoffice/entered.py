"""What users enter, in the dialog or in a cell, as a formula of Calc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.actions.functions import formula
from xl_perf.book.calc_text import calc_formula, excel_text
from xl_perf.relink.spelling import Dialect, apply, cut_columns

if TYPE_CHECKING:
    from collections.abc import Sequence


def formula_for(name: str, arguments: Sequence[str]) -> str:
    """The formula as Calc's cells take it over UNO: English names, `;`, `.` after sheets, single cells guarded.

    Args:
        name: the function.
        arguments: what stands in each field: `A1`, `Foglio1.B2:B9` or `Foglio1!B2:B9`, `0,5`; empty for one
            that is left out.

    Raises:
        UsageError: an argument that must be there is left out, or one cannot be read.
    """
    return calc_formula(
        formula(name, [excel_text(_number(text.strip())) for text in arguments], Dialect.CALC)
    )


def quicker(formula: str) -> str:
    """A formula that somebody typed, with `XLPERF.USATO` around whole columns where no result changes by it.

    Calc hands whole columns over as a million rows each time; what `USATO` gives are the rows that the sheet uses.

    Args:
        formula: as `getFormula` gives it, with `=`.

    Returns:
        The formula for `setFormula`; the same where there is nothing to do or it cannot be said without loss.
    """
    excel = excel_text(formula[1:])
    if calc_formula(excel).replace("$", "") != formula[1:].replace("$", ""):
        return formula
    edits = cut_columns(excel)
    return f"={calc_formula(apply(excel, edits))}" if edits else formula


def _number(text: str) -> str:
    """A number with a decimal comma as formulas in English have it; all else as it is."""
    plain = text.replace(",", ".", 1)
    try:
        float(plain)
    except ValueError:
        return text
    return plain
