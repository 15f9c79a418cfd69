"""Long checks in parts: what a formula says last goes on in a column beside it.

A check tries one condition after the other, or joins the names of columns; every part of it gives a text or a
number whatever the row holds, so that any part may stand in a cell of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from xl_perf.formula.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_tokens = lru_cache(maxsize=4_096)(tokenize)
LONGEST = 300
"""Characters of a formula, as the program shows it."""


def shortened(text: str, size: Callable[[str], int], cell: Callable[[str], str]) -> str:
    """A formula, the parts for which it has no room in cells of their own.

    Args:
        text: the formula without `=`.
        size: its length as the program shows it.
        cell: puts a formula without `=` into a cell and gives the reference to it.

    Returns:
        The formula; a longer one than `LONGEST` where its parts cannot be told apart.
    """
    return _packed(text, LONGEST - 1, size, cell)


def divided(text: str, size: Callable[[str], int], cell: Callable[[str], str]) -> str:
    """A formula, the parts for which it has no room in cells of their own; its value stays, errors included.

    Only what can stand alone moves: the operands of a sum of counts, or the branch of a choice that tests cells without
    any function of ours, and is an error only where the whole is one.

    Args:
        text: the formula without `=`.
        size: its length as the program shows it.
        cell: puts a formula without `=` into a cell and gives the reference to it.

    Returns:
        The formula; a longer one than `LONGEST` where nothing can move.
    """
    return _divided(text, LONGEST - 1, size, cell)


def _divided(text: str, room: int, size: Callable[[str], int], cell: Callable[[str], str]) -> str:
    choice = arguments(text, "IF")
    if size(text) > room and len(choice) == 3:
        condition, *values = choice
        for at in sorted((0, 1), key=lambda at: -size(values[at])):
            if (
                size(text) > room
                and size(values[at]) > _REFERENCE
                and not _ALONE.search(_TEXT.sub("", values[at]))
            ):
                values[at] = cell(divided(values[at], size, cell))
                text = f"IF({condition},{values[0]},{values[1]})"
        longer = max((0, 1), key=lambda at: size(values[at]))
        values[longer] = _divided(values[longer], room - size(text) + size(values[longer]), size, cell)
        return f"IF({condition},{values[0]},{values[1]})"
    parts = operands(text, "+")
    if size(text) > room and len(parts) > 1 and all(part.startswith("COUNTIF(") for part in parts):
        return _packed_chain(parts, "+", room, size, cell)
    return text


_TESTS = "AND COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS IF MAX MIN NOT OR ROWS SUM"
"""Functions that give no error of their own."""
_ALONE = re.compile(rf"[*/^]|(?<![\w.])(?!(?:{_TESTS.replace(' ', '|')})\()[\w.]+\(")
"""What may be an error where the conditions before it do not hold: arithmetic, any other function."""
_TEXT = re.compile(r'"[^"]*"')


def _packed(text: str, room: int, size: Callable[[str], int], cell: Callable[[str], str]) -> str:
    if size(text) <= room:
        return text
    choice = arguments(text, "IF")
    if len(choice) == 3:
        return _packed_choice(choice, room, size, cell)
    for operator in "&+":
        parts = operands(text, operator)
        if len(parts) > 1:
            return _packed_chain(parts, operator, room, size, cell)
    return text


def _packed_choice(
    choice: Sequence[str], room: int, size: Callable[[str], int], cell: Callable[[str], str]
) -> str:
    """`IF(condition,one,other)`, the longer of both moved as far as there is no room for it."""
    condition, *values = choice
    if size(f"IF({condition},,)") + 2 * _REFERENCE > room:
        condition = cell(_packed(condition, LONGEST - 1, size, cell))
    longer = max((0, 1), key=lambda at: size(values[at]))
    rest = room - size(f"IF({condition},{values[1 - longer]},)")
    if rest >= size(values[longer]):
        packed = values[longer]
    elif _fits_in(values[longer], rest, size):
        packed = _packed(values[longer], rest, size, cell)
    else:
        packed = cell(_safe(values[longer], size, cell))
    values[longer] = packed
    for at in (1 - longer, longer):
        whole = f"IF({condition},{values[0]},{values[1]})"
        if size(whole) > room and size(values[at]) > _REFERENCE:
            values[at] = cell(_safe(values[at], size, cell))
    return f"IF({condition},{values[0]},{values[1]})"


_BROKEN = ',"▼ non si calcola"'
_RISKY = re.compile(r"INDEX\(|ABS\(|MATCH\(|#VALUE!")
"""What may give an error where the conditions before it do not hold."""


def _safe(text: str, size: Callable[[str], int], cell: Callable[[str], str]) -> str:
    """A part that stands alone: without the conditions before it, it must not give an error."""
    if _RISKY.search(text):
        return f"IFERROR({_packed(text, LONGEST - 11 - len(_BROKEN), size, cell)}{_BROKEN})"
    return _packed(text, LONGEST - 1, size, cell)


def guarded(text: str, size: Callable[[str], int], cell: Callable[[str], str]) -> str:
    """A call with the condition that its cells are filled, which goes to a cell of its own.

    Args:
        text: `IF(empty=0,call,IF(wrong,#VALUE!,otherwise))` or `IF(empty,"",IF(wrong,#VALUE!,call))` without `=`, as
            `formulas.complete`, `total` and `mean` give it.
        size: its length as the program shows it.
        cell: puts a formula without `=` into a cell and gives the reference to it.

    Returns:
        `IF(cell=0,call,otherwise)`, where the cell is 0 when all is filled, 1 when something is missing, an error when
        something is no number; the text as it is where it has another form.
    """
    choice = arguments(text, "IF")
    rest = arguments(choice[2], "IF") if len(choice) == 3 else []
    if len(rest) != 3 or rest[1] != "#VALUE!":
        return text
    condition, call = choice[:2]

    def missing(when: int, otherwise: int) -> str:
        wrong = f"IF({rest[0]},#VALUE!,{otherwise})"
        whole = f"IF({condition},{when},{wrong})"
        return cell(whole if size(whole) < LONGEST else f"IF({condition},{when},{cell(wrong)})")

    if condition.endswith("=0"):
        return f"IF({missing(0, 1)}=0,{call},{rest[2]})"
    return f"IF({missing(1, 0)}=0,{rest[2]},{call})" if call == '""' else text


_REFERENCE = 50
"""Characters that the reference to another cell of the row may take."""


def _fits_in(text: str, room: int, size: Callable[[str], int]) -> bool:
    """Whether the first step of a choice finds room, its rest elsewhere."""
    choice = arguments(text, "IF")
    return len(choice) == 3 and size(f"IF({choice[0]},{choice[1]},)") + _REFERENCE <= room


def _packed_chain(
    parts: Sequence[str], operator: str, room: int, size: Callable[[str], int], cell: Callable[[str], str]
) -> str:
    """`a&b&c`, neighbouring parts moved together."""
    groups: list[str] = []
    for part in parts:
        if groups and size(groups[-1]) + size(part) < LONGEST - 1:
            groups[-1] = f"{groups[-1]}{operator}{part}"
        else:
            groups.append(part)
    moved = [
        group if size(group) <= _REFERENCE else cell(_packed(group, LONGEST - 1, size, cell))
        for group in groups
    ]
    whole = operator.join(moved)
    return (
        whole if size(whole) <= room or len(moved) < 2 else _packed_chain(moved, operator, room, size, cell)
    )


def arguments(text: str, function: str) -> list[str]:
    """The arguments of a formula that is one call of a function; empty where it is not."""
    tokens = _tokens(text)
    if not tokens or tokens[0][0] != "call" or tokens[0][1].upper() != f"{function}(":
        return []
    found, depth = [""], 0
    for at, (kind, token) in enumerate(tokens):
        opens, closes = kind == "call" or (kind, token) == ("op", "("), (kind, token) == ("op", ")")
        depth += opens - closes
        if closes and depth == 0:
            return found if at == len(tokens) - 1 else []
        if (kind, token) == ("op", ",") and depth == 1:
            found.append("")
        elif at:
            found[-1] += token
    return []


def operands(text: str, operator: str) -> list[str]:
    """The operands of a formula that is a chain of one operator; the whole where it is none."""
    found, depth = [""], 0
    for kind, token in _tokens(text):
        depth += (kind == "call" or (kind, token) == ("op", "(")) - ((kind, token) == ("op", ")"))
        if kind == "op" and depth == 0 and token not in (")", operator):
            return [text]
        if (kind, token) == ("op", operator) and depth == 0:
            found.append("")
        else:
            found[-1] += token
    return found
