"""Formulas of a file rewritten for the engine: names inlined, table references resolved, intersection made explicit.

A `Recipe` is a rewritten formula with its moving parts left open, so that one reading serves all cells of a shared
formula and all rows of a table column. A formula that cannot be trusted to the engine has a reason instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from xl_perf.recalc import functions as table
from xl_perf.recalc.formula import (
    MAX_COLUMN,
    MAX_ROW,
    FormulaError,
    Node,
    Ref,
    column_letters,
    parse,
    parse_reference,
    quote_sheet,
    tokenize,
)
from xl_perf.recalc.scope import ThisRow, builtin_name, resolve_table, spelled

if TYPE_CHECKING:
    from xl_perf.recalc.scope import Scope

Context: TypeAlias = Literal["V", "R", "A"]
"""What surrounds an expression wants: one value, a reference or array, an array calculated element by element."""

_MAX_NAMES: Final = 16
_MAX_PIECES: Final = 4_000
_SAFE_FORMATS: Final = re.compile(r'"(?:[0#% ]+|[dmyhs/:\- ]*)"', re.IGNORECASE)


class NotAdmittedError(Exception):
    """The formula holds something the engine cannot be trusted with; the message is the reason."""

    def __init__(self, reason: str, function: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.function = function


@dataclass(frozen=True, slots=True)
class Moving:
    """A reference that moves with the cell: from the formula's own cell, or (in a defined name) from A1."""

    ref: Ref
    in_name: bool = False
    spell_out: bool = False


Piece: TypeAlias = "str | Moving | ThisRow"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A formula rewritten for the engine, or the reason why it is not."""

    pieces: tuple[Piece, ...] = ()
    reads: tuple[Moving | ThisRow, ...] = ()
    functions: frozenset[str] = frozenset()
    reason: str = ""
    unknown: str = ""
    plain: bool = False
    """The file's own text serves as it is."""
    ours: bool = False
    calls_ours: frozenset[str] = frozenset()
    """Our functions by the spelling that the pieces hold."""
    adds: bool = False
    """The last operation is an addition or subtraction."""
    text: str | None = None
    """The formula, where no part of it moves."""

    @property
    def runtime_references(self) -> bool:
        """True where the precedents are known only when it is calculated."""
        return bool(self.functions & table.RUNTIME_REFERENCES)


def render_reference(ref: Ref, down: int, right: int, prefix: str, *, spell_out: bool = False) -> str:
    """Text of a reference moved by rows and columns (wrapping at the edges of the grid, as defined names do)."""
    abs_row1, abs_col1, abs_row2, abs_col2 = ref.absolute
    row1 = ref.row1 if abs_row1 else (ref.row1 - 1 + down) % MAX_ROW + 1
    row2 = ref.row2 if abs_row2 else (ref.row2 - 1 + down) % MAX_ROW + 1
    col1 = ref.col1 if abs_col1 else (ref.col1 - 1 + right) % MAX_COLUMN + 1
    col2 = ref.col2 if abs_col2 else (ref.col2 - 1 + right) % MAX_COLUMN + 1
    if ref.single:
        return f"{prefix}{column_letters(col1)}{row1}"
    if ref.whole and not spell_out:
        if ref.whole == "columns":
            return f"{prefix}{column_letters(min(col1, col2))}:{column_letters(max(col1, col2))}"
        return f"{prefix}{min(row1, row2)}:{max(row1, row2)}"
    row1, row2 = min(row1, row2), max(row1, row2)
    col1, col2 = min(col1, col2), max(col1, col2)
    return f"{prefix}{column_letters(col1)}{row1}:{column_letters(col2)}{row2}"


def moved(
    piece: Moving | ThisRow, row: int, column: int, home: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """Rows and columns (first row, first column, last row, last column) that a piece means in a cell.

    Args:
        piece: the reference.
        row: row of the cell.
        column: column of the cell.
        home: the cell whose text the formula is (the master of a shared formula, else the cell itself).

    Returns:
        None for `ThisRow` outside the rows of its table.
    """
    if isinstance(piece, ThisRow):
        return (row, piece.col1, row, piece.col2) if piece.row1 <= row <= piece.row2 else None
    ref = piece.ref
    down, right = (row - 1, column - 1) if piece.in_name else (row - home[0], column - home[1])
    abs_row1, abs_col1, abs_row2, abs_col2 = ref.absolute
    row1 = ref.row1 if abs_row1 else (ref.row1 - 1 + down) % MAX_ROW + 1
    row2 = ref.row2 if abs_row2 else (ref.row2 - 1 + down) % MAX_ROW + 1
    col1 = ref.col1 if abs_col1 else (ref.col1 - 1 + right) % MAX_COLUMN + 1
    col2 = ref.col2 if abs_col2 else (ref.col2 - 1 + right) % MAX_COLUMN + 1
    return min(row1, row2), min(col1, col2), max(row1, row2), max(col1, col2)


def render(recipe: Recipe, row: int, column: int, home: tuple[int, int], *, own_sheet: str = "") -> str:
    """The formula (without `=`) of one cell.

    Args:
        recipe: from `lower`.
        row: row of the cell.
        column: column of the cell.
        home: the cell whose text the formula is.
        own_sheet: name of the formula's sheet, where the formula is calculated on another one.
    """
    if recipe.text is not None and not own_sheet:
        return recipe.text
    own = quote_sheet(own_sheet) if own_sheet else ""
    parts: list[str] = []
    for piece in recipe.pieces:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, ThisRow):
            if piece.row1 <= row <= piece.row2:
                end = f":{column_letters(piece.col2)}{row}" if piece.col2 != piece.col1 else ""
                parts.append(f"{quote_sheet(piece.sheet)}{column_letters(piece.col1)}{row}{end}")
            else:
                parts.append("#VALUE!")
        else:
            ref = piece.ref
            down, right = (row - 1, column - 1) if piece.in_name else (row - home[0], column - home[1])
            prefix = quote_sheet(ref.sheet) if ref.sheet is not None else own
            parts.append(render_reference(ref, down, right, prefix, spell_out=piece.spell_out))
    return "".join(parts)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Node:
    return parse(text)


class _Lowerer:
    """Writes the pieces of one formula."""

    def __init__(self, scope: Scope, sheet: str, cell: tuple[int, int]) -> None:
        self.scope = scope
        self.sheet = sheet
        self.cell = cell
        self.out: list[Piece] = []
        self.reads: list[Moving | ThisRow] = []
        self.functions: set[str] = set()
        self.calls_ours: set[str] = set()
        self.plain = True
        self.name_depth = 0
        self.locals: set[str] = set()

    # -- references -------------------------------------------------------------------------------------------

    def own(self, ref: Ref) -> Ref:
        """The reference with its sheet in the workbook's spelling."""
        if ref.book is not None:
            raise NotAdmittedError("refers to another workbook")
        if ref.sheet is None:
            return ref
        sheet = self.scope.sheet(ref.sheet)
        if sheet is None:
            raise NotAdmittedError(f"refers to a sheet that does not exist: {ref.sheet}")
        return replace(ref, sheet=sheet)

    def static(self, node: Node | None) -> Moving | ThisRow | None:
        """The cells of a node that is nothing but a reference."""
        if node is None:
            return None
        if node.kind == "paren":
            return self.static(node.children[0])
        if node.kind == "ref" and node.ref is not None and node.ref.last_sheet is None:
            return Moving(self.own(node.ref), self.name_depth > 0)
        if node.kind == "table":
            return self.table(node.text)
        if node.kind == "name" and not self.is_local(node):
            self.plain = False
            text = self.name_text(node)
            self.name_depth += 1
            try:
                return self.static(_parsed(text)) if self.name_depth <= _MAX_NAMES else None
            finally:
                self.name_depth -= 1
        return None

    def write_ref(self, piece: Moving | ThisRow, context: Context, *, spell_out: bool = False) -> bool:
        """Writes a reference; returns True where it stands for many values."""
        many = piece.col1 != piece.col2 if isinstance(piece, ThisRow) else not piece.ref.single
        if many and context == "V":
            self.plain = False
            self.out.append("@")
            many = False
        if isinstance(piece, Moving) and spell_out and piece.ref.whole:
            self.plain = False
            piece = replace(piece, spell_out=True)
        self.reads.append(piece)
        self.out.append(piece)
        return many and context == "A"

    def table(self, text: str) -> Moving | ThisRow:
        """The cells of a structured reference or of a table's name."""
        self.plain = False
        name, bracket, rest = text.partition("[")
        view = self.scope.table(name) if name else self.scope.table_at(self.sheet, *self.cell)
        if view is None:
            raise NotAdmittedError(f"refers to a table that does not exist: {name or text}")
        found = resolve_table(view, rest[:-1] if bracket else "")
        if found is None:
            raise NotAdmittedError(f"refers to a part that the table does not have: {text}")
        return Moving(found) if isinstance(found, Ref) else found

    # -- names ------------------------------------------------------------------------------------------------

    def is_local(self, node: Node) -> bool:
        return node.text.upper().startswith("_XLPM.") or node.text.casefold() in self.locals

    def name_text(self, node: Node) -> str:
        sheet: str | None = self.sheet
        if node.sheet is not None:
            sheet = self.scope.sheet(node.sheet)
            if sheet is None and node.sheet != "[0]":
                raise NotAdmittedError("refers to another workbook")
        name = self.scope.name(node.text, sheet)
        if name is not None:
            return name.text.removeprefix("=")
        view = self.scope.table(node.text)
        if view is not None:
            return f"{node.text}[]"
        raise NotAdmittedError(f"name not defined: {node.text}")

    def write_name(self, node: Node, context: Context) -> bool:
        if self.is_local(node):
            self.out.append(node.text)
            return context == "A"
        self.plain = False
        text = self.name_text(node)
        if self.name_depth >= _MAX_NAMES or len(self.out) > _MAX_PIECES:
            raise NotAdmittedError(f"defined names nested too deeply: {node.text}")
        try:
            tree = _parsed(text)
        except FormulaError as error:
            raise NotAdmittedError(f"defined name {node.text} cannot be read: {error}") from None
        self.name_depth += 1
        simple = tree.kind in ("ref", "table", "number", "text", "bool", "error", "constants", "name")
        if not simple:
            self.out.append("(")
        many = self.write(tree, context)
        if not simple:
            self.out.append(")")
        self.name_depth -= 1
        return many

    # -- expressions ------------------------------------------------------------------------------------------

    def write(self, node: Node, context: Context) -> bool:
        """Writes a node; returns True where it stands for an array in its place."""
        kind = node.kind
        if kind == "ref":
            assert node.ref is not None
            if node.ref.last_sheet is not None:
                raise NotAdmittedError("reference through several sheets outside a list of arguments")
            return self.write_ref(Moving(self.own(node.ref), self.name_depth > 0), context)
        if kind in ("number", "text", "bool", "error"):
            self.out.append(node.text)
            return False
        if kind == "call":
            return self.write_call(node, context)
        if kind == "binary":
            return self.write_binary(node, context)
        if kind == "name":
            return self.write_name(node, context)
        if kind == "table":
            return self.write_ref(self.table(node.text), context)
        if kind == "constants":
            self.out.append(node.text)
            return True
        child = node.children[0]
        assert child is not None
        if kind == "paren":
            if child.kind == "union":
                raise NotAdmittedError("union of references outside a list of arguments")
            self.out.append("(")
            many = self.write(child, context)
            self.out.append(")")
            return many
        if kind == "prefix":
            return self.write_prefix(node.text, child, context)
        if node.text == "#":
            return self.write_spill(child, context)
        many = self.write(child, context if context == "A" else "V")
        self.out.append("%")
        return many

    def write_prefix(self, operator: str, child: Node, context: Context) -> bool:
        if operator == "@":
            self.out.append("@")
            self.write(child, "R")
            return False
        self.out.append(operator)
        return self.write(child, context if context == "A" else "V")

    def write_spill(self, child: Node, context: Context) -> bool:
        if child.kind != "ref":
            raise NotAdmittedError("spill reference to something that is not a cell")
        if context == "V":
            self.plain = False
            self.out.append("@")
        self.write(child, "R")
        self.out.append("#")
        return context == "A"

    def write_binary(self, node: Node, context: Context) -> bool:
        left, right = node.children
        assert left is not None
        assert right is not None
        if node.text in (":", " "):
            return self.write_reference_operator(node.text, left, right, context)
        inner: Context = "A" if context == "A" else "V"
        many = self.write(left, inner)
        self.out.append(node.text)
        return self.write(right, inner) or many

    def write_reference_operator(self, operator: str, left: Node, right: Node, context: Context) -> bool:
        a, b = self.static(left), self.static(right)
        if a is not None and b is not None:
            joined = _joined(operator, a, b)
            if joined is None:
                raise NotAdmittedError("intersection or range of references that cannot be resolved")
            self.plain = False
            return self.write_ref(joined, context)
        if operator == " ":
            raise NotAdmittedError("intersection of references that are calculated")
        self.functions.add("OFFSET")  # the cells between the two are known only when it is calculated
        if context == "V":
            raise NotAdmittedError("range between calculated references")
        self.write(left, "R")
        self.out.append(":")
        self.write(right, "R")
        return context == "A"

    # -- calls ------------------------------------------------------------------------------------------------

    def write_call(self, node: Node, context: Context) -> bool:
        ours = spelled(node.text, self.scope.functions)
        if ours is not None and (node.sheet is None or self.scope.sheet(node.sheet) is None):
            return self.write_ours(node, ours, context)
        name = builtin_name(node.text)
        if name == "SINGLE" and len(node.children) == 1 and node.children[0] is not None:
            self.plain = False
            return self.write_prefix("@", node.children[0], context)
        if name == "ANCHORARRAY" and len(node.children) == 1 and node.children[0] is not None:
            self.plain = False
            return self.write_spill(node.children[0], context)
        self.functions.add(name)
        if name in table.RANDOM:
            raise NotAdmittedError(f"{name} gives another value each time")
        if name in table.DISTRUSTED:
            raise NotAdmittedError(f"{name}: {table.DISTRUSTED[name]}", name)
        if node.sheet is not None or name not in table.SIGNATURES:
            raise NotAdmittedError(f"function not known: {node.text}", node.text)
        return self.write_builtin(node, name, context)

    def write_ours(self, node: Node, name: str, context: Context) -> bool:
        shape = self.scope.functions[name]
        start = len(self.out)
        if node.sheet is not None:
            self.plain = False
        spelling = name if node.sheet is not None else node.text
        self.calls_ours.add(spelling)
        self.out.append(spelling + "(")
        many = shape == "array"
        for place, child in enumerate(node.children):
            if place:
                self.out.append(",")
            if child is None:  # the engine would pass 0
                self.plain = False
                self.out.append('""')
                continue
            before = len(self.reads)
            array = self.write(child, "A" if context == "A" else "R")
            ranges = any(_is_range(piece) for piece in self.reads[before:]) and not _gives_one_value(child)
            if shape in ("elementwise", "lookup"):
                many = many or array or ranges
        self.out.append(")")
        if many and context == "V":
            self.first_of(start)
            many = False
        return many and context == "A"

    def first_of(self, start: int) -> None:
        """What was written from a place on shows its first element only."""
        self.plain = False
        self.out.insert(start, "INDEX(")
        self.out.append(",1,1)")

    def write_builtin(self, node: Node, name: str, context: Context) -> bool:
        children = node.children
        if name in ("ROWS", "COLUMNS") and len(children) == 1 and self.write_size(name, children[0]):
            return False
        if name == "LET":
            self.locals |= {
                child.text.casefold()
                for child in children[:-1:2]
                if child is not None and child.kind == "name"
            }
        start = len(self.out)
        self.check(node, name, context)
        classes = table.parameter_classes(name, len(children))
        self.out.append(
            ("COUNTIF" if name == "COUNTIFS" and self.rewrite_countifs(node) else node.text) + "("
        )
        many = name in table.ARRAY_RESULT
        for place, child in enumerate(children):
            if place:
                self.out.append(",")
            if child is None:
                continue
            many = self.write_argument(child, name, classes[place], context, first=place == 0) or many
        self.out.append(")")
        if context == "V" and many:
            if name in table.ARRAY_RESULT:
                self.first_of(start)
                return False
            return True
        if context == "V" and self.may_be_range(node, name):
            self.plain = False
            self.out.insert(start, "@")
        return many

    def write_argument(self, child: Node, name: str, letter: str, context: Context, *, first: bool) -> bool:
        """Writes one argument of a built-in function; True where it makes the result an array."""
        if letter == "V":
            many = self.write(child, "A" if context == "A" else "V")
            if many and name not in table.MAPPED and name not in table.ARRAY_RESULT:
                raise NotAdmittedError(f"{name} over a range is not calculated element by element")
            return many
        if letter == "P":
            return self.write(child, context)
        if name in table.LISTS and self.write_list(child, context):
            return False
        if name == "INDEX" and first:
            cells = self.static(child)
            if cells is not None:
                self.write_ref(cells, "R", spell_out=True)
                return False
        many = self.write(child, "A" if letter == "A" or context == "A" else "R")
        if many and name in table.FIRST_ONLY:
            raise NotAdmittedError(f"{name} over a range is not calculated element by element")
        return False

    def write_list(self, child: Node, context: Context) -> bool:
        """Writes a union or a reference through several sheets as a list of arguments; False where it is neither."""
        if child.kind == "paren" and child.children[0] is not None and child.children[0].kind == "union":
            self.plain = False
            for place, member in enumerate(child.children[0].children):
                assert member is not None
                if place:
                    self.out.append(",")
                self.write(member, "A" if context == "A" else "R")
            return True
        if child.kind == "ref" and child.ref is not None and child.ref.last_sheet is not None:
            ref = child.ref
            if ref.book is not None:
                raise NotAdmittedError("refers to another workbook")
            sheets = self.scope.sheets_between(ref.sheet or "", ref.last_sheet or "")
            if not sheets:
                raise NotAdmittedError("refers to a sheet that does not exist")
            self.plain = False
            for place, sheet in enumerate(sheets):
                if place:
                    self.out.append(",")
                self.write_ref(Moving(replace(ref, sheet=sheet, last_sheet=None), self.name_depth > 0), "R")
            return True
        return False

    def write_size(self, name: str, child: Node | None) -> bool:
        """Writes the number that ROWS or COLUMNS of a plain reference gives (the engine counts used ones only)."""
        cells = self.static(child)
        if cells is None:
            return False
        self.plain = False
        if isinstance(cells, ThisRow):
            size = 1 if name == "ROWS" else cells.col2 - cells.col1 + 1
        elif name == "ROWS":
            if cells.ref.absolute[0] != cells.ref.absolute[2]:
                return False
            size = cells.ref.row2 - cells.ref.row1 + 1
        else:
            if cells.ref.absolute[1] != cells.ref.absolute[3]:
                return False
            size = cells.ref.col2 - cells.ref.col1 + 1
        self.out.append(str(size))
        return True

    # -- what the engine gets wrong ---------------------------------------------------------------------------

    def may_be_range(self, node: Node, name: str) -> bool:
        children = node.children
        if name == "OFFSET":
            return len(children) > 3 or not _single(children[0])
        if name == "INDIRECT":
            return True
        if name == "INDEX":
            return len(children) < 2 or any(
                child is None or (child.kind == "number" and not child.text.strip("0."))
                for child in children[1:3]
            )
        return False

    def check(self, node: Node, name: str, context: Context) -> None:
        """Raises where the call is one of the constructs that the engine gets wrong."""
        children = node.children
        if name == "LOOKUP" and any(self.static(child) is None for child in children[1:]):
            raise NotAdmittedError(
                "LOOKUP in a calculated array finds the first match instead of the last", name
            )
        if name == "TEXT" and len(children) > 1:
            pattern = children[1]
            if pattern is None or pattern.kind != "text" or not _SAFE_FORMATS.fullmatch(pattern.text):
                raise NotAdmittedError("TEXT with this format depends on the language of Excel")
        if name in ("SUBTOTAL", "AGGREGATE") and self.scope.has_hidden_rows():
            raise NotAdmittedError(f"{name} in a workbook with hidden rows")
        if name == "COUNTBLANK" and children:
            cells = self.static(children[0])
            if isinstance(cells, Moving) and cells.ref.whole == "rows":
                raise NotAdmittedError("COUNTBLANK of whole rows")
        if name in ("COUNTIFS", "SUMIFS", "AVERAGEIFS", "COUNTIF", "SUMIF", "AVERAGEIF"):
            self.check_criteria(node, name)
        if context == "A" and name in ("ROW", "COLUMN") and not children:
            raise NotAdmittedError(f"{name}() in an array formula")

    def check_criteria(self, node: Node, name: str) -> None:
        children = node.children
        if any(child is not None and child.kind == "error" for child in children):
            raise NotAdmittedError(f"{name} with an error as criterion")
        if (
            name != "COUNTIFS"
            or len(children) <= 2
            or all(_counts_no_blanks(child) for child in children[1::2])
        ):
            return
        self.plain = False
        beyond = any(self.beyond_used(child) for child in children[::2])
        if beyond:
            raise NotAdmittedError("COUNTIFS past the used rows passes over empty cells")

    def rewrite_countifs(self, node: Node) -> bool:
        """COUNTIFS with one criterion becomes COUNTIF, which counts empty cells past the used rows."""
        if len(node.children) == 2 and not _counts_no_blanks(node.children[1]):
            self.plain = False
            return True
        return False

    def beyond_used(self, child: Node | None) -> bool:
        cells = self.static(child)
        if not isinstance(cells, Moving):
            return cells is None
        return cells.ref.row2 > self.scope.last_rows.get(cells.ref.sheet or self.sheet, 0)


def _single(node: Node | None) -> bool:
    return node is not None and node.kind == "ref" and node.ref is not None and node.ref.single


def _is_range(piece: Moving | ThisRow) -> bool:
    return piece.col1 != piece.col2 if isinstance(piece, ThisRow) else not piece.ref.single


def _gives_one_value(node: Node) -> bool:
    """True for an argument that is one value although it reads ranges (a call that sums, an operation on values)."""
    if node.kind == "paren" and node.children[0] is not None:
        return _gives_one_value(node.children[0])
    if node.kind == "call":
        return builtin_name(node.text) not in table.ARRAY_RESULT | {
            "INDEX",
            "OFFSET",
            "INDIRECT",
            "IF",
            "CHOOSE",
        }
    return node.kind in ("binary", "prefix", "postfix") and node.text not in (":", " ", "#")


def _counts_no_blanks(node: Node | None) -> bool:
    """True for a criterion that no empty cell can meet, as far as its text shows."""
    if node is None:
        return False
    if node.kind == "number":
        return True
    return node.kind == "text" and not node.text[1:-1].startswith(("<>", "=")) and node.text != '""'


def _joined(operator: str, a: Moving | ThisRow, b: Moving | ThisRow) -> Moving | ThisRow | None:
    """The cells between two references (`:`) or common to them (blank), where that can be said beforehand."""
    if isinstance(a, ThisRow) or isinstance(b, ThisRow):
        if operator == ":" and isinstance(a, ThisRow) and isinstance(b, ThisRow) and a.sheet == b.sheet:
            return replace(a, col1=min(a.col1, b.col1), col2=max(a.col2, b.col2))
        return None
    x, y = a.ref, b.ref
    if a.in_name != b.in_name or not (x.fixed and y.fixed) or (y.sheet is not None and x.sheet != y.sheet):
        return None
    if operator == ":":
        corners = min(x.row1, y.row1), min(x.col1, y.col1), max(x.row2, y.row2), max(x.col2, y.col2)
    else:
        corners = max(x.row1, y.row1), max(x.col1, y.col1), min(x.row2, y.row2), min(x.col2, y.col2)
        if corners[0] > corners[2] or corners[1] > corners[3]:
            return None
    single = corners[0] == corners[2] and corners[1] == corners[3]
    return Moving(Ref(*corners, (True, True, True, True), single=single, sheet=x.sheet), a.in_name)


def lower(
    text: str, scope: Scope, sheet: str, cell: tuple[int, int], *, array: bool, snap: bool = False
) -> Recipe:
    """Rewrites a formula for the engine.

    Args:
        text: the formula as the file holds it, without `=`.
        scope: the workbook.
        sheet: name of the formula's sheet.
        cell: row and column of the formula (for table references without a table's name).
        array: the formula is an array formula, legacy or dynamic.
        snap: write a last addition or subtraction so that a result lost in rounding becomes 0, as Excel does.

    Returns:
        The recipe; its `reason` is not empty where the formula is not admitted.
    """
    lowerer = _Lowerer(scope, sheet, cell)
    try:
        tree = parse(text)
        adds = tree.kind == "binary" and tree.text in "+-"
        if snap and adds:
            _write_snapped(lowerer, tree, array=array)
        elif lowerer.write(tree, "A" if array else "V") and not array:
            lowerer.first_of(0)
    except NotAdmittedError as error:
        functions = frozenset(lowerer.functions)
        return Recipe(functions=functions, reason=error.reason, unknown=error.function)
    except (FormulaError, RecursionError) as error:
        return Recipe(reason=f"formula cannot be read: {error}")
    pieces = tuple(lowerer.out)
    still = all(isinstance(piece, str) for piece in pieces)
    return Recipe(
        pieces=pieces,
        reads=tuple(lowerer.reads),
        functions=frozenset(lowerer.functions),
        plain=lowerer.plain,
        ours=bool(lowerer.calls_ours),
        calls_ours=frozenset(lowerer.calls_ours),
        adds=adds,
        text="".join(piece for piece in pieces if isinstance(piece, str)) if still else None,
    )


_NEGLIGIBLE: Final = "8.881784197001252E-16"
"""2^-50: a sum this small beside its terms is what rounding left of 0."""


def _write_snapped(lowerer: _Lowerer, tree: Node, *, array: bool) -> None:
    context: Context = "A" if array else "V"
    sides: list[list[Piece]] = []
    for child in tree.children:
        assert child is not None
        outer, lowerer.out = lowerer.out, []
        lowerer.write(child, context)
        sides.append(lowerer.out)
        lowerer.out = outer
    left, right = sides
    lowerer.plain = False
    total: list[Piece] = ["((", *left, ")", tree.text, "(", *right, "))"]
    bound: list[Piece] = ["(ABS(", *left, ")+ABS(", *right, f"))*{_NEGLIGIBLE}/2"]
    lowerer.out += ["IF(ABS", *total, "<", *bound, ",0,", *total, ")"]


_DIGITS: Final = re.compile(r"(?<=[A-Za-z$])\d+")


class Lowering:
    """Lowers the formulas of one workbook, reading formulas of one shape or one text only once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._shapes: dict[tuple[str, bool], Recipe] = {}
        self._texts: dict[tuple[str, str, bool], Recipe] = {}

    def recipe(self, text: str, sheet: str, cell: tuple[int, int], *, array: bool) -> tuple[Recipe, bool]:
        """The recipe of a formula, and whether the formula's own text serves as it is."""
        shape = (_DIGITS.sub("0", text), array)
        known = self._shapes.get(shape)
        if known is not None:
            return known, True
        key = (sheet, text, array)
        found = self._texts.get(key)
        if found is None:
            found = lower(text, self.scope, sheet, cell, array=array)
            if found.plain and not found.reason:
                self._shapes[shape] = found
                return found, True
            if "[@" not in text or _named_tables(text):
                self._texts[key] = found
        return found, False


def _named_tables(text: str) -> bool:
    """True where every `[@` belongs to a table that is named."""
    return re.search(r"(?:^|[^\w\]\[.])\[@", text) is None


def reads_of(text: str, scope: Scope) -> list[Moving]:
    """References of a formula whose own text serves as it is."""
    found: list[Moving] = []
    for kind, value in tokenize(text):
        if kind == "ref":
            ref = parse_reference(value)
            if ref is not None:
                sheet = scope.sheet(ref.sheet) if ref.sheet is not None else None
                found.append(Moving(replace(ref, sheet=sheet) if sheet is not None else ref))
    return found
