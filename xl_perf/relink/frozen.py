"""Formulas that no LAMBDA can calculate: held at their last value, the formula kept inside for the way back.

`OBIETTIVO(A1,B1)` with the value 27 becomes `IF(TRUE,27,(OBIETTIVO(A1,B1)))`: the program never reaches the call, the
reader still sees it. The inner parentheses tell the form from what a user writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xl_perf.formula.spelling import spelled
from xl_perf.formula.tokens import FormulaError, tokenize
from xl_perf.package.xmlpart import resolve_entities

if TYPE_CHECKING:
    from collections.abc import Iterable

_CELL = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<((?:[\w.-]+:)?)c((?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?)>\s*"
    rb"<\1f((?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?)(?<!/)>([^<]*)</\1f\s*>\s*(?:<\1v\s*>([^<]*)</\1v\s*>)?",
    re.DOTALL,
)
_LITERAL = rb"(?:\"(?:[^\"]|\"\")*\"|-?[0-9.]+(?:[eE][-+]?[0-9]+)?|TRUE|FALSE|\#[A-Z/0!?_]+)"
_FROZEN = re.compile(rb"IF\(TRUE," + _LITERAL + rb",\((.*)\)\)", re.DOTALL)
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|-?\.[0-9]+")
_TYPE = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")
_SHARED = re.compile(rb"\s(?:t|si|ref)\s*=")


class Frozen(NamedTuple):
    """A sheet part with formulas held at their values: the bytes, how many, and those that could not be held."""

    data: bytes
    formulas: int
    left: tuple[str, ...] = ()


def freeze(data: bytes, functions: Iterable[str]) -> Frozen:
    """The sheet part (UTF-8) with the formulas that call some functions held at their cached values.

    Shared and array formulas, and cells without a cached value, stay as they are and are listed.
    """
    names = {name: name for name in functions}
    pieces: list[bytes] = []
    left: list[str] = []
    at = 0
    for found in _CELL.finditer(data):
        if found[4] is None or _FROZEN.fullmatch(found[4]) or not _calls(resolve_entities(found[4]), names):
            continue
        literal = None if _SHARED.search(found[3]) else _literal(found[2], found[5])
        if literal is None:
            left.append(resolve_entities(found[4]))
            continue
        pieces += [data[at : found.start(4)], b"IF(TRUE,%b,(%b))" % (literal, found[4])]
        at = found.end(4)
    return Frozen(b"".join([*pieces, data[at:]]) if pieces else data, len(pieces) // 2, tuple(left))


def thaw(data: bytes, functions: Iterable[str]) -> Frozen:
    """The sheet part (UTF-8) with the formulas that `freeze` held as they were."""
    names = {name: name for name in functions}
    pieces: list[bytes] = []
    at = 0
    for found in _CELL.finditer(data):
        held = None if found[4] is None else _FROZEN.fullmatch(found[4])
        if held is None or not _calls(resolve_entities(held[1]), names):
            continue
        pieces += [data[at : found.start(4)], held[1]]
        at = found.end(4)
    return Frozen(b"".join([*pieces, data[at:]]) if pieces else data, len(pieces) // 2)


def _calls(text: str, names: dict[str, str]) -> bool:
    """Whether a formula calls one of some functions; a text that is no formula of its own calls none."""
    if not any(name in text.upper() for name in names):
        return False
    depth, found = 0, False
    try:
        for kind, value in tokenize(text):
            if kind == "call":
                depth += 1
                found = found or spelled(value[:-1].rpartition("!")[2], names) is not None
            elif kind == "op" and value in ("(", ")"):
                depth += 1 if value == "(" else -1
            if depth < 0:
                return False
    except FormulaError:
        return False
    return found and depth == 0


def _literal(attributes: bytes, value: bytes | None) -> bytes | None:
    """The cached value of a cell as it is written in a formula; None where there is none."""
    found = _TYPE.search(attributes)
    kind = found[1] if found else b"n"
    if value is None:
        return b'""' if kind == b"str" else None
    if kind == b"n":
        return value if _NUMBER.fullmatch(value) else None
    if kind == b"b":
        return b"TRUE" if value == b"1" else b"FALSE"
    if kind == b"e":
        return value
    if kind == b"str" and b"_x" not in value:
        return b'"' + value.replace(b"&quot;", b'"').replace(b'"', b'""') + b'"'
    return None
