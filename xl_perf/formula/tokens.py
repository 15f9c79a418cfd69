"""A formula cut into tokens."""

from __future__ import annotations

import re
from typing import Tuple  # noqa: UP035

from xl_perf.formula.refs import parse_reference

MAX_LENGTH = 16_384
"""Longest formula text that is read; Excel allows 8,192 characters."""


class FormulaError(Exception):
    """A formula that cannot be read; the message says why, in the words of the report."""


Token = Tuple[str, str]  # noqa: UP006 - evaluated, by Python 3.8 too
"""Kind and text; the texts of all tokens together are the formula.

Kinds: space, text, error, badref (a deleted reference with its sheet), ref, call (with its parenthesis),
name, number, op, constants (`{1,2}`), table (a structured reference).
"""

_PREFIX = r"(?:'(?:[^']|'')+'|\[\d+\][^\W]*[\w.]*(?::[\w.]+)?|[^\W\d][\w.]*(?::[^\W\d][\w.]*)?)!"
_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]+)
  | (?P<text>"(?:[^"]|"")*")
  | (?P<error>\#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA))
  | (?P<badref>{_PREFIX}\#REF!)
  | (?P<ref>(?:{_PREFIX})?(?:
        {_CELL}(?::{_CELL})?(?![\w.(!\[?])
      | \$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}(?![\w.(!\[?])
      | \$?[1-9]\d*:\$?[1-9]\d*(?![\w.(!])))
  | (?P<call>(?:{_PREFIX})?[^\W\d][\w.\\?]*\()
  | (?P<name>(?:{_PREFIX})?(?:[^\W\d]|\\)[\w.\\?]*)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<op><=|>=|<>|[-+*/^&=<>%@\#:,()])
  | (?P<open>[\[{{])
    """,
    re.VERBOSE,
)


def _bracket_end(text: str, start: int) -> int:
    """Position after the bracket that closes the `[` at start; `'` escapes the next character."""
    depth = 0
    position = start
    while position < len(text):
        letter = text[position]
        if letter == "'":
            position += 1
        elif letter == "[":
            depth += 1
        elif letter == "]":
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    raise FormulaError("square bracket not closed")


def _brace_end(text: str, start: int) -> int:
    inside = False
    for position in range(start, len(text)):
        letter = text[position]
        if letter == '"':
            inside = not inside
        elif letter == "}" and not inside:
            return position + 1
    raise FormulaError("brace not closed")


def tokenize(text: str) -> list[Token]:
    """Cuts a formula (without the leading `=`) into tokens.

    Raises:
        FormulaError: too long, or a character that no formula has.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"formula of {len(text)} characters")
    tokens: list[Token] = []
    position = 0
    match = _TOKEN.match
    while position < len(text):
        found = match(text, position)
        if found is None or found.lastgroup is None:
            raise FormulaError(f"unexpected character {text[position]!r}")
        kind, value, end = found.lastgroup, found[0], found.end()
        if kind == "open":
            if value == "{":
                end = _brace_end(text, position)
                kind = "constants"
            else:
                end = _bracket_end(text, position)
                kind = "table"
            value = text[position:end]
        elif kind == "name" and end < len(text) and text[end] == "[":
            end = _bracket_end(text, end)
            kind, value = "table", text[position:end]
        elif kind == "ref" and parse_reference(value) is None:
            kind = "name"
        tokens.append((kind, value))
        position = end
    return tokens
