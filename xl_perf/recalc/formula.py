"""Formulas as files hold them: tokens and tree. Pure text; nothing is resolved or calculated here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from xl_perf.package.refs import MAX_COLUMN, MAX_ROW, column_letters, column_number

MAX_LENGTH: Final = 16_384
"""Longest formula text that is read; Excel allows 8,192 characters."""
MAX_DEPTH: Final = 120
"""Deepest nesting that is read; Excel allows 64 levels."""

Kind: TypeAlias = Literal[
    "number", "text", "bool", "error", "constants", "ref", "name", "table", "call", "binary", "prefix", "postfix",
    "paren", "union",
]  # fmt: skip


class FormulaError(Exception):
    """A formula that cannot be read; the message says why, in the words of the report."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An A1 reference. Rows and columns from 1; `book`, `sheet`, `last_sheet` as written, without quotes.

    A whole column has rows 1..MAX_ROW and `whole` "columns"; a single cell has `single` True.
    """

    row1: int
    col1: int
    row2: int
    col2: int
    absolute: tuple[bool, bool, bool, bool]
    """Row 1, column 1, row 2, column 2 are absolute."""
    single: bool = False
    whole: str = ""
    sheet: str | None = None
    last_sheet: str | None = None
    book: str | None = None

    @property
    def fixed(self) -> bool:
        """True when no part moves with the cell."""
        return all(self.absolute)

    @property
    def cells(self) -> int:
        """Number of cells it covers."""
        return (self.row2 - self.row1 + 1) * (self.col2 - self.col1 + 1)


@dataclass(slots=True)
class Node:
    """A node of a formula's tree; `text` is the literal, name or operator."""

    kind: Kind
    text: str = ""
    children: list[Node | None] = field(default_factory=list)
    ref: Ref | None = None
    sheet: str | None = None
    """Prefix of a name or call: sheet, book (`[1]`) or path, without quotes and exclamation mark."""
    start: int = 0
    """Number of its first token."""
    end: int = 0
    """Number of the token after its last one."""


_PREFIX: Final = r"(?:'(?:[^']|'')+'|\[\d+\][^\W]*[\w.]*(?::[\w.]+)?|[^\W\d][\w.]*(?::[^\W\d][\w.]*)?)!"
_CELL: Final = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
_TOKEN: Final = re.compile(
    rf"""
    (?P<space>[ \t\r\n]+)
  | (?P<text>"(?:[^"]|"")*")
  | (?P<error>\#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA))
  | (?P<badref>{_PREFIX}\#REF!)
  | (?P<ref>(?:{_PREFIX})?(?:
        {_CELL}(?::{_CELL})?(?![\w.(!\[])
      | \$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}(?![\w.(!\[])
      | \$?[1-9]\d*:\$?[1-9]\d*(?![\w.(!])))
  | (?P<call>(?:{_PREFIX})?[^\W\d][\w.\\?]*\()
  | (?P<name>(?:{_PREFIX})?(?:[^\W\d]|\\)[\w.\\?]*)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<op><=|>=|<>|[-+*/^&=<>%@\#:,()])
  | (?P<open>[\[{{])
    """,
    re.VERBOSE,
)
_REF_PARTS: Final = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)(\d*)")
_BOOK: Final = re.compile(r"(.*)\[(\d+|[^\]]+)\](.*)", re.DOTALL)

_BINARY: Final = {
    "=": 1,
    "<": 1,
    ">": 1,
    "<=": 1,
    ">=": 1,
    "<>": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
}
_RANGE_LEVEL: Final = 9


def address(row: int, column: int) -> str:
    """A1 address of a cell, without dollar signs."""
    return f"{column_letters(column)}{row}"


def quote_sheet(name: str) -> str:
    """A sheet name as a reference prefix, always quoted: `'Foglio 1'!`."""
    return "'" + name.replace("'", "''") + "'!"


def split_prefix(prefix: str) -> tuple[str | None, str | None, str | None]:
    """Book, first sheet and last sheet of a reference prefix such as `'[1]Gen:Mar'!`."""
    body = prefix[:-1]
    if body.startswith("'"):
        body = body[1:-1].replace("''", "'")
    book = None
    found = _BOOK.fullmatch(body)
    if found:
        book, body = found[1] + "[" + found[2] + "]", found[3]
    first, _, last = body.partition(":")
    return book, first, last or None


@lru_cache(maxsize=16_384)
def parse_reference(text: str) -> Ref | None:
    """Reads an A1 reference (cell, range, whole rows or columns, with or without sheet prefix).

    Returns:
        The reference with its corners in order, or None where it lies outside the grid (then it is a name).
    """
    book = sheet = last = None
    body = text
    mark = text.rfind("!")
    if mark >= 0:
        book, sheet, last = split_prefix(text[: mark + 1])
        body = text[mark + 1 :]
    first, _, second = body.partition(":")
    a = _REF_PARTS.fullmatch(first)
    b = _REF_PARTS.fullmatch(second or first)
    if a is None or b is None:
        return None
    whole = "" if a[2] and a[4] else "columns" if a[2] else "rows"
    if whole == "rows":  # `$1`: the dollar sign is read as the column's
        a_row_abs, b_row_abs, a_col_abs, b_col_abs = bool(a[1] or a[3]), bool(b[1] or b[3]), True, True
    else:
        a_row_abs, b_row_abs = bool(a[3]) or whole == "columns", bool(b[3]) or whole == "columns"
        a_col_abs, b_col_abs = bool(a[1]), bool(b[1])
    row1, row2 = (1, MAX_ROW) if whole == "columns" else (int(a[4]), int(b[4]))
    col1, col2 = (1, MAX_COLUMN) if whole == "rows" else (column_number(a[2]), column_number(b[2]))
    if row1 > row2:
        row1, row2, a_row_abs, b_row_abs = row2, row1, b_row_abs, a_row_abs
    if col1 > col2:
        col1, col2, a_col_abs, b_col_abs = col2, col1, b_col_abs, a_col_abs
    if row2 > MAX_ROW or col2 > MAX_COLUMN:
        return None
    return Ref(
        row1, col1, row2, col2, (a_row_abs, a_col_abs, b_row_abs, b_col_abs), not second, whole, sheet, last, book
    )  # fmt: skip


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


_Token: TypeAlias = tuple[str, str]


def tokenize(text: str) -> list[_Token]:
    """Cuts a formula (without the leading `=`) into (kind, text) pairs.

    Raises:
        FormulaError: too long, or a character that no formula has.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"formula of {len(text)} characters")
    tokens: list[_Token] = []
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


def quick_tokens(text: str) -> list[_Token]:
    """The tokens of a formula that is known to be readable; a name outside the grid may pass for a reference."""
    if "{" in text or "[" in text:
        return tokenize(text)
    return [(found.lastgroup or "", found[0]) for found in _TOKEN.finditer(text)]


class _Parser:
    """Precedence climbing over tokens; a blank between two operands is the intersection operator."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    def peek(self) -> _Token:
        while self.position < len(self.tokens) and self.tokens[self.position][0] == "space":
            self.position += 1
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self) -> _Token:
        token = self.peek()
        self.position += 1
        return token

    def expect(self, text: str) -> None:
        kind, value = self.take()
        if kind != "op" or value != text:
            raise FormulaError(f"{text!r} expected, found {value!r}")

    def expression(self, level: int = 0) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("formula nested too deeply")
        self.peek()
        start = self.position
        left = self.operand()
        while True:
            left.start, left.end = start, self.position
            before = self.position
            kind, value = self.peek()
            spaced = self.position > before
            if kind == "op" and value in "%#":
                self.position += 1
                left = Node("postfix", value, [left])
            elif kind == "op" and value == ":" and level < _RANGE_LEVEL:
                self.position += 1
                left = Node("binary", ":", [left, self.expression(_RANGE_LEVEL)])
            elif kind == "op" and (strength := _BINARY.get(value, 0)) > level:
                self.position += 1
                left = Node("binary", value, [left, self.expression(strength)])
            elif spaced and level < 8 and (kind in _OPERAND_KINDS or value == "("):
                left = Node("binary", " ", [left, self.expression(8)])
            else:
                self.depth -= 1
                return left

    def operand(self) -> Node:
        kind, value = self.take()
        if kind == "op" and value in "+-@":
            return Node("prefix", value, [self.expression(7 if value == "@" else 6)])
        if kind == "op" and value == "(":
            inner = self.expression()
            if self.peek() == ("op", ","):
                members: list[Node | None] = [inner]
                while self.peek() == ("op", ","):
                    self.take()
                    members.append(self.expression())
                inner = Node("union", "", members)
            self.expect(")")
            return Node("paren", "", [inner])
        if kind == "ref":
            return Node("ref", value, ref=parse_reference(value))
        if kind == "call":
            return self.call(value)
        if kind == "badref":
            return Node("error", "#REF!")
        if kind == "name":
            return self.name(value)
        if kind in ("number", "text", "error", "constants", "table"):
            return Node(kind, value)  # type: ignore[arg-type]
        raise FormulaError(f"operand expected, found {value!r}" if value else "formula ends too early")

    def name(self, value: str) -> Node:
        if value.upper() in ("TRUE", "FALSE"):
            return Node("bool", value.upper())
        mark = value.rfind("!")
        return Node("name", value[mark + 1 :], sheet=_unquoted(value[:mark]) if mark >= 0 else None)

    def call(self, value: str) -> Node:
        mark = value.rfind("!")
        node = Node("call", value[mark + 1 : -1], sheet=_unquoted(value[:mark]) if mark >= 0 else None)
        if self.peek() == ("op", ")"):
            self.take()
            return node
        while True:
            kind, text = self.peek()
            node.children.append(None if kind == "op" and text in ",)" else self.expression())
            kind, text = self.take()
            if (kind, text) == ("op", ")"):
                return node
            if (kind, text) != ("op", ","):
                raise FormulaError(f"',' or ')' expected, found {text!r}")


_OPERAND_KINDS: Final = frozenset(("ref", "call", "name", "table"))


def _unquoted(prefix: str) -> str:
    return prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix


def parse(text: str) -> Node:
    """Reads a formula without its leading `=` into a tree.

    Raises:
        FormulaError: not a formula, too long or nested too deeply.
    """
    parser = _Parser(tokenize(text))
    node = parser.expression()
    kind, value = parser.peek()
    if kind != "end":
        raise FormulaError(f"unexpected {value!r}")
    return node
