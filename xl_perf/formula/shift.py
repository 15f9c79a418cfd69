"""A formula's text as it stands in another cell."""

from __future__ import annotations

from xl_perf.formula.refs import MAX_COLUMN, MAX_ROW, column_letters, parse_reference
from xl_perf.formula.tokens import tokenize


def shifted(text: str, down: int, right: int) -> str:
    """The text of a formula filled some rows down and columns to the right; references wrap at the edges of the grid.

    Raises:
        FormulaError: the formula cannot be read.
    """
    if not down and not right:
        return text
    return "".join(_moved(token, down, right) if kind == "ref" else token for kind, token in tokenize(text))


def _moved(token: str, down: int, right: int) -> str:
    mark = token.rfind("!") + 1
    ref = parse_reference(token)
    if ref is None:
        return token
    ends = []
    for row, column, fixed_row, fixed_column in (
        (ref.row1, ref.col1, ref.absolute[0], ref.absolute[1]),
        (ref.row2, ref.col2, ref.absolute[2], ref.absolute[3]),
    ):
        row = row if fixed_row else (row - 1 + down) % MAX_ROW + 1  # noqa: PLW2901
        column = column if fixed_column else (column - 1 + right) % MAX_COLUMN + 1  # noqa: PLW2901
        letters = f"{'$' * fixed_column}{column_letters(column)}"
        if ref.whole == "columns":
            ends.append(letters)
        elif ref.whole == "rows":
            ends.append(f"{'$' * fixed_row}{row}")
        else:
            ends.append(f"{letters}{'$' * fixed_row}{row}")
    return token[:mark] + (ends[0] if ref.single else ":".join(ends))
