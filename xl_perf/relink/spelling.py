"""One formula: where it calls our functions, and the edits that bring it to another spelling.

Calc hands an empty single cell to an add-in as the number 0, so in the spelling for Calc an argument that is a single
cell `A1` becomes `IF(ISBLANK(A1),"",(A1))`; the way back takes exactly that form out again. The inner parentheses tell
it from what a user writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from xl_perf.catalog import FUNCTIONS, Shape
from xl_perf.formula.refs import Ref, parse_reference
from xl_perf.formula.spelling import USED, spelled
from xl_perf.formula.tokens import FormulaError, tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


class Dialect(StrEnum):
    """Whose spelling: a classic add-in of Excel, Office.js, LibreOffice Calc, the workbook's own LAMBDA functions."""

    EXCEL = "excel"
    OFFICE = "office"
    CALC = "calc"
    LAMBDA = "lambda"


PREFIXES = {Dialect.EXCEL: "", Dialect.OFFICE: "_xldudf_XLPERF_", Dialect.CALC: "XLPERF.", Dialect.LAMBDA: ""}
"""What stands before a function's name in files."""

_NAMES = {name: name for name in FUNCTIONS}
_OURS = re.compile("|".join(FUNCTIONS), re.IGNORECASE)
_THIS_ROW = re.compile(
    r"[^\[\]]*\[(?:\[#this row\],\[(?:[^\[\]']|'.)+\]|@(?:[^\[\]']|'.)+|@\[(?:[^\[\]']|'.)+\])\]",
    re.IGNORECASE,
)
_GUARD_BEFORE = 'IF(ISBLANK({0}),"",('
_GUARD_AFTER = "))"
_USED = f"{USED}("
_CUT_TOKENS = 3
"""Tokens of an argument that is cut: call, columns, `)`."""
_GUARD = ("IF(", "ISBLANK(", "", ")", ",", '""', ",", "(", "", ")", ")")
"""Tokens of a guarded argument; the empty ones are the cell."""


class Edit(NamedTuple):
    """Characters from start to end of a formula give way to others."""

    start: int
    end: int
    new: str


@dataclass(slots=True)
class Respelled:
    """What changes in a formula: the edits in order, the functions called (as often), guards put in or taken out."""

    edits: list[Edit] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    guards: int = 0


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def mentions(text: str) -> bool:
    """Whether a formula may call one of our functions: a fast look before the careful one."""
    return _OURS.search(text) is not None


def respell(text: str, dialect: Dialect, cell_names: Collection[str] = ()) -> Respelled:
    """The edits that bring a formula to the spelling of a dialect; none where it has it already.

    Args:
        text: the formula without `=`, entities resolved.
        dialect: whose spelling.
        cell_names: defined names that mean a single cell, casefolded.

    Raises:
        FormulaError: the formula cannot be read.
    """
    result = Respelled()
    tokens = list(_tokens(text))
    for place, token in enumerate(tokens):
        name = _called(token)
        if name is None:
            continue
        result.functions.append(name)
        wanted = f"{PREFIXES[dialect]}{name}("
        if token.text != wanted:
            result.edits.append(Edit(token.start, token.end, wanted))
        arguments = list(_arguments(tokens, place))
        cut = dialect is Dialect.CALC and _may_be_cut(name, arguments)
        for argument in arguments:
            if dialect is Dialect.CALC:
                edits = _guard(argument, cell_names) or (_cut(argument) if cut else [])
            else:
                edits = _unguard(argument) or _uncut(argument)
            result.guards += bool(edits)
            result.edits += edits
    result.edits.sort()
    return result


def cut_columns(text: str) -> list[Edit]:
    """The edits that leave whole columns of our functions to `USATO`, where no result changes by it; no others.

    Args:
        text: the formula without `=`; in one that cannot be read nothing changes.
    """
    try:
        tokens = list(_tokens(text))
    except FormulaError:
        return []
    edits = []
    for place, token in enumerate(tokens):
        name = _called(token)
        arguments = list(_arguments(tokens, place)) if name is not None else []
        if name is not None and _may_be_cut(name, arguments):
            edits += [edit for argument in arguments for edit in _cut(argument)]
    return sorted(edits)


def _called(token: _Token) -> str | None:
    """The function of ours that a token calls, in whatever spelling; None for all else."""
    return spelled(token.text[:-1].rpartition("!")[2], _NAMES) if token.kind == "call" else None


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The formula with the edits done."""
    pieces = []
    at = 0
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    for kind, value in tokenize(text):
        yield _Token(kind, value, at, at + len(value))
        at += len(value)


def _arguments(tokens: Sequence[_Token], call: int) -> Iterator[list[_Token]]:
    """The tokens of each argument of a call, without blanks at their ends."""
    depth = 1
    first = call + 1
    for place in range(first, len(tokens)):
        kind, value = tokens[place][:2]
        if kind == "call" or (kind == "op" and value == "("):
            depth += 1
        elif kind == "op" and value == ")":
            depth -= 1
        if depth == 0 or (depth == 1 and kind == "op" and value == ","):
            yield _trimmed(tokens[first:place])
            first = place + 1
        if depth == 0:
            return


def _trimmed(tokens: Sequence[_Token]) -> list[_Token]:
    found = list(tokens)
    while found and found[-1].kind == "space":
        found.pop()
    while found and found[0].kind == "space":
        found.pop(0)
    return found


def _is_cell(token: _Token, cell_names: Collection[str]) -> bool:
    if token.kind == "ref":
        reference = parse_reference(token.text)
        return (
            reference is not None
            and reference.single
            and not reference.whole
            and reference.last_sheet is None
        )
    if token.kind == "name":
        return token.text.rpartition("!")[2].casefold() in cell_names
    return token.kind == "table" and _THIS_ROW.fullmatch(token.text) is not None


def _guard(argument: Sequence[_Token], cell_names: Collection[str]) -> list[Edit]:
    if len(argument) != 1 or not _is_cell(argument[0], cell_names):
        return []
    _, cell, start, end = argument[0]
    return [Edit(start, start, _GUARD_BEFORE.format(cell)), Edit(end, end, _GUARD_AFTER)]


def _unguard(argument: Sequence[_Token]) -> list[Edit]:
    texts = [token.text.upper() for token in argument if token.kind != "space"]
    if len(texts) < len(_GUARD) or texts != [text or texts[2] for text in _GUARD]:
        return []
    kept = next(token for token in argument if token.text.upper() == texts[2])
    return [Edit(argument[0].start, kept.start, ""), Edit(kept.end, argument[-1].end, "")]


def _whole(argument: Sequence[_Token]) -> Ref | None:
    """The reference of an argument that is whole columns and nothing else."""
    reference = (
        parse_reference(argument[0].text) if len(argument) == 1 and argument[0].kind == "ref" else None
    )
    return reference if reference is not None and reference.whole == "columns" else None


def _may_be_cut(name: str, arguments: Sequence[Sequence[_Token]]) -> bool:
    """Whether whole columns may become what their sheet uses.

    They keep one length only on one sheet, and what had another length must not get theirs by chance.
    """
    whole = [_whole(argument) for argument in arguments]
    sheets = {(one.book, one.sheet, one.last_sheet) for one in whole if one is not None}
    others = [argument for argument, one in zip(arguments, whole, strict=True) if one is None]
    return FUNCTIONS[name].shape is Shape.SYNTHESIS and len(sheets) == 1 and all(map(_is_one_value, others))


def _is_one_value(argument: Sequence[_Token]) -> bool:
    """Whether an argument is a cell, a number, a text or left out."""
    return all(token.kind not in ("ref", "name", "table", "call", "constants") for token in argument) or (
        len(argument) == 1 and _is_cell(argument[0], ())
    )


def _cut(argument: Sequence[_Token]) -> list[Edit]:
    if _whole(argument) is None:
        return []
    _, _, start, end = argument[0]
    return [Edit(start, start, _USED), Edit(end, end, ")")]


def _uncut(argument: Sequence[_Token]) -> list[Edit]:
    texts = [token.text.upper() for token in argument if token.kind != "space"]
    if len(texts) != _CUT_TOKENS or texts[0] != _USED or texts[-1] != ")":
        return []
    kept = next(token for token in argument[1:] if token.kind != "space")
    return [Edit(argument[0].start, kept.start, ""), Edit(kept.end, argument[-1].end, "")]
